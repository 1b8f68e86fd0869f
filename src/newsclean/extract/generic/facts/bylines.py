"""Who wrote a story: names, by the page's filing first and by its byline next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsclean.extract.generic.facts.names import is_label, names_in, reads_as_name, said_by, undated
from newsclean.extract.generic.reading.evidence import Role
from newsclean.extract.generic.reading.pieces import role_of
from newsclean.extract.generic.reading.witness import microdata, plain, types_of
from newsclean.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsclean.extract.generic.facts.sitename import Site
    from newsclean.extract.generic.reading.pieces import Piece
    from newsclean.extract.generic.reading.witness import Witness
    from newsclean.page import PageView

__all__ = ["Authors", "filed_authors", "read_authors"]

# Members of enumerations that are asked for with every piece: to look one up there takes longer than all the rest.
_BYLINE_ROLE = Role.BYLINE


@dataclass(frozen=True, slots=True)
class Authors:
    """The byline as printed, the names in it, and the witness that gave them."""

    byline: str | None
    names: tuple[str, ...]
    witness: str


_META = tuple(
    "author article:author og:article:author dc.creator dcterms.creator "
    "parsely-author sailthru.author byl citation_author "
    "article:author_name articleauthor twitter:data1".split()
)
_AUTHOR_LINK = re.compile(  # for addresses in lower case
    r"/(?:authors?|autor(?:en|es|in)?|auteurs?|writers?|contributors?|journalists?|reporters?|staff|by|people|"
    r"profiles?|redakteur[a-z]*|yazar(?:lar)?|medarbetare|person)/[^/?#]+"
)
_PARTED = re.compile(r"\s*[|·•⋅]\s*|\s+(?=(?:published|updated|posted)\b)", re.IGNORECASE)
_BESIDE_NAME = re.compile(
    r"\b(?:19|20)\d\d\b|\bmin(?:ute)?s?\b|\b(?:writer|editor|author|founder|reporter|journalist)\b", re.IGNORECASE
)
_SIGNED = re.compile(
    r"\W*(?:(?:written|words|story|article) by|geschrieben von|escrito por|écrit par|a cura di|authors?:|"
    r"autorin/autor|autor(?:a|es|in)?:|auteurs?\s?:|автор\w?:|[（(]?[責责]编[:：])",
    re.IGNORECASE,
)
_LONGEST_NAME = 80
_LONGEST_LINE = 160
_LONGEST_LABEL = 24
_BARS = re.compile(r"\s*[|·•⋅]\s*")
_NEAR = 25
_MOST_LINKED = 4


def read_authors(
    view: PageView, witness: Witness, pieces: Sequence[Piece], title_at: int | None, site: Site
) -> Authors:
    """Read who wrote the story; the publisher itself counts only where nobody else is named."""
    language = view.declared_language
    line = _byline(pieces, title_at, site, language)
    filed = filed_authors(witness, language)
    if witness.is_news and _persons(filed, site):
        return Authors(line, tuple(dict.fromkeys(filed)), "jsonld:author")
    fallback: tuple[list[str], str] = ([], "")
    is_near = line is not None and title_at is not None and line in [p.text for p in pieces[title_at : title_at + 4]]
    for claim, by in _claims(view, witness, filed, line, site, is_near=is_near):
        persons = _persons(claim, site)
        fallback = fallback if fallback[0] else (claim, by)
        if filed and witness.is_news:  # the newsroom signs as a whole, unless a person is named beyond doubt
            persons = [name for name in persons if reads_as_name(name)]
        if persons:
            return Authors(line, tuple(dict.fromkeys(persons)), by)
    bare = _bare_name(pieces, title_at) or _signature(pieces, language)
    if bare is not None and _persons(names_in(bare, language=language), site):
        return Authors(bare, tuple(names_in(bare, language=language)), "visible:byline")
    return Authors(line, tuple(dict.fromkeys(fallback[0])), fallback[1])


def _claims(
    view: PageView, witness: Witness, filed: list[str], line: str | None, site: Site, *, is_near: bool
) -> Iterator[tuple[list[str], str]]:
    """Who is said to have written the story, the surest first; links are only looked for where they count."""
    language = view.declared_language
    said = names_in(line, language=language) if line else []
    is_said = bool(line) and bool(said_by(line or "", language))
    yield filed, "jsonld:author"
    if is_said and is_near and not witness.is_news:
        yield said, "visible:byline"
    yield _meta(witness, language)
    by_rel, by_address = _linked(view, site)
    if is_said and set(said) < set(by_rel):
        yield said, "visible:byline"
    yield by_rel, "visible:link"
    if is_said:
        yield said, "visible:byline"
    if not filed:
        items = [item for item in microdata(view, "author") if len(item) <= _LONGEST_NAME]
        named = [name for item in items for name in names_in(item, language=language)]
        yield named[:_MOST_LINKED], "microdata:author"
    yield by_address, "visible:link"
    yield said, "visible:byline"


def _persons(claim: Sequence[str], site: Site) -> list[str]:
    return [name for name in claim if not site.signs_as(name)]


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


def _signature(pieces: Sequence[Piece], language: str | None) -> str | None:
    """A line anywhere that says who wrote the text, by itself or by the label above it."""
    for index, piece in enumerate(pieces):
        size = len(piece.text)
        if size < _LONGEST_NAME and _SIGNED.match(piece.text) and names_in(piece.text, language=language):
            return piece.text
        if size < _LONGEST_LABEL and not piece.links and is_label(piece.text) and index + 1 < len(pieces):
            following = pieces[index + 1].text
            if len(following) < _LONGEST_NAME and reads_as_name(following.split(",")[0]):
                return following
    return None


def filed_authors(witness: Witness, language: str | None = None) -> list[str]:
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
            found.extend(_filed_names(entry, by_id, language))
        if found:
            break
    return found


def _filed_names(entry: Any, by_id: dict[str, Any], language: str | None) -> Iterator[str]:
    if isinstance(entry, str):
        yield from names_in(plain(entry), filed=True, language=language)
    elif isinstance(entry, list):
        for item in entry:
            if isinstance(item, (str, dict)):
                yield from _filed_names(item, by_id, language)
    elif isinstance(entry, dict):
        name = entry.get("name") or _full_name(entry)
        if not name and entry.get("@id") in by_id:
            entry = by_id[entry["@id"]]
            name = entry.get("name") or _full_name(entry)
        is_group = any(kind.endswith("organization") for kind in types_of(entry))
        for text in name if isinstance(name, list) else [name]:
            if isinstance(text, str) and text.strip():
                yield from [plain(text)] if is_group else names_in(plain(text), filed=True, language=language)


def _full_name(entry: dict[str, Any]) -> str:
    parts = (entry.get("givenName"), entry.get("additionalName"), entry.get("familyName"))
    return " ".join(part for part in parts if isinstance(part, str) and part)


def _meta(witness: Witness, language: str | None) -> tuple[list[str], str]:
    for key in _META:
        said = witness.said(key)
        if said:
            found = names_in(said, language=language)
            if found:
                return found, f"meta:{key}"
    return [], ""


def _linked(view: PageView, site: Site) -> tuple[list[str], list[str]]:
    """The texts of links to an author's page: by `rel`, then by the shape of their address."""
    by_rel: list[str] = []
    by_address: list[str] = []
    for link in view.telling["a"]:
        get = link.get
        is_author = "author" in (get("rel") or "").lower().split() or get("itemprop") == "author"
        if not is_author and not _AUTHOR_LINK.search((get("href") or "").lower()):
            continue
        text = squeeze("".join(link.itertext()))
        if text and len(text) <= _LONGEST_NAME and not site.signs_as(text):
            found = names_in(text, language=view.declared_language)
            if len(found) == 1 and " " in found[0]:
                (by_rel if is_author else by_address).append(found[0])
    return list(dict.fromkeys(by_rel))[:_MOST_LINKED], by_address[:1]


