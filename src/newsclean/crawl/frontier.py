"""The frontier as Scrapy's scheduler: every request in the site's state, so that a kill at any moment loses none.

    SCHEDULER = "newsclean.crawl.frontier.StateScheduler"
    SPIDER_MIDDLEWARES = {"newsclean.crawl.frontier.FrontierMiddleware": 10}

A request is `done` when all that its callback gave has come to the scheduler, not when the callback
returned: Scrapy reads a callback's output ahead and schedules it later. Redirects and retries are
requests of the downloader middlewares; they end the request that they stand for, or queue it again.
"""

from __future__ import annotations

import logging
from collections import deque
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.core.scheduler import BaseScheduler
from scrapy.exceptions import CloseSpider
from scrapy.spidermiddlewares.httperror import HttpError

from newsclean.crawl.callbacks import Callback, Errback
from newsclean.crawl.delta import Fetch, seen_after
from newsclean.crawl.fetches import fetch_row, revisits_of
from newsclean.crawl.heartbeat import Heartbeat
from newsclean.crawl.requests import facts_of, read_request, write_request
from newsclean.crawl.site_state import state_of
from newsclean.crawl.state.store import Fate, Kind, Place, Queued

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import Self

    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response

__all__ = [
    "ARCHIVED",
    "FETCHED_AT",
    "FINGERPRINT",
    "MAX_FAILURES",
    "FrontierMiddleware",
    "StateScheduler",
    "state_of",
]

FINGERPRINT = "newsclean_fingerprint"  # in a request's meta: its key in the frontier
ARCHIVED = "newsclean_archived"  # in a request's meta: [file, offset, length] of a response that is in the archive
FETCHED_AT = "newsclean_fetched_at"  # in a request's meta: when its response came, which is archived and noted
MAX_FAILURES = 1_000  # so many are named in a crawl's report
_log = logging.getLogger(__name__)


