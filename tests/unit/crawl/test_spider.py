"""Spiders find all that is new, ask for nothing twice, and see what has changed."""

from __future__ import annotations

import datetime as dt
import importlib.util
import sqlite3

import pytest
from scrapy.utils.test import get_crawler

from newsclean.crawl.discovery.places import PlaceKind
from newsclean.crawl.spider import NewsSpider
from newsclean.crawl.spiders.feed import FeedSpider
from newsclean.crawl.spiders.section import SectionSpider
from newsclean.crawl.spiders.sitemap import SitemapSpider
from newsclean.errors import ConfigError

ONE_DAY = dt.timedelta(days=1)
LONG = {"NEWSCLEAN_REVISIT": "1h 36500d"}  # the dates of feeds stay what they are, whenever this is run


def state(tmp_path):
    (path,) = (tmp_path / "raw").rglob("state.sqlite")
    return sqlite3.connect(path)


def age(tmp_path, by):
    """Set the state back in time, as if everything had been fetched that much earlier."""
    database = state(tmp_path)
    for column in ("first_fetched_at", "fetched_at", "changed_at", "next_visit_at"):
        rows = database.execute(f"SELECT url, {column} FROM seen WHERE {column} IS NOT NULL").fetchall()
        for url, text in rows:
            earlier = (dt.datetime.fromisoformat(text) - by).isoformat(timespec="microseconds")
            database.execute(f"UPDATE seen SET {column} = ? WHERE url = ?", (earlier, url))
    database.commit()
    database.close()


def write_spider(tmp_path, body):
    path = tmp_path / "spiders_here.py"
    path.write_text(
        f"from newsclean.crawl.spider import NewsSpider\nclass Here(NewsSpider):\n    name = 'here'\n{body}"
    )
    return f"{path}:Here"


@pytest.mark.parametrize(
    ("spider", "path"), [("feed", "/rss"), ("sitemap", "/robots.txt"), ("sitemap", "/news.xml"), ("section", "/world")]
)
def test_spiders_without_code_find_all_articles_and_no_listing(site, crawl, spider, path):
    """Feeds, sitemaps by robots.txt or by themselves, and sections with their next pages lead to each article once."""
    site.add_stories(range(12))
    site.add_feed("/rss", [*range(12), 3])
    site.pages["/robots.txt"] = f"Sitemap: {site.url}/news.xml\n".encode()
    site.add_sitemap("/news.xml", range(12))
    about = "<a href='/about'>About</a><a href='/tag/x-1234'>x</a><a href='https://other.example/news/2026/11/story-99.html'>y</a>"
    site.add_listing("/world", range(6), about + "<a href='/world?page=2'>Next</a>")
    site.add_listing("/world?page=2", range(4, 12), "<a href='/world'>1</a>")
    stats = crawl(spider, url=f"{site.url}{path}")
    stories = {site.story(n) for n in range(12)}
    assert {asked for asked in site.asked() if asked in stories} == stories
    assert {asked for asked in site.asked() if asked not in stories} <= {
        "/rss",
        "/robots.txt",
        "/news.xml",
        "/world",
        "/world?page=2",
    }
    assert max(site.asked().values()) == 1
    assert stats["newsclean/fetched/article"] == 12


@pytest.mark.parametrize(("spider", "path"), [("feed", "/rss"), ("sitemap", "/index.xml"), ("section", "/world")])
def test_an_unchanged_site_costs_one_request_a_source(site, crawl, spider, path):
    """The second crawl asks the sources conditionally, fetches no article, and counts the 304s."""
    site.add_stories(range(5))
    site.add_feed("/rss", range(5))
    site.pages["/index.xml"] = f"<sitemapindex><sitemap><loc>{site.url}/s.xml</loc></sitemap></sitemapindex>".encode()
    site.add_sitemap("/s.xml", range(5))
    site.add_listing("/world", range(5))
    crawl(spider, url=f"{site.url}{path}")
    site.log.clear()
    stats = crawl(spider, url=f"{site.url}{path}")
    sources = {"/index.xml", "/s.xml"} if spider == "sitemap" else {path}
    assert set(site.log) == {(source, 304) for source in sources}
    assert sum(value for name, value in stats.items() if name.startswith("newsclean/not_modified")) == len(sources)


