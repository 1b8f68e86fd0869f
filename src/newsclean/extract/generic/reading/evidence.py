"""What an element says of its content by its own name: tag, role, class and id.

Only words that mean the same on every site are read (`related`, `share`, `byline`, `caption`), and
each distinct name is decided once. A name is evidence, not proof: `walk` and `body` weigh it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from newsclean.extract.generic.reading.vocabulary import NOISE_WORDS, ROLE_WORDS
from newsclean.model import RemovalKind

__all__ = ["NEUTRAL", "Evidence", "Role", "evidence_of", "evidence_of_class"]


class Role(Enum):
    """What a named element holds, if it holds a piece of the story's own front matter."""

    TITLE = "title"
    STANDFIRST = "standfirst"
    BYLINE = "byline"
    DATE = "date"
    CAPTION = "caption"
    LABEL = "label"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One element's word: `noise` names the boilerplate it says it is, `role` the field it holds.

    `sure` is noise that no amount of text inside talks away (a `<footer>`, a comment form).
    """

    noise: str | None = None
    role: Role | None = None
    sure: bool = False


NEUTRAL: Final = Evidence()

NOISE_KINDS: Final = {
    "navigation": RemovalKind.NAVIGATION,
    "related": RemovalKind.RELATED,
    "share": RemovalKind.SHARE,
    "advert": RemovalKind.ADVERT,
    "newsletter": RemovalKind.NEWSLETTER,
    "comments": RemovalKind.OTHER,
    "author-box": RemovalKind.OTHER,
    "footer": RemovalKind.TEMPLATE,
    "widget": RemovalKind.TEMPLATE,
    "tags": RemovalKind.NAVIGATION,
    "media": RemovalKind.TEMPLATE,
}

_SURE_TAGS: Final = {
    "footer": "footer",
    "nav": "navigation",
    "form": "widget",
    "dialog": "widget",
    "menu": "navigation",
    "address": "author-box",
}
_UNSURE_TAGS: Final = {
    "aside": "widget",
    "button": "widget",
    "select": "widget",
    "option": "widget",
    "textarea": "widget",
    "label": "widget",
    "fieldset": "widget",
}
_ARIA: Final = {
    "navigation": "navigation",
    "banner": "navigation",
    "contentinfo": "footer",
    "complementary": "widget",
    "search": "navigation",
    "dialog": "widget",
    "alert": "widget",
    "menu": "navigation",
    "menubar": "navigation",
    "alertdialog": "widget",
    "button": "widget",
    "tablist": "navigation",
}
_ARTICLE: Final = Evidence(role=Role.BODY)
_TAG_ROLES: Final = {"figcaption": Role.CAPTION, "time": Role.DATE}
_TEXT_TAGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "li"))
_FRAMES: Final = frozenset(("html", "body", "main", "article"))
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_OPAQUE: Final = re.compile(r"[:\[\]()/@&!%=.#]")
_SPLIT: Final = re.compile(r"[^a-z0-9]+")
_HASHED: Final = re.compile(
    r"(?<![a-z0-9])(?:\d+[a-z][a-z0-9]*|[a-z]+\d+[a-z][a-z0-9]*)|\d+"
)  # build tools' names say nothing
_SIMPLE: Final = re.compile(r"[a-z_-]+")
_MAX_NAME_CHARS: Final = 400
_SLUG_HYPHENS: Final = 4


_NOWHERE: Final = 1_000  # a rank after all others
_NO_RANKS: Final = (_NOWHERE, _NOWHERE)
# Tags that say something by themselves.
_TELLING: Final = frozenset((*_SURE_TAGS, *_UNSURE_TAGS, *_TAG_ROLES, *_FRAMES))


def _ranks(words: tuple[tuple[str, str], ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for rank, (_, phrases) in enumerate(words):
        for phrase in phrases.split():
            for form in _forms(phrase):
                found.setdefault(form, rank)
    return found


def _forms(phrase: str) -> list[str]:
    """The phrases that one with `x?` or `[xy]` in it stands for."""
    optional = phrase.find("?")
    if optional > 0:
        rest = _forms(phrase[optional + 1 :])
        return [phrase[:cut] + end for cut in (optional, optional - 1) for end in rest]
    opening = phrase.find("[")
    if opening >= 0:
        closing = phrase.index("]")
        return [
            phrase[:opening] + each + end
            for each in phrase[opening + 1 : closing]
            for end in _forms(phrase[closing + 1 :])
        ]
    return [phrase]


_NOISE_RANKS: Final = _ranks(NOISE_WORDS)
_ROLE_RANKS: Final = _ranks(ROLE_WORDS)
_RANKS: Final = {
    phrase: (_NOISE_RANKS.get(phrase, _NOWHERE), _ROLE_RANKS.get(phrase, _NOWHERE))
    for phrase in (*_NOISE_RANKS, *_ROLE_RANKS)
}
_LONGEST: Final[dict[str, int]] = {}  # how many words the longest phrase has that begins with a word
for _phrase in (*_NOISE_RANKS, *_ROLE_RANKS):
    _first = _phrase.split("-", 1)[0]
    _LONGEST[_first] = max(_LONGEST.get(_first, 0), _phrase.count("-") + 1)
_FIRST_WORDS: Final = frozenset(_LONGEST)
# What is no letter becomes a space.
_LETTERS: Final = "".join(chr(code) if chr(code).islower() else " " for code in range(128))


@lru_cache(maxsize=32768)
def _ranks_of(name: str) -> tuple[int, int] | None:
    """The best ranks, as noise and as a field, of the phrases in one class or id; None: no such phrase."""
    if _SIMPLE.fullmatch(name):
        words = name.replace("_", "-").split("-")
    elif _OPAQUE.search(name):
        return None
    else:
        words = [word for word in _SPLIT.split(_HASHED.sub("", _CAMEL.sub("-", name).lower())) if word]
    if _FIRST_WORDS.isdisjoint(words):
        return None
    found = None
    for start, word in enumerate(words):
        longest = _LONGEST.get(word)
        if longest is None:
            continue
        for end in range(start + 1, min(len(words), start + longest) + 1):
            phrase = word if end == start + 1 else "-".join(words[start:end])
            ranks = _RANKS.get(phrase)
            if ranks is not None:
                found = ranks if found is None else _better(found, ranks)
    return found


def _better(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return (min(one[0], other[0]), min(one[1], other[1]))


@lru_cache(maxsize=65536)
def _ranks_of_all(classes: str) -> tuple[int, int] | None:
    """The best ranks of the names in a `class`, as `_ranks_of`."""
    names = classes[:_MAX_NAME_CHARS]
    if names.isascii():  # most have none of the words in them, which is soon seen
        words = (names if names.islower() else _CAMEL.sub("-", names).lower()).translate(_LETTERS).split()
        if _FIRST_WORDS.isdisjoint(words):
            return None
    found = None
    for name in names.split():
        ranks = _ranks_of(name)
        if ranks is not None:
            found = ranks if found is None else _better(found, ranks)
    return found


def evidence_of(tag: str, classes: str | None, identity: str | None, role: str | None) -> Evidence:
    """Return what the element's names say of it; `NEUTRAL` for the many that say nothing."""
    ranks = _ranks_of_all(classes) if classes else None
    if identity and tag not in _TEXT_TAGS and identity.count("-") < _SLUG_HYPHENS:  # else it is made from the text
        other = _ranks_of(identity[:_MAX_NAME_CHARS])
        if other is not None:
            ranks = other if ranks is None else _better(ranks, other)
    if ranks is None and not role and tag not in _TELLING:
        return NEUTRAL
    return _weighed(tag, ranks or _NO_RANKS, _ARIA.get(role) if role else None)


@lru_cache(maxsize=32768)
def evidence_of_class(tag: str, classes: str) -> Evidence:
    """Return what `evidence_of` does for an element with no other name: most are, and seen again and again."""
    return evidence_of(tag, classes, None, None)


@lru_cache(maxsize=8192)
def _weighed(tag: str, ranks: tuple[int, int], aria: str | None) -> Evidence:
    if tag in _FRAMES:
        return _ARTICLE if tag == "article" else NEUTRAL
    sure = _SURE_TAGS.get(tag)
    if sure:
        return Evidence(noise=sure, sure=True)
    noise = aria or _UNSURE_TAGS.get(tag)
    field = _TAG_ROLES.get(tag)
    if noise is None and field is None and ranks == _NO_RANKS:
        return NEUTRAL
    noise_rank, field_rank = ranks
    if noise_rank < _NOWHERE:
        noise = NOISE_WORDS[noise_rank][0]
    if field is None and field_rank < _NOWHERE:
        field = Role(ROLE_WORDS[field_rank][0])
    if field is Role.BODY:
        noise = None
    return Evidence(noise=noise, role=field, sure=noise == "comments" or tag == "aside")
