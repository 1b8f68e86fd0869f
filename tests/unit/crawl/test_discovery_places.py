"""What URLs are: by the profile where there is one, else by their look; windows and listings."""

from __future__ import annotations

import datetime as dt

import pytest
from parsel import Selector

from newsclean.crawl.discovery import PlaceKind, Window, article_pages, read_listing
from newsclean.crawl.discovery.dates import read_when
from newsclean.crawl.discovery.places import load_places
from newsclean.crawl.discovery.window import read_bound, read_span
from newsclean.errors import ConfigError


@pytest.fixture(scope="module")
def places():
    return load_places()


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://tass.com/world/1234567", PlaceKind.ARTICLE),
        ("https://tass.com/world", PlaceKind.LISTING),
        ("http://en.kremlin.ru/events/president/news/68000", PlaceKind.ARTICLE),
        ("http://en.kremlin.ru/events/president/news/68000/photos", PlaceKind.OTHER),
        ("http://en.kremlin.ru/events/president/news/page/2", PlaceKind.LISTING),
        ("https://www.chinadaily.com.cn/a/202011/23/WS5fbb1f4ea31024ad0ba95e71.html", PlaceKind.ARTICLE),
        ("https://www.chinadaily.com.cn/world/europe", PlaceKind.LISTING),
        ("http://www.xinhuanet.com/english/2020-02/19/c_138797921.htm", PlaceKind.ARTICLE),
        ("https://news.example/", PlaceKind.LISTING),
        ("https://news.example/tag/politics", PlaceKind.LISTING),
        ("https://news.example/world/page/3", PlaceKind.LISTING),
        ("https://news.example/2026/11/21/ministers-meet", PlaceKind.ARTICLE),
        ("https://news.example/world/ministers-meet-in-the-capital-again", PlaceKind.ARTICLE),
        ("https://news.example/world/article-1234567", PlaceKind.ARTICLE),
        ("https://news.example/story.php?id=4711", PlaceKind.ARTICLE),
        ("https://news.example/world", PlaceKind.UNKNOWN),
        ("https://news.example/2026/11/21/photo.jpg", PlaceKind.OTHER),
        ("mailto:desk@news.example", PlaceKind.OTHER),
        ("http://[broken", PlaceKind.OTHER),
    ],
)
def test_kinds_of_places(places, url, kind):
    """The profile's patterns decide, the look of an address where there is no profile."""
    assert places.kind(url) is kind


def test_one_story_has_many_addresses(places):
    """Mirror hosts, print views and tabs are one story; another language is another."""
    one = places.story("https://www.chinadaily.com.cn/a/202011/23/WS5fbb1f4ea31024ad0ba95e71.html")
    assert one == places.story("https://global.chinadaily.com.cn/a/202011/23/WS5fbb1f4ea31024ad0ba95e71.html")
    document = places.story("http://en.kremlin.ru/events/president/news/68000")
    assert document == places.story("http://en.kremlin.ru/d/68000/print")
    assert document != places.story("http://kremlin.ru/events/president/news/68000")
    assert places.story("https://news.example/article-1234567") is None


def test_addresses_are_cleaned(places):
    """Fragments and tracking go, the rest stays; what is no web address is None."""
    assert places.clean("https://a.example/b?utm_source=rss&id=1#top") == "https://a.example/b?id=1"
    assert places.clean(" https://a.example/Ж#x ") == "https://a.example/Ж"
    assert places.clean("javascript:void(0)") is None
    assert places.clean("https://") is None


def test_sites_are_named_by_profile_else_domain(places):
    """An archive's folder does not depend on the host that a page happens to be at."""
    assert places.site_name("http://global.chinadaily.com.cn/x") == "chinadaily.com.cn"
    assert places.site_name("https://www.bbc.co.uk/news") == "bbc.co.uk"
    assert places.site_name("http://127.0.0.1:8000/x") == "127.0.0.1"


def test_days_are_read_from_addresses(places):
    """The day in an address is that of publication."""
    at = places.published("https://www.chinadaily.com.cn/a/202011/23/WS5fbb1f4ea31024ad0ba95e71.html").at
    assert at.date() == dt.date(2020, 11, 23)
    assert places.published("https://news.example/2026/11/21/x").at.date() == dt.date(2026, 11, 21)
    assert places.published("https://tass.com/world/1234567") is None