def test_one_changed_article_is_one_fetch_with_another_hash(site, crawl, tmp_path):
    """Young articles are visited when they are due; only the corrected one is fetched, and seen to have changed."""
    site.add_stories(range(6))
    site.add_feed("/rss", range(6))
    crawl("feed", url=f"{site.url}/rss", settings=LONG)
    database = state(tmp_path)
    before = dict(database.execute("SELECT url, sha256 FROM seen").fetchall())
    database.close()
    age(tmp_path, dt.timedelta(hours=2))
    site.pages[site.story(4)] = b"<html><body><h1>Corrected</h1></body></html>"
    site.log.clear()
    stats = crawl("feed", url=f"{site.url}/rss", settings=LONG)
    assert [path for path, status in site.log if status == 200] == [site.story(4)]
    assert stats["newsclean/not_modified/article"] == 5
    assert stats["newsclean/changed/article"] == 1
    database = state(tmp_path)
    after = dict(database.execute("SELECT url, sha256 FROM seen").fetchall())
    assert {url for url in after if after[url] != before[url]} == {site.url + site.story(4)}
    database.close()
    site.log.clear()
    crawl("feed", url=f"{site.url}/rss", settings=LONG)
    assert [path for path, _ in site.log] == ["/rss"]


def test_what_a_feed_says_has_changed_is_fetched_at_once(site, crawl, tmp_path):
    """A newer date in the feed comes before the schedule."""
    site.add_stories(range(2))
    site.add_feed("/rss", range(2))
    crawl("feed", url=f"{site.url}/rss")
    age(tmp_path, dt.timedelta(minutes=5))
    now = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
    site.pages["/rss"] = (
        f"<feed><entry><link href='{site.story(0)}'/><updated>{now.isoformat()}</updated></entry>"
        f"<entry><link href='{site.story(1)}'/><updated>2026-01-01T00:00:00Z</updated></entry></feed>"
    ).encode()
    site.pages[site.story(0)] += b"<!-- corrected -->"
    site.log.clear()
    crawl("feed", url=f"{site.url}/rss")
    assert set(site.log) == {("/rss", 200), (site.story(0), 200)}


def test_failed_articles_are_tried_again_though_the_feed_is_unchanged(site, crawl, tmp_path):
    """A feed that answers 304 does not hide what could not be had the last time."""
    site.add_stories(range(2))
    site.add_feed("/rss", range(2))
    good = site.pages[site.story(1)]
    site.pages[site.story(1)] = (503, "")
    crawl("feed", url=f"{site.url}/rss")
    site.pages[site.story(1)] = good
    age(tmp_path, dt.timedelta(hours=2))
    stats = crawl("feed", url=f"{site.url}/rss", revisit="due")
    assert site.log[-1] == (site.story(1), 200) or (site.story(1), 200) in site.log
    assert stats["newsclean/fetched/article"] == 1


def test_a_limit_and_a_wider_window_ask_in_full(site, crawl):
    """What the last crawl left out on purpose is found by the next one, 304 or not."""
    site.add_stories(range(6))
    site.add_feed("/rss", range(6))
    crawl("feed", url=f"{site.url}/rss", limit=2)
    assert sum(site.asked()[site.story(n)] for n in range(6)) == 2
    stats = crawl("feed", url=f"{site.url}/rss", until="2026-11-21T10:00:04Z", revisit="none")
    assert stats["newsclean/skipped/outside_window"] == 2
    assert sum(site.asked()[site.story(n)] for n in range(6)) == 4
    crawl("feed", url=f"{site.url}/rss", revisit="none")
    assert all(site.asked()[site.story(n)] == 1 for n in range(6))


