"""Slots: by cron and `every`, over both changes of the clock, and wherever one begins to ask."""

from __future__ import annotations

import datetime as dt
import itertools
import random

import pytest
from oracle import cron_slots, every_slots

from newsclean.schedule.slots import Times, TimesError, read_duration

START, END = (dt.datetime(year, 1, 1, tzinfo=dt.UTC) for year in (2026, 2027))
WALL = ("30 2 * * *", "0 2,3 * * *", "30 1 * * *", "45 1 * * 0", "5 0 1,15 * 1", "10-20/5 2 * 3,10,11 *")
REAL = ("*/20 * 25-31 3,10 *", "15 */2 * * *")
ZONES = ("Europe/Lisbon", "America/New_York", "Australia/Sydney", "America/Santiago")


def until(slots, end):
    return list(itertools.takewhile(lambda slot: slot <= end, slots))


@pytest.mark.parametrize(
    ("cron", "zone"),
    [
        *itertools.product(WALL, (*ZONES, "Australia/Lord_Howe", "Africa/Casablanca")),
        *zip(REAL, ZONES[:2], strict=True),
    ],
)
def test_a_year_of_slots_is_what_the_wall_clock_says(cron, zone):
    """All slots of a year, with a gap and a repeated hour in it, against a walk over all minutes."""
    wanted = cron_slots(cron, zone, START, END)
    times = Times(job="j", cron=cron, zone=zone)
    assert until(times.after(START), END) == wanted
    dice = random.Random(5)
    for _ in range(20):
        moment = wanted[0] + (wanted[-1] - wanted[0]) * dice.random()
        assert times.next_after(moment) == next(slot for slot in wanted if slot > moment)
        assert times.before(moment) == max(slot for slot in wanted if slot < moment)


def test_from_within_a_repeated_hour_nothing_leads_back():
    """Asked in the second pass of the hour, a time in it is past, and stays so."""
    times = Times(job="j", cron="30 1 * * *", zone="Europe/Lisbon")
    second_pass = dt.datetime(2026, 10, 25, 1, 10, tzinfo=dt.UTC)  # 01:10 for the second time
    assert times.next_after(second_pass) == dt.datetime(2026, 10, 26, 1, 30, tzinfo=dt.UTC)


def test_every_counts_real_time_from_1970():
    """Multiples of the span, whatever the time zone does."""
    every = dt.timedelta(hours=7)
    assert until(Times(job="j", every=every, zone="Europe/Lisbon").after(START), END) == every_slots(every, START, END)


def test_jitter_is_the_same_each_time_bounded_and_spread():
    """A slot's delay is a function of job and slot alone."""
    times = Times(job="j", cron="0 * * * *", jitter=dt.timedelta(minutes=5))
    slots = list(itertools.islice(times.after(START), 200))
    delays = [times.due_at(slot) - slot for slot in slots]
    assert delays == [Times(job="j", cron="@hourly", jitter=times.jitter).due_at(slot) - slot for slot in slots]
    assert dt.timedelta(0) <= min(delays) < dt.timedelta(seconds=30)
    assert dt.timedelta(seconds=270) < max(delays) <= times.jitter
    assert delays != [Times(job="k", cron="@hourly", jitter=times.jitter).due_at(slot) - slot for slot in slots]


def test_a_job_without_times_has_no_slots():
    """It runs when it is asked for, and only then."""
    times = Times(job="j")
    assert (times.next_after(START), times.before(START), times.is_timed) == (None, None, False)


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("15m", 900), ("1h30m", 5400), ("2d", 172_800), ("1w 1d", 691_200)]
)
def test_spans_of_time_are_read(text, seconds):
    """Numbers with units, one after the other."""
    assert read_duration(text) == dt.timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "5", "m", "5 minutes", "-5m", "1.5h"])
def test_what_is_no_span_of_time_is_refused(text):
    """Anything else is an error that shows how it is written."""
    with pytest.raises(TimesError, match="write it as"):
        read_duration(text)
