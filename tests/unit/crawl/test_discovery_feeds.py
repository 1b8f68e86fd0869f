"""Feeds: every dialect, and what servers make of it."""

from __future__ import annotations

import datetime as dt

import pytest

from newsclean.crawl.discovery.dates import read_when
from newsclean.crawl.discovery.feeds import read_feed
from newsclean.model import Precision

URL = "https://news.example/rss.xml"

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:media="m" xmlns:atom="a"><channel><title>T</title><link>https://news.example/</link>
<atom:link href="https://news.example/rss.xml" rel="self"/>
<item><title>One & more</title><link>https://news.example/1?a=1&b=2</link><guid isPermaLink="false">one</guid>
  <pubDate>Sat, 21 Nov 2026 10:00:00 +0300</pubDate>
  <media:content url="https://news.example/pic.jpg"/>
  <description><![CDATA[<a href="x"><link>no</link></a>]]></description></item>
<item><title>Two</title><guid>https://news.example/2</guid><pubDate>Sat, 21 Nov 26 09:00 GMT</pubDate></item>
<item><title>Three</title><link><![CDATA[ /3 ]]></link></item>
<item><title>None</title><guid isPermaLink="false">tag:x</guid></item>
<item><title>Again</title><link>https://news.example/3</link></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>
<link rel="self" href="/feed"/><link rel="next" href="/feed?page=2"/><updated>2026-11-21T00:00:00Z</updated>
<entry><title>A</title><link rel="enclosure" type="audio/mpeg" href="/a.mp3"/>
  <link rel="alternate" type="text/html" href="/a"/><id>urn:a</id>
  <published>2026-11-20T10:00:00+03:00</published><updated>2026-11-21T10:00:00Z</updated>
  <source><id>urn:other</id><link href="https://other.example/"/>
  <updated>2001-01-01T00:00:00Z</updated></source></entry>
<entry><id>urn:b</id><link href="/b"/>
  <content type="xhtml"><div><a href="/no"/><link href="/no"/></div></content></entry>
