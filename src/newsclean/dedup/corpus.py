"""The texts of a dataset in the order of their first appearance: what is held of all of them, 30 bytes each."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from newsclean.dedup.arrow import Column, compute, in_one, joined, numbers
from newsclean.dedup.methods import Method
from newsclean.dedup.pairs import joined_pairs, pairs_by_key, similar_in_length
from newsclean.dedup.sketching import band_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsclean.dedup.sketching import Sketches

__all__ = ["NEVER", "Corpus"]

NEVER: Final = 2**63 - 1  # the moment of what nothing is known of: after all others
_BANDS_AT_ONCE: Final = 8
_KEYS_AT_ONCE: Final = 2_000_000


class Corpus:
    """Rows are articles by part and place; equal bodies are one text, numbered by rank, the earliest 0.

    Of texts of one moment the longest comes first, and then the smaller hash, so that ranks depend
    on the articles alone and not on the order in which they came.
    """

    def __init__(self, sketches: Sequence[Sketches], method: Method) -> None:
        self._sketches = sketches
        self._method = method
        rows = pa.concat_tables(one.read(["text", "words", "out_by"]) for one in sketches).combine_chunks()
        self.starts = list(accumulate((one.rows for one in sketches), initial=0))
        rows = rows.set_column(2, "out_by", compute.fill_null(rows["out_by"], NEVER))
        texts = rows.group_by("text").aggregate([("out_by", "min"), ("words", "max"), ("text", "count")])
        texts = texts.sort_by([("out_by_min", "ascending"), ("words_max", "descending"), ("text", "ascending")])
        self.texts = in_one(texts["text"])
        self.words = in_one(texts["words_max"])
        self.copies = in_one(texts["text_count"])
        self.ranks = in_one(compute.index_in(rows["text"], value_set=self.texts))
        self.homes = _first_rows(self.ranks)

    def pairs(self) -> Column:
        """Return the pairs of texts that share a paragraph or a band and may be copies by their lengths."""
        return similar_in_length(joined_pairs(self._all_pairs()), self.words)

    def ranks_of(self, part: int) -> Column:
        """Return the ranks of one part's rows, in order."""
        return self.ranks.slice(self.starts[part], self.starts[part + 1] - self.starts[part])

    def place_of(self, rank: int) -> tuple[int, int]:
        """Return the part that a text is in, and its place there."""
        row = self.homes[rank].as_py()
        part = bisect_right(self.starts, row) - 1
        return part, row - self.starts[part]

    def _all_pairs(self) -> Iterator[Column]:
        # Of equal texts one stands for all.
        is_home = compute.is_in(numbers(0, len(self.ranks)), value_set=self.homes)
        is_compared = compute.and_(is_home, compute.greater(self.words.take(self.ranks), 0))
        yield from self._by_paragraph(is_compared)
        bands = band_names(self._method)
        ranks = self.ranks.filter(is_compared)
        for at in range(0, len(bands), _BANDS_AT_ONCE):
            names = bands[at : at + _BANDS_AT_ONCE]
            parts = [one.read(names).filter(mask) for one, mask in self._masked(is_compared)]
            table = pa.concat_tables(parts)
            del parts
            for name in names:
                yield pairs_by_key(in_one(table[name]), ranks)

    def _by_paragraph(self, is_compared: Column) -> Iterator[Column]:
        if self._method is Method.EXACT:
            return
        counts = sum(one.paragraphs for one in self._sketches)
        for share in range(shares := -(-counts // _KEYS_AT_ONCE)):
            keys, ranks = [], []
            for part, (one, mask) in enumerate(self._masked(is_compared)):
                lists = in_one(one.read(["paragraphs"])["paragraphs"]).filter(mask)
                flat = lists.flatten()
                ours = self.ranks_of(part).filter(mask).take(compute.list_parent_indices(lists))
                is_ours = compute.equal(_remainder(flat, shares), share)
                keys.append(flat.filter(is_ours))
                ranks.append(ours.filter(is_ours))
            yield pairs_by_key(joined(keys), joined(ranks))

    def _masked(self, mask: Column) -> Iterator[tuple[Sketches, Column]]:
        for part, one in enumerate(self._sketches):
            yield one, mask.slice(self.starts[part], self.starts[part + 1] - self.starts[part])


def _first_rows(ranks: Column) -> Column:
    """Return, by rank, the first row that has it."""
    order = compute.array_sort_indices(ranks)  # stable
    found = ranks.take(order)
    is_first = compute.not_equal(found.slice(1), found.slice(0, max(len(found) - 1, 0)))
    is_first = pa.concat_arrays([pa.array([True][: len(found)], pa.bool_()), is_first])
    return order.filter(is_first).cast(pa.int64())


def _remainder(keys: Column, parts: int) -> Column:
    low = compute.bit_wise_and(keys, 0xFFFFFF)
    return compute.subtract(low, compute.multiply(compute.divide(low, parts), parts))
