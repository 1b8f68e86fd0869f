"""Bodies that are unpacked in the archive's thread come out as Scrapy's own middleware would give them."""

from __future__ import annotations

import gzip
import zlib

import pytest
from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from newsclean.crawl.unpacking import UNPACKED, UnpackingMiddleware, unpack

PAGE = b"<html><p>The ferry of Lowmark is late.</p>" * 100
LIMIT = 50_000
URL = "https://n.example/1"
PACKED = {
    "gzip": gzip.compress(PAGE),
    "deflate": zlib.compress(PAGE),
    "gzip, gzip": gzip.compress(gzip.compress(PAGE)),
    "x-odd, gzip": gzip.compress(PAGE),
    "x-odd": PAGE,
}


def middleware(kind):
    return kind.from_crawler(get_crawler(settings_dict={"DOWNLOAD_MAXSIZE": LIMIT}))


def response_of(coding, body):
    headers = {"Content-Type": "text/html; charset=utf-8", **({"Content-Encoding": coding} if coding else {})}
    return Response(URL, headers=headers, body=body)


@pytest.mark.parametrize("coding", PACKED)
def test_what_is_ready_is_taken_and_equals_scrapys(coding, monkeypatch):
    """Class, headers and body are the same, and nothing is unpacked on the loop."""
    response = response_of(coding, PACKED[coding])
    wanted = middleware(HttpCompressionMiddleware).process_response(Request(URL), response.replace())
    ours = middleware(UnpackingMiddleware)
    UNPACKED[response] = unpack(Request(URL), response, LIMIT)
    monkeypatch.setattr(HttpCompressionMiddleware, "_decode", None)
    found = ours.process_response(Request(URL), response)
    assert (type(found), found.body, found.headers) == (type(wanted), wanted.body, wanted.headers)
    assert response not in UNPACKED


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(PAGE) + gzip.compress(b"<p>more"),
        gzip.compress(PAGE) + b"\0\0",
        gzip.compress(PAGE)[:-9],
        gzip.compress(PAGE * 10)[:300],
        gzip.compress(bytes(LIMIT)),
        gzip.compress(b""),
    ],
)
def test_odd_gzip_is_read_as_scrapy_reads_it(body):
    """Joined, with something after it, cut off, as large as is allowed, or empty."""
    response = response_of("gzip", body)
    wanted = middleware(HttpCompressionMiddleware).process_response(Request(URL), response.replace())
    assert unpack(Request(URL), response, LIMIT).body == wanted.body


def test_a_response_that_came_another_way_is_unpacked_here():
    """Out of the archive, or changed by a middleware; what has no coding is left alone."""
    ours = middleware(UnpackingMiddleware)
    assert ours.process_response(Request(URL), response_of("gzip", PACKED["gzip"])).body == PAGE
    changed = response_of("gzip", gzip.compress(b"other"))
    UNPACKED[changed] = unpack(Request(URL), response_of("gzip", PACKED["gzip"]), LIMIT)
    assert ours.process_response(Request(URL), changed).body == b"other"
    plain = response_of(None, PAGE)
    assert unpack(Request(URL), plain, LIMIT) is None
    assert ours.process_response(Request(URL), plain) is plain


def test_a_bomb_is_refused_and_no_more_of_it_unpacked_than_is_allowed():
    """The limit of the request counts, then that of the settings."""
    response = response_of("gzip", gzip.compress(bytes(LIMIT + 1)))
    UNPACKED[response] = unpack(Request(URL), response, LIMIT)
    with pytest.raises(IgnoreRequest, match="exceeded DOWNLOAD_MAXSIZE"):
        middleware(UnpackingMiddleware).process_response(Request(URL), response)
    request = Request(URL, meta={"download_maxsize": LIMIT + 1})
    UNPACKED[response] = unpack(request, response, LIMIT)
    assert middleware(UnpackingMiddleware).process_response(request, response).body == bytes(LIMIT + 1)


def test_a_broken_coding_is_broken_as_scrapy_says():
    """The error is raised where the response is unpacked, not in the thread."""
    response = response_of("gzip", b"\x1f\x8bno gzip")
    with pytest.raises(EOFError) as wanted:
        middleware(HttpCompressionMiddleware).process_response(Request(URL), response.replace())
    UNPACKED[response] = unpack(Request(URL), response, LIMIT)
    with pytest.raises(type(wanted.value)):
        middleware(UnpackingMiddleware).process_response(Request(URL), response)
