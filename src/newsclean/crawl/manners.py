"""Manners: who we are, what robots.txt allows and how fast, and to wait where a server asks for it.

`request.meta["robots"]` says, from the moment that robots.txt was asked, what it answered:
`allowed`, `none` (there is no robots.txt) or `not asked`; what is forbidden is never fetched.
"""

from __future__ import annotations

import logging
import math
import re
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler, load_object
from twisted.internet.defer import Deferred

from newsclean.crawl.guard import RefusedRequest
from newsclean.errors import ConfigError

if TYPE_CHECKING:
    from typing import Self

    from scrapy.core.downloader import Slot
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser
    from scrapy.settings import BaseSettings

__all__ = ["Pace", "RobotsForbids", "RobotsMiddleware", "check_contact", "with_contact"]

_log: Final = logging.getLogger(__name__)

_CONTACT: Final = re.compile(r"https?://[^\s/)]+\.[^\s)]+|[^\s@(+]+@[^\s@]+\.[^\s@);,]+", re.IGNORECASE)
# Addresses that are nobody's: Scrapy's own, and those that documentation is written with.
_NOBODY: Final = re.compile(
    r"(?:scrapy|(?:www\.)?(?:example|yourdomain|your-domain))\.(?:org|com|net)\b", re.IGNORECASE
)
_ROBOTS_MAX_BYTES: Final = 512_000
_ROBOTS_REDIRECTS: Final = 5
_ROBOTS_PRIORITY: Final = 1_000
_BUSY: Final = (429, 503)
# Scrapy 2.19 forgets about CONCURRENT_REQUESTS_PER_DOMAIN, and does not look at the clock, in a slot without a delay.
_LEAST_DELAY_S: Final = 0.001


def with_contact(user_agent: str, contact: str | None) -> str:
    """Return `user_agent` with `contact` (a URL or e-mail address) in it, if there is one and it names none itself."""
    if not contact or _contact_in(user_agent):
        return user_agent
    return f"{user_agent} (+{contact})"


def check_contact(settings: BaseSettings) -> None:
    """Raise ConfigError unless the user agent says whom to write to; a replay asks nobody and needs none."""
    user_agent = settings["USER_AGENT"] or ""
    if not settings["NEWSCLEAN_REPLAY"] and not _contact_in(user_agent):
        raise ConfigError(
            f"USER_AGENT: {user_agent!r} names nobody that a site can write to; set NEWSCLEAN_CONTACT (in the settings "
            'or the environment) or `contact = "..."` in newsclean.toml to a URL or an e-mail address of yours'
        )


def _contact_in(user_agent: str) -> bool:
    return any(not _NOBODY.search(found) for found in _CONTACT.findall(user_agent))


class RobotsForbids(IgnoreRequest):
    """A request that robots.txt does not allow, or whose robots.txt could not be had."""


class RobotsMiddleware:
    """Asks each host's robots.txt first, after RFC 9309.

    What Scrapy's own does not do: a robots.txt that the server fails on (5xx), or that cannot be
    reached, forbids everything until the next crawl; one that is missing (4xx) allows everything,
    whatever is written on the error page; only 512 kB of it are read.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._parser_class = load_object(crawler.settings["ROBOTSTXT_PARSER"])
        self._is_obeyed = crawler.settings.getbool("ROBOTSTXT_OBEY")
        self._answers: dict[str, _Robots | list[Deferred[_Robots]]] = {}  # a list: those who wait for it

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass that robots.txt allows."""
        is_exempt = not self._is_obeyed or request.meta.get("dont_obey_robotstxt")
        if is_exempt or urlparse_cached(request).scheme not in {"http", "https"}:
            request.meta.setdefault("robots", "not asked")
            return
        robots = await self._robots_of(request)
        if robots.refusal is not None:
            raise RefusedRequest(str(robots.refusal))
        if robots.failure is not None:
            self._forbid(request, f"robots.txt could not be had: {robots.failure}", figure="unavailable")
        if robots.parser is not None and not robots.parser.allowed(request.url, self._user_agent(request)):
            self._forbid(request, "forbidden by robots.txt")
        pace = self._crawler.get_extension(Pace)
        if pace is not None and pace.is_too_slow(request):
            self._forbid(request, "robots.txt asks for a longer Crawl-delay than we wait")
        request.meta["robots"] = "none" if robots.parser is None else "allowed"

    async def _robots_of(self, request: Request) -> _Robots:
        parts = urlparse_cached(request)
        key = f"{parts.scheme}://{parts.netloc}"
        if key not in self._answers:
            self._answers[key] = []
            answer = await self._ask(request, f"{key}/robots.txt")
            waiting, self._answers[key] = self._answers[key], answer
            assert isinstance(waiting, list)
            for one in waiting:
                one.callback(answer)
        found = self._answers[key]
        if not isinstance(found, list):
            return found
        found.append(asked := Deferred[_Robots]())
        return await maybe_deferred_to_future(asked)

    async def _ask(self, request: Request, url: str) -> _Robots:
        stats = self._crawler.stats
        stats.inc_value("robotstxt/request_count")
        meta: dict[str, Any] = {"dont_obey_robotstxt": True, "redirect_ttl": _ROBOTS_REDIRECTS}
        try:
            response = await self._crawler.engine.download_async(
                Request(url, priority=_ROBOTS_PRIORITY, meta=meta, callback=NO_CALLBACK)
            )
        except RefusedRequest as error:
            return _Robots(refusal=error)
        except Exception as error:  # noqa: BLE001  (whatever keeps robots.txt from us has one consequence)
            stats.inc_value(f"robotstxt/exception_count/{type(error).__name__}")
            return _Robots(failure=f"{type(error).__name__}: {error}")
        stats.inc_value(f"robotstxt/response_status_count/{response.status}")
        return await self._read(request, response)

    async def _read(self, request: Request, response: Response) -> _Robots:
        if 400 <= response.status < 500 and response.status != 429:  # noqa: PLR2004  (HTTP's own classes)
            return _Robots()
        if response.status != 200:  # noqa: PLR2004  (same)
            return _Robots(failure=f"status {response.status}")
        parser = build_from_crawler(self._parser_class, self._crawler, response.body[:_ROBOTS_MAX_BYTES])
        await self._crawler.signals.send_catch_log_async(
            signal=signals.robots_parsed, robotparser=parser, request=request
        )
        return _Robots(parser=parser)

    def _user_agent(self, request: Request) -> str | bytes:
        settings = self._crawler.settings
        fixed: str | None = settings["ROBOTSTXT_USER_AGENT"]
        return fixed or request.headers.get(b"User-Agent") or settings["USER_AGENT"]

    def _forbid(self, request: Request, why: str, *, figure: str = "forbidden") -> None:
        self._crawler.stats.inc_value(f"robotstxt/{figure}")
        _log.info("not fetched: %s: %s", request.url, why, extra={"spider": self._crawler.spider})
        raise RobotsForbids(why)


