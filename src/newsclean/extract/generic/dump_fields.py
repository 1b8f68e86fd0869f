"""Fields that a dump prints beside its body: date, byline and names, standfirst, captions.

Only lines between the headline and the body, and the few around them, are read; each field says
which line it came from, so that the line can be listed as moved.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsclean.extract.dates import read_moment
from newsclean.extract.generic.dump_dates import in_english
from newsclean.extract.generic.dump_words import Cue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.dump_lines import Look
    from newsclean.model import Moment

__all__ = ["HeadFields", "read_head"]

_ABOVE = 6
_BELOW = 4
_BYLINE_MOST = 110
_STANDFIRST = (45, 700)
_BY = re.compile(
    r"^\W*(?:(?:written|words|text|story|posted|published|reported|a report|ein (?:kommentar|artikel|gastbeitrag) ?|kommentar|eine analyse|article)\s+)?"  # noqa: E501
    r"(?:by|von|par|por|di|door|av|af|przez|od|oleh|bởi|автор|текст|yazan|autor(?:in)?|author|written by|text|foto|的|記者|记者|作者|文)\b\s*[:：]?\s*",  # noqa: E501
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:,|;|\||\band\b|\bund\b|\by\b|\bet\b|\be\b|\bи\b|\boch\b|\bog\b|\ben\b|\bi\b|&|·|•|、|/)\s*")
_TAIL = re.compile(
    r"\s*(?:\d|[|•·–—@(]|\s-\s|\bpublished\b|\bupdated\b|\bposted\b|\bfor\b|\bin\b|\breporter\b|\beditor\b|\bcorrespondent\b).*$",
    re.IGNORECASE | re.DOTALL,
)
_NAME = re.compile(
    r"[^\W\d_][\w.'’-]*(?:\s+(?:(?:van|von|de|der|den|di|da|del|la|le|el|al|bin|ten|ter|zu)\s+)*[^\W\d_][\w.'’-]*){1,3}"
)
_UPDATED = re.compile(
    r"updated|modified|aktualisiert|mis à jour|actualizad|atualizad|aggiornat|bijgewerkt|uppdaterad|oppdatert|opdateret|päivitetty|aktualizac|güncelle|обновлено|оновлено|수정|更新|update",  # noqa: E501
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class HeadFields:
    """What was read around the headline; `moved` gives the column of each line that became a field."""

    published: Moment | None = None
    published_raw: str | None = None
    byline: str | None = None
    authors: tuple[str, ...] = ()
    standfirst: str | None = None
    moved: dict[int, str] = field(default_factory=dict)


def read_head(looks: Sequence[Look], title: int | None, begin: int, end: int, kept: frozenset[int]) -> HeadFields:
    """Read the fields of the story whose headline is line `title` and whose body is lines `begin` to `end`."""
    top = title if title is not None and title < begin else max(0, begin - _ABOVE)
    moved: dict[int, str] = {}
    published, raw = None, None
    for at in _date_lines(looks, top, begin, end, kept):
        published = read_moment(in_english(looks[at].text), None)
        if published:
            raw = looks[at].text
            moved[at] = "published_raw"
            break
    byline, authors = _byline(looks, top, begin, kept, moved)
    standfirst = _standfirst(looks, top, begin, kept, moved) if title is not None and title < begin else None
    return HeadFields(published, raw, byline, authors, standfirst, moved)


def _date_lines(looks: Sequence[Look], top: int, begin: int, end: int, kept: frozenset[int]) -> list[int]:
    near = [
        *range(top + 1, min(begin + _BELOW, len(looks))),
        *range(top - 1, max(-1, top - _ABOVE), -1),
        *range(end, min(end + _ABOVE, len(looks))),
    ]
    found = [at for at in near if looks[at].dated and at not in kept]
    return sorted(found, key=lambda at: _UPDATED.match(looks[at].text) is not None)


def _byline(
    looks: Sequence[Look], top: int, begin: int, kept: frozenset[int], moved: dict[int, str]
) -> tuple[str | None, tuple[str, ...]]:
    near = [
        at
        for at in (*range(top + 1, min(begin + 2, len(looks))), *range(top - 1, max(-1, top - 3), -1))
        if at not in kept
    ]
    for at in near:
        look = looks[at]
        if look.size > _BYLINE_MOST or (at in moved and look.cue != Cue.BYLINE):
            continue
        match = _BY.match(look.text)
        if not match or look.cue != Cue.BYLINE:
            continue
        names = names_in(look.text[match.end() :])
        line = at
        if not names and len(look.text) - match.end() < 3 and at + 1 < len(looks) and at + 1 not in kept:  # noqa: PLR2004
            names = names_in(looks[at + 1].text)
            line = at + 1
        if names:
            moved.setdefault(line, "byline")
            return looks[line].text, names
    for at in near:
        look = looks[at]
        beside = [x for x in (at - 1, at + 1) if 0 <= x < len(looks) and looks[x].dated]
        if beside and look.size < 60 and not look.cue and not look.dated and at not in moved and at > top:  # noqa: PLR2004
            names = names_in(look.text)
            if names and sum(map(len, names)) > 0.6 * len(look.text):
                moved.setdefault(at, "byline")
                return look.text, names
    return None, ()


def names_in(text: str) -> tuple[str, ...]:
    """Return the personal names that a byline lists: two to four words each, capitalised."""
    text = _TAIL.sub("", text)
    names = []
    for part in _SPLIT.split(text):
        name = part.strip(" .:,-–")
        if name and _NAME.fullmatch(name) and name[0].isupper() and name.split()[-1][0].isupper():
            names.append(name)
    return tuple(dict.fromkeys(names))


def _standfirst(
    looks: Sequence[Look], title: int, begin: int, kept: frozenset[int], moved: dict[int, str]
) -> str | None:
    for at in range(title + 1, begin):
        look = looks[at]
        if (
            at in kept
            or at in moved
            or look.cue in (Cue.BYLINE, Cue.TIME, Cue.CREDIT, Cue.SHARE, Cue.RELATED, Cue.NEWSLETTER)
        ):
            continue
        if (
            _STANDFIRST[0] <= look.size <= _STANDFIRST[1]
            and not look.dated
            and look.text != looks[title].text
            and not look.credit
        ):
            moved[at] = "standfirst"
            return look.text
    return None
