"""A date in the words of any language: what `newsclean.extract.dates` reads, and the forms beyond it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from newsclean.extract.dates import read_moment
from newsclean.extract.generic.facts.month_names import MONTH_OF
from newsclean.model import Moment, Precision

__all__ = ["date_span", "moment_in"]

_YEAR: Final = r"(?P<year>(?:19|20)\d\d|25[5-9]\d)(?!\d)"  # the last: the Buddhist era
_WORD: Final = r"(?P<month>[^\s\d,;:()/|]{2,18}?)"
_FORMS: Final = (
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})(?:\.|º|°|er|\.?\s?de|-го|,)?\s*{_WORD}\.?,?\s+(?:del?\s+)?{_YEAR}"),
    re.compile(rf"(?<![^\W\d_]){_WORD}\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}"),
    re.compile(
        rf"(?<!\d){_YEAR}\.?\s*(?:m\.|gada|г\.|(?:e|a)ko)?\s*(?:(?P<first>\d{{1,2}})\.\s*)?{_WORD}\s*(?P<day>\d{{1,2}})?(?:\s*d)?\b"
    ),
)
_NUMBERED: Final = (
    re.compile(r"(?P<year>20\d\d)\s?[년年]\s?(?P<month>\d{1,2})\s?[월月]\s?(?P<day>\d{1,2})\s?[일日]"),
    re.compile(r"(?<!\d)(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2}),?\s+(?:năm\s+)?(?P<year>20\d\d)", re.IGNORECASE),
    re.compile(r"(?<!\d)(?P<year>20\d\d)\.\s?(?P<month>\d{1,2})\.\s?(?P<day>\d{1,2})"),
)
_SHORT_YEAR: Final = re.compile(r"(?<![\d.,:])(?P<day>[0-3]?\d)\.\s?(?P<month>[01]?\d)\.\s?(?P<year>\d\d)(?![\d.])")
_MONTH_DAY: Final = re.compile(
    r"(?<![\d/])(0?[1-9]|1[0-2])/(1[3-9]|2\d|3[01])/((?:19|20)\d\d)(?!\d)"
)  # no other reading is possible
_MONTH_YEAR: Final = re.compile(r"(?:^|[:|·•]\s*)([^\W\d_]{3,14})\.?,?\s+((?:19|20)\d\d)$")
_ANY_YEAR: Final = re.compile(r"(?:19|20)\d\d|25[5-9]\d")  # found, or not, at a tenth of the cost of all forms
_BUDDHIST: Final = 2500
_OLDER: Final = 543
_DIGITS: Final = {
    zero + number: str(number) for zero in (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50) for number in range(10)
}


def moment_in(text: str) -> Moment | None:
    """The first date with a year that `text` prints; of a month alone where nothing else stands there."""
    if not text.isascii():
        text = text.translate(_DIGITS)
    found = read_moment(_MONTH_DAY.sub(r"\3-\1-\2", text) if "/" in text else text, None)
    return found or _worded(text) or _month_of(text)


def date_span(text: str) -> int:
    """How many characters of `text` are digits and names of months: nearly all, where a date is all it says."""
    words = (word.strip(".,:|·()") for word in text.lower().split())
    return sum(len(word) + 1 for word in words if any(map(str.isdigit, word)) or word in MONTH_OF)


def _worded(text: str) -> Moment | None:
    if not _ANY_YEAR.search(text):
        return _short(text)
    for pattern in _NUMBERED:
        if match := pattern.search(text):
            return _day(int(match["year"]), int(match["month"]), int(match["day"]))
    for pattern in _FORMS:
        for match in pattern.finditer(text):
            month = MONTH_OF.get(match["month"].lower().rstrip("."))
            day = match["day"] or match.groupdict().get("first")
            if month and day:
                return _day(int(match["year"]), month, int(day))
    return _short(text)


def _short(text: str) -> Moment | None:
    match = _SHORT_YEAR.search(text) if text.count(".") > 1 else None
    return _day(2000 + int(match["year"]), int(match["month"]), int(match["day"])) if match else None


def _day(year: int, month: int, day: int) -> Moment | None:
    if year > _BUDDHIST:
        year -= _OLDER
    try:
        return Moment(at=dt.datetime(year, month, day, tzinfo=dt.UTC), precision=Precision.DAY)
    except ValueError:
        return None


def _month_of(text: str) -> Moment | None:
    """A month and a year that stand alone."""
    match = _MONTH_YEAR.search(text)
    month = MONTH_OF.get(match[1].lower()) if match else None
    if match is None or month is None:
        return None
    return Moment(at=dt.datetime(int(match[2]), month, 1, tzinfo=dt.UTC), precision=Precision.MONTH)
