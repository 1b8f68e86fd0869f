"""Sitemaps: every form, streamed."""

from __future__ import annotations

import datetime as dt
import gzip
import itertools
import tracemalloc

import pytest

from newsclean.crawl.discovery.sitemaps import read_sitemap, robots_sitemaps

URL = "https://news.example/sitemap.xml"


def locations(body, **options):
    return [(entry.url, entry.is_sitemap) for entry in read_sitemap(body, url=URL, **options)]


def test_an_index_names_sitemaps():
    """What stands in an index is a sitemap, in an element of its own or without one."""
    body = b"<sitemapindex><sitemap><loc>https://news.example/1.xml.gz</loc><lastmod>2026-11-21</lastmod></sitemap>"
    body += b"<sitemap> /2.xml </sitemap></sitemapindex>"
    found = list(read_sitemap(body, url=URL))
    assert [(one.url, one.is_sitemap) for one in found] == [
        ("https://news.example/1.xml.gz", True),
        ("https://news.example/2.xml", True),
    ]
    assert found[0].lastmod.at == dt.datetime(2026, 11, 21, tzinfo=dt.UTC)


def test_news_and_image_extensions():
    """A news entry has its publication date; pictures are no pages."""
    body = b"""<urlset xmlns:news="n" xmlns:image="i"><url>
    <image:image><image:loc>https://news.example/p.jpg</image:loc></image:image>
    <loc>https://news.example/1</loc><news:news><news:publication><news:name>N</news:name></news:publication>
    <news:publication_date>2026-11-20T10:00:00+08:00</news:publication_date></news:news></url></urlset>"""
    (entry,) = read_sitemap(body, url=URL)
    assert entry.url == "https://news.example/1"
    assert entry.published.at == dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "body",
    [
        b'<sit:urlset xmlns:sit="s"><sit:url><sit:loc>https://news.example/1</sit:loc></sit:url></sit:urlset>',
        b"https://news.example/1\n",
        b"\xef\xbb\xbfhttps://news.example/1\r\nnot an address\r\n",
        gzip.compress(b"<urlset><url><loc>https://news.example/1</loc></url></urlset>"),
        gzip.compress(b"https://news.example/1"),
        b"<rss><channel><item><link>https://news.example/1</link></item></channel></rss>",
        b"<urlset><url><loc>https://news.example/1</loc></url><url><loc>mailto:a@b</loc></url><url></url>",
        b"<url><loc>https://news.example/1</loc></url>",
    ],
)
def test_all_forms_name_the_page(body):
    """Prefixes, text, gzip, a feed in the place of a sitemap and broken ends all give the page."""
    assert locations(body) == [("https://news.example/1", False)]


@pytest.mark.parametrize(
    "body", [b"", b"<html><a href='https://news.example/1'>1</a></html>", b"\x00\x01\x02", b"<!DOCTYPE html><html>"]
)
def test_what_is_no_sitemap_names_nothing(body):
    """An error page gives no entries."""
    assert locations(body) == []


def test_a_million_entries_are_streamed():
    """The first entries of a huge sitemap come before the rest is unpacked, and little memory is held."""
    entry = "<url><loc>https://news.example/{}</loc><lastmod>2026-11-21</lastmod></url>"
    packed = gzip.compress(("<urlset>" + "".join(entry.format(i) for i in range(200_000)) + "</urlset>").encode(), 1)
    body = packed[:-8]  # a torn end
    tracemalloc.start()
    stream = read_sitemap(body, url=URL)
    assert next(stream).url == "https://news.example/0"
    assert sum(1 for _ in itertools.islice(stream, 150_000)) == 150_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000_000


def test_a_bomb_is_read_up_to_its_bound():
    """Of a body that unpacks to more than is allowed the beginning is read."""
    bomb = gzip.compress(b"<urlset>" + b"<url><loc>https://news.example/1</loc></url>" * 100_000)
    assert 0 < len(locations(bomb, max_bytes=10_000)) < 300


def test_robots_name_sitemaps_each_once():
    """Relative addresses, old Mac line ends, double lines and other schemes."""
    body = b"User-agent: *\rSitemap: /a.xml\r\nsitemap:https://news.example/b.xml\nSITEMAP: /a.xml\nSitemap: ftp://x/\n"
    assert robots_sitemaps(body, url="https://news.example/robots.txt") == (
        "https://news.example/a.xml",
        "https://news.example/b.xml",
    )


def test_real_sitemaps_are_read(shared):
    """Samples of sitemaps give their entries."""
    folder = shared / "pages" / "feeds" / "crawler-commons"
    counts = {
        "extension__hebdenbridgetimes-articles-sitemap.xml": 74,
        "extension__shinpaideshou-news-sitemap.xml": 3,
        "extension__sitemap-images.xml": 1,
        "extension__sitemap-links.xml": 3,
        "extension__sitemap-videos.xml": 3,
        "sitemaps__sitemap.badns.xml": 2,
        "sitemaps__sitemap.index.xml": 15,
        "sitemaps__sitemap.ns.xml": 2,
        "sitemaps__sitemap-with-bom.txt": 2,
        "sitemaps__sitemap.txt.gz": 5,
        "sitemaps__xmlSitemap.gz": 5,
    }
    assert {name: len(locations((folder / name).read_bytes())) for name in counts} == counts


def test_real_robots_name_their_sitemaps(shared):
    """Robots files of big publishers name their sitemaps."""
    folder = shared / "pages" / "robots"
    named = {
        path.name: len(robots_sitemaps(path.read_bytes(), url="https://x.example/robots.txt"))
        for path in folder.iterdir()
    }
    assert named["www.nytimes.com.txt"] == 6
    assert named["www.rt.com.txt"] == 2
    assert named["www.chinadaily.com.cn.txt"] == 0
