"""The frontier as a scheduler: nothing is lost, nothing done twice."""

from __future__ import annotations

import logging
import random
import sqlite3
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from scrapy import FormRequest, Request, Spider
from scrapy.utils.test import get_crawler

from newsclean.crawl.callbacks import Callback
from newsclean.crawl.frontier import ARCHIVED, FINGERPRINT, StateScheduler, state_of
from newsclean.crawl.requests import FACTS, Facts, facts_of, read_request, write_request
from newsclean.crawl.state.store import Fate, Kind, SeenRow, utc_now


class Wanderer(Spider):
    """A spider of somebody's own."""

    name = "wanderer"

    def parse(self, response):
        """Do nothing."""

    def other(self, response):
        """Do nothing."""


class OnDisk:
    """A scheduler with its state in a folder; opened anew as after a kill."""

    def __init__(self, folder, **settings):
        self.folder, self.settings = folder, settings
        self.open()

    def open(self):
        self.crawler = get_crawler(Wanderer, {"NEWSCLEAN_RAW": str(self.folder), **self.settings})
        self.crawler.crawling = True
        self.crawler.spider = Wanderer.from_crawler(self.crawler)
        self.scheduler = StateScheduler.from_crawler(self.crawler)
        self.scheduler.open(self.crawler.spider)
        self.state = state_of(self.crawler)
        return self.scheduler

    def kill(self):
        self.state._db.close()
        self.state._lease.give_back = lambda: None
        from newsclean.crawl.state import lease as state_lease

        state_lease._OWN.clear()
        return self.open()

    def ask(self, url, **options):
        return self.scheduler.enqueue_request(Request(url, callback=self.crawler.spider.parse, **options))


@pytest.fixture
def disk(tmp_path):
    found = OnDisk(tmp_path / "raw")
    yield found
    found.state.close()


def test_requests_survive_being_written():
    """Everything that a request has comes back, callbacks by name."""
    spider = Wanderer()
    request = FormRequest(
        "https://n.example/ж?b=1",
        callback=spider.other,
        errback=spider.parse,
        formdata={"a": "ü"},
        headers={"X": ["1", "2"]},
        cookies={"c": "d"},
        meta={"n": {"deep": [1, None, "x"]}, "secret": 1},
        priority=-3,
        dont_filter=True,
        flags=["f"],
        cb_kwargs={"k": 2},
    )
    read = read_request(write_request(request, spider, without=("secret",)), spider)
    assert type(read) is FormRequest
    for name in ("url", "method", "body", "headers", "cookies", "priority", "dont_filter", "flags", "cb_kwargs"):
        assert getattr(read, name) == getattr(request, name), name
    assert (read.callback, read.errback) == (spider.other, spider.parse)
    assert read.meta == {"n": {"deep": [1, None, "x"]}}
    assert len(write_request(Request("https://n.example/"), spider)) < 40


def test_facts_survive_being_written():
    """What our requests carry is plain, and comes back as it was."""
    facts = Facts(
        kind=Kind.ARTICLE, story="n/1", published_at=utc_now(), found_in="rss", page=3, gap=2, gap_since=utc_now()
    )
    assert facts_of(Request("https://n.example/", meta={FACTS: facts.meta()})) == facts
    assert facts_of(Request("https://n.example/")) == Facts()


def test_each_request_goes_once(disk):
    """A second one is refused, however its query is ordered; `dont_filter` is heeded, but not in `start()`."""
    assert disk.ask("https://n.example/?a=1&b=2")
    assert not disk.ask("https://n.example/?b=2&a=1#x")
    request = disk.scheduler.next_request()
    assert request.url == "https://n.example/?a=1&b=2"
    assert request.callback == disk.crawler.spider.parse
    disk.state.done(request.meta[FINGERPRINT])
    assert not disk.ask("https://n.example/?a=1&b=2", dont_filter=True, meta={"is_start_request": True})
    assert disk.ask("https://n.example/?a=1&b=2", dont_filter=True)
    assert disk.scheduler.has_pending_requests()
    assert len(disk.scheduler) == 1


def test_a_killed_crawl_goes_on(disk):
    """What waited and what was under way comes again, what was done does not."""
    for number in range(4):
        disk.ask(f"https://n.example/{number}")
    done, under_way = disk.scheduler.next_request(), disk.scheduler.next_request()
    disk.state.done(done.meta[FINGERPRINT])
    disk.state.commit()
    number = disk.scheduler.crawl
    scheduler = disk.kill()
    assert scheduler.crawl == number
    assert [scheduler.next_request().url[-1] for _ in range(3)] == ["1", "2", "3"]
    assert under_way.url[-1] == "1"
    assert scheduler.next_request() is None
    assert not disk.ask("https://n.example/0")


