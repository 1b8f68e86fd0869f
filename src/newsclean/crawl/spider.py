"""`NewsSpider`: finds a site's articles in feeds, sitemaps and listings, and fetches what is new or due.

    class Example(NewsSpider):
        name = "example"
        feeds = ("https://news.example/rss.xml",)
        sections = ("https://news.example/world",)

What is an article is for the site's profile to say. A spider takes nothing out of a page: the archive keeps it.
"""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request, Spider
from scrapy.http import TextResponse

from newsclean.crawl.asking import Asking
from newsclean.crawl.choosing import Choice, as_asked
from newsclean.crawl.delta import feed_view, find_gap
from newsclean.crawl.discovery import (
    Window,
    article_pages,
    read_feed,
    read_listing,
    read_sitemap,
    robots_sitemaps,
)
from newsclean.crawl.discovery.places import PlaceKind, load_places
from newsclean.crawl.discovery.window import read_bound
from newsclean.crawl.frontier import StateScheduler, state_of
from newsclean.crawl.pauses import Turn
from newsclean.crawl.requests import Facts
from newsclean.crawl.responses import asked_url, declared_charset, facts_of_response, gap_of
from newsclean.crawl.state.store import Kind
from newsclean.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from newsclean.crawl.discovery import FeedEntry, Places, SitemapEntry
    from newsclean.crawl.state.store import Gap, State

__all__ = ["NewsSpider"]

_NOT_MODIFIED = 304
_GAP_PAGES = 50
_ARGUMENTS = "since, until, limit, pages, revisit"
_REVISITS = ("due", "all", "none")


