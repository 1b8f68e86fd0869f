"""Content codings undone in few steps, and those of large bodies in the archive's thread, not on the loop.

    DOWNLOADER_MIDDLEWARES = {"newsclean.crawl.unpacking.UnpackingMiddleware": 590}

It stands in the place of Scrapy's own middleware.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware

from newsclean.crawl.gzips import GZIP_ERRORS, gzip_unpacker

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

__all__ = ["UNPACKED", "Unpacked", "UnpackingMiddleware", "unpack"]


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What became of a body whose codings were undone: `body` and the codings `left`, or the error."""

    packed: bytes = field(repr=False)
    max_size: int
    body: bytes = field(default=b"", repr=False)
    left: tuple[bytes, ...] = ()
    error: Exception | None = None


# Put in by the archive on the loop, for the middleware to find.
UNPACKED: Final[WeakKeyDictionary[Response, Unpacked]] = WeakKeyDictionary()


def unpack(request: Request, response: Response, max_size: int) -> Unpacked | None:
    """Undo the content codings of a response as Scrapy does, None where it has none; may be called in any thread."""
    codings = response.headers.getlist("Content-Encoding")
    if not codings:
        return None
    max_size = request.meta.get("download_maxsize", max_size)
    body = response.body
    try:
        chosen, left = HttpCompressionMiddleware._split_encodings(codings)  # noqa: SLF001  (its parent's)
        for coding in chosen:
            body = _undone(body, coding, max_size)
    except Exception as error:  # noqa: BLE001  (belongs to the response, and is raised where that is unpacked)
        # Without its frames, which would keep all that its callers had in hand.
        return Unpacked(response.body, max_size, error=error.with_traceback(None))
    return Unpacked(response.body, max_size, body, tuple(left))


def _undone(body: bytes, coding: bytes, max_size: int) -> bytes:
    if coding in {b"gzip", b"x-gzip"}:
        # At once: Scrapy's way takes the interpreter dozens of times, and is for what is broken, joined or too large.
        unpacker = gzip_unpacker()
        with suppress(*GZIP_ERRORS):
            whole: bytes = unpacker.decompress(body, max_size)
            if unpacker.eof and not unpacker.unused_data:
                return whole
    return HttpCompressionMiddleware._decode(body, coding, max_size)  # noqa: SLF001  (its parent's)


class UnpackingMiddleware(HttpCompressionMiddleware):
    """Scrapy's middleware, that takes what is unpacked already."""

    def __init__(self, *, crawler: Crawler) -> None:
        """Have nothing unpacked yet."""
        super().__init__(crawler=crawler)
        self._ready: Unpacked | None = None

    def process_response(  # type: ignore[override]  # no spider: Scrapy gives none any more
        self, request: Request, response: Response
    ) -> Request | Response:
        """Return the response without its codings."""
        self._ready = UNPACKED.pop(response, None)
        try:
            return super().process_response(request, response)
        finally:
            self._ready = None

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        return _undone(body, encoding, max_size)

    def _handle_encoding(self, body: bytes, content_encoding: list[bytes], max_size: int) -> tuple[bytes, list[bytes]]:
        ready = self._ready
        if ready is None or ready.packed is not body or ready.max_size != max_size:
            return super()._handle_encoding(body, content_encoding, max_size)
        if ready.error is not None:
            raise ready.error
        return ready.body, list(ready.left)
