"""Printed dates: what a string says is read, what it does not say stays unsaid."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsclean.extract.dates import DateParts, moment_of, read_date, read_moment
from newsclean.model import Precision


def at(*parts, **offset):
    zone = dt.timezone(dt.timedelta(**offset)) if offset else dt.UTC
    return dt.datetime(*parts, tzinfo=zone)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-11-29 10:36", DateParts(year=2019, month=11, day=29, hour=10, minute=36)),
        ("29. 11. 2019, 10:36 Uhr", DateParts(year=2019, month=11, day=29, hour=10, minute=36)),
        ("Updated: 2019-11-29 10:36", DateParts(year=2019, month=11, day=29, hour=10, minute=36)),
        (
            "2020-06-29T00:16:15+03:00",
            DateParts(year=2020, month=6, day=29, hour=0, minute=16, second=15, utc_offset=180),
        ),
        ("2020-06-29T00:16:15Z", DateParts(year=2020, month=6, day=29, hour=0, minute=16, second=15, utc_offset=0)),
        (
            "Fri, 11 Jun 2021 07:15:30 GMT",
            DateParts(year=2021, month=6, day=11, hour=7, minute=15, second=30, utc_offset=0),
        ),
        ("November 28, 2019, 14:30", DateParts(year=2019, month=11, day=28, hour=14, minute=30)),
        ("Nov. 28, 2019 2:30 pm", DateParts(year=2019, month=11, day=28, hour=14, minute=30)),
        ("12:05 am, November 28, 2019", DateParts(year=2019, month=11, day=28, hour=0, minute=5)),
        ("May 22, 18:23 UTC+3", DateParts(year=None, month=5, day=22, hour=18, minute=23, utc_offset=180)),
        ("28 November 2019", DateParts(year=2019, month=11, day=28)),
        ("28 ноября 2019 года, 14:30", DateParts(year=2019, month=11, day=28, hour=14, minute=30)),
        ("26 декабря, 9:05", DateParts(year=None, month=12, day=26, hour=9, minute=5)),
        ("2019年11月29日 10:36", DateParts(year=2019, month=11, day=29, hour=10, minute=36)),
        ("29.11.2019", DateParts(year=2019, month=11, day=29)),
        ("3rd of nothing, 3rd March 2020", DateParts(year=2020, month=3, day=3)),
        ("29 de noviembre de 2019", DateParts(year=2019, month=11, day=29)),
        ("1593378975", DateParts(year=2020, month=6, day=28, hour=21, minute=16, second=15, utc_offset=0)),
        ("1593378975000", DateParts(year=2020, month=6, day=28, hour=21, minute=16, second=15, utc_offset=0)),
    ],
)
def test_reads_what_is_printed_and_no_more(text, expected):
    """Every form of the sites and of machine dates must give exactly the parts that it prints."""
    assert read_date(text) == expected


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2019", "November", "2019-13-01", "30 February 2020", "2569-05-17 20:43", "maybe 12"]
)
def test_what_is_no_date_gives_nothing(text):
    """A word, a year alone, an impossible day or a year of another calendar must not become a date."""
    assert read_date(text) is None


def test_a_date_without_a_year_is_no_moment():
    """Nothing may be guessed: without a year there is no point in time."""
    assert read_moment("May 22, 18:23 UTC+3", "Europe/Moscow") is None


def test_a_year_from_elsewhere_completes_a_date():
    """A year known by other means must stand in for the one that is not printed."""
    moment = read_moment("May 22, 18:23 UTC+3", None, year=2019)
    assert moment
    assert moment.at == at(2019, 5, 22, 15, 23)
    assert moment.precision is Precision.MINUTE


@pytest.mark.parametrize(
    ("text", "zone", "expected", "precision"),
    [
        ("2019-11-29 10:36", "Asia/Shanghai", at(2019, 11, 29, 2, 36), Precision.MINUTE),
        ("November 28, 2019, 14:30", "Europe/Moscow", at(2019, 11, 28, 11, 30), Precision.MINUTE),
        ("2019-11-29 10:36", None, at(2019, 11, 29, 10, 36), Precision.MINUTE),
        ("2020-06-29T00:16:15+03:00", "Asia/Shanghai", at(2020, 6, 28, 21, 16, 15), Precision.SECOND),
        ("2019-11-29", "Asia/Shanghai", at(2019, 11, 29), Precision.DAY),
    ],
)
def test_a_clock_hangs_where_the_site_is(text, zone, expected, precision):
    """A printed time is the site's own unless it names an offset; a day alone is that day, in no zone."""
    moment = read_moment(text, zone)
    assert moment
    assert (moment.at, moment.precision) == (expected, precision)


def test_a_local_time_that_no_clock_can_hold_gives_nothing():
    """Parts that name an impossible offset or day must give no moment and no error."""
    parts = DateParts(year=2020, month=2, day=28, hour=1, minute=1, utc_offset=60 * 99)
    assert moment_of(parts, None) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text):
    """Any text must give parts that are a calendar day, or nothing."""
    parts = read_date(text)
    if parts:
        dt.date(parts.year or 2000, parts.month, parts.day)
    read_moment(text, "Europe/Moscow")


@given(st.dates(dt.date(1950, 1, 1), dt.date(2049, 12, 31)), st.times())
def test_an_iso_date_is_read_back(day, time):
    """What is written as ISO 8601 must be read as the same second."""
    text = dt.datetime.combine(day, time.replace(microsecond=0), tzinfo=dt.UTC).isoformat()
    found = read_moment(text, "Asia/Shanghai")
    assert found
    assert found.at.isoformat() == text
