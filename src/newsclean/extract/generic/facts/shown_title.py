"""The headline as a page shows it: for pages that file nothing, where the window's title may be made for searches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from newsclean.extract.generic.reading.measure import weight
from newsclean.model import BlockKind
from newsclean.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from newsclean.extract.generic.reading.pieces import Piece

__all__ = ["shown_headline"]

_HEADING: Final = BlockKind.HEADING
_SHORTEST: Final = 24.0  # in Latin letters' worth: names of sites and sections are shorter
_FEWEST_WORDS: Final = 4
_SOON: Final = 60  # pieces after a headline its story has begun
_LINKED: Final = 0.5


def shown_headline(pieces: Sequence[Piece], titles: Collection[str]) -> str | None:
    """Return the text of the first `<h1>` that heads a story; None where another heading says one of `titles`, folded.

    It is a sentence's beginning and no name, it leads nowhere, and running text follows it.
    """
    for index, piece in enumerate(pieces):
        if piece.frame.tag == "h1" and not piece.frame.noise:
            is_headline = _is_headline(piece) and any(later.is_prose for later in pieces[index : index + _SOON])
            return piece.text if is_headline and not _says_one_of(titles, pieces) else None
    return None


def _is_headline(piece: Piece) -> bool:
    text = piece.text
    if piece.size < _SHORTEST or piece.links > _LINKED * len(text):
        return False
    return text.count(" ") >= _FEWEST_WORDS - 1 or weight(text) > len(text)


def _says_one_of(titles: Collection[str], pieces: Sequence[Piece]) -> bool:
    headings = (piece.text for piece in pieces if piece.kind is _HEADING and not piece.frame.noise)
    return any(fold(text) in titles for text in headings)
