"""Cleaning during the crawl, for those who ask for it; never on the reactor.

    NEWSCLEAN_CLEAN = True      or: newsclean crawl NAME --clean

Spiders of newsclean take nothing out of pages, so a spider middleware makes an item of each article
page that they fetch. A spider of somebody else may yield `PageItem` itself, or any item with `url`
and `body`. The pipeline has them cleaned in processes and passes on `CleanedPage`; a page that is
no article is dropped, with its reason counted. The archive keeps all pages either way.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from itemadapter import ItemAdapter
from scrapy.exceptions import DropItem
from scrapy.http import TextResponse

from newsclean.crawl.frontier import ARCHIVED
from newsclean.crawl.requests import facts_of
from newsclean.crawl.state.store import Kind
from newsclean.dataset.export.feed import warm
from newsclean.extract.routing import load_router
from newsclean.model import PageOutcome, RawPage
from newsclean.run.api import site_folders
from newsclean.run.fingerprint import new_stamp
from newsclean.run.options import Limits, usable_cores
from newsclean.run.page_worker import PageSetup, PageWorker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from newsclean.dataset import RunStamp

__all__ = ["CleanedPage", "CleaningPipeline", "PageItem", "PageItemMiddleware", "stamp_of"]

_STAMPS: WeakKeyDictionary[Crawler, RunStamp] = WeakKeyDictionary()
_NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class PageItem:
    """A page to be cleaned."""

    page: RawPage


@dataclass(frozen=True, slots=True)
class CleanedPage:
    """A page with its articles: what the pipeline passes on."""

    outcome: PageOutcome


def stamp_of(crawler: Crawler) -> RunStamp:
    """Return the stamp on all rows of a crawl."""
    if crawler not in _STAMPS:
        router = load_router(site_folders(crawler.settings.getlist("NEWSCLEAN_SITES")))
        _STAMPS[crawler] = new_stamp(router, language_backend=crawler.settings.get("NEWSCLEAN_LANGUAGE", "auto"))
    return _STAMPS[crawler]


class PageItemMiddleware:
    """Makes an item of each article page, before what its callback yields."""

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Yield the page if it is an article's, then the callback's output."""
        request = response.request
        is_article = request is not None and facts_of(request).kind is Kind.ARTICLE
        if is_article and isinstance(response, TextResponse) and response.status != _NOT_MODIFIED:
            yield PageItem(_raw_page(response))
        async for output in result:
            yield output


class CleaningPipeline:
    """Cleans the pages among the items in `NEWSCLEAN_WORKERS` processes (default: one a core but one)."""

    def __init__(self, setup: PageSetup, crawler: Crawler, *, workers: int) -> None:
        self._crawler = crawler
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="newsclean-clean")
        self._workers = deque(PageWorker(setup) for _ in range(workers))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the pipeline; raises ConfigError for a profile that cannot be used."""
        # Both take half a second, which is now and not when the first page comes.
        stamp_of(crawler)
        warm()
        settings = crawler.settings
        setup = PageSetup(
            profiles=load_router(site_folders(settings.getlist("NEWSCLEAN_SITES"))).profiles,
            language_backend=settings.get("NEWSCLEAN_LANGUAGE", "auto"),
            limits=Limits(page_timeout_s=settings.getfloat("NEWSCLEAN_PAGE_TIMEOUT_S", 30.0)),
        )
        return cls(setup, crawler, workers=settings.getint("NEWSCLEAN_WORKERS") or max(1, usable_cores() - 1))

    async def open_spider(self) -> None:
        """Start the processes, so that the first pages find them ready."""
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(self._threads, worker.start) for worker in self._workers))

    async def process_item(self, item: Any) -> Any:
        """Return the cleaned page for a page, and any other item as it is; drop a page that is no article."""
        page = _page_of(item)
        if page is None:
            return item
        outcome = await asyncio.get_running_loop().run_in_executor(self._threads, self._clean, page)
        stats = self._crawler.stats
        if outcome.rejection is not None:
            stats.inc_value(f"newsclean/rejected/{outcome.rejection.reason}")
            raise DropItem(f"{page.url}: {outcome.rejection.reason}: {outcome.rejection.detail}", log_level="INFO")
        stats.inc_value("newsclean/articles", len(outcome.articles))
        return CleanedPage(outcome)

    async def close_spider(self) -> None:
        """End the processes; all items have come back by now."""
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.close()

    def _clean(self, page: RawPage) -> PageOutcome:
        # As many workers as threads, so there is always one; deques are safe between threads.
        worker = self._workers.popleft()
        try:
            return worker.clean(page)
        finally:
            self._workers.append(worker)


def _raw_page(response: Response) -> RawPage:
    place = response.meta.get(ARCHIVED) or [None, None]
    declared = (response.headers.get(b"Content-Type") or b"").decode("latin-1")
    media_type, _, rest = declared.partition(";")
    charset = rest.lower().partition("charset=")[2].split(";")[0].strip(" \"'")
    return RawPage(
        body=response.body,
        raw_path=place[0] or response.url,
        raw_offset=place[1],
        url=response.url,
        media_type=media_type.strip().lower() or None,
        charset=charset or None,
        status=response.status,
        fetched_at=dt.datetime.now(dt.UTC),
        source="crawl",
    )


def _page_of(item: Any) -> RawPage | None:
    if isinstance(item, PageItem):
        return item.page
    if not ItemAdapter.is_item(item):
        return None
    fields = ItemAdapter(item)
    body, url = fields.get("body"), fields.get("url")
    if not isinstance(body, bytes | str) or not isinstance(url, str):
        return None
    content = body.encode() if isinstance(body, str) else body
    return RawPage(
        body=content, raw_path=url, url=url, charset="utf-8" if isinstance(body, str) else None, source="crawl"
    )
