"""Kill it anywhere, fill the disk anywhere: the dataset is as before the commit, or as after it."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from newsclean.dataset import Dataset, Sweep, durable, verify
from newsclean.errors import DatasetError

SCRIPT = Path(__file__).with_name("kill_steps.py")
SCENARIOS = ["first", "another", "without_articles", "again", "again_with_carry", "replaced", "back", "moved"]


def cut(folder, scenario, *more):
    """The names of a commit's steps, after a process was killed before each of them."""
    command = [sys.executable, str(SCRIPT), str(folder), scenario, *more]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split("\n")[:-1]


def swept(path):
    """What a sweep does at `path`."""
    with Dataset.open(path, create=True) as dataset:
        return dataset.sweep()


def state(path, samples):
    """All rows of a dataset, by way of its records."""
    return samples.content(Dataset.open(path, create=False))


def files(path):
    """All files of a dataset but the lock, and the folder of reports."""
    return {file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file() and file.name != "lock"}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_kill_before_any_step_leaves_before_or_after(scenario, tmp_path, samples):
    """After a SIGKILL at any step and a sweep, the commit happened whole or not at all, and stays so."""
    steps = cut(tmp_path, scenario)
    before, after = (state(tmp_path / name, samples) for name in ("before", "after"))
    assert before != after
    became = []
    for number in range(1, len(steps) + 1):
        path = tmp_path / str(number)
        swept(path)
        found = state(path, samples)
        assert found in (before, after), f"torn by a kill before {steps[number - 1]}"
        became.append(found == after)
        assert files(path) == files(tmp_path / ("after" if found == after else "before"))
        assert list(verify(path)) == []
        assert swept(path) == Sweep()
    decided = next(at for at, name in enumerate(steps) if name.startswith("move") and name.endswith(".json")) + 1
    assert became == [False] * decided + [True] * (len(steps) - decided)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["again_with_carry", "replaced"])
def test_a_kill_before_any_step_of_a_sweep_changes_nothing(scenario, tmp_path, samples):
    """A sweep that is itself killed, at any step, leaves the next one to end as if it had not been."""
    cut(tmp_path, scenario, "sweep")
    ends = [state(tmp_path / name, samples) for name in ("before", "after")]
    twice = [path for path in tmp_path.iterdir() if "-" in path.name]
    assert len(twice) > 50
    for path in twice:
        number = path.name.partition("-")[0]
        swept(tmp_path / number)
        swept(path)
        found = state(path, samples)
        assert found in ends
        assert found == state(tmp_path / number, samples)
        assert list(verify(path)) == []


def test_every_name_is_on_the_disk_after_its_bytes(dataset, samples, monkeypatch):
    """A power cut loses what was not waited for: each file is synced before it is moved, each folder after."""
    samples.commit(dataset, "a", [samples.outcome()])
    steps = []
    monkeypatch.setattr(durable, "step", steps.append)
    samples.commit(dataset, "b", [samples.outcome()], replaces=["a"])
    for table in ("articles", "pages", "removals"):
        order = [f"sync b.{table}.parquet", f"move b.{table}.parquet to {table}/part-b.parquet", f"sync {table}/"]
        assert order == [step for step in steps if step in order]
    order = [
        "sync tmp/",
        "sync b.json.partial",
        "move b.json.partial to tmp/b.json",
        "sync tmp/",
        "sync articles/",
        "move b.json to commits/b.json",
        "sync commits/",
        "sync tmp/",
        "remove pages/part-a.parquet",
        "remove commits/a.json",
    ]
    assert order == [step for step in steps if step in order][: len(order)]


# ---- a full disk


def fill_disk(monkeypatch, number):
    """Let the step of that number, and no other, find the disk full."""
    passed = []

    def step(name):
        passed.append(name)
        if len(passed) == number:
            raise OSError(errno.ENOSPC, "No space left on device", name)

    monkeypatch.setattr(durable, "step", step)
    return passed


def replace_shard(dataset, samples):
    carry = [("a", frozenset({"raw/1.html"}))]
    samples.commit(dataset, "b", [samples.outcome("raw/0.html", text="again")], replaces=["a"], carry=carry)


def steps_of(dataset, samples, monkeypatch):
    """How many steps the replacing commit has, found out on a dataset of its own."""
    passed = fill_disk(monkeypatch, 0)
    replace_shard(dataset, samples)
    monkeypatch.undo()
    return len(passed)


def test_a_full_disk_at_any_step_touches_nothing_committed(tmp_path, samples, monkeypatch):
    """Until the commit is decided a full disk leaves the dataset as it was; from then on it is finished later."""
    with Dataset.open(tmp_path / "before", create=True) as dataset:
        samples.commit(dataset, "a", [samples.outcome(f"raw/{n}.html") for n in range(2)])
    before = state(tmp_path / "before", samples)
    shutil.copytree(tmp_path / "before", tmp_path / "after")
    with Dataset.open(tmp_path / "after", create=True) as dataset:
        dataset.sweep()
        count = steps_of(dataset, samples, monkeypatch)
    became = []
    for number in range(1, count + 1):
        path = tmp_path / str(number)
        shutil.copytree(tmp_path / "before", path)
        with Dataset.open(path, create=True) as dataset:
            dataset.sweep()
            fill_disk(monkeypatch, number)
            with pytest.raises(DatasetError, match=r"shard b .*: the disk is full \(.*; free some space and run again"):
                replace_shard(dataset, samples)
            monkeypatch.undo()
            decided = any((path / "_newsclean" / folder / "b.json").exists() for folder in ("tmp", "commits"))
            became.append(decided)
            if not decided:
                assert files(path) == files(tmp_path / "before")
                assert state(path, samples) == before
                replace_shard(dataset, samples)
        swept(path)
        assert state(path, samples) == state(tmp_path / "after", samples)
        assert list(verify(path)) == []
    assert became == sorted(became)
    assert became.count(False) > 10
    assert became.count(True) > 5


