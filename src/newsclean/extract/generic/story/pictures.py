"""What stands with a picture, and with nothing else, is its caption, also where no name and no `<figure>` says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from newsclean.extract.generic.story.fates import CAPTION
from newsclean.extract.generic.story.kinship import home_of
from newsclean.model import BlockKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.reading.pieces import Frame, Piece
    from newsclean.extract.generic.story.fates import Fate

__all__ = ["take_captions"]

# Members of enumerations that are asked for with every piece: to look one up there takes longer than all the rest.
_PARAGRAPH: Final = BlockKind.PARAGRAPH
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_UNSHOWN: Final = frozenset(("script", "style", "noscript", "template"))
_WIDE: Final = frozenset(("html", "body", "main", "article", "section", "td", "th"))  # hold more than a picture
_SHORTEST: Final = 30.0
_LONGEST: Final = 400.0
_LEVELS: Final = 2  # elements around a caption in which its picture may stand
_MORE: Final = 1.3  # times a caption's letters, and
_LABELS: Final = 30  # letters are all that stands there
_PART: Final = 0.2  # of the text: more than that are no captions but cards, each with a picture


def take_captions(pieces: Sequence[Piece], fates: list[Fate | None], kept: list[int]) -> list[int]:
    """Drop paragraphs that stand alone with a picture, unless so much does that it is the text itself.

    `kept` are the indexes of the pieces that are still text; returned are those that stay so.
    """
    found = []
    for index in kept:
        piece = pieces[index]
        size = piece.size
        if size < _SHORTEST or size > _LONGEST:
            continue
        frame = piece.frame
        if frame.tag == "p" and frame.parent is not None and frame.parent.prose > size * _MORE + _LABELS:
            continue  # as most are
        if piece.kind is _PARAGRAPH and _has_picture(piece):
            found.append(index)
    if not found or sum([pieces[index].size for index in found]) > _PART * sum([pieces[index].size for index in kept]):
        return kept
    for index in found:
        fates[index] = CAPTION
    return [index for index in kept if fates[index] is None]


def _has_picture(piece: Piece) -> bool:
    most = piece.size * _MORE + _LABELS
    home = home_of(piece.frame)
    at: Frame | None = home
    for _ in range(_LEVELS):
        # The sum is at hand, and tells nearly all that are no captions from those that may be.
        if at is None or at.tag in _WIDE or at.prose > most:
            return False
        if next(at.element.iter("img"), None) is not None:
            # In the paragraph itself it is an icon, or a sign of writing.
            is_apart = piece.frame is home or next(piece.frame.element.iter("img"), None) is None
            return is_apart and _holds_no_more(at.element, round(len(piece.text) * _MORE) + _LABELS)
        if at.parent is not None and at.parent.prose > most:
            return False
        at = at.parent
    return False


def _holds_no_more(element: Any, most: int) -> bool:
    """Whether an element has no heading and not more than that many letters of text."""
    for at in element.iter():
        tag = at.tag
        if tag in _HEADINGS:
            return False
        text = at.text
        if text and isinstance(tag, str) and tag not in _UNSHOWN:
            most -= len(text.strip())
        tail = at.tail
        if tail and at is not element:
            most -= len(tail.strip())
        if most < 0:
            return False
    return True