class StateScheduler(BaseScheduler):
    """Keeps requests in the state of the spider's site; each fingerprint and each story once a crawl.

    Requests that cannot be written (a callback that is no method of the spider) are kept in memory, with a warning.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._state = state_of(crawler)
        self._stats = crawler.stats
        self._revisits = revisits_of(crawler.settings)
        self._in_memory: deque[Request] = deque()
        self._parents: WeakKeyDictionary[Request, Callback] = WeakKeyDictionary()
        self._crawl = 0
        self._heartbeat = Heartbeat(crawler, self._state)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the scheduler of a crawler."""
        return cls(crawler)

    def open(self, spider: Spider) -> None:
        """Go on with the crawl that did not end, else begin one."""
        self._spider = spider
        self._state.begin()
        if not self._crawler.settings.getbool("NEWSCLEAN_RESUME", default=True):
            self._drop_open_crawl()
        self._crawl, goes_on = self._state.crawls.begin(now=self._state.clock())
        waiting = self._state.frontier.reopen()
        self._state.commit()
        self._crawler.signals.connect(self._heartbeat.start, signal=signals.engine_started)
        if goes_on:
            _log.info("Going on with crawl %d: %d requests wait", self._crawl, waiting, extra={"spider": spider})
            self._stats.set_value("newsclean/resumed", waiting)

    def _drop_open_crawl(self) -> None:
        number = self._state.crawls.open_crawl()
        if number is not None:
            self._state.frontier.clear()
            self._state.crawls.end(number, outcome="dropped", counts={}, now=self._state.clock())

    @property
    def crawl(self) -> int:
        """The number of the crawl in the state."""
        return self._crawl

    def close(self, reason: str) -> None:
        """End the crawl if it has come to its end; any other reason leaves it to be gone on with."""
        self._heartbeat.stop()
        self._state.begin()
        for fate, count in self._state.frontier.counts().items():
            self._stats.set_value(f"newsclean/frontier/{fate}", count)
        self._stats.set_value("newsclean/failures", self._state.frontier.failures(limit=MAX_FAILURES))
        if reason == "finished" and not self.has_pending_requests():
            counts = {
                name.removeprefix("newsclean/"): value
                for name, value in self._stats.get_stats().items()
                if name.startswith("newsclean/") and isinstance(value, int)
            }
            self._state.crawls.end(self._crawl, outcome=reason, counts=counts, now=self._state.clock())
            self._state.frontier.clear()
        self._state.commit()

    def has_pending_requests(self) -> bool:
        """Tell whether requests wait."""
        return bool(self._state.frontier.queued or self._in_memory)

    def __len__(self) -> int:
        return self._state.frontier.queued + len(self._in_memory)

    # ---- requests come in ----

    def enqueue_request(self, request: Request) -> bool:
        """Take a request; False for one that is known, or another address of a story that is."""
        is_new = self._put(request)
        self._stats.inc_value("scheduler/enqueued" if is_new else "dupefilter/filtered")
        parent = self._parents.pop(request, None)
        if parent is not None:
            self._came(parent)
        return is_new

    def _put(self, request: Request) -> bool:
        fingerprint = self._crawler.request_fingerprinter.fingerprint(request)
        before = request.meta.get(FINGERPRINT)
        facts = facts_of(request)
        try:
            blob = write_request(_bare(request), self._spider, without=(FINGERPRINT, ARCHIVED, FETCHED_AT))
        except (TypeError, ValueError) as error:
            return self._put_in_memory(request, error)
        entry = Queued(
            fingerprint=fingerprint,
            url=request.url,
            request=blob,
            kind=facts.kind,
            story=facts.story if facts.kind is Kind.ARTICLE else None,
            priority=request.priority,
        )
        if before is not None and before != fingerprint and self._is_redirect(request, before):
            return self._put_instead(entry, before, request)
        return self._state.put(entry, again=self._is_again(request, fingerprint, before))

    def _is_redirect(self, request: Request, before: bytes) -> bool:
        """Tell a redirect from a follow-up that has inherited its parent's meta."""
        passed: list[str] = request.meta.get("redirect_urls") or []
        return bool(passed) and passed[-1] == self._state.frontier.url_of(before)

    def _put_instead(self, entry: Queued, before: bytes, request: Request) -> bool:
        """Queue where a redirect leads, and end the request that was redirected; one that leads back has failed."""
        known = self._state.frontier.fate(entry.fingerprint)
        if known is not None and request.url in request.meta["redirect_urls"]:
            self._state.failed(before, f"redirect loop: back to {request.url}")
            self._stats.inc_value(f"newsclean/failed/{facts_of(request).kind}")
            self._stats.inc_value("newsclean/failed_by/redirect loop")
            return False
        is_new = known is None or (request.dont_filter and known in {Fate.DONE, Fate.FAILED})
        if is_new:
            self._state.put(entry, again=True)
        self._state.done(before)
        return is_new

    def _is_again(self, request: Request, fingerprint: bytes, before: bytes | None) -> bool:
        """Tell whether a request counts although it is known: a retry, or a spider's wish (`dont_filter`).

        Not those of `start()`: a crawl that goes on runs it anew.
        """
        if before == fingerprint and self._state.frontier.fate(fingerprint) in {Fate.INFLIGHT, Fate.FETCHED}:
            return True
        return request.dont_filter and not request.meta.get("is_start_request")

    def _put_in_memory(self, request: Request, error: Exception) -> bool:
        _log.warning("%s is lost if the crawl is cut: it cannot be written: %s", request, error)
        self._stats.inc_value("scheduler/unserializable")
        self._in_memory.append(request)
        return True

    # ---- requests go out ----

    def next_request(self) -> Request | None:
        """Hand out a request; `ARCHIVED` in its meta says that its response is in the archive."""
        if self._in_memory:
            return self._in_memory.popleft()
        while self._state.frontier.queued:
            taken = self._state.take()
            if taken is None:
                return None
            try:
                request = read_request(taken.request, self._spider)
            except ValueError as error:
                self._state.failed(taken.fingerprint, f"unreadable: {error}")
                continue
            request.meta[FINGERPRINT] = taken.fingerprint
            if taken.place is not None:
                request.meta[ARCHIVED] = [taken.place.file, taken.place.offset, taken.place.length]
            request.errback = Errback(self.failed, request.errback)
            self._stats.inc_value("scheduler/dequeued")
            return request
        return None

    # ---- what becomes of them ----

    def keep(self, response: Response) -> None:
        """Note a response that no archive has noted."""
        fingerprint = response.request.meta.get(FINGERPRINT) if response.request else None
        if response.request is None or fingerprint is None or FETCHED_AT in response.meta:
            return
        if self._state.frontier.fate(fingerprint) is not Fate.INFLIGHT:
            return
        archived = response.meta.get(ARCHIVED)
        if archived is not None:
            self._state.refetched(fingerprint, Place(file=archived[0], offset=archived[1], length=archived[2]))
        else:
            before = self._state.seen(response.request.url)
            row = fetch_row(response, before=before, revisits=self._revisits, fetched_at=self._state.clock())
            self._state.record_fetch(fingerprint, row)

    def expect(self, request: Request, parent: Callback) -> None:
        """Note that a request is on its way from a callback to the scheduler."""
        parent.awaited += 1
        self._parents[request] = parent

    def exhausted(self, parent: Callback) -> None:
        """Note that a callback has given all."""
        parent.is_exhausted = True
        self._settle(parent)

    def _came(self, parent: Callback) -> None:
        parent.awaited -= 1
        self._settle(parent)

    def _settle(self, parent: Callback) -> None:
        if parent.is_exhausted and not parent.awaited and parent.fingerprint is not None:
            self._state.done(parent.fingerprint)

    def failed(self, request: Request, reason: str, *, is_refused: bool = False) -> None:
        """Note that a request came to nothing; one that was refused by us says nothing of its URL."""
        fingerprint = request.meta.get(FINGERPRINT)
        if fingerprint is None:
            return
        row = None
        if self._state.frontier.fate(fingerprint) is Fate.INFLIGHT and not is_refused:
            facts = facts_of(request)
            fetch = Fetch(
                url=request.url,
                kind=facts.kind,
                status=None,
                fetched_at=self._state.clock(),
                story_key=facts.story,
                published_at=facts.published_at,
                found_in=facts.found_in,
            )
            row = seen_after(fetch, self._state.seen(request.url), self._revisits)
        self._state.failed(fingerprint, reason, row)
        self._stats.inc_value(f"newsclean/failed/{facts_of(request).kind}")
        self._stats.inc_value(f"newsclean/failed_by/{reason.partition(':')[0]}")


