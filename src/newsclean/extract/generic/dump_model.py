"""Which lines of a dump are body: the best path through a chain of six states.

    before ──> first ──> body <──> inside        inside = an intruder: a box, a caption, a cross-link
       │         │         │
       │         └────┬────┘
       └ (no body)    └──> close ──> after

A linear-chain conditional random field: each line's features (`dump_lines`, `dump_context`) have a
weight in each state, each step from state to state has one, and the path with the highest sum wins
(Viterbi). The weights are whole numbers (64ths), pinned in `dump_weights.json`, one row a feature;
so the result is exact and the same everywhere. They were fitted with `tests/eval/fit_dump_model.py`
to some 440 news and web pages from 40 countries, with strong shrinkage (the body states share their
weights, the others only depart from them) because pages of unseen sites are what counts.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from newsclean.extract.generic import dump_context, dump_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["AFTER", "BEFORE", "BODY", "CLOSE", "FIRST", "INSIDE", "STATES", "STEPS", "Weights", "best_path", "pinned"]

BEFORE, FIRST, BODY, INSIDE, CLOSE, AFTER = range(6)
STATES = ("before", "first", "body", "inside", "close", "after")
STEPS = {
    BEFORE: (BEFORE, FIRST),
    FIRST: (BODY, INSIDE, CLOSE),
    BODY: (BODY, INSIDE, CLOSE),
    INSIDE: (INSIDE, BODY),
    CLOSE: (AFTER,),
    AFTER: (AFTER,),
}
_BITS = 24
_MASK = (1 << _BITS) - 1
_LIFT = 1 << 15  # keeps every packed field positive
_NEVER = -(10**9)


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
    text = files(__package__).joinpath("dump_weights.json").read_text(encoding="utf-8")
    data = json.loads(text)
    rows = [(0,) * len(STATES)] * dump_context.FEATURE_COUNT
    for name, start in {**dump_lines.GROUPS, **dump_context.GROUPS}.items():
        for value, row in data["features"][name].items():
            rows[start + int(value)] = row
    steps = {
        (STATES.index(name.split(">")[0]), STATES.index(name.split(">")[1])): weight
        for name, weight in data["steps"].items()
    }
    return Weights(tuple(packed(row) for row in rows), steps)


def best_path(found: Sequence[Sequence[int]], weights: Weights) -> list[int]:
    """Return the state of each line, given the features of each."""
    if not found:
        return []
    table, steps = weights.packed.__getitem__, weights.steps
    bb, bf = steps[BEFORE, BEFORE], steps[BEFORE, FIRST]
    fo, fi, fc = steps[FIRST, BODY], steps[FIRST, INSIDE], steps[FIRST, CLOSE]
    oo, oi, oc = steps[BODY, BODY], steps[BODY, INSIDE], steps[BODY, CLOSE]
    ii, io = steps[INSIDE, INSIDE], steps[INSIDE, BODY]
    ca, aa = steps[CLOSE, AFTER], steps[AFTER, AFTER]
    before = first = 0
    body = inside = close = after = _NEVER
    trail: list[tuple[int, int, int, int]] = []
    for at, ids in enumerate(found):
        total = sum(map(table, ids))
        e0, e1, e2, e3 = total & _MASK, total >> 24 & _MASK, total >> 48 & _MASK, total >> 72 & _MASK
        e4, e5 = total >> 96 & _MASK, total >> 120
        if not at:
            before, first = e0, e1
            trail.append((0, 0, 0, 0))
            continue
        new_body, from_body = max((first + fo, FIRST), (body + oo, BODY), (inside + io, INSIDE))
        new_inside, from_inside = max((first + fi, FIRST), (body + oi, BODY), (inside + ii, INSIDE))
        new_close, from_close = max((first + fc, FIRST), (body + oc, BODY))
        new_after, from_after = max((close + ca, CLOSE), (after + aa, AFTER))
        trail.append((from_body, from_inside, from_close, from_after))
        first = before + bf + e1
        before += bb + e0
        body, inside, close, after = new_body + e2, new_inside + e3, new_close + e4, new_after + e5
    state = max((before, BEFORE), (first, FIRST), (body, BODY), (close, CLOSE), (after, AFTER))[1]
    path = [state]
    for step in reversed(trail[1:]):
        state = BEFORE if state <= FIRST else step[state - BODY]
        path.append(state)
    return path[::-1]
