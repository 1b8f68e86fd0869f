"""From a region to blocks: each piece of the page is kept, moved to a field, or removed with a rule."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from newsclean.extract.generic.body import choose_region, ends_sentence, is_prose, link_share, noise_of
from newsclean.extract.generic.evidence import NOISE_KINDS, Role
from newsclean.model import Block, BlockKind, Caption, Removal, RemovalKind
from newsclean.text import fold

if TYPE_CHECKING:
    from newsclean.extract.generic.body import Region
    from newsclean.extract.generic.titles import Headline
    from newsclean.extract.generic.walk import Frame, Piece, Walked
    from newsclean.extract.generic.witness import Witness

__all__ = ["Selection", "select"]


class Fate(NamedTuple):
    """Why a piece is not in the body."""

    rule: str
    kind: RemovalKind
    moved_to: str | None = None


_OUTSIDE = Fate("outside-story", RemovalKind.TEMPLATE)
_ECHO = Fate("headline-echo", RemovalKind.METADATA_ECHO)
_TITLE = Fate("headline", RemovalKind.METADATA_ECHO, "title")
_STANDFIRST = Fate("standfirst", RemovalKind.METADATA_ECHO, "standfirst")
_CAPTION = Fate("caption", RemovalKind.CAPTION, "captions")
_BYLINE = Fate("byline", RemovalKind.METADATA_ECHO)
_LABEL = Fate("label", RemovalKind.METADATA_ECHO)
_LINKS = Fate("cross-link", RemovalKind.RELATED)
_BEFORE = Fate("before-story", RemovalKind.TEMPLATE)
_AFTER = Fate("after-story", RemovalKind.TEMPLATE)

_CROSS_LINK = re.compile(
    r"(?:also read|read also|read more|read next|read:|see also|more on this|more:|related:|related stor|related article|recommended:|watch:|watch now|listen:|"
    r"lesen sie|lesen sie auch|mehr zum thema|auch interessant|zum thema|weitere informationen|siehe auch|lire aussi|à lire|voir aussi|lee también|"
    r"lea también|te puede interesar|leia também|leia mais|leggi anche|lees ook|læs også|les også|läs mer|läs också|lue myös|czytaj|zobacz|"
    r"čtěte|přečtěte|читайте|читать|смотрите также|дивіться|click here|subscribe|sign up|advertisement|anzeige|get the latest|follow us|"
    r"推荐阅读|相关阅读|延伸阅读|関連記事)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The blocks of the story and the account of everything else on the page."""

    blocks: tuple[Block, ...]
    removals: tuple[Removal, ...]
    standfirst: str | None
    captions: tuple[Caption, ...]
    strategy: str
    confidence: float


def select(walked: Walked, witness: Witness, headline: Headline | None) -> Selection:
    """Say of each piece what becomes of it."""
    region = choose_region(walked)
    fates: list[Fate | None] = [_fate(piece, region, headline) for piece in walked.pieces]
    _cut_before_title(walked, fates, headline)
    standfirst = _take_standfirst(walked, fates, witness)
    _trim(walked, fates)
    blocks = tuple(
        Block(text=p.text, kind=p.kind, where=p.where)
        for p, fate in zip(walked.pieces, fates, strict=True)
        if fate is None
    )
    removals = tuple(
        Removal(rule=f"generic:{fate.rule}", kind=fate.kind, where=p.where, text=p.text, moved_to=fate.moved_to)
        for p, fate in zip(walked.pieces, fates, strict=True)
        if fate is not None
    )
    captions = tuple(Caption(text=removal.text) for removal in removals if removal.moved_to == "captions")
    return Selection(
        blocks=blocks,
        removals=removals,
        standfirst=standfirst,
        captions=captions,
        strategy="generic:dom",
        confidence=region.confidence,
    )


def _inside(frame: Frame | None, region: Frame) -> bool:
    while frame is not None and frame.order >= region.order:
        if frame is region:
            return True
        frame = frame.parent
    return False


def _fate(piece: Piece, region: Region, headline: Headline | None) -> Fate | None:
    folded = fold(piece.text) if headline and len(piece.text) < 400 else ""
    if headline and folded and (folded in headline.echoes):
        return _TITLE if piece.frame.tag == "h1" else _ECHO
    noise = noise_of(piece)
    role = _role_of(piece)
    if not _inside(piece.frame, region.frame):
        return Fate(noise, NOISE_KINDS[noise]) if noise else _OUTSIDE
    if role is Role.CAPTION or piece.kind is BlockKind.CAPTION:
        return _CAPTION
    if noise:
        return Fate(noise, NOISE_KINDS[noise])
    if role in (Role.BYLINE, Role.DATE) and len(piece.text) < 200:
        return _BYLINE
    if role is Role.LABEL and len(piece.text) < 80 and not ends_sentence(piece.text):
        return _LABEL
    if link_share(piece) > 0.8 and piece.kind is not BlockKind.LIST_ITEM:
        return _LINKS
    if link_share(piece) > 0.3 and _CROSS_LINK.match(piece.text):
        return _LINKS
    return None


def _role_of(piece: Piece) -> Role | None:
    frame: Frame | None = piece.frame
    if piece.inline.role:
        return piece.inline.role
    for _ in range(3):
        if frame is None:
            return None
        if frame.evidence.role and frame.evidence.role is not Role.BODY:
            return frame.evidence.role
        frame = frame.parent
    return None


def _cut_before_title(walked: Walked, fates: list[Fate | None], headline: Headline | None) -> None:
    last = None
    total = sum(len(p.text) for p, fate in zip(walked.pieces, fates, strict=True) if fate is None)
    before = 0
    for index, fate in enumerate(fates):
        if fate is _TITLE and before < total * 0.2:
            last = index
        elif fate is None:
            before += len(walked.pieces[index].text)
    if last is not None:
        for index in range(last):
            fates[index] = fates[index] or _BEFORE


def _take_standfirst(walked: Walked, fates: list[Fate | None], witness: Witness) -> str | None:
    said = [
        witness.said("og:description"),
        witness.said("description"),
        witness.said("twitter:description"),
        witness.article_text("description", "abstract"),
    ]
    claims = {fold(text) for text in said if text}
    claims.discard("")
    for index, piece in enumerate(walked.pieces):
        fate = fates[index]
        if fate is not None and fate not in (_OUTSIDE, _BEFORE, _BYLINE, _LABEL):
            continue
        if len(piece.text) < 1500 and fold(piece.text) in claims:
            fates[index] = _STANDFIRST
            return piece.text
    for index, piece in enumerate(walked.pieces):
        fate = fates[index]
        if (
            (fate is None or fate is _OUTSIDE)
            and _role_of(piece) is Role.STANDFIRST
            and len(piece.text) > 30
            and piece.kind is not BlockKind.HEADING
        ):
            fates[index] = _STANDFIRST
            return piece.text
        if fate is None and is_prose(piece):
            break
    return None


def _trim(walked: Walked, fates: list[Fate | None]) -> None:
    kept = [index for index, fate in enumerate(fates) if fate is None]
    first = next((i for i, index in enumerate(kept) if is_prose(walked.pieces[index])), None)
    if first is None:
        return
    while first and walked.pieces[kept[first - 1]].kind is BlockKind.HEADING:
        first -= 1
        break
    last = max(
        i
        for i, index in enumerate(kept)
        if is_prose(walked.pieces[index]) or walked.pieces[index].kind is BlockKind.LIST_ITEM
    )
    for index in kept[:first]:
        fates[index] = _BEFORE
    for index in kept[last + 1 :]:
        fates[index] = _AFTER
