"""When a job is due: the slots that cron or `every` gives, and the delay that jitter gives each of them.

A slot is a point in time, and names a run of a job once and for all. Slots are the same wherever and
whenever they are worked out. With cron, they follow the wall clock of the job's time zone as Debian's
cron does (the work is cronsim's):

- where minute and hour are given, a time that the change to summer time leaves out is the first
  minute after the gap, and a time that the change back repeats is taken once, the first time;
- where minute or hour begins with `*`, each real minute counts whose wall clock agrees: none in the
  gap, and both in what is repeated.

`every` counts from 1970-01-01 00:00 UTC in real time and knows no time zone.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Times", "TimesError", "read_duration", "read_zone"]

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MINUTE: Final = dt.timedelta(minutes=1)
_BACK: Final = tuple(dt.timedelta(days=days) for days in (1 / 24, 1, 32, 366))
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION: Final = re.compile(r"(?:\d+\s*[smhdw]\s*)+")
_NAMED: Final = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_CRON_FIELDS: Final = 5


class TimesError(ValueError):
    """What says when a job is due cannot be understood; the text names the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When a job is due: by `cron` in the time zone `zone`, or `every` so long; neither: only when it is asked for.

    `jitter` bounds the delay of a slot, which is the same each time it is worked out for `job`.
    """

    job: str
    cron: str | None = None
    every: dt.timedelta | None = None
    zone: str = "UTC"
    jitter: dt.timedelta = dt.timedelta(0)

    def __post_init__(self) -> None:
        """Raise TimesError for what gives no slots."""
        if self.cron is not None:
            self._check_cron()
        elif self.every is not None and self.every < _MINUTE:
            raise TimesError("must be a minute or more")

    @property
    def is_timed(self) -> bool:
        """Whether there are slots at all."""
        return self.cron is not None or self.every is not None

    @property
    def text(self) -> str:
        """What the slots depend on, in a line: a changed one is another schedule."""
        rule = f"every {self.every}" if self.cron is None else f"cron {self.cron} in {self.zone}"
        return f"{rule} jitter {self.jitter}" if self.is_timed else ""

    def after(self, moment: dt.datetime) -> Iterator[dt.datetime]:
        """Yield the slots after `moment`, in UTC and in order, without end."""
        if self.cron is not None:
            return self._by_cron(moment)
        return self._by_every(moment) if self.every is not None else iter(())

    def next_after(self, moment: dt.datetime) -> dt.datetime | None:
        """Return the first slot after `moment`; remembered, because it is asked again at every tick."""
        return _next_after(self, moment)

    def before(self, moment: dt.datetime) -> dt.datetime | None:
        """Return the last slot before `moment`; None where there is none in the year before."""
        for back in _BACK:
            last = None
            for slot in self.after(moment - back):
                if slot >= moment:
                    break
                last = slot
            if last is not None:
                return last
        return None

    def due_at(self, slot: dt.datetime) -> dt.datetime:
        """Return when the run of a slot is to start: the slot and its share of the jitter, in whole seconds."""
        bound_s = int(self.jitter.total_seconds())
        if not bound_s:
            return slot
        seed = hashlib.sha256(f"{self.job} {slot.isoformat()}".encode()).digest()
        return slot + dt.timedelta(seconds=int.from_bytes(seed[:8]) % (bound_s + 1))

    def _by_cron(self, moment: dt.datetime) -> Iterator[dt.datetime]:
        from cronsim import CronSim  # noqa: PLC0415  (late, like all that only some commands need)

        last = moment
        for local in CronSim(_fields(self.cron or ""), moment.astimezone(_zone(self.zone))):
            slot = local.astimezone(dt.UTC)
            # Two times in one gap become one slot; an hour that is repeated must not lead back.
            if slot > last:
                last = slot
                yield slot

    def _by_every(self, moment: dt.datetime) -> Iterator[dt.datetime]:
        assert self.every is not None
        slot = _EPOCH + ((moment - _EPOCH) // self.every) * self.every
        while True:
            slot += self.every
            yield slot

    def _check_cron(self) -> None:
        from cronsim import CronSimError  # noqa: PLC0415  (as above)

        _zone(self.zone)
        if len(_fields(self.cron or "").split()) != _CRON_FIELDS:
            raise TimesError('must have the five fields minute, hour, day, month, day of week, as "30 6 * * mon-fri"')
        try:
            first = next(self._by_cron(_EPOCH), None)
        except CronSimError as error:
            raise TimesError(f'{error}; five fields are needed, as "30 6 * * mon-fri"') from error
        if first is None:
            raise TimesError("there is no such day")


@lru_cache(maxsize=4096)
def _next_after(times: Times, moment: dt.datetime) -> dt.datetime | None:
    return next(times.after(moment), None)


def read_duration(text: str) -> dt.timedelta:
    """Read a span of time such as 90s, 15m, 1h30m, 2d or 1w; raises TimesError."""
    if not _DURATION.fullmatch(text.strip()):
        raise TimesError(f"{text!r} is no span of time; write it as 90s, 15m, 1h30m, 2d or 1w")
    return dt.timedelta(seconds=sum(int(number) * _UNITS[unit] for number, unit in re.findall(r"(\d+)\s*(\w)", text)))


def read_zone(name: str) -> str:
    """Return the name of a time zone that is known; raises TimesError."""
    _zone(name)
    return name


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise TimesError(
            f"{name!r} is no time zone that is known here; write one as Europe/Moscow or UTC "
            "(where none at all is known, install tzdata)"
        ) from error


def _fields(cron: str) -> str:
    return _NAMED.get(cron.strip().lower(), cron)
