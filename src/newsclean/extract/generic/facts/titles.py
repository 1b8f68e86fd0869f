"""The headline, by a vote of the page's own witnesses; the site's name is cut off by evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from newsclean.extract.generic.facts.address import spelled_out, words_of_address
from newsclean.extract.generic.facts.shown_title import shown_headline
from newsclean.extract.generic.facts.sitename import SEPARATOR, strip_site
from newsclean.text import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newsclean.extract.generic.facts.sitename import Site
    from newsclean.extract.generic.reading.pieces import Piece
    from newsclean.extract.generic.reading.witness import Witness
    from newsclean.page import PageView

__all__ = ["Headline", "choose_title", "window_title"]

# On a newsroom's page the headline is filed with the story, and what is filed is printed and tagged alike.
_VOTES: Final = {"h1": 1.0, "og": 1.05, "jsonld": 1.1, "twitter": 0.3, "title": 0.3}
_NAMES: Final = {
    "h1": "h1",
    "og": "meta:og:title",
    "jsonld": "jsonld:headline",
    "twitter": "meta:twitter:title",
    "title": "title",
}
_MIN_SHARED: Final = 0.5
_FEW_WORDS: Final = 3
_MANY_WORDS: Final = 5
_PROPER: Final = frozenset(("og", "jsonld"))
_PRINTED: Final = _PROPER | {"h1"}
_SPELLED: Final = 0.95
_CLEARLY: Final = 0.1
_NEARLY: Final = 0.9
_ADDRESS_WORDS: Final = 4
_CUT_SHORT: Final = 90  # what is filed is cut at 110 characters, and titles for search engines sooner
_ELLIPSIS: Final = ("…", "...")
_KICKER: Final = re.compile(r".{2,60}[:|–—.»-]\s*$")
_TAIL_WORDS: Final = 4
# Its source, the number of replies.
_AFTER_HEADLINE: Final = re.compile(r"\s*\([\w-]+(?:\.[\w-]+)+\)\s*\d*$|\s+\d{1,4}$")
_NEAR_TOP: Final = 250
_LONGEST: Final = 600
_DASH: Final = re.compile(r"[-–—]")


@dataclass(frozen=True, slots=True)
class Headline:
    """The chosen title, which witness printed it, and all the others (folded) for finding echoes."""

    text: str
    source: str
    echoes: frozenset[str]
    lengths: range  # of texts that may say it again: folding takes signs away
    initials: frozenset[str]  # of the echoes

    @classmethod
    def of(cls, text: str, source: str, echoes: frozenset[str]) -> Headline:
        """Make the headline; `echoes` are its folded versions."""
        sizes = [len(echo) for echo in echoes] or [0]
        lengths = range(max(1, min(sizes)), int(1.5 * max(sizes)) + 20)
        return cls(text, source, echoes, lengths, frozenset(echo[:1] for echo in echoes))

    def is_echoed_by(self, text: str) -> bool:
        """Whether `text` says the headline again, in any of its versions."""
        if len(text) not in self.lengths:
            return False
        # A letter of ASCII with another after it stays one when it is folded, and few texts begin with the right one.
        if text[:2].isascii() and text[0].isalnum() and text[0].lower() not in self.initials:
            return False
        return fold(text) in self.echoes

    @property
    def witness(self) -> str:
        """What gave the title, as the `witnesses` column names it."""
        return _NAMES[self.source]


def window_title(view: PageView) -> str | None:
    """The text of the page's `<title>`."""
    titles = view.telling["title"]
    in_head = (title.text for title in titles if (outer := title.getparent()) is not None and outer.tag == "head")
    return next(in_head, None) or next((title.text for title in titles), None)


