"""Join lines that inline markup broke: a linked name or term in a dump ends its line.

`Nikol Pashinyan` / `, President of ...` / `: Mr President,` were one paragraph with two links in it. What
goes on in the next line shows by how that one begins: with a closing mark or a small letter. Where it
begins with a capital, only a long line that breaks off at a name is taken for a broken one, and never
one that a speaker's name follows: headings have no full stop either.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from newsclean.model import Block

if TYPE_CHECKING:
    from newsclean.model import Extraction

__all__ = ["close_up_marks", "join_inline_breaks"]

_CLOSES = tuple(",.:;)]»”’?!%")
_FINISHED = re.compile(r".*[.!?…:;,>*][\"'’”»)\]]*$")
_LIST_ITEM = re.compile(r"[–—-] |\d+[.)] ")
_GOES_ON = re.compile(r"[a-zа-яё]|\((?:[^()]*\) ?\S)|[–—] ")
_ENDS_IN_NAME = re.compile(r".*\b[A-ZА-ЯЁ][\w’'-]*[\"”»]?$")
_SPEAKER = re.compile(r"[^.!?:]{2,160}:(?:\s|$)")
_LONGER_THAN_HEADING_CHARS = 90
_LOOSE = re.compile(r" +(?=[,.;:!?)\]»”](?:[\s,.;:!?)\]»”]|$))|(?<=[(\[«“]) +")
_LINES = re.compile(r"L(\d+)(?:-(\d+))?")


def join_inline_breaks(found: Extraction) -> Extraction:
    """Return `found` with broken lines joined to the paragraph that they belong to."""
    joined: list[Block] = []
    for block in found.blocks:
        if joined and _belongs(joined[-1], block):
            joined[-1] = _one(joined[-1], block)
        else:
            joined.append(block)
    return replace(found, blocks=tuple(joined)) if len(joined) < len(found.blocks) else found


def _belongs(before: Block, after: Block) -> bool:
    if _FINISHED.match(before.text):
        return False
    if after.text.startswith(_CLOSES):
        return not after.text.startswith(("...", "…"))
    if not _adjoin(before, after) or _LIST_ITEM.match(before.text):
        return False
    if _GOES_ON.match(after.text):
        return True
    return (
        len(before.text) > _LONGER_THAN_HEADING_CHARS
        and _ENDS_IN_NAME.match(before.text) is not None
        and _SPEAKER.match(after.text) is None
        and after.text[0].isalpha()
    )


def _adjoin(before: Block, after: Block) -> bool:
    """Tell whether no line, not even a blank one, lies between two blocks of a text."""
    ends, begins = _LINES.fullmatch(before.where), _LINES.fullmatch(after.where)
    if not ends or not begins:
        return True
    return int(begins[1]) - int(ends[2] or ends[1]) <= 1


def _one(before: Block, after: Block) -> Block:
    space = "" if after.text.startswith(_CLOSES) else " "
    first, last = before.where.partition("-")[0], after.where.rpartition("-")[2].lstrip("L")
    return Block(text=before.text + space + after.text, kind=before.kind, where=f"{first}-{last}")


def close_up_marks(found: Extraction) -> Extraction:
    """Return `found` without the loose spaces before closing marks, in lines that other pieces were taken out of.

    A dump that has lost its line ends was put together with spaces: `Anna Smith , head of ( the ) office`.
    """
    cut_lines = {removal.where for removal in found.removals}
    blocks = tuple(_closed_up(block) if block.where in cut_lines else block for block in found.blocks)
    return replace(found, blocks=blocks) if blocks != found.blocks else found


def _closed_up(block: Block) -> Block:
    text = _LOOSE.sub("", block.text)
    return Block(text=text, kind=block.kind, where=block.where) if text != block.text else block
