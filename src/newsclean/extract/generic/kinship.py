"""How near a piece stands to the story's own paragraphs.

The paragraphs of a story are siblings, or lie in elements of one name, one after the other (posts of
a live blog, sections of a page builder). What lies elsewhere in the same region is of another make.
"""

from __future__ import annotations

from collections import Counter
from enum import IntEnum
from typing import TYPE_CHECKING

from newsclean.extract.generic.pieces import classes_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.pieces import Frame, Piece

__all__ = ["Kin", "Kinship", "home_of"]

_TEXT_TAGS = frozenset("p h1 h2 h3 h4 h5 h6 li ul ol blockquote dl dt dd pre tr td th tbody thead table center".split())
_MAIN_SHARE = 0.3


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


def _signature(frame: Frame) -> tuple[str, str]:
    return (frame.tag, classes_of(frame))


class Kinship:
    """The homes of a story's paragraphs; `dominance` is the share of prose in those of one name."""

    __slots__ = ("_known", "_mains", "_parents", "dominance")

    def __init__(self, pieces: Sequence[Piece]) -> None:
        weights: Counter[tuple[str, str]] = Counter()
        homes: dict[int, Frame] = {}
        for piece in pieces:
            if piece.is_prose:
                home = home_of(piece.frame)
                homes[home.order] = home
                weights[_signature(home)] += round(piece.size)
        self._known: dict[int, Kin] = {}
        total = sum(weights.values())
        self._mains = {name for name, size in weights.items() if size >= total * _MAIN_SHARE}
        self._parents = {
            home.parent.order for home in homes.values() if home.parent is not None and _signature(home) in self._mains
        }
        self.dominance = max(weights.values()) / total if total else 0.0

    def of(self, piece: Piece) -> Kin:
        """Say how near `piece` is."""
        home = home_of(piece.frame)
        known = self._known.get(home.order)
        if known is None:
            known = self._known[home.order] = self._kin_of(home)
        return known

    def _kin_of(self, home: Frame) -> Kin:
        if not self._mains or _signature(home) in self._mains:
            return Kin.SAME
        if home.parent is not None and home.parent.order in self._parents:
            return Kin.SIBLING
        at: Frame | None = home.parent
        while at is not None:
            if at.order in self._parents or _signature(at) in self._mains:
                return Kin.UNDER
            at = at.parent
        return Kin.FAR
