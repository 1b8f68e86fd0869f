"""Who wrote a story: names, by the page's filing first and by its byline next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from newsclean.extract.generic.facts.names import (
    is_label,
    names_in,
    reads_as_name,
    said_by,
    stands_as_name,
    undated,
    unglued,
)
from newsclean.extract.generic.facts.shown_names import bare_names, end_of_top, names_beside, names_shown
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
_BYLINE_ROLE: Final = Role.BYLINE


@dataclass(frozen=True, slots=True)
class Authors:
    """The byline as printed, the names in it, and the witness that gave them."""

    byline: str | None
    names: tuple[str, ...]
    witness: str


_META: Final = tuple(
    "author article:author og:article:author dc.creator dcterms.creator "
    "parsely-author sailthru.author byl citation_author "
    "article:author_name articleauthor twitter:data1".split()
)
_AUTHOR_LINK: Final = re.compile(  # for addresses in lower case
    r"/(?:authors?|autor(?:en|es|in)?|auteurs?|writers?|contributors?|journalists?|reporters?|staff|by|people|"
    r"profiles?|redakteur[a-z]*|yazar(?:lar)?|medarbetare|person)/[^/?#\0]+"
)
_SIGNED: Final = re.compile(
    r"\W*(?:(?:written|words|story|article) by|geschrieben von|escrito por|écrit par|a cura di|authors?:|"
    r"autorin/autor|autor(?:a|es|in)?:|auteurs?\s?:|автор\w?:|[（(]?[責责]编[:：])",
    re.IGNORECASE,
)
_LONGEST_NAME: Final = 80
_LONGEST_LINE: Final = 160
_LONGEST_LABEL: Final = 24
_GLUED_TO_NAMES: Final = ("By", "by")
_BAR_SIGNS: Final = frozenset("|·•⋅")
_BARS: Final = re.compile(r"\s*[|·•⋅]\s*")
_BEFORE: Final = 6
_JUST_UNDER: Final = 4
_MOST_LINKED: Final = 4


def read_authors(
    view: PageView, witness: Witness, pieces: Sequence[Piece], title_at: int | None, site: Site
) -> Authors:
    """Read who wrote the story; the publisher itself counts only where nobody else is named."""
    language = view.declared_language
    at = _byline(pieces, title_at, site, language)
    line = None if at is None else pieces[at].text
    filed = filed_authors(witness, language)
    if witness.is_news and _persons(filed, site):
        return Authors(line, tuple(dict.fromkeys(filed)), "jsonld:author")
    fallback: tuple[list[str], str] = ([], "")
    for claim, by in _claims(view, witness, filed, pieces, _Place(title_at, at), site):
        persons = _persons(claim, site)
        fallback = fallback if fallback[0] else (claim, by)
        if filed and witness.is_news:  # the newsroom signs as a whole, unless a person is named beyond doubt
            persons = [name for name in persons if reads_as_name(name)]
        if persons:
            return Authors(line, tuple(dict.fromkeys(persons)), by)
    signed = _signature(pieces, language)
    if signed is not None and _persons(names_in(signed, language=language), site):
        return Authors(signed, tuple(names_in(signed, language=language)), "visible:byline")
    return Authors(line, tuple(dict.fromkeys(fallback[0])), fallback[1])


class _Place(NamedTuple):
    """Where on the page the headline and the byline are printed."""

    title: int | None
    byline: int | None

    @property
    def is_near(self) -> bool:
        """Whether the byline stands right under the headline."""
        if self.title is None or self.byline is None:
            return False
        return self.title <= self.byline < self.title + _JUST_UNDER


def _claims(
    view: PageView, witness: Witness, filed: list[str], pieces: Sequence[Piece], place: _Place, site: Site
) -> Iterator[tuple[list[str], str]]:
    """Who is said to have written the story, the surest first; links are only looked for where they count."""
    language = view.declared_language
    yield filed, "jsonld:author"
    line = "" if place.byline is None else pieces[place.byline].text
    is_said = _is_signed(line, language)
    if is_said and place.is_near and not witness.is_news:
        yield _names_at(pieces, place.byline, language), "visible:byline"
    yield _meta(witness, language)
    said = _names_at(pieces, place.byline, language)
    top = _top_of(pieces, place.title)
    by_rel, by_address = _linked(view, site, top)
    if is_said and (set(said) < set(by_rel) or (set(said) > set(by_rel) and all(map(stands_as_name, said)))):
        yield said, "visible:byline"
    yield by_rel, "visible:link"
    if is_said:
        yield said, "visible:byline"
    if not filed:
        items = [item for item in microdata(view, "author") if len(item) <= _LONGEST_NAME]
        named = [name for item in items for name in names_in(item, language=language)]
        yield named[:_MOST_LINKED], "microdata:author"
    if said and all(map(reads_as_name, said)):
        yield said, "visible:byline"
    yield _of_one_line(by_address, top), "visible:link"
    yield bare_names(pieces, place.title), "visible:byline"
    if line in top:
        yield said, "visible:byline"
    yield by_address[:1], "visible:link"
    yield said, "visible:byline"


def _top_of(pieces: Sequence[Piece], title_at: int | None) -> list[str]:
    """The short pieces around the headline: what is said of the story before it begins."""
    start = title_at or 0
    around = pieces[max(0, start - _BEFORE) : end_of_top(pieces, start)]
    return [piece.text for piece in around if len(piece.text) <= _LONGEST_LINE]


def _of_one_line(names: Sequence[str], lines: Sequence[str]) -> list[str]:
    """The names that the first line with one of them has."""
    return next((found for line in lines if (found := [name for name in names if name in line])), [])


def _names_at(pieces: Sequence[Piece], at: int | None, language: str | None) -> list[str]:
    """The names in a byline, and in the lines after it that are made as it is."""
    if at is None:
        return []
    found = names_shown(pieces[at], language)
    return [*found, *names_beside(pieces, at)] if found and reads_as_name(found[-1]) else found


def _persons(claim: Sequence[str], site: Site) -> list[str]:
    return [name for name in claim if not site.signs_as(name)]


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


def _linked(view: PageView, site: Site, top: Sequence[str]) -> tuple[list[str], list[str]]:
    """The texts of links to an author's page: by `rel`, at the top if there are any; by the shape of their address."""
    by_rel: list[str] = []
    by_address: list[str] = []
    links = view.telling["a"]
    named = {
        at
        for at, link in enumerate(links)
        if ((rel := link.get("rel")) and "author" in rel.lower().split()) or link.get("itemprop") == "author"
    }
    for at in sorted(named | _addressed_to_authors([link.get("href") or "" for link in links])):
        link, is_author = links[at], at in named
        text = squeeze("".join(link.itertext()))
        if text and len(text) <= _LONGEST_NAME and not site.signs_as(text):
            found = names_in(text, language=view.declared_language)
            if len(found) == 1 and " " in found[0]:
                (by_rel if is_author else by_address).append(found[0])
    by_rel = [name for name in by_rel if any(name in line for line in top)] or by_rel
    return list(dict.fromkeys(by_rel))[:_MOST_LINKED], list(dict.fromkeys(by_address))


