"""Remove from a body what a field already says: the headline, standfirst or date printed once more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsclean.model import Block, Removal, RemovalKind
from newsclean.text import fold, may_fold_alike

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.model import Extraction

__all__ = ["without_echoes"]

_OPENING_BLOCKS = 3  # an echo of the headline stands above the text, not in the middle of it


def without_echoes(found: Extraction) -> Extraction:
    """Return `found` without opening blocks that only repeat title, standfirst or published_raw.

    The last block is never taken: a body of one sentence that repeats the headline is a body.
    """
    fields = [text for text in (found.title, found.standfirst, found.published_raw) if text]
    kept, echoes = found.blocks, list[Block]()
    # Until nothing is left to take: what moves up into the opening may be an echo as well.
    while more := [block for block in kept[:_OPENING_BLOCKS] if _is_one_of(block.text, fields)]:
        if len(more) == len(kept):
            break
        kept = tuple(block for block in kept if not any(block is echo for echo in more))
        echoes += more
    return replace(found, blocks=kept, removals=(*found.removals, *map(_removal, echoes))) if echoes else found


def _is_one_of(text: str, fields: Sequence[str]) -> bool:
    alike = [field for field in fields if may_fold_alike(text, field)]
    return bool(alike) and bool(folded := fold(text)) and folded in map(fold, alike)


def _removal(block: Block) -> Removal:
    return Removal(rule="clean:echo", kind=RemovalKind.METADATA_ECHO, where=block.where, text=block.text)