def test_windows_hold_for_every_source(site, crawl):
    """Sitemaps are pruned by their dates, articles by what a feed, a sitemap or their address says."""
    site.pages["/index.xml"] = (
        f"<sitemapindex><sitemap><loc>{site.url}/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap>"
        f"<sitemap><loc>{site.url}/new.xml</loc><lastmod>2026-11-21</lastmod></sitemap></sitemapindex>"
    ).encode()
    site.add_sitemap("/old.xml", [1])
    site.pages[
        "/new.xml"
    ] = b"""<urlset><url><loc>/2026/11/20/in-the-window</loc></url><url><loc>/2026/10/01/before</loc></url>
    <url><loc>/story-1001.html</loc><lastmod>2025-01-01</lastmod></url><url><loc>/story-1002.html</loc></url></urlset>"""
    crawl("sitemap", url=f"{site.url}/index.xml", since="2026-11-15")
    assert set(site.asked()) == {"/index.xml", "/new.xml", "/2026/11/20/in-the-window", "/story-1002.html"}


def test_gaps_of_feeds_are_recorded_and_filled(site, crawl, tmp_path):
    """A feed that has moved on between two crawls is filled up from sitemaps and listings, in full and page by page."""
    site.add_stories(range(40))
    site.add_feed("/rss", range(5), day="18")
    site.add_sitemap("/sitemap.xml", range(5))
    site.add_listing("/world", range(5))
    spider = write_spider(
        tmp_path,
        f"    feeds = ({site.url + '/rss'!r},)\n    archives = ({site.url + '/sitemap.xml'!r},)\n"
        f"    sections = ({site.url + '/world'!r},)\n    pages = 1\n",
    )
    crawl(spider)
    site.add_feed("/rss", range(30, 40), day="21")
    site.add_sitemap("/sitemap.xml", range(20))
    site.add_listing("/world", range(25, 40), "<a href='/world/page/2'>Next</a>")
    site.add_listing("/world/page/2", range(18, 27))
    stats = crawl(spider)
    assert stats["newsclean/gaps"] == 1
    assert all(site.asked()[site.story(n)] == 1 for n in range(40))
    database = state(tmp_path)
    assert database.execute("SELECT since, until FROM gaps").fetchall() == [
        ("2026-11-18T10:00:04.000000+00:00", "2026-11-21T10:00:30.000000+00:00")
    ]
    assert database.execute("SELECT articles > 10, filled_from IS NOT NULL FROM gaps").fetchone() == (1, 1)
    database.close()
    assert "newsclean/gaps" not in crawl(spider)


def test_paged_feeds_are_read_back_to_the_window(site, crawl):
    """A feed with pages before it gives them where a window asks for more than its first page shows."""
    site.add_stories(range(6))
    for page, day in ((1, 21), (2, 20), (3, 10)):
        numbers = range(page * 2 - 2, page * 2)
        entries = "".join(
            f"<entry><link href='{site.story(n)}'/><published>2026-11-{day}T10:00:00Z</published></entry>"
            for n in numbers
        )
        path = "/feed" if page == 1 else f"/feed?page={page}"
        site.pages[path] = f"<feed><link rel='next' href='/feed?page={page + 1}'/>{entries}</feed>".encode()
    crawl("feed", url=f"{site.url}/feed")
    assert "/feed?page=2" not in site.asked()
    crawl("feed", url=f"{site.url}/feed", since="2026-11-15", revisit="none")
    assert site.asked()["/feed?page=3"] == 1
    assert "/feed?page=4" not in site.asked()
    assert [site.asked()[site.story(n)] for n in range(6)] == [1, 1, 1, 1, 0, 0]