def test_an_archived_response_is_not_asked_for_again(disk):
    """A request whose response was kept comes back with its place."""
    disk.ask("https://n.example/0")
    request = disk.scheduler.next_request()
    now = utc_now()
    row = SeenRow(
        url=request.url,
        kind=Kind.OTHER,
        status=200,
        first_fetched_at=now,
        fetched_at=now,
        changed_at=now,
        warc_file="a.warc.gz",
        warc_offset=12,
        warc_length=34,
    )
    disk.state.record_fetch(request.meta[FINGERPRINT], row)
    again = disk.kill().next_request()
    assert again.meta[ARCHIVED] == ["a.warc.gz", 12, 34]
    assert ARCHIVED not in write_request(
        again.replace(errback=None), disk.crawler.spider, without=(ARCHIVED, FINGERPRINT)
    ).decode("latin-1")


def test_a_redirect_ends_the_request_that_it_stands_for(disk):
    """The new address is queued and the old one done, in one commit; a follow-up with inherited meta ends nothing."""
    disk.ask("https://n.example/old")
    request = disk.scheduler.next_request()
    before = request.meta[FINGERPRINT]
    heir = Request("https://n.example/heir", meta=request.meta)
    assert disk.scheduler.enqueue_request(heir)
    assert disk.state.frontier.fate(before) is Fate.INFLIGHT
    redirect = request.replace(url="https://n.example/new", meta={**request.meta, "redirect_urls": [request.url]})
    assert disk.scheduler.enqueue_request(redirect)
    assert disk.state.frontier.fate(before) is Fate.DONE
    disk.state.commit()
    scheduler = disk.kill()
    assert {scheduler.next_request().url for _ in range(2)} == {"https://n.example/new", "https://n.example/heir"}


def test_a_retry_is_queued_again(disk):
    """Scrapy's retry is a copy of the request, which is known; it counts all the same."""
    disk.ask("https://n.example/0")
    request = disk.scheduler.next_request()
    assert disk.scheduler.enqueue_request(request.replace(dont_filter=True, meta={**request.meta, "retry_times": 1}))
    again = disk.scheduler.next_request()
    assert again.meta["retry_times"] == 1
    assert disk.state.frontier.counts() == {"inflight": 1}


def test_a_request_is_done_when_its_output_has_arrived(disk):
    """The end of a callback is not enough: Scrapy schedules later what it has read ahead."""
    disk.ask("https://n.example/0")
    parent = disk.scheduler.next_request()
    callback = Callback(parent.meta[FINGERPRINT])
    children = [Request(f"https://n.example/child{n}") for n in range(2)]
    for child in children:
        disk.scheduler.expect(child, callback)
    disk.scheduler.exhausted(callback)
    disk.scheduler.enqueue_request(children[0])
    assert disk.state.frontier.fate(callback.fingerprint) is Fate.INFLIGHT
    disk.scheduler.enqueue_request(children[1])
    assert disk.state.frontier.fate(callback.fingerprint) is Fate.DONE


def test_what_cannot_be_written_is_kept_in_memory(disk, caplog):
    """A lambda for a callback is no reason to lose a request, but one to warn."""
    with caplog.at_level(logging.WARNING):
        assert disk.scheduler.enqueue_request(Request("https://n.example/0", callback=lambda response: None))
    assert "is lost if the crawl is cut" in caplog.text
    assert disk.scheduler.has_pending_requests()
    assert disk.scheduler.next_request().url == "https://n.example/0"


def test_a_callback_that_is_gone_fails_its_request(disk):
    """After a spider was changed between two runs the rest goes on."""
    disk.scheduler.enqueue_request(Request("https://n.example/0", callback=disk.crawler.spider.other))
    disk.ask("https://n.example/1")
    disk.state.begin()
    blob = disk.state._db.execute("SELECT request FROM frontier WHERE url LIKE '%0'").fetchone()[0]
    changed = blob.replace(b"other", b"elsew")
    disk.state._db.execute("UPDATE frontier SET request = ? WHERE url LIKE '%0'", (changed,))
    assert disk.scheduler.next_request().url == "https://n.example/1"
    ((_, _, reason),) = disk.state.frontier.failures()
    assert reason.startswith("unreadable")


