"""One crawl of a site on which all goes wrong that can: each fault has its outcome, all are in the report, it ends.

NEWSCLEAN_SITEMAP_ENTRIES sets how long the long sitemap is (50,000 without it, a million to be sure).
"""

from __future__ import annotations

import gzip
import json
import os
import time

import pytest
from crawling import newsclean
from faults import huge_sitemap
from server import NewsServer

ENTRIES = int(os.environ.get("NEWSCLEAN_SITEMAP_ENTRIES", "50000"))
HOST = "https://faulty.test"
SPIDER = f"""
from newsclean.crawl.spider import NewsSpider

class Faulty(NewsSpider):
    name = "faulty"
    feeds = ("{HOST}/rss.xml", "{HOST}/broken.xml", "{HOST}/nothing.xml", "https://failing.test/rss.xml")
    sitemaps = ("{HOST}/long.xml.gz",)
    sections = ("{HOST}/world",)
"""
TEXT = "".join(
    f"<p>The harbour master of Lowmark told the island on day {day} about the ferry.</p>" for day in range(9)
)
STORY = f"<html><head><title>Story</title></head><body><h1>Story</h1><article>{TEXT}</article></body></html>"
# (path, fault, its options, status of the answer that is kept, how the report says that it failed)
FAULTS = [
    ("good-1", None, {}, 200, None),
    ("error-then-good-2", "error_then_good", {"times": 1}, 200, None),
    ("always-an-error-3", "error_then_good", {"times": 99}, 500, "http 500"),
    ("told-to-wait-4", "too_many_requests", {"times": 1, "retry_after": "1"}, 200, None),
    ("slow-5", "slow", {"seconds": 1.0}, 200, None),
    ("too-slow-6", "slow", {"seconds": 12.0}, None, "DownloadTimeoutError"),
    ("cut-7", "cut", {}, None, ("ResponseDataLossError", "DownloadFailedError")),
    ("cut-once-8", "cut", {"times": 1}, 200, None),
    ("wrong-length-9", "wrong_length", {}, None, ("ResponseDataLossError", "DownloadFailedError")),
    ("bomb-10", "bomb", {"size_mb": 300}, 200, "IgnoreRequest"),
    ("loop-11", "redirect_loop", {}, 302, "IgnoreRequest"),
    ("charset-lie-12", "charset_lie", {"charset": "utf-16"}, 200, None),
    ("charset-unknown-13", "charset_lie", {"charset": "x-nothing"}, 200, None),
]
# (path, where it redirects to)
INSIDE = [("to-loopback-21", "http://127.0.0.1/secret"), ("to-private-22", "http://10.1.2.3/secret")]


def url_of(path):
    return f"{HOST}/2026/11/21/{path}.html"


def rss(urls):
    items = "".join(f"<item><link>{url}</link><guid>{url}</guid></item>" for url in urls)
    return f"<rss version='2.0'><channel>{items}</channel></rss>"


def set_up(server):
    for path, fault, options, _, _ in FAULTS:
        server.add(url_of(path), STORY.replace("Story", f"Story {path}"), is_conditional=False)
        if fault:
            server.fault(url_of(path), fault, **options)
    for path, target in INSIDE:
        server.redirect(url_of(path), target)
    urls = [url_of(path) for path, *_ in [*FAULTS, *INSIDE]]
    server.add(f"{HOST}/rss.xml", rss(urls), media_type="application/rss+xml")
    # Broken off, with a bare ampersand and an entity that nobody has defined: what is whole is read.
    broken = rss([url_of("in-broken-feed-31")]).replace("<guid>", "<title>A & B &nbsp;</title><guid>")
    server.add(
        f"{HOST}/broken.xml", broken.replace("</channel></rss>", "<item><link>https://faul"), media_type="text/xml"
    )
    server.add(url_of("in-broken-feed-31"), STORY)
    server.add(f"{HOST}/nothing.xml", "<html><body>Sorry</body></html>", media_type="text/xml")
    server.robots("failing.test", "out of order", status=500)
    server.add("https://failing.test/rss.xml", rss([url_of("never")]))
    server.add(f"{HOST}/world", f"<a href='{url_of('good-1')}'>Story</a>")
    # Of a year that the crawl's window leaves out, so that all of it is read and none of it is fetched.
    body = huge_sitemap(entries=ENTRIES, host="faulty.test").replace(
        b".html</loc>", b".html</loc><lastmod>2020-01-02</lastmod>"
    )
    server.add(f"{HOST}/long.xml.gz", gzip.compress(body, 1), media_type="application/gzip")


