"""From a region to blocks: each piece of the page is kept, moved to a field, or removed with a rule."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from newsclean.extract.generic.facts.bylines import filed_authors
from newsclean.extract.generic.reading.measure import weight
from newsclean.extract.generic.story.body import choose_region
from newsclean.extract.generic.story.fates import fate_of
from newsclean.extract.generic.story.kinship import Kin, Kinship
from newsclean.extract.generic.story.pictures import take_captions
from newsclean.extract.generic.story.pruning import (
    after_title,
    drop_labels,
    drop_link_lists,
    drop_orphans,
    drop_pull_quotes,
    drop_repeats,
    drop_sign_off,
    drop_strangers,
    heed_filed_text,
    take_back_dressed,
    trim,
)
from newsclean.extract.generic.story.standfirst import take_standfirst
from newsclean.extract.generic.story.tails import drop_labelled_sections, drop_teasers
from newsclean.extract.generic.story.trunk import drop_beyond_trunk
from newsclean.model import Block, Caption, Removal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.facts.titles import Headline
    from newsclean.extract.generic.reading.pieces import Frame, Piece, Walked
    from newsclean.extract.generic.reading.witness import Witness
    from newsclean.extract.generic.story.fates import Fate

__all__ = ["Selection", "replaced", "select"]


# Members of enumerations that are asked for with every piece: to look one up there takes longer than all the rest.
_SAME: Final = Kin.SAME
_SECOND_HAND: Final = 0.5
_AMPLE: Final = 600.0
_ALIKE: Final = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The blocks of the story and the account of everything else on the page; `sizes` are the blocks' weights."""

    blocks: tuple[Block, ...]
    sizes: tuple[float, ...]
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
    drop_link_lists(pieces, fates)
    kept = [index for index, fate in enumerate(fates) if fate is None]
    kept = take_captions(pieces, fates, kept)
    kinship = Kinship([pieces[index] for index in kept])
    mains = [index for index in kept if kinship.of(pieces[index]) is _SAME and pieces[index].is_prose]
    mains = after_title(pieces, fates, mains)
    standfirst = None
    if mains:
        standfirst = take_standfirst(pieces, fates, kinship, mains, witness)
        mains = [index for index in mains if fates[index] is None]
        drop_strangers(pieces, fates, kinship, mains, strict=_is_of_one_make(witness, kinship))
        take_back_dressed(pieces, fates, kinship, mains)
        drop_beyond_trunk(pieces, fates, mains)
        heed_filed_text(pieces, fates, filed)
        drop_repeats(pieces, fates, strict=witness.is_news)
        drop_pull_quotes(pieces, fates)
        if mains:
            drop_teasers(pieces, fates, mains[0])
        drop_labelled_sections(pieces, fates, kinship)
        drop_labels(pieces, fates, mains)
        drop_orphans(pieces, fates)
        trim(pieces, fates)
        drop_sign_off(pieces, fates, filed_authors(witness))
    return _selection(
        pieces, fates, standfirst, _confidence(pieces, fates, region.confidence * (1 + kinship.dominance) / 2)
    )


def replaced(walked: Walked, headline: Headline | None, blocks: tuple[Block, ...], strategy: str) -> Selection:
    """A selection whose body comes from elsewhere: all visible text is outside it."""
    fates = [fate_of(piece, inside=False, headline=headline) for piece in walked.pieces]
    rest = _selection(walked.pieces, fates, None, _SECOND_HAND)
    return replace(rest, blocks=blocks, sizes=tuple([weight(block.text) for block in blocks]), strategy=strategy)


def _is_of_one_make(witness: Witness, kinship: Kinship) -> bool:
    """Whether what is made otherwise than the text is none of it: on newsrooms' pages, and where all text is alike."""
    return witness.is_news or (kinship.dominance > _ALIKE and witness.said("og:type") == "article")


def _confidence(pieces: Sequence[Piece], fates: Sequence[Fate | None], likeness: float) -> float:
    """How sure the choice is, 0 to 1: the share of the page's prose in the region, its likeness, its amount."""
    amount = sum(piece.size for piece, fate in zip(pieces, fates, strict=True) if fate is None)
    return round(likeness * min(1.0, amount / _AMPLE), 3)


def _selection(
    pieces: Sequence[Piece], fates: Sequence[Fate | None], standfirst: str | None, confidence: float
) -> Selection:
    blocks = []
    sizes = []
    removals = []
    lines: list[str] = []  # of short pieces in a row that one rule took: a menu is one removal
    opened: tuple[Piece, Fate] | None = None
    for piece, fate in zip(pieces, fates, strict=True):
        if opened is not None and (fate is not opened[1] or piece.is_prose or fate.moved_to):
            removals.append(_removal(*opened, lines))
            opened, lines = None, []
        if fate is None:
            blocks.append(Block(text=piece.text, kind=piece.kind, where=piece.where))
            sizes.append(piece.size)
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
        sizes=tuple(sizes),
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


def _members(walked: Walked, region: Frame) -> range:
    """The ordinals of the frames in a region: they follow it, up to the first whose parent lies before it."""
    first = region.order
    end = first + 1
    for frame in walked.frames[end:]:
        if frame.parent is None or frame.parent.order < first:
            break
        end += 1
    return range(first, end)
