"""Script: do something with a batch that is held back, and kill a process before each of its steps with SIGKILL.

    held_steps.py FOLDER SCENARIO STRIDE

leaves FOLDER/before and FOLDER/after, the dataset before it and after it was done whole, and FOLDER/1,
FOLDER/2, ...: after a kill before the first, the second, ... step (each STRIDE-th). Prints their names.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

import samples

import newsclean.dataset.parquet.writer  # noqa: F401  # pyarrow once, before the forks
from newsclean.dataset import BatchNote, BatchState, Dataset, durable, held
from newsclean.dataset.staging import stage

NOTE = BatchNote(state=BatchState.OPEN, begun_at=samples.DAY, job="lowmark", run=7)


def hold_shard(dataset, shard_id, outcomes, *, replaces=(), carry=()):
    """Commit a shard to the batch `b`."""
    stamp = samples.stamp("run-2")
    staged = stage(dataset.path, shard_id, iter(outcomes), samples.sources(outcomes), stamp, carry=carry)
    with held.open_batch(dataset, "b", NOTE) as batch:
        held.hold_staged(dataset, batch, staged, stamp, replaces=replaces)


def begin(path):
    """A dataset with two shards, and a batch of two: a new one, and one in the place of an old one."""
    with Dataset.open(path, create=True) as dataset:
        dataset.sweep()
        samples.commit(dataset, "old", [samples.outcome("raw/a.html"), samples.outcome("raw/b.html")])
        samples.commit(dataset, "other", [samples.outcome("raw/e.html", articles=2)])
        hold_shard(dataset, "new", [samples.outcome("raw/x.html", articles=2), samples.rejected("raw/menu.html")])
        hold_shard(
            dataset,
            "again",
            [samples.outcome("raw/a.html", text="again"), samples.outcome("raw/b.html")],
            replaces=["old"],
        )
        held.note_batch(dataset, "b", BatchNote(state=BatchState.HELD, begun_at=samples.DAY, alarms=("all is odd",)))


def hold_more(dataset):
    """A third shard of the batch."""
    hold_shard(dataset, "third", [samples.outcome("raw/y.html")])


def release(dataset):
    """The batch enters the dataset."""
    held.release(dataset, "b")


def drop(dataset):
    """The batch is thrown away for good."""
    held.drop(dataset, "b")


def drop_to_clean_again(dataset):
    """The batch is forgotten."""
    held.drop(dataset, "b", clean_again=True)


SCENARIOS = {f.__name__: f for f in (hold_more, release, drop, drop_to_clean_again)}


def do(path, scenario):
    with Dataset.open(path, create=False) as dataset:
        dataset.sweep()
        held.tidy(dataset)
        SCENARIOS[scenario](dataset)


def forked(work, *arguments):
    child = os.fork()
    if child == 0:
        try:
            work(*arguments)
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def killed(path, scenario, number):
    """Do it in this process, and die before its step of that number."""
    passed = 0

    def step(_):
        nonlocal passed
        passed += 1
        if passed == number:
            os.kill(os.getpid(), signal.SIGKILL)

    with Dataset.open(path, create=False) as dataset:
        dataset.sweep()
        durable.step = step
        scenario(dataset)


def killed_before_each(folder, beginning, scenario, stride, *, first=1):
    """Do it whole in FOLDER/after, and in FOLDER/1, ... up to a kill before each stride-th step; print all steps."""
    beginning(folder / "before")
    shutil.copytree(folder / "before", folder / "after")
    steps = []
    with Dataset.open(folder / "after", create=False) as dataset:
        dataset.sweep()
        plain, durable.step = durable.step, steps.append
        scenario(dataset)
        durable.step = plain
    for number in range(first, len(steps) + 1, stride):
        shutil.copytree(folder / "before", folder / str(number))
        forked(killed, folder / str(number), scenario, number)
    print("\n".join(steps))


def main():
    folder, scenario, stride = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    killed_before_each(folder, begin, SCENARIOS[scenario], stride)


if __name__ == "__main__":
    main()