def test_a_finished_crawl_leaves_an_empty_frontier(disk):
    """The next crawl begins anew; a crawl that was stopped goes on, unless that is not wanted."""
    disk.ask("https://n.example/0")
    first = disk.scheduler.crawl
    disk.scheduler.close("shutdown")
    disk.state.close()
    scheduler = disk.open()
    assert (scheduler.crawl, len(scheduler)) == (first, 1)
    disk.state.done(scheduler.next_request().meta[FINGERPRINT])
    scheduler.close("finished")
    disk.state.close()
    scheduler = disk.open()
    assert (scheduler.crawl, len(scheduler)) == (first + 1, 0)
    disk.ask("https://n.example/0")
    scheduler.close("shutdown")
    disk.state.close()
    disk.settings["NEWSCLEAN_RESUME"] = False
    assert len(disk.open()) == 0
    assert disk.state.crawls.last_scope() is None


# ---- with a site on loopback ----


def fates(tmp_path):
    (path,) = (tmp_path / "raw").rglob("state.sqlite")
    database = sqlite3.connect(path)
    found = dict(database.execute("SELECT url, status FROM seen").fetchall())
    database.close()
    return found


def test_every_response_has_its_outcome(site, crawl, tmp_path):
    """Redirects lead on, errors are failures with a status, and the crawl ends."""
    site.add_stories(range(4))
    site.pages[site.story(1)] = (302, "/news/2026/11/moved-1.html")
    site.pages["/news/2026/11/moved-1.html"] = b"<html>moved</html>"
    site.pages[site.story(2)] = (500, "")
    del site.pages[site.story(3)]
    site.pages[site.story(4)] = (302, "/hop")
    site.pages["/hop"] = (302, site.story(4))
    site.add_feed("/rss", range(5))
    stats = crawl("feed", url=f"{site.url}/rss", settings={"REDIRECT_MAX_TIMES": 3})
    assert stats["newsclean/failed/article"] == 3
    assert stats["newsclean/fetched/article"] == 2
    assert stats["newsclean/frontier/failed"] == 3
    seen = {url.removeprefix(site.url): status for url, status in fates(tmp_path).items()}
    assert seen[site.story(0)] == 200
    assert seen["/news/2026/11/moved-1.html"] == 200
    assert (seen[site.story(2)], seen[site.story(3)]) == (500, 404)
    assert site.asked()[site.story(2)] == 2  # one retry


def ended(tmp_path):
    """Return the paths of what the state on disk says has come to its end."""
    paths = list((tmp_path / "raw").rglob("state.sqlite"))
    if not paths:
        return set()
    with closing(sqlite3.connect(paths[0])) as database:
        rows = database.execute("SELECT url FROM frontier WHERE fate IN ('done', 'failed')").fetchall()
    return {urlsplit(url).path for (url,) in rows}


@pytest.mark.slow
def test_kills_lose_nothing_and_repeat_only_what_was_not_done(site, crawl, tmp_path):
    """Killed at random moments, a crawl goes on: each article is fetched, none again that the state calls done.

    There is no archive here. With one, what was fetched is not fetched again either: see test_crawl_archive.py.
    """
    numbers = range(200)
    site.add_stories(numbers)
    site.pages["/robots.txt"] = f"Sitemap: {site.url}/index.xml\n".encode()
    parts = "".join(f"<sitemap><loc>{site.url}/s{n}.xml</loc></sitemap>" for n in range(2))
    site.pages["/index.xml"] = f"<sitemapindex>{parts}</sitemapindex>".encode()
    for n in range(2):
        site.add_sitemap(f"/s{n}.xml", numbers[n * 100 : n * 100 + 100])
    site.delay_s = 0.01
    dice, done = random.Random(3), []
    for turn in range(5):
        answers = len(site.log) + dice.randint(1, 60)
        # Each turn has its own name, so that a request that comes late is not taken for one of the next turn.
        name = {"USER_AGENT": f"turn {turn}"}
        is_over = crawl("sitemap", url=f"{site.url}/robots.txt", settings=name, kill_at=answers) is not None
        done.append(ended(tmp_path))
        if is_over:
            break
    if not is_over:
        crawl("sitemap", url=f"{site.url}/robots.txt", settings={"USER_AGENT": f"turn {len(done)}"})
    assert len(done) > 2
    for path, agent in site.agents:
        turn = int(agent.removeprefix("turn "))
        assert not turn or path not in done[turn - 1], f"{path} was done before turn {turn}"
    asked = site.asked()
    assert all(asked[site.story(n)] for n in numbers)
