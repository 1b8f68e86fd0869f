"""Which lines of a dump are body: the chances in a chain of six states.

    before ──> first ──> body <──> inside        inside = an intruder: a box, a caption, a cross-link
       │         │         │
       │         └────┬────┘
       └ (no body)    └──> close ──> after

A linear-chain conditional random field: each line's features (`dump_lines`, `dump_context`) have a
weight in each state, each step from state to state has one, and the chance of each line to be body
is summed over all paths (forward-backward). That beats the one best path, because what counts is
how many lines are right. The weights are whole numbers (64ths) in `dump_weights.json`, one row a
feature; `tests/eval/fit_dump_model.py --write` fits them to some 440 news and web pages of 40 countries,
with strong shrinkage (the body states share their weights, the others only depart from them),
because pages of unseen sites are what counts.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from math import exp
from typing import TYPE_CHECKING, Any, NamedTuple

from newsclean.extract.generic import dump_context, dump_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    "read_weights",
]

BEFORE, FIRST, BODY, INSIDE, CLOSE, AFTER = range(6)
STATES = ("before", "first", "body", "inside", "close", "after")
_STEP_KEYS = (
    *((BEFORE, BEFORE), (BEFORE, FIRST), (FIRST, BODY), (FIRST, INSIDE), (FIRST, CLOSE)),
    *((BODY, BODY), (BODY, INSIDE), (BODY, CLOSE), (INSIDE, INSIDE), (INSIDE, BODY), (CLOSE, AFTER), (AFTER, AFTER)),
)
_UNIT = 64
_TINY = 1e-200
_BITS = 24
_MASK = (1 << _BITS) - 1
_LIFT = 1 << 15  # keeps every packed field positive


class _Likely(dict[int, float]):
    """How likely a state is whose score is so many units below the best one's, worked out once each."""

    def __missing__(self, below: int) -> float:
        self[below] = chance = exp(-below / _UNIT)
        return chance


_LIKELY = _Likely()


class Weights(NamedTuple):
    """The model: for each feature the weights of the six states packed into one number, and those of the steps."""

    packed: tuple[int, ...]
    steps: dict[tuple[int, int], int]


def packed(row: Sequence[int]) -> int:
    """Pack the weights of one feature into one number, `_BITS` a state: rows are added by adding numbers."""
    return sum((weight + _LIFT) << (_BITS * state) for state, weight in enumerate(row))


@cache
def pinned() -> Weights:
    """Return the weights that this version was released with."""
    return read_weights(json.loads(files(__package__).joinpath("dump_weights.json").read_text(encoding="utf-8")))


def read_weights(data: dict[str, Any]) -> Weights:
    """Return the model that `data`, in the form of `dump_weights.json`, describes."""
    rows: list[Sequence[int]] = [(0,) * len(STATES)] * dump_context.FEATURE_COUNT
    for name, start in {**dump_lines.GROUPS, **dump_context.GROUPS}.items():
        for value, row in data["features"][name].items():
            rows[start + int(value)] = row
    names = [(key, f"{STATES[key[0]]}>{STATES[key[1]]}") for key in _STEP_KEYS]
    return Weights(tuple(packed(row) for row in rows), {key: data["steps"][name] for key, name in names})


def body_chances(found: Sequence[Sequence[int]], weights: Weights, dense: tuple[int, int]) -> list[float]:
    """Return for each line the chance that it is body, given the features of each line.

    `dense` is the stretch with the most prose (first line, one past the last): the body neither ends
    before it begins nor begins after it ends.
    """
    if not found:
        return []
    rows = _emissions(found, weights)
    begin, end = dense
    if end > begin:
        rows[begin] = (*rows[begin][:CLOSE], 0.0, 0.0)
        rows[end - 1] = (0.0, *rows[end - 1][FIRST:])
    steps = _Steps(*(exp(weights.steps[key] / _UNIT) for key in _STEP_KEYS))
    return _joined(_forward(rows, steps), _backward(rows, steps))


def _emissions(found: Sequence[Sequence[int]], weights: Weights) -> list[tuple[float, ...]]:
    """Return, for each line, how likely it is in each state, the likeliest being 1."""
    table, likely = weights.packed.__getitem__, _LIKELY.__getitem__
    rows = []
    for ids in found:
        total = sum(map(table, ids))
        scores = (
            total & _MASK,
            total >> 24 & _MASK,
            total >> 48 & _MASK,
            total >> 72 & _MASK,
            total >> 96 & _MASK,
            total >> 120,
        )
        top = max(scores)
        rows.append(tuple([likely(top - score) for score in scores]))
    return rows


class _Steps(NamedTuple):
    """The weights of the steps between states, as factors; named by the initials of the states."""

    bb: float
    bf: float
    fo: float
    fi: float
    fc: float
    oo: float
    oi: float
    oc: float
    ii: float
    io: float
    ca: float
    aa: float


def _forward(rows: Sequence[tuple[float, ...]], s: _Steps) -> list[tuple[float, ...]]:
    first_row = rows[0]
    b, f, o, i, c, a = first_row[BEFORE], first_row[FIRST], 0.0, 0.0, 0.0, 0.0
    columns: list[tuple[float, ...]] = [(b, f, o, i, c, a)]
    for e0, e1, e2, e3, e4, e5 in rows[1:]:
        b, f, o, i, c, a = (
            b * s.bb * e0,
            b * s.bf * e1,
            (f * s.fo + o * s.oo + i * s.io) * e2,
            (f * s.fi + o * s.oi + i * s.ii) * e3,
            (f * s.fc + o * s.oc) * e4,
            (c * s.ca + a * s.aa) * e5,
        )
        scale = 1.0 / (b + f + o + i + c + a + _TINY)
        b, f, o, i, c, a = b * scale, f * scale, o * scale, i * scale, c * scale, a * scale
        columns.append((b, f, o, i, c, a))
    return columns


def _backward(rows: Sequence[tuple[float, ...]], s: _Steps) -> list[tuple[float, ...]]:
    b = f = o = c = a = 1.0
    i = 0.0  # a body does not end with an intruder
    columns: list[tuple[float, ...]] = [(b, f, o, i, c, a)]
    for e0, e1, e2, e3, e4, e5 in reversed(rows[1:]):
        o1, i1, c1, a1 = e2 * o, e3 * i, e4 * c, e5 * a
        b, f, o, i, c, a = (
            s.bb * e0 * b + s.bf * e1 * f,
            s.fo * o1 + s.fi * i1 + s.fc * c1,
            s.oo * o1 + s.oi * i1 + s.oc * c1,
            s.io * o1 + s.ii * i1,
            s.ca * a1,
            s.aa * a1,
        )
        scale = 1.0 / (b + f + o + i + c + a + _TINY)
        b, f, o, i, c, a = b * scale, f * scale, o * scale, i * scale, c * scale, a * scale
        columns.append((b, f, o, i, c, a))
    return columns[::-1]


def _joined(ahead: list[tuple[float, ...]], back: list[tuple[float, ...]]) -> list[float]:
    chances = []
    for x, y in zip(ahead, back, strict=True):
        body = x[FIRST] * y[FIRST] + x[BODY] * y[BODY]
        chances.append(body / (body + x[0] * y[0] + x[3] * y[3] + x[4] * y[4] + x[5] * y[5] + _TINY))
    return chances
