"""What a page says of itself beside its text: JSON-LD, meta elements, microdata.

A witness is a claim by the page's own publisher. It is often right and sometimes about another
thing (the site, the section, the next story), so claims are compared and never taken alone.
"""

from __future__ import annotations

import html
import re
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from newsclean.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsclean.page import PageView

__all__ = ["ARTICLE_TYPES", "Witness", "microdata", "read_witness", "strings", "types_of"]

ARTICLE_TYPES: Final = frozenset(
    "article newsarticle blogposting liveblogposting reportagenewsarticle analysisnewsarticle opinionnewsarticle "
    "backgroundnewsarticle reviewnewsarticle satiricalarticle scholarlyarticle techarticle advertisercontentarticle "
    "report blog posting review claimreview medicalscholarlyarticle".split()
)
_NEWS_TYPES: Final = frozenset(
    "newsarticle reportagenewsarticle liveblogposting opinionnewsarticle "
    "analysisnewsarticle backgroundnewsarticle reviewnewsarticle".split()
)
_TAG: Final = re.compile(r"<[^<>]{1,400}>")
_MAX_OBJECTS: Final = 2_000
_ITEMS: Final[Any] = etree.XPath("descendant-or-self::*[@itemprop=$name]")
# A name has no more.
_MOST_ITEMS: Final = 10
_MOST_RUNS: Final = 20
_NESTED: Final = (
    "mainEntity",
    "mainEntityOfPage",
    "hasPart",
    "subjectOf",
    "isPartOf",
    "@graph",
    "liveBlogUpdate",
    "about",
    "item",
    "itemListElement",
)


class Witness:
    """The claims of one page: its JSON-LD objects, the one that is the article, and its meta elements."""

    __slots__ = ("article", "meta", "objects", "types")

    def __init__(self, objects: Sequence[dict[str, Any]], meta: Mapping[str, str]) -> None:
        self.objects = objects
        self.meta = meta
        self.types = frozenset(name for item in objects for name in types_of(item))
        self.article = _article_of(objects)

    @property
    def is_news(self) -> bool:
        """Whether the page says that a newsroom's system made it."""
        return bool(self.types & _NEWS_TYPES)

    def said(self, *names: str) -> str | None:
        """The first of the named meta elements that has a content."""
        for name in names:
            value = self.meta.get(name)
            if value:
                return plain(value)
        return None

    def told(self, *names: str) -> tuple[str | None, str]:
        """What `said` gives, and the witness that said it."""
        for name in names:
            value = self.meta.get(name)
            if value:
                return plain(value), f"meta:{name}"
        return None, ""

    @property
    def section(self) -> str | None:
        """The section that the article object stands in."""
        return self.article_text("articleSection")

    def article_text(self, *keys: str) -> str | None:
        """The first of the article object's members that is text, without markup."""
        for key in keys:
            for value in strings(self.article.get(key)):
                return value
        return None


def read_witness(view: PageView) -> Witness:
    """Collect what the page says of itself."""
    objects = [item for outer in view.json_ld for item in _flat(outer, 3)][:_MAX_OBJECTS]
    return Witness(objects, view.meta)


def microdata(view: PageView, name: str) -> list[str]:
    """The values of elements whose `itemprop` is `name`: their attribute's, the name's inside them, else their text."""
    if name not in view.item_names:
        return []
    found = []
    for element in _ITEMS(view.tree, name=name)[:_MOST_ITEMS]:
        value = element.get("content") or element.get("datetime")
        if not value:
            named = _ITEMS(element, name="name")
            inner = named[0] if named else element
            value = inner.get("content") or "".join(islice(inner.itertext(), _MOST_RUNS))
        value = squeeze(value)
        if value:
            found.append(value)
    return list(dict.fromkeys(found))


def types_of(item: Mapping[str, Any]) -> set[str]:
    """The schema.org types of a JSON-LD object in lower case, without their address."""
    value = item.get("@type", ())
    values = value if isinstance(value, list) else [value]
    return {str(name).rsplit("/", 1)[-1].lower() for name in values if isinstance(name, str)}


def strings(value: Any) -> Iterator[str]:
    """All texts in a JSON-LD value: a string, a list, or an object's name."""
    if isinstance(value, str):
        text = plain(value)
        if text:
            yield text
    elif isinstance(value, list):
        for item in value[:200]:
            yield from strings(item) if not isinstance(item, list) else ()
    elif isinstance(value, dict):
        yield from strings(value.get("name") if isinstance(value.get("name"), (str, list)) else value.get("@value"))


def plain(text: str) -> str:
    """Return a claim as a reader would see it: entities resolved, markup gone, on one line."""
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    return squeeze(text)


def _flat(item: dict[str, Any], depth: int) -> Iterator[dict[str, Any]]:
    yield item
    if depth:
        for key in _NESTED:
            value = item.get(key)
            for inner in value if isinstance(value, list) else (value,):
                if isinstance(inner, dict) and inner.get("@type"):
                    yield from _flat(inner, depth - 1)


def _article_of(objects: Sequence[dict[str, Any]]) -> dict[str, Any]:
    best: dict[str, Any] = {}
    best_rank = 0
    for item in objects:
        if types_of(item) & ARTICLE_TYPES:
            rank = 1 + sum(key in item for key in ("headline", "datePublished", "author", "articleBody", "description"))
            if rank > best_rank:
                best, best_rank = item, rank
    return best
