"""The summary printed between the headline and the story: found by its place, its name or the page's description."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from newsclean.extract.generic.facts.names import reads_as_name, said_by
from newsclean.extract.generic.reading.evidence import Role
from newsclean.extract.generic.reading.measure import ends_sentence
from newsclean.extract.generic.reading.pieces import classes_of, role_of
from newsclean.extract.generic.story.body import link_share
from newsclean.extract.generic.story.fates import (
    BEFORE,
    BYLINE,
    CAPTION,
    ECHO,
    LABEL,
    OUTSIDE,
    STANDFIRST,
    STRANGER,
    TITLE,
    is_in_figure,
)
from newsclean.extract.generic.story.kinship import Kin, home_of
from newsclean.extract.generic.story.shown_summary import (
    SOON,
    chance_of,
    is_long_heading,
    reads_as_summary,
    without_place,
)
from newsclean.model import BlockKind
from newsclean.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.reading.pieces import Piece
    from newsclean.extract.generic.reading.witness import Witness
    from newsclean.extract.generic.story.fates import Fate
    from newsclean.extract.generic.story.kinship import Kinship

__all__ = ["take_standfirst"]

# Members of enumerations that are asked for with every piece: to look one up there takes longer than all the rest.
_CAPTION_ROLE: Final = Role.CAPTION
_STANDFIRST_ROLE: Final = Role.STANDFIRST
_SAME: Final = Kin.SAME
_BYLINE_ROLE: Final = Role.BYLINE
_DATE_ROLE: Final = Role.DATE
_LABEL_ROLE: Final = Role.LABEL
_LIST_ITEM: Final = BlockKind.LIST_ITEM
_SHORTEST: Final = 30
_LONGEST: Final = 1200
_LIKE: Final = 0.75
_BOLD: Final = 0.9
_PLACED: Final = 0.5
_UNNAMED: Final = 60
_NAMED: Final = 20
_LEAST: Final = 12
_FEW_WORDS: Final = 3
_LIKE_LENGTH: Final = 0.6
_LINKED: Final = 0.5
_ORDERLY: Final = 0.6
_UNIFORM: Final = 0.85
_LONGEST_ALONE: Final = 400
_MOST_PIECES: Final = 3
_MOST_DECLARED: Final = 6
_SHORT_REST: Final = 40
_FIELDS: Final = (_BYLINE_ROLE, _DATE_ROLE, _LABEL_ROLE)
_PLACE: Final = re.compile(r".{2,40}\s[·•|]\s")
_FREE: Final = frozenset((OUTSIDE, BEFORE, BYLINE, LABEL, STRANGER, None))
_MISTAKEN: Final = frozenset(("related", "widget", "author-box", "cross-link", "share", "newsletter"))
_BOLD_CLASS: Final = re.compile(r"(?:^|[\s_-])(?:bold|semibold|strong|fett|negrita|medium)(?:$|[\s_-])", re.IGNORECASE)


class _Search:
    """The pieces between the headline and the first paragraph, and what the page says of itself."""

    def __init__(
        self,
        pieces: Sequence[Piece],
        fates: list[Fate | None],
        kinship: Kinship,
        mains: Sequence[int],
        witness: Witness,
    ) -> None:
        self.pieces = pieces
        self.fates = fates
        self.kinship = kinship
        self.mains = mains
        self.claims = [(claim, set(claim.split())) for claim in map(fold, _descriptions(witness))]
        self.said = {claim for claim, _ in self.claims if len(claim) >= _LEAST}
        self.titles = [fold(text) for text in (witness.said("og:title"), witness.article_text("headline")) if text]
        self.news = witness.is_news
        self.is_silent = not self.news and not self.claims
        said = [index for index, fate in enumerate(fates[: mains[0]]) if fate is TITLE or fate is ECHO]
        self.title = max((index for index in said if pieces[index].frame.tag == "h1"), default=None)
        if self.title is None and said and self.is_silent:
            self.title = said[-1]
        self.lone = self._lone()

    def declared(self) -> list[int]:
        """The pieces above the first paragraph that together are the page's description, word for word."""
        if not self.said:
            return []
        begin = self.title + 1 if self.title is not None else max(0, self.mains[0] - 12)
        free = [
            index
            for index in range(begin, self.mains[0])
            if self.fates[index] in _FREE and self.pieces[index].size <= _LONGEST
        ]
        for place, start in enumerate(free):
            text = ""
            taken = []
            for index in free[place : place + _MOST_DECLARED]:
                text = f"{text} {fold(self.pieces[index].text)}".strip()
                taken.append(index)
                if text in self.said and role_of(self.pieces[start]) is not _CAPTION_ROLE and self._is_told(taken):
                    return self.whole(start) if len(taken) == 1 else taken
                if not any(claim.startswith(text) for claim in self.said):
                    break
        return []

    def _is_told(self, taken: Sequence[int]) -> bool:
        """Whether pieces are long enough for a summary, or a sentence."""
        last = self.pieces[taken[-1]]
        return sum(self.pieces[index].size for index in taken) >= _SHORTEST or ends_sentence(last.text)

    def best(self) -> int | None:
        """The index of the standfirst, or of its first piece."""
        first = self.mains[0]
        begin = self.title + 1 if self.title is not None else max(0, first - 12)
        scored = [(self._score(index), -index) for index in range(begin, first)]
        score, at = max(scored, default=(0.0, 0))
        if score > _PLACED:
            return -at
        if self._first_stands_apart():
            return first
        if score > 0:
            return -at
        if self.title is not None:
            for index in range(max(0, self.title - 4), self.title):
                if self.fates[index] in _FREE and self._matches(fold(self.pieces[index].text)):
                    return index
        return None

    def _score(self, index: int) -> float:
        piece, fate = self.pieces[index], self.fates[index]
        size = piece.size
        if not _LEAST <= size <= _LONGEST or link_share(piece) > _LINKED:
            return 0.0
        if size < _SHORTEST and reads_as_name(piece.text):
            return 0.0
        role = role_of(piece)
        folded = fold(piece.text)
        if fate is CAPTION or role is _CAPTION_ROLE or is_in_figure(piece.frame) or self._says_title(folded):
            return 0.0
        matches = self._matches(folded)
        if fate not in _FREE:
            is_meant = matches or (role is _STANDFIRST_ROLE and self._is_shown(index, piece))
            return 3.0 if is_meant and _is_mistaken(fate) else 0.0
        if role is _STANDFIRST_ROLE and size >= _NAMED:
            return 4.0 if matches else 2.0
        near = self.kinship.of(piece)
        if matches and (self.news or (near is not _SAME and self.kinship.dominance > _ORDERLY)):
            return 3.0
        return self._as_shown(index, role) if self.is_silent else self._as_placed(index, role)

    def _as_placed(self, index: int, role: Role | None) -> float:
        """What its place says of a piece, on a newsroom's page, or where it stands there alone."""
        piece, fate = self.pieces[index], self.fates[index]
        size, near = piece.size, self.kinship.of(piece)
        if index == self.lone and fate is None and near is not _SAME and _UNNAMED <= size <= _LONGEST_ALONE:
            return _PLACED
        if not self.news or role in _FIELDS or fate in (BYLINE, LABEL):
            return 0.0
        if fate is None and near is _SAME:
            return 0.0
        return _PLACED if size >= _UNNAMED and piece.kind is not _LIST_ITEM else 0.0

    def _as_shown(self, index: int, role: Role | None) -> float:
        """What its place and make say of a piece, on a page that says nothing of its story elsewhere."""
        piece, fate = self.pieces[index], self.fates[index]
        if not self._is_shown(index, piece) or role in _FIELDS or fate in (BYLINE, LABEL):
            return 0.0
        if fate is None and self.kinship.of(piece) is _SAME and not is_long_heading(piece):
            return 0.0
        is_first = all(self.fates[at] in (TITLE, ECHO) for at in range(self.title or 0, index))
        is_alone = index == self.lone and piece.size <= _LONGEST_ALONE
        return max(chance_of(piece, is_first=is_first), _PLACED if is_alone else 0.0)

    def _is_shown(self, index: int, piece: Piece) -> bool:
        """Whether a piece stands soon under the headline of a page that files nothing, and reads as a summary."""
        is_under_title = self.title is not None and index - self.title <= SOON
        return self.is_silent and is_under_title and reads_as_summary(piece)

    def _lone(self) -> int | None:
        """The only paragraph between the headline and the story's own, where those are of one make."""
        if self.title is None or self.kinship.dominance < _UNIFORM:
            return None
        between = range(self.title + 1, self.mains[0])
        found = [index for index in between if self.pieces[index].is_prose and self.fates[index] in _FREE]
        return found[0] if len(found) == 1 else None

    def _says_title(self, folded: str) -> bool:
        """Whether a piece is the headline again, with a kicker before it."""
        return any(folded.endswith(title) for title in self.titles if title.count(" ") >= _FEW_WORDS)

    def _matches(self, folded: str) -> bool:
        """Whether a folded text is one of the page's descriptions, or says nearly the same."""
        words = set(folded.split())
        for claim, claimed in self.claims:
            if folded == claim:
                return True
            if (
                len(words) > _FEW_WORDS
                and len(words) >= _LIKE_LENGTH * len(claimed)
                and len(words & claimed) >= _LIKE * max(1, min(len(words), len(claimed)))
            ):
                return True
        return False

    def _first_stands_apart(self) -> bool:
        """Whether the first paragraph is made otherwise than those after it: all bold, or of a class of its own."""
        if len(self.mains) < _MOST_PIECES:
            return False
        first, others = self.pieces[self.mains[0]], [self.pieces[index] for index in self.mains[1:6]]
        if not _SHORTEST <= first.size <= _LONGEST:
            return False
        if not self.news and self.kinship.dominance < _ORDERLY:
            return False
        if role_of(first) is _STANDFIRST_ROLE and not any(role_of(other) is _STANDFIRST_ROLE for other in others):
            return True
        if _is_bold(first) and not any(_is_bold(other) for other in others):
            return True
        if not self.news and not self._matches(fold(first.text)):
            return self._is_shown(self.mains[0], first) and _is_alone(first, others)
        return _is_alone(first, others)

    def whole(self, index: int) -> list[int]:
        """The pieces of the standfirst that begins at `index`: those beside it in an element of its own."""
        home = home_of(self.pieces[index].frame)
        if index == self.mains[0] or self.kinship.of(self.pieces[index]) is _SAME:
            return [index]
        found = [index]
        size = self.pieces[index].size
        for at in range(index + 1, self.mains[0]):
            piece = self.pieces[at]
            if (
                home_of(piece.frame) is not home
                or self.fates[at] not in _FREE
                or piece.kind is not self.pieces[index].kind
            ):
                break
            if piece.size < _SHORTEST or piece.frame.tag != self.pieces[index].frame.tag:
                break
            size += piece.size
            found.append(at)
        return found if size <= _LONGEST and len(found) <= _MOST_PIECES else found[:1]


