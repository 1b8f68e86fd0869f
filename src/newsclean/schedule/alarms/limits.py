"""What is still normal, from what there was: limits that a few odd runs do not move, and few data do not narrow.

All bounds on chance are Chernoff's, which are upper bounds of the exact tails: an alarm is rarer by
chance than the figure used, never more frequent. Beyond chance, a change has to be large enough to
matter, the larger the less is known of the job.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "MAD",
    "LevelLimit",
    "Share",
    "ShareLimit",
    "blocks",
    "level_limits",
    "lowest_count",
    "most_share",
    "quantile",
]

# Hundreds of comparisons a run, thousands of runs a year.
_CHANCE: Final = math.log(1e-7)
_BLOCK: Final = 10
# What a few articles share may come from one author or one desk: it proves less than so many by themselves.
_FEWEST: Final = 5
MAD: Final = 1.4826
_LEVEL_SIGMAS: Final = 5.0
_LEVEL_FLOOR: Final = 0.12
_LEVEL_EFFECT: Final = math.log(1.7)
_COUNT_CHANCE: Final = math.log(0.03)


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """The share, 0 of nothing."""
        return self.part / self.whole if self.whole else 0.0

    def __add__(self, other: Share) -> Share:
        return Share(self.part + other.part, self.whole + other.whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareLimit:
    """The usual share (a median) and the highest one that is still normal."""

    usual: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelLimit:
    """The usual level (a median) and the bounds of what is still normal."""

    usual: float
    low: float
    high: float


def blocks(past: Iterable[Share], *, size: int = _BLOCK) -> list[Share]:
    """Put the shares of small runs together, in order, until each block has at least `size` in it."""
    found: list[Share] = []
    open_block = Share(0, 0)
    for share in past:
        open_block += share
        if open_block.whole >= size:
            found.append(open_block)
            open_block = Share(0, 0)
    if open_block.whole and found:
        found[-1] += open_block
    return found


def most_share(now: Share, past: Iterable[Share], *, floor: float = 0.02) -> ShareLimit | None:
    """Return the limits that `now` is above, None if it is within them or too little is known.

    The share has to be above what nearly all earlier blocks had, by more than chance, and higher
    than usual by a good part of the whole: a half where little is known, a third where much is.
    """
    known = blocks(past)
    if not known or now.whole == 0:
        return None
    values = sorted(block.value for block in known)
    usual = median(values)
    spread = MAD * median(abs(value - usual) for value in values)
    pooled = sum(block.part for block in known) / sum(block.whole for block in known)
    high = max(floor, pooled, quantile(values, 0.95), usual + 3 * spread)
    effect = 0.35 + 0.15 * math.exp(-(len(known) - 1) / 12)
    limit = ShareLimit(usual=usual, most=min(1.0, max(high, usual + effect)))
    if now.value <= limit.most or now.part < _FEWEST:
        return None
    # A block of earlier articles says the share only roughly, and one of ten says it is up to a quarter.
    high += 1.5 / (sum(block.whole for block in known) + 3)
    return limit if _log_tail_share(now, high) < _CHANCE / _ease(now) else None


def level_limits(now: float, error: float, past: Sequence[float]) -> LevelLimit | None:
    """Return the limits that the level `now` is outside of; `error` is its standard error. None if it is within them.

    Levels are logarithms: a change has to be by a factor of 1.7 at least.
    """
    if not past:
        return None
    usual = median(past)
    spread = max(_LEVEL_FLOOR, MAD * median(abs(value - usual) for value in past))
    reach = max(_LEVEL_EFFECT, _LEVEL_SIGMAS * math.hypot(spread, error))
    low, high = min(usual - reach, *past), max(usual + reach, *past)
    return None if low <= now <= high else LevelLimit(usual=usual, low=low, high=high)


def _ease(now: Share) -> float:
    """Ask less of the tail where all of a few articles are wrong: there is no more that could be seen."""
    return 2.0 if now.part == now.whole else 1.0


def quantile(ordered: Sequence[float], part: float) -> float:
    """Return the value that `part` of the ordered values are at or below, the outermost ones where they are few."""
    last = len(ordered) - 1
    at = math.ceil(part * last) if part > 0.5 else math.floor(part * last)  # noqa: PLR2004  (a half)
    return ordered[at]


def _log_tail_share(now: Share, usual: float) -> float:
    """Return a bound of the logarithm of P(X >= part) for a binomial X; 0 where the share is not above `usual`."""
    if now.value <= usual:
        return 0.0
    rest = 1 - now.value
    divergence = now.value * math.log(now.value / usual)
    if rest:
        divergence += rest * math.log(rest / (1 - usual))
    return -now.whole * divergence


def lowest_count(mean: float) -> int:
    """Return the lowest count that is no surprise for a Poisson variable of that mean."""
    count = 0
    while count < mean and _log_tail_count(count, mean) < _COUNT_CHANCE:
        count += 1
    return count


def _log_tail_count(count: int, mean: float) -> float:
    if count >= mean:
        return 0.0
    return count - mean + (count * math.log(mean / count) if count else 0.0)
