"""Section pages: the articles that they link to, in their order, and the page after them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from newsclean.crawl.discovery.places import PlaceKind
from newsclean.extract.addresses import url_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsel import Selector

    from newsclean.crawl.discovery.places import Places

__all__ = ["Listing", "article_pages", "read_listing"]

MAX_LINKS = 5_000
_LISTS = frozenset({PlaceKind.LISTING, PlaceKind.UNKNOWN})
_NEXT_TEXT = re.compile(
    r"(?:(?:next|older|more)(?: (?:page|posts?|news|stories|entries|articles))?"
    r"|далее|дальше|вперед|вперёд|следующ\w+(?: страница)?|(?:показать|загрузить) (?:ещ[её]|больше)"
    r"|下一页|下页|下一頁|后页"
    r"|suivante?|siguiente|weiter|nächste|próxima|successiva|sonraki|التالي)?\s*[›»→>≫]*",
    re.IGNORECASE,
)
_NEXT_CLASS = re.compile(r"(?:^|[\s_-])(?:next|older)(?:[\s_-]|$)", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"(?:(?<=[?&])(?:page|p|pg|paged|pagenum)=|(?<=/)page/|(?<=/)(?:page|index|list|node)[_-]|(?<=/)p)(?P<number>\d{1,5})(?=\D|$)",
    re.IGNORECASE,
)
_PART = re.compile(r"_(?P<part>\d{1,3})(?=\.s?html?$|$)")
_MAY_BE_PART = re.compile(r"(?:_|%5f)\d", re.IGNORECASE)  # of a link as it is written


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A listing's article URLs, each once in the order of the page, and the URL of its next page."""

    articles: tuple[str, ...]
    next_page: str | None = None


def read_listing(page: Selector, *, url: str, places: Places) -> Listing:
    """Read a listing: links of the same site that are articles, and the link that goes on. Never raises.

    `page` is a selector over the markup, `url` the address that it was fetched from.
    """
    base = urljoin(url, (page.xpath("string(//base/@href)").get() or "").strip())
    links = dict.fromkeys(
        filter(None, (_absolute(base, href, places) for href in page.xpath("//a/@href").getall()[:MAX_LINKS]))
    )
    articles = tuple(one for one in links if places.same_site(one, url) and places.kind(one) is PlaceKind.ARTICLE)
    return Listing(articles=articles, next_page=_next_page(page, base, url, places))


def _absolute(base: str, href: str, places: Places) -> str | None:
    try:
        return places.clean(urljoin(base, href.strip()))
    except ValueError:
        return None


def _next_page(page: Selector, base: str, url: str, places: Places) -> str | None:
    """Return the page that `rel=next`, a link's words or class, or the next higher number points to."""
    for href in _next_links(page, url, base):
        target = _absolute(base, href, places)
        fits = target and target != places.clean(url) and places.same_site(target, url)
        if fits and target and places.kind(target) in _LISTS:
            return target
    return None


def _next_links(page: Selector, url: str, base: str) -> Iterator[str]:
    yield from page.xpath("//link[@rel='next']/@href | //a[@rel='next']/@href").getall()
    numbered: list[tuple[int, str]] = []
    here = _number_in(url)
    for anchor in page.root.xpath("//a[@href]"):  # elements, not a selector for each
        href = anchor.get("href")
        words = " ".join(anchor.xpath("string()").split())
        label = anchor.get("aria-label") or anchor.get("title") or ""
        is_named = (words and _NEXT_TEXT.fullmatch(words)) or (label and _NEXT_TEXT.fullmatch(label))
        if is_named or _NEXT_CLASS.search(anchor.get("class", "")):
            if _goes_on(urljoin(base, href), url):
                yield href
        elif words.isdigit() and int(words) == here + 1 and _number_in(urljoin(base, href)) == here + 1:
            numbered.append((int(words), href))
    yield from (href for _, href in numbered)


def _goes_on(target: str, url: str) -> bool:
    """Tell whether an address is of the same list, by a page's number or its path: much else is called `more`."""
    return bool(_PAGE_NUMBER.search(target)) or url_path(target).startswith(_stem(url_path(url)))


def _stem(path: str) -> str:
    """Return a listing's path without query and file name."""
    path = path.partition("?")[0]
    last = path.rpartition("/")[2]
    return path.removesuffix(last) if "." in last else path


def _number_in(url: str) -> int:
    match = _PAGE_NUMBER.search(url)
    return int(match["number"]) if match else 1


def article_pages(page: Selector, *, url: str, places: Places) -> tuple[str, ...]:
    """Return the further pages of an article that runs over several: links to its own URL with `_2`, `_3` ..."""
    stem = _PART.sub("", url)
    found = filter(_MAY_BE_PART.search, page.xpath("//a/@href").getall()[:MAX_LINKS])
    links = filter(None, (_absolute(url, href, places) for href in found))
    further = (one for one in links if _PART.search(one) and _PART.sub("", one) == stem and one != url)
    return tuple(dict.fromkeys(one for one in further if places.kind(one) is PlaceKind.ARTICLE))