def _addressed_to_authors(addresses: Sequence[str]) -> set[int]:
    """Which of the addresses have the shape of an author's page: one search in all takes a fraction of one in each."""
    whole = "\0".join(addresses).lower()  # no address has this sign
    found = set()
    at = end = 0
    for match in _AUTHOR_LINK.finditer(whole):
        at, end = at + whole.count("\0", end, match.start()), match.start()
        found.add(at)
    return found


def _byline(pieces: Sequence[Piece], title_at: int | None, site: Site, language: str | None) -> int | None:
    """The line that says who wrote the story: by its name or its words near the headline, else by its name anywhere."""
    start = title_at or 0
    named = own = None
    for index in range(max(0, start - _BEFORE), min(len(pieces), end_of_top(pieces, start))):
        piece = pieces[index]
        if len(piece.text) > _LONGEST_LINE or index == title_at:
            continue
        if role_of(piece) is _BYLINE_ROLE and (found := _names_printed(piece, language)):
            if _persons(found, site) and (own is None or all(map(reads_as_name, found))):
                return index
            own = index if own is None else own
            if own == index and _is_signed(piece.text, language):
                return own
        if named is None and len(piece.text) < _LONGEST_NAME and _is_signed(piece.text, language):
            named = index
    if named is not None or own is not None:
        return own if named is None else named
    return next(
        (
            index
            for index, piece in enumerate(pieces)
            if len(piece.text) <= _LONGEST_LINE
            and not piece.frame.noise
            and role_of(piece) is _BYLINE_ROLE
            and names_in(piece.text, language=language)
        ),
        None,
    )


def _names_printed(piece: Piece, language: str | None) -> list[str]:
    return names_in(piece.text, language=language) or names_shown(piece, language)


def _is_signed(text: str, language: str | None) -> bool:
    """Whether a line, or a part of it set off by a bar, opens with a word of authorship and goes on with a name."""
    line = undated(unglued(text) if text[:2] in _GLUED_TO_NAMES else text)
    parts = (line,) if _BAR_SIGNS.isdisjoint(line) else _BARS.split(line)
    return any(said_by(part, language) for part in parts) and bool(names_in(text, language=language))
