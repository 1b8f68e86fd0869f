"""The two halves of a commit: rows written by any process, and taken up by the one that holds the lock."""

from __future__ import annotations

import errno
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import pytest

from newsclean.dataset import Carried, Dataset, durable, verify
from newsclean.dataset.staging import stage
from newsclean.errors import DatasetError


def staged(dataset, samples, shard_id, pages, **options):
    return stage(dataset.path, shard_id, pages, samples.sources(pages), samples.stamp(), **options)


def tmp(dataset):
    return sorted(path.name for path in (dataset.path / "_newsclean" / "tmp").iterdir())


def test_staged_rows_are_not_in_the_dataset_yet(dataset, samples):
    """What is staged waits outside the data folders, and is committed without its pages being seen again."""
    dataset.sweep()
    waiting = staged(dataset, samples, "s1", [samples.outcome(), samples.rejected()])
    assert tmp(dataset) == ["s1.articles.parquet", "s1.pages.parquet", "s1.removals.parquet"]
    assert samples.content(dataset)["pages"] == []
    dataset.commit_staged(waiting, samples.stamp())
    assert len(samples.content(dataset)["pages"]) == 2
    assert tmp(dataset) == []
    assert list(verify(dataset.path)) == []


def test_another_process_may_stage(dataset, samples):
    """A worker writes the rows; what it hands back is small and can be pickled."""
    dataset.sweep()
    pages = [samples.outcome(f"raw/{n}.html") for n in range(20)]
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting = pool.submit(stage, dataset.path, "s1", pages, samples.sources(pages), samples.stamp()).result()
    dataset.commit_staged(waiting, samples.stamp())
    assert list(verify(dataset.path)) == []


def test_staging_can_carry_and_replace(dataset, samples):
    """Rows of a committed shard are staged along, and that shard goes with the commit."""
    samples.commit(dataset, "a", [samples.outcome("raw/0.html"), samples.outcome("raw/1.html")])
    carried = Carried(shard_id="a", raw_paths=frozenset({"raw/0.html"}), is_current=False)
    waiting = staged(dataset, samples, "b", [samples.outcome("raw/1.html", text="again")], carry=[carried])
    record = dataset.commit_staged(waiting, samples.stamp(), replaces=["a"])
    assert [(source.raw_path, source.retry) for source in record.sources] == [
        ("raw/0.html", True),
        ("raw/1.html", False),
    ]
    assert list(verify(dataset.path)) == []


def test_a_sweep_between_the_halves_costs_the_shard_only(dataset, samples):
    """Staged rows that are gone when they are to be committed are an error, and no promise is made of them."""
    samples.commit(dataset, "a", [samples.outcome("raw/a.html")])
    waiting = staged(dataset, samples, "b", [samples.outcome("raw/b.html")])
    assert len(dataset.sweep().removed) == 3
    with pytest.raises(DatasetError, match=r"b\.\w+\.parquet: is not there as it was written, .*run again"):
        dataset.commit_staged(waiting, samples.stamp())
    assert tmp(dataset) == []
    assert list(dataset.records()) == ["a"]
    dataset.commit_staged(staged(dataset, samples, "b", [samples.outcome("raw/b.html")]), samples.stamp())
    assert list(verify(dataset.path)) == []


def test_staging_with_wrong_counts_leaves_nothing(dataset, samples):
    """What cannot be committed is not left lying."""
    dataset.sweep()
    page = samples.outcome()
    with pytest.raises(DatasetError, match="its outcomes are 1 pages"):
        stage(dataset.path, "s1", [page], [], samples.stamp())
    with pytest.raises(DatasetError, match="no shard gone to carry rows over from"):
        staged(dataset, samples, "s1", [page], carry=[Carried(shard_id="gone", raw_paths=frozenset(), is_current=True)])
    assert tmp(dataset) == []


# ---- size and time of raw files


def test_the_stat_of_an_unchanged_file_can_be_renewed(dataset, samples):
    """A file that was touched and has the same bytes gets its new time, and nothing else changes."""
    samples.commit(dataset, "a", [samples.outcome("raw/0.html"), samples.outcome("raw/1.html")])
    before = dataset.records()["a"]
    dataset.note_stats({"raw/1.html": (99, 123), "raw/unknown.html": (1, 1)})
    expected = replace(before, sources=(before.sources[0], replace(before.sources[1], size_bytes=99, mtime_ns=123)))
    assert dataset.records()["a"] == Dataset.open(dataset.path, create=False).records()["a"] == expected
    assert list(verify(dataset.path)) == []


@pytest.mark.parametrize(
    "name", ["write a.json.partial", "sync a.json.partial", "move a.json.partial to commits/a.json"]
)
def test_a_full_disk_leaves_the_record_whole(dataset, samples, monkeypatch, name):
    """A record that cannot be renewed stays what it was, and no half of another lies about."""
    samples.commit(dataset, "a", [samples.outcome("raw/0.html")])
    before = dataset.records()["a"]

    def step(found):
        if found == name:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(durable, "step", step)
    with pytest.raises(DatasetError, match="record of a was not renewed: the disk is full"):
        dataset.note_stats({"raw/0.html": (99, 123)})
    assert Dataset.open(dataset.path, create=False).records() == {"a": before}
    assert [path.name for path in (dataset.path / "_newsclean" / "commits").iterdir()] == ["a.json"]


def test_a_half_written_record_is_swept(dataset, samples):
    """What a kill left of a renewed record goes at the next sweep."""
    samples.commit(dataset, "a", [samples.outcome("raw/0.html")])
    (dataset.path / "_newsclean" / "commits" / "a.json.partial").write_bytes(b"{")
    assert dataset.sweep().removed == ("_newsclean/commits/a.json.partial",)
    assert list(dataset.records()) == ["a"]


def test_a_process_with_the_handle_shares_the_lock(dataset):
    """The lock's descriptor keeps others out for as long as anyone has it open."""
    shared = os.dup(dataset.lock_handle)
    dataset.close()
    with pytest.raises(DatasetError, match="is writing to this dataset"):
        dataset.sweep()
    os.close(shared)
    dataset.sweep()
