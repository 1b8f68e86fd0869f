"""The span of publication times that a crawl is to find."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from newsclean.crawl.discovery.dates import read_when
from newsclean.errors import ConfigError
from newsclean.model import Moment, Precision

__all__ = ["Window", "read_bound", "read_span"]

_SPAN = re.compile(r"(\d+)\s*([smhdw])", re.IGNORECASE)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LENGTHS = {
    Precision.YEAR: dt.timedelta(days=366),
    Precision.MONTH: dt.timedelta(days=31),
    Precision.DAY: dt.timedelta(days=1),
    Precision.MINUTE: dt.timedelta(minutes=1),
    Precision.SECOND: dt.timedelta(seconds=1),
}
# A day without a zone begins and ends anywhere on earth.
_ANY_ZONE = dt.timedelta(hours=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From `since` on and before `until`, both aware; None is without bound."""

    since: dt.datetime | None = None
    until: dt.datetime | None = None

    def holds(self, moment: Moment | None) -> bool:
        """Tell whether something of that time may be inside; what has no date may be."""
        if moment is None:
            return True
        length = _LENGTHS[moment.precision]
        slack = _ANY_ZONE if length >= _LENGTHS[Precision.DAY] else dt.timedelta()
        if self.since is not None and moment.at + length + slack <= self.since:
            return False
        return self.until is None or moment.at - slack < self.until

    def is_before(self, moment: Moment | None) -> bool:
        """Tell whether something of that time is too old; lists with the newest first end there."""
        return moment is not None and not Window(since=self.since).holds(moment)

    def covers(self, other: Window) -> bool:
        """Tell whether all of the other window is inside this one."""
        since = self.since is None or (other.since is not None and other.since >= self.since)
        until = self.until is None or (other.until is not None and other.until <= self.until)
        return since and until


def read_span(text: str) -> dt.timedelta:
    """Read `90s`, `6h`, `3d`, `2w`; raises `ConfigError`."""
    match = _SPAN.fullmatch(text.strip())
    if not match:
        raise ConfigError(f"{text!r} is no span of time; write for example 6h, 3d or 2w")
    return dt.timedelta(**{_UNITS[match[2].lower()]: int(match[1])})


def read_bound(text: str | None, *, now: dt.datetime, name: str) -> dt.datetime | None:
    """Read the bound of a window: a date, a time, or a span back from now; raises `ConfigError`."""
    if not text:
        return None
    if _SPAN.fullmatch(text.strip()):
        try:
            return now - read_span(text)
        except OverflowError:
            raise ConfigError(f"{name}={text}: lies before the year 1; write for example 3d or 2w") from None
    moment = read_when(text)
    if moment is None:
        raise ConfigError(f"{name}={text}: no date; write for example 2026-11-01, 2026-11-01T06:00Z, or 3d (ago)")
    return moment.at