</feed>"""

RDF = """<rdf:RDF xmlns:rdf="r" xmlns:dc="d"><channel rdf:about="https://news.example/"/>
<item rdf:about="https://news.example/r1"><title>R</title><link>https://news.example/r1</link>
<dc:date>2026-11-21T08:00+08:00</dc:date></item></rdf:RDF>"""


def utc(*parts):
    return dt.datetime(*parts, tzinfo=dt.UTC)


def test_rss_entries_have_address_id_and_date():
    """Links, guids that are links, relative links and CDATA all lead to the story, each address once."""
    feed = read_feed(RSS.encode(), url=URL)
    assert [entry.url for entry in feed.entries] == [
        "https://news.example/1?a=1&b=2",
        "https://news.example/2",
        "https://news.example/3",
    ]
    assert feed.entries[0].entry_id == "one"
    assert [entry.published and entry.published.at for entry in feed.entries] == [
        utc(2026, 11, 21, 7),
        utc(2026, 11, 21, 9),
        None,
    ]


def test_atom_entries_take_the_alternate_link():
    """Enclosures, sources and links in the content are not the story."""
    feed = read_feed(ATOM.encode(), url=URL)
    assert [(entry.url, entry.entry_id) for entry in feed.entries] == [
        ("https://news.example/a", "urn:a"),
        ("https://news.example/b", "urn:b"),
    ]
    assert feed.entries[0].published.at == utc(2026, 11, 20, 7)
    assert feed.entries[0].updated.at == utc(2026, 11, 21, 10)
    assert feed.older == "https://news.example/feed?page=2"


def test_rdf_is_read():
    """RSS 1.0 has its items beside the channel, and dates of Dublin Core."""
    (entry,) = read_feed(RDF.encode(), url=URL).entries
    assert (entry.url, entry.published.at) == ("https://news.example/r1", utc(2026, 11, 21))


def test_a_click_counters_link_gives_way_to_the_original():
    """The story's own address is taken where the feed's proxy names it."""
    original = "<feedburner:origLink>https://news.example/9</feedburner:origLink>"
    feed = f"<rss><item><link>http://feedproxy.example/x</link>{original}</item></rss>"
    assert [entry.url for entry in read_feed(feed.encode(), url=URL).entries] == ["https://news.example/9"]


@pytest.mark.parametrize(
    "body",
    [
        RSS.encode() + b"<html>appended</html>",
        b"\n\n\xef\xbb\xbf" + RSS.encode(),
        RSS.encode("utf-16"),
        RSS.replace("UTF-8", "windows-1251").encode("windows-1251"),
        RSS.replace("UTF-8", "nonsense").encode(),
        RSS.replace("One & more", "One &nbsp; \x00\x08 </b> <i>").encode(),
        RSS.encode()[:-40],
        b"<?php warning ?>\nWarning: something\n" + RSS.encode(),
    ],
)
def test_broken_feeds_give_their_entries(body):
    """What an XML parser would die of costs no entry."""
    assert len(read_feed(body, url=URL).entries) == 3


@pytest.mark.parametrize(
    "body", [b"", b"<html><body>404</body></html>", b"\x89PNG\r\n\x1a\n\x00\x00", b"{}", b"\x00" * 50]
)
def test_what_is_no_feed_says_so(body):
    """An error page in the place of a feed is no empty feed."""
    feed = read_feed(body, url=URL)
    assert (feed.entries, feed.is_feed) == ((), False)


def test_an_empty_feed_is_a_feed():
    """No news is no error."""
    assert read_feed(b"<rss><channel/></rss>", url=URL).is_feed


@pytest.mark.parametrize(
    ("text", "at", "precision"),
    [
        ("Thu, 05 Jan 2017 12:34:50 GMT", utc(2017, 1, 5, 12, 34, 50), Precision.SECOND),
        ("Thu, 05 Jan 17 13:34:52 +0100", utc(2017, 1, 5, 12, 34, 52), Precision.SECOND),
        ("05 Jan 2017 13:34:53", utc(2017, 1, 5, 13, 34, 53), Precision.SECOND),
        ("Thu, 05 Jan 2017 15:34:50 GMT+3", utc(2017, 1, 5, 12, 34, 50), Precision.SECOND),
        ("Thu, 05 Jan 2017 07:34:50 EST", utc(2017, 1, 5, 12, 34, 50), Precision.SECOND),
        ("2017-01-05T12:34:50Z", utc(2017, 1, 5, 12, 34, 50), Precision.SECOND),
        ("2017-01-05T12:34:50.123+0300", utc(2017, 1, 5, 9, 34, 50), Precision.SECOND),
        ("2017-01-05 12:34", utc(2017, 1, 5, 12, 34), Precision.MINUTE),
        ("2017-01-05", utc(2017, 1, 5), Precision.DAY),
        ("2017-01", utc(2017, 1, 1), Precision.MONTH),
        ("2017", utc(2017, 1, 1), Precision.YEAR),
    ],
)
def test_dates_are_read_in_their_many_forms(text, at, precision):
    """RFC 822 with its misspellings and ISO 8601 with its parts, in UTC where no zone is named."""
    moment = read_when(text)
    assert (moment.at, moment.precision) == (at, precision)


@pytest.mark.parametrize(
    "text", ["", None, "yesterday", "0000-00-00", "32 Jan 2017 10:00:00", "Thu, 99 Foo 2017 99:99"]
)
def test_what_is_no_date_is_none(text):
    """No date is made up."""
    assert read_when(text) is None


def test_real_feeds_are_read(shared):
    """Samples of feeds give their entries."""
    folder = shared / "pages" / "feeds"
    counts = {
        "crawler-commons/rss__feed.rss": 4,
        "crawler-commons/rss__xmlRss_pubDate.xml": 7,
        "crawler-commons/sitemaps__atom.xml": 1,
        "news-crawl/resources__feed-with-sitemap-namespace.xml": 2,
    }
    assert {name: len(read_feed((folder / name).read_bytes(), url=URL).entries) for name in counts} == counts
