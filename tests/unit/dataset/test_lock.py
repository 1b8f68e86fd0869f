"""One writer at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from newsclean.dataset import Dataset
from newsclean.errors import DatasetError

HOLD = """
import os, sys, time
from newsclean.dataset import Dataset
opened = Dataset.open(sys.argv[1], create=True)
opened.sweep()
worker = os.fork() if sys.argv[2] == "fork" else 0
if worker or sys.argv[2] != "fork":
    print(worker, flush=True)
time.sleep(60)
"""


def held(path, how):
    """A process that has the lock, and the id of its forked worker."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(path), how], stdout=subprocess.PIPE, text=True)
    return process, int(process.stdout.readline())


def test_a_second_writer_is_told_who_is_first(dataset):
    """Another process that writes is named, and reading goes on."""
    process, _ = held(dataset.path, "alone")
    with process:
        with pytest.raises(DatasetError, match=rf"another newsclean process \(pid {process.pid}\) is writing"):
            dataset.sweep()
        assert Dataset.open(dataset.path, create=False).records() == {}
        assert Dataset.open(dataset.path, create=True).records() == {}
        process.kill()
    dataset.sweep()


def test_two_writers_in_one_process_are_two(dataset):
    """The lock is of the opened dataset, not of the process."""
    dataset.sweep()
    with Dataset.open(dataset.path, create=True) as second:
        with pytest.raises(DatasetError, match=rf"pid {os.getpid()}"):
            second.sweep()
        dataset.close()
        second.sweep()


def test_a_worker_that_outlives_its_run_locks_nobody_out(dataset):
    """A forked worker does not hold the lock of a run that was killed."""
    process, worker = held(dataset.path, "fork")
    try:
        with process:
            process.kill()
        os.kill(worker, 0)
        swept_in_time(dataset)
    finally:
        os.kill(worker, signal.SIGKILL)


def swept_in_time(dataset, seconds=20):
    """Sweep, however late the forked process gets to run what closes its copy of the lock."""
    end = time.monotonic() + seconds
    while True:
        try:
            return dataset.sweep()
        except DatasetError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def test_the_lock_file_names_the_last_writer_only(dataset):
    """A shorter process id leaves nothing of a longer one behind."""
    (dataset.path / "_newsclean" / "lock").write_text("99999999999\n")
    dataset.sweep()
    assert (dataset.path / "_newsclean" / "lock").read_text() == f"{os.getpid()}\n"


def test_the_last_workers_of_a_killed_run_are_waited_for(dataset):
    """They hold the lock until they notice; whoever starts again in that moment gets it, a little later."""
    dataset.sweep()
    worker = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(1.5)"], pass_fds=(dataset._lock.fileno(),), close_fds=True
    )
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    dataset.close()
    (dataset.path / "_newsclean" / "lock").write_text(f"{gone.pid}\n")
    with worker:
        dataset.sweep()
        assert worker.poll() is not None
