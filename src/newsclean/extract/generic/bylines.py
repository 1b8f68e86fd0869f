"""Who wrote a story: names, by the page's filing first and by its byline next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsclean.extract.generic.evidence import Role
from newsclean.extract.generic.fates import role_of
from newsclean.extract.generic.witness import plain, types_of
from newsclean.text import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsclean.extract.generic.walk import Piece
    from newsclean.extract.generic.witness import Witness
    from newsclean.page import PageView

__all__ = ["Authors", "read_authors"]


@dataclass(frozen=True, slots=True)
class Authors:
    """The byline as printed, and the names in it."""

    byline: str | None
    names: tuple[str, ...]


_META = tuple(
    "author article:author og:article:author dc.creator dcterms.creator "
    "parsely-author sailthru.author byl citation_author "
    "article:author_name twitter:data1".split()
)
_BY = re.compile(
    r"^\W*(?:(?:written|words|text|story|posted|published|reported|reviewed|article|photography) by|by|von|por|"
    r"par|di|door|av|af|text|autor(?:in|en|es)?|auteur|"
    r"authors?|byline|автор|текст|作者|記者|记者|저자)\b\s*[:：]?\s*",
    re.IGNORECASE,
)
_SAYS_BY = re.compile(
    r"^\W*(?:(?:written |words |story |posted |article )?by|von|por|par|autor(?:in)?:|text:|автор:)\s+(?=[^\W\d_])",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:,|;|\||\band\b|\bund\b|\by\b|\bet\b|\bе\b|\bи\b|&|·|•|、|/(?=\s))\s*", re.IGNORECASE)
_TAIL = re.compile(
    r"\s*(?:\d|[|•·–—]|\s-\s|\b(?:published|updated|posted|last|reviewed|editor|reporter|correspondent|january|"
    r"february|march|april|may \d|june|july|august|"
    r"september|october|november|december|(?:jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec)\b[. ]+\d|min read|"
    r"view all|read more|follow|contributor|staff writer|is a)\b).*$",
    re.IGNORECASE | re.DOTALL,
)
_AUTHOR_LINK = re.compile(
    r"/(?:authors?|autor(?:en|es|in)?|auteurs?|writers?|contributors?|journalists?|reporters?|staff|by|people|"
    r"profiles?|redakteur[a-z]*|yazar(?:lar)?|medarbetare|person)/[^/?#]+",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"^(?:admin|administrator|staff|editor|author|by|name|guest|learn more|read more|view all|more|unknown|none|"
    r"null|undefined|redaktion|webmaster|user|anonymous|share|follow|comments?|email|print)\b\W*$",
    re.IGNORECASE,
)
_AGENCIES = frozenset(
    "dpa afp ap reuters apa efe ansa sda ats kna epd sid belga tt ntb ritzau pti ani "
    "xinhua 新华社 тасс tass interfax aa dha iha anadolu bloomberg cp pa aap".split()
)
_LONGEST_NAME = 80
_LONGEST_LINE = 160
_MOST_WORDS = 7
_MOST_DOTS = 2  # a key of a template has more
_NEAR = 25


def read_authors(
    view: PageView, witness: Witness, pieces: Sequence[Piece], title_at: int | None, names: frozenset[str]
) -> Authors:
    """Read who wrote the story; the publisher itself counts only where nobody else is named."""
    line = _byline(pieces, title_at)
    filed = _filed(witness)
    if filed and witness.is_news:
        return Authors(line, tuple(dict.fromkeys(filed)))
    said = _names_in(line) if line else []
    by_rel, by_address = _linked(view, names)
    first = said if line and _SAYS_BY.match(line) else []
    for claim in (filed, _meta(witness), by_rel, first, by_address, said):
        persons = [name for name in claim if fold(name) not in names]
        if persons:
            return Authors(line, tuple(dict.fromkeys(persons)))
    return Authors(line, tuple(dict.fromkeys(filed or _meta(witness))))


def _filed(witness: Witness) -> list[str]:
    found: list[str] = []
    by_id = {item["@id"]: item for item in witness.objects if isinstance(item.get("@id"), str) and item.get("name")}
    for key in ("author", "creator"):
        value = witness.article.get(key)
        for entry in value if isinstance(value, list) else [value]:
            found.extend(_filed_names(entry, by_id))
        if found:
            break
    return found


def _filed_names(entry: Any, by_id: dict[str, Any]) -> Iterator[str]:
    if isinstance(entry, str):
        yield from _names_in(plain(entry), filed=True)
    elif isinstance(entry, list):
        for item in entry:
            if isinstance(item, (str, dict)):
                yield from _filed_names(item, by_id)
    elif isinstance(entry, dict):
        name = entry.get("name")
        if not name and entry.get("@id") in by_id:
            entry = by_id[entry["@id"]]
            name = entry.get("name")
        for text in name if isinstance(name, list) else [name]:
            if isinstance(text, str) and text.strip():
                yield from (
                    _names_in(plain(text), filed=True) if "organization" not in types_of(entry) else [plain(text)]
                )


def _meta(witness: Witness) -> list[str]:
    for key in _META:
        said = witness.said(key)
        if said:
            found = _names_in(said)
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
            found = _names_in(text)
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
        if role_of(piece) is Role.BYLINE and _names_in(piece.text):
            return piece.text
        if named is None and _SAYS_BY.match(piece.text) and _names_in(piece.text) and len(piece.text) < _LONGEST_NAME:
            named = piece.text
    if named:
        return named
    return next(
        (
            p.text
            for p in pieces
            if role_of(p) is Role.BYLINE and len(p.text) <= _LONGEST_LINE and not p.frame.noise and _names_in(p.text)
        ),
        None,
    )


def _names_in(text: str, *, filed: bool = False) -> list[str]:
    """The names in a byline; one that holds a title or a degree after its comma stays whole."""
    if not text or text.startswith(("http", "www.", "@")):
        return []
    body = (_BY.sub("", squeeze(text)) if filed else _TAIL.sub("", _BY.sub("", squeeze(text)))).strip(" ,;:–—-|")
    parts = [part.strip(" ,;:") for part in _SPLIT.split(body) if part.strip(" ,;:")]
    if len(parts) > 1 and not all(len(part.split()) > 1 or part.casefold() in _AGENCIES for part in parts):
        parts = [body]
    return [part for part in parts if _is_name(part)]


def _is_name(part: str) -> bool:
    if not 1 < len(part) <= _LONGEST_NAME or _NOBODY.match(part) or len(part.split()) > _MOST_WORDS:
        return False
    if "@" in part or "://" in part or (" " not in part and "." in part.strip(".") and part.count(".") > _MOST_DOTS):
        return False
    return sum(letter.isalpha() for letter in part) >= len(part) * 0.6
