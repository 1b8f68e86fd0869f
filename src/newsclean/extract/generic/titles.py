"""The headline, by a vote of the page's own witnesses; the site's name is cut off by evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsclean.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.witness import Witness

__all__ = ["Headline", "choose_title", "site_names"]

_SEPARATOR = re.compile(r"\s+[|–—•·»«/-]+\s+|\s*[|｜_]+\s*|\s+-\s*|--")
# On a newsroom's page the headline is filed with the story, and what is filed is printed and tagged alike.
_VOTES = {"h1": 1.0, "og": 1.05, "jsonld": 1.1, "twitter": 0.3, "title": 0.3}
_MIN_SHARED = 0.5
_SHORTEST_NAME = 3
_FEW_WORDS, _MANY_WORDS = 3, 5
_PROPER = frozenset(("og", "jsonld"))
_KINDS_OF_SITE = frozenset(
    "the blog blogs news online magazine official website site home homepage nachrichten noticias actualité "
    "actualités us uk eu usa de fr es".split()
)


@dataclass(frozen=True, slots=True)
class Headline:
    """The chosen title, which witness printed it, and all the others (folded) for finding echoes."""

    text: str
    source: str
    echoes: frozenset[str]
    lengths: range  # of texts that may say it again: folding takes signs away

    @classmethod
    def of(cls, text: str, source: str, echoes: frozenset[str]) -> Headline:
        """Make the headline; `echoes` are its folded versions."""
        sizes = [len(echo) for echo in echoes] or [0]
        return cls(text, source, echoes, range(max(1, min(sizes)), int(1.5 * max(sizes)) + 20))

    def is_echoed_by(self, text: str) -> bool:
        """Whether `text` says the headline again, in any of its versions."""
        return len(text) in self.lengths and fold(text) in self.echoes


def site_names(witness: Witness, url: str | None) -> frozenset[str]:
    """Folded names by which the site calls itself."""
    names = [witness.said("og:site_name"), witness.said("application-name"), witness.said("apple-mobile-web-app-title")]
    names += [
        witness.said("al:ios:app_name"),
        witness.said("twitter:site"),
        witness.said("publisher", "article:publisher"),
    ]
    for item in witness.objects:
        for key in ("publisher", "sourceOrganization", "copyrightHolder"):
            value = item.get(key)
            if isinstance(value, dict) and isinstance(value.get("name"), str):
                names.append(value["name"])
    host = (urlsplit(url or witness.said("og:url") or "").hostname or "").removeprefix("www.")
    labels = host.split(".")
    found = (
        {fold(name) for name in names if name}
        | {fold(host)}
        | {fold(label) for label in labels[:-1] if len(label) >= _SHORTEST_NAME}
    )
    return frozenset(found - {""})


def choose_title(
    headings: Sequence[str], witness: Witness, page_title: str | None, names: frozenset[str], *, news: bool
) -> Headline | None:
    """Return the headline, or None where the page names itself nowhere.

    A visible `<h1>` that the claims bear out is what the reader saw, and wins; on a newsroom's page
    (`news`) it has one vote among the others.
    """
    claims = [
        ("jsonld", witness.article_text("headline", "name")),
        ("og", witness.said("og:title")),
        ("twitter", witness.said("twitter:title")),
        ("title", page_title),
    ]
    stripped = [(source, strip_site(text, names)) for source, text in claims if text]
    stripped = [(source, text) for source, text in stripped if text and fold(text) not in names]
    stripped = [(source, _shortened(text, stripped)) for source, text in stripped]
    heads = [text for text in headings if fold(text) and fold(text) not in names]
    echoes = frozenset(fold(text) for text in (*heads[:1], *(text for _, text in stripped)))
    best = max(heads, key=lambda head: _support(head, stripped), default=None)
    if news and stripped:
        votes = [("h1", best), *stripped] if best else stripped
        source, text = max(
            votes,
            key=lambda vote: (sum(_VOTES[who] for who, said in votes if fold(said) == fold(vote[1])), _VOTES[vote[0]]),
        )
        return Headline.of(_bare(text, stripped), source, echoes | ({fold(best)} if best else set()))
    if best is not None and (_support(best, stripped) >= _MIN_SHARED or not stripped):
        return Headline.of(_bare(best, stripped), "h1", echoes | {fold(best)})
    if stripped:
        return Headline.of(stripped[0][1], stripped[0][0], echoes)
    return Headline.of(best, "h1", echoes) if best else None


def strip_site(text: str, names: frozenset[str]) -> str:
    """Cut a site's name off either end of `text`, where the page says that it is the site's name."""
    for _ in range(3):
        cuts = list(_SEPARATOR.finditer(text))
        if not cuts:
            break
        head, tail = text[: cuts[-1].start()].strip(), text[cuts[-1].end() :].strip()
        first, rest = text[: cuts[0].start()].strip(), text[cuts[0].end() :].strip()
        if head and _names_site(tail, names):
            text = head
        elif rest and _names_site(first, names):
            text = rest
        else:
            break
    return text


def _bare(text: str, claims: Sequence[tuple[str, str]]) -> str:
    """Cut a kicker or a date that an `<h1>` prints before the headline proper, by the word of a claim without it."""
    for source, claim in claims:
        if source in _PROPER and claim.count(" ") >= _FEW_WORDS and text.endswith(claim):
            kicker = text[: -len(claim)].rstrip()
            if kicker and not kicker[-1].isalpha():
                return claim
    return text


def _names_site(part: str, names: frozenset[str]) -> bool:
    folded = fold(part)
    joined = folded.replace(" ", "")
    return (
        any(folded == name or joined == name.replace(" ", "") for name in names)
        or folded.endswith((" com", " org", " net"))
        or _is_of_site(folded, names)
    )


def _is_of_site(folded: str, names: frozenset[str]) -> bool:
    """Whether `folded` is the site's name and a word for what it is (`Harbour Post News`, `the Post blog`)."""
    words = [word for word in folded.split() if word not in _KINDS_OF_SITE]
    return bool(words) and len(words) <= _FEW_WORDS and (" ".join(words) in names or "".join(words) in names)


def _shortened(text: str, claims: Sequence[tuple[str, str]]) -> str:
    """Cut a last part that another claim, otherwise the same, does not have."""
    for _, other in claims:
        if len(other) < len(text) and text.startswith(other) and _SEPARATOR.match(text, len(other)):
            return other
    return text


def _support(head: str, claims: Sequence[tuple[str, str]]) -> float:
    words = set(fold(head).split())
    best = 0.0
    for _, claim in claims:
        other = set(fold(claim).split())
        shared = len(words & other) / max(1, min(len(words), len(other)))
        if len(words) < _FEW_WORDS and len(other) > _MANY_WORDS:
            shared /= 2
        best = max(best, shared + (0.5 if words == other else 0.0))
    return best
