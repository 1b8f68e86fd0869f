"""What follows a story, or interrupts it, under a label of its own: related stories, teasers, calls to sign up."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from newsclean.extract.generic.reading.pieces import classes_of
from newsclean.extract.generic.story.fates import TEASER
from newsclean.extract.generic.story.kinship import Kin
from newsclean.model import BlockKind
from newsclean.text import lowered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.reading.pieces import Frame, Piece
    from newsclean.extract.generic.story.fates import Fate
    from newsclean.extract.generic.story.kinship import Kinship

__all__ = ["drop_labelled_sections", "drop_teasers"]

# Members of enumerations that are asked for with every piece: to look one up there takes longer than all the rest.
_SAME: Final = Kin.SAME
_HEADING: Final = BlockKind.HEADING
_LABEL: Final = re.compile(  # for `lowered` texts
    r"\W*(?:related\b|latest\b|more (?:from|on|in|about|stories|news|articles|like)|more \w+$|"
    r"recommended|recommendations|"
    r"popular|trending|most (?:read|popular|viewed)|"
    r"you (?:may|might)\b|you.ll also|read (?:next|more|also)|keep reading|continue reading|about the authors?|"
    r"share this|comments?$|references$|(?:article |our )?sources:?$|citations$|works cited|footnotes$|bibliography$|"
    r"how we reviewed|medically reviewed|disclaimer:?$|disclosures?:?$|literatur$|quellen:?$|einzelnachweise|"
    r"leave a (?:comment|reply)|sign up|"
    r"newsletter|subscribe|contact us|follow us|up next|next (?:article|story|up)|what to read next|don.t miss|"
    r"in this (?:article|story)$|table of contents|tags?:?$|topics?:?$|"
    r"join (?:our|the)|get in touch|weitere (?:artikel|themen|meldungen|nachrichten)|mehr (?:zum|zu|aus|von|dazu|"
    r"artikel)|das könnte|auch interessant|lesen sie|zum thema|meistgelesen|"
    r"à lire|sur le même|lire aussi|les plus lus|te puede interesar|lo más|noticias relacionadas|más (?:sobre|"
    r"noticias|información)|leia (?:também|mais)|mais lidas|"
    r"leggi anche|ultime notizie|potrebbe interessarti|lees ook|meer over|läs (?:mer|också)|les også|læs også|"
    r"czytaj|zobacz (?:też|także)|polecane|čtěte|mohlo by|"
    r"читайте|по теме|похожие|другие новости|читайте также|dowiedz się|ilgili haberler|bunlar da|çok okunan|関連|"
    r"おすすめ|相关|推荐|延伸阅读|관련|추천)"
)
_EXCERPT: Final = re.compile(r"(?:^|[\s_-])(?:excerpt|teaser-?text|card-?text)(?:$|[\s_-])", re.IGNORECASE)
_LONGEST_LABEL: Final = 60
_MOST: Final = 0.35
_MOST_EXCERPTS: Final = 0.6
_FEWEST: Final = 2


def drop_labelled_sections(pieces: Sequence[Piece], fates: list[Fate | None], kinship: Kinship) -> None:
    """Drop a heading that names no part of the story, and what stands under it, if that is the lesser part.

    Under a heading of another make than the story's, that is all of such make; under one of the
    story's own make, it is all to the end.
    """
    kept = [index for index, fate in enumerate(fates) if fate is None]
    total = sum(len(pieces[index].text) for index in kept)
    at = 0
    while at < len(kept):
        piece = pieces[kept[at]]
        end = at + 1
        if _is_label(piece):
            apart = kinship.of(piece) is not _SAME
            while end < len(kept) and not _ends_section(pieces[kept[end]], piece):
                if apart and kinship.of(pieces[kept[end]]) is _SAME:
                    break
                end += 1
            under = kept[at:end]
            if (apart or end == len(kept)) and sum(len(pieces[index].text) for index in under) < total * _MOST:
                for index in under:
                    fates[index] = TEASER
        at = end


def _is_label(piece: Piece) -> bool:
    return piece.kind is _HEADING and len(piece.text) <= _LONGEST_LABEL and bool(_LABEL.match(lowered(piece.text)))


def _ends_section(piece: Piece, label: Piece) -> bool:
    return piece.kind is _HEADING and piece.frame.tag <= label.frame.tag


def drop_teasers(pieces: Sequence[Piece], fates: list[Fate | None], first: int) -> None:
    """Drop summaries of other stories: elements named excerpts, several of them, after the text has begun."""
    kept = [index for index, fate in enumerate(fates) if fate is None and index > first]
    total = sum(len(pieces[index].text) for index in kept)
    found = [index for index in kept if _is_excerpt(pieces[index])]
    if len(found) >= _FEWEST and sum(len(pieces[index].text) for index in found) < total * _MOST_EXCERPTS:
        for index in found:
            fates[index] = TEASER


def _is_excerpt(piece: Piece) -> bool:
    at: Frame | None = piece.frame
    for _ in range(2):
        if at is not None:
            classes = classes_of(at)
            if classes and _names_excerpt(classes):
                return True
            at = at.parent
    return False


@lru_cache(maxsize=8192)
def _names_excerpt(classes: str) -> bool:
    return bool(_EXCERPT.search(classes))