def test_canonical_addresses_are_one_story(site, crawl):
    """An address that a fetched page gives itself is not fetched as another article later."""
    site.pages["/rss"] = f"<rss><item><link>{site.url}/amp/story-1001.html</link></item></rss>".encode()
    site.pages["/amp/story-1001.html"] = (
        b"<html><head><link rel='canonical' href='/news/story-1001.html'></head></html>"
    )
    crawl("feed", url=f"{site.url}/rss")
    site.pages["/rss"] = f"<rss><item><link>{site.url}/news/story-1001.html?utm_source=rss</link></item></rss>".encode()
    stats = crawl("feed", url=f"{site.url}/rss")
    assert stats["newsclean/skipped/known"] == 1
    assert "/news/story-1001.html" not in site.asked()


def test_broken_sources_are_counted_and_end_nothing(site, crawl):
    """An error page in the place of a feed is a warning in the counts."""
    site.pages["/rss"] = b"<html>down</html>"
    assert crawl("feed", url=f"{site.url}/rss")["newsclean/broken/feed"] == 1
    assert crawl("sitemap", url=f"{site.url}/rss")["newsclean/broken/sitemap"] == 1
    assert crawl("section", url=f"{site.url}/rss")["newsclean/broken/listing"] == 1
    assert crawl("feed", url=f"{site.url}/nothing")["newsclean/failed/feed"] == 1


@pytest.mark.parametrize(
    ("spider", "arguments", "words"),
    [
        (FeedSpider, {}, "-a url="),
        (SitemapSpider, {"url": "news.example"}, "url=news.example"),
        (SectionSpider, {"url": "https://a.example", "limit": "ten"}, "limit=ten"),
        (FeedSpider, {"url": "https://a.example", "revisit": "often"}, "revisit=often.*due, all, none"),
        (FeedSpider, {"url": "https://a.example", "since": "soon"}, "since=soon: no date"),
        (FeedSpider, {"url": "https://a.example", "until": "9999999d"}, "until=9999999d: lies before the year 1"),
        (FeedSpider, {"url": "https://a.example", "since": "1d", "until": "2d"}, "since=1d: is after until=2d"),
    ],
)
def test_wrong_arguments_are_named(spider, arguments, words):
    """An error names the argument and what it must be."""
    with pytest.raises(ConfigError, match=words):
        spider(**arguments)


def test_an_argument_that_nothing_reads_is_told(caplog):
    """A slip of the pen does not make a crawl without bounds in silence; what a class declares is its own."""

    class Own(FeedSpider):
        depth = 1

    Own(url="https://a.example", sinse="3d", depth="2", _job="7")
    (record,) = caplog.records
    assert "argument sinse: nothing here reads it" in record.getMessage()


def test_sites_are_named_by_their_first_address():
    """Feeds of several addresses go into the archive of the first one's site."""
    spider = FeedSpider.from_crawler(
        get_crawler(FeedSpider), url="https://www.bbc.co.uk/a.xml, https://www.bbc.co.uk/b.xml".replace(", ", ",")
    )
    assert spider.feeds == ("https://www.bbc.co.uk/a.xml", "https://www.bbc.co.uk/b.xml")
    assert spider.site == "bbc.co.uk"


def project_spiders(repository):
    for path in sorted((repository / "spiders").glob("[a-z]*.py")):
        spec = importlib.util.spec_from_file_location(f"project_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield from (
            one
            for one in vars(module).values()
            if isinstance(one, type) and issubclass(one, NewsSpider) and one is not NewsSpider
        )


def test_the_projects_spiders_are_of_known_sites(repository):
    """Each has a profile with article patterns, and addresses of its site that are no articles."""
    spiders = {one.name: one for one in project_spiders(repository)}
    assert set(spiders) == {"chinadaily", "kremlin_en", "kremlin_ru", "tass_com", "tass_ru", "xinhuanet"}
    for name, one in spiders.items():
        spider = one.from_crawler(get_crawler(one))
        sources = (*spider.feeds, *spider.sitemaps, *spider.archives, *spider.sections)
        assert spider.feeds
        for url in sources:
            assert spider.site.endswith(spider.places.site_name(url)), name
            assert spider.places.knows_articles(url), name
            assert spider.places.kind(url) is not PlaceKind.ARTICLE, url
