"""Pairs of texts that share a key (a paragraph, a band), by sorting: no table of keys is held in memory.

A pair is one number, the later text's rank times 2**32 plus the earlier's, so that sorted pairs
stand by the later text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from newsclean.dedup.arrow import Column, compute, in_one, joined, numbers

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["EARLIER_MASK", "LATER_SHIFT", "joined_pairs", "pairs_by_key", "similar_in_length"]

LATER_SHIFT: Final = 32
EARLIER_MASK: Final = 2**LATER_SHIFT - 1
# A text is paired with the first of those that share its key and with the three before it: in a
# cluster that is enough to meet its first text, and a key that everyone has costs no more than that.
_NEIGHBOURS: Final = 3
# Of two texts one of which is so much shorter, it can be but a part of the other.
_LEAST_LENGTH: Final = 0.25


def pairs_by_key(keys: Column, ranks: Column) -> Column:
    """Return the pairs among texts, given by rank, that have a key in common; each may come more than once."""
    order = compute.array_sort_indices(keys)
    keys, ranks = keys.take(order), ranks.take(order)
    is_same = compute.equal(keys.slice(1), keys.slice(0, max(len(keys) - 1, 0)))
    no = pa.array([False][: len(keys)], pa.bool_())
    is_shared = compute.or_(joined([no, is_same]), joined([is_same, no]))
    shared = pa.table({"key": keys.filter(is_shared), "rank": ranks.filter(is_shared)})
    shared = shared.sort_by([("key", "ascending"), ("rank", "ascending")])
    return _neighbours(in_one(shared["key"]), in_one(shared["rank"]).cast(pa.int64()))


def joined_pairs(parts: Iterable[Column]) -> Column:
    """Return the pairs of all parts, sorted, each once."""
    found = pa.array([], pa.int64())
    for part in parts:
        found = compute.unique(joined([found, part]))
    return found.take(compute.array_sort_indices(found))


def similar_in_length(pairs: Column, words: Column) -> Column:
    """Return the pairs whose texts are long enough to be copies of each other; `words` is by rank."""
    later = words.take(compute.shift_right(pairs, LATER_SHIFT))
    earlier = words.take(compute.bit_wise_and(pairs, EARLIER_MASK))
    shorter, longer = compute.min_element_wise(later, earlier), compute.max_element_wise(later, earlier)
    return pairs.filter(
        compute.greater_equal(compute.cast(shorter, pa.float64()), compute.multiply(longer, _LEAST_LENGTH))
    )


def _neighbours(keys: Column, ranks: Column) -> Column:
    count = len(keys)
    if not count:
        return pa.array([], pa.int64())
    places = numbers(0, count)
    is_first = joined([pa.array([True]), compute.not_equal(keys.slice(1), keys.slice(0, count - 1))])
    first = compute.cumulative_max(compute.if_else(is_first, places, 0))
    found = [_coded(ranks, ranks.take(first))]
    for distance in range(1, min(_NEIGHBOURS, count - 1) + 1):
        is_same = compute.equal(keys.slice(distance), keys.slice(0, count - distance))
        later, earlier = ranks.slice(distance), ranks.slice(0, count - distance)
        found.append(_coded(later.filter(is_same), earlier.filter(is_same)))
    return compute.unique(joined(found))


def _coded(later: Column, earlier: Column) -> Column:
    # A text that has a paragraph twice stands beside itself.
    is_pair = compute.not_equal(later, earlier)
    return compute.add(compute.shift_left(later.filter(is_pair), LATER_SHIFT), earlier.filter(is_pair))
