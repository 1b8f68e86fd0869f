"""Crawls for tests, each in a process of its own: a reactor runs once in a process.

result = crawl_urls(server, ["https://news.example/1.html"])     # a spider that fetches these
result = crawl_spider(server, SOURCE, name="s")                   # a spider given as source
result.bodies["https://news.example/1.html"], result.failures, result.stats, result.log
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from server import NewsServer

__all__ = ["CrawlResult", "crawl_spider", "crawl_urls", "newsclean"]

_FETCHER = """
import scrapy

class Fetcher(scrapy.Spider):
    name = "fetcher"

    async def start(self):
        for url in self.settings.getlist("URLS"):
            meta = dict(self.settings.getdict("META"))
            request = scrapy.Request(url, self.parse, errback=self.failed, meta=meta, dont_filter=True)
            request.cb_kwargs["asked"] = url
            yield request

    def parse(self, response, asked):
        yield {"asked": asked, "url": response.url, "status": response.status, "size": len(response.body),
               "body": response.body[:2000].decode("utf-8", "replace"), "robots": response.meta.get("robots"),
               "encoding": getattr(response, "encoding", None)}

    def failed(self, failure):
        return {"asked": failure.request.cb_kwargs["asked"], "url": failure.request.url,
                "error": type(failure.value).__name__, "why": str(failure.value)}
"""
_RUN = """
import json, sys
{before}
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings
from scrapy import signals

given = json.loads(sys.argv[1])
settings = Settings()
settings.setmodule("newsclean.crawl.settings", priority="project")
settings.setdict(given["settings"], priority="cmdline")
sys.path.insert(0, ".")
import the_spider
spider = next(one for one in vars(the_spider).values() if getattr(one, "name", None) == given["name"])
items = []
process = AsyncCrawlerProcess(settings)
crawler = process.create_crawler(spider)
crawler.signals.connect(lambda item: items.append(item), signals.item_scraped, weak=False)
task = process.crawl(crawler)
process.start()
error = task.exception()
stats = crawler.stats.get_stats() if crawler._stats else {{}}
# Not ru_maxrss: that of a process begins with what its parent had.
status = open("/proc/self/status").read()
stats["peak_mb"] = int(status.split("VmHWM:")[1].split()[0]) // 1024
told = {{"items": items, "stats": stats, "error": error and [type(error).__name__, str(error)]}}
with open(given["result"], "w") as file:
    json.dump(told, file, default=str)
"""


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """What a crawl gave: items that were responses, items that were failures (by the URL asked for), stats, log."""

    items: list[dict[str, Any]] = field(default_factory=list)
    stats: dict[str, Any] = field(default_factory=dict)
    error: list[str] | None = None
    log: str = ""

    @property
    def responses(self) -> dict[str, dict[str, Any]]:
        return {item["asked"]: item for item in self.items if "status" in item}

    @property
    def failures(self) -> dict[str, dict[str, Any]]:
        return {item["asked"]: item for item in self.items if "error" in item}


def crawl_urls(
    server: NewsServer, urls: Sequence[str], *, meta: Mapping[str, Any] | None = None, **more: Any
) -> CrawlResult:
    """Fetch addresses with the product's settings; `more` as for crawl_spider."""
    more["settings"] = {"URLS": list(urls), "META": dict(meta or {}), **more.get("settings", {})}
    return crawl_spider(server, _FETCHER, name="fetcher", **more)


def crawl_spider(
    server: NewsServer,
    source: str,
    *,
    name: str,
    settings: Mapping[str, Any] | None = None,
    before: str = "",
    environment: Mapping[str, str] | None = None,
    timeout_s: float = 120,
) -> CrawlResult:
    """Run the spider `name` of the Python text `source`; `before` is Python that runs before Scrapy is imported."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        (Path(folder) / "the_spider.py").write_text(source, encoding="utf-8")
        given = {
            "settings": {"NEWSCLEAN_STATE_DIR": folder, **server.settings(NEWSCLEAN_RAW=folder), **(settings or {})},
            "name": name,
            "result": str(result),
        }
        done = subprocess.run(
            [sys.executable, "-c", _RUN.format(before=before), json.dumps(given)],
            cwd=folder,
            env={**os.environ, **server.environment(), **(environment or {})},
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        if not result.exists():
            raise AssertionError(f"the crawl gave no result: {done.stderr[-3000:]}")
        return CrawlResult(log=done.stderr, **json.loads(result.read_text(encoding="utf-8")))


def newsclean(
    *arguments: str, folder: Path, server: NewsServer | None = None, timeout_s: float = 120, **settings: Any
) -> subprocess.CompletedProcess[str]:
    """Run the command `newsclean` in a folder; for `crawl`, with the settings of a test server."""
    chosen = {**(server.settings() if server else {}), **settings}
    options = [f"-s{name}={value if isinstance(value, str) else json.dumps(value)}" for name, value in chosen.items()]
    environment = {**os.environ, **(server.environment() if server else {})}
    return subprocess.run(
        [sys.executable, "-m", "newsclean", *arguments, *options],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
