"""Pages that need a browser, by choice and a site at a time (extra `playwright`).

    NEWSCLEAN_JAVASCRIPT = ["site.example"]        # host names; those below them are meant too

Their pages are loaded by a headless browser, whose only way out is the guarded proxy; robots.txt,
feeds and sitemaps are fetched as always. Pictures, films and fonts are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scrapy.exceptions import DownloadCancelledError
from scrapy.utils.httpobj import urlparse_cached
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from newsclean.crawl.browser_proxy import GuardedProxy
from newsclean.crawl.guard import policy_of
from newsclean.crawl.limits import BoundedHttpHandler
from newsclean.crawl.requests import facts_of
from newsclean.crawl.state.store import Kind

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

__all__ = ["BrowserHandler", "JavascriptMiddleware", "is_left_out"]

_PLAIN: Final = (Kind.FEED, Kind.SITEMAP)
_LEFT_OUT: Final = ("image", "media", "font")
_ARGUMENTS: Final = (
    "--proxy-bypass-list=<-loopback>",  # else a browser goes to its own machine without the proxy
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
# Pages, scripts and styles together may be some times as large as a page.
_PAGES_OF_BYTES: Final = 4


class BrowserHandler(ScrapyPlaywrightDownloadHandler, BoundedHttpHandler):  # type: ignore[misc]  # the extra has no types
    """Loads what the middleware marked with a browser behind the guarded proxy, and the rest as always."""

    lazy = False  # the browser's driver is started when the engine is, which a handler of the first request misses

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._max_bytes = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._proxy = GuardedProxy(policy_of(crawler.settings), max_bytes=_PAGES_OF_BYTES * self._max_bytes)
        options: dict[str, Any] = self.config.launch_options
        options["proxy"] = {
            "server": f"http://127.0.0.1:{self._proxy.port}",
            "username": self._proxy.user,
            "password": self._proxy.password,
        }
        options["args"] = [*options.get("args", ()), *_ARGUMENTS]

    async def download_request(self, request: Request) -> Response:
        """Fetch a request."""
        await self._proxy.start()
        response: Response = await super().download_request(request)
        if self._max_bytes and len(response.body) > self._max_bytes:
            raise DownloadCancelledError(f"{request.url}: the page is larger than {self._max_bytes} bytes")
        return response

    async def close(self) -> None:
        """End browser and proxy."""
        await super().close()
        await self._proxy.close()


class JavascriptMiddleware:
    """Marks the pages of the chosen sites for the browser."""

    def __init__(self, hosts: frozenset[str]) -> None:
        self._hosts = hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware."""
        return cls(frozenset(host.lower() for host in crawler.settings.getlist("NEWSCLEAN_JAVASCRIPT")))

    def process_request(self, request: Request) -> None:
        """Mark a request."""
        is_robots = urlparse_cached(request).path == "/robots.txt"
        if self._is_chosen(request) and not is_robots and facts_of(request).kind not in _PLAIN:
            request.meta["playwright"] = True
        else:
            request.meta.pop("playwright", None)

    def _is_chosen(self, request: Request) -> bool:
        host = urlparse_cached(request).hostname or ""
        while host:
            if host in self._hosts:
                return True
            host = host.partition(".")[2]
        return False


def is_left_out(request: Any) -> bool:
    """Tell whether a page's further request is for something that holds no text."""
    return request.resource_type in _LEFT_OUT
