"""What an answer may cost beyond its body (for which Scrapy has DOWNLOAD_MAXSIZE): the size of its head.

Twisted reads header lines, and interim answers, for as long as they come; a server that never stops
would fill the memory. The classes underneath are private to Scrapy and Twisted, the one place
where that is so: the pool makes its connections by a factory, and has no other hook.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IAddress
    from twisted.web.iweb import IResponse

__all__ = ["BoundedHttpHandler"]

_log: Final = logging.getLogger(__name__)
_BODY_STATES: Final = ("BODY", "DONE")


class BoundedHttpHandler(HTTP11DownloadHandler):
    """Scrapy's handler, that hangs up on a head of more than `NEWSCLEAN_MAX_HEAD_BYTES`."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        """Have all connections counted."""
        super().__init__(crawler)
        self._pool._factory = _factory(crawler.settings.getint("NEWSCLEAN_MAX_HEAD_BYTES"))  # noqa: SLF001  (see above)


def _factory(max_bytes: int) -> type[_LenientHTTP11ClientFactory]:
    class Factory(_LenientHTTP11ClientFactory):
        def buildProtocol(self, addr: IAddress | None) -> _BoundedProtocol:  # noqa: ARG002, N802  (Twisted's signature)
            return _BoundedProtocol(self._quiescentCallback, max_bytes)

    return Factory


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    def __init__(self, quiescent: Any, max_bytes: int) -> None:
        super().__init__(quiescent)  # type: ignore[no-untyped-call]
        self._max_bytes = max_bytes
        self._head_bytes = 0

    def request(self, request: Any) -> Deferred[IResponse]:
        self._head_bytes = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802  (Twisted's name)
        parser: Any = self._parser
        if parser is not None and parser.state not in _BODY_STATES:
            self._head_bytes += len(data)
            # What comes with the last bytes of a head may be its body: only what is surely head counts.
            if self._head_bytes - len(data) > self._max_bytes:
                _log.warning("hung up: the head of the answer is larger than %d bytes", self._max_bytes)
                transport: Any = self.transport
                transport.abortConnection()
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]