def take_standfirst(
    pieces: Sequence[Piece], fates: list[Fate | None], kinship: Kinship, mains: Sequence[int], witness: Witness
) -> str | None:
    """Find the standfirst, note its fate and return its text; None where none is printed apart."""
    search = _Search(pieces, fates, kinship, mains, witness)
    whole = search.declared()
    if not whole:
        best = search.best()
        if best is None:
            return None
        whole = search.whole(best)
    for index in whole:
        fates[index] = STANDFIRST
    text = " ".join(pieces[index].text for index in whole)
    return _bare(without_place(text) if search.is_silent else text, _descriptions(witness))


def _bare(text: str, descriptions: Sequence[str]) -> str:
    """Cut the place before a standfirst, by the word of a description without it, and the byline after it."""
    for said in descriptions:
        if len(said) > _LEAST and text.endswith(said) and _PLACE.fullmatch(text[: -len(said)]):
            text = said
    head, stop, tail = text.rpartition(". ")
    if stop and len(tail) <= _SHORT_REST and reads_as_name(tail[said_by(tail) :]) and said_by(tail):
        return f"{head}."
    return text


def _descriptions(witness: Witness) -> list[str]:
    said = (
        witness.said("og:description"),
        witness.said("description"),
        witness.said("twitter:description"),
        witness.article_text("description", "abstract"),
    )
    return [text for text in said if text and len(text) >= _LEAST]


def _is_mistaken(fate: Fate | None) -> bool:
    """Whether a fate is by a name that standfirsts have as well."""
    return fate is not None and fate.rule in _MISTAKEN


def _is_bold(piece: Piece) -> bool:
    return piece.strong > _BOLD * len(piece.text) or bool(_BOLD_CLASS.search(classes_of(piece.frame)))


def _is_alone(first: Piece, others: Sequence[Piece]) -> bool:
    """Whether a paragraph has a class that those after it do not have."""
    name = _name_of(first)
    return bool(name[1]) and name[0] == "p" and all(_name_of(other) != name for other in others)


def _name_of(piece: Piece) -> tuple[str, str]:
    return (piece.frame.tag, classes_of(piece.frame))