def test_listing_gives_articles_of_the_site_and_its_next_page(places):
    """Teasers are taken once and in order; other sites, sections and files are not."""
    page = Selector(
        """<html><base href="https://tass.com/"><a href="/world/1000001">A</a><a href="world/1000002#c">B</a>
        <a href="/world/1000001?utm_source=x">A</a><a href="/politics">P</a>
        <a href="https://other.example/world/1000003">X</a>
        <a href=" /economy/1000004 ">C</a><a href="javascript:x">J</a>
        <a href="/world?page=2" class="pages__next">more</a></html>"""
    )
    listing = read_listing(page, url="https://tass.com/world", places=places)
    assert listing.articles == (
        "https://tass.com/world/1000001",
        "https://tass.com/world/1000002",
        "https://tass.com/economy/1000004",
    )
    assert listing.next_page == "https://tass.com/world?page=2"


@pytest.mark.parametrize(
    ("url", "link", "target"),
    [
        ("https://n.example/world", "<link rel=next href='/world/page/2'>", "https://n.example/world/page/2"),
        ("https://n.example/world", "<a rel='next' href='?page=2'>x</a>", "https://n.example/world?page=2"),
        ("https://n.example/world", "<a href='/world/2'>Next page</a>", "https://n.example/world/2"),
        ("https://n.example/world", "<a href='/world/2'>Далее »</a>", "https://n.example/world/2"),
        ("https://n.example/world", "<a href='/w/index_1.htm'>下一页</a>", "https://n.example/w/index_1.htm"),
        ("https://n.example/world", "<a href='/world/2' aria-label='Next'><svg/></a>", "https://n.example/world/2"),
        (
            "https://n.example/w/page_2.html",
            "<a href='page_2.html'>2</a><a href='page_3.html'>3</a>",
            "https://n.example/w/page_3.html",
        ),
        (
            "https://n.example/world",
            "<a href='/world?p=2'>2</a><a href='/world?p=3'>3</a>",
            "https://n.example/world?p=2",
        ),
        ("https://n.example/world", "<a href='https://other.example/2'>Next</a>", None),
        ("https://n.example/world", "<a href='/2026/11/21/next-story-in-our-series'>Next</a>", None),
        ("https://n.example/world", "<a href='/world'>Next</a><a href='/world/'></a>", None),
        ("https://n.example/world", "<a href='/contact'>Read on</a>", None),
    ],
)
def test_next_pages_are_found(places, url, link, target):
    """By rel, words in several languages, class, label, or the next higher number; never an article."""
    assert read_listing(Selector(f"<html><body>{link}</body></html>"), url=url, places=places).next_page == target


def test_further_pages_of_an_article(places):
    """A gallery's pages are found, other stories are not."""
    base = "https://www.chinadaily.com.cn/a/202011/23/WS5fbb1f4ea31024ad0ba95e71"
    page = Selector(f"<a href='{base}_2.html'>2</a><a href='{base}.html'>1</a><a href='{base[:-1]}2_3.html'>x</a>")
    assert article_pages(page, url=f"{base}.html", places=places) == (f"{base}_2.html",)


def test_windows_keep_what_may_be_inside():
    """A day without a zone is inside if it is so anywhere on earth; no date may be inside."""
    window = Window(since=dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC), until=dt.datetime(2026, 11, 22, tzinfo=dt.UTC))
    held = ["2026-11-20", "2026-11-20T12:00:00Z", "2026-11-21T23:59:59Z", "2026-11", None]
    assert all(window.holds(read_when(text)) for text in held)
    out = ["2026-11-20T11:59:00Z", "2026-11-18", "2026-11-22T00:00:00Z", "2026-11-23", "2026-10"]
    assert not any(window.holds(read_when(text)) for text in out)
    assert window.is_before(read_when("2026-11-01"))
    assert not window.is_before(read_when("2026-12-01"))


def test_windows_cover_one_another():
    """An open end covers every other one."""
    day = [dt.datetime(2026, 11, n, tzinfo=dt.UTC) for n in (1, 2, 3)]
    assert Window().covers(Window(since=day[0]))
    assert not Window(since=day[0]).covers(Window())
    assert Window(since=day[0], until=day[2]).covers(Window(since=day[1], until=day[2]))
    assert not Window(since=day[1]).covers(Window(since=day[0]))


def test_bounds_are_dates_or_spans():
    """`3d` is three days ago; anything else that is no date is an error that says what to write."""
    now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    assert read_bound("3d", now=now, name="since") == now - dt.timedelta(days=3)
    assert read_bound("2026-11-01", now=now, name="since") == dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    assert read_bound(None, now=now, name="since") is None
    with pytest.raises(ConfigError, match=r"since=soon.*2026"):
        read_bound("soon", now=now, name="since")
    with pytest.raises(ConfigError, match="6h"):
        read_span("6 fortnights")
