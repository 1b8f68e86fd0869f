"""Join lines that inline markup broke: a linked name in a dump stands on a line that ends with it.

    Nikol Pashinyan
    , President of ...
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsclean.model import Block, Extraction

__all__ = ["join_inline_breaks"]

_CONTINUES = re.compile(r"[,.:;)\]»”’]|\s?[a-zа-яё]")
_FINISHED = re.compile(r".*[.!?…:>\"”»*)\]]['’\"”»)\]]*$")
_LONG_CHARS = 90


def join_inline_breaks(found: Extraction) -> Extraction:
    """Return `found` with broken lines joined to the paragraph that they belong to."""
    joined: list[Block] = []
    for block in found.blocks:
        if joined and _belongs(joined[-1], block):
            joined[-1] = _one(joined[-1], block)
        else:
            joined.append(block)
    return replace(found, blocks=tuple(joined))


def _belongs(before: Block, after: Block) -> bool:
    if _FINISHED.match(before.text) and not after.text.startswith((",", ":", ";", ".")):
        return False
    if _CONTINUES.match(after.text):
        return True
    return len(before.text) > _LONG_CHARS and not _FINISHED.match(before.text)


def _one(before: Block, after: Block) -> Block:
    space = "" if after.text[:1] in ",.:;)]»”’" else " "
    first, last = before.where.partition("-")[0], after.where.rpartition("-")[2].lstrip("L")
    return replace(before, text=before.text + space + after.text, where=f"{first}-{last}")
