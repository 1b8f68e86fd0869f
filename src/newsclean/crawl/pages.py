"""Page objects for web-poet (extra `poet`): a page's article, or single fields of it, where a spider asks for them.

    class Spider(scrapy.Spider):
        async def parse(self, response: DummyResponse, page: ArticlePage):
            yield await page.to_item()

A subclass overrides a field as in any page object, and all others stay. Pages are cleaned in a
process of their own, not on the reactor. For all pages of a crawl see `newsclean.crawl.pipeline`.
"""

from __future__ import annotations

import asyncio
import inspect
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from web_poet import WebPage, cached_method, field
from web_poet.fields import get_fields_dict

from newsclean.errors import ExtractionFailed
from newsclean.extract.routing import load_router
from newsclean.model import Article, RawPage
from newsclean.run.api import site_folders
from newsclean.run.options import Limits
from newsclean.run.page_worker import PageSetup, PageWorker

if TYPE_CHECKING:
    from newsclean.model import Caption, Moment, PageOutcome

__all__ = ["ArticlePage"]


class ArticlePage(WebPage[Article]):
    """The first article of a page; `outcome` has all of them, and what was removed."""

    @cached_method
    async def outcome(self) -> PageOutcome:
        """Return what becomes of the page."""
        cleaner = _cleaner()
        return await asyncio.get_running_loop().run_in_executor(cleaner.thread, cleaner.worker.clean, self._raw_page())

    @cached_method
    async def article(self) -> Article:
        """Return the first article as it was read; raises ExtractionFailed for a page without one."""
        outcome = await self.outcome()
        if outcome.rejection is not None:
            raise ExtractionFailed(outcome.rejection.reason, f"{self.response.url}: {outcome.rejection.detail}")
        return outcome.articles[0]

    async def to_item(self) -> Article:
        """Return the article with the values of all fields, those that a subclass overrides among them."""
        values: dict[str, Any] = {}
        for name in get_fields_dict(self):
            value = getattr(self, name)
            values[name] = await value if inspect.isawaitable(value) else value
        return replace(await self.article(), **values)

    @field
    async def title(self) -> str | None:
        """The headline."""
        return (await self.article()).title

    @field
    async def standfirst(self) -> str | None:
        """The summary below the headline."""
        return (await self.article()).standfirst

    @field
    async def body(self) -> str:
        """The text, blocks parted by a blank line."""
        return (await self.article()).body

    @field
    async def byline(self) -> str | None:
        """The byline as printed."""
        return (await self.article()).byline

    @field
    async def authors(self) -> tuple[str, ...]:
        """The names of the authors."""
        return (await self.article()).authors

    @field
    async def section(self) -> str | None:
        """The section of the site."""
        return (await self.article()).section

    @field
    async def captions(self) -> tuple[Caption, ...]:
        """The captions of the pictures."""
        return (await self.article()).captions

    @field
    async def published(self) -> Moment | None:
        """When it was published, as far as the page says."""
        return (await self.article()).published

    def _raw_page(self) -> RawPage:
        declared = self.response.headers.get("Content-Type") or ""
        return RawPage(
            body=bytes(self.response.body),
            raw_path=str(self.response.url),
            url=str(self.response.url),
            media_type=declared.partition(";")[0].strip().lower() or None,
            charset=self.response.headers.declared_encoding(),
            status=self.response.status,
            source="crawl",
        )


class _Cleaner:
    """One process and the thread that waits for it; both end with this process."""

    def __init__(self) -> None:
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="newsclean-page")
        profiles = load_router(site_folders(())).profiles
        self.worker = PageWorker(PageSetup(profiles=profiles, language_backend="auto", limits=Limits()))


@cache
def _cleaner() -> _Cleaner:
    return _Cleaner()
