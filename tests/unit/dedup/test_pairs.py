"""Pairs by sorting: what shares a key meets, whatever the order, and a key that all have stays cheap."""

from __future__ import annotations

import random
from itertools import combinations

import pyarrow as pa

from newsclean.dedup.pairs import EARLIER_MASK, LATER_SHIFT, joined_pairs, pairs_by_key, similar_in_length


def pairs(keys, ranks, kind=None):
    kind = kind or pa.int64()
    found = joined_pairs([pairs_by_key(pa.array(keys, kind), pa.array(ranks, pa.int32()))])
    return [(pair & EARLIER_MASK, pair >> LATER_SHIFT) for pair in found.to_pylist()]


def test_texts_with_a_key_in_common_are_pairs():
    """Up to five texts of one key all meet; the later text stands second and orders the pairs."""
    assert pairs([7, 8, 7, 7, 9], [3, 2, 0, 1, 4]) == [(0, 1), (0, 3), (1, 3)]
    assert pairs([5] * 5, range(5)) == sorted(combinations(range(5), 2), key=lambda pair: pair[::-1])


def test_no_keys_give_no_pairs():
    """Neither does a text alone, nor one that has a key twice."""
    assert pairs([], []) == []
    assert pairs([1], [0]) == []
    assert pairs([1, 1], [0, 0]) == []


def test_negative_and_unsigned_keys_are_keys():
    """Hashes may be of any sign and width."""
    assert pairs([-(2**63), 2**63 - 1, -(2**63)], [0, 1, 2]) == [(0, 2)]
    assert pairs([2**32 - 1, 2**32 - 1], [0, 1], pa.uint32()) == [(0, 1)]


def test_a_key_of_many_is_linear():
    """Each text meets the first of them and its neighbours: at most four pairs each."""
    found = pairs([1] * 1000, range(1000))
    assert len(found) < 4 * 1000
    assert {earlier for earlier, later in found if later == 999} == {0, 996, 997, 998}


def test_the_order_of_rows_does_not_matter():
    """Any order of the same rows gives the same pairs."""
    dice = random.Random(1)
    rows = [(dice.randint(0, 40), rank) for rank in range(200)]
    found = pairs(*zip(*rows, strict=True))
    dice.shuffle(rows)
    assert pairs(*zip(*rows, strict=True)) == found


def test_texts_of_quite_other_lengths_are_no_pair():
    """A text four times as long cannot be a copy."""
    found = joined_pairs([pairs_by_key(pa.array([1, 1, 1]), pa.array([0, 1, 2], pa.int32()))])
    left = similar_in_length(found, pa.array([100, 390, 1000], pa.int32())).to_pylist()
    assert [(pair & EARLIER_MASK, pair >> LATER_SHIFT) for pair in left] == [(0, 1), (1, 2)]
