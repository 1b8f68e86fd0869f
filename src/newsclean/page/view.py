"""`PageView`: one raw page, read as text, as lines or as a tree, each worked out once and lazily."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lxml import etree, html

from newsclean.errors import UndecodablePage
from newsclean.model import PageKind, Reason
from newsclean.page.charset import decode
from newsclean.page.kind import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsclean.model import RawPage
    from newsclean.page.charset import Decoded

__all__ = ["Line", "PageView"]

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


@dataclass(frozen=True, slots=True)
class Line:
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
        """The whole page as text, line ends as `\\n`."""
        return self._decoded.text

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
        """All lines of a text dump, empty ones too."""
        return tuple(Line(i, line.strip()) for i, line in enumerate(self.text.split("\n"), 1))

    @cached_property
    def tree(self) -> html.HtmlElement:
        """The page as an lxml tree; shared, so nobody may change it."""
        text = _XML_DECLARATION.sub("", self.text, count=1)
        # Bytes, for lxml refuses text with an encoding declaration; huge_tree, for libxml2 else
        # drops what lies deeper than 256 elements without a word.
        parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
        try:
            root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
        except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
            raise UndecodablePage(Reason.UNPARSEABLE, f"no HTML tree: {error}") from error
        return root

    @cached_property
    def elements(self) -> Mapping[str, list[html.HtmlElement]]:
        """All elements in document order by `tag`, `.class` and `#id`: what CSS selectors start from."""
        found: dict[str, list[html.HtmlElement]] = {}
        for element in self.tree.iter(etree.Element):
            found.setdefault(str(element.tag), []).append(element)
            classes = element.get("class")
            if classes:
                for name in set(classes.split()):
                    found.setdefault("." + name, []).append(element)
            identity = element.get("id")
            if identity:
                found.setdefault("#" + identity, []).append(element)
        return found

    @cached_property
    def meta(self) -> Mapping[str, str]:
        """The first content of each `<meta>` by its lower-case name, property or itemprop."""
        found: dict[str, str] = {}
        for element in self.tree.iter("meta"):
            content = element.get("content")
            if content and content.strip():
                for attribute in ("property", "name", "itemprop"):
                    name = element.get(attribute)
                    if name:
                        found.setdefault(name.strip().lower(), content.strip())
        return found

    @cached_property
    def json_ld(self) -> tuple[dict[str, Any], ...]:
        """All objects of all JSON-LD scripts that parse, those inside `@graph` too, in order."""
        found: list[dict[str, Any]] = []
        for script in self.tree.iter("script"):
            if "ld+json" in (script.get("type") or "").lower() and script.text:
                try:
                    # strict=False: raw line ends inside strings are common and harmless.
                    found.extend(_objects(json.loads(script.text.strip().rstrip(";"), strict=False)))
                except (ValueError, RecursionError):
                    continue
        return tuple(found)

    @cached_property
    def declared_language(self) -> str | None:
        """The language the markup declares (html lang, else meta), as its primary subtag."""
        if self.kind is not PageKind.HTML:
            return None
        root = self.tree
        declared = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang")
        declared = declared or self.meta.get("inlanguage") or self.meta.get("og:locale") or self.meta.get("language")
        match = re.match(r"\s*([A-Za-z]{2,3})(?![A-Za-z])", declared or "")
        return match[1].lower() if match else None


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _objects(item)
    elif isinstance(value, dict):
        yield value
        yield from _objects(value.get("@graph", ()))