class NewsSpider(Spider):
    """Base of all news spiders; what a subclass states are addresses.

    `archives` are sitemaps (or a robots.txt that names them) of all that the site ever published:
    they are read when a window is asked for, and to fill the gaps of feeds. `languages` leaves out
    articles whose address the profile knows to be in another one. `pages` is how far listings are followed.

    Arguments: `since` and `until` (2026-11-01, or 3d for three days ago), `limit` (articles a crawl),
    `pages`, `revisit` (`due`, `all`, `none`: which known articles are asked for changes).
    """

    site: str = ""
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    archives: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    pages: int = 5
    sources: ClassVar[dict[Kind, str]] = {
        Kind.FEED: "parse_feed",
        Kind.SITEMAP: "parse_sitemap",
        Kind.LISTING: "parse_listing",
        Kind.ARTICLE: "parse_article",
    }

    def __init__(
        self,
        name: str | None = None,
        *,
        since: str | None = None,
        until: str | None = None,
        limit: str | int | None = None,
        pages: str | int | None = None,
        revisit: str = "due",
        **kwargs: Any,
    ) -> None:
        super().__init__(name, **kwargs)
        self._bounds = (since, until)
        self._window_at(dt.datetime.now(dt.UTC))  # what cannot be read is told before the crawl
        self.limit = _whole("limit", limit)
        self.pages = _whole("pages", pages) or self.pages
        if revisit not in _REVISITS:
            raise ConfigError(f"revisit={revisit}: must be one of {', '.join(_REVISITS)}")
        self.revisit = revisit
        for key in kwargs:
            if not hasattr(type(self), key) and not key.startswith("_"):  # `_job` is scrapyd's
                self.logger.warning("argument %s: nothing here reads it; did you mean one of %s?", key, _ARGUMENTS)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider, its site named by its first address where the class does not."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.places = load_places(tuple(Path(one) for one in crawler.settings.getlist("NEWSCLEAN_SITES")))
        addresses = (*spider.feeds, *spider.sitemaps, *spider.sections, *spider.archives)
        if not spider.site and addresses:
            spider.site = spider.places.site_name(addresses[0])
        spider.places.warm()
        for method in spider.sources.values():
            # One and the same object for all responses: Scrapy reads the source of each callback that it does not know.
            setattr(spider, method, getattr(spider, method))
        return spider

    places: Places

    @property
    def site_state(self) -> State:
        """The state of the site's crawls; `state` is what Scrapy keeps of a spider in JOBDIR."""
        return state_of(self.crawler)

    @cached_property
    def window(self) -> Window:
        """The span of publication times that is wanted."""
        return self._window_at(self.site_state.clock())

    def _window_at(self, now: dt.datetime) -> Window:
        since, until = self._bounds
        window = Window(
            since=read_bound(since, now=now, name="since"),
            until=read_bound(until, now=now, name="until"),
        )
        if window.since is not None and window.until is not None and window.since > window.until:
            raise ConfigError(f"since={since}: is after until={until}; nothing lies between them")
        return window

    @cached_property
    def _choice(self) -> Choice:
        return Choice(places=self.places, window=self.window, languages=self.languages)

    @cached_property
    def _may_ask_conditionally(self) -> bool:
        """Whether an unchanged source holds nothing for us: the last crawl took all of it that this one wants."""
        last = self.site_state.crawls.last_scope()
        if last is None or (last[0] is None) != (self.window.since is None):
            return False  # without a bound only what sources show first is read, with one they are read back to it
        return Window(since=last[0], until=last[1]).covers(self.window)

    def _count(self, name: str, number: int = 1) -> None:
        self.crawler.stats.inc_value(f"newsclean/{name}", number)

    # ---- what a crawl begins with ----

    async def start(self) -> AsyncIterator[Any]:
        """Yield the sources, then the known articles that are to be asked for changes."""
        self._note_scope()
        wants_archives = any(self._bounds) or not (self.feeds or self.sitemaps or self.sections)
        for url in self.feeds:
            yield self._asking.source(url, Kind.FEED)
        for url in (*self.sitemaps, *(self.archives if wants_archives else ())):
            yield self._asking.source(url, Kind.SITEMAP)
        for url in self.sections:
            yield self._asking.source(url, Kind.LISTING)
        if self.revisit != "none":
            turn = Turn()
            for row in self.site_state.seen_rows.due(self.site_state.clock(), everything=self.revisit == "all"):
                await turn.end_if_long()
                if self._choice.is_wanted_language(row.url):
                    yield self._asking.known(row.url, row, found_in=row.found_in, why="due")

    def _note_scope(self) -> None:
        number = self._crawl_number()
        if number:
            self.site_state.begin()
            self.site_state.crawls.set_scope(number, self.window)

    def _crawl_number(self) -> int:
        engine = self.crawler.engine
        scheduler = engine.scheduler if engine else None
        return scheduler.crawl if isinstance(scheduler, StateScheduler) else 0

    @cached_property
    def _asking(self) -> Asking:
        return Asking(
            choice=self._choice,
            state=self.site_state,
            callbacks={kind: getattr(self, name) for kind, name in self.sources.items()},
            count=self._count,
            crawl=self._crawl_number(),
            limit=self.limit,
            revisits=self.revisit != "none",
            is_conditional=self._may_ask_conditionally,
        )

    # ---- what sources answer ----

    def parse(self, response: Response, **_: Any) -> Any:
        """Give what the callback gives that such an address is for; of requests that have none, and `scrapy parse`."""
        return getattr(self, self.sources[self._kind_of(asked_url(response))])(response)

    def _kind_of(self, url: str) -> Kind:
        named = {Kind.FEED: self.feeds, Kind.SITEMAP: (*self.sitemaps, *self.archives), Kind.LISTING: self.sections}
        by_name = next((kind for kind, urls in named.items() if url in map(as_asked, urls)), None)
        is_article = self.places.kind(url) is PlaceKind.ARTICLE
        return by_name or (Kind.ARTICLE if is_article else Kind.LISTING)

    def _is_unchanged(self, response: Response, kind: Kind) -> bool:
        """Count a response, and tell whether there is nothing new in it."""
        if response.status == _NOT_MODIFIED:
            self._count(f"not_modified/{kind}")
            return True
        self._count(f"fetched/{kind}")
        return False

    def parse_feed(self, response: Response) -> Iterator[Request]:
        """Yield the articles of a feed, and where to look for those that it has lost."""
        if self._is_unchanged(response, Kind.FEED):
            return
        facts, url = facts_of_response(response, Kind.FEED), asked_url(response)
        feed = read_feed(response.body, url=response.url, charset=declared_charset(response))
        if not feed.is_feed:
            self._count("broken/feed")
            self.logger.warning("%s is no feed", response.url)
            return
        gap = self._gap(url, feed.entries) if not facts.gap and facts.page == 1 else None
        for entry in feed.entries:
            request = self._asking.article(
                entry.url, facts, found_in=url, published=entry.published, modified=entry.updated
            )
            if request:
                yield request
        if gap:
            yield from self._fill(gap)
        if feed.older and self._goes_back(facts, gap, feed.entries):
            older_gap = gap or gap_of(facts, url)
            yield self._asking.source(feed.older, Kind.FEED, page=facts.page + 1, found_in=url, gap=older_gap)

    def _gap(self, url: str, entries: tuple[FeedEntry, ...]) -> Gap | None:
        view = feed_view(url, entries, now=self.site_state.clock())
        gap = self.site_state.record_feed(view, find_gap(self.site_state.feeds.get(url), view))
        if gap:
            self._count("gaps")
            self.logger.warning("%s has lost entries between %s and %s", url, gap.since, gap.until)
        return gap

    def _goes_back(self, facts: Facts, gap: Gap | None, entries: tuple[FeedEntry, ...]) -> bool:
        """Tell whether the page before of a paged feed is wanted: for a gap, or for the rest of the window."""
        last = entries[-1].published if entries else None
        since = gap.since if gap else facts.gap_since if facts.gap else self.window.since
        is_wanted = bool(gap or facts.gap or self.window.since)
        return is_wanted and facts.page < _GAP_PAGES and not Window(since=since).is_before(last)

    def _fill(self, gap: Gap) -> Iterator[Request]:
        """Yield what a feed's gap can be filled from."""
        for url in self.sitemaps or self.archives:
            yield self._asking.source(url, Kind.SITEMAP, gap=gap)
        for url in self.sections:
            yield self._asking.source(url, Kind.LISTING, gap=gap)

    async def parse_sitemap(self, response: Response) -> AsyncIterator[Request]:
        """Yield the articles and further sitemaps of a sitemap, of an index, or of a robots.txt."""
        facts, url = facts_of_response(response, Kind.SITEMAP), asked_url(response)
        if self._is_unchanged(response, Kind.SITEMAP):
            for row in self.site_state.seen_rows.sitemaps_in(url):
                yield self._asking.source(row.url, Kind.SITEMAP, found_in=url, gap=gap_of(facts, url))
            return
        if response.url.partition("?")[0].endswith("/robots.txt"):
            for one in robots_sitemaps(response.body, url=response.url):
                yield self._asking.source(one, Kind.SITEMAP, found_in=url, gap=gap_of(facts, url))
            return
        count, turn = 0, Turn()
        for entry in read_sitemap(response.body, url=response.url, charset=declared_charset(response)):
            count += 1
            await turn.end_if_long()
            request = self._of_sitemap(entry, facts, url)
            if request:
                yield request
        if not count:
            self._count("broken/sitemap")
            self.logger.warning("%s is no sitemap, or an empty one", response.url)

    def _of_sitemap(self, entry: SitemapEntry, facts: Facts, found_in: str) -> Request | None:
        if not entry.is_sitemap:
            # A page that has not changed since the window opened was not published in it.
            published = entry.published or self.places.published(entry.url)
            if published is None and self.window.is_before(entry.lastmod):
                self._count("skipped/outside_window")
                return None
            return self._asking.article(
                entry.url, facts, found_in=found_in, published=published, modified=entry.lastmod
            )
        if self.window.is_before(entry.lastmod):
            self._count("skipped/old_sitemap")
            return None
        row = self.site_state.seen(as_asked(entry.url))
        is_known = (
            row is not None and entry.lastmod is not None and not row.failures and entry.lastmod.at < row.fetched_at
        )
        if is_known and self._may_ask_conditionally and not facts.gap:
            self._count("skipped/known_sitemap")
            return None
        return self._asking.source(entry.url, Kind.SITEMAP, found_in=found_in, gap=gap_of(facts, found_in))

    def parse_listing(self, response: Response) -> Iterator[Request]:
        """Yield the articles of a section's page and its next page, as long as there is something new."""
        if self._is_unchanged(response, Kind.LISTING):
            return
        facts, url = facts_of_response(response, Kind.LISTING), asked_url(response)
        if not isinstance(response, TextResponse):
            self._count("broken/listing")
            return
        listing = read_listing(response.selector, url=response.url, places=self.places)
        fresh, dates = 0, []
        for address in listing.articles:
            dates.append(self.places.published(address))
            request = self._asking.article(address, facts, found_in=url)
            if request:
                fresh += 1
                yield request
        if not listing.articles:
            self._count("broken/listing")
            self.logger.warning("%s links to no article", response.url)
        since = facts.gap_since if facts.gap else self.window.since
        is_past = bool(dates) and all(Window(since=since).is_before(date) for date in dates)
        may_go_on = facts.page < (_GAP_PAGES if facts.gap else self.pages) and (fresh or facts.gap or since)
        if listing.next_page and may_go_on and not is_past:
            gap = gap_of(facts, url)
            yield self._asking.source(listing.next_page, Kind.LISTING, page=facts.page + 1, found_in=url, gap=gap)

    def parse_article(self, response: Response) -> Iterator[Request]:
        """Count what came of an article's visit; yield its further pages."""
        if self._is_unchanged(response, Kind.ARTICLE):
            return
        url = asked_url(response)
        row = self.site_state.seen(url)
        if row is not None and row.first_fetched_at < row.fetched_at:
            self._count("changed/article" if row.changed_at == row.fetched_at else "unchanged/article")
        if not isinstance(response, TextResponse):
            return
        stated = response.xpath("//link[@rel='canonical']/@href").get() or ""
        canonical = self.places.clean(response.urljoin(stated)) if stated.strip() else None
        if canonical and self.places.same_site(canonical, response.url):
            self.site_state.name_canonical(url, canonical)
        for address in article_pages(response.selector, url=response.url, places=self.places):
            request = self._asking.article(address, Facts(kind=Kind.ARTICLE), found_in=url)
            if request:
                yield request


def _whole(name: str, value: str | int | None) -> int | None:
    if value is None or value == "":
        return None
    if not str(value).isdigit():
        raise ConfigError(f"{name}={value}: must be a whole number")
    return int(value)
