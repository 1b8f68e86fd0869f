"""The one place where text becomes an lxml tree, whole or not at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree, html

from newsclean.errors import UndecodablePage
from newsclean.model import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["HtmlTree", "parse_html"]

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# All elements of one class, found in C: lxml.html looks each one up in Python, a third of the cost
# of reading a tree, to give forms and inputs classes of their own.
_CLASSES = etree.ElementDefaultClassLookup(
    element=html.HtmlElement,
    comment=html.HtmlComment,
    pi=html.HtmlProcessingInstruction,
    entity=html.HtmlEntity,
)
# libxml2 needs time that grows with the square of a tag's attributes: 20,000 take 0.3 s, a million half an hour.
_MAX_ATTRIBUTES = 20_000
_LONG_TAG = 50_000
_TAG = re.compile(rb"<[a-zA-Z][^>]*")
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
# libxml2 (2.14) drops what comes after `</html>` without a word. Some templates end each of their parts with it, and
# for a browser it ends nothing (HTML standard, "after after body": the token is read again, in the body).
_END_OF_PAGE = re.compile(rb"</[hH][tT][mM][lL]\b[^>]*>")  # spelled out, as fast as a plain search
_ENDS = re.compile(rb"</(?:body|html)\b[^>]*>", re.IGNORECASE)
_NOTHING_TO_SEE = re.compile(rb"(?>\s+|<!--.*?-->|<script\b.*?</script\s*>)*+", re.IGNORECASE | re.DOTALL)

# What a browser that runs scripts leaves unread. For libxml2 these are elements like any other: one that is not whole
# in itself (a `<div>` opened in it and never closed) is not ended by its end tag, and swallows what stands behind it.
_INERT = ("noscript", "template")
_LARGE_FOR_INERT = 200  # characters, without space
_SOUGHT = ("title", "meta", "link", "script", "time", "a", *_INERT)
# Comments and raw text first, in which a tag is no tag; what is not ended goes on to the end of the page.
_INERT_TAGS = re.compile(
    rb"<!--(?:.*?-->|.*)|<(script|style|textarea|title|iframe)\b(?:.*?</\1\s*>|.*)"
    rb"|<(?P<end>/?)(?P<name>noscript|template)\b[^>]*>",
    re.IGNORECASE | re.DOTALL,
)


class HtmlTree(NamedTuple):
    """A tree, and those of its elements that speak of the page beside its text, by tag and in document order.

    `telling` holds `title`, `meta`, `link`, `script`, `time`, `a`, `noscript` and `template`. They are found in one
    pass: one for each of them takes as long, a tenth of a millisecond.
    """

    root: html.HtmlElement
    telling: Mapping[str, list[html.HtmlElement]]


def parse_html(text: str, utf8: bytes | None = None) -> HtmlTree:
    """Return the tree of `text`, whose elements are all `HtmlElement`; `utf8` is the same text encoded, if at hand.

    Raises `UndecodablePage` with reason `unparseable` when there is no element at all, when
    elements nest too deep for the tree to be whole, or a tag has attributes beyond all measure.
    """
    # Bytes, for lxml refuses text with an encoding declaration; huge_tree, for libxml2 else
    # drops what lies deeper than 256 elements without a word.
    declaration = _XML_DECLARATION.match(text)
    if declaration:
        text, utf8 = text[declaration.end() :], None
    body = text.encode("utf-8", "replace") if utf8 is None else utf8
    _refuse_endless_tags(body)
    body = _without_early_ends(body)
    tree = _tree_of(body)
    return _tree_of(_without_inert_parts(body)) if _swallows(tree) else tree


def _tree_of(body: bytes) -> HtmlTree:
    # An index of ids, which nobody asks for, would take a tenth of the time.
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_pis=True, remove_comments=True, collect_ids=False
    )
    parser.set_element_class_lookup(_CLASSES)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _unparseable(f"no HTML tree: {error}") from error
    if root is None:
        raise _unparseable("no HTML tree: the page has no element and no text")
    last = parser.error_log.last_error
    if last is not None and last.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        raise _unparseable(f"no whole HTML tree: {last.message.split(',')[0]}")
    telling: dict[str, list[html.HtmlElement]] = {tag: [] for tag in _SOUGHT}
    for element in root.iter(*_SOUGHT):
        telling[element.tag].append(element)
    return HtmlTree(root, telling)


def _swallows(tree: HtmlTree) -> bool:
    """Tell whether an element that is not to be read may have gone on to the end of the one around it."""
    return any(
        len("".join("".join(one.itertext()).split())) > _LARGE_FOR_INERT
        for tag in _INERT
        for one in tree.telling[tag]
        if one.tail is None and one.getnext() is None
    )


def _without_inert_parts(body: bytes) -> bytes:
    """Empty the elements that are not to be read; one that is never ended stays as it is."""
    kept, at = [], 0
    inside, depth, begin = b"", 0, 0
    for tag in _INERT_TAGS.finditer(body):
        name = (tag["name"] or b"").lower()
        if not name or (inside and name != inside):
            continue
        if not tag["end"]:
            # Templates may hold templates; within noscript there is nothing but text.
            inside, depth, begin = name, depth + (name == b"template" or not depth), begin if depth else tag.end()
        elif depth:
            depth -= 1
            if not depth:
                kept.append(body[at:begin])
                inside, at = b"", tag.start()
    return b"".join([*kept, body[at:]])


def _without_early_ends(body: bytes) -> bytes:
    """Drop all `</body>` and `</html>` where something to be seen comes after the first `</html>`."""
    end = _END_OF_PAGE.search(body)
    if end is None:
        return body
    rest = _NOTHING_TO_SEE.match(body, end.end())
    return _ENDS.sub(b"", body) if rest and rest.end() < len(body) else body


def _refuse_endless_tags(body: bytes) -> None:
    """Raise for a tag with too many attributes; costs nothing on pages that have no tag of 50 kB.

    A sign `>` within an attribute hides such a tag from this check; a deadline is for those.
    """
    at = 0
    while len(body) - at > _LONG_TAG:
        last = body.rfind(b">", at, at + _LONG_TAG)
        if last >= 0:
            at = last + 1
            continue
        end = body.find(b">", at + _LONG_TAG)
        end = len(body) if end < 0 else end
        tag = _TAG.search(body, at, end)
        if tag and len(tag[0]) > _LONG_TAG and len(_QUOTED.sub(b"", tag[0]).split()) > _MAX_ATTRIBUTES:
            raise _unparseable(f"no HTML tree: a tag with more than {_MAX_ATTRIBUTES} attributes")
        at = end + 1


def _unparseable(detail: str) -> UndecodablePage:
    return UndecodablePage(Reason.UNPARSEABLE, detail)
