"""Which pieces of a region are no part of its story: lists of links, strangers, repeats, labels, orphans, sign-offs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from newsclean.extract.generic.reading.evidence import Role
from newsclean.extract.generic.reading.measure import ends_sentence
from newsclean.extract.generic.reading.pieces import role_of
from newsclean.extract.generic.story.body import link_share
from newsclean.extract.generic.story.fates import (
    AFTER,
    AUTHOR,
    BEFORE,
    CROSS_LINK,
    ECHO,
    LABEL,
    REPEATED,
    STRANGER,
    TITLE,
    UNFILED,
)
from newsclean.extract.generic.story.kinship import Kin, home_of
from newsclean.model import BlockKind
from newsclean.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.reading.pieces import Frame, Piece
    from newsclean.extract.generic.story.fates import Fate
    from newsclean.extract.generic.story.kinship import Kinship
    from newsclean.model import Block

__all__ = [
    "after_title",
    "drop_labels",
    "drop_link_lists",
    "drop_orphans",
    "drop_pull_quotes",
    "drop_repeats",
    "drop_sign_off",
    "drop_strangers",
    "heed_filed_text",
    "take_back_dressed",
    "trim",
]

# Members of enumerations that are asked for with every piece: to look one up there takes longer than all the rest.
_LIST_ITEM: Final = BlockKind.LIST_ITEM
_HEADING: Final = BlockKind.HEADING
_SAME: Final = Kin.SAME
_FAR: Final = Kin.FAR
_QUOTE: Final = BlockKind.QUOTE
_PARAGRAPH: Final = BlockKind.PARAGRAPH
_LABEL_ROLE: Final = Role.LABEL
_MAY_ERR: Final = frozenset(("widget", "related", "newsletter", "navigation", "advert", "outside-story", "stranger"))
_CELLS: Final = frozenset(("td", "th"))
_COVERED: Final = 0.85
_LINKED: Final = 0.6
_ALL_LINK: Final = 0.8
_MOSTLY: Final = 0.7
_LITTLE: Final = 0.2
_LABEL_CHARS: Final = 60
# Shares of the prose that is of one make.
_ORDERLY: Final = 0.5
_ORDERED: Final = 0.9
_UNIFORM: Final = 0.93
_REPEATABLE: Final = 80
_WHOLE_STORY: Final = 2000
_GOOD_PART: Final = 0.25
_ABOVE: Final = 40  # pieces; a label stands nearer
_QUOTABLE: Final = 25  # folded characters; fewer may be said twice
_SIGN_OFF: Final = 400
_OPENING_CHARS: Final = 200
_AT_CUT: Final = 20  # characters before the end of a cut text may be folded with those after it
_FEWEST_BLOCKS: Final = 3  # stay, whatever they say
_IS: Final = re.compile(
    r",? (?:is|was|has|writes|covers|reports|ist|war|schreibt|arbeitet|est|es|è|é|is een|jest|är|er|работает|—) "
)


def after_title(pieces: Sequence[Piece], fates: list[Fate | None], mains: list[int]) -> list[int]:
    """Give up what stands before the headline, unless that is a good part of the text."""
    total = sum(len(pieces[index].text) for index in mains)
    paragraphs = set(mains)
    title, before = None, 0
    for index, fate in enumerate(fates):
        if fate is TITLE:
            title = index
        elif index in paragraphs:
            before += len(pieces[index].text)
            if before >= total * _LITTLE:
                break
    for index in range(title or 0):
        fates[index] = fates[index] or BEFORE
    return [index for index in mains if fates[index] is None]


def drop_link_lists(pieces: Sequence[Piece], fates: list[Fate | None]) -> None:
    """Drop lists whose items are all links, and the label right before one."""
    lists: dict[int, list[int]] = {}
    for index, piece in enumerate(pieces):
        if fates[index] is None and piece.kind is _LIST_ITEM:
            lists.setdefault(_list_of(piece.frame).order, []).append(index)
    for items in lists.values():
        linked = sum(link_share(pieces[index]) > _LINKED for index in items)
        if linked < len(items) * _MOSTLY:
            continue
        for index in items:
            fates[index] = CROSS_LINK
        above = range(items[0] - 1, max(-1, items[0] - _ABOVE), -1)
        before = next((index for index in above if fates[index] is None), -1)
        if (
            before >= 0
            and (len(pieces[before].text) < _LABEL_CHARS or pieces[before].kind is _HEADING)
            and not pieces[before].is_prose
        ):
            fates[before] = CROSS_LINK


def _list_of(frame: Frame) -> Frame:
    at: Frame | None = frame
    while at is not None:
        if at.tag in ("ul", "ol", "dl"):
            return at
        at = at.parent
    return frame


def drop_strangers(
    pieces: Sequence[Piece], fates: list[Fate | None], kinship: Kinship, mains: Sequence[int], *, strict: bool
) -> None:
    """Drop what is made otherwise than the story's paragraphs: after them always, among them on a newsroom's page."""
    if not mains:
        return
    first, last = mains[0], mains[-1]
    title = max((index for index in range(first) if fates[index] is TITLE), default=first)
    strict = strict and kinship.dominance > _ORDERLY
    for index, fate in enumerate(fates):
        if fate is not None:
            continue
        near = kinship.of(pieces[index])
        if pieces[index].kind is _HEADING and link_share(pieces[index]) > _ALL_LINK and (near is not _SAME or strict):
            fates[index] = CROSS_LINK
            continue
        if near is _SAME:
            continue
        if index > last:
            drop = near is _FAR or strict
        elif index < first:
            opens = index > title and pieces[index].is_prose and pieces[index].size >= _REPEATABLE
            drop = (near is _FAR and (strict or (kinship.dominance > _UNIFORM and not opens))) or (
                strict and kinship.dominance > _ORDERED
            )
            drop = drop or (index > title and kinship.dominance > _ORDERED and _is_mere_line(pieces[index]))
        else:
            drop = strict and pieces[index].kind is not _HEADING and pieces[index].frame.tag not in _CELLS
        if drop:
            fates[index] = STRANGER


def take_back_dressed(
    pieces: Sequence[Piece], fates: list[Fate | None], kinship: Kinship, mains: Sequence[int]
) -> None:
    """Keep, among the story's paragraphs, what bears their own class, whatever the elements around it are named."""
    for index in range(mains[0], mains[-1]) if mains else ():
        if _may_err(fates[index]) and kinship.dresses(pieces[index]):
            fates[index] = None


