"""All checks of one run, in order, and what is left of them once one explains another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from newsclean.schedule.alarms.contents import body_length, future_dates, same_page
from newsclean.schedule.alarms.shares import fallback, field_fall, language_mix, rejections
from newsclean.schedule.alarms.yields import drought, feed_gap, yield_drop, zero_yield

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from newsclean.schedule.alarms.subject import Subject
    from newsclean.schedule.records import Alarm

__all__ = ["NAMES", "judge"]

_CHECKS: Final[Mapping[str, Callable[[Subject], Iterator[Alarm]]]] = {
    "same_page": same_page,
    "zero_yield": zero_yield,
    "fallback": fallback,
    "rejections": rejections,
    "yield_drop": yield_drop,
    "drought": drought,
    "feed_gap": feed_gap,
    "future_dates": future_dates,
    "field_fall": field_fall,
    "body_length": body_length,
    "language_mix": language_mix,
}
NAMES: Final = tuple(_CHECKS)

# What follows by itself from the alarm before the arrow, for the same site.
_SEQUELS: Final[Mapping[str, frozenset[str]]] = {
    "zero_yield": frozenset({"rejections", "yield_drop", "drought", "feed_gap"}),
    "same_page": frozenset(
        {"zero_yield", "rejections", "yield_drop", "drought", "fallback", "field_fall", "body_length", "language_mix"}
    ),
    "fallback": frozenset({"rejections", "field_fall", "body_length", "language_mix"}),
    "rejections": frozenset({"yield_drop", "drought"}),
}


def judge(subject: Subject, *, off: Collection[str] = ()) -> tuple[Alarm, ...]:
    """Return the alarms about a run, the ones that explain others first, without those that they explain.

    `off` names checks that are left out, everywhere (`body_length`) or at a site (`body_length:example.org`).
    """
    found: list[Alarm] = []
    for name, check in _CHECKS.items():
        if name not in off:
            found += [one for one in check(subject) if f"{name}:{one.site}" not in off]
    return tuple(one for one in found if not any(_explains(other, one) for other in found))


def _explains(one: Alarm, other: Alarm) -> bool:
    return other.check in _SEQUELS.get(one.check, ()) and (one.site == other.site or not one.site or not other.site)
