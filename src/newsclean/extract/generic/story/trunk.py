"""The trunk of a story is the one element that holds most of it; what stands after that element is another thing's.

Names and classes are not asked for first: a page may have none, or those of a page builder, equal for all it holds.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Final

from newsclean.extract.generic.reading.pieces import classes_of
from newsclean.extract.generic.story.fates import STRANGER
from newsclean.extract.generic.story.kinship import home_of
from newsclean.model import BlockKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsclean.extract.generic.reading.pieces import Frame, Piece
    from newsclean.extract.generic.story.fates import Fate

__all__ = ["drop_beyond_trunk"]

# Members of enumerations that are asked for with every piece: to look one up there takes longer than all the rest.
_LIST_ITEM: Final = BlockKind.LIST_ITEM
_MOST: Final = 0.6  # of the text lies in the trunk
_NEARLY_ALL: Final = 0.9  # in it: nothing after it has to be told apart by its make
_QUESTION: Final = 150
_QUESTIONS: Final = 3
_ASKED: Final = 0.25


class _Trunk:
    """The element, the share of the text in it, 0 to 1, and what the homes of its paragraphs are made as."""

    __slots__ = ("_depths", "_firsts", "_held", "_looks", "article", "first", "frame", "share")

    def __init__(self, frame: Frame, share: float, homes: Mapping[int, Frame], firsts: Mapping[int, int]) -> None:
        self.frame = frame
        self.share = share
        self.article = _article_around(frame)
        self._held: dict[int, bool] = {}
        self._firsts = firsts
        inside = [home for home in homes.values() if self.holds(home)]
        self.first = min([firsts[home.order] for home in inside])
        self._looks = {(home.tag, classes_of(home)) for home in inside}
        self._depths = {(home.tag, _depth_of(home)) for home in inside}

    def holds(self, frame: Frame) -> bool:
        """Whether a frame is the trunk or within it."""
        outer = frame.parent
        if frame is self.frame or outer is None:
            return frame is self.frame
        known = self._held.get(outer.order)
        if known is None:
            known = self._held[outer.order] = _is_within(outer, self.frame)
        return known

    def goes_on_in(self, frame: Frame) -> bool:
        """Whether a frame after the trunk holds more of its story."""
        home = home_of(frame)
        if self._firsts.get(home.order, self.first) < self.first and _is_within(self.frame, home):
            return True  # the text had begun around the trunk, and goes on there
        if self.share >= _NEARLY_ALL:
            return False
        if self.article is not None:
            if not _is_within(home, self.article):
                return False
            if classes_of(self.frame):
                return True
        classes = classes_of(home)
        return (classes and (home.tag, classes) in self._looks) or (home.tag, _depth_of(home)) in self._depths


def drop_beyond_trunk(pieces: Sequence[Piece], fates: list[Fate | None], mains: Sequence[int]) -> None:
    """Drop what stands after the trunk, but for more of the story: of its flow, its make or its article, or a list."""
    if not mains or _ends_at_home(pieces, fates, mains):
        return
    trunk = _trunk_of(pieces, mains)
    last = mains[0]
    beyond: list[int] = []
    for index in range(mains[0] + 1, len(pieces)):
        if fates[index] is not None:
            continue
        if trunk.holds(pieces[index].frame):
            last = index
            beyond.clear()
        else:
            beyond.append(index)
    beyond = [index for index in beyond if not trunk.goes_on_in(pieces[index].frame)]
    if not beyond or _goes_on(pieces, last, beyond[0]) or _answers(pieces, beyond):
        return
    for index in beyond:
        fates[index] = STRANGER


def _ends_at_home(pieces: Sequence[Piece], fates: Sequence[Fate | None], mains: Sequence[int]) -> bool:
    """Whether all paragraphs are siblings and the last is the text's end, as most often: then all is the trunk."""
    end = len(fates) - 1
    while end > mains[-1] and fates[end] is not None:
        end -= 1
    if end > mains[-1]:
        return False
    outer = pieces[end].frame.parent
    frames = [pieces[index].frame for index in mains]
    return all(frame.tag == "p" and frame.parent is outer for frame in frames)


def _trunk_of(pieces: Sequence[Piece], mains: Sequence[int]) -> _Trunk:
    """The innermost element around paragraphs that holds most of them."""
    homes: dict[int, Frame] = {}
    firsts: dict[int, int] = {}
    sizes: dict[int, float] = {}
    total = 0.0
    for index in mains:
        piece = pieces[index]
        home = home_of(piece.frame)
        order = home.order
        if order not in homes:
            homes[order] = home
            firsts[order] = index
            sizes[order] = 0.0
        sizes[order] += piece.size
        total += piece.size
    best, held = _holding(homes, sizes, _MOST * total)
    return _Trunk(best, held / total, homes, firsts)


def _holding(homes: Mapping[int, Frame], sizes: Mapping[int, float], most: float) -> tuple[Frame, float]:
    """The innermost frame in which homes of that much text lie, and how much does."""
    frames, held = dict(homes), dict(sizes)
    waiting = [-order for order in homes]
    heapify(waiting)
    while True:  # from the last frame to the first: what lies in one has been added up when its turn comes
        order = -heappop(waiting)
        outer = frames[order].parent
        if held[order] >= most or outer is None:
            return frames[order], held[order]
        if outer.order not in held:
            frames[outer.order], held[outer.order] = outer, 0.0
            heappush(waiting, -outer.order)
        held[outer.order] += held[order]


def _is_within(frame: Frame, outer: Frame) -> bool:
    order = outer.order
    at: Frame | None = frame
    while at is not None and at.order > order:
        at = at.parent
    return at is outer


def _article_around(frame: Frame) -> Frame | None:
    at: Frame | None = frame
    while at is not None and at.tag != "article":
        at = at.parent
    return at


def _depth_of(frame: Frame) -> int:
    depth = 0
    at = frame.parent
    while at is not None:
        depth += 1
        at = at.parent
    return depth


def _goes_on(pieces: Sequence[Piece], last: int, then: int) -> bool:
    """Whether the trunk ends in the middle of a list."""
    return then == last + 1 and pieces[last].kind is _LIST_ITEM and pieces[then].kind is _LIST_ITEM


def _answers(pieces: Sequence[Piece], beyond: Sequence[int]) -> bool:
    """Whether questions and their answers follow."""
    asked = sum([len(pieces[index].text) < _QUESTION and pieces[index].text[-1] in "?？؟" for index in beyond])
    return asked >= max(_QUESTIONS, _ASKED * len(beyond))
