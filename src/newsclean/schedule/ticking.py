"""One tick: see what has ended, decide the slots that came due, start what may start. It may be cut anywhere.

A tick writes what it decides before it acts on it, and the next one acts on what it finds written:
a slot and the cursor behind it are one transaction, an attempt is written down before its process
is started, and the process has to claim it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from newsclean.schedule import booking
from newsclean.schedule.deciding import Action, decide
from newsclean.schedule.depending import obstacle_of
from newsclean.schedule.records import OPEN, Kind, State

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from newsclean.schedule.deciding import Verdict
    from newsclean.schedule.identity import ProcessIdentity
    from newsclean.schedule.jobs import Job, Jobs
    from newsclean.schedule.ledger import Ledger
    from newsclean.schedule.records import Attempt, JobState, Run

__all__ = ["Launcher", "TickReport", "settle", "tick"]

# A process that was asked for and is not named in the ledger has so long to report.
_START: Final = dt.timedelta(seconds=120)
# A run on another host that has not been heard of for so long is dead.
_SILENCE: Final = dt.timedelta(minutes=10)
# A run minds its own timeout; one that does not, so long after, is killed.
_OVERDUE: Final = dt.timedelta(minutes=10)


class Launcher(Protocol):
    """What starts and stops the processes of attempts."""

    def start(self, job: Job, run: Run, attempt: int) -> ProcessIdentity | None:
        """Start the process of an attempt; raises OSError where that cannot be done."""

    def stop(self, attempt: Attempt) -> None:
        """Ask the process of an attempt to end."""

    def kill(self, attempt: Attempt) -> None:
        """End whatever is left of an attempt."""

    def is_alive(self, process: ProcessIdentity) -> bool | None:
        """Tell whether a process runs, None where that cannot be seen."""

    def age_s(self, process: ProcessIdentity) -> float | None:
        """Return for how many seconds a process has lived, None where that cannot be told."""


@dataclass(slots=True)
class TickReport:
    """What a tick did: runs started (job, slot, attempt), slots skipped and missed by job, attempts found dead."""

    started: list[tuple[str, dt.datetime, int]] = field(default_factory=list)
    skipped: list[tuple[str, dt.datetime]] = field(default_factory=list)
    cancelled: list[tuple[str, dt.datetime]] = field(default_factory=list)
    missed: dict[str, int] = field(default_factory=dict)
    dead: list[tuple[str, dt.datetime, int]] = field(default_factory=list)

    @property
    def is_idle(self) -> bool:
        """Whether nothing was done."""
        return not (self.started or self.skipped or self.cancelled or self.missed or self.dead)


def tick(jobs: Jobs, ledger: Ledger, launcher: Launcher, now: dt.datetime) -> TickReport:
    """Do what is due at `now`. Only the holder of the lease is to call this; two who do harm nothing."""
    report = TickReport(dead=settle(jobs, ledger, launcher, now))
    known = _known(jobs, ledger, now)
    if known.keys() - jobs.jobs.keys():
        _drop_unknown(jobs, ledger, launcher, now, report)
    for name, job in jobs.jobs.items():
        if known[name].paused_at is None and _has_news(job, known[name].cursor, now):
            _decide(job, known[name], ledger, launcher, now, report)
    _start(jobs, ledger, launcher, now, report)
    return report


# ---- what has ended ----


def settle(jobs: Jobs, ledger: Ledger, launcher: Launcher, now: dt.datetime) -> list[tuple[str, dt.datetime, int]]:
    """Write down the attempts whose processes are gone without a word, and return them; end those that are overdue."""
    dead = []
    for attempt in ledger.open_attempts():
        run = ledger.run(attempt.run)
        assert run is not None
        job = jobs.jobs.get(run.job)
        state = _state_of_dead(attempt, launcher, now)
        if state is None:
            if job is not None and _is_overdue(attempt, job, launcher):
                launcher.kill(attempt)
            continue
        launcher.kill(attempt)
        message = "its process ended without a word" if state is State.DIED else "its process never reported"
        with ledger.transaction() as db:
            is_ours = booking.end_attempt(db, run.run, attempt.attempt, state, job=job, now=now, message=message)
        if is_ours:
            dead.append((run.job, run.slot, attempt.attempt))
    return dead


def _state_of_dead(attempt: Attempt, launcher: Launcher, now: dt.datetime) -> State | None:
    """Return how an attempt has ended that says that it goes on; None for one that does, as far as can be seen."""
    if attempt.process is None:
        waited = now - attempt.created_at
        return None if dt.timedelta(0) <= waited < _START else State.LOST
    is_alive = launcher.is_alive(attempt.process)
    if is_alive is None:
        heard_at = attempt.beat_at or attempt.created_at
        is_alive = abs(now - heard_at) < _SILENCE
    if is_alive:
        return None
    return State.DIED if attempt.state is State.RUNNING else State.LOST


def _is_overdue(attempt: Attempt, job: Job, launcher: Launcher) -> bool:
    # By the age of the process: the clock may have been set since it was started.
    age_s = None if attempt.process is None else launcher.age_s(attempt.process)
    return age_s is not None and age_s > (job.timeout + _OVERDUE).total_seconds()


def _drop_unknown(jobs: Jobs, ledger: Ledger, launcher: Launcher, now: dt.datetime, report: TickReport) -> None:
    for run in ledger.open_runs():
        if run.job not in jobs.jobs and run.state is State.WAITING:
            _cancel([run], "the job is no longer in newsclean.toml", ledger, launcher, now, report)


# ---- what is due ----


def _known(jobs: Jobs, ledger: Ledger, now: dt.datetime) -> dict[str, JobState]:
    """Return what the ledger knows of all jobs, once the new and the changed ones are written down."""
    known = ledger.jobs()
    if any(name not in known or known[name].times != job.times.text for name, job in jobs.jobs.items()):
        with ledger.transaction() as db:
            for job in jobs.jobs.values():
                booking.see_job(db, job, now)
        known = ledger.jobs()
    return known


def _has_news(job: Job, cursor: dt.datetime, now: dt.datetime) -> bool:
    """Tell whether there is anything to decide: a slot has come due, or the clock was set back."""
    following = job.times.next_after(cursor)
    return following is not None and (following <= now or cursor > now)


def _decide(
    job: Job, known: JobState, ledger: Ledger, launcher: Launcher, now: dt.datetime, report: TickReport
) -> None:
    """Decide the slots of a job that came due, in one transaction with the cursor behind them."""
    runs = ledger.open_runs(job.name)
    active = [run for run in runs if run.kind is not Kind.BACKFILL]
    waiting = sum(run.state is State.WAITING for run in active)
    verdict = decide(job, cursor=known.cursor, now=now, is_active=bool(active), waiting=waiting)
    if verdict.cursor == known.cursor:
        return
    told = []
    with ledger.transaction() as db:
        if not booking.move_cursor(db, job.name, known.cursor, verdict.cursor):
            return  # somebody else has decided them
        told = _write(db, job, verdict, active, now, report)
    for run in told:
        _stop(run, ledger, launcher)


def _write(
    db: sqlite3.Connection, job: Job, verdict: Verdict, active: list[Run], now: dt.datetime, report: TickReport
) -> list[Run]:
    """Write a verdict down and return the runs whose processes have to be told that they are to end."""
    told: list[Run] = []
    mine: list[tuple[int, dt.datetime]] = []
    if span := verdict.missed:
        booking.add_missed(db, job.name, span.first, span.last, count=span.count, why="nobody was there", now=now)
        report.missed[job.name] = span.count
    for one in verdict.decisions:
        if one.action is Action.REPLACE:
            message = f"the slot of {one.slot:%Y-%m-%d %H:%M} UTC takes its place"
            told += [run for run in active if booking.cancel(db, run, message, now)]
            report.cancelled += [(job.name, run.slot) for run in active]
            for mine_too, slot in mine:
                booking.end_waiting(db, mine_too, State.CANCELLED, message, now)
                report.cancelled.append((job.name, slot))
            active, mine = [], []
        skipped = one.note if one.action is Action.SKIP else None
        number = booking.add_run(db, job.name, one.slot, one.kind, now=now, skipped=skipped)
        if one.action is Action.SKIP:
            report.skipped.append((job.name, one.slot))
        elif number is not None:
            mine.append((number, one.slot))
    return told


def _cancel(
    runs: Sequence[Run], message: str, ledger: Ledger, launcher: Launcher, now: dt.datetime, report: TickReport
) -> None:
    for run in runs:
        with ledger.transaction() as db:
            is_running = booking.cancel(db, run, message, now)
        if is_running:
            _stop(run, ledger, launcher)
        report.cancelled.append((run.job, run.slot))


def _stop(run: Run, ledger: Ledger, launcher: Launcher) -> None:
    for attempt in ledger.attempts(run.run):
        if attempt.state in OPEN:
            launcher.stop(attempt)


# ---- what may start ----


def _start(jobs: Jobs, ledger: Ledger, launcher: Launcher, now: dt.datetime, report: TickReport) -> None:
    runs = ledger.open_runs()
    if not any(run.state is State.WAITING for run in runs):
        return
    known = ledger.jobs()
    going = sum(run.state is not State.WAITING for run in runs)
    heads = [head for job in jobs.jobs.values() if (head := _head(job, runs, known, now)) is not None]
    for run in sorted(heads, key=_turn):
        if going >= jobs.parallel:
            break
        job = jobs.jobs[run.job]
        obstacle = obstacle_of(run, job, jobs.jobs, known, ledger)
        if obstacle is None:
            going += _launch(job, run, ledger, launcher, now, report)
        elif obstacle.is_final:
            with ledger.transaction() as db:
                booking.end_waiting(db, run.run, State.SKIPPED, obstacle.note, now)
            report.skipped.append((run.job, run.slot))


def _head(job: Job, runs: Sequence[Run], known: dict[str, JobState], now: dt.datetime) -> Run | None:
    """Return the run of a job that is to start next, if one may: one at a time, in the order of slots."""
    own = [run for run in runs if run.job == job.name]
    if known[job.name].paused_at is not None or any(run.state is not State.WAITING for run in own):
        return None
    regular = [run for run in own if run.kind is not Kind.BACKFILL]
    if regular:
        first = min(regular, key=_turn)
        return first if _is_due(first, job, now) else None
    return min((run for run in own if _is_due(run, job, now)), key=_turn, default=None)


def _turn(run: Run) -> tuple[bool, dt.datetime, str]:
    return (run.kind is Kind.BACKFILL, run.slot, run.job)


def _is_due(run: Run, job: Job, now: dt.datetime) -> bool:
    # A retry further away than its back-off was written before the clock was set back.
    return not dt.timedelta(0) < run.not_before - now <= job.delay_after(run.failures)


def _launch(job: Job, run: Run, ledger: Ledger, launcher: Launcher, now: dt.datetime, report: TickReport) -> bool:
    """Start the next attempt of a run; False where it waits no more, or no process could be had."""
    with ledger.transaction() as db:
        attempt = booking.begin_attempt(db, run.run, now)
    if attempt is None:
        return False
    try:
        process = launcher.start(job, run, attempt)
    except OSError as error:
        message = f"no process could be started: {error.strerror}"
        with ledger.transaction() as db:
            booking.end_attempt(db, run.run, attempt, State.FAILED, job=job, now=now, message=message)
        return False
    if process is not None:
        with ledger.transaction() as db:
            booking.name_process(db, run.run, attempt, process)
    report.started.append((job.name, run.slot, attempt))
    return True
