"""Bodies that are unpacked in the archive's thread come out as Scrapy's own middleware would give them."""

from __future__ import annotations

import gzip
import os
import random
import struct
import weakref
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


def test_a_broken_body_keeps_nothing_of_its_callers_alive():
    """Responses that are broken wait for the loop with all others, and what was packed of them is large."""

    class Large:
        """Something that a caller has in hand."""

    def caller(found):
        large = Large()
        found.append(weakref.ref(large))
        return unpack(Request(URL), response_of("br", b"no brotli"), LIMIT)

    found = []
    ready = caller(found)
    assert ready.error is not None
    assert found[0]() is None


def damaged(dice, member):
    """Return a gzip member with bits turned, bytes lost or put in, cut off, or with something after it."""
    body, at = bytearray(member), dice.randrange(len(member))
    kind = dice.randrange(6)
    if kind == 0:
        del body[at:]
    elif kind == 1:
        del body[at : at + dice.randint(1, 20)]
    elif kind == 2:
        body[at:at] = dice.randbytes(dice.randint(1, 9))
    elif kind == 3:
        body[min(at, dice.randrange(12))] = dice.randrange(256)
    elif kind == 4:
        body += dice.choice([bytes(8), dice.randbytes(30), member])
    for _ in range(dice.choice([0, 1, 1, 3, 30]) if kind == 5 else 0):
        body[dice.randrange(len(body))] ^= 1 << dice.randrange(8)
    return bytes(body)


def test_damaged_gzip_gives_what_scrapy_gives():
    """Whatever is wrong with it: the same body; where Scrapy has none, at most one that its checksum and length prove.

    NEWSCLEAN_DAMAGED sets of how many members (1,000 without it).
    """
    dice = random.Random(5)
    pages = [PAGE, PAGE[:90], dice.randbytes(3_000), bytes(LIMIT), bytes(LIMIT + 1), b""]
    members = [gzip.compress(page, level) for page in pages for level in (0, 1, 9)]
    members += [gzip.compress(page)[:3] + b"\x18" + bytes(6) + b"a\0b\0" + gzip.compress(page)[10:] for page in pages]

    def outcome(undo, body):
        try:
            return undo(body)
        except Exception as error:  # noqa: BLE001  (of any kind)
            return error

    for _ in range(int(os.environ.get("NEWSCLEAN_DAMAGED", "1000"))):
        body = damaged(dice, dice.choice(members))
        wanted = outcome(lambda body: HttpCompressionMiddleware._decode(body, b"gzip", LIMIT), body)
        found = outcome(lambda body: UnpackingMiddleware._decode(body, b"gzip", LIMIT), body)
        if isinstance(wanted, bytes):
            assert found == wanted, body.hex()
        elif isinstance(found, bytes):
            assert struct.unpack("<LL", body[-8:]) == (zlib.crc32(found), len(found)), body.hex()
        else:
            assert type(found) is type(wanted), body.hex()
