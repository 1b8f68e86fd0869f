"""What stands around each line of a dump: blank lines, neighbours, prose near by, words in common.

These add to the features that a line has on its own (`dump_lines`). The two stretches
with the most prose for their other lines (a maximum-sum run, once strict and once lenient about
what interrupts it) say where the body roughly is; the words of the strict one say which of the
lines outside it speak of the same thing.

Weights are fitted feature by feature; to add them up line by line, two or three features that
depend on much the same come as one, a sign: fewer numbers to work out and to look up.
"""

from __future__ import annotations

from itertools import accumulate, product
from typing import TYPE_CHECKING, Final

from newsclean.extract.generic.dumps.lines import CUES, LINE_FEATURES, SHAPES
from newsclean.extract.generic.dumps.words import Cue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.dumps.lines import Look

__all__ = [
    "FEATURE_COUNT",
    "GROUPS",
    "LENIENT",
    "STRICT",
    "Signs",
    "Surroundings",
    "densest",
    "features",
    "features_of_signs",
]

STRICT: Final = 40  # what a line without prose costs a stretch, in characters
LENIENT: Final = 12
_CAP: Final = 400  # what one line can bring at most
_NEAR: Final = 8
_WINDOW: Final = 5
_STRONG: Final = 90
_STRONG_BAND: Final = 3  # of `_shared`, from which on long prose is of the story
_DATED_MOST: Final = 120
_FAR: Final = 99
# By cue: whether it is so. As bytes, like the bands below: their numbers are no objects in compiled code.
_WEAK: Final = frozenset((Cue.RELATED, Cue.NEWSLETTER, Cue.COPYRIGHT, Cue.COMMENTS, Cue.CREDIT, Cue.NOTICE))
_IS_WEAK: Final = bytes([cue in _WEAK for cue in Cue])
_IS_HEAD: Final = bytes([cue in {Cue.BYLINE, Cue.TIME} for cue in Cue])

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

# Signs are numbered from here on; what each says is in `features_of_signs`.
_NEIGHBOURS: Final = LINE_FEATURES
_SPACES: Final = _NEIGHBOURS + (SHAPES + 1) * (SHAPES + 1) * 3
_PLACES: Final = _SPACES + 9 * SHAPES * 6
_BEHIND: Final = _PLACES + 4 * 9 * 6 * 3
_BEYOND: Final = _BEHIND + 5 * 5 * 6 * 3
_WORDS: Final = _BEYOND + 5 * 5 * 5 * 3
_MASSES: Final = _WORDS + 6 * 3 * 2 * 3 * 3
_PAGES: Final = _MASSES + 25 * (CUES + 1) * 3

_AGE: Final = bytes((0, 0, 1, 1, *[2] * 5, *[3] * 16, *[4] * (_FAR - 24)))
_AGE_AFTER: Final = bytes((*_AGE[1:], _AGE[_FAR]))  # of the line after
_FEW: Final = bytes((0, 1, 2, 3, 3, 3, 4))


def features_of_signs() -> list[list[int]]:
    """Return the features that each sign stands for, in the order of the signs, which are numbered after a line's own.

    Kinds and shapes are a line's own, as in `Look`; the bands are those of the functions below.
    """
    shapes, kinds = range(SHAPES + 1), range(3)
    neighbours = [
        [_BEFORE_SHAPE + before * 3 + kind, _AFTER_SHAPE + after * 3 + kind]
        for before, after, kind in product(shapes, shapes, kinds)
    ]
    spaces = [
        [_SHAPE_GAPS + shape * 9 + gaps, _STRICT + place * SHAPES + shape]
        for gaps, shape, place in product(range(9), range(SHAPES), range(6))
    ]
    places = [
        [_REGIME + regime * 27 + gaps * 3 + kind, _LENIENT + place * 3 + kind]
        for regime, gaps, place, kind in product(range(4), range(9), range(6), kinds)
    ]
    behind = [
        [_SINCE_DATED + since * 3 + kind, _STRONG_BEHIND + strong * 3 + kind, _PART + part * 3 + kind]
        for since, strong, part, kind in product(range(5), range(5), range(6), kinds)
    ]
    beyond = [
        [_UNTIL_DATED + until * 3 + kind, _NEXT_STRONG + after * 5 + strong, _STRONG_AHEAD + strong * 3 + kind]
        for until, after, strong, kind in product(range(5), range(5), range(5), kinds)
    ]
    words = [
        [
            _SHARED + (band * 3 + kind) * 2 + (third == 1),
            _STRONG_AT + ((long * 3 + max(0, band - _STRONG_BAND)) * 3 + spacing) * 3 + third,
        ]
        for band, kind, long, spacing, third in product(range(6), kinds, range(2), range(3), range(3))
    ]
    masses = [
        [_MASS + mass * 3 + kind, _AFTER_CUE + cue * 3 + kind]
        for mass, cue, kind in product(range(25), range(CUES + 1), kinds)
    ]
    return [*neighbours, *spaces, *places, *behind, *beyond, *words, *masses, *[[_PAGE + band] for band in range(5)]]


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
        return 1 if mass else 0
    return 2 if mass < 500 else 3 if mass < 1200 else 4  # noqa: PLR2004


