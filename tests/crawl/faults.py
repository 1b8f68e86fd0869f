"""What a server may do wrong, each fault under the name that NewsServer.fault takes.

A fault is made with its options and called with the handler and the answer that would be right;
it returns whether it has answered (False: the right answer may follow).
"""

from __future__ import annotations

import gzip
import itertools
import threading
import time
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FAULTS", "gzip_bomb", "huge_sitemap"]

_HTML = "text/html; charset=utf-8"


def error_then_good(*, times: int = 1, status: int = 500) -> Callable[[Any, Any], bool]:
    """The first `times` requests get an error."""
    return _first(times, lambda handler: handler.start(status, {"Content-Length": "0"}))


def too_many_requests(*, times: int = 1, retry_after: str = "1", status: int = 429) -> Callable[[Any, Any], bool]:
    """The first `times` requests are told to come back later."""
    return _first(times, lambda handler: handler.start(status, {"Content-Length": "0", "Retry-After": retry_after}))


def slow(*, seconds: float = 2.0) -> Callable[[Any, Any], bool]:
    """Nothing comes for a while, then the right answer."""

    def act(_: Any, __: Any) -> bool:
        time.sleep(seconds)
        return False

    return act


def drip(*, every_s: float = 0.2, seconds: float = 30.0) -> Callable[[Any, Any], bool]:
    """The head comes at once, the body byte by byte."""

    def act(handler: Any, _: Any) -> bool:
        handler.start(200, {"Content-Type": _HTML, "Content-Length": "1000000"})
        for _ in range(int(seconds / every_s)):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(every_s)
        return True

    return act


def cut(*, times: int | None = None) -> Callable[[Any, Any], bool]:
    """The connection ends in the middle of the body, as often as `times` says (None: always)."""

    def act(handler: Any, answer: Any) -> None:
        handler.start(200, {**answer.headers, "Content-Length": str(len(answer.body))})
        handler.wfile.write(answer.body[: len(answer.body) // 2])
        handler.cut()

    if times is not None:
        return _with_answer(times, act)
    return lambda handler, answer: act(handler, answer) or True


def wrong_length(*, missing: int = 100) -> Callable[[Any, Any], bool]:
    """The head promises more bytes than come."""

    def act(handler: Any, answer: Any) -> bool:
        handler.start(200, {**answer.headers, "Content-Length": str(len(answer.body) + missing)})
        handler.wfile.write(answer.body)
        handler.close_connection = True
        return True

    return act


def bomb(*, size_mb: int = 1_000, layers: int = 1, encoding: str = "gzip") -> Callable[[Any, Any], bool]:
    """A small body that unpacks to `size_mb` MB of nothing."""

    body = packed_zeros(size_mb, layers, encoding)

    def act(handler: Any, _: Any) -> bool:
        named = ", ".join([encoding] * layers)
        handler.start(200, {"Content-Type": _HTML, "Content-Encoding": named, "Content-Length": str(len(body))})
        handler.wfile.write(body)
        return True

    return act


def endless_body(*, says_length: bool = False) -> Callable[[Any, Any], bool]:
    """The body does not end, or claims to be of 10 TB."""

    def act(handler: Any, _: Any) -> bool:
        length = {"Content-Length": str(10 * 2**40)} if says_length else {"Connection": "close"}
        handler.start(200, {"Content-Type": _HTML, **length})
        handler.close_connection = True
        return _pour(handler, b"x" * 2**16)

    return act


def endless_headers(*, line: bytes = b"X-Filler: " + b"x" * 8_000 + b"\r\n") -> Callable[[Any, Any], bool]:
    """The head does not end."""

    def act(handler: Any, _: Any) -> bool:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        handler.close_connection = True
        return _pour(handler, line)

    return act


def endless_interim() -> Callable[[Any, Any], bool]:
    """One interim answer (103) after the other, and never a final one."""

    def act(handler: Any, _: Any) -> bool:
        handler.close_connection = True
        return _pour(handler, b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 100)

    return act


def redirect_loop(*, status: int = 302) -> Callable[[Any, Any], bool]:
    """Sends to itself, with a number that grows, so that no filter sees the same address twice."""
    numbers = itertools.count(1)

    def act(handler: Any, _: Any) -> bool:
        path = handler.path.partition("?")[0]
        handler.start(status, {"Location": f"{path}?hop={next(numbers)}", "Content-Length": "0"})
        return True

    return act


def charset_lie(*, charset: str = "utf-16") -> Callable[[Any, Any], bool]:
    """The head claims a charset that the body has not."""

    def act(handler: Any, answer: Any) -> bool:
        handler.send(answer, headers={"Content-Type": f"text/html; charset={charset}"})
        return True

    return act


@cache
def packed_zeros(size_mb: int, layers: int, encoding: str) -> bytes:
    """Return zeros, packed `layers` times."""
    if encoding != "gzip":
        return _packed_otherwise(size_mb, encoding)
    body = gzip_bomb(size_mb)
    for _ in range(layers - 1):
        body = gzip.compress(body)
    return body


@cache
def gzip_bomb(size_mb: int) -> bytes:
    """Return a gzip member that unpacks to `size_mb` MB."""
    import zlib

    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(2**20)
    return b"".join([*(packer.compress(block) for _ in range(size_mb)), packer.flush()])


def huge_sitemap(*, entries: int = 1_000_000, host: str = "news.example") -> bytes:
    """Return a sitemap of that many entries."""
    rows = (f"<url><loc>https://{host}/{number}.html</loc></url>\n" for number in range(entries))
    head = '<?xml version="1.0"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return (head + "".join(rows) + "</urlset>").encode()


FAULTS: dict[str, Callable[..., Callable[[Any, Any], bool]]] = {
    one.__name__: one
    for one in (
        error_then_good,
        too_many_requests,
        slow,
        drip,
        cut,
        wrong_length,
        bomb,
        endless_body,
        endless_headers,
        endless_interim,
        redirect_loop,
        charset_lie,
    )
}


def _first(times: int, act: Callable[[Any], None]) -> Callable[[Any, Any], bool]:
    return _with_answer(times, lambda handler, _: act(handler))


def _with_answer(times: int, act: Callable[[Any, Any], None]) -> Callable[[Any, Any], bool]:
    left = itertools.count(times, -1)
    lock = threading.Lock()

    def counted(handler: Any, answer: Any) -> bool:
        with lock:
            is_due = next(left) > 0
        if is_due:
            act(handler, answer)
        return is_due

    return counted


def _pour(handler: Any, piece: bytes, *, most_s: float = 60.0) -> bool:
    end = time.monotonic() + most_s
    handler.wfile.flush()
    while time.monotonic() < end:
        handler.connection.sendall(piece)  # a client that hangs up ends it
    return True


def _packed_otherwise(size_mb: int, encoding: str) -> bytes:
    import zlib

    if encoding == "deflate":
        packer = zlib.compressobj(9)
    elif encoding == "br":
        import brotli

        packer = brotli.Compressor(quality=5)
        return b"".join([*(packer.process(bytes(2**20)) for _ in range(size_mb)), packer.finish()])
    else:
        import zstandard

        packer = zstandard.ZstdCompressor(level=3).compressobj()
    return b"".join([*(packer.compress(bytes(2**20)) for _ in range(size_mb)), packer.flush()])
