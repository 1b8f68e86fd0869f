"""A run that somebody asks for now: by hand, or an orchestrator that keeps a schedule of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsclean.errors import RunError
from newsclean.schedule import booking
from newsclean.schedule.identity import own_identity
from newsclean.schedule.records import ENDED_WELL, Kind, State
from newsclean.schedule.results import Result
from newsclean.schedule.ticking import settle
from newsclean.schedule.unit import carry_out

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from newsclean.schedule.jobs import Job, Jobs
    from newsclean.schedule.ledger import Ledger
    from newsclean.schedule.records import Run
    from newsclean.schedule.ticking import Launcher

__all__ = ["Asking", "JobBusy"]


class JobBusy(RunError):
    """Another run of the job is going on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Runs jobs in this process; what is going on already is left alone."""

    jobs: Jobs
    ledger: Ledger
    launcher: Launcher
    now: Callable[[], dt.datetime]
    should_stop: Callable[[], bool]

    def claimed(self, run: int, attempt: int) -> Result:
        """Carry out an attempt that a tick has asked for; raises JobBusy where it is no longer wanted."""
        found = self.ledger.run(run)
        with self.ledger.transaction() as db:
            is_ours = booking.claim(db, run, attempt, own_identity(), self.now())
        if found is None or not is_ours:
            raise JobBusy(f"attempt {attempt} of run {run} is not wanted any more; nothing was done")
        return self._carried_out(found, attempt)

    def of_now(self, job: Job) -> Result:
        """Run a job once, beside its schedule; raises JobBusy."""
        now = self.now()
        return self._begun(job, lambda: self._new_run(job, now))

    def of_slot(self, job: Job, slot: dt.datetime) -> Result:
        """Run a job for a slot unless that is done: then say what it came to. Raises JobBusy."""
        found = self.ledger.run_at(job.name, slot)
        if found is not None and found.state in ENDED_WELL:
            return self._repeated(found)
        return self._begun(job, lambda: self._new_run(job, slot) if found is None else self._again(found))

    def _begun(self, job: Job, make: Callable[[], Run]) -> Result:
        settle(self.jobs, self.ledger, self.launcher, self.now())
        with self.ledger.transaction() as db:
            booking.see_job(db, job, self.now())
            run = make()
            attempt = booking.begin_attempt(db, run.run, self.now())
            if attempt is None:  # which takes the new run back, too
                raise JobBusy(self._why_busy(job))
            booking.claim(db, run.run, attempt, own_identity(), self.now())
        return self._carried_out(run, attempt)

    def _new_run(self, job: Job, slot: dt.datetime) -> Run:
        number = booking.add_run(self.ledger.db, job.name, slot, Kind.MANUAL, now=self.now())
        found = self.ledger.run_at(job.name, slot) if number is None else self.ledger.run(number)
        assert found is not None
        return found

    def _again(self, run: Run) -> Run:
        booking.wait_again(self.ledger.db, run.run, run.kind, self.now())
        return run

    def _carried_out(self, run: Run, attempt: int) -> Result:
        return carry_out(self.jobs, run, attempt, self.ledger, should_stop=self.should_stop, now=self.now)

    def _repeated(self, run: Run) -> Result:
        attempt = self.ledger.last_attempt(run.run)
        assert attempt is not None
        return Result(
            run=run,
            attempt=attempt,
            state=run.state,
            exit_code=attempt.exit_code or 0,
            message=attempt.message,
            alarms=tuple(self.ledger.alarms(run=run.run)),
            is_repeat=True,
        )

    def _why_busy(self, job: Job) -> str:
        going = [run for run in self.ledger.open_runs(job.name) if run.state is not State.WAITING]
        which = f"run {going[0].run} of {going[0].slot:%Y-%m-%d %H:%M} UTC" if going else "another run"
        return f"{job.name}: {which} is going on; wait for its end, or end it: newsclean schedule cancel {job.name}"
