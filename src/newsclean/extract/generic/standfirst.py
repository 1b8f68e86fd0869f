"""The summary printed between the headline and the story: found by its place, its name or the page's description."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsclean.extract.generic.body import link_share, weight
from newsclean.extract.generic.evidence import Role
from newsclean.extract.generic.fates import BEFORE, BYLINE, ECHO, LABEL, OUTSIDE, STANDFIRST, STRANGER, TITLE, role_of
from newsclean.extract.generic.kinship import Kin
from newsclean.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.fates import Fate
    from newsclean.extract.generic.kinship import Kinship
    from newsclean.extract.generic.walk import Piece
    from newsclean.extract.generic.witness import Witness

__all__ = ["take_standfirst"]

_SHORTEST = 30
_LONGEST = 1200
_LIKE = 0.75
_BOLD = 0.9
_FREE = frozenset((OUTSIDE, BEFORE, BYLINE, LABEL, STRANGER, None))


def take_standfirst(
    pieces: Sequence[Piece], fates: list[Fate | None], kinship: Kinship, mains: Sequence[int], witness: Witness
) -> str | None:
    """Find the standfirst, note its fate and return its text; None where none is printed apart."""
    claims = [set(fold(text).split()) for text in _descriptions(witness)]
    title = max(
        (index for index in range(mains[0]) if fates[index] in (TITLE, ECHO) and pieces[index].frame.tag == "h1"),
        default=None,
    )
    begin = title + 1 if title is not None else max(0, mains[0] - 12)
    best: tuple[float, int] | None = None
    for index in range(begin, mains[0]):
        score = _score(pieces[index], fates[index], claims)
        if (
            score > 0
            and (best is None or score > best[0])
            and (fates[index] is not None or kinship.of(pieces[index]) is not Kin.SAME or score > 1)
        ):
            best = (score, index)
    if best is None and title is not None and title > 3:
        for index in range(max(0, title - 4), title):
            if _matches(pieces[index].text, claims) and fates[index] in _FREE:
                best = (1.0, index)
    if best is None and _stands_apart(pieces, mains, claims):
        best = (1.0, mains[0])
    if best is None:
        return None
    fates[best[1]] = STANDFIRST
    return pieces[best[1]].text


def _descriptions(witness: Witness) -> list[str]:
    said = (
        witness.said("og:description"),
        witness.said("description"),
        witness.said("twitter:description"),
        witness.article_text("description", "abstract", "alternativeHeadline"),
    )
    return [text for text in said if text and len(text) >= _SHORTEST]


def _matches(text: str, claims: Sequence[set[str]]) -> bool:
    words = set(fold(text).split())
    return (
        any(
            len(words & claim) >= _LIKE * max(1, min(len(words), len(claim))) and len(words) >= 0.6 * len(claim)
            for claim in claims
        )
        if len(words) > 3
        else False
    )


def _score(piece: Piece, fate: Fate | None, claims: Sequence[set[str]]) -> float:
    text = piece.text
    size = weight(text)
    if not 15 <= size <= _LONGEST or link_share(piece) > 0.5:
        return 0.0
    matches = _matches(text, claims)
    if fate not in _FREE:
        return (
            3.0
            if matches
            and fate is not None
            and fate.rule in ("related", "widget", "author-box", "cross-link", "share", "newsletter")
            else 0.0
        )
    role = role_of(piece)
    if role is Role.STANDFIRST:
        return 4.0 if matches else 2.0
    if matches:
        return 3.0
    if role in (Role.BYLINE, Role.DATE, Role.CAPTION, Role.LABEL) or fate in (BYLINE, LABEL):
        return 0.0
    return 0.5 if size >= 60 else 0.0


def _stands_apart(pieces: Sequence[Piece], mains: Sequence[int], claims: Sequence[set[str]]) -> bool:
    """Whether the first paragraph is made otherwise than those after it: all bold, or of a class of its own."""
    if len(mains) < 3:
        return False
    first, others = pieces[mains[0]], [pieces[index] for index in mains[1:6]]
    if weight(first.text) < _SHORTEST or len(first.text) > _LONGEST:
        return False
    if role_of(first) is Role.STANDFIRST and not any(role_of(other) is Role.STANDFIRST for other in others):
        return True
    if first.strong > _BOLD * len(first.text) and not any(other.strong > _BOLD * len(other.text) for other in others):
        return True
    name = (first.frame.tag, first.frame.element.get("class") or "")
    named_apart = first.frame.tag == "p" and all(
        (other.frame.tag, other.frame.element.get("class") or "") != name for other in others
    )
    return named_apart and (_matches(first.text, claims) or bool(first.frame.element.get("class")))
