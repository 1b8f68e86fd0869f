"""The trunk of a story is the one element that holds most of it; what stands after that element is another thing's.

Names and classes are not asked for first: a page may have none, or those of a page builder, equal for all it holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from newsclean.extract.generic.reading.pieces import classes_of
from newsclean.extract.generic.story.fates import STRANGER
from newsclean.extract.generic.story.kinship import home_of
from newsclean.model import BlockKind

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    """The element, the share of the text in it, 0 to 1, the homes of its paragraphs and its first piece's index."""

    __slots__ = ("article", "first", "firsts", "frame", "homes", "share")

    def __init__(self, frame: Frame, share: float, homes: list[Frame], firsts: dict[int, int]) -> None:
        self.frame = frame
        self.share = share
        self.homes = homes
        self.firsts = firsts
        self.first = min([firsts[home.order] for home in homes])
        self.article = _article_around(frame)


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
        if _is_within(pieces[index].frame, trunk.frame):
            last = index
            beyond.clear()
        else:
            beyond.append(index)
    beyond = [index for index in beyond if not _is_more(pieces[index].frame, trunk)]
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
    inside = [home for home in homes.values() if _is_within(home, best)]
    return _Trunk(best, held / total, inside, firsts)


def _holding(homes: dict[int, Frame], sizes: dict[int, float], most: float) -> tuple[Frame, float]:
    """The innermost frame in which homes of that much text lie, and how much does."""
    held: dict[int, float] = {}
    best: Frame | None = None
    for order, home in homes.items():
        size = sizes[order]
        at: Frame | None = home
        while at is not None:
            held[at.order] = so_far = held.get(at.order, 0.0) + size
            if so_far >= most and (best is None or at.order > best.order):
                best = at
            at = at.parent
    assert best is not None  # the root holds all of them
    return best, held[best.order]


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


def _is_more(frame: Frame, trunk: _Trunk) -> bool:
    """Whether a frame after the trunk holds more of its story."""
    home = home_of(frame)
    if trunk.firsts.get(home.order, trunk.first) < trunk.first and _is_within(trunk.frame, home):
        return True  # the text had begun around the trunk, and goes on there
    if trunk.share >= _NEARLY_ALL:
        return False
    if trunk.article is not None:
        if not _is_within(home, trunk.article):
            return False
        if classes_of(trunk.frame):
            return True
    classes = classes_of(home)
    if classes and any(other.tag == home.tag and classes_of(other) == classes for other in trunk.homes):
        return True
    depth = _depth_of(home)
    return any(other.tag == home.tag and _depth_of(other) == depth for other in trunk.homes)


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