def _is_mere_line(piece: Piece) -> bool:
    """Whether a piece is a short line and no sentence: a date, a name, a place, a time to read."""
    is_line = piece.size < _LABEL_CHARS and not piece.is_prose and piece.kind is _PARAGRAPH
    return is_line and piece.frame.tag not in _CELLS and home_of(piece.frame).tag not in _CELLS


def drop_repeats(pieces: Sequence[Piece], fates: list[Fate | None], *, strict: bool) -> None:
    """Drop what says again what another piece says: a copy for another screen, or the story once more in one run."""
    kept = [index for index, fate in enumerate(fates) if fate is None]
    total = sum(len(pieces[index].text) for index in kept)
    seen: set[str] = set()
    for index in kept:
        text = pieces[index].text
        if len(text) < _REPEATABLE:
            continue
        if text in seen and strict:
            fates[index] = REPEATED
        seen.add(text)
        if len(text) > max(_WHOLE_STORY, total * _GOOD_PART):
            others = " ".join(pieces[other].text for other in kept if other != index)
            probes = [text[at : at + 50] for at in range(100, len(text) - 50, len(text) // 12)]
            if sum(probe in others for probe in probes) > len(probes) * _MOSTLY:
                fates[index] = REPEATED


def drop_pull_quotes(pieces: Sequence[Piece], fates: list[Fate | None]) -> None:
    """Drop a quotation set apart whose words stand in a paragraph as well, and the name right under it."""
    kept = [index for index, fate in enumerate(fates) if fate is None]
    quotes = [i for i, piece in enumerate(pieces) if piece.kind is _QUOTE and fates[i] in (None, REPEATED)]
    if not quotes:
        return
    told = " ".join(fold(pieces[index].text) for index in kept if pieces[index].kind is not _QUOTE)
    taken: int | None = None
    for index in quotes:
        said = fold(pieces[index].text)
        is_source = taken is not None and index == taken + 1 and len(said) < _LABEL_CHARS
        if is_source or (len(said) >= _QUOTABLE and said in told):
            fates[index] = REPEATED
            taken = index


def drop_sign_off(pieces: Sequence[Piece], fates: list[Fate | None], authors: Sequence[str]) -> None:
    """Drop what closes a text and is none of it: an announcement of what came next, a line about an author."""
    kept = [index for index, fate in enumerate(fates) if fate is None]
    for index in reversed(kept[_FEWEST_BLOCKS:]):
        text = pieces[index].text
        announces = text.endswith((":", "：")) and len(text) < _SIGN_OFF
        presents = len(text) < _SIGN_OFF and any(_presents(text, name) for name in authors)
        if not (announces or presents):
            return
        fates[index] = CROSS_LINK if announces else AUTHOR


def _presents(text: str, name: str) -> bool:
    return " " in name and text.startswith(name) and bool(_IS.match(text, len(name)))


def drop_labels(pieces: Sequence[Piece], fates: list[Fate | None], mains: Sequence[int]) -> None:
    """Drop names of sections that stand before the text."""
    for index in range(mains[0] if mains else 0):
        piece = pieces[index]
        if (
            fates[index] is None
            and role_of(piece) is _LABEL_ROLE
            and len(piece.text) < _REPEATABLE
            and not ends_sentence(piece.text)
        ):
            fates[index] = LABEL


def drop_orphans(pieces: Sequence[Piece], fates: list[Fate | None]) -> None:
    """Drop a heading whose whole section was dropped."""
    heading: int | None = None
    lost = False
    for index, piece in enumerate(pieces):
        if fates[index] is not None:
            lost = lost or fates[index] not in (TITLE, ECHO)
            continue
        if piece.kind is _HEADING:
            if heading is not None and lost and piece.frame.tag <= pieces[heading].frame.tag:
                fates[heading] = CROSS_LINK
            heading, lost = index, False
        else:
            heading = None


def heed_filed_text(pieces: Sequence[Piece], fates: list[Fate | None], filed: tuple[Block, ...]) -> None:
    """Go by the text that the page files as the story's, where nearly all of what was found is in it."""
    if not filed:
        return
    whole = fold(" ".join(block.text for block in filed))
    in_whole = {
        index: _opening(piece.text) in whole
        for index, piece in enumerate(pieces)
        if fates[index] in (None, STRANGER) or _may_err(fates[index])
    }
    kept = [index for index, fate in enumerate(fates) if fate is None]
    total = sum(len(pieces[index].text) for index in kept)
    if sum(len(pieces[index].text) for index in kept if in_whole[index]) < _COVERED * total:
        return
    for index, is_there in in_whole.items():
        piece = pieces[index]
        if fates[index] is None:
            if not is_there and piece.kind is not _HEADING:
                fates[index] = UNFILED
        elif is_there and piece.is_prose:
            fates[index] = None


def _opening(text: str) -> str:
    """The first folded characters of a text, which is not folded whole for that."""
    folded = fold(text[: 2 * _OPENING_CHARS])
    return (folded if len(folded) > _OPENING_CHARS + _AT_CUT else fold(text))[:_OPENING_CHARS]


def _may_err(fate: Fate | None) -> bool:
    return fate is not None and fate.rule in _MAY_ERR


def _may_close(piece: Piece) -> bool:
    return piece.kind is _LIST_ITEM or piece.frame.tag in _CELLS


def trim(pieces: Sequence[Piece], fates: list[Fate | None]) -> None:
    """Let the story begin and end with running text; a heading may open it, list items may close it."""
    kept = [index for index, fate in enumerate(fates) if fate is None]
    solid = [i for i, index in enumerate(kept) if pieces[index].is_prose]
    if not solid:
        return
    first = solid[0]
    last = max(i for i, index in enumerate(kept) if i == solid[-1] or _may_close(pieces[index]))
    if first and pieces[kept[first - 1]].kind is _HEADING:
        first -= 1
    for index in kept[:first]:
        fates[index] = BEFORE
    for index in kept[last + 1 :]:
        fates[index] = AFTER
