"""What a user asks of the schedule, and has it do."""

from __future__ import annotations

import datetime as dt
import heapq
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from newsclean.errors import ConfigError
from newsclean.schedule import booking
from newsclean.schedule.ledger_tables import time_text
from newsclean.schedule.records import OPEN, Kind, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsclean.schedule.jobs import Job, Jobs
    from newsclean.schedule.ledger import Ledger
    from newsclean.schedule.records import Missed, Run
    from newsclean.schedule.ticking import Launcher

__all__ = ["Desk"]

_INSTANT: Final = dt.timedelta(microseconds=1)
_MOST_BACKFILLED: Final = 10_000
_MOST_COUNTED: Final = 600_000


@dataclass(frozen=True, slots=True)
class Desk:
    """The jobs and their ledger at one point in time."""

    jobs: Jobs
    ledger: Ledger
    launcher: Launcher
    now: dt.datetime

    # ---- asking ----

    def overview(self) -> list[dict[str, Any]]:
        """Return for each job its rule, its next slot, what it is at, and its last run."""
        known = self.ledger.jobs()
        rows = []
        for job in self.jobs.jobs.values():
            is_paused = job.name in known and known[job.name].paused_at is not None
            following = None if is_paused else job.times.next_after(self.now)
            last = next((run for run in self.ledger.runs(job.name, limit=20) if run.ended_at is not None), None)
            rows.append(
                {
                    "job": job.name,
                    "rule": _rule(job),
                    "next": following and _shown(following),
                    "state": "paused" if is_paused else self._state(job),
                    "last": last and str(last.state),
                    "ended": last and last.ended_at and _shown(last.ended_at),
                }
            )
        return rows

    def coming(self, names: Sequence[str], number: int) -> list[dict[str, Any]]:
        """Return the next slots of the named jobs, or of all, in order."""
        jobs = [self.jobs.job(name) for name in names] or list(self.jobs.jobs.values())
        streams = [list(islice(((slot, job) for slot in job.times.after(self.now)), number)) for job in jobs]
        return [
            {
                "slot": _shown(slot),
                "due": _shown(job.times.due_at(slot)),
                "local": f"{slot.astimezone(ZoneInfo(job.times.zone)):%Y-%m-%d %H:%M %Z}",
                "job": job.name,
            }
            for slot, job in heapq.merge(*streams, key=lambda pair: (pair[0], pair[1].name))
        ]

    def past(self, name: str | None, number: int) -> list[dict[str, Any]]:
        """Return the last runs and the spans of slots that were missed, newest first."""
        if name is not None:
            self.jobs.job(name)
        rows = [(run.slot, self._run_row(run)) for run in self.ledger.runs(name, limit=number)]
        rows += [(missed.last, _missed_row(missed)) for missed in self.ledger.missed(name, limit=number)]
        rows.sort(key=lambda row: row[0], reverse=True)
        return [row for _, row in rows[:number]]

    # ---- having it do something ----

    def pause(self, name: str) -> bool:
        """Pause a job; False where it was."""
        job = self.jobs.job(name)
        with self.ledger.transaction() as db:
            booking.see_job(db, job, self.now)
            return booking.pause(db, name, self.now)

    def resume(self, name: str) -> int | None:
        """Resume a job and return how many slots went by; None where it was not paused."""
        job = self.jobs.job(name)
        known = self.ledger.jobs().get(name)
        if known is None or known.paused_at is None:
            return None
        gone = list(islice(self._slots(job, known.cursor, self.now), _MOST_COUNTED))
        with self.ledger.transaction() as db:
            booking.resume(db, name, max(self.now, known.cursor))
            if gone:
                why = "the job was paused"
                booking.add_missed(db, name, gone[0], gone[-1], count=len(gone), why=why, now=self.now)
        return len(gone)

    def cancel(self, name: str) -> int:
        """End all that a job is at, and return how many runs that were."""
        runs = self.ledger.open_runs(self.jobs.job(name).name)
        for run in runs:
            with self.ledger.transaction() as db:
                is_going = booking.cancel(db, run, "cancelled by command", self.now)
            for attempt in self.ledger.attempts(run.run) if is_going else ():
                if attempt.state in OPEN:
                    self.launcher.stop(attempt)
        return len(runs)

    def backfill(self, name: str, since: dt.datetime, until: dt.datetime, *, again: bool) -> int:
        """Have the slots of a span wait for a run, and return how many do; raises ConfigError."""
        job = self.jobs.job(name)
        if not job.times.is_timed:
            raise ConfigError(f"{name}: has no slots; give it cron or every, or use `newsclean run {name}`")
        before_first = since - _INSTANT
        slots = list(islice(self._slots(job, before_first, min(until, self.now)), _MOST_BACKFILLED + 1))
        if len(slots) > _MOST_BACKFILLED:
            raise ConfigError(f"{name}: more than {_MOST_BACKFILLED:,} slots; give a shorter span")
        with self.ledger.transaction() as db:
            booking.see_job(db, job, self.now)
            return sum(self._waits(job, slot, again=again) for slot in slots)

    def _waits(self, job: Job, slot: dt.datetime, *, again: bool) -> bool:
        db = self.ledger.db
        if booking.add_run(db, job.name, slot, Kind.BACKFILL, now=self.now) is not None:
            return True
        run = self.ledger.run_at(job.name, slot)
        assert run is not None
        is_wanted = again or run.state in {State.SKIPPED, State.CANCELLED}
        return is_wanted and booking.wait_again(db, run.run, Kind.BACKFILL, self.now)

    def _slots(self, job: Job, after: dt.datetime, until: dt.datetime) -> Iterator[dt.datetime]:
        for slot in job.times.after(after):
            if slot > until:
                return
            yield slot

    def _state(self, job: Job) -> str:
        runs = self.ledger.open_runs(job.name)
        going = [f"{run.state} since {_shown(run.created_at)}" for run in runs if run.state is not State.WAITING]
        waiting = len(runs) - len(going)
        return ", ".join([*going, *([f"{waiting} waiting"] if waiting else [])]) or "idle"

    def _run_row(self, run: Run) -> dict[str, Any]:
        attempts = self.ledger.attempts(run.run)
        last = attempts[-1] if attempts else None
        return {
            "slot": _shown(run.slot),
            "job": run.job,
            "run": run.run,
            "kind": str(run.kind),
            "state": str(run.state),
            "attempts": len(attempts),
            "articles": last and last.counts.get("articles"),
            "took_s": last and last.durations.get("total"),
            "note": run.note,
            "created_at": time_text(run.created_at),
            "ended_at": run.ended_at and time_text(run.ended_at),
            "exit_code": last and last.exit_code,
            "counts": dict(last.counts) if last else {},
            "durations": dict(last.durations) if last else {},
            "versions": dict(last.versions) if last else {},
            "report": last and last.report,
            "log": last and last.log,
        }


def _missed_row(missed: Missed) -> dict[str, Any]:
    return {
        "slot": _shown(missed.last),
        "job": missed.job,
        "kind": "missed",
        "state": "missed",
        "note": f"{missed.count:,} slots from {_shown(missed.first)}: {missed.why}",
        "first": time_text(missed.first),
        "last": time_text(missed.last),
        "count": missed.count,
    }


def _rule(job: Job) -> str:
    if job.times.cron is not None:
        return f"{job.times.cron} ({job.times.zone})"
    return f"every {job.times.every}" if job.times.every is not None else "when asked for"


def _shown(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}Z" if at.second else f"{at:%Y-%m-%d %H:%M}Z"