@pytest.fixture(scope="module")
def met(tmp_path_factory):
    """The crawl's report, its log, its exit code, what the server saw, and its folder."""
    folder = tmp_path_factory.mktemp("faults")
    (folder / "spiders").mkdir()
    (folder / "spiders" / "__init__.py").write_text("")
    (folder / "spiders" / "faulty.py").write_text(SPIDER)
    with NewsServer() as server:
        set_up(server)
        done = newsclean(
            *("crawl", "faulty", "--json", "-a", "since=2026-01-01"),
            *("-sDOWNLOAD_TIMEOUT=8", "-sRETRY_TIMES=1", "-sDOWNLOAD_FAIL_ON_DATALOSS=1"),
            folder=folder,
            server=server,
            timeout_s=600,
        )
        while len(server.of(url_of("too-slow-6"))) < 2:  # an answer is in the log when it is given
            time.sleep(0.1)
        yield json.loads(done.stdout), done, server, folder


def test_the_crawl_ends_and_says_that_somebody_should_look(met):
    """It comes to its end by itself; sources that were lost make the exit code 1, and are named."""
    report, done, _, _ = met
    assert report["finish_reason"] == "finished"
    assert done.returncode == 1
    assert set(report["troubles"]) == {"1 requests for a feed failed", "1 answers for a feed were none"}


@pytest.mark.parametrize(("path", "fault", "options", "status", "reason"), FAULTS, ids=[one[0] for one in FAULTS])
def test_each_fault_has_its_outcome(met, path, fault, options, status, reason):
    """The article is fetched after all, or the report says why it is not."""
    report, _, server, _ = met
    failures = {url: why for kind, url, why in report["failures"] if kind == "article"}
    found = next((why for url, why in failures.items() if path in url), None)
    assert server.of(url_of(path)) or fault == "redirect_loop", "it was asked for"
    assert (found is None) == (reason is None), failures
    assert found is None or found.startswith(reason)


def test_a_redirect_to_the_inside_is_refused_and_named(met):
    """No request leaves for such an address, and the report says where it would have gone."""
    report, _, server, _ = met
    reasons = [why for _, _, why in report["failures"] if why.startswith("RefusedRequest")]
    assert len(reasons) == len(INSIDE) == report["refused"]
    assert not [url for url in server.urls() if "secret" in url]


def test_sources_that_fail_are_in_the_report(met):
    """A feed whose robots.txt fails is not asked for, what is no feed is counted, a broken one is read nevertheless."""
    report, _, server, _ = met
    assert ["feed", "https://failing.test/rss.xml"] in [one[:2] for one in report["failures"]]
    assert not server.of("https://failing.test/rss.xml")
    assert report["counts"]["broken/feed"] == 1
    assert len(server.of(url_of("in-broken-feed-31"))) == 1


def test_counts_add_up(met):
    """All that was asked for was fetched or failed; the wait, the repetitions and the long sitemap are counted."""
    report, _, _, _ = met
    counts = report["counts"]
    good = [path for path, *_, reason in FAULTS if reason is None]
    assert report["articles"] == len(good) + 1
    assert counts["frontier/done"] + counts["frontier/failed"] >= len(FAULTS) + len(INSIDE) + 1
    assert counts["failed/article"] == len(FAULTS) - len(good) + len(INSIDE)
    assert sum(value for name, value in counts.items() if name.startswith("failed_by/")) == counts["failed/article"] + 1
    assert counts["asked_to_wait"] == 1
    assert report["retries"] >= 5
    assert counts["skipped/outside_window"] == ENTRIES


def test_all_that_was_fetched_is_in_the_archive_and_in_the_dataset(met, rows):
    """Cleaning the archive gives the articles that came whole, each once."""
    _, _, _, folder = met
    done = newsclean("clean", "raw", "-o", "clean", "-q", folder=folder)
    assert done.returncode in {0, 1}, done.stderr
    good = {url_of(path) for path, *_, reason in FAULTS if reason is None} | {url_of("in-broken-feed-31")}
    articles = [row["url"] for row in rows(folder / "clean")["articles"]]
    assert sorted(articles) == sorted(good)
