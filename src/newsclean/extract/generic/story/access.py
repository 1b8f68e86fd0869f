"""Flags on an article: its text is cut off at a wall, it is a live blog."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from newsclean.extract.generic.reading.measure import ends_sentence
from newsclean.extract.generic.reading.witness import types_of
from newsclean.model import BlockKind
from newsclean.text import count_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.reading.pieces import Piece
    from newsclean.extract.generic.reading.witness import Witness
    from newsclean.extract.generic.story.selection import Selection

__all__ = ["flags_of", "is_truncated"]

_WALL: Final = re.compile(
    r"(?:subscribe|log ?in|sign ?in|register|sign ?up|join|become a (?:member|subscriber)|upgrade)\b.{0,40}\bto "
    r"(?:continue|read|keep reading|unlock|access|view|get (?:full )?access)|"
    r"(?:this|the (?:full|rest of (?:the|this))) (?:article|story|content|post) is (?:for|"
    r"available (?:only )?(?:to|for)|reserved for|exclusive to|only for) .{0,30}(?:subscribers|members)|"
    r"already (?:a subscriber|a member|have an account)|to (?:continue|read) (?:reading )?(?:the (?:full|rest)|this)|"
    r"subscriber[- ]only|for subscribers only|unlock this article|"
    r"(?:jetzt|diesen artikel|mit .{2,20}) weiterlesen|weiterlesen mit|weiter ?lesen\?|artikel freischalten|"
    r"(?:nur|exklusiv) für (?:abonnent|mitglied)|"
    r"(?:réservé|accessible).{0,20}(?:aux?|à nos) abonnés|il vous reste .{1,20} de cet article|"
    r"(?:contenido|artículo).{0,25}(?:exclusivo|solo).{0,15}suscriptores|para seguir leyendo|"
    r"(?:conteúdo|matéria).{0,25}(?:exclusiv|para) .{0,10}assinantes|contenuto riservato agli abbonati|"
    r"continua a leggere|alleen voor abonnees|lees verder met|för prenumeranter|logga in för att läsa|"
    r"for abonnenter|kun for abonnenter|vain tilaajille|tylko dla prenumeratorów|dostęp do treści|"
    r"полная версия .{0,20}подписчик|только (?:для|по) подписчик|"
    r"有料会員限定|続きを読むには|会員限定|付费阅读|订阅后|유료 회원|구독자 전용",
    re.IGNORECASE,
)
_ELLIPSIS: Final = re.compile(r"(?:…|\.\.\.|\[\s*(?:…|\.\.\.)\s*\]|\[\+\d+ chars\])[\s\"'”»]*$")
_SHORT: Final = 1_500.0
_VERY_SHORT: Final = 700.0
_LONGEST_NOTE: Final = 300
_NEAR: Final = 12
_LONG_ENOUGH: Final = 80
_PART: Final = 0.5
_LIVE: Final = re.compile(
    r"(?:\b|_)live(?:[-_]?(?:blog|ticker|updates?|feed))?(?:\b|_)|ticker|en direct|en vivo|diretta|ao vivo|онлайн",
    re.IGNORECASE,
)
_CLOCK: Final = re.compile(
    r"\W*(?:[01]?\d|2[0-3])\s?[:.h]\s?[0-5]\d(?:\s*(?:uhr|h|[ap]\.?m\.?))?\b.{0,25}", re.IGNORECASE
)
_POSTS: Final = 5
_HEADING: Final = BlockKind.HEADING


def flags_of(
    witness: Witness, pieces: Sequence[Piece], chosen: Selection, *, is_free: bool | None, url: str | None
) -> tuple[str, ...]:
    """The flags of a page's article: `live_blog`, `truncated`."""
    found = []
    if _is_live(witness, pieces, url):
        found.append("live_blog")
    if is_truncated(witness, pieces, chosen, is_free=is_free):
        found.append("truncated")
    return tuple(found)


def is_truncated(witness: Witness, pieces: Sequence[Piece], chosen: Selection, *, is_free: bool | None) -> bool:
    """Whether the text on the page is the beginning of a longer one.

    What is declared (`isAccessibleForFree`, `wordCount`) or printed (an invitation to subscribe) counts only
    where the text itself is short or breaks off: many pages behind a wall hold all of their text.
    """
    if is_free:
        return False
    prose = [at for at, block in enumerate(chosen.blocks) if block.kind is not _HEADING]
    if not prose:
        return False
    text = [chosen.blocks[at].text for at in prose]
    size = sum([chosen.sizes[at] for at in prose])
    breaks_off = bool(_ELLIPSIS.search(text[-1]))
    if is_free is None:
        return (breaks_off or size < _VERY_SHORT) and _has_wall(pieces, text[-1])
    if breaks_off or size < _VERY_SHORT or _is_part_of(witness, text):
        return True
    stops = len(text[-1]) > _LONG_ENOUGH and not ends_sentence(text[-1])
    return size < _SHORT and (stops or _has_wall(pieces, text[-1]))


def _is_part_of(witness: Witness, text: Sequence[str]) -> bool:
    declared = witness.article.get("wordCount")
    if isinstance(declared, str) and declared.isdecimal():
        declared = int(declared[:9])
    return isinstance(declared, int) and count_words("\n".join(text)) < _PART * declared


def _has_wall(pieces: Sequence[Piece], last: str) -> bool:
    """Whether an invitation to subscribe or to log in follows the last of the text."""
    ends = [index for index, piece in enumerate(pieces) if piece.text == last]
    after = pieces[ends[-1] + 1 : ends[-1] + _NEAR] if ends else pieces
    return any(len(piece.text) < _LONGEST_NOTE and _WALL.search(piece.text) for piece in after)


def _is_live(witness: Witness, pieces: Sequence[Piece], url: str | None) -> bool:
    if "liveblogposting" in types_of(witness.article) or "liveblogposting" in witness.types:
        return True
    if not _LIVE.search(f"{url or ''} {witness.said('og:title') or ''}"):
        return False
    return sum(len(piece.text) < _LONG_ENOUGH and bool(_CLOCK.match(piece.text)) for piece in pieces) >= _POSTS