def choose_title(
    pieces: Sequence[Piece], witness: Witness, page_title: str | None, site: Site, url: str | None
) -> Headline | None:
    """Return the headline, or None where the page names itself nowhere.

    A visible `<h1>` that the claims bear out is what the reader saw, and wins; on a newsroom's page
    it has one vote among the others. Where they differ, the address may decide.
    """
    claims = _claims(witness, page_title, site)
    heads = [strip_site(piece.text[:_LONGEST], site) for piece in pieces if piece.frame.tag == "h1"]
    heads = [text for text in heads if fold(text) and not site.is_named(text)]
    best = max(heads, key=lambda head: _support(head, claims), default=None)
    shown = None
    if claims and (best is None or _support(best, claims) < _MIN_SHARED):
        claims = _as_printed(claims, pieces)
        best = None if best is not None and _is_lone_word(best, claims) else best
        if not _is_filed(claims) and not _is_spelled_out(claims, words_of_address(url)):
            shown = shown_headline(pieces, {fold(text) for _, text in claims})
    best = _without_kicker(best, claims) if best else None
    echoes = frozenset(fold(text) for text in (*heads[:1], best, *(text for _, text in claims)) if text)
    chosen = ("h1", shown) if shown else _chosen(best, claims, url or witness.said("og:url"), news=witness.is_news)
    if chosen is None:
        return None
    source, text = chosen
    return Headline.of(_bare(text, claims), source, echoes | {fold(text)})


def _claims(witness: Witness, page_title: str | None, site: Site) -> list[tuple[str, str]]:
    """What the page says its title is, by witness, without the site's name."""
    said = [
        ("jsonld", witness.article_text("headline", "name")),
        ("og", witness.said("og:title")),
        ("twitter", witness.said("twitter:title")),
        ("title", page_title),
    ]
    claims = [(source, strip_site(squeeze(text[:_LONGEST]), site)) for source, text in said if text]
    claims = [(source, text) for source, text in claims if fold(text) and not site.is_named(text)]
    claims = [claim for claim in claims if not _is_cut_short(claim[1], claims)]
    return [(source, _shortened(text, claims)) for source, text in claims]


def _chosen(best: str | None, claims: list[tuple[str, str]], url: str | None, *, news: bool) -> tuple[str, str] | None:
    votes = [("h1", best), *claims] if best else claims
    if not votes:
        return None
    spelled = _by_address(votes, url, news=news)
    if spelled is not None:
        return spelled
    if news and claims:
        return _most_voted(votes)
    if best is not None and (not claims or _support(best, claims) >= _MIN_SHARED):
        return "h1", best
    return claims[0] if claims else None


def _most_voted(votes: list[tuple[str, str]]) -> tuple[str, str]:
    """The title that most have voted for, in any of its versions, by the word of the surest."""
    folded = [fold(said) for _, said in votes]
    shares = [sum(_VOTES[who] for (who, _), other in zip(votes, folded, strict=True) if other == one) for one in folded]
    best = max(range(len(votes)), key=lambda at: (shares[at], _VOTES[votes[at][0]]))
    return votes[best]


def _by_address(votes: list[tuple[str, str]], url: str | None, *, news: bool) -> tuple[str, str] | None:
    """The title that the address spells out, where it does so of one alone.

    A newsroom must have filed it; elsewhere the name of the window alone is no match for others.
    """
    versions = dict.fromkeys(fold(text) for _, text in votes)
    if len(versions) < 2:  # noqa: PLR2004  (nothing to decide)
        return None
    address = words_of_address(url)
    if len(address) < _ADDRESS_WORDS:
        return None
    scored = sorted(((spelled_out(version, address), version) for version in versions), reverse=True)
    if scored[0][0] < _SPELLED or scored[0][0] - scored[1][0] < _CLEARLY:
        return None
    voters = [vote for vote in votes if fold(vote[1]) == scored[0][1]]
    proper = _PROPER if news else _PRINTED
    if any(source in proper for source, _ in votes):
        voters = [vote for vote in voters if vote[0] in proper]
    return voters[0] if voters else None


def _as_printed(claims: list[tuple[str, str]], pieces: Sequence[Piece]) -> list[tuple[str, str]]:
    """Cut the claims where a piece of the page prints no more than their beginning."""
    openings: dict[str, str] = {}
    sections: dict[str, str] = {}
    for _, text in claims:
        for cut in (*SEPARATOR.finditer(text), *_DASH.finditer(text)):
            opening = text[: cut.start()].strip()
            if opening.count(" ") >= _FEW_WORDS or (not opening.isascii() and len(opening) > _MANY_WORDS):
                openings[fold(opening)] = opening
                sections[text[cut.end() :].strip()] = opening
    if not openings:
        return claims
    printed = _found_in(pieces[:_NEAR_TOP], openings, sections)
    return [(source, printed if printed and text.startswith(printed) else text) for source, text in claims]


