"""A keeper of a schedule in simulated time, as a process: keeper.py FOLDER serve|tick ORIGIN SCALE.

Its runs are forked processes that claim their attempt, write one line to `ran.txt`, take some
simulated seconds, and end the attempt; they go on when the keeper is killed, as real ones do.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
import zlib
from pathlib import Path

from newsclean.schedule import booking
from newsclean.schedule.identity import identity_of, own_identity
from newsclean.schedule.jobs import load_jobs
from newsclean.schedule.ledger import Ledger
from newsclean.schedule.processes import ProcessLauncher
from newsclean.schedule.records import State
from newsclean.schedule.serving import Clock, Listener, keep, tick_once

START = dt.datetime(2026, 3, 1, 12, 0, 30, tzinfo=dt.UTC)


class ForkingLauncher(ProcessLauncher):
    """Starts runs that only take time."""

    def __init__(self, jobs, clock, scale):
        super().__init__(jobs.folder, jobs.state)
        self._jobs, self._clock, self._scale = jobs, clock, scale

    def start(self, job, run, attempt):
        pid = os.fork()
        if pid:
            return identity_of(pid)
        try:
            os.setsid()
            self._carry_out(job, run, attempt)
        finally:
            os._exit(0)

    def is_alive(self, process):
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass
        return super().is_alive(process)

    def _carry_out(self, job, run, attempt):
        with Ledger(self._jobs.ledger_path, is_durable=False) as ledger:
            with ledger.transaction() as db:
                is_ours = booking.claim(db, run.run, attempt, own_identity(), self._clock.now())
            if not is_ours:
                return
            line = f"{job.name} {run.slot.isoformat()} {attempt}\n"
            handle = os.open(self._jobs.folder / "ran.txt", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            os.write(handle, line.encode())
            time.sleep((1 + zlib.crc32(line.encode()) % 40) / self._scale)
            with ledger.transaction() as db:
                booking.end_attempt(db, run.run, attempt, State.DONE, job=job, now=self._clock.now())


def main():
    folder, mode, origin, scale = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
    jobs = load_jobs(folder)
    clock = Clock(
        now=lambda: START + dt.timedelta(seconds=(time.time() - origin) * scale),
        sleep=lambda seconds: time.sleep(seconds / scale),
    )
    with Ledger(jobs.ledger_path, is_durable=False) as ledger:
        launcher = ForkingLauncher(jobs, clock, scale)
        if mode == "tick":
            tick_once(jobs, ledger, launcher, clock)
            return
        print(mode, flush=True)
        listener = Listener(should_stop=lambda: False, on_tick=lambda report: None, on_note=lambda note: None)
        keep(jobs, ledger, launcher, clock, listener, poll_s=2.0)


main()
