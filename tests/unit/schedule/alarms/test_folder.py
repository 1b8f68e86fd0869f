"""A folder of pages that gets a day's more each day: what goes wrong with the site is told on the first run after."""

from __future__ import annotations

import pytest

DAYS = 4


@pytest.fixture
def room(newsroom):
    return newsroom.Newsroom()


def test_ordinary_days_raise_nothing(desk):
    """Eight days with other stories, and more or fewer of them, are no cause for alarm."""
    assert desk(days=8).ledger.alarms() == []


@pytest.mark.parametrize(
    ("fault", "check", "cause"),
    [
        ("layout", "fallback", "the layout of the site has changed, and the profile needs one more"),
        ("wall", "same_page", "a cookie wall, a login or a check for robots"),
        ("2099", "future_dates", "the site's dates are wrong"),
        ("nothing", "yield_drop", "no article"),
    ],
)
def test_a_fault_raises_its_alarm_on_the_first_run_after(fault, check, cause, desk, room, newsroom):
    """A redesign, a wall, dates in 2099, or nothing at all: one alarm, which names the cause and pages to look at."""
    one = desk(days=8 if fault == "nothing" else DAYS)
    pages = {
        "layout": lambda: room.day(9, layout="new"),
        "wall": lambda: dict.fromkeys(room.day(9), newsroom.WALL),
        "2099": lambda: room.day(9, year=2099),
        "nothing": dict,
    }[fault]()
    newsroom.save(one.project / "raw" / "09", pages, "2026-03-11T20:00:00Z")
    found = one.run()
    assert [(alarm.check, alarm.site) for alarm in found] == [(check, "lowmark.test")]
    assert cause in found[0].sentence
    if pages:
        assert found[0].samples
        assert all(sample.startswith("raw/09/") for sample in found[0].samples)


def test_the_first_run_of_all_knows_a_wall_and_2099(desk, room, newsroom):
    """What no site does on purpose needs no earlier runs to be seen."""
    one = desk("wall")
    newsroom.save(one.project / "raw" / "00", dict.fromkeys(room.day(0), newsroom.WALL), "2026-03-02T20:00:00Z")
    assert [alarm.check for alarm in one.run()] == ["same_page"]
    other = desk("year")
    newsroom.save(other.project / "raw" / "00", room.day(0, year=2099), "2026-03-02T20:00:00Z")
    assert [alarm.check for alarm in other.run()] == ["future_dates"]
    nothing = desk("nothing")
    assert [alarm.check for alarm in nothing.run()] == ["zero_yield"]


def test_an_alarm_does_not_become_the_rule(desk, room, newsroom):
    """A run under alarm is no example: the same fault raises its alarm again, until somebody accepts it."""
    one = desk(days=DAYS)
    for day in range(DAYS, DAYS + 3):
        newsroom.save(one.project / "raw" / f"{day:02}", room.day(day, layout="new"), f"2026-03-{2 + day:02}T20:00:00Z")
        assert [alarm.check for alarm in one.run()] == ["fallback"]
    from newsclean.schedule.alarms.settling import accept

    assert len(accept(one.ledger, "lowmark")) == 3
    newsroom.save(one.project / "raw" / "20", room.day(7, layout="new"), "2026-03-09T20:00:00Z")
    assert one.run() == ()


def test_a_long_history_of_many_sites_is_read_as_far_as_it_helps(desk):
    """Of a job with three hundred sites some fifty runs are remembered, of a job with one all, the newest first."""
    import datetime as dt

    from newsclean.dataset.counts.measures import Measures, SiteMeasures
    from newsclean.schedule.alarms.history import load_history, remembered
    from newsclean.schedule.records import State

    one = desk()
    for sites, runs, kept in ((1, 120, 120), (400, 70, 50)):
        one.job = f"job{sites}"
        measures = Measures(sites={f"s{number}.test": SiteMeasures(pages=number) for number in range(sites)})
        for day in range(runs):
            facts = one.facts(one.begin(dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=day)))
            one.ledger.put_measures(facts.run.run, 1, remembered(measures, None, day))
            one.end(facts, State.DONE)
        last = one.begin(dt.datetime(2027, 1, 1, tzinfo=dt.UTC))
        found = load_history(one.ledger, last)
        assert len(found.runs) == kept
        assert found.runs[-1].sequence == runs - 1
        assert len(found.runs[-1].sites) == min(sites, 300)
