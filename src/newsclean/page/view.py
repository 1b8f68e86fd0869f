"""`PageView`: one raw page, read as text, as lines or as a tree, each worked out once and lazily."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
from lxml import etree

from newsclean.model import PageKind
from newsclean.page.charset import decode
from newsclean.page.flowing import flowing
from newsclean.page.kind import kind_of
from newsclean.page.tree import parse_html
from newsclean.text import squeezed_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lxml.html import HtmlElement

    from newsclean.model import RawPage
    from newsclean.page.charset import Decoded
    from newsclean.page.flowing import Flowing
    from newsclean.page.tree import HtmlTree

__all__ = ["Line", "PageView"]

_LANGUAGE = re.compile(r"\s*([A-Za-z]{2,3})(?![A-Za-z])")
_ITEM_NAME = re.compile(r'itemprop="([^"]*)"')
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# What older templates wrap around a script's data, to hide it from browsers that are no more.
_DRESS_BEFORE = re.compile(r"\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[)(?:\s*\*/)?")
_DRESS_AFTER = re.compile(r"(?:-->|(?:(?://|/\*)\s*)?\]\]>(?:\s*\*/)?)\s*$")
_DRESS_CHARS = 40


class Line(msgspec.Struct, frozen=True, gc=False):
    """One line of a text dump: its number in the file (from 1) and its text, outer space stripped."""

    number: int
    text: str


class PageView:
    """A raw page as an extractor reads it. Nothing is computed before it is asked for.

    All members raise `PageError` when the bytes cannot be read that way.
    """

    def __init__(self, raw: RawPage) -> None:
        """Wrap `raw`; costs nothing."""
        self.raw = raw

    @cached_property
    def kind(self) -> PageKind:
        """Whether the page is markup or a text dump, told by its text."""
        return kind_of(self.text)

    @cached_property
    def _decoded(self) -> Decoded:
        return decode(self.raw.body, declared=self.raw.charset)

    @property
    def text(self) -> str:
        """The whole page as text, line ends as line feeds."""
        return self._decoded.text

    @cached_property
    def utf8(self) -> bytes:
        """The same text in UTF-8: what is done byte by byte takes a fraction of the time."""
        at_hand = self._decoded.utf8
        return self.text.encode("utf-8", "surrogatepass") if at_hand is None else at_hand

    @property
    def charset(self) -> str:
        """The charset that the text was read in."""
        return self._decoded.charset

    @property
    def charset_source(self) -> str:
        """What named the charset: bom, declared, meta, utf8 or detected."""
        return self._decoded.source

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """All lines of a text dump, empty ones too.

        Lines end at line feeds, carriage returns and both together, as in an editor. What else Unicode
        lets end a line (U+2028, U+0085, form feeds) stands within sentences of real dumps: white space.
        """
        return tuple(Line(i, line.strip()) for i, line in enumerate(self.text.split("\n"), 1))

    @cached_property
    def flowing(self) -> Flowing:
        """The text of a dump as it was before a program wrapped its lines, numbered its links or put marks into it."""
        return flowing(self.text)

    @cached_property
    def flowing_utf8(self) -> bytes:
        """The same text in UTF-8."""
        text = self.flowing.text
        return self.utf8 if text is self.text else text.encode("utf-8", "surrogatepass")

    @cached_property
    def dense_lines(self) -> tuple[Line, ...]:
        """The lines of a text dump that are not blank, white space squeezed and wrapped paragraphs in one."""
        return tuple(
            [Line(number, line) for number, line in enumerate(squeezed_lines(self.flowing.text), 1) if line],
        )

    @cached_property
    def dense_text(self) -> str:
        """The lines that are not blank, squeezed, as one text: what patterns for a whole dump are searched in."""
        return "\n".join(line.text for line in self.dense_lines)

    @cached_property
    def different_lines(self) -> frozenset[str]:
        """The lines of `dense_text`, each once: to see whether one is there costs next to nothing."""
        return frozenset([line.text for line in self.dense_lines])

    @cached_property
    def _parsed(self) -> HtmlTree:
        return parse_html(self.text, self._decoded.utf8)

    @property
    def tree(self) -> HtmlElement:
        """The page as an lxml tree; shared, so nobody may change it.

        Raises `UndecodablePage` with reason `unparseable` when there is none, or none that is whole.
        """
        return self._parsed.root

    @cached_property
    def elements(self) -> Mapping[str, list[HtmlElement]]:
        """All elements in document order by `tag`, `.class` and `#id`: what CSS selectors start from."""
        found: defaultdict[str, list[HtmlElement]] = defaultdict(list)
        for element in self.tree.iter(etree.Element):
            found[element.tag].append(element)
            classes = element.get("class")
            if classes:
                for name in _names(classes):
                    found["." + name].append(element)
            identity = element.get("id")
            if identity:
                found["#" + identity].append(element)
        found.default_factory = None
        return found

    @property
    def telling(self) -> Mapping[str, list[HtmlElement]]:
        """The elements that speak of the page beside its text, by tag, as `HtmlTree` has them."""
        return self._parsed.telling

    @cached_property
    def meta(self) -> Mapping[str, str]:
        """The first content of each `<meta>` by its lower-case name, property, itemprop or http-equiv."""
        found: dict[str, str] = {}
        for element in self.telling["meta"]:
            content = (element.get("content") or "").strip()
            if content:
                for attribute in ("property", "name", "itemprop", "http-equiv"):
                    name = element.get(attribute)
                    if name:
                        found.setdefault(name.strip().lower(), content)
        return found

    @cached_property
    def item_names(self) -> frozenset[str]:
        """The names that `itemprop` has anywhere in the markup: one look at the text, cheaper than one at the tree."""
        return frozenset(_ITEM_NAME.findall(self.text))

    @cached_property
    def json_ld(self) -> tuple[dict[str, Any], ...]:
        """All objects of all JSON-LD scripts that parse, those inside `@graph` too, in order."""
        found: list[dict[str, Any]] = []
        for script in self.telling["script"]:
            # The type first: the text of other scripts is long, and would be copied for nothing.
            if "ld+json" in (script.get("type") or "").lower() and script.text:
                found.extend(_json_objects(script.text))
        return tuple(found)

    @cached_property
    def declared_language(self) -> str | None:
        """The language the markup declares (html lang, else meta), as its primary subtag."""
        if self.kind is not PageKind.HTML:
            return None
        root, meta = self.tree, self.meta
        for declared in (
            root.get("lang") or root.get(_XML_LANG) or root.get("xml:lang"),
            meta.get("inlanguage") or meta.get("og:locale") or meta.get("language") or meta.get("content-language"),
        ):
            match = _LANGUAGE.match(declared or "")
            if match:
                return match[1].lower()
        return None


def _names(classes: str) -> Iterable[str]:
    """Return the class names, each once, in their order."""
    names = classes.split()
    return names if len(names) == 1 else dict.fromkeys(names)


def _json_objects(script: str) -> list[dict[str, Any]]:
    """Return the objects of a JSON-LD script, none when it does not parse."""
    for text in (script.strip().rstrip(";"), _undressed(script)):
        try:
            return list(_objects(_json_value(text)))
        except (ValueError, RecursionError):
            continue
    return []


def _json_value(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, UnicodeEncodeError):
        # Three times as slow, and it takes what is no JSON by the book: raw line ends inside strings are common.
        return json.loads(text, strict=False)


def _undressed(script: str) -> str:
    text = script[match.end() :] if (match := _DRESS_BEFORE.match(script)) else script
    text = text.rstrip()
    tail = text[-_DRESS_CHARS:]
    return text[:-_DRESS_CHARS] + _DRESS_AFTER.sub("", tail)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _objects(item)
    elif isinstance(value, dict):
        yield value
        yield from _objects(value.get("@graph", ()))
