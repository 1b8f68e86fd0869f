"""What stands around each line of a dump: blank lines, neighbours, prose near by, words in common.

These add to the features that a line has on its own (`dump_lines`). The two stretches
with the most prose for their other lines (a maximum-sum run, once strict and once lenient about
what interrupts it) say where the body roughly is; the words of the strict one say which of the
lines outside it speak of the same thing.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final

from newsclean.extract.generic.dumps.lines import CUES, LINE_FEATURES, SHAPES
from newsclean.extract.generic.dumps.words import Cue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.dumps.lines import Look

__all__ = ["FEATURE_COUNT", "GROUPS", "LENIENT", "STRICT", "Numbers", "Surroundings", "densest", "features"]

STRICT: Final = 40  # what a line without prose costs a stretch, in characters
LENIENT: Final = 12
_CAP: Final = 400  # what one line can bring at most
_NEAR: Final = 8
_WINDOW: Final = 5
_STRONG: Final = 90
_STRONG_BAND: Final = 3  # of `_shared`, from which on long prose is of the story
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
# Each for itself: compiled code need not look up what one `Final` names.
_SHAPE_GAPS: Final = GROUPS["shape_gaps"]
_BEFORE_SHAPE: Final = GROUPS["before_shape"]
_AFTER_SHAPE: Final = GROUPS["after_shape"]
_AFTER_CUE: Final = GROUPS["after_cue"]
_MASS: Final = GROUPS["mass"]
_PART: Final = GROUPS["part"]
_SINCE_DATED: Final = GROUPS["since_dated"]
_UNTIL_DATED: Final = GROUPS["until_dated"]
_STRICT: Final = GROUPS["strict"]
_LENIENT: Final = GROUPS["lenient"]
_REGIME: Final = GROUPS["regime"]
_SHARED: Final = GROUPS["shared"]
_PAGE: Final = GROUPS["page"]
_STRONG_AT: Final = GROUPS["strong"]
_STRONG_AHEAD: Final = GROUPS["strong_ahead"]
_STRONG_BEHIND: Final = GROUPS["strong_behind"]
_NEXT_STRONG: Final = GROUPS["next_strong"]

_AGE: Final = (0, 0, 1, 1, *[2] * 5, *[3] * 16, *[4] * (_FAR - 24))
_AGE_AFTER: Final = (*_AGE[1:], _AGE[_FAR])  # of the line after
_FEW: Final = (0, 1, 2, 3, 3, 3, 4)
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


def _mass_band(mass: int) -> int:
    """Band an amount of prose."""
    if mass < 150:  # noqa: PLR2004
        return 0 if mass < 1 else 1
    return 2 if mass < 500 else 3 if mass < 1200 else 4  # noqa: PLR2004


def _mass_bands(sums: list[int]) -> list[int]:
    """Band the prose within `_WINDOW` lines before (times 5) and after each line, by the sums up to each line."""
    back, ahead = [0] * _WINDOW + sums, [*sums[_WINDOW + 1 :], *[sums[-1]] * _WINDOW]
    return [
        _mass_band(here - begin) * 5 + _mass_band(end - after)
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


# The features of one line, one a group; a tuple of fixed length is no object in compiled code.
Numbers = tuple[int, int, int, int, int, int, int, int, int, int, int, int, int, int, int, int, int]


class Surroundings:
    """What stands around each of some lines."""

    __slots__ = (
        *("_after", "_ahead", "_begin", "_behind", "_cues", "_end", "_gapped", "_gaps", "_kinds", "_lenient", "_longs"),
        *("_masses", "_page", "_parts", "_regime", "_shapes", "_shared", "_since_date", "_strict", "_unspaced"),
        *("_until_date", "_until_strong"),
    )

    def __init__(self, looks: Sequence[Look], gaps: Sequence[int]) -> None:
        """Go through the lines, a stretch in order; `gaps`: blank lines before each (0, 1, 2 for more)."""
        count = len(looks)
        prose = [look.prose for look in looks]
        sums = list(accumulate(prose, initial=0))
        begin, end = densest(prose, STRICT)
        self._begin, self._end = begin, end
        self._gaps, self._after = list(gaps), [*gaps[1:], 2]
        self._kinds = [look.kind for look in looks]
        self._shapes = [SHAPES, *[look.shape for look in looks], SHAPES]  # of no line before the first, after the last
        self._cues = [*[look.cue for look in looks], CUES]
        self._gapped = [gap > 0 and after > 0 for gap, after in zip(self._gaps, self._after, strict=True)]
        self._regime = _regime(prose, self._gapped, begin, end)
        self._unspaced = 1 if self._regime == 0 else 0
        self._shared = _shared(looks, begin, end)
        self._longs = [1 if size >= _STRONG else 0 for size in prose]
        strong = [
            look.prose >= _STRONG and band >= _STRONG_BAND and (apart or self._regime == 0) and look.cue not in _WEAK
            for look, band, apart in zip(looks, self._shared, self._gapped, strict=True)
        ]
        self._behind = _few(strong)
        self._ahead = _few(strong[::-1])[::-1]
        self._until_strong = _until(strong)
        self._strict, self._lenient = _places(count, begin, end), _places(count, *densest(prose, LENIENT))
        self._masses, self._parts = _mass_bands(sums), _parts(sums)
        self._since_date = _since([look.dated for look in looks])
        self._until_date = _until([look.size < _DATED_MOST and (look.dated or look.cue in _HEAD) for look in looks])
        self._page = _mass_band(sums[-1] or 1)

    def numbers(self, at: int) -> Numbers:
        """Return the numbers of the features that line `at` has by what stands around it."""
        kind, shape, is_apart = self._kinds[at], self._shapes[at + 1], self._gapped[at]
        strict, band, ahead = self._strict[at], self._shared[at], self._ahead[at + 1]
        spaces = self._gaps[at] * 3 + self._after[at]
        spacing = 2 if is_apart else self._unspaced
        third = 0 if at < self._begin else 1 if at < self._end else 2
        strength = self._longs[at] * 3 + (band - 3 if band > 3 else 0)  # noqa: PLR2004
        return (
            _SHAPE_GAPS + shape * 9 + spaces,
            _BEFORE_SHAPE + self._shapes[at] * 3 + kind,
            _AFTER_SHAPE + self._shapes[at + 2] * 3 + kind,
            _AFTER_CUE + self._cues[at + 1] * 3 + kind,
            _MASS + self._masses[at] * 3 + kind,
            _PART + self._parts[at] * 3 + kind,
            _SINCE_DATED + self._since_date[at] * 3 + kind,
            _UNTIL_DATED + self._until_date[at] * 3 + kind,
            _STRICT + strict * SHAPES + shape,
            _LENIENT + self._lenient[at] * 3 + kind,
            _REGIME + self._regime * 27 + spaces * 3 + kind,
            _SHARED + (band * 3 + kind) * 2 + (1 if third == 1 else 0),
            _PAGE + self._page,
            _STRONG_AT + (strength * 3 + spacing) * 3 + third,
            _STRONG_AHEAD + ahead * 3 + kind,
            _STRONG_BEHIND + self._behind[at] * 3 + kind,
            _NEXT_STRONG + self._until_strong[at] * 5 + ahead,
        )


def _few(marks: Sequence[bool]) -> list[int]:
    """Band how many marks stand before each place, from that before the first to that after the last."""
    bands, count = [0], 0
    for mark in marks:
        if mark:
            count += 1
        bands.append(_FEW[count] if count < len(_FEW) else _FEW[-1])
    return bands


def features(looks: Sequence[Look], gaps: Sequence[int]) -> list[list[int]]:
    """Return all features of every line of `looks`; arguments as for `Surroundings`."""
    around = Surroundings(looks, gaps)
    return [[*look.ids, *around.numbers(at)] for at, look in enumerate(looks)]
