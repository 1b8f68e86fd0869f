"""Fields that a dump prints beside its body: date, byline and names, standfirst, captions.

Only lines between the headline and the body, and the few around them, are read; each field says
which line it came from, so that the line can be listed as moved.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from newsclean.extract.dates import read_moment
from newsclean.extract.generic.dumps.bylines import byline_in
from newsclean.extract.generic.dumps.dates import in_english
from newsclean.extract.generic.dumps.words import Cue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.dumps.lines import Look
    from newsclean.model import Moment

__all__ = ["HeadFields", "read_head"]

_ABOVE: Final = 6
_BELOW: Final = 4
_STANDFIRST: Final = (45, 700)
_DATED_MOST: Final = 160
_YEAR: Final = re.compile(r"\d\D{1,9}(?:19|20)\d\d(?!\d\d)|(?<!\d)(?:19|20)\d\d[-./年]")
_UPDATED: Final = re.compile(
    r"updated|modified|aktualisiert|mis à jour|actualizad|atualizad|aggiornat|bijgewerkt|uppdaterad|oppdatert|opdateret|päivitetty|aktualizac|güncelle|обновлено|оновлено|수정|更新|update",  # noqa: E501
    re.IGNORECASE,
)
# A line of so many words that ends in a date is a caption, or says when something happened.
_MANY_WORDS: Final = 8
_WORD: Final = re.compile(r"[^\W\d_]+")
_PUBLISHED: Final = re.compile(
    r"publi|posted|veröffentlicht|erschienen|gepubliceerd|pubblicat|publicer|опублик|[|·•]", re.IGNORECASE
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


def read_head(
    looks: Sequence[Look], title: int | None, begin: int, end: int, kept: frozenset[int], words: frozenset[str]
) -> HeadFields:
    """Read the fields of the story whose headline is line `title` and whose body is lines `begin` to `end`.

    `kept` are the lines of both, `words` the long words of the body.
    """
    top = title if title is not None and title < begin else max(0, begin - _ABOVE)
    moved: dict[int, str] = {}
    published, raw = None, None
    for at in _date_lines(looks, top, begin, end, kept):
        published = read_moment(in_english(looks[at].text), None)
        if published:
            raw = looks[at].text
            moved[at] = "published_raw"
            break
    byline = byline_in(looks, top, begin, end, kept, words)
    if byline:
        moved.setdefault(byline.at, "byline")
    standfirst = _standfirst(looks, top, begin, kept, moved) if title is not None and title < begin else None
    return HeadFields(
        published=published,
        published_raw=raw,
        byline=looks[byline.at].text if byline else None,
        authors=byline.names if byline else (),
        standfirst=standfirst,
        moved=moved,
    )


def _date_lines(looks: Sequence[Look], top: int, begin: int, end: int, kept: frozenset[int]) -> list[int]:
    near = [
        *range(top + 1, min(begin + _BELOW, len(looks))),
        *range(top - 1, max(-1, top - _ABOVE), -1),
        *range(end, min(end + _ABOVE, len(looks))),
    ]
    found = [at for at in near if at not in kept and _may_say_when(looks[at])]
    return sorted(found, key=lambda at: (_UPDATED.match(looks[at].text) is not None, not looks[at].dated))


def _may_say_when(look: Look) -> bool:
    is_dated = look.dated or (
        look.size < _DATED_MOST
        and not look.prose
        and not look.credit
        and ("20" in look.text or "19" in look.text)
        and _YEAR.search(look.text) is not None
    )
    return is_dated and not _tells_of_a_day(look)


def _tells_of_a_day(look: Look) -> bool:
    """Tell a line like `The bridge on the day of its opening, 3 May 2010`, whose date is not the page's."""
    text = look.text.rstrip(" ).")
    return (
        look.cue == Cue.NONE
        and text[-1:].isdigit()
        and len(_WORD.findall(text)) >= _MANY_WORDS
        and not (_PUBLISHED.search(text) or _UPDATED.search(text))
    )


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
