"""Manners: the contact, robots.txt after RFC 9309, the pace that a host asks for."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime
from itertools import pairwise

import pytest
from crawling import crawl_urls
from scrapy.http import Response
from scrapy.settings import Settings
from server import NewsServer

from newsclean.crawl.manners import check_contact, retry_after_s, with_contact
from newsclean.errors import ConfigError


@pytest.fixture(scope="module")
def server():
    with NewsServer() as running:
        yield running


@pytest.mark.parametrize(
    "user_agent",
    ["newsclean/1 (+https://research.test/crawler)", "bot mail@research.test", "bot (mail: a.b+c@research.test)"],
)
def test_a_user_agent_with_a_contact_may_crawl(user_agent):
    """A URL or an e-mail address is a contact."""
    check_contact(Settings({"USER_AGENT": user_agent}))


@pytest.mark.parametrize(
    "user_agent",
    [
        "",
        "Mozilla/5.0 (X11; Linux x86_64)",
        "Scrapy/2.19.0 (+https://scrapy.org)",
        "mybot (+http://www.yourdomain.com)",
        "bot (+https://example.com/bot)",
        "bot me@example.org",
    ],
)
def test_a_user_agent_that_names_nobody_may_not(user_agent):
    """Neither a browser's, nor Scrapy's own, nor a placeholder that somebody has left in."""
    with pytest.raises(ConfigError, match="NEWSCLEAN_CONTACT"):
        check_contact(Settings({"USER_AGENT": user_agent}))


def test_a_replay_needs_no_contact():
    """Where nothing is asked for, nobody needs to know who asks."""
    check_contact(Settings({"USER_AGENT": "", "NEWSCLEAN_REPLAY": "x.warc.gz"}))


def test_the_contact_goes_into_the_user_agent_once():
    """A user agent that names a contact itself stays as it is."""
    assert with_contact("bot/1", "https://research.test") == "bot/1 (+https://research.test)"
    assert with_contact("bot/1 (+https://me.test/)", "https://research.test") == "bot/1 (+https://me.test/)"
    assert with_contact("bot/1", None) == "bot/1"


def test_without_a_contact_no_request_is_sent(server):
    """The crawl ends before it begins, with an error that says what to do."""
    server.add("http://news.example/", "news")
    server.forget()
    result = crawl_urls(server, ["http://news.example/"], settings={"NEWSCLEAN_CONTACT": None})
    assert result.error[0] == "ConfigError"
    assert "NEWSCLEAN_CONTACT" in result.error[1]
    assert not server.requests


def test_robots_txt_is_read_as_the_standard_says(server):
    """Allowed, forbidden, missing (4xx: all may be fetched), broken or cut off (nothing may)."""
    server.robots("open.example", "User-agent: *\nDisallow: /private/\n")
    server.robots("failing.example", "User-agent: *\nDisallow:\n", status=500)
    server.robots("notfound.example", "User-agent: *\nDisallow: /\n", status=404)
    server.fault("http://cut.example/robots.txt", "cut")
    urls = [
        "http://open.example/news",
        "http://open.example/private/news",
        "http://failing.example/news",
        "http://notfound.example/news",
        "http://missing.example/news",
        "http://cut.example/news",
    ]
    for url in urls:
        server.add(url, "news")
    server.forget()
    result = crawl_urls(server, urls, settings={"RETRY_TIMES": 1})
    assert {url: one["robots"] for url, one in result.responses.items()} == {
        urls[0]: "allowed",
        urls[3]: "none",
        urls[4]: "none",
    }
    assert {url: one["error"] for url, one in result.failures.items()} == dict.fromkeys(
        [urls[1], urls[2], urls[5]], "RobotsForbids"
    )
    assert "status 500" in result.failures[urls[2]]["why"]
    assert (result.stats["robotstxt/forbidden"], result.stats["robotstxt/unavailable"]) == (1, 2)
    assert sorted(server.urls()) == ["missing.example/news", "notfound.example/news", "open.example/news"]


def test_robots_txt_is_asked_once_a_host_and_for_our_name(server):
    """One request serves all that wait for it, and a group for newsclean goes before the one for all."""
    server.robots("named.example", "User-agent: *\nDisallow: /\n\nUser-agent: newsclean\nDisallow: /b\n")
    urls = [f"http://named.example/{name}" for name in ("a1", "a2", "b1")]
    for url in urls:
        server.add(url, "news")
    server.forget()
    result = crawl_urls(server, urls)
    assert sorted(result.responses) == urls[:2]
    assert server.urls(but_robots=False).count("named.example/robots.txt") == 1


def test_a_crawl_delay_is_kept_with_autothrottle_too(server):
    """Between two requests lie the seconds that the host asks for, whatever AutoThrottle would make of it."""
    server.robots("slow.example", "User-agent: *\nCrawl-delay: 1.5\n")
    urls = [f"http://slow.example/{number}" for number in range(3)]
    for url in urls:
        server.add(url, "news")
    server.forget()
    result = crawl_urls(server, urls, settings={"AUTOTHROTTLE_ENABLED": True, "AUTOTHROTTLE_START_DELAY": 0.1})
    times = [one.at for one in server.requests]
    assert len(result.responses) == 3
    assert min(after - before for before, after in pairwise(times[1:])) >= 1.4


def test_a_busy_server_is_left_alone_as_long_as_it_asks(server):
    """After 429 with Retry-After nothing is sent to that host until then; then the page is fetched."""
    urls = ["http://busy.example/1", "http://busy.example/2"]
    for url in urls:
        server.add(url, "news")
    server.fault(urls[0], "too_many_requests", times=1, retry_after="2")
    server.forget()
    result = crawl_urls(server, urls)
    assert len(result.responses) == 2
    refused_at = next(one.at for one in server.requests if one.status == 429)
    later = [one.at for one in server.requests if one.at > refused_at]
    assert min(later) - refused_at >= 1.9
    assert result.stats["newsclean/asked_to_wait"] == 1


def test_one_request_at_a_time_goes_to_a_host(server):
    """Two slow pages of one host are fetched one after the other."""
    urls = ["http://calm.example/1", "http://calm.example/2"]
    for url in urls:
        server.add(url, "news")
        server.fault(url, "slow", seconds=1)
    server.forget()
    result = crawl_urls(server, urls)
    assert len(result.responses) == 2
    times = [one.at for one in server.requests if "robots" not in one.url]
    assert times[1] - times[0] >= 0.9


@pytest.mark.parametrize(
    ("text", "seconds"), [("7", 7.0), ("0", 0.0), ("", 1.0), ("soon", 1.0), ("-3", 1.0), ("9" * 40, 999999999.0)]
)
def test_retry_after_is_read_or_taken_for_a_second(text, seconds):
    """Whatever a server writes there is a number of seconds."""
    assert retry_after_s(Response("http://a.example", headers={"Retry-After": text})) == seconds


def test_retry_after_may_be_a_date():
    """A date is as many seconds as it is away; one of the past is none."""
    now = dt.datetime.now(dt.UTC)
    for away, low, high in ((60, 55, 61), (-60, 0, 0)):
        text = format_datetime(now + dt.timedelta(seconds=away), usegmt=True)
        assert low <= retry_after_s(Response("http://a.example", headers={"Retry-After": text})) <= high
