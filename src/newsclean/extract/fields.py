"""Field values as found, and what they mean: from printed strings to the fields of an `Extraction`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newsclean.extract.addresses import url_path
from newsclean.extract.dates import MONTHS, read_date, read_moment
from newsclean.model import Caption, Dateline, Moment, Precision
from newsclean.text import squeeze

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from newsclean.extract.profile import Profile

__all__ = ["FoundFields", "agency_name", "author_names", "column_of", "extraction_fields", "parse_dateline"]

_NAME_SEPARATOR = re.compile(r"\s*(?:,|;|&|\||\band\b|\bи\b|、)\s*")
_BY = re.compile(r"^(?:by|автор:?|текст:?)\s+", re.IGNORECASE)
# From `in PLACE` to the end, or to the next name that has a place of its own: places too are joined by `and`.
_IN_PLACE = re.compile(r"\s+in\s+[A-Z].*?(?=(?:\s*,|\s+and)\s+[A-Z][^,]*?\s+in\s+[A-Z]|$)")


# A profile's fields that go to a column of another name.
_COLUMNS = {
    "published": "published_raw",
    "published_time": "published_raw",
    "modified": "modified_raw",
    "modified_time": "modified_raw",
    "sections": "section",
    "source": "agency",
    "story_key": "article_id",
}


# The columns that have a witness, and the fields that fill them.
_WITNESSED = (
    ("title", ("title",)),
    ("standfirst", ("standfirst",)),
    ("authors", ("authors",)),
    ("agency", ("agency", "source")),
    ("section", ("section", "sections")),
    ("topics", ("topics",)),
    ("persons", ("persons",)),
    ("places", ("places",)),
    ("place", ("place",)),
    ("published_at", ("published", "published_time")),
    ("modified_at", ("modified", "modified_time")),
    ("canonical_url", ("canonical_url",)),
)


class FoundFields:
    """Values by field name in the order they were found; a single field keeps its first one."""

    def __init__(self) -> None:
        self._values: dict[str, list[str]] = {}
        self._witnesses: dict[str, str] = {}

    def add(self, name: str, value: str | None, *, by: str = "visible") -> None:
        """Take a value, squeezed, and the witness that gave it; None and the empty string are no values."""
        value = squeeze(value) if value else ""
        if value:
            self._values.setdefault(name, []).append(value)
            self._witnesses.setdefault(name, by)

    def has(self, name: str) -> bool:
        """Tell whether anything was found for a field."""
        return name in self._values

    def one(self, name: str) -> str | None:
        """Return the first value of a field; a standfirst's pieces are joined."""
        values = self._values.get(name)
        if not values:
            return None
        return " ".join(values) if name == "standfirst" else values[0]

    def witness(self, *names: str) -> str | None:
        """Return what gave the first value of the first of the fields that has one."""
        return next((self._witnesses[name] for name in names if name in self._witnesses), None)

    def all(self, name: str) -> tuple[str, ...]:
        """Return the different values of a field in order."""
        return tuple(dict.fromkeys(self._values.get(name, ())))


def column_of(fields: Iterable[str]) -> str | None:
    """Return the column that a text with these fields in it goes to: the first one's, a source's only if alone."""
    names = list(fields)
    first = next((name for name in names if name != "source"), names[0] if names else None)
    return _COLUMNS.get(first, first) if first else None


def author_names(printed: Iterable[str], *, nobody: Iterable[str] = ()) -> tuple[str, ...]:
    """Part printed author lines into names: `By A and B in PLACE` gives A, B.

    `nobody` are names that stand in bylines and are no persons: agencies, the paper itself.
    """
    names: list[str] = []
    for line in printed:
        bare = _IN_PLACE.sub("", _BY.sub("", line))
        names.extend(name.strip(" .") for name in _NAME_SEPARATOR.split(bare))
    unwanted = {name.casefold() for name in nobody}
    return tuple(dict.fromkeys(name for name in names if name and name.casefold() not in unwanted))


def parse_dateline(match: re.Match[str]) -> Dateline:
    """Read a dateline that was found at a text's start: groups place, month (a name or number) and day."""
    groups = match.groupdict()
    month = groups.get("month")
    day = groups.get("day")
    return Dateline(
        text=match[0].strip(),
        place=squeeze(groups["place"]) if groups.get("place") else None,
        month=MONTHS.get(month.lower().rstrip("."), int(month) if month.isdigit() else None) if month else None,
        day=int(day) if day else None,
    )


