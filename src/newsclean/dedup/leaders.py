"""Clusters by their leaders: a text joins the cluster whose first text it is a copy of.

No chain of half-copies makes one cluster of two stories: a roundup that has half of each joins one
of them. Only a close copy of a member joins where it is no copy of the leader: of texts without
dates, the leader may be the one that was edited most.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from newsclean.dedup.containment import Likeness
from newsclean.dedup.pairs import EARLIER_MASK, LATER_SHIFT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Joined = dict[int, tuple[int, Likeness]]
    Compare = Callable[[int, int], Likeness | None]

__all__ = ["find_leaders"]

_UNLIKE = Likeness(shared=0.0, kept=0.0, is_copy=False)


def find_leaders(pairs: Iterable[int], likeness: Compare) -> Joined:
    """Return for each text that is a copy the leader of its cluster, and how like it is.

    Texts come in order of rank, the pairs sorted. Of several clusters a text joins the one whose leader
    it is most like; a text that joins none leads its own. So what comes out depends on the set of texts
    alone. `likeness` (earlier, later) may say None for what it cannot tell yet: that pair is passed over.
    """
    joined: Joined = {}
    for later, group in groupby(pairs, key=lambda pair: pair >> LATER_SHIFT):
        earlier = [pair & EARLIER_MASK for pair in group]
        found = _of_leader(earlier, later, joined, likeness) or _of_member(earlier, later, joined, likeness)
        if found is not None:
            joined[later] = found
    return joined


def _of_leader(earlier: list[int], later: int, joined: Joined, likeness: Compare) -> tuple[int, Likeness] | None:
    leaders = sorted({joined[text][0] if text in joined else text for text in earlier})
    found = [(leader, like) for leader in leaders if (like := likeness(leader, later)) is not None and like.is_copy]
    return max(found, key=_closeness, default=None)


def _of_member(earlier: list[int], later: int, joined: Joined, likeness: Compare) -> tuple[int, Likeness] | None:
    members = [text for text in earlier if text in joined]
    found = [(text, like) for text in members if (like := likeness(text, later)) is not None and like.is_close]
    if not found:
        return None
    leader = joined[max(found, key=_closeness)[0]][0]
    return leader, likeness(leader, later) or _UNLIKE


def _closeness(found: tuple[int, Likeness]) -> tuple[float, int]:
    text, like = found
    return like.shared + like.kept, -text
