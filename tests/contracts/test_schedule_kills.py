"""serve, run, crawl and clean may be killed at any moment: the ledger is right, and the schedule goes on.

NEWSCLEAN_SCHEDULE_KILLS sets how many kills there are (2 without it).
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from newsclean.schedule.identity import is_alive
from newsclean.schedule.ledger import Ledger
from newsclean.schedule.records import State

KILLS = int(os.environ.get("NEWSCLEAN_SCHEDULE_KILLS", "2"))
SLOTS = max(2, KILLS // 3)
JOB = """
[jobs.gazette]
spider = "harbour_gazette"
settings = { NEWSCLEAN_REPLAY = "raw/harbour-gazette.example" }
raw = "replayed"
every = "1h"
retries = 90
backoff = "1s"
overlap = "queue"

[jobs.all]
clean = "raw"
every = "1h"
retries = 90
backoff = "1s"
"""


def newsclean(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "newsclean", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "proj"
    assert newsclean(tmp_path, "init", "proj", "--contact", "desk@harbour.example").returncode == 0
    with (folder / "newsclean.toml").open("a") as file:
        file.write(JOB)
    return folder


@pytest.fixture
def serve(project):
    """Return what starts a server of the schedule; the last one is stopped at the end."""
    started = []

    def start():
        process = subprocess.Popen(
            [sys.executable, "-m", "newsclean", "schedule", "serve", "--poll", "0.2", "--quiet"],
            cwd=project,
            stderr=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate(timeout=60)


@pytest.mark.slow
def test_kills_at_random_moments_leave_a_ledger_that_is_right(project, serve):
    """Each slot is done once in the end, each kill is in the ledger, nothing is left behind, the dataset holds."""
    since = time.strftime("%Y-%m-%dT%H:%M", time.gmtime(time.time() - 3600 * SLOTS - 60))
    for job in ("gazette", "all"):
        done = newsclean(project, "schedule", "backfill", job, "--since", since)
        assert done.returncode == 0, done.stderr
    dice, killed = random.Random(KILLS), Counter()
    server = serve()
    with Ledger(project / ".newsclean" / "ledger.sqlite") as ledger:
        while sum(killed.values()) < KILLS and ledger.open_runs():
            time.sleep(dice.uniform(0.1, 3.0))
            kind = dice.choice(("serve", "run", "step"))
            if kind == "serve":
                server.kill()
                server.communicate(timeout=60)
                server = serve()
                killed[kind] += 1
            else:
                killed[kind] += kill_one(ledger, kind, dice)
        print(dict(killed))
        finish(ledger, server)
        check(ledger, killed)
    assert newsclean(project, "verify", "clean").returncode == 0


def kill_one(ledger, kind, dice):
    """Kill the process of a run, or the crawl or cleaning that it has started; return how many were killed."""
    attempts = [one for one in ledger.open_attempts() if (one.process if kind == "run" else one.child) is not None]
    if not attempts:
        return 0
    attempt = dice.choice(attempts)
    victim = attempt.process if kind == "run" else attempt.child
    if not is_alive(victim):
        return 0
    os.kill(victim.pid, signal.SIGKILL)
    return 1


def finish(ledger, server):
    """Let the schedule come to its end."""
    deadline = time.monotonic() + 60 + 20 * SLOTS
    while ledger.open_runs():
        assert server.poll() is None
        assert time.monotonic() < deadline, ledger.open_runs()
        time.sleep(0.2)
    server.terminate()
    _, errors = server.communicate(timeout=60)
    assert server.returncode in {0, -signal.SIGTERM}, errors


def check(ledger, killed):
    attempts = []
    for job in ("gazette", "all"):
        runs = ledger.runs(job, limit=1000)
        assert len(runs) >= SLOTS
        assert {run.state for run in runs} == {State.DONE}
        for run in runs:
            own = ledger.attempts(run.run)
            # One attempt ends a run well, the last; those before were cut.
            assert [one.state for one in own if one.state is State.DONE] == [own[-1].state]
            assert run.failures == sum(one.state not in {State.DONE, State.LOST} for one in own)
            assert len(own) <= run.failures + 1 + killed["serve"] + killed["run"]
            attempts += own
    states = Counter(str(one.state) for one in attempts)
    print(dict(states))
    # A process may have ended by itself in the moment in which it was to be killed.
    assert states["died"] + states["lost"] <= killed["run"] + killed["serve"]
    assert states["failed"] <= killed["step"], [one.message for one in attempts if one.state is State.FAILED]
    if sum(killed.values()) > 5:
        assert states["died"]
        assert states["failed"]
    for one in attempts:
        # The end is written down by the process itself, which then takes a moment to go.
        assert one.process is None or is_gone_soon(one.process)
        assert one.child is None or is_gone_soon(one.child)
        assert one.ended_at is not None


def is_gone_soon(process):
    deadline = time.monotonic() + 30
    while is_alive(process):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