def test_the_next_commit_finishes_an_undone_one(dataset, samples, monkeypatch):
    """Where a decided commit could not be put in place, the next commit does that first."""
    samples.commit(dataset, "a", [samples.outcome("raw/0.html"), samples.outcome("raw/1.html")])
    monkeypatch.setattr(durable, "move", failing(durable.move, "pages"))
    monkeypatch.setattr("newsclean.dataset.recovery.move", failing(durable.move, "pages"))
    with pytest.raises(
        DatasetError, match=r"is written, but not in place yet: Input/output error.*the next run finishes"
    ):
        replace_shard(dataset, samples)
    monkeypatch.undo()
    assert next(verify(dataset.path)).message == "a commit that was cut short; the next run finishes it"
    samples.commit(dataset, "c", [samples.outcome("raw/2.html")])
    assert set(dataset.records()) == {"b", "c"}
    assert list(verify(dataset.path)) == []


def failing(move, folder):
    def moved(source, target):
        if target.parent.name == folder:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(target))
        move(source, target)

    return moved


LIMITED = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import samples
from newsclean.dataset import Dataset
from newsclean.errors import DatasetError
pages = [samples.outcome(f"raw/{n}.html", text=samples.sha256(str(n)) * 20) for n in range(300)]
with Dataset.open(sys.argv[1], create=True) as dataset:
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))
    try:
        samples.commit(dataset, "s1", pages)
    except DatasetError as error:
        print(error)
"""


def test_a_write_that_fails_inside_arrow_is_told_and_cleaned_up(tmp_path):
    """A real failure in the middle of a Parquet file is a DatasetError with its cause, and leaves nothing."""
    command = [sys.executable, "-c", LIMITED, str(tmp_path / "clean"), str(SCRIPT.parent)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    assert "shard s1 was not written" in told
    assert "File too large" in told
    assert files(tmp_path / "clean") == {"_newsclean/dataset.json"}


# ---- what a sweep takes and leaves


def test_a_sweep_removes_what_no_record_names(dataset, samples):
    """Parts of our naming without a record go; files of others stay, wherever they lie."""
    samples.commit(dataset, "a", [samples.outcome()])
    kept = ["articles/mine.parquet", "articles/part-x.parquet.bak", "pages/part-.parquet", "_newsclean/tmp/note.txt"]
    gone = ["articles/part-x.parquet", "removals/part-y.parquet", "_newsclean/tmp/x.pages.parquet"]
    gone += ["_newsclean/tmp/x.json.partial"]
    for name in kept + gone:
        (dataset.path / name).write_bytes(b"torn")
    assert dataset.sweep() == Sweep(removed=tuple(sorted(gone)))
    assert set(kept) <= files(dataset.path)
    assert not set(gone) & files(dataset.path)


def test_a_sweep_removes_a_table_that_the_record_does_not_name(dataset, samples):
    """A part of a committed shard that its record does not name goes too."""
    samples.commit(dataset, "a", [samples.rejected()])
    (dataset.path / "articles" / "part-a.parquet").write_bytes(b"torn")
    assert dataset.sweep().removed == ("articles/part-a.parquet",)


def test_a_sweep_names_damaged_shards_and_leaves_them(dataset, samples):
    """A committed part that is gone or cut is told, and the rest of the shard is not thrown after it."""
    for name in "abc":
        samples.commit(dataset, name, [samples.outcome(f"raw/{name}.html")])
    (dataset.path / "articles" / "part-a.parquet").unlink()
    os.truncate(dataset.path / "pages" / "part-b.parquet", 100)
    assert dataset.sweep() == Sweep(damaged=("a", "b"))
    samples.commit(dataset, "a", [samples.outcome("raw/a.html")])
    assert dataset.sweep() == Sweep(damaged=("b",))


def test_an_unkept_promise_is_an_error(dataset, samples):
    """A decided commit whose parts were taken away cannot be finished: the error names the record."""
    record = samples.commit(dataset, "a", [samples.outcome()])
    commits, tmp = dataset.path / "_newsclean" / "commits", dataset.path / "_newsclean" / "tmp"
    (commits / "a.json").rename(tmp / "a.json")
    (dataset.path / record.parts["pages"][0].file).write_bytes(b"other")
    with pytest.raises(DatasetError, match=r"tmp/a\.json: names pages/part-a\.parquet, .* delete this record"):
        dataset.sweep()


def test_parts_on_another_disk_are_refused(dataset, monkeypatch):
    """A data folder that a rename cannot reach is refused before anything is written."""
    real = Path.stat

    def stat(path, **options):
        found = real(path, **options)
        return os.stat_result((*found[:2], found.st_dev + 1, *found[3:])) if path.name == "pages" else found

    monkeypatch.setattr(Path, "stat", stat)
    with pytest.raises(
        DatasetError, match=r"pages: lies on another disk than .*tmp.*move the whole dataset to one disk"
    ):
        dataset.sweep()
