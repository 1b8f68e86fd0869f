"""Which of two copies came first: a moment that an article was out by, as far as its row tells."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MOMENT_COLUMNS", "out_by"]

MOMENT_COLUMNS: Final = ("published_at", "published_precision", "modified_at", "fetched_at")
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_DAYS: Final = {"year": 366, "month": 31, "day": 1}


def out_by(row: Mapping[str, Any]) -> int | None:
    """Return the microsecond since 1970 by which an article was published; None where nothing tells.

    A date without a time counts as its end: a copy with a time of that day came before, as far as
    is known. Without a date, it was out by the time of its last change or its fetching.
    """
    if published := row["published_at"]:
        return _micros(published) + _DAYS.get(row["published_precision"], 0) * 86_400_000_000
    other = row["modified_at"] or row["fetched_at"]
    return _micros(other) if other else None


def _micros(moment: dt.datetime) -> int:
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)
