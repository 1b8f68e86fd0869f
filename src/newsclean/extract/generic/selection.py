"""From a region to blocks: each piece of the page is kept, moved to a field, or removed with a rule."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newsclean.extract.generic.body import choose_region, link_share
from newsclean.extract.generic.evidence import Role
from newsclean.extract.generic.fates import (
    AFTER,
    BEFORE,
    CROSS_LINK,
    ECHO,
    LABEL,
    REPEATED,
    STRANGER,
    TITLE,
    UNFILED,
    fate_of,
    role_of,
)
from newsclean.extract.generic.kinship import Kin, Kinship
from newsclean.extract.generic.measure import ends_sentence
from newsclean.extract.generic.standfirst import take_standfirst
from newsclean.extract.generic.tails import drop_labelled_sections, drop_teasers
from newsclean.model import Block, BlockKind, Caption, Removal
from newsclean.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.fates import Fate
    from newsclean.extract.generic.titles import Headline
    from newsclean.extract.generic.walk import Frame, Piece, Walked
    from newsclean.extract.generic.witness import Witness

__all__ = ["Selection", "replaced", "select"]


_MAY_ERR = frozenset(("widget", "related", "newsletter", "navigation", "advert", "outside-story", "stranger"))
_CELLS = frozenset(("td", "th"))
_COVERED = 0.85
_SECOND_HAND = 0.5
_AMPLE = 600.0
_LINKED = 0.6
_ALL_LINK = 0.8
_MOSTLY = 0.7
_LITTLE = 0.2
_LABEL_CHARS = 60
_ORDERLY, _ORDERED, _UNIFORM = 0.5, 0.9, 0.93  # shares of the prose that is of one make
_REPEATABLE = 80
_WHOLE_STORY = 2000
_GOOD_PART = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The blocks of the story and the account of everything else on the page."""

    blocks: tuple[Block, ...]
    removals: tuple[Removal, ...]
    standfirst: str | None
    captions: tuple[Caption, ...]
    strategy: str
    confidence: float


def select(walked: Walked, witness: Witness, headline: Headline | None, filed: tuple[Block, ...] = ()) -> Selection:
    """Say of each piece what becomes of it."""
    region = choose_region(walked)
    pieces = walked.pieces
    inside = _members(walked, region.frame)
    fates = [fate_of(piece, inside=piece.frame.order in inside, headline=headline) for piece in pieces]
    _drop_link_lists(pieces, fates)
    kept = [index for index, fate in enumerate(fates) if fate is None]
    kinship = Kinship([pieces[index] for index in kept])
    mains = [index for index in kept if kinship.of(pieces[index]) is Kin.SAME and pieces[index].is_prose]
    mains = _after_title(pieces, fates, mains)
    standfirst = None
    if mains:
        standfirst = take_standfirst(pieces, fates, kinship, mains, witness)
        mains = [index for index in mains if fates[index] is None]
        _drop_strangers(pieces, fates, kinship, mains, strict=witness.is_news)
        _heed_filed_text(pieces, fates, filed)
        _drop_repeats(pieces, fates, strict=witness.is_news)
        if mains:
            drop_teasers(pieces, fates, mains[0])
        drop_labelled_sections(pieces, fates, kinship)
        _drop_labels(pieces, fates, mains)
        _drop_orphans(pieces, fates)
        _trim(pieces, fates)
    return _selection(
        pieces, fates, standfirst, _confidence(pieces, fates, region.confidence * (1 + kinship.dominance) / 2)
    )


def replaced(walked: Walked, headline: Headline | None, blocks: tuple[Block, ...], strategy: str) -> Selection:
    """A selection whose body comes from elsewhere: all visible text is outside it."""
    fates = [fate_of(piece, inside=False, headline=headline) for piece in walked.pieces]
    rest = _selection(walked.pieces, fates, None, _SECOND_HAND)
    return replace(rest, blocks=blocks, strategy=strategy)


def _confidence(pieces: Sequence[Piece], fates: Sequence[Fate | None], likeness: float) -> float:
    """How sure the choice is, 0 to 1: the share of the page's prose in the region, its likeness, its amount."""
    amount = sum(piece.size for piece, fate in zip(pieces, fates, strict=True) if fate is None)
    return round(likeness * min(1.0, amount / _AMPLE), 3)


def _selection(
    pieces: Sequence[Piece], fates: Sequence[Fate | None], standfirst: str | None, confidence: float
) -> Selection:
    blocks = []
    removals = []
    lines: list[str] = []  # of short pieces in a row that one rule took: a menu is one removal
    opened: tuple[Piece, Fate] | None = None
    for piece, fate in zip(pieces, fates, strict=True):
        if opened is not None and (fate is not opened[1] or piece.is_prose or fate.moved_to):
            removals.append(_removal(*opened, lines))
            opened, lines = None, []
        if fate is None:
            blocks.append(Block(text=piece.text, kind=piece.kind, where=piece.where))
            continue
        lines.append(piece.text)
        opened = opened or (piece, fate)
        if piece.is_prose or fate.moved_to:
            removals.append(_removal(*opened, lines))
            opened, lines = None, []
    if opened is not None:
        removals.append(_removal(*opened, lines))
    captions = tuple(Caption(text=removal.text) for removal in removals if removal.moved_to == "captions")
    return Selection(
        blocks=tuple(blocks),
        removals=tuple(removals),
        standfirst=standfirst,
        captions=captions,
        strategy="generic:dom",
        confidence=confidence,
    )


