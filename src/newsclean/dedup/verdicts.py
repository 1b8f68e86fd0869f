"""What was found by holding texts against each other: remembered between runs, worked out for what is new."""

from __future__ import annotations

import tempfile
from array import array
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from newsclean.dedup.arrow import Column, compute
from newsclean.dedup.containment import Likeness, Text, compare
from newsclean.dedup.pairs import EARLIER_MASK, LATER_SHIFT
from newsclean.dedup.words import run_length, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["VERDICTS", "Verdicts"]

_FIELDS: Final[list[pa.Field[Any]]] = [
    pa.field("earlier", pa.int64(), nullable=False),
    pa.field("later", pa.int64(), nullable=False),
    pa.field("shared", pa.float64(), nullable=False),
    pa.field("kept", pa.float64(), nullable=False),
    pa.field("is_copy", pa.bool_(), nullable=False),
]
VERDICTS: Final = pa.schema(_FIELDS)
_WORD_BYTES: Final = 8


class Verdicts:
    """Likenesses of texts by rank. Bodies wait as hashes of their words in a file in `folder`, not in memory."""

    def __init__(self, folder: Path, texts: Column, known: pa.Table) -> None:
        self._texts = texts
        self._likenesses = dict(_by_rank(known, texts))
        self._spool = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  (closed in close)
        self._places: dict[int, tuple[int, int, int]] = {}
        self._end = 0
        self._used: set[int] = set()
        self._read = lru_cache(maxsize=1024)(self._read_text)
        self.missing: set[int] = set()
        self.compared = 0

    def close(self) -> None:
        """Give up the file."""
        self._spool.close()

    def unknown(self, pairs: Iterable[int]) -> set[int]:
        """Return the texts of the pairs on which there is no verdict yet."""
        found: set[int] = set()
        for pair in pairs:
            if pair not in self._likenesses:
                found |= {pair >> LATER_SHIFT, pair & EARLIER_MASK}
        return found

    def add_body(self, rank: int, body: str) -> None:
        """Note the body of a text that is to be held against others."""
        words = words_of(body)
        # Python's own hash: another one in each process, and none that is remembered.
        content = array("q", map(hash, words)).tobytes()
        self._spool.seek(self._end)
        self._spool.write(content)
        self._places[rank] = (self._end, len(words), run_length(words))
        self._end += len(content)

    def has_body(self, rank: int) -> bool:
        """Whether the body of a text is noted."""
        return rank in self._places

    def likeness(self, earlier: int, later: int) -> Likeness | None:
        """Return how like two texts are; where a body is needed for it, None, and it is noted as missing."""
        pair = (later << LATER_SHIFT) + earlier
        found = self._likenesses.get(pair)
        if found is None:
            needed = {rank for rank in (earlier, later) if rank not in self._places}
            if needed:
                self.missing |= needed
                return None
            found = self._likenesses[pair] = compare(self._read(earlier), self._read(later))
            self.compared += 1
        self._used.add(pair)
        return found

    def table(self) -> pa.Table:
        """Return the verdicts that were asked for, by hash of text, to be known the next time."""
        pairs = sorted(self._used)
        found = [self._likenesses[pair] for pair in pairs]
        return pa.table(
            {
                "earlier": self._texts.take(pa.array([pair & EARLIER_MASK for pair in pairs], pa.int64())),
                "later": self._texts.take(pa.array([pair >> LATER_SHIFT for pair in pairs], pa.int64())),
                "shared": pa.array([one.shared for one in found], pa.float64()),
                "kept": pa.array([one.kept for one in found], pa.float64()),
                "is_copy": pa.array([one.is_copy for one in found], pa.bool_()),
            },
            schema=VERDICTS,
        )

    def _read_text(self, rank: int) -> Text:
        start, count, length = self._places[rank]
        self._spool.seek(start)
        words = array("q")
        words.frombytes(self._spool.read(count * _WORD_BYTES))
        return Text(words=words, run_length=length)


def _by_rank(known: pa.Table, texts: Column) -> Iterator[tuple[int, Likeness]]:
    """Yield known verdicts on texts that are still there; which of two is the earlier may have changed."""
    columns: list[Any] = [compute.index_in(known[name], value_set=texts).to_pylist() for name in ("earlier", "later")]
    columns += [known[name].to_pylist() for name in ("shared", "kept", "is_copy")]
    for one, other, shared, kept, is_copy in zip(*columns, strict=True):
        if one is None or other is None:
            continue
        if one < other:
            yield (other << LATER_SHIFT) + one, Likeness(shared=shared, kept=kept, is_copy=is_copy)
        else:
            yield (one << LATER_SHIFT) + other, Likeness(shared=kept, kept=shared, is_copy=is_copy)