def _bare(request: Request) -> Request:
    """Return a request with the errback that its spider gave it."""
    if isinstance(request.errback, Errback):
        return request.replace(errback=request.errback.inner)
    return request


class FrontierMiddleware:
    """Tells the scheduler what comes of responses; the spider middleware nearest to the engine."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware of a crawler."""
        return cls(crawler)

    def _scheduler(self) -> StateScheduler | None:
        engine = self._crawler.engine
        scheduler = engine.scheduler if engine else None
        return scheduler if isinstance(scheduler, StateScheduler) else None

    def process_spider_input(self, response: Response) -> None:
        """See that the response is noted before the spider has it."""
        scheduler = self._scheduler()
        if scheduler is not None:
            scheduler.keep(response)

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Pass the output on, counting the requests in it."""
        scheduler = self._scheduler()
        callback = Callback(response.meta.get(FINGERPRINT) if response.request else None)
        async for output in result:
            if scheduler is not None and isinstance(output, Request):
                scheduler.expect(output, callback)
            yield output
        if scheduler is not None:
            scheduler.exhausted(callback)

    def process_spider_exception(self, response: Response, exception: Exception) -> None:
        """Note that a callback broke; its response stays in the archive."""
        scheduler = self._scheduler()
        if scheduler is not None and response.request and not isinstance(exception, CloseSpider | HttpError):
            reason = f"callback: {type(exception).__name__}: {exception}"
            scheduler.failed(response.request, reason, is_refused=True)
