"""Text against text: how much of each is in the other, and whether a reader would call them the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Likeness", "Text", "compare"]

# Fewer runs in common than this are a formula: any two short texts of one kind may share them.
_FEWEST_SHARED: Final = 20
# From here on (half a page) what is in common can only have been copied, so that half of a text will do.
_MANY_SHARED: Final = 100
_HALF: Final = 0.45
# Below, lists of those present, decrees and the like come to .7 of their runs: more is asked.
_MOST_RUNS: Final = 0.75
_MOST_WORDS: Final = 0.85
_MOST_WORDS_RUNS: Final = 0.6
# A text that makes up less than this of the other is a part of it: one of three in a roundup, a quotation.
_LEAST: Final = 0.36
_CLOSE: Final = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Shares of runs: `shared`, of the later text that the earlier has; `kept`, of the earlier that the later has."""

    shared: float
    kept: float
    is_copy: bool

    @property
    def is_close(self) -> bool:
        """Whether each is so much of the other that what is a copy of one is a copy of both."""
        return self.is_copy and min(self.shared, self.kept) >= _CLOSE


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A text as hashes of its words, in order, and the length of its runs (as `words.run_length` gives it)."""

    words: Sequence[int]
    run_length: int


def compare(earlier: Text, later: Text) -> Likeness:
    """Compare two texts by their runs of words."""
    if earlier.run_length != later.run_length:
        return Likeness(shared=0.0, kept=0.0, is_copy=False)
    ours, theirs = _runs(earlier), _runs(later)
    common = len(ours & theirs)
    if not common:
        return Likeness(shared=0.0, kept=0.0, is_copy=False)
    shared, kept = common / len(theirs), common / len(ours)
    low, high = min(shared, kept), max(shared, kept)
    # A run of six letters says as much as two or three words, and there are twice as many.
    weight = common / (1 if earlier.run_length == 4 else 2)  # noqa: PLR2004  (see words.run_length)
    is_copy = weight >= _FEWEST_SHARED and low >= _LEAST and (
        high >= (_HALF if weight >= _MANY_SHARED else _MOST_RUNS)
        or (low >= _MOST_WORDS_RUNS and _common_words(earlier, later) >= _MOST_WORDS)
    )  # fmt: skip
    return Likeness(shared=shared, kept=kept, is_copy=is_copy)


def _common_words(one: Text, other: Text) -> float:
    common = (Counter(one.words) & Counter(other.words)).total()
    return common / max(len(one.words), len(other.words))


# The earlier of two texts is mostly the same one many times over.
@lru_cache(maxsize=256)
def _runs(text: Text) -> frozenset[int]:
    return frozenset(map(hash, zip(*(text.words[start:] for start in range(text.run_length)), strict=False)))
