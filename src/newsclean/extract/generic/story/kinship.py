"""How near a piece stands to the story's own paragraphs.

The paragraphs of a story are siblings, or lie in elements of one name, one after the other (posts of
a live blog, sections of a page builder). What lies elsewhere in the same region is of another make.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from newsclean.extract.generic.reading.pieces import classes_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsclean.extract.generic.reading.pieces import Frame, Piece

__all__ = ["Kin", "Kinship", "home_of"]

_TEXT_TAGS: Final = frozenset(
    "p h1 h2 h3 h4 h5 h6 li ul ol blockquote dl dt dd pre tr td th tbody thead table center".split()
)
_MAIN_SHARE: Final = 0.3
_DRESSED: Final = 0.5  # of the prose is in elements of one tag and class: those are the story's own
_MOST_LEVELS: Final = 4
_SEVERAL: Final = 4
_ALONE: Final = 0.8
_UNPARTED: Final = 0.8
_LONGEST_NAME: Final = 16
_UNNUMBERED: Final = str.maketrans("", "", "0123456789")
_Name: TypeAlias = tuple[tuple[str, str], ...]


class Kin(IntEnum):
    """Nearness, nearest first."""

    SAME = 0
    SIBLING = 1
    UNDER = 2
    FAR = 3


def home_of(frame: Frame) -> Frame:
    """The nearest element around `frame` that is a container and no piece of text itself."""
    while frame.tag in _TEXT_TAGS and frame.parent is not None:
        frame = frame.parent
    return frame


def _look_of(frame: Frame) -> tuple[str, str]:
    """The tag and the class of an element, without the numbers by which page builders count their blocks."""
    classes = classes_of(frame)
    return (frame.tag, _unnumbered(classes) if classes else "")


@lru_cache(maxsize=8192)
def _unnumbered(classes: str) -> str:
    return classes.translate(_UNNUMBERED)


def _name_of(frame: Frame, levels: int) -> _Name:
    """What an element is made as: its tag and class, and those of as many elements around it as `levels` says.

    With one level or more, one without a class is named by those around it as well, up to one with a class.
    """
    name = [_look_of(frame)]
    at = frame.parent
    while levels and at is not None and len(name) < _LONGEST_NAME and (len(name) < levels or not name[-1][1]):
        name.append(_look_of(at))
        at = at.parent
    return tuple(name)


# To look up a member of an enumeration takes longer than all the rest that is done with a piece.
_SAME: Final = Kin.SAME
_SIBLING: Final = Kin.SIBLING
_UNDER: Final = Kin.UNDER
_FAR: Final = Kin.FAR


class Kinship:
    """The homes of a story's paragraphs; `dominance` is the share of prose in those of one name."""

    __slots__ = ("_dress", "_known", "_levels", "_looks", "_mains", "_parents", "dominance")

    def __init__(self, pieces: Sequence[Piece]) -> None:
        count = 0
        homes: dict[int, Frame] = {}
        sizes: dict[int, int] = {}
        dresses: dict[tuple[str, str], int] = {}
        for piece in pieces:
            if piece.is_prose:
                count += 1
                frame = piece.frame
                home = home_of(frame)
                size = round(piece.size)
                homes[home.order] = home
                sizes[home.order] = sizes.get(home.order, 0) + size
                if frame is not home:
                    look = _look_of(frame)
                    dresses[look] = dresses.get(look, 0) + size
        self._dress = _dress_of(dresses, sum(sizes.values()))
        self._levels = _levels_of(list(homes.values()), count)
        names, weights = _weights(homes, sizes, self._levels)
        coarse_names, coarse = _weights(homes, sizes, 0)
        if max(weights.values(), default=0) < _UNPARTED * max(coarse.values(), default=0):
            self._levels, names, weights = 0, coarse_names, coarse
        self._known: dict[int, Kin] = {}
        total = sum(weights.values())
        self._mains = {name for name, size in weights.items() if size >= total * _MAIN_SHARE}
        self._looks = {name[0] for name in self._mains}
        self._parents = {
            parent.order
            for home in homes.values()
            if names[home.order] in self._mains and (parent := _around(home, self._levels)) is not None
        }
        self.dominance = max(weights.values()) / total if total else 0.0

    def dresses(self, piece: Piece) -> bool:
        """Whether `piece` stands in an element of the class that most of the story's paragraphs bear themselves."""
        return self._dress is not None and piece.is_prose and _look_of(piece.frame) == self._dress

    def of(self, piece: Piece) -> Kin:
        """Say how near `piece` is."""
        if self._dress is not None and self.dresses(piece):
            return _SAME
        home = home_of(piece.frame)
        known = self._known.get(home.order)
        if known is None:
            known = self._known[home.order] = self._kin_of(home)
        return known

    def _kin_of(self, home: Frame) -> Kin:
        if not self._mains or _name_of(home, self._levels) in self._mains:
            return _SAME
        if home.parent is not None and home.parent.order in self._parents:
            return _SIBLING
        at: Frame | None = home.parent
        while at is not None:
            if at.order in self._parents or _look_of(at) in self._looks:
                return _UNDER
            at = at.parent
        return _FAR


def _dress_of(dresses: Mapping[tuple[str, str], int], total: int) -> tuple[str, str] | None:
    """The tag and class that most paragraphs have; None where those have no class."""
    for look, size in dresses.items():
        if size > total * _DRESSED and look[1]:
            return look
    return None


def _weights(
    homes: Mapping[int, Frame], sizes: Mapping[int, int], levels: int
) -> tuple[dict[int, _Name], dict[_Name, int]]:
    """The names of homes, and how much text stands in those of each name."""
    names = {order: _name_of(home, levels) for order, home in homes.items()}
    weights: dict[_Name, int] = {}
    for order, name in names.items():
        weights[name] = weights.get(name, 0) + sizes[order]
    return names, weights


def _levels_of(homes: list[Frame], count: int) -> int:
    """How many elements lie around each paragraph alone, and one more: those say what it is made as."""
    levels = 1
    while levels < _MOST_LEVELS and count >= _SEVERAL and len(homes) >= count * _ALONE:
        levels += 1
        homes = list({home.parent.order: home.parent for home in homes if home.parent is not None}.values())
    return levels


def _around(home: Frame, levels: int) -> Frame | None:
    """The element around a home, and around those that hold it alone."""
    at: Frame | None = home
    for _ in range(max(1, levels - 1)):
        at = at.parent if at is not None else None
    return at
