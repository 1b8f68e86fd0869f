"""Rows that are kept back: not in the dataset, not lost, and let in or dropped whole, wherever a kill comes."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from newsclean.dataset import BatchState, Dataset, held, verify
from newsclean.errors import DatasetError

# Every step with NEWSCLEAN_KILLS, else every fourth.
STRIDE = 1 if "NEWSCLEAN_KILLS" in os.environ else 4
SCRIPT = Path(__file__).with_name("held_steps.py")


@pytest.fixture(scope="session")
def steps(samples):
    sys.modules.setdefault("samples", samples)
    spec = importlib.util.spec_from_file_location("held_steps", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def path(tmp_path, steps):
    """A dataset with a batch `b` that is held."""
    steps.begin(tmp_path / "clean")
    return tmp_path / "clean"


def pages(path, samples):
    """Every page and what became of it: in the dataset, and in its batches."""
    dataset = Dataset.open(path, create=False)
    found = {
        "dataset": {row["raw_path"]: (row["articles"], row["reason"]) for row in dataset.iter_rows("pages")},
        "articles": sorted(map(repr, dataset.iter_rows("articles", ["raw_path", "segment", "body", "run_id"]))),
    }
    for batch in held.batches_of(dataset):
        with Dataset.open(batch.path, create=False) as rows:
            found[batch.batch_id] = {row["raw_path"] for row in rows.iter_rows("pages")}
    return found


def test_what_is_held_is_in_no_data_folder_and_known(path, samples):
    """A held shard is a dataset of its own: readers of the dataset see nothing of it, `held_paths` names its files."""
    dataset = Dataset.open(path, create=False)
    assert {row["raw_path"] for row in dataset.iter_rows("pages")} == {"raw/a.html", "raw/b.html", "raw/e.html"}
    assert held.held_paths(dataset) == {"raw/x.html", "raw/menu.html", "raw/a.html", "raw/b.html"}
    (batch,) = held.batches_of(dataset)
    assert (batch.batch_id, batch.pages, batch.articles) == ("b", 4, 4)
    assert batch.note.alarms == ("all is odd",)
    assert list(verify(path)) == []
    assert list(verify(batch.path)) == []


def test_a_release_is_as_if_the_rows_had_been_committed(path, samples, steps):
    """After a release the dataset has the batch's rows, in the place of those that they replace, and no batch."""
    steps.do(path, "release")
    found = pages(path, samples)
    assert set(found) == {"dataset", "articles"}
    assert found["dataset"] == {
        "raw/a.html": (1, None),
        "raw/b.html": (1, None),
        "raw/e.html": (2, None),
        "raw/x.html": (2, None),
        "raw/menu.html": (0, "listing"),
    }
    assert any("again" in row for row in found["articles"])
    assert list(verify(path)) == []
    assert not list((path / "_newsclean" / "held").iterdir())


def test_a_drop_leaves_each_page_one_outcome(path, samples, steps):
    """Dropped pages are rejections in the ledger, with the alarm as detail; pages with earlier rows keep those."""
    steps.do(path, "drop")
    found = pages(path, samples)
    assert found["dataset"] == {
        "raw/a.html": (1, None),
        "raw/b.html": (1, None),
        "raw/e.html": (2, None),
        "raw/x.html": (0, "dropped"),
        "raw/menu.html": (0, "listing"),
    }
    dataset = Dataset.open(path, create=False)
    details = {row["raw_path"]: row["detail"] for row in dataset.iter_rows("pages") if row["reason"] == "dropped"}
    assert details == {"raw/x.html": "dropped with batch b: all is odd"}
    sources = {one.raw_path: one for record in dataset.records().values() for one in record.sources}
    assert sources["raw/x.html"].dropped
    assert not sources["raw/a.html"].dropped
    assert list(verify(path)) == []


def test_a_drop_to_clean_again_forgets_the_pages(path, samples, steps):
    """With clean_again, nothing of the batch is left, and its files are new to the next run."""
    steps.do(path, "drop_to_clean_again")
    found = pages(path, samples)
    assert set(found["dataset"]) == {"raw/a.html", "raw/b.html", "raw/e.html"}
    assert held.held_paths(Dataset.open(path, create=False)) == frozenset()


@pytest.mark.parametrize("scenario", ["hold_more", "release", "drop", "drop_to_clean_again"])
def test_a_kill_before_any_step_loses_and_doubles_nothing(scenario, tmp_path, samples, steps):
    """After a SIGKILL at any step each page is somewhere, all is sound, and doing it again ends as it should."""
    command = [sys.executable, str(SCRIPT), str(tmp_path), scenario, str(STRIDE)]
    names = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split("\n")[:-1]
    wanted = pages(tmp_path / "after", samples)
    before = pages(tmp_path / "before", samples)
    assert wanted != before
    for number in range(1, len(names) + 1, STRIDE):
        path = tmp_path / str(number)
        with Dataset.open(path, create=False) as dataset:
            held.tidy(dataset)
        found = pages(path, samples)
        there = set(found["dataset"]) | found.get("b", set())
        gone = {"raw/x.html", "raw/menu.html"} if scenario == "drop_to_clean_again" else set()
        assert there >= set(before["dataset"]) | before["b"] - gone, f"lost before {names[number - 1]}"
        assert not [one for one in verify(path) if "cut short" not in one.message], names[number - 1]
        if found != wanted:
            steps.do(path, scenario)
        assert pages(path, samples) == wanted, f"not the same end after a kill before {names[number - 1]}"
        assert list(verify(path)) == []
        assert [one.name for one in (path / "_newsclean" / "held").iterdir()] == (["b"] if "b" in wanted else [])


def test_a_release_that_was_begun_cannot_be_dropped(path, steps):
    """Once a release is begun, a drop is refused with the way out, and `verify` names the batch."""
    with Dataset.open(path, create=False) as dataset:
        (batch,) = held.batches_of(dataset)
        held.note_batch(dataset, "b", replace(batch.note, state=BatchState.RELEASING))
        for again in (True, False):
            with pytest.raises(DatasetError, match="release it to the end"):
                held.drop(dataset, "b", clean_again=again)
    assert ["release b" in one.message for one in verify(path)] == [True]


def test_an_unknown_batch_is_named_with_the_known_ones(path):
    """A wrong id says which batches there are."""
    with Dataset.open(path, create=False) as dataset, pytest.raises(DatasetError, match="there are b"):
        held.release(dataset, "c")


def test_verify_finds_a_page_that_is_held_and_in_the_dataset(path, samples):
    """A page in two places is no accident that goes unseen."""
    with Dataset.open(path, create=False) as dataset:
        samples.commit(dataset, "double", [samples.outcome("raw/x.html")])
    assert any("held in batch b and in shard double" in one.message for one in verify(path))


def test_verify_looks_into_batches(path):
    """A damaged part of a batch is found as one of the dataset is."""
    part = next((path / "_newsclean" / "held" / "b" / "articles").iterdir())
    part.write_bytes(part.read_bytes()[:-1])
    assert any(part.name in one.where for one in verify(path))


def test_a_disk_without_links_gets_copies(path, samples, steps, monkeypatch):
    """Where the file system knows no hard links, a release copies."""

    def no_link(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", no_link)
    steps.do(path, "release")
    assert "raw/x.html" in pages(path, samples)["dataset"]
    assert list(verify(path)) == []
