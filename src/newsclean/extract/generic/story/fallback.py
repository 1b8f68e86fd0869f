"""Where a body comes from when the page's own text does not give one: its data, then a second opinion.

Taken in this order, each only by its written condition: JSON-LD `articleBody`, markup in the strings
of the page's scripts, trafilatura.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from newsclean.extract.generic.reading.measure import weight
from newsclean.extract.generic.story import selection, structured
from newsclean.extract.generic.story.second_opinion import SHOWN, THIN, is_better, second_opinion

if TYPE_CHECKING:
    from newsclean.extract.generic.facts.titles import Headline
    from newsclean.extract.generic.reading.pieces import Walked
    from newsclean.extract.generic.story.selection import Selection
    from newsclean.model import Block
    from newsclean.page import PageView

__all__ = ["best_body", "is_thin"]

_PART: Final = 0.4  # less of the filed text than this is on show: the rest is behind a click or a script


def best_body(
    chosen: Selection,
    view: PageView,
    filed: tuple[Block, ...],
    walked: Walked,
    headline: Headline | None,
    *,
    may_ask: bool = True,
) -> Selection:
    """Return `chosen`, or a selection with the body that the page's data or (`may_ask`) trafilatura gives."""
    kept = sum(chosen.sizes)
    on_file = _weight_of(filed)
    if on_file > THIN and kept < _PART * on_file:
        return selection.replaced(walked, headline, filed, "generic:jsonld")
    if kept >= THIN:
        return chosen
    hydrated = structured.hydrated_body(view)
    if _weight_of(hydrated) > SHOWN * kept:
        return selection.replaced(walked, headline, hydrated, "generic:hydration")
    shown = sum(piece.size for piece in walked.pieces if piece.is_prose)
    if may_ask and shown > THIN and shown > SHOWN * kept:
        other = second_opinion(view)
        if is_better(other, kept):
            return selection.replaced(walked, headline, other, "generic:trafilatura")
    return chosen


def is_thin(chosen: Selection) -> bool:
    """Whether so little was found that a second opinion may be asked for."""
    return sum(chosen.sizes) < THIN


def _weight_of(blocks: tuple[Block, ...]) -> float:
    return sum(weight(block.text) for block in blocks)
