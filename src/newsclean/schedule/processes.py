"""Processes of runs: started apart from whoever starts them, and ended with all that they have started."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from contextlib import suppress
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Any, Final

from newsclean.schedule.identity import ProcessIdentity, age_s, identity_of, is_alive

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from newsclean.schedule.jobs import Job
    from newsclean.schedule.records import Attempt, Run

__all__ = ["NEWSCLEAN", "Child", "ProcessLauncher", "log_name"]

NEWSCLEAN: Final = (sys.executable, "-m", "newsclean")
_DIE_WITH_PARENT: Final = 1  # PR_SET_PDEATHSIG of prctl(2)


def log_name(job: str, run: int, attempt: int) -> str:
    """Return where the log of an attempt lies, relative to the state folder."""
    return f"logs/{job}/{run}-{attempt}.log"


class ProcessLauncher:
    """Starts each attempt as `newsclean run` in a session of its own, with a log of its own."""

    def __init__(self, project: Path, state: Path) -> None:
        self._project = project
        self._state = state
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self, job: Job, run: Run, attempt: int) -> ProcessIdentity | None:
        """Start the process of an attempt; raises OSError where that cannot be done."""
        log = self._state / log_name(job.name, run.run, attempt)
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            process = subprocess.Popen(  # noqa: S603  (our own command, no shell)
                [*NEWSCLEAN, "run", job.name, "--claim", f"{run.run}.{attempt}", "--json"],
                cwd=self._project,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._started.append(process)
        return identity_of(process.pid)

    def stop(self, attempt: Attempt) -> None:
        """Ask the process of an attempt to end, as Ctrl-C would."""
        if attempt.process is not None and is_alive(attempt.process):
            _send(os.kill, attempt.process.pid, signal.SIGTERM)

    def kill(self, attempt: Attempt) -> None:
        """End whatever is left of an attempt."""
        if attempt.child is not None and is_alive(attempt.child):
            _send(os.killpg, attempt.child.pid, signal.SIGKILL)
        if attempt.process is not None and is_alive(attempt.process):
            _send(os.kill, attempt.process.pid, signal.SIGKILL)

    def is_alive(self, process: ProcessIdentity) -> bool | None:
        """Tell whether a process runs, None where that cannot be seen."""
        self._reap()
        return is_alive(process)

    def age_s(self, process: ProcessIdentity) -> float | None:
        """Return for how many seconds a process has lived, None where that cannot be told."""
        return age_s(process)

    def _reap(self) -> None:
        """Take leave of the processes that have ended: the system keeps their numbers until then."""
        self._started = [process for process in self._started if process.poll() is None]


class Child:
    """A process of ours in a group of its own, which is ended when we are; `output` takes its standard output."""

    def __init__(self, command: Sequence[str], *, cwd: Path, output: IO[bytes], log: IO[bytes]) -> None:
        self._process = subprocess.Popen(  # noqa: S603  (our own command, no shell)
            command,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=log,
            process_group=0,
            preexec_fn=_tether(),  # noqa: PLW1509  (we have one thread)
        )
        self.identity = identity_of(self._process.pid)

    def wait(self, seconds: float) -> int | None:
        """Return the exit code if the process ends in so long (minus the signal that ended it), else None."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def stop(self, patience_s: float) -> None:
        """Ask all of it to end, and see to it."""
        _send(os.killpg, self._process.pid, signal.SIGTERM)
        self.wait(patience_s)
        _send(os.killpg, self._process.pid, signal.SIGKILL)
        self._process.wait()


def _send(kill: Callable[[int, int], None], number: int, sign: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        kill(number, sign)


def _tether() -> Callable[[], None] | None:
    """Return what a child does first, so that it does not outlive us even if we are killed; None off Linux."""
    prctl = _prctl()
    if prctl is None:
        return None
    parent = os.getpid()

    def tie() -> None:
        prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # we were killed before it could be tied
            os._exit(1)

    return tie


@lru_cache(maxsize=1)
def _prctl() -> Any:
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None), "prctl", None)