def _shared(looks: list[Look], begin: int, end: int) -> list[int]:
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
        count = len(rare)
        if not count:
            bands.append(0)
            continue
        hits = len(rare & (several if look.prose and begin <= at < end else words))
        # Less than 15, 35 and 60 in a hundred.
        bands.append(
            1
            if not hits
            else 2
            if hits * 20 < count * 3
            else 3
            if hits * 20 < count * 7
            else 4
            if hits * 5 < count * 3
            else 5
        )
    return bands


def _regime(looks: list[Look], gaps: list[int]) -> int:
    """Tell whether paragraphs stand between blank lines: 0 no, 1 some, 2 nearly all, 3 there are none."""
    count = spaced = 0
    for at, look in enumerate(looks):
        if look.prose:
            count += 1
            if gaps[at] and gaps[at + 1]:
                spaced += 1
    if not count:
        return 3
    return 0 if spaced * 5 < count else 1 if spaced * 5 < count * 4 else 2


# One number a group of signs; a tuple of fixed length is no object in compiled code.
Signs = tuple[int, int, int, int, int, int, int]


class Surroundings:
    """What stands around each of some lines; `begin` and `end` (one past it): the stretch with the most prose."""

    __slots__ = (
        *("_behind", "_beyond", "_gaps", "_lenient_begin", "_lenient_end", "_looks", "_masses", "_regime", "_shared"),
        *("begin", "end", "page"),
    )

    def __init__(self, looks: list[Look], gaps: list[int]) -> None:
        """Go through the lines, a stretch in order; `gaps`: blank lines before each (0, 1, 2 for more)."""
        prose = [look.prose for look in looks]
        self._looks, self._gaps = looks, [*gaps, 2]
        self.begin, self.end = begin, end = densest(prose, STRICT)
        self._lenient_begin, self._lenient_end = densest(prose, LENIENT)
        self._regime = _regime(looks[begin:end], self._gaps[begin : end + 1])
        self._shared = _shared(looks, begin, end)
        total = sum(prose)
        strong = self._strong()
        self._behind = self._bands_before(strong, total)
        self._beyond = self._bands_after(strong)
        self._masses = _mass_bands(prose)
        self.page = _PAGES + _mass_band(total or 1)  # the one sign that all lines of a page have

    def _strong(self) -> list[bool]:
        """Tell which lines are the story's by all that can be said of each."""
        gaps, shared = self._gaps, self._shared
        unspaced = self._regime == 0
        return [
            look.prose >= _STRONG
            and shared[at] >= _STRONG_BAND
            and (unspaced or (gaps[at] > 0 and gaps[at + 1] > 0))
            and _IS_WEAK[look.cue] == 0
            for at, look in enumerate(self._looks)
        ]

    def _bands_before(self, strong: list[bool], total: int) -> list[int]:
        """Band how long before each line a date stands, how many strong lines and how much of all prose."""
        some, half, most = 0.05 * total, 0.5 * total, 0.9 * total
        bands: list[int] = []
        age, count, size, few, part = _FAR, 0, 0, 0, 0
        for at, look in enumerate(self._looks):
            age = age + 1 if age < _FAR else _FAR
            bands.append((_AGE[age] * 5 + few) * 6 + part)
            if look.dated:
                age = 0
            if strong[at]:
                count += 1
                few = _FEW[count] if count < len(_FEW) else _FEW[-1]
            if look.prose:
                size += look.prose
                part = 5 if size == total else 1 if size < some else 2 if size < half else 3 if size < most else 4
        return bands

    def _bands_after(self, strong: list[bool]) -> list[int]:
        """Band how long after each line a date stands, how long the next strong line, and how many of these."""
        looks = self._looks
        bands: list[int] = []
        until_date, until_strong, count, few = _FAR, _FAR, 0, 0
        for at in range(len(looks) - 1, -1, -1):
            bands.append((_AGE_AFTER[until_date] * 5 + _AGE_AFTER[until_strong]) * 5 + few)
            look = looks[at]
            is_head = look.size < _DATED_MOST and (look.dated or _IS_HEAD[look.cue] > 0)
            until_date = 0 if is_head else until_date + 1 if until_date < _FAR else _FAR
            until_strong = until_strong + 1 if until_strong < _FAR else _FAR
            if strong[at]:
                until_strong = 0
                count += 1
                few = _FEW[count] if count < len(_FEW) else _FEW[-1]
        bands.reverse()
        return bands

    def signs(self, at: int) -> Signs:
        """Return the numbers of the signs that line `at` has."""
        looks, gaps, begin, end = self._looks, self._gaps, self.begin, self.end
        look = looks[at]
        kind, shape, band = look.kind, look.shape, self._shared[at]
        before = looks[at - 1].shape if at else SHAPES
        after, cue = SHAPES, CUES
        if at + 1 < len(looks):
            following = looks[at + 1]
            after, cue = following.shape, following.cue
        gap, gap_after = gaps[at], gaps[at + 1]
        spaces = gap * 3 + gap_after
        spacing = 2 if gap and gap_after else 1 if self._regime == 0 else 0
        third = 0 if at < begin else 1 if at < end else 2
        strict, lenient = _place(at, begin, end), _place(at, self._lenient_begin, self._lenient_end)
        return (
            _NEIGHBOURS + (before * (SHAPES + 1) + after) * 3 + kind,
            _SPACES + (spaces * SHAPES + shape) * 6 + strict,
            _PLACES + ((self._regime * 9 + spaces) * 6 + lenient) * 3 + kind,
            _BEHIND + self._behind[at] * 3 + kind,
            _BEYOND + self._beyond[at] * 3 + kind,
            _WORDS + (((band * 3 + kind) * 2 + (look.prose >= _STRONG)) * 3 + spacing) * 3 + third,
            _MASSES + (self._masses[at] * (CUES + 1) + cue) * 3 + kind,
        )


