"""What becomes of a request in Scrapy's hands: its callback's output, or its failure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from scrapy.exceptions import IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError

if TYPE_CHECKING:
    from scrapy import Request
    from twisted.python.failure import Failure

__all__ = ["Callback", "Errback", "NotKept"]


class _Failed(Protocol):
    def __call__(self, request: Request, reason: str, *, is_refused: bool = False) -> None: ...


class NotKept(IgnoreRequest):
    """A response came and could not be archived: its request waits as if it had not been sent, for the next crawl."""


class Callback:
    """A callback whose output is being read: how much of it has not come to the scheduler yet."""

    def __init__(self, fingerprint: bytes | None) -> None:
        self.fingerprint = fingerprint
        self.awaited = 0
        self.is_exhausted = False


class Errback:
    """Tells `failed` of a request's failure before its own errback (`inner`) hears of it."""

    def __init__(self, failed: _Failed, inner: Any) -> None:
        self._failed = failed
        self.inner = inner

    def __call__(self, failure: Failure) -> Any:
        """Return what the request's own errback gives, or raise what happened where it has none."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value
        if isinstance(error, HttpError):
            reason = f"http {error.response.status}"
        else:
            reason = f"{type(error).__name__}: {error}".rstrip(": ")
        is_refused = isinstance(error, IgnoreRequest) and not isinstance(error, HttpError)
        if not isinstance(error, NotKept):
            self._failed(request, reason, is_refused=is_refused)
        if self.inner is None:
            failure.raiseException()
        return self.inner(failure)