def _removal(piece: Piece, fate: Fate, lines: Sequence[str]) -> Removal:
    return Removal(
        rule=f"generic:{fate.rule}", kind=fate.kind, where=piece.where, text="\n".join(lines), moved_to=fate.moved_to
    )


def _members(walked: Walked, region: Frame) -> set[int]:
    inside = {region.order}
    for frame in walked.frames[region.order + 1 :]:
        if frame.parent is not None and frame.parent.order in inside:
            inside.add(frame.order)
    return inside


def _after_title(pieces: Sequence[Piece], fates: list[Fate | None], mains: list[int]) -> list[int]:
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


def _drop_link_lists(pieces: Sequence[Piece], fates: list[Fate | None]) -> None:
    """Drop lists whose items are all links, and the label right before one."""
    lists: dict[int, list[int]] = {}
    for index, piece in enumerate(pieces):
        if fates[index] is None and piece.kind is BlockKind.LIST_ITEM:
            lists.setdefault(_list_of(piece.frame).order, []).append(index)
    for items in lists.values():
        linked = sum(link_share(pieces[index]) > _LINKED for index in items)
        if linked < len(items) * _MOSTLY:
            continue
        for index in items:
            fates[index] = CROSS_LINK
        before = items[0] - 1
        while before >= 0 and fates[before] is not None:
            before -= 1
        if (
            before >= 0
            and (len(pieces[before].text) < _LABEL_CHARS or pieces[before].kind is BlockKind.HEADING)
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


def _drop_strangers(
    pieces: Sequence[Piece], fates: list[Fate | None], kinship: Kinship, mains: Sequence[int], *, strict: bool
) -> None:
    """Drop what is made otherwise than the story's paragraphs: after them always, among them on a newsroom's page."""
    if not mains:
        return
    first, last = mains[0], mains[-1]
    strict = strict and kinship.dominance > _ORDERLY
    for index, fate in enumerate(fates):
        if fate is not None:
            continue
        near = kinship.of(pieces[index])
        if (
            pieces[index].kind is BlockKind.HEADING
            and link_share(pieces[index]) > _ALL_LINK
            and (near is not Kin.SAME or strict)
        ):
            fates[index] = CROSS_LINK
            continue
        if near is Kin.SAME:
            continue
        if index > last:
            drop = near is Kin.FAR or strict
        elif index < first:
            drop = (near is Kin.FAR and (strict or kinship.dominance > _UNIFORM)) or (
                strict and kinship.dominance > _ORDERED
            )
        else:
            drop = strict and pieces[index].kind is not BlockKind.HEADING and pieces[index].frame.tag not in _CELLS
        if drop:
            fates[index] = STRANGER


def _drop_repeats(pieces: Sequence[Piece], fates: list[Fate | None], *, strict: bool) -> None:
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


def _drop_labels(pieces: Sequence[Piece], fates: list[Fate | None], mains: Sequence[int]) -> None:
    for index in range(mains[0] if mains else 0):
        piece = pieces[index]
        if (
            fates[index] is None
            and role_of(piece) is Role.LABEL
            and len(piece.text) < _REPEATABLE
            and not ends_sentence(piece.text)
        ):
            fates[index] = LABEL


def _drop_orphans(pieces: Sequence[Piece], fates: list[Fate | None]) -> None:
    """Drop a heading whose whole section was dropped."""
    heading: int | None = None
    lost = False
    for index, piece in enumerate(pieces):
        if fates[index] is not None:
            lost = lost or fates[index] not in (TITLE, ECHO)
            continue
        if piece.kind is BlockKind.HEADING:
            if heading is not None and lost and piece.frame.tag <= pieces[heading].frame.tag:
                fates[heading] = CROSS_LINK
            heading, lost = index, False
        else:
            heading = None


def _heed_filed_text(pieces: Sequence[Piece], fates: list[Fate | None], filed: tuple[Block, ...]) -> None:
    """Go by the text that the page files as the story's, where nearly all of what was found is in it."""
    if not filed:
        return
    whole = fold(" ".join(block.text for block in filed))
    in_whole = {
        index: fold(piece.text)[:200] in whole
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
            if not is_there and piece.kind is not BlockKind.HEADING:
                fates[index] = UNFILED
        elif is_there and piece.is_prose:
            fates[index] = None


def _may_err(fate: Fate | None) -> bool:
    return fate is not None and fate.rule in _MAY_ERR


def _may_close(piece: Piece) -> bool:
    return piece.kind is BlockKind.LIST_ITEM or piece.frame.tag in _CELLS


def _trim(pieces: Sequence[Piece], fates: list[Fate | None]) -> None:
    """Let the story begin and end with running text; a heading may open it, list items may close it."""
    kept = [index for index, fate in enumerate(fates) if fate is None]
    solid = [i for i, index in enumerate(kept) if pieces[index].is_prose]
    if not solid:
        return
    first = solid[0]
    last = max(i for i, index in enumerate(kept) if i == solid[-1] or _may_close(pieces[index]))
    if first and pieces[kept[first - 1]].kind is BlockKind.HEADING:
        first -= 1
    for index in kept[:first]:
        fates[index] = BEFORE
    for index in kept[last + 1 :]:
        fates[index] = AFTER
