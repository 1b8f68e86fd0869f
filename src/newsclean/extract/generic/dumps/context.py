"""What stands around each line of a dump: blank lines, neighbours, prose near by, words in common.

These add to the features that a line has on its own (`dump_lines`). They come in groups, and each group
from a few small numbers, its key: few keys make up most pages, so that a model need add up a group's
weights once a key (`dump_model`), while `features` lists them all. The two stretches
with the most prose for their other lines (a maximum-sum run, once strict and once lenient about
what interrupts it) say where the body roughly is; the words of the strict one say which of the
lines outside it speak of the same thing.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, repeat
from typing import TYPE_CHECKING, Final

from newsclean.extract.generic.dumps.lines import CUES, LINE_FEATURES, SHAPES
from newsclean.extract.generic.dumps.words import Cue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from newsclean.extract.generic.dumps.lines import Look

__all__ = ["FEATURE_COUNT", "GROUPS", "LENIENT", "LISTS", "STRICT", "Key", "densest", "features", "keys"]

Key = tuple[int, ...]

STRICT: Final = 40  # what a line without prose costs a stretch, in characters
LENIENT: Final = 12
_CAP: Final = 400  # what one line can bring at most
_NEAR: Final = 8
_WINDOW: Final = 5
_STRONG: Final = 90
_DATED_MOST: Final = 120
_FAR: Final = 99
_HEAD: Final = frozenset((Cue.BYLINE, Cue.TIME))
_WEAK: Final = frozenset((Cue.RELATED, Cue.NEWSLETTER, Cue.COPYRIGHT, Cue.COMMENTS, Cue.CREDIT, Cue.NOTICE))

_GROUP_SIZES: Final = {
    "shape_gaps": SHAPES * 9,
    "before_shape": (SHAPES + 1) * 3,
    "after_shape": (SHAPES + 1) * 3,
    "after_cue": (CUES + 1) * 3,
    "mass": 25 * 3,
    "part": 6 * 3,
    "since_dated": 5 * 3,
    "until_dated": 5 * 3,
    "strict": 6 * SHAPES,
    "lenient": 6 * 3,
    "regime": 4 * 27,
    "shared": 6 * 3 * 2,
    "page": 5,
    "strong": 2 * 3 * 3 * 3,
    "strong_ahead": 5 * 3,
    "strong_behind": 5 * 3,
    "next_strong": 5 * 5,
}
GROUPS: Final = dict(zip(_GROUP_SIZES, accumulate(_GROUP_SIZES.values(), initial=LINE_FEATURES), strict=False))
FEATURE_COUNT: Final = LINE_FEATURES + sum(_GROUP_SIZES.values())
(
    _SHAPE_GAPS, _BEFORE_SHAPE, _AFTER_SHAPE, _AFTER_CUE, _MASS, _PART, _SINCE_DATED, _UNTIL_DATED,
    _STRICT, _LENIENT, _REGIME, _SHARED, _PAGE, _STRONG_AT, _STRONG_AHEAD, _STRONG_BEHIND, _NEXT_STRONG,
) = GROUPS.values()  # fmt: skip

_AGE: Final = (0, 0, 1, 1, *[2] * 5, *[3] * 16, *[4] * (_FAR - 24))
_AGE_AFTER: Final = (*_AGE[1:], _AGE[_FAR])  # of the line after
_FEW: Final = (0, 1, 2, 3, 3, 3, 4)
_MANY: Final = 6
_MASSES: Final = (1, 150, 500, 1200)
_PARTS: Final = (0.05, 0.5, 0.9)


def densest(prose: Sequence[int], cost: int) -> tuple[int, int]:
    """Return the stretch of lines (first, one past the last) with the most prose, each other line costing `cost`."""
    best = here = begin = first = last = 0
    for at, size in enumerate(prose):
        here += (size if size < _CAP else _CAP) if size else -cost  # noqa: FURB136  (min is a call a line)
        if here <= 0:
            here, begin = 0, at + 1
        elif here > best:
            best, first, last = here, begin, at + 1
    return first, last


def _mass_bands(sums: list[int]) -> list[int]:
    """Band the prose within `_WINDOW` lines before (times 5) and after each line, by the sums up to each line."""
    back, ahead = [0] * _WINDOW + sums, [*sums[_WINDOW + 1 :], *[sums[-1]] * _WINDOW]
    limits = _MASSES
    return [
        bisect_right(limits, here - begin) * 5 + bisect_right(limits, end - after)
        for here, begin, after, end in zip(sums, back, sums[1:], ahead, strict=False)
    ]


def _parts(sums: list[int]) -> list[int]:
    """Band how much of all prose stands before each line: 0 none, 5 all."""
    total = sums[-1] or 1
    some, half, most = (share * total for share in _PARTS)
    return [
        0 if not size else 5 if size == total else 1 if size < some else 2 if size < half else 3 if size < most else 4
        for size in sums[:-1]
    ]


def _shared(looks: Sequence[Look], begin: int, end: int) -> list[int]:
    """Band how many of its long words each line has in common with the other prose of the stretch."""
    words: set[str] = set()
    several: set[str] = set()
    for look in looks[begin:end]:
        if look.prose:
            rare = look.rare
            several |= words & rare
            words |= rare
    bands = []
    for at, look in enumerate(looks):
        rare = look.rare
        if not rare:
            bands.append(0)
            continue
        hits = len(rare & (several if look.prose and begin <= at < end else words))
        share = hits / len(rare)
        bands.append(1 if not hits else 2 if share < 0.15 else 3 if share < 0.35 else 4 if share < 0.6 else 5)  # noqa: PLR2004
    return bands


def _regime(prose: Sequence[int], gapped: list[bool], begin: int, end: int) -> int:
    """Tell whether paragraphs stand between blank lines: 0 no, 1 some, 2 nearly all, 3 there are none."""
    apart = [gap for gap, size in zip(gapped[begin:end], prose[begin:end], strict=True) if size]
    if not apart:
        return 3
    spaced = sum(apart)
    return 0 if spaced * 5 < len(apart) else 1 if spaced * 5 < len(apart) * 4 else 2


def _places(count: int, begin: int, end: int) -> list[int]:
    """Say where each line lies to a stretch: 0 well before, 1 before, 2 its first, 3 in it, 4 after, 5 well after."""
    near = max(0, begin - _NEAR)
    after = min(count, end + _NEAR)
    inside = [2, *([3] * (end - begin - 1))] if end > begin else []
    return [0] * near + [1] * (begin - near) + inside + [4] * (after - end) + [5] * (count - after)


def _until(marks: Sequence[bool]) -> list[int]:
    """Band how many lines after each line the next marked one stands."""
    bands, age = [], _FAR
    for mark in reversed(marks):
        bands.append(_AGE_AFTER[age])
        age = 0 if mark else age + 1 if age < _FAR else _FAR
    bands.reverse()
    return bands


def _since(marks: Sequence[bool]) -> list[int]:
    """Band how many lines ago the last marked one stood, itself not counted."""
    bands, age = [], _FAR
    for mark in marks:
        age = age + 1 if age < _FAR else _FAR
        bands.append(_AGE[age])
        if mark:
            age = 0
    return bands


def _of_place(key: Key) -> list[int]:
    """Tell of a line's shape between the blank lines around it and in the two stretches."""
    shape, kind, gap, gap_after, regime, strict, lenient = key
    spaces = gap * 3 + gap_after
    return [
        _SHAPE_GAPS + shape * 9 + spaces,
        _REGIME + regime * 27 + spaces * 3 + kind,
        _STRICT + strict * SHAPES + shape,
        _LENIENT + lenient * 3 + kind,
    ]