def _place(at: int, begin: int, end: int) -> int:
    """Say where a line lies to a stretch: 0 well before, 1 before, 2 its first, 3 in it, 4 after, 5 well after."""
    if at < begin:
        return 0 if at < begin - _NEAR else 1
    if at < end:
        return 2 if at == begin else 3
    return 4 if at < end + _NEAR else 5


def _mass_bands(prose: list[int]) -> list[int]:
    """Band the prose within `_WINDOW` lines before (times 5) and after each line."""
    edge = [0] * (_WINDOW + 1)
    padded = [*edge, *prose, *edge]
    bands: list[int] = []
    before, after = 0, sum(prose[:_WINDOW])
    for at in range(_WINDOW + 1, len(prose) + _WINDOW + 1):
        before += padded[at - 1] - padded[at - _WINDOW - 1]
        after += padded[at + _WINDOW] - padded[at]
        bands.append(_mass_band(before) * 5 + _mass_band(after))
    return bands


def features(looks: list[Look], gaps: list[int]) -> list[list[int]]:
    """Return all features of every line of `looks`; arguments as for `Surroundings`."""
    around = Surroundings(looks, gaps)
    by_sign = features_of_signs()
    found = []
    for at, look in enumerate(looks):
        ids = list(look.ids)
        for sign in (*around.signs(at), around.page):
            ids += by_sign[sign - LINE_FEATURES]
        found.append(ids)
    return found
