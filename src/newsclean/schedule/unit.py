"""One attempt of a job from end to end: crawl, then clean, then the checks, each written down as it ends.

Doing it again is safe at any point: a crawl goes on where it was cut, cleaning does what is new,
and the checks look at what came since they last did.
"""

from __future__ import annotations

import json
import signal
import tempfile
import time
from dataclasses import dataclass, field, replace
from typing import IO, TYPE_CHECKING, Any, Final

from newsclean.errors import DatasetError, NewscleanError
from newsclean.schedule import booking, checking
from newsclean.schedule.arguments import clean_command, crawl_command
from newsclean.schedule.dataset_turn import dataset_turn
from newsclean.schedule.processes import NEWSCLEAN, Child, log_name
from newsclean.schedule.records import RunFacts, State
from newsclean.schedule.results import Result, counts_of, details_of, report_name, write_report

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from newsclean.schedule.jobs import Job, Jobs
    from newsclean.schedule.ledger import Ledger
    from newsclean.schedule.records import Alarm, Attempt, Run

__all__ = ["EXIT_BUSY", "EXIT_TIMEOUT", "carry_out"]

EXIT_BUSY: Final = 75  # EX_TEMPFAIL
EXIT_TIMEOUT: Final = 124  # as timeout(1) has it
_EXIT_TERMINATED: Final = 143
_EXIT_CANCELLED: Final = 130
_TROUBLE, _USAGE, _DATASET, _BROKEN = 1, 2, 3, 4
_LOOK_S: Final = 0.2
_BEAT_S: Final = 15.0
_PATIENCE_S: Final = 30.0
_ERROR: Final = "newsclean: "


class _Ended(Exception):
    """The attempt is over before its steps are."""

    def __init__(self, state: State, exit_code: int, message: str, *, is_final: bool = False) -> None:
        super().__init__(message)
        self.state = state
        self.exit_code = exit_code
        self.message = message
        self.is_final = is_final


def carry_out(
    jobs: Jobs,
    run: Run,
    attempt: int,
    ledger: Ledger,
    *,
    should_stop: Callable[[], bool],
    now: Callable[[], dt.datetime],
) -> Result:
    """Carry out an attempt that this process has claimed, and return how it ended; the ledger has it by then."""
    job = jobs.job(run.job)
    found = ledger.last_attempt(run.run)
    assert found is not None
    assert found.attempt == attempt
    log_path = jobs.state / log_name(job.name, run.run, attempt)
    log_path.parent.mkdir(parents=True, exist_ok=True)
    with log_path.open("ab") as log:
        return _Unit(jobs, job, run, found, ledger, log, should_stop, now).carried_out()