def _of_neighbours(key: Key) -> list[int]:
    kind, shape_before, shape_after, cue_after = key
    return [
        _BEFORE_SHAPE + shape_before * 3 + kind,
        _AFTER_SHAPE + shape_after * 3 + kind,
        _AFTER_CUE + cue_after * 3 + kind,
    ]


def _of_surroundings(key: Key) -> list[int]:
    kind, mass, part, since_date, until_date, page = key
    return [
        _MASS + mass * 3 + kind,
        _PART + part * 3 + kind,
        _SINCE_DATED + since_date * 3 + kind,
        _UNTIL_DATED + until_date * 3 + kind,
        _PAGE + page,
    ]


def _of_strength(key: Key) -> list[int]:
    """Tell whether a line is long prose, by its words in common (a band) and the blank lines around it; and more."""
    kind, is_long, band, spacing, third, ahead, behind, until_strong = key
    few_ahead, few_behind = (_FEW[number] if number < _MANY else 4 for number in (ahead, behind))
    return [
        _SHARED + (band * 3 + kind) * 2 + (third == 1),
        _STRONG_AT + ((is_long * 3 + max(0, band - 3)) * 3 + spacing) * 3 + third,
        _STRONG_AHEAD + few_ahead * 3 + kind,
        _STRONG_BEHIND + few_behind * 3 + kind,
        _NEXT_STRONG + until_strong * 5 + few_ahead,
    ]


