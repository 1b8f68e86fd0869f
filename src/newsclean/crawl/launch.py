"""Run one spider in this process and say what it did: what `newsclean crawl` calls."""

from __future__ import annotations

import asyncio
import difflib
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings
from scrapy.utils.asyncio import create_looping_call
from scrapy.utils.conf import closest_scrapy_cfg
from scrapy.utils.project import get_project_settings

from newsclean.errors import ConfigError, NewscleanError, RunError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

__all__ = ["CrawlProgress", "CrawlReport", "crawl", "project_settings"]

_ADDON: Final = "newsclean.crawl.addon.NewscleanAddon"
_TICK_S: Final = 0.2
_SOURCES: Final = ("feed", "sitemap", "listing")
_FORMATS: Final = ("parquet", "jsonl", "jsonlines", "json", "csv", "xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlProgress:
    """How far a crawl is; `waiting` are the requests in the frontier."""

    responses: int
    articles: int
    waiting: int
    elapsed_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """What a crawl did. `finish_reason` is Scrapy's, `finished` for one that came to its end.

    `articles` were fetched, `unchanged` those of them and of the sources that a server said had not
    changed (304), `known` those that needed no request. robots.txt did not allow `forbidden` requests,
    and for `robots_unavailable` it could not be had, so that they were not made. `counts`
    are all of newsclean's own figures, `failures` are kind, URL and reason of what failed (the first
    thousand). The archive is in the folder `site` of the one for raw pages; `is_empty`: the spider found
    nothing.
    """

    spider: str
    site: str
    finish_reason: str
    requests: int
    responses: int
    received_bytes: int
    articles: int
    unchanged: int
    known: int
    items: int
    failed: int
    refused: int
    forbidden: int
    robots_unavailable: int
    retries: int
    duration_s: float
    by_status: dict[str, int] = field(default_factory=dict)
    counts: dict[str, float] = field(default_factory=dict)
    failures: tuple[tuple[str, str, str], ...] = ()
    troubles: tuple[str, ...] = ()
    is_empty: bool = False

    @property
    def is_interrupted(self) -> bool:
        """Whether somebody ended the crawl; it goes on where it was when it is started again."""
        return self.finish_reason == "shutdown"

    def values(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return asdict(self) | {"troubles": list(self.troubles)}


def crawl(
    name: str,
    *,
    arguments: Mapping[str, str] | None = None,
    settings: Mapping[str, Any] | None = None,
    output: Path | None = None,
    on_progress: Callable[[CrawlProgress], None] = lambda _: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> CrawlReport:
    """Run the spider `name` of the project in the working directory, once in a process.

    `arguments` are the spider's, `settings` go before all others, `output` is a feed for its items
    (the suffix is the format), for which pages are cleaned as they come. Raises ConfigError.
    """
    chosen = project_settings()
    chosen.setdict(_feed(output), priority="cmdline")
    chosen.setdict(dict(settings or {}), priority="cmdline")
    process = AsyncCrawlerProcess(chosen)
    crawler = _crawler(process, name)
    watch = _Watch(process, crawler, on_progress, should_stop)
    task = process.crawl(crawler, **(arguments or {}))
    watch.start()
    process.start(install_signal_handlers=False)
    _raise_if_failed(task)
    return _report(crawler, watch.elapsed_s)


def project_settings() -> Settings:
    """Return the settings of the Scrapy project around the working directory, with the add-on in any case."""
    if closest_scrapy_cfg():
        try:
            settings = get_project_settings()
        except ImportError as error:
            raise ConfigError(f"scrapy.cfg: the settings it names cannot be imported: {error}") from error
    else:
        if str(Path.cwd()) not in sys.path:
            sys.path.insert(0, str(Path.cwd()))  # for a folder spiders/ without a scrapy.cfg
        settings = Settings()
        settings.setmodule("newsclean.crawl.settings", priority="project")
    addons = settings.getdict("ADDONS")
    if _ADDON not in addons:
        settings.set("ADDONS", {**addons, _ADDON: 500}, priority="project")
    return settings


class _Watch:
    """Looks, some times a second, how the crawl goes and whether it is to end."""

    def __init__(
        self,
        process: AsyncCrawlerProcess,
        crawler: Crawler,
        on_progress: Callable[[CrawlProgress], None],
        should_stop: Callable[[], bool],
    ) -> None:
        self._process = process
        self._crawler = crawler
        self._on_progress = on_progress
        self._should_stop = should_stop
        self._started = time.monotonic()
        self._stopping: asyncio.Task[None] | None = None

    @property
    def elapsed_s(self) -> float:
        return time.monotonic() - self._started

    def start(self) -> None:
        from twisted.internet import reactor  # noqa: PLC0415  (installs a reactor when it is imported)

        reactor.callWhenRunning(lambda: create_looping_call(self._look).start(_TICK_S, now=False))

    def _look(self) -> None:
        if self._should_stop() and self._stopping is None:
            self._stopping = asyncio.get_running_loop().create_task(self._process.stop())
        if self._crawler.crawling and self._crawler._stats is not None:  # noqa: SLF001  (it is not there from the start)
            self._on_progress(_progress(self._crawler, self.elapsed_s))


def _crawler(process: AsyncCrawlerProcess, name: str) -> Crawler:
    try:
        return process.create_crawler(name)
    except KeyError:
        known = process.spider_loader.list()
        near = difflib.get_close_matches(name, known, n=1)
        remedy = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known)) or 'none'}"
        raise ConfigError(f"{name}: no such spider; {remedy}") from None


