"""Script: take a commit apart into its steps, and kill a process before each of them with SIGKILL.

    kill_steps.py FOLDER SCENARIO [sweep]

leaves FOLDER/before and FOLDER/after, the dataset before the commit and after a whole one, and
FOLDER/1, FOLDER/2, ...: the dataset after a kill before the first, the second, ... step. With
`sweep`, FOLDER/N-M are those that were then swept by a process killed before its step M. Last, it
prints the names of the commit's steps, one a line.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from dataclasses import replace
from pathlib import Path

import samples

import newsclean.dataset.parquet.writer  # noqa: F401  # pyarrow once, before the forks
from newsclean.dataset import Dataset, FormChoice, durable


def one(name, text="first words", **changes):
    return samples.outcome(f"raw/{name}.html", text=text, **changes)


def first(dataset):
    """The first shard of a dataset."""
    samples.commit(dataset, "new", [one("x", articles=2), samples.rejected()])


def another(dataset):
    """A shard beside others, without removals."""
    samples.commit(dataset, "new", [one("x", removals=())])


def without_articles(dataset):
    """A shard that has pages only."""
    samples.commit(dataset, "new", [samples.rejected("raw/x.html")])


def again(dataset):
    """A shard under its own id, with other rows and a table less."""
    samples.commit(dataset, "old", [one("a", "again", removals=()), one("b", removals=())], "run-2")


def again_with_carry(dataset):
    """A shard under its own id, one of its files cleaned anew."""
    carry = [("old", frozenset({"raw/b.html"}))]
    samples.commit(dataset, "old", [one("a", "again")], "run-2", carry=carry)


def replaced(dataset):
    """A shard in the place of two others, with rows of both."""
    carry = [("old", frozenset({"raw/a.html"})), ("older", frozenset({"raw/d.html"}))]
    pages = [one("b", "again"), one("c", "again")]
    samples.commit(dataset, "new", pages, "run-2", replaces=["old", "older"], carry=carry)


def back(dataset):
    """A shard in the place of the one that once took its own."""
    pages = [one("a", "again"), one("b", "again")]
    samples.commit(dataset, "oldest", pages, "run-2", replaces=["old"])


def moved(dataset):
    """A shard under its own id, with rows that go to other folders, beside some that stay where they are."""
    carry = [("old", frozenset({"raw/b.html"}))]
    pages = [of_site("a", "other.example"), of_site("y", "example.org"), of_site("z", None)]
    samples.commit(dataset, "old", pages, "run-2", carry=carry)


def of_site(name, site):
    found = one(name, "again")
    return replace(found, site=site, articles=(replace(found.articles[0], site=site),))


SCENARIOS = {f.__name__: f for f in (first, another, without_articles, again, again_with_carry, replaced, back, moved)}
CHOICES = {"moved": FormChoice(partition_by="site")}


def begin(dataset, scenario):
    """What is in the dataset before the scenario."""
    if scenario != "first":
        samples.commit(dataset, "oldest", [one("a", "once"), one("b", "once")])
        samples.commit(dataset, "old", [one("a"), one("b")], replaces=["oldest"])
        samples.commit(dataset, "older", [one("c"), one("d", articles=2)])
        samples.commit(dataset, "other", [one("e")])
    if scenario == "moved":
        samples.commit(dataset, "old", [of_site("a", "gone.example"), one("b")])


def forked(work, *arguments):
    """Run `work` in a forked process and return whether it came to its end."""
    child = os.fork()
    if child == 0:
        work(*arguments)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if not (status == 0 or os.WIFSIGNALED(status)):
        sys.exit(f"a child failed with status {status}")
    return status == 0


def kill_before(number, names=None):
    """Let the step of that number be the last thing that this process hears of."""
    passed = []

    def step(name):
        passed.append(name)
        if names is not None:
            names.write_text("\n".join(passed))
        if len(passed) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    durable.step = step


def commit_cut(folder, number, scenario):
    shutil.copytree(folder.parent / "before", folder)
    with Dataset.open(folder, create=True) as dataset:
        dataset.sweep()
        kill_before(number, folder.parent / "steps")
        SCENARIOS[scenario](dataset)


def sweep_cut(folder, origin, number):
    shutil.copytree(origin, folder)
    with Dataset.open(folder, create=True) as dataset:
        kill_before(number)
        dataset.sweep()


def main(base, scenario, *more):
    with Dataset.open(base / "before", create=True, choice=CHOICES.get(scenario)) as dataset:
        begin(dataset, scenario)
    shutil.copytree(base / "before", base / "after")
    with Dataset.open(base / "after", create=True) as dataset:
        SCENARIOS[scenario](dataset)
    number = 1
    while not forked(commit_cut, base / str(number), number, scenario):
        inner = 1
        while more and not forked(sweep_cut, base / f"{number}-{inner}", base / str(number), inner):
            inner += 1
        number += 1
    shutil.rmtree(base / str(number))
    sys.stdout.write((base / "steps").read_text() + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
