"""What stands around each line of a dump: blank lines, neighbours, prose near by, words in common.

`features` adds these to the features that a line has on its own (`dump_lines`). The two stretches
with the most prose for their other lines (a maximum-sum run, once strict and once lenient about
what interrupts it) say where the body roughly is; the words of the strict one say which of the
lines outside it speak of the same thing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from itertools import accumulate
from typing import TYPE_CHECKING

from newsclean.extract.generic.dump_lines import CUES, LINE_FEATURES, SHAPES
from newsclean.extract.generic.dump_words import Cue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.dump_lines import Look

__all__ = ["FEATURE_COUNT", "GROUPS", "LENIENT", "STRICT", "densest", "features"]

STRICT = 40  # what a line without prose costs a stretch, in characters
LENIENT = 12
_CAP = 400  # what one line can bring at most
_NEAR = 8
_WINDOW = 5
_STRONG = 90
_DATED_MOST = 120
_FAR = 99
_HEAD = frozenset((Cue.BYLINE, Cue.TIME))
_WEAK = frozenset((Cue.RELATED, Cue.NEWSLETTER, Cue.COPYRIGHT, Cue.COMMENTS, Cue.CREDIT, Cue.NOTICE))

_GROUP_SIZES = {
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
GROUPS = dict(zip(_GROUP_SIZES, accumulate(_GROUP_SIZES.values(), initial=LINE_FEATURES), strict=False))
FEATURE_COUNT = LINE_FEATURES + sum(_GROUP_SIZES.values())
(
    _SHAPE_GAPS, _BEFORE_SHAPE, _AFTER_SHAPE, _AFTER_CUE, _MASS, _PART, _SINCE_DATED, _UNTIL_DATED,
    _STRICT, _LENIENT, _REGIME, _SHARED, _PAGE, _STRONG_AT, _STRONG_AHEAD, _STRONG_BEHIND, _NEXT_STRONG,
) = GROUPS.values()  # fmt: skip

_AGE = (0, 0, 1, 1, *[2] * 5, *[3] * 16, *[4] * (_FAR - 24))
_AGE_AFTER = (*_AGE[1:], _AGE[_FAR])  # of the line after
_FEW, _MANY = (0, 1, 2, 3, 3, 3, 4), 6
_MASSES, _PARTS = (1, 150, 500, 1200), (0.05, 0.5, 0.9)
# By whether a line is long prose, by its words in common (a band) and by the blank lines around it.
_STRENGTH = tuple(
    tuple(tuple(((is_long * 3 + max(0, band - 3)) * 3 + spacing) * 3 for spacing in range(3)) for band in range(6))
    for is_long in range(2)
)


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
    return [
        _mass(here - begin) * 5 + _mass(end - after)
        for here, begin, after, end in zip(sums, back, sums[1:], ahead, strict=False)
    ]


def _mass(size: int) -> int:
    return bisect_right(_MASSES, size)


def _parts(sums: list[int]) -> list[int]:
    """Band how much of all prose stands before each line: 0 none, 5 all."""
    total = sums[-1] or 1
    return [0 if not size else 5 if size == total else 1 + bisect_right(_PARTS, size / total) for size in sums[:-1]]


def _shared(looks: Sequence[Look], begin: int, end: int) -> list[int]:
    """Band how many of its long words each line has in common with the other prose of the stretch."""
    words: Counter[str] = Counter()
    for look in looks[begin:end]:
        if look.prose:
            words.update(look.rare)
    once = {word for word, number in words.items() if number == 1}
    several = words.keys() - once
    bands = []
    for at, look in enumerate(looks):
        rare = look.rare
        if not rare:
            bands.append(0)
            continue
        hits = len(rare & several) + (0 if look.prose and begin <= at < end else len(rare & once))
        share = hits / len(rare)
        bands.append(1 if not hits else 2 if share < 0.15 else 3 if share < 0.35 else 4 if share < 0.6 else 5)  # noqa: PLR2004
    return bands


def _regime(looks: Sequence[Look], gapped: list[bool], begin: int, end: int) -> int:
    """Tell whether paragraphs stand between blank lines: 0 no, 1 some, 2 nearly all, 3 there are none."""
    apart = [gapped[at] for at in range(begin, end) if looks[at].prose]
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
    """Return how many lines on the next marked one stands (at most `_FAR`), for each line and one past the last."""
    ahead = [_FAR] * (len(marks) + 1)
    for at in range(len(marks) - 1, -1, -1):
        ahead[at] = 0 if marks[at] else min(_FAR, ahead[at + 1] + 1)
    return ahead


def _since(marks: Sequence[bool]) -> list[int]:
    """Return how many lines ago the last marked one stood (at most `_FAR`), itself not counted."""
    ages = []
    age = _FAR
    for mark in marks:
        age = min(_FAR, age + 1)
        ages.append(age)
        if mark:
            age = 0
    return ages


def features(looks: Sequence[Look]) -> list[list[int]]:
    """Return all features of every line of `looks`, a stretch of lines in order."""
    count = len(looks)
    prose = [look.prose for look in looks]
    sums = list(accumulate(prose, initial=0))
    begin, end = densest(prose, STRICT)
    gaps = [look.gap for look in looks]
    gapped = [gap > 0 and after > 0 for gap, after in zip(gaps, [*gaps[1:], 1], strict=False)]
    regime = _regime(looks, gapped, begin, end)
    shared = _shared(looks, begin, end)
    strong = [
        look.prose >= _STRONG and band > 2 and (apart or not regime) and look.cue not in _WEAK  # noqa: PLR2004
        for look, band, apart in zip(looks, shared, gapped, strict=True)
    ]
    shapes, cues = [look.shape for look in looks], [look.cue for look in looks]
    dates = [look.size < _DATED_MOST and (look.dated or look.cue in _HEAD) for look in looks]
    strengths = list(accumulate(strong, initial=0))
    after_strong = _until(strong)[1:]
    regime_at, page = _REGIME + regime * 27, _PAGE + _mass(sums[-1] or 1)
    return [
        [
            *look.ids,
            _SHAPE_GAPS + shape * 9 + (spaces := look.gap * 3 + after_gap),
            _BEFORE_SHAPE + before_shape * 3 + (kind := look.kind),
            _AFTER_SHAPE + after_shape * 3 + kind,
            _AFTER_CUE + after_cue * 3 + kind,
            _MASS + mass * 3 + kind,
            _PART + part * 3 + kind,
            _SINCE_DATED + _AGE[since_date] * 3 + kind,
            _UNTIL_DATED + _AGE_AFTER[until_date] * 3 + kind,
            _STRICT + strict * SHAPES + shape,
            _LENIENT + lenient * 3 + kind,
            regime_at + spaces * 3 + kind,
            _SHARED + (band * 3 + kind) * 2 + (place == 1),
            page,
            _STRONG_AT + _STRENGTH[look.prose >= _STRONG][band][2 if apart else regime == 0] + place,
            _STRONG_AHEAD + (few_ahead := _FEW[ahead] if ahead < _MANY else 4) * 3 + kind,
            _STRONG_BEHIND + (_FEW[behind] if behind < _MANY else 4) * 3 + kind,
            _NEXT_STRONG + _AGE_AFTER[until_strong] * 5 + few_ahead,
        ]
        for (
            look, shape, before_shape, after_shape, after_cue, after_gap, mass, part, since_date, until_date, strict,
            lenient, band, place, apart, ahead, behind, until_strong,
        ) in zip(
            looks, shapes, [SHAPES, *shapes], [*shapes[1:], SHAPES], [*cues[1:], CUES], [*gaps[1:], 2],
            _mass_bands(sums), _parts(sums), _since([look.dated for look in looks]), _until(dates)[1:],
            _places(count, begin, end), _places(count, *densest(prose, LENIENT)), shared,
            [0] * begin + [1] * (end - begin) + [2] * (count - end), gapped,
            [strengths[-1] - strength for strength in strengths[1:]], strengths, after_strong,
            strict=False,
        )
    ]  # fmt: skip
