"""A worker as its parent sees it: started, given a shard, watched, stopped."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack, suppress
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, Final

from newsclean.run.limits import waited_s
from newsclean.run.pulse import Beat, Pulse

if TYPE_CHECKING:
    from newsclean.run.worker import Assignment, Setup

__all__ = ["WorkerProcess"]

# The package's own entry, and not multiprocessing's: that would run the user's script once more in each worker.
_BOOT: Final = (
    "import json, sys; path, numbers = json.loads(sys.argv[1]); sys.path[:] = path; "
    "from newsclean.run.worker import main; main(*numbers)"
)
_LAST_WORDS_BYTES: Final = 2_000
_LAST_BREATH_S: Final = 5.0


class WorkerProcess:
    """One worker; `connection` can be waited for."""

    def __init__(self, setup: Setup, *, lock: int) -> None:
        """Start the process; `lock` is the open lock of the dataset, which it holds as long as it lives."""
        with ExitStack() as undo:
            ours, theirs = map(undo.enter_context, socket.socketpair())
            self._pulse, pulse = Pulse.create()
            undo.callback(self._pulse.close)
            undo.callback(os.close, pulse)
            self._stderr = undo.enter_context(tempfile.TemporaryFile())
            numbers = [os.getpid(), theirs.fileno(), pulse]
            self._process = subprocess.Popen(  # noqa: S603  (our own interpreter, our own code)
                [sys.executable, "-c", _BOOT, json.dumps([sys.path, numbers])],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._stderr,
                pass_fds=(theirs.fileno(), pulse, lock),
            )
            undo.pop_all()
        theirs.close()
        os.close(pulse)
        self.connection: Connection[Any, Any] = Connection(ours.detach())
        self._seen = Beat()
        self._page_since = 0.0
        self._waited_before_s = 0.0
        with suppress(ConnectionError):  # it died at once: whoever waits for it will see
            self.connection.send(setup)

    def assign(self, assignment: Assignment, now: float) -> None:
        """Hand over a shard; a worker that is dead already is noticed by the next wait. For `now` see `look`."""
        self._begin_page(now)
        with suppress(ConnectionError):
            self.connection.send(assignment)

    def look(self, now: float) -> Beat:
        """Return the last beat; `now` is a reading of a clock that stands still while the run does."""
        beat = self._pulse.read()
        if beat.serial != self._seen.serial:
            self._seen = beat
            self._begin_page(now)
        return beat

    def page_s(self, now: float) -> float:
        """Return how long the page in work has been so; the time in which others had the processor does not count."""
        return now - self._page_since - (waited_s(self._process.pid) - self._waited_before_s)

    def _begin_page(self, now: float) -> None:
        self._page_since, self._waited_before_s = now, waited_s(self._process.pid)

    def kill(self) -> Beat:
        """End the process at once and return its last beat."""
        self._process.kill()
        self._process.wait()
        return self._pulse.read()

    def bury(self) -> Beat:
        """Wait for the end of a process that hung up, and return its last beat."""
        try:
            self._process.wait(_LAST_BREATH_S)
        except subprocess.TimeoutExpired:
            return self.kill()
        return self._pulse.read()

    def close(self) -> None:
        """Give back what was open for the process."""
        if self._process.poll() is None:
            self.kill()
        self.connection.close()
        self._pulse.close()
        self._stderr.close()

    @property
    def death(self) -> str:
        """How the process ended: by which signal, or with which exit code."""
        code = self._process.wait()
        if code >= 0:
            return f"it ended with exit code {code}"
        with suppress(ValueError):
            return f"it was ended by {signal.Signals(-code).name}"
        return f"it was ended by signal {-code}"

    @property
    def was_killed(self) -> bool:
        """Whether somebody (as a rule the system, out of memory) sent SIGKILL."""
        return self._process.wait() == -signal.SIGKILL

    @property
    def last_words(self) -> str:
        """The last line that the process wrote to its standard error, or nothing."""
        size = self._stderr.seek(0, os.SEEK_END)
        self._stderr.seek(max(0, size - _LAST_WORDS_BYTES))
        lines = self._stderr.read().decode("utf-8", "replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")
