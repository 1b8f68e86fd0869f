"""How many articles a slot usually brings, by hour and day of the week, and what is too few: at once, or over days."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from statistics import mean, median
from typing import TYPE_CHECKING, Final

from newsclean.schedule.alarms.limits import MAD, lowest_count, quantile

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    Past = Sequence[tuple[dt.datetime, int]]

__all__ = ["Shortfall", "expected", "shortfall"]

_FEWEST_LIKE: Final = 4
_SIGMAS: Final = 3.0
# A holiday may bring a third, and a quiet one half of that: for one run alone, less than a seventh is too little.
_LEAST_PART: Final = 0.15
# Over days even less is needed to tell: so much of what was to be expected may be missing.
_WINDOWS: Final = ((3, 0.25), (7, 0.35), (28, 0.5))
_FEWEST_FOR_WINDOWS: Final = 20
_FEWEST_IN_WINDOW: Final = 3
_EVER: Final = 0.03
_FEWEST_NEVER_EMPTY: Final = 8
_SOME: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """Too few articles: so many in `days` (0: in this run alone), where `usual` are, and `least` at the least."""

    days: int
    articles: int
    usual: float
    least: int


@dataclass(slots=True)
class _Pools:
    """Earlier counts by slots that are alike; a slot is compared with the most alike of which there are enough."""

    past: Past
    average: Callable[[Sequence[int]], float] = median
    _pools: list[dict[Hashable, list[int]]] = field(init=False)
    _usual: dict[Hashable, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._pools = [{} for _ in _ALIKE]
        for slot, count in self.past:
            for pool, key in zip(self._pools, _ALIKE, strict=True):
                pool.setdefault(key(slot), []).append(count)

    def usual(self, slot: dt.datetime) -> float:
        """Return the average of the slots that are most like this one."""
        for number, (pool, key) in enumerate(zip(self._pools, _ALIKE, strict=True)):
            found = pool.get(key(slot), ())
            if len(found) >= _FEWEST_LIKE or number == len(_ALIKE) - 1:
                name = (number, key(slot))
                if name not in self._usual:
                    self._usual[name] = float(self.average(found))
                return self._usual[name]
        raise AssertionError

    def parts(self) -> list[float]:
        """Return each earlier count as a part of the usual one, in order of size."""
        return sorted(count / usual for slot, count in self.past if (usual := self.usual(slot)))


_ALIKE: Final[tuple[Callable[[dt.datetime], Hashable], ...]] = (
    lambda slot: (slot.weekday(), slot.hour),
    lambda slot: (slot.weekday() >= 5, slot.hour),  # noqa: PLR2004  (Saturday)
    lambda slot: slot.hour,
    lambda _: None,
)


def shortfall(now: int, slot: dt.datetime, past: Past, recent: Past) -> Shortfall | None:
    """Return by how much a run, or the last days with it, fell short of what is usual; None if they did not.

    `past` are the runs that tell what is usual, `recent` all runs, those under alarm too, both in order.
    """
    pools = _Pools(past)
    return _of_one(now, slot, pools) or _of_days(now, slot, pools, recent)


def expected(slots: Sequence[dt.datetime], past: Past) -> float:
    """Return how many articles such slots bring on average, all together."""
    pools = _Pools(past, average=mean)
    return sum(map(pools.usual, slots))


def _of_one(now: int, slot: dt.datetime, pools: _Pools) -> Shortfall | None:
    usual, parts = pools.usual(slot), pools.parts()
    if not usual or not parts:
        return None
    logs = [math.log(max(part, 0.5 / usual)) for part in parts]
    spread = MAD * median(abs(value - median(logs)) for value in logs)
    sigma = math.sqrt(max(0.0, spread * spread - 1 / usual))
    least = lowest_count(usual * min(_LEAST_PART, math.exp(-_SIGMAS * sigma)))
    # What happened before, three times in a hundred, is normal.
    least = min(least, math.ceil(usual * quantile(parts, _EVER)))
    if not now and _is_never_empty(slot, pools.past):
        least = max(least, 1)
    return Shortfall(days=0, articles=now, usual=usual, least=least) if now < least else None


def _is_never_empty(slot: dt.datetime, past: Past) -> bool:
    """Tell whether every run of a week or more brought some articles: then nothing at all is too few."""
    spans_week = slot - past[0][0] > dt.timedelta(days=7)
    return spans_week and len(past) >= _FEWEST_NEVER_EMPTY and min(count for _, count in past) >= _SOME


def _of_days(now: int, slot: dt.datetime, pools: _Pools, recent: Past) -> Shortfall | None:
    if len(pools.past) < _FEWEST_FOR_WINDOWS:
        return None
    for days, part in _WINDOWS:
        begin = slot - dt.timedelta(days=days) + dt.timedelta(minutes=5)
        counted = [(at, count) for at, count in recent if at >= begin]
        if len(counted) + 1 < _FEWEST_IN_WINDOW or not recent or recent[0][0] > begin - dt.timedelta(days=days):
            continue
        usual = pools.usual(slot) + sum(pools.usual(at) for at, _ in counted)
        articles = now + sum(count for _, count in counted)
        least = lowest_count(usual * part)
        if articles < least:
            return Shortfall(days=days, articles=articles, usual=usual, least=least)
    return None
