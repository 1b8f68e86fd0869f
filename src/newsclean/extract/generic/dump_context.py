"""What stands around each line of a dump: blank lines, neighbours, prose near by, words in common.

`features` adds these to the features that a line has on its own (`dump_lines`). The two stretches
with the most prose for their other lines (a maximum-sum run, once strict and once lenient about
what interrupts it) say where the body roughly is; the words of the strict one say which of the
lines outside it speak of the same thing.
"""

from __future__ import annotations

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
_FEW = (0, 1, 2, 3, 3, 3, 4)


def densest(prose: Sequence[int], cost: int) -> tuple[int, int]:
    """Return the stretch of lines (first, one past the last) with the most prose, each other line costing `cost`."""
    best = here = begin = first = last = 0
    for at, size in enumerate(prose):
        here += min(size, _CAP) or -cost
        if here <= 0:
            here, begin = 0, at + 1
        elif here > best:
            best, first, last = here, begin, at + 1
    return first, last


def _mass_bands(sums: list[int], count: int) -> list[int]:
    """Band the prose within `_WINDOW` lines before (times 5) and after each line."""
    bands = []
    for at in range(count):
        back = sums[at] - sums[max(0, at - _WINDOW)]
        ahead = sums[min(count, at + 1 + _WINDOW)] - sums[at + 1]
        bands.append(_mass(back) * 5 + _mass(ahead))
    return bands


def _mass(size: int) -> int:
    return 0 if size < 1 else 1 if size < 150 else 2 if size < 500 else 3 if size < 1200 else 4  # noqa: PLR2004


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
    total = sums[-1] or 1
    begin, end = densest(prose, STRICT)
    gapped = [look.gap > 0 and (at + 1 == count or looks[at + 1].gap > 0) for at, look in enumerate(looks)]
    regime = _regime(looks, gapped, begin, end)
    shared = _shared(looks, begin, end)
    strong = [
        look.prose >= _STRONG and shared[at] > 2 and (gapped[at] or not regime) and look.cue not in _WEAK  # noqa: PLR2004
        for at, look in enumerate(looks)
    ]
    strengths = list(accumulate(strong, initial=0))
    strict = _places(count, begin, end)
    lenient = _places(count, *densest(prose, LENIENT))
    mass = _mass_bands(sums, count)
    next_strong = _until(strong)
    dates = [look.size < _DATED_MOST and (look.dated or look.cue in _HEAD) for look in looks]
    next_date = _until(dates)
    since_date = _since([look.dated for look in looks])
    page = _PAGE + _mass(total)
    before_shape = SHAPES
    result = []
    for at, look in enumerate(looks):
        kind, shape = look.kind, look.shape
        after = looks[at + 1] if at + 1 < count else None
        gaps = look.gap * 3 + (after.gap if after else 2)
        done = sums[at] / total
        part = 0 if done <= 0 else 1 if done < 0.05 else 2 if done < 0.5 else 3 if done < 0.9 else 4 if done < 1 else 5  # noqa: PLR2004
        ahead = strengths[count] - strengths[at + 1]
        ahead = _FEW[ahead] if ahead < 6 else 4  # noqa: PLR2004
        behind = strengths[at]
        band = shared[at]
        spacing = 2 if gapped[at] else regime == 0
        result.append([
            *look.ids,
            _SHAPE_GAPS + shape * 9 + gaps,
            _BEFORE_SHAPE + before_shape * 3 + kind,
            _AFTER_SHAPE + (after.shape if after else SHAPES) * 3 + kind,
            _AFTER_CUE + (after.cue if after else CUES) * 3 + kind,
            _MASS + mass[at] * 3 + kind,
            _PART + part * 3 + kind,
            _SINCE_DATED + _AGE[since_date[at]] * 3 + kind,
            _UNTIL_DATED + _AGE[next_date[at + 1] + 1 if next_date[at + 1] < _FAR else _FAR] * 3 + kind,
            _STRICT + strict[at] * SHAPES + shape,
            _LENIENT + lenient[at] * 3 + kind,
            _REGIME + regime * 27 + gaps * 3 + kind,
            _SHARED + (band * 3 + kind) * 2 + (begin <= at < end),
            page,
            _STRONG_AT + (((look.prose >= _STRONG) * 3 + (band - 3 if band > 3 else 0)) * 3 + spacing) * 3 + (0 if at < begin else 1 if at < end else 2),  # noqa: E501, PLR2004
            _STRONG_AHEAD + ahead * 3 + kind,
            _STRONG_BEHIND + (_FEW[behind] if behind < 6 else 4) * 3 + kind,  # noqa: PLR2004
            _NEXT_STRONG + _AGE[next_strong[at + 1] + 1 if next_strong[at + 1] < _FAR else _FAR] * 5 + ahead,
        ])  # fmt: skip
        before_shape = shape
    return result