def agency_name(printed: str, profile: Profile) -> str | None:
    """Return the name that a wire service goes by in the dataset, None for what is none or not named."""
    known = {name.casefold(): agency for name, agency in profile.agencies.items()}
    return known.get(squeeze(printed).casefold()) or None


def extraction_fields(
    found: FoundFields, profile: Profile, *, url: str | None, fetched_at: dt.datetime | None
) -> dict[str, Any]:
    """Return the keyword arguments of `Extraction` that follow from what was found on the page.

    A page that prints only when it was updated has that line for `published_raw`, and no publication date by it.
    """
    published_raw, published, flags = _published(found, profile, url, fetched_at)
    modified_raw = _joined(found, "modified")
    return {
        "title": found.one("title"),
        "standfirst": found.one("standfirst"),
        "captions": tuple(_caption(text, profile) for text in found.all("captions")),
        "byline": found.one("byline"),
        "authors": author_names(found.all("authors"), nobody=(*profile.agencies, profile.publisher)),
        "agency": _agency(found, profile),
        "section": found.one("section") or found.one("sections"),
        "topics": found.all("topics"),
        "persons": found.all("persons"),
        "places": found.all("places"),
        "place": found.one("place"),
        "published": published,
        "published_raw": published_raw or modified_raw,
        "modified": read_moment(modified_raw, profile.timezone),
        "modified_raw": modified_raw,
        "canonical_url": found.one("canonical_url"),
        "story_key": _story_key(found, profile, url),
        "publisher": profile.publisher,
        "flags": flags,
        "witnesses": _witnesses(found, is_by_url="published_from_url" in flags),
    }


def _witnesses(found: FoundFields, *, is_by_url: bool) -> tuple[tuple[str, str], ...]:
    """Return for each column that a layout filled what on the page gave it."""
    told = [(column, found.witness(*names)) for column, names in _WITNESSED]
    told = [(column, "url" if is_by_url and column == "published_at" else by) for column, by in told]
    return tuple((column, by) for column, by in told if by)


def _joined(found: FoundFields, name: str) -> str | None:
    parts = [part for part in (found.one(name), found.one(f"{name}_time")) if part]
    return ", ".join(parts) or None


def _published(
    found: FoundFields, profile: Profile, url: str | None, fetched_at: dt.datetime | None
) -> tuple[str | None, Moment | None, tuple[str, ...]]:
    """Return raw text, moment and flags; the year may come from the URL or the fetch, with a flag."""
    printed = _joined(found, "published")
    moment = read_moment(printed, profile.timezone)
    if moment:
        return printed, moment, ()
    by_url = _url_day(profile, url)
    parts = read_date(printed) if printed else None
    if parts and parts.year is None:
        if by_url and (by_url.at.month, by_url.at.day) == (parts.month, parts.day):
            return printed, read_moment(printed, profile.timezone, year=by_url.at.year), ("year_from_url",)
        if fetched_at and profile.year_from_fetch:
            year = _year_before(fetched_at, parts.month, parts.day)
            return printed, read_moment(printed, profile.timezone, year=year), ("year_from_fetched_at",)
    if by_url:
        return printed, by_url, ("published_from_url",)
    return printed, None, ()


def _year_before(fetched_at: dt.datetime, month: int, day: int) -> int:
    """Return the latest year in which that day is not after the fetch (a day's grace for zones)."""
    later = (month, day) > (fetched_at.month, fetched_at.day + 1)
    return fetched_at.year - 1 if later else fetched_at.year


def _url_day(profile: Profile, url: str | None) -> Moment | None:
    match = re.search(profile.urls.date, url_path(url)) if profile.urls.date and url else None
    if not match:
        return None
    moment = read_moment(f"{match['year']}-{match['month']}-{match['day']}", None)
    return Moment(at=moment.at, precision=Precision.DAY) if moment else None


def _caption(text: str, profile: Profile) -> Caption:
    match = next((m for pattern in profile.credit if (m := re.search(pattern, text))), None)
    return Caption(text=text, credit=squeeze(match["credit"]) if match else None)


def _agency(found: FoundFields, profile: Profile) -> str | None:
    """Return the wire service that the page credits: printed as such, or a source that is one."""
    printed = found.one("agency")
    if printed:
        return agency_name(printed, profile) or printed
    return next((name for source in found.all("source") if (name := agency_name(source, profile))), None)


def _story_key(found: FoundFields, profile: Profile, url: str | None) -> str | None:
    if found.has("story_key"):
        return found.one("story_key")
    path = url_path(url)
    for pattern in profile.urls.article:
        match = re.search(pattern, path) if path else None
        if match and match.re.groupindex.get("key"):
            return match["key"]
    return None
