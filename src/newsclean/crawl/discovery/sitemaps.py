"""Sitemaps: index, plain, news, image, text, gzip, or a feed in their place; streamed, entry by entry."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from scrapy.utils.sitemap import sitemap_urls_from_robots

from newsclean.crawl.discovery.dates import read_when
from newsclean.crawl.discovery.feeds import FEED_ROOTS, entry_of
from newsclean.crawl.discovery.markup import MAX_BYTES, address, children, elements, root_name, text_chunks, value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsclean.crawl.discovery.markup import Element
    from newsclean.model import Moment

__all__ = ["SitemapEntry", "read_sitemap", "robots_sitemaps"]

_MAX_URL = 2_048


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapEntry:
    """A page, or (`is_sitemap`) a further sitemap: absolute URL, last change, and a news entry's publication."""

    url: str
    lastmod: Moment | None = None
    published: Moment | None = None
    is_sitemap: bool = False


def read_sitemap(
    body: bytes, *, url: str, charset: str | None = None, max_bytes: int = MAX_BYTES
) -> Iterator[SitemapEntry]:
    """Yield the entries of a sitemap as they are read; what is no sitemap yields none. Never raises.

    Of a body (unpacked) larger than `max_bytes` the beginning is read.
    """
    chunks = text_chunks(body, declared=charset, max_bytes=max_bytes)
    head = next(chunks, "").removeprefix("\ufeff")
    root = root_name(head)
    stream = chain([head], chunks)
    if root in FEED_ROOTS:
        for element in elements(stream, ("item", "entry")):
            entry = entry_of(element, url)
            if entry:
                yield SitemapEntry(url=entry.url, lastmod=entry.updated, published=entry.published)
    elif root in {"html", "body"}:
        return
    elif root or "<url" in head[:100_000] or "<sitemap" in head[:100_000]:
        for element in elements(stream, ("url", "sitemap")):
            found = _entry(element, url)
            if found:
                yield found
    else:
        yield from _text_entries(stream, url)


def _entry(element: Element, base: str) -> SitemapEntry | None:
    location, lastmod, published = "", None, None
    for part in children(element.inner):
        if part.name == "loc" and (not part.prefix or part.prefix == element.prefix.lower()):
            location = location or address(part.inner)
        elif part.name == "lastmod":
            lastmod = read_when(value(part.inner))
        elif part.name == "news":
            published = _publication(part.inner)
    if not location and "<" not in element.inner.strip():
        location = address(element.inner)  # <sitemap>URL</sitemap>, as some write it
    absolute = _absolute(base, location)
    if not absolute:
        return None
    return SitemapEntry(url=absolute, lastmod=lastmod, published=published, is_sitemap=element.name == "sitemap")


def _publication(news: str) -> Moment | None:
    return next((read_when(value(part.inner)) for part in children(news) if part.name == "publication_date"), None)


def _absolute(base: str, location: str) -> str | None:
    if not location or len(location) > _MAX_URL:
        return None
    if location.startswith(("http://", "https://")):
        return location
    try:
        absolute = urljoin(base, location)
    except ValueError:
        return None
    return absolute if absolute.startswith(("http://", "https://")) else None


def _text_entries(stream: Iterator[str], base: str) -> Iterator[SitemapEntry]:
    """Read a text sitemap: one absolute URL a line, anything else is none."""
    rest = ""
    for chunk in stream:
        *lines, rest = (rest + chunk).split("\n")
        rest = rest[-_MAX_URL:]
        for line in lines:
            if line.startswith(("http://", "https://")) and (url := _absolute(base, line.strip())):
                yield SitemapEntry(url=url)
    if rest.startswith(("http://", "https://")) and (url := _absolute(base, rest.strip())):
        yield SitemapEntry(url=url)


def robots_sitemaps(body: bytes, *, url: str) -> tuple[str, ...]:
    """Return the sitemaps that a robots.txt names, each once."""
    text = "".join(text_chunks(body))
    found = sitemap_urls_from_robots(text.replace("\r", "\n").encode(), base_url=url)
    return tuple(dict.fromkeys(one for one in found if one.startswith(("http://", "https://"))))
