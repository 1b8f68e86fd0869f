"""trafilatura's reading of a page, asked for only where our own finds too little; the one file that imports it.

The rule: our text is shorter than `THIN` letters, the page shows at least `SHOWN` times as much
running text, and trafilatura's body is at least `LONGER` times ours. trafilatura has no time limit
of its own, so pages beyond `_MOST_CHARS` are not put to it.
"""

from __future__ import annotations

import copy
import logging
from typing import TYPE_CHECKING, Final

from newsclean.extract.generic.reading.measure import weight
from newsclean.model import Block
from newsclean.text import squeeze

if TYPE_CHECKING:
    from newsclean.page import PageView

__all__ = ["LONGER", "SHOWN", "THIN", "is_better", "second_opinion"]

THIN: Final = 300.0
SHOWN: Final = 2.0
LONGER: Final = 1.5
_MOST_CHARS: Final = 1_000_000


def second_opinion(view: PageView) -> tuple[Block, ...]:
    """The paragraphs of trafilatura's body; empty where it finds none or the page is too large."""
    if len(view.text) > _MOST_CHARS:
        return ()
    import trafilatura  # noqa: PLC0415  (0.4 s, for one page in a hundred)

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    # It changes the tree that it is given, and with deduplication it would remember other pages.
    text = trafilatura.extract(copy.deepcopy(view.tree), include_comments=False, deduplicate=False)
    lines = [squeeze(line) for line in (text or "").split("\n")]
    return tuple(Block(text=line, where=f"trafilatura#{number}") for number, line in enumerate(filter(None, lines), 1))


def is_better(found: tuple[Block, ...], kept: float) -> bool:
    """Whether trafilatura's body is enough longer than ours to be taken for it."""
    return sum(weight(block.text) for block in found) >= max(LONGER * kept, 1.0)
