"""The dateline that opens a wire story in a dump, whatever agency wrote it: place, date, agency."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from newsclean.extract.dates import MONTHS
from newsclean.extract.generic.dumps.bylines import AGENCIES
from newsclean.model import Dateline

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Wire", "wire_in"]

_MONTH: Final = r"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|[A-Z][a-z]{3,9})\.?"
_AGENCY: Final = r"(?P<agency>[^()/\d]{2,30})"
_END: Final = r"\s*(?:--|[-–—:.])"
_FORMS: Final = (
    # BISHKEK, November 28. /TASS/.   BEIJING, Oct. 9 (Xinhua) --   PUTRAJAYA, Nov 22 —
    re.compile(
        rf"(?P<place>[A-Z][^\W\d_](?:[\w .'’-]){{1,40}}?)(?:,? ?[/(][^/()\d]{{2,40}}[/)])?,\s"
        rf"{_MONTH}\s(?P<day>\d{{1,2}})"
        rf"(?:,? \d{{4}})?"
        rf"(?:[.,]?\s*(?:\({_AGENCY}\)|/(?P<agency2>[^/]{{2,40}})/)|(?=\s*[-–—]))(?:{_END})?\s"
    ),
    # INDIANAPOLIS (AP) —   Berlin (dpa) -   MOSCOW (Reuters) -
    re.compile(rf"(?P<place>[A-Z][\w .,'’/-]{{1,50}}?)\s?\({_AGENCY}\){_END}\s"),
    # 新华社北京11月5日电   （新华社）
    re.compile(r"(?P<agency>新华社|中新社)(?P<place>[\u4e00-\u9fff·]{1,12}?)(?P<month>\d{1,2})月(?P<day>\d{1,2})日电"),
    # FLUSHING MEADOWS — Jodie ...
    re.compile(r"(?P<place>[A-Z]{3}[A-Z .,'’-]{0,40}?)\s[—–]\s"),
)
_REACH: Final = 140


class Wire(NamedTuple):
    """What a dateline says: itself in parts, and the agency by its usual name."""

    dateline: Dateline
    agency: str | None


def wire_in(texts: Sequence[str]) -> Wire | None:
    """Read the dateline that opens the first of the blocks `texts`; None where none does."""
    head = texts[0][:_REACH] if texts else ""
    for form in _FORMS:
        match = form.match(head)
        found = _read(match) if match else None
        if found:
            return found
    return None


def _read(match: re.Match[str]) -> Wire | None:
    groups = match.groupdict()
    printed = groups.get("agency") or groups.get("agency2")
    agency = AGENCIES.get(printed.strip().casefold()) or _known_within(printed) if printed else None
    month = groups.get("month")
    number = (int(month) if month.isdigit() else MONTHS.get(month.lower().rstrip("."))) if month else None
    if (printed and not agency and not (match["place"].isupper() and printed.isupper())) or (month and number is None):
        return None  # a name in brackets, or a list of things
    if agency is None and printed:
        agency = printed.strip()
    day = groups.get("day")
    text = match[0].strip().rstrip("-–—: ")
    return Wire(Dateline(text=text, place=match["place"].strip(), month=number, day=int(day) if day else None), agency)


def _known_within(printed: str) -> str | None:
    """Return the agency of `TASS Correspondent Ivan Petrov`."""
    return AGENCIES.get(printed.split(maxsplit=1)[0].casefold())
