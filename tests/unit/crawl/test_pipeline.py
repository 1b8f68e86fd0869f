"""Cleaning during the crawl: in processes, with a deadline, without holding up the reactor."""

from __future__ import annotations

import os
import signal
import time

import pyarrow.parquet as pq
import pytest
from crawling import crawl_spider
from server import NewsServer

from newsclean.extract.routing import load_router
from newsclean.model import RawPage, Reason
from newsclean.run.options import Limits
from newsclean.run.page_worker import PageSetup, PageWorker

PAGE = """<html lang="en"><head><title>Ferry {number} sails</title></head><body><h1>Ferry {number} sails</h1><article>
<p>The harbour master of Lowmark said on Monday that ferry {number} would sail again before the tide.</p>
<p>Nobody on the island had expected the old ship to be back before the spring, he said.</p></article></body></html>"""
SPIDER = """
import time
import scrapy
from newsclean.crawl.pipeline import PageItem
from newsclean.model import RawPage
from scrapy import signals
from scrapy.utils.asyncio import create_looping_call

class Pages(scrapy.Spider):
    name = "pages"

    @classmethod
    def from_crawler(cls, crawler):
        spider = super().from_crawler(crawler)
        spider.lag, spider.last = 0.0, None
        crawler.signals.connect(spider.watch, signals.spider_opened)
        crawler.signals.connect(spider.tell, signals.spider_closed)
        return spider

    async def start(self):
        for number in range(12):
            yield scrapy.Request(f"http://news.example/{number}.html")

    def parse(self, response):
        yield {"url": response.url, "body": response.body}
        yield PageItem(RawPage(body=response.body, raw_path="x", url=response.url + "?again"))
        yield {"other": "item"}

    def watch(self):
        create_looping_call(self.look).start(0.005, now=False)

    def look(self):
        now = time.thread_time()  # what the loop itself did meanwhile: another process on the machine does not count
        if self.last is not None:
            self.lag = max(self.lag, now - self.last)
        self.last = now

    def tell(self):
        self.crawler.stats.set_value("lag", self.lag)
"""


def worker(**limits):
    return PageWorker(PageSetup(profiles=load_router().profiles, language_backend="auto", limits=Limits(**limits)))


def page(number=1):
    return RawPage(body=PAGE.format(number=number).encode(), raw_path="x", url="http://news.example/1.html")


@pytest.fixture
def busy_worker():
    made = worker(page_timeout_s=20)
    made.clean(page())
    yield made
    made.close()


def test_a_worker_cleans_page_after_page(busy_worker):
    """One process does them all, and gives what cleaning gives anywhere."""
    pid = busy_worker._process.pid
    outcomes = [busy_worker.clean(page(number)) for number in range(3)]
    assert [outcome.articles[0].title for outcome in outcomes] == [f"Ferry {number} sails" for number in range(3)]
    assert busy_worker._process.pid == pid


def test_a_page_that_its_worker_dies_on_is_a_crash_and_the_next_is_cleaned(busy_worker):
    """A new process takes the place of one that died."""
    os.kill(busy_worker._process.pid, signal.SIGKILL)
    assert busy_worker.clean(page()).rejection.reason is Reason.CRASH
    assert busy_worker.clean(page()).articles


def test_a_page_that_takes_too_long_is_a_timeout(busy_worker):
    """A stuck worker is ended at the deadline."""
    os.kill(busy_worker._process.pid, signal.SIGSTOP)
    busy_worker._setup = PageSetup(profiles=(), language_backend="auto", limits=Limits(page_timeout_s=0.5))
    started = time.monotonic()
    assert busy_worker.clean(page()).rejection.reason is Reason.TIMEOUT
    assert time.monotonic() - started < 5


def test_pages_are_cleaned_while_the_crawl_goes_on(tmp_path):
    """Pages of any spider become articles in a feed, other items pass, and the reactor is never held up."""
    path = tmp_path / "out.parquet"
    settings = {
        "NEWSCLEAN_CLEAN": True,
        "NEWSCLEAN_WORKERS": 1,
        "FEEDS": {str(path): {"format": "parquet", "item_classes": ["newsclean.crawl.pipeline.CleanedPage"]}},
    }
    with NewsServer() as server:
        for number in range(12):
            server.add(f"http://news.example/{number}.html", PAGE.format(number=number) if number else "<p></p>")
        result = crawl_spider(server, SPIDER, name="pages", settings=settings)
    rows = pq.read_table(path).to_pylist()
    assert sorted(row["url"] for row in rows) == sorted(
        f"http://news.example/{number}.html{again}" for number in range(1, 12) for again in ("", "?again")
    )
    assert result.stats["newsclean/articles"] == 22
    assert sum(value for name, value in result.stats.items() if name.startswith("newsclean/rejected/")) == 2
    assert len([one for one in result.items if one == {"other": "item"}]) == 12
    assert result.stats["lag"] < 0.5, "a whole page cleaned on the reactor would show, a busy machine would not"