@dataclass(slots=True)
class _Unit:
    """An attempt on its way."""

    jobs: Jobs
    job: Job
    run: Run
    attempt: Attempt
    ledger: Ledger
    log: IO[bytes]
    should_stop: Callable[[], bool]
    now: Callable[[], dt.datetime]
    crawl: dict[str, Any] | None = None
    clean: dict[str, Any] | None = None
    alarms: tuple[Alarm, ...] = ()
    durations: dict[str, float] = field(default_factory=dict)
    _began: float = field(default_factory=time.monotonic)
    _beaten: float = field(default_factory=time.monotonic)

    def carried_out(self) -> Result:
        """Make the steps, and write down how it ended whatever happens."""
        ending: _Ended | None = None
        try:
            self._note(log=log_name(self.job.name, self.run.run, self.attempt.attempt))
            self._steps()
            ending = self._verdict()
        except _Ended as early:
            ending = early
        except NewscleanError as error:
            code = _DATASET if isinstance(error, DatasetError) else _BROKEN
            ending = _Ended(State.FAILED, code, str(error))
        finally:
            if ending is None:  # a fault of ours: it is told where it belongs, and not left to be found
                self._end(_Ended(State.FAILED, _BROKEN, "newsclean itself failed; the log has more"))
        return self._end(ending)

    # ---- the steps ----

    def _steps(self) -> None:
        if self.job.spider is not None:
            self.crawl = self._step("crawl", crawl_command(self.job, self.run))
            self._note(counts=counts_of(self.crawl, None))
        site = self.crawl["site"] if self.crawl is not None else None
        if self._has_pages(site):
            self._cleaned(site)
        self._begin("checks")
        self._checked()
        self._finish("checks")

    def _has_pages(self, site: str | None) -> bool:
        """Tell whether there is anything to clean: a spider that never found a thing has no archive."""
        if site is None or self.crawl is None:
            return True
        return not self.crawl["is_empty"] if self.job.raw_address else (self.job.raw / site).exists()

    def _cleaned(self, site: str | None) -> None:
        self._begin("clean")
        with dataset_turn(self.jobs.state, self.job.output, wait=self._wait):
            hook = checking.clean_options()
            options = hook(self._facts()) if hook is not None else []
            self.clean = self._step("clean", [*clean_command(self.job, site), *options])
        self._note(counts=counts_of(self.crawl, self.clean), **details_of(self.clean))

    def _checked(self) -> None:
        facts = self._facts()
        found = tuple(alarm for check in checking.checks() for alarm in check(facts, self.ledger))
        kept = self.ledger.add_alarms(self.run, self.attempt.attempt, found, now=self.now())
        self.alarms = tuple(kept)
        act = checking.act_on()
        if act is not None:
            act(self._facts(), self.alarms, self.ledger)

    def _facts(self) -> RunFacts:
        return RunFacts(
            run=self.run,
            attempt=self.attempt,
            project=self.jobs.folder,
            raw=self.job.raw,
            output=self.job.output,
            state=self.jobs.state,
            crawl=self.crawl,
            clean=self.clean,
            options=self.job.alarms,
            on_alarm=str(self.job.on_alarm),
        )

    def _verdict(self) -> _Ended:
        troubles = [str(one) for one in (self.crawl or {}).get("troubles", ())]
        if self.clean is not None and self.clean["trouble_count"]:
            troubles.append(f"{self.clean['trouble_count']:,} pages could not be read, crashed or took too much")
        if self.crawl is not None and self.crawl["is_empty"]:
            return _Ended(State.EMPTY, _TROUBLE, "the spider found nothing")
        if self.alarms:
            return _Ended(State.ALARM, _TROUBLE, "; ".join(alarm.sentence for alarm in self.alarms))
        if troubles:
            return _Ended(State.TROUBLE, _TROUBLE, "; ".join(troubles))
        return _Ended(State.DONE, 0, "")

    # ---- one step ----

    def _step(self, name: str, command: list[str]) -> dict[str, Any]:
        """Run a command of newsclean and return the report that it printed; raises _Ended where it has none."""
        self._begin(name)
        self.log.write(f"{self.now():%Y-%m-%d %H:%M:%S}Z newsclean {' '.join(command)}\n".encode())
        self.log.flush()
        began = self.log.tell()
        with tempfile.TemporaryFile() as output:
            child = Child([*NEWSCLEAN, *command], cwd=self.jobs.folder, output=output, log=self.log)
            with self.ledger.transaction() as db:
                booking.note(db, self.attempt, {}, child=child.identity)
            code = self._watched(child)
            output.seek(0)
            text = output.read()
        self._finish(name)
        if code in {0, _TROUBLE} and text:
            report: dict[str, Any] = json.loads(text)
            return report
        raise _failure(name, code, self._last_words(began))

    def _last_words(self, began: int) -> str:
        """Return the error that the command ended with, as it wrote it to the log."""
        assert self.attempt.log is not None
        log = (self.jobs.state / self.attempt.log).read_bytes()[began:].decode("utf-8", "replace")
        errors = [line.removeprefix(_ERROR) for line in log.splitlines() if line.startswith(_ERROR)]
        return errors[-1] if errors else ""

    def _watched(self, child: Child) -> int:
        """Wait for the end of a process, which comes in time or is made to come."""
        try:
            while (code := child.wait(_LOOK_S)) is None:
                self._look()
        except BaseException:
            child.stop(_PATIENCE_S)
            raise
        return code

    def _look(self) -> None:
        """See whether the attempt may go on; raises _Ended where it may not."""
        if self.should_stop():
            raise _Ended(State.INTERRUPTED, _EXIT_TERMINATED, "stopped by a signal")
        if time.monotonic() - self._began > self.job.timeout.total_seconds():
            raise _Ended(State.TIMEOUT, EXIT_TIMEOUT, f"took longer than {self.job.timeout}")
        if time.monotonic() - self._beaten > _BEAT_S:
            self._beaten = time.monotonic()
            with self.ledger.transaction() as db:
                is_ours = booking.beat(db, self.attempt, self.now())
            if not is_ours:
                raise _Ended(State.CANCELLED, _EXIT_CANCELLED, "the ledger has given this attempt up")

    def _wait(self) -> None:
        self._look()
        time.sleep(_LOOK_S)

    # ---- writing it down ----

    def _begin(self, step: str) -> None:
        self.durations[step] = -time.monotonic()
        self._note(step=step)

    def _finish(self, step: str) -> None:
        self.durations[step] = round(self.durations[step] + time.monotonic(), 3)

    def _note(self, **values: Any) -> None:
        with self.ledger.transaction() as db:
            booking.note(db, self.attempt, values)
        self._reread()

    def _reread(self) -> None:
        found = {one.attempt: one for one in self.ledger.attempts(self.run.run)}
        self.attempt = found[self.attempt.attempt]

    def _end(self, ending: _Ended) -> Result:
        """End the attempt in the ledger, with its report beside it."""
        durations = {step: seconds for step, seconds in self.durations.items() if seconds >= 0}
        name = report_name(self.run, self.attempt.attempt)
        self._note(durations=durations | {"total": round(time.monotonic() - self._began, 3)}, report=name)
        with self.ledger.transaction() as db:
            booking.end_attempt(
                db,
                self.run.run,
                self.attempt.attempt,
                ending.state,
                job=None if ending.is_final else self.job,
                now=self.now(),
                exit_code=ending.exit_code,
                message=ending.message,
            )
        self._reread()
        result = Result(
            run=self.ledger.run(self.run.run) or self.run,
            attempt=self.attempt,
            state=self.attempt.state,
            exit_code=ending.exit_code,
            message=ending.message,
            alarms=self.alarms,
            crawl=self.crawl,
            clean=self.clean,
        )
        write_report(self.jobs.state / name, result)
        return replace(result)


def _failure(step: str, code: int, words: str) -> _Ended:
    """Say what an exit code means that has no report with it."""
    if code < 0:
        return _Ended(State.FAILED, _BROKEN, f"{step} was ended by {signal.Signals(-code).name}")
    if code in {_EXIT_CANCELLED, _EXIT_TERMINATED}:
        return _Ended(State.INTERRUPTED, code, f"{step} was stopped by a signal")
    message = f"{step} ended with exit code {code}: {words or 'the log says why'}"
    return _Ended(State.FAILED, code if code > _TROUBLE else _BROKEN, message, is_final=code == _USAGE)
