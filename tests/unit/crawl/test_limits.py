"""Limits at their edges: what is just small enough passes, what is just too large does not."""

from __future__ import annotations

import pytest
from crawling import crawl_urls
from server import NewsServer


@pytest.fixture(scope="module")
def server():
    with NewsServer() as running:
        yield running


def test_a_large_head_passes_and_a_larger_one_does_not(server):
    """The limit is on the head alone: a body after it may be of any permitted size."""
    body = "<p>news</p>" * 50_000
    server.add("http://head.example/fits", body, headers={f"X-Filler-{number}": "x" * 1000 for number in range(50)})
    server.add("http://head.example/large", body, headers={f"X-Filler-{number}": "x" * 1000 for number in range(300)})
    urls = ["http://head.example/fits", "http://head.example/large"]
    result = crawl_urls(server, urls, settings={"NEWSCLEAN_MAX_HEAD_BYTES": 128 * 1024, "RETRY_TIMES": 0})
    assert result.responses[urls[0]]["size"] == len(body)
    assert result.failures[urls[1]]["error"] == "DownloadFailedError"


def test_the_head_is_counted_for_each_answer_of_a_connection(server):
    """Many answers over one connection do not add up to a head that is too large."""
    urls = [f"http://many.example/{number}" for number in range(20)]
    for url in urls:
        server.add(url, "news", headers={"X-Filler": "x" * 10_000})
    result = crawl_urls(server, urls, settings={"NEWSCLEAN_MAX_HEAD_BYTES": 64 * 1024})
    assert len(result.responses) == 20


def test_a_page_of_the_limit_passes_and_one_byte_more_does_not(server):
    """DOWNLOAD_MAXSIZE is kept to the byte, for plain and for packed bodies."""
    size = 2**20
    server.add("http://size.example/fits", "x" * size)
    server.add("http://size.example/large", "x" * (size + 1))
    server.add("http://size.example/packed", "news")
    server.fault("http://size.example/packed", "bomb", size_mb=2)
    urls = [f"http://size.example/{name}" for name in ("fits", "large", "packed")]
    result = crawl_urls(server, urls, settings={"DOWNLOAD_MAXSIZE": size, "RETRY_TIMES": 0})
    assert result.responses[urls[0]]["size"] == size
    assert set(result.failures) == set(urls[1:])


def test_faults_that_pass_cost_nothing_but_time(server):
    """A page that comes at the second try, or that lies about its charset, is there in the end."""
    server.add("http://weak.example/again", "again")
    server.fault("http://weak.example/again", "error_then_good", times=2)
    server.add("http://weak.example/cut", "cut once")
    server.fault("http://weak.example/cut", "cut", times=1)
    server.add("http://weak.example/lie", "<p>\u00e9t\u00e9</p>")
    server.fault("http://weak.example/lie", "charset_lie", charset="utf-16")
    urls = [f"http://weak.example/{name}" for name in ("again", "cut", "lie")]
    result = crawl_urls(server, urls)
    assert sorted(result.responses) == sorted(urls)
    assert result.responses[urls[2]]["size"] == len("<p>\u00e9t\u00e9</p>".encode())