def _byline(pieces: Sequence[Piece], title_at: int | None, site: Site, language: str | None) -> str | None:
    """The line that says who wrote the story: by its name or its words near the headline, else by its name anywhere."""
    start = title_at or 0
    named = own = None
    for index in range(max(0, start - 6), min(len(pieces), start + _NEAR)):
        piece = pieces[index]
        if len(piece.text) > _LONGEST_LINE or index == title_at:
            continue
        if role_of(piece) is _BYLINE_ROLE and (found := names_in(piece.text, language=language)):
            if _persons(found, site) and (own is None or all(map(reads_as_name, found))):
                return piece.text
            own = own or piece.text
            if own == piece.text and _is_signed(own, language):
                return own
        if named is None and len(piece.text) < _LONGEST_NAME and _is_signed(piece.text, language):
            named = piece.text
    if named or own:
        return named or own
    return next(
        (
            p.text
            for p in pieces
            if len(p.text) <= _LONGEST_LINE
            and not p.frame.noise
            and role_of(p) is _BYLINE_ROLE
            and names_in(p.text, language=language)
        ),
        None,
    )


def _is_signed(text: str, language: str | None) -> bool:
    """Whether a line, or a part of it set off by a bar, opens with a word of authorship and goes on with a name."""
    return any(said_by(part, language) for part in _BARS.split(undated(text))) and bool(
        names_in(text, language=language)
    )