LISTS: Final[tuple[Callable[[Key], list[int]], ...]] = (
    _of_place,
    _of_neighbours,
    _of_surroundings,
    _of_strength,
)


def keys(looks: Sequence[Look], gaps: Sequence[int]) -> tuple[Iterator[Key], ...]:
    """Return, for each group of `LISTS`, the keys of all lines; `gaps`: blank lines before each (0, 1, 2 for more)."""
    count = len(looks)
    prose, shapes, kinds = [k.prose for k in looks], [k.shape for k in looks], [k.kind for k in looks]
    sums = list(accumulate(prose, initial=0))
    begin, end = densest(prose, STRICT)
    gapped = [gap > 0 and after > 0 for gap, after in zip(gaps, [*gaps[1:], 1], strict=False)]
    regime = _regime(prose, gapped, begin, end)
    shared = _shared(looks, begin, end)
    longs = [size >= _STRONG for size in prose]
    strong = [
        is_long and band > 2 and (apart or not regime) and look.cue not in _WEAK  # noqa: PLR2004
        for look, is_long, band, apart in zip(looks, longs, shared, gapped, strict=True)
    ]
    dates = [look.size < _DATED_MOST and (look.dated or look.cue in _HEAD) for look in looks]
    strengths = [number if number < _MANY else _MANY for number in accumulate(strong, initial=0)]  # noqa: FURB136
    ahead = [number if number < _MANY else _MANY for number in accumulate(reversed(strong), initial=0)]  # noqa: FURB136
    ahead.reverse()
    unspaced = int(regime == 0)
    strict, lenient = _places(count, begin, end), _places(count, *densest(prose, LENIENT))
    return (
        zip(shapes, kinds, gaps, [*gaps[1:], 2], repeat(regime), strict, lenient, strict=False),
        zip(kinds, [SHAPES, *shapes], [*shapes[1:], SHAPES], [*[k.cue for k in looks[1:]], CUES], strict=False),
        zip(
            kinds, _mass_bands(sums), _parts(sums), _since([k.dated for k in looks]), _until(dates),
            repeat(bisect_right(_MASSES, sums[-1] or 1)), strict=False,
        ),
        zip(
            kinds, longs, shared, [2 if apart else unspaced for apart in gapped],
            [0] * begin + [1] * (end - begin) + [2] * (count - end), ahead[1:], strengths, _until(strong),
            strict=False,
        ),
    )  # fmt: skip


def features(looks: Sequence[Look], gaps: Sequence[int]) -> list[list[int]]:
    """Return all features of every line of `looks`, a stretch of lines in order; `gaps` as for `keys`."""
    return [
        [*look.ids, *(one for of, key in zip(LISTS, line, strict=True) for one in of(key))]
        for look, *line in zip(looks, *keys(looks, gaps), strict=True)
    ]
