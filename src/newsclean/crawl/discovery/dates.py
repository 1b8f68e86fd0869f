"""Dates as feeds and sitemaps write them: RFC 822 and its misspellings, ISO 8601 and its parts, and printed ones."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime
from functools import lru_cache

from newsclean.extract.dates import read_moment
from newsclean.model import Moment, Precision

__all__ = ["read_when"]

_ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?"
    r"(?:[T ]+(?P<clock>\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?\s*(?P<zone>Z|[+-]\d\d:?\d\d|UTC|GMT)?)?",
    re.IGNORECASE,
)
_RFC822 = re.compile(r"\d{1,2}\s+[A-Za-z]{3}[a-z]*\s+\d{2,4}\s+\d{1,2}:\d\d")
_OFFSET_NAME = re.compile(r"\b(?:GMT|UTC)\s*([+-])(\d{1,2}):?(\d\d)?$")


@lru_cache(maxsize=4096)
def read_when(text: str | None) -> Moment | None:
    """Return the moment that a date names, in UTC where it names no zone; None for what is no date."""
    text = (text or "").strip()
    if not text:
        return None
    try:
        return _iso(text) or _rfc822(text) or read_moment(text, "UTC")
    except (ValueError, OverflowError):
        return None


def _iso(text: str) -> Moment | None:
    match = _ISO.fullmatch(text)
    if not match:
        return None
    clock = match["clock"]
    zone = (match["zone"] or "").upper()
    zone = "+00:00" if zone in {"", "Z", "UTC", "GMT"} else zone
    day = f"{match['year']}-{match['month'] or '01'}-{match['day'] or '01'}"
    at = dt.datetime.fromisoformat(f"{day}T{clock or '00:00:00'}{zone}").astimezone(dt.UTC)
    if clock:
        return Moment(at=at, precision=Precision.SECOND if clock.count(":") > 1 else Precision.MINUTE)
    precision = Precision.DAY if match["day"] else Precision.MONTH if match["month"] else Precision.YEAR
    return Moment(at=at, precision=precision)


def _rfc822(text: str) -> Moment | None:
    if not _RFC822.search(text):
        return None
    offset = _OFFSET_NAME.search(text)
    if offset:
        text = f"{text[: offset.start()]}{offset[1]}{int(offset[2]):02}{offset[3] or '00'}"
    at = parsedate_to_datetime(text)
    at = at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)
    return Moment(at=at, precision=Precision.SECOND)
