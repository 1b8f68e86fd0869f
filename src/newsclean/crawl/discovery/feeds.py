"""RSS 0.9 to 2.0, RDF and Atom: the entries' addresses and dates, out of whatever the server sends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from newsclean.crawl.discovery.dates import read_when
from newsclean.crawl.discovery.markup import address, children, elements, root_name, text_chunks, value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsclean.crawl.discovery.markup import Child, Element
    from newsclean.model import Moment

__all__ = ["FEED_ROOTS", "Feed", "FeedEntry", "entry_of", "read_feed"]

FEED_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
MAX_ENTRIES = 20_000
_OWN = frozenset({"", "atom", "rss", "a", "a10", "ns0", "ns1"})
_PUBLISHED = ("pubdate", "published", "issued", "date", "created")
_UPDATED = ("updated", "modified", "lastbuilddate")
_ENTRY = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_OLDER = frozenset({"next", "prev-archive"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry: its absolute URL, its id (the URL where it has none) and its dates."""

    url: str
    entry_id: str
    published: Moment | None = None
    updated: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed's entries in its order; `older` is the URL of the page before, where it is paged."""

    entries: tuple[FeedEntry, ...]
    older: str | None = None
    is_feed: bool = True


def read_feed(body: bytes, *, url: str, charset: str | None = None) -> Feed:
    """Read a feed; never raises. `charset` is what the server declares, `url` what relative links hang on."""
    chunks = text_chunks(body, declared=charset)
    head = next(chunks, "")
    if root_name(head) not in FEED_ROOTS and not _ENTRY.search(head):
        return Feed(entries=(), is_feed=False)
    top = head[: _first_entry(head)]
    found = elements(chain([head], chunks), ("item", "entry"))
    entries = filter(None, (entry_of(element, url) for element in found))
    return Feed(entries=tuple(_once(islice(entries, MAX_ENTRIES))), older=_older(top, url))


def _first_entry(head: str) -> int:
    match = _ENTRY.search(head)
    return match.start() if match else len(head)


def _older(top: str, url: str) -> str | None:
    for link in elements(iter([top]), ("link",)):
        target = link.attribute("href")
        if target and link.attribute("rel") in _OLDER:
            return urljoin(url, address(target))
    return None


def _once(entries: Iterable[FeedEntry]) -> Iterator[FeedEntry]:
    seen: set[str] = set()
    for entry in entries:
        if entry.url not in seen:
            seen.add(entry.url)
            yield entry


def entry_of(element: Element, url: str) -> FeedEntry | None:
    """Return what an `item` or `entry` points to, None where it has no web address."""
    parts = list(children(element.inner))
    texts = {part.name: value(part.inner) for part in reversed(parts) if part.prefix in _OWN or part.name == "date"}
    target = _target(parts, texts, element)
    try:
        absolute = urljoin(url, target) if target else ""
    except ValueError:
        return None
    if not absolute.startswith(("http://", "https://")):
        return None
    return FeedEntry(
        url=absolute,
        entry_id=texts.get("guid") or texts.get("id") or absolute,
        published=_first_date(texts, _PUBLISHED),
        updated=_first_date(texts, _UPDATED),
    )


def _target(parts: list[Child], texts: dict[str, str], element: Element) -> str | None:
    """Return the address of the story: the original where a proxy counts clicks, the link, a guid that is one."""
    for part in parts:
        if part.name == "origlink":
            return address(part.inner)
    links = [part for part in parts if part.name == "link" and part.prefix in _OWN]
    plain = next((found for part in links if not part.attribute("href") and (found := address(part.inner))), None)
    if plain:
        return plain
    for wanted in ("alternate", None):
        for part in links:
            target = part.attribute("href")
            if target and part.attribute("rel") == wanted and "html" in (part.attribute("type") or "html"):
                return address(target)
    guid = texts.get("guid") or texts.get("id") or element.attribute("rdf:about") or ""
    return guid if guid.startswith(("http://", "https://")) else None


def _first_date(texts: dict[str, str], names: tuple[str, ...]) -> Moment | None:
    return next((moment for name in names if (moment := read_when(texts.get(name)))), None)
