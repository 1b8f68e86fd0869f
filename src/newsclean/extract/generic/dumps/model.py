"""Which lines of a dump are body: the chances in a chain of six states.

    before ──> first ──> body <──> inside        inside = an intruder: a box, a caption, a cross-link
       │         │         │
       │         └────┬────┘
       └ (no body)    └──> close ──> after

A linear-chain conditional random field: each line's features (`dump_lines`, `dump_context`) have a
weight in each state, each step from state to state has one, and the chance of each line to be body
is summed over all paths (forward-backward). That beats the one best path, because what counts is
how many lines are right. The weights are whole numbers (64ths) in `weights.json`, one row a
feature; `tests/eval/fit_dump_model.py --write` fits them to some 440 news and web pages of 40 countries,
with strong shrinkage (the body states share their weights, the others only depart from them),
because pages of unseen sites are what counts.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from math import exp
from typing import TYPE_CHECKING, Any, Final

from newsclean.extract.generic.dumps import context as dump_context
from newsclean.extract.generic.dumps import lines as dump_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsclean.extract.generic.dumps.lines import Look

__all__ = [
    "AFTER",
    "BEFORE",
    "BODY",
    "CLOSE",
    "FIRST",
    "INSIDE",
    "STATES",
    "Weights",
    "body_chances",
    "pinned",
    "read_rows",
    "read_weights",
]

BEFORE: Final = 0
FIRST: Final = 1
BODY: Final = 2
INSIDE: Final = 3
CLOSE: Final = 4
AFTER: Final = 5
STATES: Final = ("before", "first", "body", "inside", "close", "after")
_STEP_KEYS: Final = (
    *((BEFORE, BEFORE), (BEFORE, FIRST), (FIRST, BODY), (FIRST, INSIDE), (FIRST, CLOSE)),
    *((BODY, BODY), (BODY, INSIDE), (BODY, CLOSE), (INSIDE, INSIDE), (INSIDE, BODY), (CLOSE, AFTER), (AFTER, AFTER)),
)
_UNIT: Final = 64
_TINY: Final = 1e-200
# Sums of chances beyond are brought back to 1: to do it at each line takes time.
_LOW: Final = 1e-60
_HIGH: Final = 1e60
# Six weights are packed into two numbers, three each, and added up packed. They are floats, which compiled code reads
# from a list in a third of the time that it needs for whole numbers of this size; up to 2**53 they are exact.
_BITS: Final = 17
_MASK: Final = (1 << _BITS) - 1
_LIFT: Final = (1 << _BITS - 1) * (
    1 + (1 << _BITS) + (1 << 2 * _BITS)
)  # makes the sums positive, half of what a field holds
# How likely a state is whose score is so many units below the best one's; the tests see to it that none is further.
_LIKELY: Final = [exp(-below / _UNIT) for below in range(1 << 12)]

Row = tuple[float, float, float, float, float, float]  # a number for each state


class Weights:
    """The model: the weights of the six states for each feature of a line and each sign, and those of the steps."""

    __slots__ = ("_first", "_second", "steps")

    def __init__(self, rows: Sequence[Sequence[int]], steps: Mapping[tuple[int, int], int]) -> None:
        """Take the `rows` of weights by number of feature, and `steps` by pair of states."""
        first, second = [_packed(row[:INSIDE]) for row in rows], [_packed(row[INSIDE:]) for row in rows]
        # By number of a line's own features, and of the signs after them.
        self._first: list[float] = first[: dump_lines.LINE_FEATURES]
        self._second: list[float] = second[: dump_lines.LINE_FEATURES]
        for features in dump_context.features_of_signs():
            self._first.append(sum([first[number] for number in features]))
            self._second.append(sum([second[number] for number in features]))
        self.steps: list[float] = [exp(steps[key] / _UNIT) for key in _STEP_KEYS]  # as factors

    def likelihoods(self, looks: list[Look], around: dump_context.Surroundings) -> list[Row]:
        """Return for each of `looks`, with what stands around them, how likely each state is, the likeliest being 1."""
        first, second = self._first, self._second
        same_one, same_two = first[around.page], second[around.page]
        rows: list[Any] = []
        for at, look in enumerate(looks):
            # One by one, and not as a list: in compiled code these numbers are then no objects.
            a, b, c, d, e, f, g = around.signs(at)
            one = same_one + first[a] + first[b] + first[c] + first[d] + first[e] + first[f] + first[g]
            two = same_two + second[a] + second[b] + second[c] + second[d] + second[e] + second[f] + second[g]
            for number in look.ids:
                one += first[number]
                two += second[number]
            rows.append(_likelihoods(one, two))
        return rows


def _packed(weights: Sequence[int]) -> float:
    """Pack three weights, `_BITS` a state: rows are added by adding their numbers."""
    return float(weights[0] + (weights[1] << _BITS) + (weights[2] << 2 * _BITS))


def _likelihoods(one: float, two: float) -> Any:
    """Return how likely a line is in each state (a `Row`), by the sums of its packed weights."""
    first, second = int(one) + _LIFT, int(two) + _LIFT
    b, f, o = first & _MASK, first >> _BITS & _MASK, first >> 2 * _BITS
    i, c, a = second & _MASK, second >> _BITS & _MASK, second >> 2 * _BITS
    top = b if b > f else f  # noqa: FURB136  (max is a call)
    top = o if o > top else top  # noqa: FURB136
    top = i if i > top else top  # noqa: FURB136
    top = c if c > top else top  # noqa: FURB136
    top = a if a > top else top  # noqa: FURB136
    likely: list[Any] = _LIKELY  # as objects, which they are in a row: compiled code then makes no new ones
    return (likely[top - b], likely[top - f], likely[top - o], likely[top - i], likely[top - c], likely[top - a])


@cache
def pinned() -> Weights:
    """Return the weights that this version was released with."""
    return read_weights(json.loads(files(__package__).joinpath("weights.json").read_text(encoding="utf-8")))


def read_weights(data: dict[str, Any]) -> Weights:
    """Return the model that `data`, in the form of `weights.json`, describes."""
    names = [(key, f"{STATES[key[0]]}>{STATES[key[1]]}") for key in _STEP_KEYS]
    return Weights(read_rows(data), {key: data["steps"][name] for key, name in names})


def read_rows(data: dict[str, Any]) -> list[Sequence[int]]:
    """Return the weights of each feature in `data`, by its number."""
    rows: list[Sequence[int]] = [(0,) * len(STATES)] * dump_context.FEATURE_COUNT
    for name, start in {**dump_lines.GROUPS, **dump_context.GROUPS}.items():
        for value, row in data["features"][name].items():
            rows[start + int(value)] = row
    return rows


def body_chances(looks: list[Look], gaps: list[int], weights: Weights) -> list[float]:
    """Return for each line the chance that it is body; `gaps`: blank lines before each (0, 1, 2 for more)."""
    if not looks:
        return []
    around = dump_context.Surroundings(looks, gaps)
    rows = weights.likelihoods(looks, around)
    begin, end = around.begin, around.end
    # The body neither ends before the stretch with the most prose begins nor begins after it ends.
    if end > begin:
        b, f, o, i, c, a = rows[begin]
        rows[begin] = (b, f, o, i, 0.0, 0.0)
        b, f, o, i, c, a = rows[end - 1]
        rows[end - 1] = (0.0, f, o, i, c, a)
    return _chances(rows, weights.steps, _forward(rows, weights.steps))


def _forward(rows: list[Row], steps: list[float]) -> list[Row]:
    bb, bf, fo, fi, fc, oo, oi, oc, ii, io, ca, aa = steps  # the factors, named by the initials of the states
    first_row = rows[0]
    b, f, o, i, c, a = first_row[BEFORE], first_row[FIRST], 0.0, 0.0, 0.0, 0.0
    columns: list[Row] = [(b, f, o, i, c, a)]
    for e0, e1, e2, e3, e4, e5 in rows[1:]:
        b, f, o, i, c, a = (
            b * bb * e0,
            b * bf * e1,
            (f * fo + o * oo + i * io) * e2,
            (f * fi + o * oi + i * ii) * e3,
            (f * fc + o * oc) * e4,
            (c * ca + a * aa) * e5,
        )
        if not _LOW < b + f + o + i + c + a < _HIGH:
            scale = 1.0 / (b + f + o + i + c + a + _TINY)
            b, f, o, i, c, a = b * scale, f * scale, o * scale, i * scale, c * scale, a * scale
        columns.append((b, f, o, i, c, a))
    return columns


def _chances(rows: list[Row], steps: list[float], ahead: list[Row]) -> list[float]:
    """Go back from the last line, and join what comes after each line with what came before it (`ahead`)."""
    bb, bf, fo, fi, fc, oo, oi, oc, ii, io, ca, aa = steps
    b = f = o = c = a = 1.0
    i = 0.0  # a body does not end with an intruder
    chances: list[float] = []
    for (e0, e1, e2, e3, e4, e5), (b1, f1, o1, i1, c1, a1) in zip(reversed(rows), reversed(ahead), strict=True):
        body = f * f1 + o * o1
        chances.append(body / (body + b * b1 + i * i1 + c * c1 + a * a1 + _TINY))
        o2, i2, c2, a2 = e2 * o, e3 * i, e4 * c, e5 * a
        b, f, o, i, c, a = (
            bb * e0 * b + bf * e1 * f,
            fo * o2 + fi * i2 + fc * c2,
            oo * o2 + oi * i2 + oc * c2,
            io * o2 + ii * i2,
            ca * a2,
            aa * a2,
        )
        if not _LOW < b + f + o + i + c + a < _HIGH:
            scale = 1.0 / (b + f + o + i + c + a + _TINY)
            b, f, o, i, c, a = b * scale, f * scale, o * scale, i * scale, c * scale, a * scale
    chances.reverse()
    return chances
