"""Several keepers of one schedule, with one of them killed: no slot is run twice, and none is lost.

NEWSCLEAN_SCHEDULE_SCALE sets how much faster than real time it goes (40 without it; 1 is real time).
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from newsclean.schedule.lease import LEASE_S
from newsclean.schedule.ledger import Ledger
from newsclean.schedule.records import State

SCALE = float(os.environ.get("NEWSCLEAN_SCHEDULE_SCALE", "40"))
KEEPER = Path(__file__).parents[1] / "schedule" / "keeper.py"
JOBS = ("a", "b", "c", "d", "e", "f")
MINUTES = 10
START = dt.datetime(2026, 3, 1, 12, 0, 30, tzinfo=dt.UTC)


@pytest.fixture
def project(tmp_path):
    tables = (
        f'[jobs.{name}]\nclean = "raw"\nevery = "1m"\noverlap = "queue"\ncatch_up = "all"\ngrace = "1h"\n'
        f'jitter = "{"20s" if name > "c" else "0s"}"\nretries = 50\n'
        for name in JOBS
    )
    (tmp_path / "newsclean.toml").write_text("[schedule]\nparallel = 100\n" + "\n".join(tables))
    return tmp_path


@pytest.fixture
def keeper(project):
    origin, started = time.time(), []

    def start(mode):
        process = subprocess.Popen(
            [sys.executable, str(KEEPER), str(project), mode, str(origin), str(SCALE)], stdout=subprocess.PIPE
        )
        started.append(process)
        return process

    start.now = lambda: START + dt.timedelta(seconds=(time.time() - origin) * SCALE)
    yield start
    for process in started:
        process.kill()
        process.communicate(timeout=60)


def holder_of(ledger):
    row = ledger.db.execute("SELECT pid FROM lease").fetchone()
    return row and row["pid"]


def wait_until(keeper, moment):
    while keeper.now() < moment:
        time.sleep(0.02)


@pytest.mark.slow
def test_two_servers_and_a_tick_run_each_slot_once_though_the_holder_of_the_lease_is_killed(project, keeper):
    """Ten simulated minutes, six jobs a minute: every slot has one attempt, and there is one line a slot."""
    servers = [keeper("serve"), keeper("serve")]
    for server in servers:
        assert server.stdout.readline()
    began = keeper.now()
    with Ledger(project / ".newsclean" / "ledger.sqlite", is_durable=False) as ledger:
        while len(ledger.jobs()) < len(JOBS):
            time.sleep(0.02)
        since = max(state.since for state in ledger.jobs().values())
        killed = False
        for minute in range(MINUTES):
            wait_until(keeper, began + dt.timedelta(minutes=minute + 1))
            keeper("tick")
            if minute >= 3 and not killed:
                victim = [server for server in servers if server.pid == holder_of(ledger)]
                for server in victim:
                    server.kill()
                    killed = True
                    check_taken_over(ledger, server.pid, keeper)
        assert killed, "no server ever had the lease"
        until = keeper.now() - dt.timedelta(minutes=1)
        deadline = time.monotonic() + 60
        while unsettled(ledger, until) and time.monotonic() < deadline:
            time.sleep(0.1)
        check_each_slot_once(project, ledger, since, until)


def check_taken_over(ledger, gone, keeper):
    """Somebody else has the lease within its documented time, which is told only where time is not squeezed."""
    began, deadline = keeper.now(), time.monotonic() + 60
    while holder_of(ledger) in {gone, None} and time.monotonic() < deadline:
        time.sleep(0.05)
    took = keeper.now() - began
    print(f"taken over after {took.total_seconds():.1f} simulated seconds")
    assert took < dt.timedelta(seconds=LEASE_S + 5) or SCALE > 4


def unsettled(ledger, until):
    due = {run.slot for run in ledger.open_runs() if run.slot <= until}
    return due or any(state.cursor < until - dt.timedelta(minutes=1) for state in ledger.jobs().values())


def check_each_slot_once(project, ledger, since, until):
    first = since.replace(second=0, microsecond=0) + dt.timedelta(minutes=1)
    wanted = []
    while first <= until - dt.timedelta(seconds=30):
        wanted += [f"{name} {first.isoformat()}" for name in JOBS]
        first += dt.timedelta(minutes=1)
    lines = [line.rpartition(" ")[0] for line in (project / "ran.txt").read_text().splitlines()]
    assert len(wanted) > 40
    assert not {line: count for line, count in Counter(lines).items() if count > 1}
    assert not set(wanted) - set(lines)
    states = Counter(run.state for name in JOBS for run in ledger.runs(name, limit=1000) if run.slot <= until)
    assert set(states) == {State.DONE}