class _Robots:
    """What a host's robots.txt is: a parser, or why it could not be had, or neither where it does not exist."""

    __slots__ = ("failure", "parser", "refusal")

    def __init__(
        self,
        *,
        parser: RobotParser | None = None,
        failure: str | None = None,
        refusal: RefusedRequest | None = None,
    ) -> None:
        self.parser = parser
        self.failure = failure
        self.refusal = refusal


class Pace:
    """Holds each host to the pace it asks for: Crawl-delay, and Retry-After on 429 and 503.

    Comes after AutoThrottle, which knows neither and would go below the delay. A host that asks for
    more than `NEWSCLEAN_MAX_CRAWL_DELAY_S` between requests is not crawled faster than it wants, it
    is not crawled.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        settings = crawler.settings
        self._max_delay_s = settings.getfloat("NEWSCLEAN_MAX_CRAWL_DELAY_S")
        self._max_wait_s = settings.getfloat("NEWSCLEAN_MAX_RETRY_AFTER_S")
        self._delays: dict[str, float] = {}
        self._waits: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the extension; raises ConfigError where the user agent names nobody."""
        check_contact(crawler.settings)
        pace = cls(crawler)
        for receiver, signal in (
            (pace.robots_parsed, signals.robots_parsed),
            (pace.request_reached_downloader, signals.request_reached_downloader),
            (pace.response_downloaded, signals.response_downloaded),
        ):
            crawler.signals.connect(receiver, signal)
        return pace

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Note the Crawl-delay of a host."""
        settings = self._crawler.settings
        user_agent = settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"]
        delay_s = _crawl_delay(robotparser, user_agent)
        host = _host(request)
        if delay_s:
            self._delays[host] = delay_s
            self._crawler.stats.set_value(f"newsclean/crawl_delay/{host}", delay_s)
        if delay_s > self._max_delay_s:
            _log.warning(
                "%s asks for %g s between requests, more than NEWSCLEAN_MAX_CRAWL_DELAY_S = %g: it is not crawled",
                host,
                delay_s,
                self._max_delay_s,
                extra={"spider": self._crawler.spider},
            )

    def is_too_slow(self, request: Request) -> bool:
        """Whether the request's host asks for a longer delay than anybody wants to wait."""
        return self._delays.get(_host(request), 0.0) > self._max_delay_s

    def request_reached_downloader(self, request: Request) -> None:
        """Hold a request's slot, which may be a new one, to the pace of its host."""
        self._hold(request)

    def response_downloaded(self, response: Response, request: Request) -> None:
        """Wait as long as a busy server asks for, and take back what AutoThrottle made of the delay."""
        if response.status in _BUSY:
            wait_s = min(retry_after_s(response), self._max_wait_s)
            self._waits[_host(request)] = time.monotonic() + wait_s
            self._crawler.stats.inc_value("newsclean/asked_to_wait")
        self._hold(request)

    def _hold(self, request: Request) -> None:
        slot = self._slot(request)
        if slot is None:
            return
        slot.delay = max(slot.delay, _LEAST_DELAY_S)
        host = _host(request)
        if delay_s := min(self._delays.get(host, 0.0), self._max_delay_s):
            slot.delay = max(slot.delay, delay_s)
            slot.jitter = 0.0  # would halve the delay at times
        until = self._waits.get(host, 0.0)
        if until > time.monotonic():
            slot.lastseen = max(slot.lastseen, until - slot.delay * (1 - slot.jitter))

    def _slot(self, request: Request) -> Slot | None:
        downloader = self._crawler.engine.downloader
        return downloader.slots.get(downloader.get_slot_key(request))


def retry_after_s(response: Response) -> float:
    """Return the seconds that Retry-After (a number or a date) asks for; one where it says nothing of use."""
    text = (response.headers.get(b"Retry-After") or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return 1.0


def _crawl_delay(parser: RobotParser, user_agent: str) -> float:
    try:
        delay_s = parser.crawl_delay(user_agent) or 0.0
    except ValueError:
        return 0.0
    return delay_s if math.isfinite(delay_s) and delay_s > 0 else 0.0


def _host(request: Request) -> str:
    return urlparse_cached(request).hostname or ""
