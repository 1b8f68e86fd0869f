"""A year on schedule, with a simulated clock: the slots run are exactly those that the documented rules give.

NEWSCLEAN_YEARS sets how many years there are, each with other downtimes and time zones (1 without it).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import os
import random
from pathlib import Path

import pytest
from oracle import cron_slots, every_slots, expected
from world import World

from newsclean.schedule.jobs import CatchUp, Job, Jobs, Overlap
from newsclean.schedule.ledger import Ledger
from newsclean.schedule.records import State
from newsclean.schedule.slots import Times

YEARS = int(os.environ.get("NEWSCLEAN_YEARS", "1"))
ZONES = ("Europe/Lisbon", "America/New_York", "Australia/Sydney", "America/Santiago", "Africa/Casablanca", "UTC")
START, END = (dt.datetime(year, 1, 1, 0, 7, tzinfo=dt.UTC) for year in (2026, 2027))
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
GRACE, MOST = dt.timedelta(minutes=100), 5
# Minute and hour given: the wall clock's rule. A star: each real minute that agrees. Neither: real time.
RULES = ("30 1,2,13 * * *", "15 */4 * * *", "5 2 * * 0", "every 7h")


def times_of_ticks(dice):
    """Ticks some minutes apart, hours and weeks without any, and a clock that is set back and ahead."""
    away = [(START + DAY * dice.uniform(5, 360), dt.timedelta(hours=dice.uniform(2, 30))) for _ in range(12)]
    away += [(START + DAY * dice.uniform(5, 320), dt.timedelta(weeks=dice.uniform(1, 4))) for _ in range(2)]
    away += [(dt.datetime(2026, 3, 28, 20, tzinfo=dt.UTC), 9 * HOUR)] if dice.random() < 0.5 else []
    # (when, how far): an hour back, most of a day back, and a month ahead for some hours.
    jumps = [(START + DAY * dice.uniform(20, 340), dt.timedelta(minutes=-dice.uniform(20, 90))) for _ in range(3)]
    jumps += [(START + DAY * dice.uniform(20, 340), -dice.uniform(5, 23) * HOUR)]
    ahead = START + DAY * dice.uniform(20, 300)
    jumps += [(ahead, 30 * DAY), (ahead + 5 * HOUR, -30 * DAY)]
    ticks, real, skew = [], START, dt.timedelta(0)
    while real < END:
        ticks.append((real + skew).replace(microsecond=0))
        real += dt.timedelta(minutes=dice.expovariate(1 / 70))
        for at, length in away:
            if at <= real < at + length:
                real = at + length
        due = [jump for jump in jumps if jump[0] <= real]
        skew += sum((by for _, by in due), dt.timedelta(0))
        jumps = [jump for jump in jumps if jump not in due]
    return ticks


def takes(job, slot, attempt=1):
    """Most runs take minutes, one in six hours, one in thirty a day: the same each time it is asked."""
    dice = random.Random(hashlib.sha256(f"{job} {slot}".encode()).digest())
    kind = dice.random()
    hours = dice.uniform(20, 40) if kind < 0.03 else dice.uniform(3, 9) if kind < 0.2 else dice.uniform(0.02, 2)
    return dt.timedelta(seconds=round(hours * 3600))


def job_of(number, overlap, catch_up, zone):
    rule = RULES[number]
    is_every = rule.startswith("every")
    name = f"j{number}-{overlap}-{catch_up}"
    jitter = dt.timedelta(minutes=7) if number % 2 else dt.timedelta(0)
    return Job(
        name=name,
        times=Times(
            job=name,
            cron=None if is_every else rule,
            every=7 * HOUR if is_every else None,
            zone=zone,
            jitter=jitter,
        ),
        raw=Path("raw"),
        output=Path("clean"),
        spider="s",
        timeout=30 * DAY,
        arguments={},
        settings={},
        overlap=overlap,
        catch_up=catch_up,
        catch_up_most=MOST,
        grace=GRACE,
        alarms={},
    )


@pytest.mark.parametrize("year", range(YEARS))
def test_the_slots_run_in_a_year_are_those_of_the_rules(year, tmp_path):
    """Each overlap with each catch-up, cron by wall clock and by real time: every slot has its documented fate."""
    dice = random.Random(year)
    zone = ZONES[year % len(ZONES)]
    ticks = times_of_ticks(dice)
    combinations = enumerate(itertools.product(Overlap, CatchUp), start=year)
    # Each combination meets a wall-clock rule or the other kind; with the years each rule.
    all_jobs = [job_of(number % len(RULES), *policy, zone) for number, policy in combinations]
    jobs = Jobs(
        folder=tmp_path, state=tmp_path, parallel=1000, keep=DAY, jobs={job.name: job for job in all_jobs}, alarms={}
    )
    slots = {rule: slots_of(rule, zone, max(ticks)) for rule in RULES}
    with Ledger(tmp_path / "ledger.sqlite", is_durable=False) as ledger:
        world = World(jobs, ledger, takes)
        for now in ticks:
            world.tick(now)
        wanted = [expected_of(job, slots[RULES[int(job.name[1])]], ticks) for job in all_jobs]
        for job, fates in zip(all_jobs, wanted, strict=True):
            compare(job, world, fates)
    # What the simulation is for did happen.
    for job, fates in zip(all_jobs, wanted, strict=True):
        assert len(fates.ran) > 20
        if job.times.cron != "5 2 * * 0":
            assert fates.missed
            assert bool(fates.skipped) == (job.overlap == "skip")
            assert bool(fates.cancelled) == (job.overlap == "cancel")


def slots_of(rule, zone, end):
    return every_slots(7 * HOUR, START, end) if rule.startswith("every") else cron_slots(rule, zone, START, end)


def expected_of(job, slots, ticks):
    return expected(
        slots,
        ticks,
        overlap=str(job.overlap),
        catch_up=str(job.catch_up),
        most=MOST,
        grace=GRACE,
        takes=lambda slot: takes(job.name, slot),
        jitter=lambda slot: job.times.due_at(slot) - slot,
    )


def compare(job, world, wanted):
    """Compare what the ledger and the world say with what the rules say."""
    started = [slot for name, slot, _, _ in world.started if name == job.name]
    assert started == wanted.started
    assert len(started) == len(set(started))
    assert world.slots(job.name, State.DONE) == wanted.ran
    assert world.slots(job.name, State.SKIPPED) == wanted.skipped
    assert world.slots(job.name, State.CANCELLED) == wanted.cancelled
    assert world.open_slots(job.name) == wanted.left
    assert sum(one.count for one in world.ledger.missed(job.name, limit=10_000)) == wanted.missed
