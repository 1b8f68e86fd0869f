"""Who wrote a story: names, by the page's filing first and by its byline next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsclean.extract.generic.evidence import Role
from newsclean.extract.generic.fates import role_of
from newsclean.extract.generic.names import SAYS_BY, names_in, reads_as_name
from newsclean.extract.generic.witness import plain, types_of
from newsclean.text import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsclean.extract.generic.pieces import Piece
    from newsclean.extract.generic.witness import Witness
    from newsclean.page import PageView

__all__ = ["Authors", "filed_authors", "read_authors"]


@dataclass(frozen=True, slots=True)
class Authors:
    """The byline as printed, and the names in it."""

    byline: str | None
    names: tuple[str, ...]


_META = tuple(
    "author article:author og:article:author dc.creator dcterms.creator "
    "parsely-author sailthru.author byl citation_author "
    "article:author_name articleauthor twitter:data1".split()
)
_AUTHOR_LINK = re.compile(
    r"/(?:authors?|autor(?:en|es|in)?|auteurs?|writers?|contributors?|journalists?|reporters?|staff|by|people|"
    r"profiles?|redakteur[a-z]*|yazar(?:lar)?|medarbetare|person)/[^/?#]+",
    re.IGNORECASE,
)
_PARTED = re.compile(r"\s*[|·•⋅]\s*|\s+(?=(?:published|updated|posted)\b)", re.IGNORECASE)
_BESIDE_NAME = re.compile(
    r"\b(?:19|20)\d\d\b|\bmin(?:ute)?s?\b|\b(?:writer|editor|author|founder|reporter|journalist)\b", re.IGNORECASE
)
_SIGNED = re.compile(r"\W*(?:written|words|story|article) by\b|\W*authors?:|\W*[（(]?[责責]编[:：]", re.IGNORECASE)
_LONGEST_NAME = 80
_LONGEST_LINE = 160
_NEAR = 25


def read_authors(
    view: PageView, witness: Witness, pieces: Sequence[Piece], title_at: int | None, names: frozenset[str]
) -> Authors:
    """Read who wrote the story; the publisher itself counts only where nobody else is named."""
    line = _byline(pieces, title_at)
    filed = filed_authors(witness)
    if witness.is_news and _persons(filed, names):
        return Authors(line, tuple(dict.fromkeys(filed)))
    fallback: list[str] = []
    for claim in _claims(view, witness, filed, line, names):
        persons = _persons(claim, names)
        fallback = fallback or claim
        if filed and witness.is_news:  # the newsroom signs as a whole, unless a person is named beyond doubt
            persons = [name for name in persons if reads_as_name(name)]
        if persons:
            return Authors(line, tuple(dict.fromkeys(persons)))
    bare = _bare_name(pieces, title_at) or _signature(pieces)
    if bare is not None and _persons(names_in(bare), names):
        return Authors(bare, tuple(names_in(bare)))
    return Authors(line, tuple(dict.fromkeys(fallback)))


def _claims(
    view: PageView, witness: Witness, filed: list[str], line: str | None, names: frozenset[str]
) -> Iterator[list[str]]:
    """Who is said to have written the story, the surest first; links are only looked for where they count."""
    yield filed
    yield _meta(witness)
    by_rel, by_address = _linked(view, names)
    yield by_rel
    said = names_in(line) if line else []
    if line and SAYS_BY.match(line):
        yield said
    yield by_address
    yield said


def _persons(claim: Sequence[str], names: frozenset[str]) -> list[str]:
    return [name for name in claim if fold(name) not in names]


def _bare_name(pieces: Sequence[Piece], title_at: int | None) -> str | None:
    """A name without a word of authorship under the headline, with its date, role or reading time beside it."""
    if title_at is None:
        return None
    for index in range(title_at + 1, min(len(pieces), title_at + 4)):
        text = pieces[index].text
        if len(text) > _LONGEST_NAME or pieces[index].frame.noise:
            continue
        head, *rest = _PARTED.split(text, maxsplit=1)
        beside = rest or [piece.text for piece in pieces[index + 1 : index + 3] if len(piece.text) < _LONGEST_NAME]
        if reads_as_name(head.strip()) and any(_BESIDE_NAME.search(other) for other in beside):
            return head.strip()
    return None


def _signature(pieces: Sequence[Piece]) -> str | None:
    """A line anywhere that says who wrote the text."""
    return next(
        (p.text for p in pieces if len(p.text) < _LONGEST_NAME and _SIGNED.match(p.text) and names_in(p.text)), None
    )


def filed_authors(witness: Witness) -> list[str]:
    """The names that the article object gives as its authors."""
    found: list[str] = []
    by_id = {
        item["@id"]: item
        for item in witness.objects
        if isinstance(item.get("@id"), str) and (item.get("name") or item.get("familyName"))
    }
    for key in ("author", "creator"):
        value = witness.article.get(key)
        for entry in value if isinstance(value, list) else [value]:
            found.extend(_filed_names(entry, by_id))
        if found:
            break
    return found


def _filed_names(entry: Any, by_id: dict[str, Any]) -> Iterator[str]:
    if isinstance(entry, str):
        yield from names_in(plain(entry), filed=True)
    elif isinstance(entry, list):
        for item in entry:
            if isinstance(item, (str, dict)):
                yield from _filed_names(item, by_id)
    elif isinstance(entry, dict):
        name = entry.get("name") or _full_name(entry)
        if not name and entry.get("@id") in by_id:
            entry = by_id[entry["@id"]]
            name = entry.get("name") or _full_name(entry)
        for text in name if isinstance(name, list) else [name]:
            if isinstance(text, str) and text.strip():
                yield from (
                    names_in(plain(text), filed=True) if "organization" not in types_of(entry) else [plain(text)]
                )


def _full_name(entry: dict[str, Any]) -> str:
    parts = (entry.get("givenName"), entry.get("familyName"))
    return " ".join(part for part in parts if isinstance(part, str))


def _meta(witness: Witness) -> list[str]:
    for key in _META:
        said = witness.said(key)
        if said:
            found = names_in(said)
            if found:
                return found
    return []


def _linked(view: PageView, names: frozenset[str]) -> tuple[list[str], list[str]]:
    """The texts of links to an author's page: by `rel`, then by the shape of their address."""
    by_rel: list[str] = []
    by_address: list[str] = []
    for link in view.tree.iter("a"):
        is_author = "author" in (link.get("rel") or "").lower().split() or link.get("itemprop") == "author"
        if not is_author and not _AUTHOR_LINK.search(link.get("href") or ""):
            continue
        text = squeeze("".join(link.itertext()))
        if text and len(text) <= _LONGEST_NAME and fold(text) not in names:
            found = names_in(text)
            if len(found) == 1 and " " in found[0]:
                (by_rel if is_author else by_address).append(found[0])
    return list(dict.fromkeys(by_rel))[:4], by_address[:1]


def _byline(pieces: Sequence[Piece], title_at: int | None) -> str | None:
    start = title_at or 0
    named = None
    for index in range(max(0, start - 6), min(len(pieces), start + _NEAR)):
        piece = pieces[index]
        if len(piece.text) > _LONGEST_LINE or index == title_at:
            continue
        if role_of(piece) is Role.BYLINE and names_in(piece.text):
            return piece.text
        if named is None and SAYS_BY.match(piece.text) and names_in(piece.text) and len(piece.text) < _LONGEST_NAME:
            named = piece.text
    if named:
        return named
    return next(
        (
            p.text
            for p in pieces
            if role_of(p) is Role.BYLINE and len(p.text) <= _LONGEST_LINE and not p.frame.noise and names_in(p.text)
        ),
        None,
    )
