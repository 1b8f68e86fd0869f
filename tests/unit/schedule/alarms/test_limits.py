"""Limits: not moved by a few odd runs, wide where little is known, and never within chance."""

from __future__ import annotations

import datetime as dt
import math
import random

import pytest

from newsclean.schedule.alarms.counting import expected, shortfall
from newsclean.schedule.alarms.limits import Share, blocks, level_limits, lowest_count, most_share

MONDAY = dt.datetime(2026, 3, 2, 6, tzinfo=dt.UTC)


def daily(counts, begin=MONDAY):
    return [(begin + dt.timedelta(days=day), count) for day, count in enumerate(counts)]


def test_small_runs_are_put_together_to_blocks():
    """A share of two articles says nothing; those of a week, together, do, and none is left out."""
    found = blocks([Share(1, 2), Share(0, 3), Share(2, 6), Share(0, 1)], size=10)
    assert found == [Share(3, 12)]
    assert blocks([Share(1, 4)]) == []


@pytest.mark.parametrize(
    ("now", "past", "is_alarm"),
    [
        (Share(40, 40), [Share(1, 50)] * 5, True),
        (Share(8, 8), [Share(0, 9)] * 4, True),
        (Share(8, 8), [Share(0, 9)], False),
        (Share(2, 2), [Share(0, 50)] * 20, False),
        (Share(12, 50), [Share(1, 50)] * 30, False),
        (Share(25, 50), [Share(1, 50)] * 30, True),
        (Share(25, 50), [Share(20, 50)] * 30, False),
        (Share(50, 50), [Share(30, 50)] * 30, True),
        (Share(25, 50), [Share(1, 50)] * 2, False),
        (Share(45, 50), [Share(1, 50)] * 25 + [Share(50, 50)], True),
    ],
)
def test_a_share_has_to_rise_by_more_than_chance_and_enough_to_matter(now, past, is_alarm):
    """Everything at once is seen with little known; a quarter more only with much; one odd run moves nothing."""
    assert (most_share(now, past) is not None) == is_alarm


def test_nothing_known_gives_no_limit():
    """Without earlier runs nothing is unusual."""
    assert most_share(Share(5, 5), []) is None
    assert level_limits(3.0, 0.1, []) is None


def test_levels_have_to_leave_what_there_ever_was():
    """A mean length is odd beyond a factor of 1.7, the spread of earlier runs, and all that was seen."""
    past = [math.log(2000 * factor) for factor in (0.9, 1.0, 1.1, 1.05, 0.95)]
    assert level_limits(math.log(1400), 0.05, past) is None
    assert level_limits(math.log(500), 0.05, past) is not None
    assert level_limits(math.log(500), 0.05, [*past, math.log(450)]) is None


def test_the_bounds_are_bounds_of_the_exact_tail():
    """Of a Poisson variable, not three draws in a hundred are below the lowest count that is no surprise."""
    dice = random.Random(3)
    least = lowest_count(30.0)
    assert 12 < least < 25

    def draw():
        bound, product, count = math.exp(-30), dice.random(), 0
        while product > bound:
            product, count = product * dice.random(), count + 1
        return count

    assert sum(draw() < least for _ in range(10_000)) <= 300


def test_a_weekend_is_compared_with_weekends():
    """A Sunday of a fifth of a weekday's articles is as it should be, where Sundays are like that."""
    week = [100, 105, 98, 102, 95, 30, 20]
    past = daily(week * 5)
    sunday = MONDAY + dt.timedelta(days=41)
    assert shortfall(18, sunday, past, past) is None
    monday = MONDAY + dt.timedelta(days=35)
    found = shortfall(5, monday, past, past)
    assert found is not None
    assert (found.days, found.usual) == (0, 100)


def test_days_together_show_what_one_day_does_not():
    """A fifth of the usual count is within what a holiday does, but not a week of it."""
    past = daily([40, 44, 38, 41, 43, 39, 40] * 6)
    begin = past[-1][0] + dt.timedelta(days=1)
    told = []
    recent = list(past)
    for day in range(9):
        slot = begin + dt.timedelta(days=day)
        told.append(shortfall(8, slot, past, recent))
        recent.append((slot, 8))
    assert told[0] is None
    assert told[-1] is not None
    assert told[-1].days in {3, 7}


def test_nothing_is_too_few_where_there_was_always_something():
    """After a week of runs that all brought some articles, one that brings none is odd, however few they were."""
    past = daily([6, 5, 7, 4, 5, 6, 5, 4, 6])
    slot = past[-1][0] + dt.timedelta(days=1)
    assert shortfall(0, slot, past, past).least == 1
    assert shortfall(0, slot, [*past[:4], (past[4][0], 0), *past[5:]], past) is None


def test_what_is_expected_is_a_mean_by_the_hour():
    """Slots at night bring less than those at noon, and are expected to."""
    past = [
        (MONDAY + dt.timedelta(days=day, hours=hour), 10 if hour == 6 else 0) for day in range(10) for hour in (0, 6)
    ]
    assert expected([MONDAY], past) == 0
    assert expected([MONDAY + dt.timedelta(hours=6)], past) == 10
