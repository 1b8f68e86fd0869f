"""A simulated world for the scheduler: a clock that is a list of times, and runs that only take time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from newsclean.schedule import booking
from newsclean.schedule.identity import ProcessIdentity
from newsclean.schedule.records import OPEN, State
from newsclean.schedule.ticking import tick

__all__ = ["World"]


@dataclass
class _Going:
    job: object
    run: int
    slot: dt.datetime
    attempt: int
    ends_at: dt.datetime
    state: State
    process: ProcessIdentity


@dataclass
class World:
    """Runs the tick at given times; `takes` and `ends_as` say of (job name, slot, attempt) how a run goes."""

    jobs: object
    ledger: object
    takes: object
    ends_as: object = lambda job, slot, attempt: State.DONE
    started: list = field(default_factory=list)
    going: dict = field(default_factory=dict)
    now: dt.datetime | None = None
    age: float | None = None
    reports: list = field(default_factory=list)

    def tick(self, now):
        """Let the runs end that have ended by now, then tick."""
        self.now = now
        for one in sorted(self.going.values(), key=lambda one: one.ends_at):
            if one.ends_at <= now:
                self._end(one, one.ends_at)
        report = tick(self.jobs, self.ledger, self, now)
        self.reports.append(report)
        return report

    def _end(self, one, at):
        del self.going[one.run]
        if one.state is State.DIED:
            return  # nobody says so
        with self.ledger.transaction() as db:
            booking.end_attempt(db, one.run, one.attempt, one.state, job=one.job, now=at)

    # ---- the launcher ----

    def start(self, job, run, attempt):
        process = ProcessIdentity(host="here", boot="b", pid=run.run, started=str(attempt))
        with self.ledger.transaction() as db:
            assert booking.claim(db, run.run, attempt, process, self.now)
        assert not any(one.job.name == job.name for one in self.going.values()), "two runs of a job at once"
        self.started.append((job.name, run.slot, attempt, self.now))
        ends_at = self.now + self.takes(job.name, run.slot, attempt)
        state = self.ends_as(job.name, run.slot, attempt)
        self.going[run.run] = _Going(job, run.run, run.slot, attempt, ends_at, state, process)
        return process

    def stop(self, attempt):
        one = self.going[attempt.run]
        one.ends_at = min(one.ends_at, self.now + dt.timedelta(seconds=1))
        one.state = State.INTERRUPTED

    def kill(self, attempt):
        self.going.pop(attempt.run, None)

    def is_alive(self, process):
        return any(one.process == process for one in self.going.values())

    def age_s(self, process):
        return self.age

    # ---- what became of it ----

    def slots(self, job, *states):
        """Return the slots of a job whose runs are in one of these states."""
        return {run.slot for run in self.ledger.runs(job, limit=1_000_000, states=states)}

    def open_slots(self, job):
        return self.slots(job, *OPEN)