def _feed(output: Path | None) -> dict[str, Any]:
    if output is None:
        return {}
    form = output.suffix.lstrip(".")
    if form not in _FORMATS:
        raise ConfigError(f"{output}: no feed is written as .{form}; known are {', '.join(_FORMATS)}")
    return {"FEEDS": {str(output): {"format": form, "overwrite": True}}, "NEWSCLEAN_CLEAN": True}


def _raise_if_failed(task: asyncio.Task[None]) -> None:
    error = task.exception() if task.done() and not task.cancelled() else None
    if isinstance(error, NewscleanError):
        raise error
    if error is not None:
        raise RunError(f"the crawl could not begin: {type(error).__name__}: {error}") from error


def _progress(crawler: Crawler, elapsed_s: float) -> CrawlProgress:
    stats = crawler.stats
    handed_in = stats.get_value("scheduler/enqueued", 0)
    return CrawlProgress(
        responses=stats.get_value("response_received_count", 0),
        articles=stats.get_value("newsclean/fetched/article", 0),
        waiting=max(0, handed_in - stats.get_value("scheduler/dequeued", 0)),
        elapsed_s=elapsed_s,
    )


def _report(crawler: Crawler, elapsed_s: float) -> CrawlReport:
    stats: dict[str, Any] = crawler.stats.get_stats()
    ours = {name.removeprefix("newsclean/"): value for name, value in stats.items() if name.startswith("newsclean/")}
    failures = ours.pop("failures", ())
    return CrawlReport(
        spider=crawler.spidercls.name,
        site=getattr(crawler.spider, "site", None) or crawler.spidercls.name,
        finish_reason=stats.get("finish_reason", "unknown"),
        requests=stats.get("downloader/request_count", 0),
        responses=stats.get("downloader/response_count", 0),
        received_bytes=stats.get("downloader/response_bytes", 0),
        articles=ours.get("fetched/article", 0),
        unchanged=_sum(ours, "not_modified/"),
        known=ours.get("skipped/known", 0),
        items=stats.get("item_scraped_count", 0),
        failed=_sum(ours, "failed/"),
        refused=ours.get("refused", 0),
        forbidden=stats.get("robotstxt/forbidden", 0),
        robots_unavailable=stats.get("robotstxt/unavailable", 0),
        retries=stats.get("retry/count", 0),
        duration_s=elapsed_s,
        by_status=_under(stats, "downloader/response_status_count/"),
        counts=ours,
        failures=tuple(map(tuple, failures)),
        troubles=tuple(_troubles(stats, ours, crawler.settings)),
        is_empty=not _has_result(stats, ours),
    )


def _troubles(stats: Mapping[str, Any], ours: Mapping[str, Any], settings: BaseSettings) -> list[str]:
    found = []
    reason = stats.get("finish_reason", "unknown")
    if reason not in {"finished", "shutdown"} and not _is_wanted_end(reason, settings):
        found.append(f"the crawl ended early: {reason}")
    if not _has_result(stats, ours):
        found.append("the spider found nothing: no article fetched, unchanged or known, and no item")
    for kind in _SOURCES:
        if count := ours.get(f"failed/{kind}", 0):
            found.append(f"{count:,} requests for a {kind} failed")
        if count := ours.get(f"broken/{kind}", 0):
            found.append(f"{count:,} answers for a {kind} were none")
    if count := stats.get("spider_exceptions/count", 0):
        found.append(f"{count:,} callbacks of the spider broke (see the log)")
    return found


def _has_result(stats: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    """Tell whether a crawl brought something, or had reason not to: all is known, or a cut one's rest was little."""
    figures = ("fetched/article", "skipped/known")
    return bool(
        any(ours.get(name) for name in figures)
        or _sum(ours, "not_modified/")
        or stats.get("item_scraped_count")
        or "resumed" in ours
        or stats.get("finish_reason") == "shutdown"
    )


def _is_wanted_end(reason: str, settings: BaseSettings) -> bool:
    return reason.startswith("closespider_") and bool(settings.get(reason.upper()))


def _under(stats: Mapping[str, Any], prefix: str) -> dict[str, int]:
    return {name.removeprefix(prefix): value for name, value in sorted(stats.items()) if name.startswith(prefix)}


def _sum(counts: Mapping[str, Any], prefix: str) -> int:
    return sum(value for name, value in counts.items() if name.startswith(prefix))
