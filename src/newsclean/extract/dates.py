"""Read printed dates. What a string does not say stays unsaid: a date without a year is no moment.

Understood: ISO 8601, unix seconds, `2019-11-29 10:36`, `29.11.2019`, `November 28, 2019, 14:30`, `28 November 2019`,
`28 ноября 2019 года`, `2019年11月29日 10:36`, and times with `UTC+3`, `GMT`, `+08:00` or `Z`.
Numeric dates are read day first, as everywhere but in the United States, and only where the parts
allow no other reading or the year stands first.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from zoneinfo import ZoneInfo

from newsclean.model import Moment, Precision

__all__ = ["MONTHS", "DateParts", "moment_of", "read_date", "read_moment"]

_MONTH_WORDS = {
    1: "january jan января январь янв januar enero janvier gennaio janeiro stycznia",
    2: "february feb февраля февраль фев februar febrero février febbraio fevereiro lutego",
    3: "march mar марта март мар märz marzo mars março marca",
    4: "april apr апреля апрель апр abril avril aprile kwietnia",
    5: "may мая май mai mayo maggio maio maja",
    6: "june jun июня июнь июн juni junio juin giugno junho czerwca",
    7: "july jul июля июль июл juli julio juillet luglio julho lipca",
    8: "august aug августа август авг agosto août sierpnia",
    9: "september sept sep сентября сентябрь сен septiembre septembre settembre setembro września",
    10: "october oct октября октябрь окт oktober octubre octobre ottobre outubro października",
    11: "november nov ноября ноябрь ноя noviembre novembre novembro listopada",
    12: "december dec декабря декабрь дек dezember diciembre décembre dicembre dezembro grudnia",
}
MONTHS = {word: number for number, words in _MONTH_WORDS.items() for word in words.split()}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))

_ISO = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)"
    r"|(?P<zyear>(?:19|20)\d\d)\s*年\s*(?P<zmonth>\d{1,2})\s*月\s*(?P<zday>\d{1,2})\s*日?"
)
_MONTH_FIRST = re.compile(
    rf"(?<!\w)(?P<name>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s+(?P<year>(?:19|20)\d\d)(?!\d))?",
    re.IGNORECASE,
)
_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:de\s+)?(?P<name>{_MONTH})(?!\w)\.?(?:,?\s+(?:de\s+)?(?P<year>(?:19|20)\d\d)(?!\d))?",
    re.IGNORECASE,
)
_DAY_FIRST_NUMERIC = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:\.\s?|[/-])(?P<month>\d{1,2})(?:\.\s?|[/-])(?P<year>(?:19|20)\d\d)(?!\d)"
)
_TIME = re.compile(
    r"(?<![\d:])(?P<hour>[01]?\d|2[0-3])[:](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.\d+)?)?(?![\d:])\s*(?P<half>[ap]\.?m\b)?",
    re.IGNORECASE,
)
_OFFSET = re.compile(
    r"\s*(?:(?:UTC|GMT)\s*)?(?P<sign>[+−-])(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?(?!\d)|\s*(?P<zulu>Z|UTC|GMT)\b"
)
_UNIX = re.compile(r"\s*1\d{9}(?:\d{3})?\s*")
_MAX_UNIX_SECONDS = 99_999_999_999
_NOON = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class DateParts:
    """What a printed date says, and no more. `utc_offset` is in minutes, None where not printed."""

    year: int | None
    month: int
    day: int
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    utc_offset: int | None = None


def read_date(text: str) -> DateParts | None:
    """Return the first date that `text` prints, with the time nearest after it; None without one."""
    if _UNIX.fullmatch(text):
        return _of_unix(int(text))
    best: tuple[int, int, DateParts] | None = None
    for pattern in (_ISO, _DAY_FIRST, _MONTH_FIRST, _DAY_FIRST_NUMERIC):
        match = pattern.search(text)
        if match and (best is None or match.start() < best[0]):
            parts = _of_match(match.groupdict())
            if parts is not None:
                best = (match.start(), match.end(), parts)
                if not match.start():  # as in all that machines write: none can stand before it
                    break
    if best is None:
        return None
    start, end, parts = best
    time = (_TIME.search(text, end) or _TIME.search(text[:start])) if ":" in text else None
    return _with_time(parts, time, text) if time else parts


def read_moment(text: str | None, zone: str | None, *, year: int | None = None) -> Moment | None:
    """Return what `text` says of a point in time, None where it says too little.

    `zone` (an IANA name) is where the site's clock hangs, for times printed without an offset;
    without it they are taken as UTC. `year` stands in for one that is not printed.
    """
    parts = read_date(text) if text else None
    if parts is None:
        return None
    if parts.year is None and year is not None:
        parts = replace(parts, year=year)
    return moment_of(parts, zone)


def moment_of(parts: DateParts, zone: str | None) -> Moment | None:
    """Turn date parts into a moment in UTC; a day alone is that day's midnight in UTC."""
    if parts.year is None:
        return None
    try:
        if parts.hour is None or parts.minute is None:
            return Moment(at=dt.datetime(parts.year, parts.month, parts.day, tzinfo=dt.UTC), precision=Precision.DAY)
        tz = _zone_of(parts.utc_offset, zone)
        local = dt.datetime(parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second or 0, tzinfo=tz)
        precision = Precision.MINUTE if parts.second is None else Precision.SECOND
        return Moment(at=local.astimezone(dt.UTC), precision=precision)
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=64)
def _named_zone(name: str) -> dt.tzinfo:
    return ZoneInfo(name)


def _zone_of(utc_offset: int | None, zone: str | None) -> dt.tzinfo:
    if utc_offset is not None:
        return dt.timezone(dt.timedelta(minutes=utc_offset))
    return _named_zone(zone) if zone else dt.UTC


def _of_unix(number: int) -> DateParts:
    at = dt.datetime.fromtimestamp(number / 1000 if number > _MAX_UNIX_SECONDS else number, dt.UTC)
    return DateParts(
        year=at.year, month=at.month, day=at.day, hour=at.hour, minute=at.minute, second=at.second, utc_offset=0
    )


def _of_match(groups: dict[str, str | None]) -> DateParts | None:
    name = groups.get("name")
    year = groups.get("year") or groups.get("zyear")
    month = MONTHS[name.lower()] if name else int(groups.get("month") or groups.get("zmonth") or 0)
    day = int(groups.get("day") or groups.get("zday") or 0)
    try:
        dt.date(int(year) if year else 2000, month, day)  # 2000 has a February 29
    except ValueError:
        return None
    return DateParts(year=int(year) if year else None, month=month, day=day)


def _with_time(parts: DateParts, time: re.Match[str], text: str) -> DateParts:
    hour, half = int(time["hour"]), (time["half"] or "").lower()
    if half.startswith("p") and hour < _NOON:
        hour += _NOON
    elif half.startswith("a") and hour == _NOON:
        hour = 0
    offset = _OFFSET.match(text, time.end())
    return replace(
        parts,
        hour=hour,
        minute=int(time["minute"]),
        second=int(time["second"]) if time["second"] else None,
        utc_offset=_offset_minutes(offset) if offset else None,
    )


def _offset_minutes(match: re.Match[str]) -> int:
    if match["zulu"]:
        return 0
    minutes = int(match["hours"]) * 60 + int(match["minutes"] or 0)
    return minutes if match["sign"] == "+" else -minutes
