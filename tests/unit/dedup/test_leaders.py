"""Clusters by leaders: no chains of half-copies, the same in every order."""

from __future__ import annotations

from newsclean.dedup.containment import Likeness
from newsclean.dedup.leaders import find_leaders
from newsclean.dedup.pairs import LATER_SHIFT

NOTHING = Likeness(shared=0.0, kept=0.0, is_copy=False)
HALF = Likeness(shared=0.5, kept=0.5, is_copy=True)
CLOSE = Likeness(shared=0.9, kept=0.9, is_copy=True)


def leaders(likes):
    """The leaders of texts, given how like those in pairs are."""
    pairs = sorted((later << LATER_SHIFT) + earlier for earlier, later in likes)
    return {text: leader for text, (leader, _) in find_leaders(pairs, lambda a, b: likes.get((a, b), NOTHING)).items()}


def test_copies_join_their_leader():
    """Two copies of the first text make one cluster, though they are not alike."""
    assert leaders({(0, 1): HALF, (0, 2): HALF, (1, 2): NOTHING}) == {1: 0, 2: 0}


def test_half_copies_make_no_chain():
    """A roundup of two stories joins the one it is more like; the other stays by itself."""
    assert leaders({(0, 2): HALF, (1, 2): CLOSE}) == {2: 1}
    assert leaders({(0, 1): HALF, (1, 2): HALF}) == {1: 0}


def test_a_close_copy_of_a_member_joins():
    """Where the leader is an edited text, a close copy of the original joins with it."""
    assert leaders({(0, 1): HALF, (1, 2): CLOSE}) == {1: 0, 2: 0}


def test_the_leader_of_a_neighbour_is_asked():
    """A text that was paired with a copy only is held against the leader, too."""
    assert leaders({(0, 1): CLOSE, (1, 2): NOTHING, (0, 2): HALF}) == {1: 0, 2: 0}
    pairs = [(1 << LATER_SHIFT) + 0, (2 << LATER_SHIFT) + 1]
    likes = {(0, 1): CLOSE, (0, 2): HALF}
    found = find_leaders(pairs, lambda earlier, later: likes.get((earlier, later), NOTHING))
    assert found == {1: (0, CLOSE), 2: (0, HALF)}


def test_what_is_not_known_yet_is_passed_over():
    """A pair without a verdict makes no cluster."""
    assert find_leaders([(1 << LATER_SHIFT) + 0], lambda *_: None) == {}
