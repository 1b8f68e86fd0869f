"""The sites of this project's spiders on loopback: real pages under their addresses, and what leads to them.

The pages are those of ../shared/pages; feeds, sitemaps, section lists and robots.txt have the form that the real sites
give them, filled with the addresses of these pages, and with links to much that is no article.
"""

from __future__ import annotations

import gzip
import html
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from server import NewsServer

__all__ = ["Page", "Site", "real_pages", "set_up"]

_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its address, body and media type."""

    url: str
    body: bytes
    media_type: str = _HTML


@dataclass(slots=True)
class Site:
    """What a spider's site consists of; `decoys` are paths of what no spider of articles should ask for."""

    pages: list[Page]
    feeds: tuple[str, ...]
    sections: tuple[str, ...]
    robots: str
    decoys: tuple[str, ...]
    next_page: str = ""
    sitemap: str = ""
    is_atom: bool = False
    sources: set[str] = field(default_factory=set)


def real_pages(shared: Path) -> dict[str, list[Page]]:
    """Return the pages by the spider that is to find them."""
    listed = [json.loads(line) for line in (shared / "pages" / "MANIFEST.jsonl").read_text("utf-8").splitlines()]
    found: dict[str, list[Page]] = {}
    for row in listed:
        name, path = _spider_of(row), shared / "pages" / row["file"]
        if name:
            found.setdefault(name, []).append(_page(row["url"], path))
    return {name: pages[:: max(1, len(pages) // 24)] for name, pages in found.items()}


def _spider_of(row: dict[str, str]) -> str | None:
    parts = urlsplit((row.get("url") or "").removesuffix("?"))
    folder = row["file"].split("/")[0]
    is_whole = folder in {"kremlin", "tass", "chinadaily", "xinhua"} and parts.path not in {"", "/"}
    if folder == "kremlin" and not re.search(r"/(?:news|transcripts|trips|letters)/\d+$", parts.path):
        return None  # pictures, films, print views and lists: real pages, and no articles
    if not is_whole or "newsplease" in row["file"] or (row.get("lang") == "zh" and folder == "chinadaily"):
        return None
    return {
        "en.kremlin.ru": "kremlin_en",
        "kremlin.ru": "kremlin_ru",
        "tass.com": "tass_com",
        "tass.ru": "tass_ru",
        "www.chinadaily.com.cn": "chinadaily",
        "www.xinhuanet.com": "xinhuanet",
    }.get(parts.hostname or "")


def _page(url: str, path: Path) -> Page:
    url = url.removesuffix("?")
    if path.suffix == ".gz":
        return Page(url, gzip.decompress(path.read_bytes()))
    if path.suffix == ".txt":
        return Page(url, path.read_bytes(), "text/plain; charset=utf-8")
    return Page(url, _as_html(json.loads(path.read_text("utf-8")), is_tass="tass" in url).encode())


def _as_html(facts: dict[str, Any], *, is_tass: bool) -> str:
    """Put what is kept of a page back into the frame that its site gives it."""
    title = html.escape(facts["title"])
    if is_tass:
        lead, *rest = facts["content"]
        paragraphs = "".join(f"<p>{html.escape(one)}</p>" for one in rest)
        return (
            f"<html><head><title>{title} - TASS</title></head><body><div class='news-header'><h1 class="
            f"'news-header__title'>{title}</h1><div class='news-header__lead'>{html.escape(lead)}</div></div>"
            f"<div class='text-content'><div class='text-block'>{paragraphs}</div></div></body></html>"
        )
    paragraphs = "".join(f"<p>{html.escape(one)}.</p>" for one in facts["text"].split(". "))
    return (
        f"<html><head><title>{title} - Chinadaily.com.cn</title><meta name='pagetype' content='1'></head><body>"
        f"<div id='lft-art'><h1>{title}</h1><span class='info_l'>China Daily | Updated: {facts['date_cleaned']}</span>"
        f"<div id='Content'>{paragraphs}</div></div></body></html>"
    )


_TASS = {
    "robots": "User-agent: *\nDisallow: /search\nDisallow: /*?utm_source=\n\nSitemap: {site}/sitemap.xml\n",
    "decoys": ("/search?searchStr=x", "/rss", "/infographics", "/ads"),
    "sitemap": "/sitemap.xml",
}
_KREMLIN = {
    "robots": "User-agent: *\nCrawl-delay: 0.01\nDisallow: /search\n",
    "decoys": (
        "{article}/photos",
        "{article}/videos",
        "/events/president/news/by-date/01.02.2024",
        "/multimedia/video/7",
    ),
    "next_page": "{section}/page/2",
    "is_atom": True,
}
# The robots.txt of the real site with a delay that a test can wait for.
_CHINADAILY = {
    "robots": "User-agent: *\nDisallow: /player/\nCrawl-delay:0.01\n",
    "decoys": ("/player/1", "/travel/index.html", "/video/node_53005416.htm", "/life"),
    "next_page": "{section}/page_2.html",
}
_XINHUA = {
    "robots": "User-agent: *\nDisallow: /search/\n",
    "decoys": ("/english/index.htm", "/photo/", "/video/index.html"),
}
_FORMS = {
    "tass_com": _TASS,
    "tass_ru": _TASS,
    "kremlin_en": _KREMLIN,
    "kremlin_ru": _KREMLIN,
    "chinadaily": _CHINADAILY,
    "xinhuanet": _XINHUA,
}


def set_up(server: NewsServer, name: str, spider: type, pages: list[Page]) -> Site:
    """Have a server answer as a spider's site: a third each in feeds, on first and on further pages of sections."""
    site = Site(pages, spider.feeds, spider.sections, **_FORMS[name])
    for page in pages:
        server.add(page.url, page.body, media_type=page.media_type)
    urls = [page.url for page in pages]
    for number, feed in enumerate(site.feeds):
        shown = urls[::3][number :: len(site.feeds)] or urls
        server.add(feed, _atom(shown) if site.is_atom else _rss(shown), media_type="application/xml; charset=utf-8")
    for number, section in enumerate(site.sections):
        first, further = urls[1::3], urls[2::3]
        _add_section(server, site, section, _share(first or urls, number, site), _share(further or urls, number, site))
    for host in {urlsplit(one).netloc for one in (*site.feeds, *site.sections, *urls)}:
        server.robots(host, site.robots.format(site=f"https://{host}"))
    if site.sitemap:
        _add_sitemaps(server, site, urls)
    site.sources |= {*site.feeds, *site.sections}
    return site


def _share(urls: list[str], number: int, site: Site) -> list[str]:
    return urls[number :: len(site.sections)] or urls


def _add_section(server: NewsServer, site: Site, section: str, first: list[str], further: list[str]) -> None:
    decoys = [one.format(article=urlsplit(first[0]).path) for one in site.decoys]
    following = site.next_page.format(section=section)
    if following:
        server.add(following, _list(further, decoys))
        site.sources.add(following)
    server.add(section, _list(first if following else first + further, decoys, following))
    for decoy in decoys:
        server.add(urljoin(section, decoy), "<html><body><h1>No article</h1></body></html>")


def _list(urls: list[str], decoys: list[str], following: str = "") -> str:
    """Return a section's page: items with a link and a picture's link each, menus, and the way on."""
    items = "".join(
        f"<div class='item'><a href='{url}'><img src='/i.jpg'></a>"
        f"<h3><a href='{url}'>Story</a></h3><a href='{url}#share'>Share</a></div>"
        for url in urls
    )
    menu = "".join(
        f"<li><a href='{one}'>More</a></li>" for one in (*decoys, "/", "https://elsewhere.example/2024/1/1/9")
    )
    more = f"<a class='next' rel='next' href='{following}'>Next</a>" if following else ""
    return f"<html><body><nav><ul>{menu}</ul></nav>{items}{more}<a href='javascript:void(0)'>Top</a></body></html>"


def _rss(urls: list[str]) -> str:
    items = "".join(
        f"<item><title><![CDATA[A & B]]></title><link>{url}</link><guid isPermaLink='true'>{url}</guid>"
        f"<pubDate>Sat, 21 Nov 2026 {number // 60:02}:{number % 60:02}:00 +0300</pubDate></item>"
        for number, url in enumerate(urls)
    )
    return f"<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'><channel><link>/</link>{items}</channel></rss>"


def _atom(urls: list[str]) -> str:
    entries = "".join(
        f"<entry><id>{url}</id><link rel='alternate' href='{url}'/><published>2026-11-21T10:{number:02}:00+03:00"
        f"</published><content type='html'>&lt;p&gt;x&lt;/p&gt;</content></entry>"
        for number, url in enumerate(urls)
    )
    return f"<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom'>{entries}</feed>"


def _add_sitemaps(server: NewsServer, site: Site, urls: list[str]) -> None:
    """Add an index, and a packed sitemap with all articles and some sections, that only a window asks for."""
    root = f"https://{urlsplit(site.feeds[0]).netloc}"
    index = f"<sitemapindex><sitemap><loc>{root}/sitemaps/1.xml.gz</loc></sitemap></sitemapindex>"
    server.add(f"{root}{site.sitemap}", index, media_type="application/xml")
    rows = "".join(
        f"<url><loc>{url}</loc><lastmod>2026-11-21T10:00:00+03:00</lastmod></url>" for url in (*site.sections, *urls)
    )
    body = f"<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{rows}</urlset>"
    server.add(f"{root}/sitemaps/1.xml.gz", gzip.compress(body.encode()), media_type="application/gzip")
    site.sources |= {f"{root}{site.sitemap}", f"{root}/sitemaps/1.xml.gz"}
