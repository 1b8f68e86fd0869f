"""The summary as a page shows it: what a piece under the headline says of itself, where the page files nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from newsclean.extract.generic.facts.names import said_by
from newsclean.extract.generic.facts.printed_dates import date_span
from newsclean.extract.generic.story.body import link_share
from newsclean.model import BlockKind
from newsclean.text import lowered

if TYPE_CHECKING:
    from newsclean.extract.generic.reading.pieces import Piece

__all__ = ["SOON", "chance_of", "is_long_heading", "reads_as_summary", "without_place"]

SOON: Final = 20  # pieces after a headline its summary has come
_HEADING: Final = BlockKind.HEADING
_LIST_ITEM: Final = BlockKind.LIST_ITEM
_FEWEST_SPACES: Final = 3
_LINKED: Final = 0.3
_SHORTEST: Final = 60
_SHORTEST_FIRST: Final = 40
_LONGEST_LINE: Final = 160
_DATED: Final = 0.3
_SECOND_HEADLINE: Final = 110
_SHOWN: Final = 0.6
_LESS_LIKELY: Final = {**dict.fromkeys(("h2", "h3", "h4", "h5", "h6"), 0.4), "div": 0.25}  # than paragraphs
_NO_SUMMARY: Final = re.compile(r"\s[|·•⋅・]\s|inbox|newsletter|cookie|your e-?mail")  # for `lowered` texts
_PLACED: Final = re.compile(r"[^\W\d_][^·•|.!?]{1,38}\s[·•|]\s(?=.{60})")


def reads_as_summary(piece: Piece) -> bool:
    """Whether a piece reads as words on the story: no byline, no date, no form, no item of a list."""
    text = piece.text
    if piece.kind is _LIST_ITEM or link_share(piece) > _LINKED:
        return False
    if text.isascii() and text.count(" ") < _FEWEST_SPACES:
        return False
    if piece.size >= _LONGEST_LINE:
        return True
    text = without_place(text)
    return not (_NO_SUMMARY.search(lowered(text)) or said_by(text) or date_span(text) > _DATED * len(text))


def is_long_heading(piece: Piece) -> bool:
    """Whether a heading is longer than headlines are: it is a summary in large letters."""
    return piece.kind is _HEADING and piece.size > _SECOND_HEADLINE


def chance_of(piece: Piece, *, is_first: bool) -> float:
    """How likely a piece under the headline is the summary, 0 to 1; `is_first`: nothing stands between them.

    A heading that is no longer than headlines are may be a second one.
    """
    if piece.size < (_SHORTEST_FIRST if is_first else _SHORTEST):
        return 0.0
    if is_long_heading(piece):
        return _SHOWN
    return _LESS_LIKELY.get(piece.frame.tag, _SHOWN)


def without_place(text: str) -> str:
    """Cut the place that is printed before a summary and set off by a sign."""
    return _PLACED.sub("", text, count=1) if _PLACED.match(text) else text