def _found_in(pieces: Sequence[Piece], openings: dict[str, str], sections: dict[str, str]) -> str | None:
    """The opening that a piece prints, else the one whose rest is an entry of a menu."""
    longest = max(map(len, openings.values())) + 10
    in_menu = None
    for piece in pieces:
        if not piece.links and len(piece.text) <= longest and (printed := openings.get(fold(piece.text))):
            return printed
        if piece.links and in_menu is None:
            in_menu = next((sections[line] for line in piece.text.split("\n") if line in sections), None)
    return in_menu


def _without_kicker(head: str, claims: Sequence[tuple[str, str]]) -> str:
    """What an `<h1>` and a claim say alike after kickers of their own."""
    words = head.split()
    for source, claim in claims:
        if source not in _PROPER:
            continue
        other = claim.split()
        shared = 0
        while shared < min(len(words), len(other)) and words[-1 - shared] == other[-1 - shared]:
            shared += 1
        if _TAIL_WORDS <= shared < min(len(words), len(other)):
            rests = (" ".join(words[:-shared]), " ".join(other[:-shared]))
            if all(_KICKER.fullmatch(rest) for rest in rests):
                return " ".join(words[-shared:])
    return head


def _is_filed(claims: Iterable[tuple[str, str]]) -> bool:
    """Whether a claim is made by what is filed with a story, and not by the window's title alone."""
    return any(source in _PROPER for source, _ in claims)


def _is_spelled_out(claims: Iterable[tuple[str, str]], address: list[str]) -> bool:
    """Whether the address spells out a claim, as it does what a story was filed under."""
    return len(address) >= _ADDRESS_WORDS and any(spelled_out(text, address) >= _NEARLY for _, text in claims)


def _bare(text: str, claims: Sequence[tuple[str, str]]) -> str:
    """Cut what an `<h1>` prints before or after the headline proper, by the word of a claim without it."""
    trusted = _PROPER if _is_filed(claims) else _VOTES
    for source, claim in claims:
        if source not in trusted or claim.count(" ") < _FEW_WORDS:
            continue
        if text.endswith(claim):
            kicker = text[: -len(claim)].rstrip()
            if kicker and not kicker[-1].isalpha():
                return claim
        if text.startswith(claim) and _AFTER_HEADLINE.match(text, len(claim)):
            return claim
    return text


def _is_cut_short(text: str, claims: Iterable[tuple[str, str]]) -> bool:
    """Whether a claim is the beginning of another, cut where its length was limited."""
    bare = text
    for dots in _ELLIPSIS:
        bare = bare.removesuffix(dots)
    if bare == text and len(text) < _CUT_SHORT:
        return False
    return any(
        len(other) > len(text) and other.startswith(bare.rstrip()) and not SEPARATOR.match(other, len(bare.rstrip()))
        for _, other in claims
    )


def _shortened(text: str, claims: Sequence[tuple[str, str]]) -> str:
    """Cut a last part that another claim, otherwise the same, does not have."""
    for _, other in claims:
        if len(other) < len(text) and text.startswith(other) and SEPARATOR.match(text, len(other)):
            return other
    return text


def _support(head: str, claims: Sequence[tuple[str, str]]) -> float:
    words = set(fold(head).split())
    best = 0.0
    for _, claim in claims:
        other = set(fold(claim).split())
        shared = len(words & other) / max(1, min(len(words), len(other)))
        if len(words) < _FEW_WORDS and len(other) > _MANY_WORDS:
            shared /= 2 if _is_segment(head, claim) else 4
        best = max(best, shared + (0.5 if words == other else 0.0))
    return best


def _is_segment(head: str, claim: str) -> bool:
    folded = fold(head)
    return any(fold(part) == folded for part in SEPARATOR.split(claim)) or claim.endswith(head)


def _is_lone_word(head: str, claims: Sequence[tuple[str, str]]) -> bool:
    """Whether an `<h1>` of a word or two stands in no relation to what the page calls itself."""
    return len(fold(head).split()) < _FEW_WORDS and _support(head, claims) < _MIN_SHARED
