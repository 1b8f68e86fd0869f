"""Compaction changes files, never rows, wherever it is stopped."""

from __future__ import annotations

import pytest

from newsclean.dataset import Dataset, durable, verify
from newsclean.dataset.compaction import compact, steps


class _Cut(BaseException):
    """Stands for the end of the process: nothing but the test may catch it."""


def fill(dataset, samples, shards=5):
    """Some shards of two pages each."""
    for number in range(shards):
        pages = [samples.outcome(f"raw/{number}-{page}.html", text=f"words {number}") for page in range(2)]
        samples.commit(dataset, f"shard-{number}", [*pages, samples.rejected(f"raw/{number}-menu.html")])


def rows(dataset):
    """All rows, whatever file they are in."""
    return {table: sorted(map(repr, dataset.iter_rows(table))) for table in ("articles", "pages", "removals")}


def test_rows_stay_and_files_become_few(dataset, samples):
    """Five shards become one: the same rows, sorted, in one file a table, and the dataset is sound."""
    fill(dataset, samples)
    before = rows(dataset)
    done = list(compact(dataset))
    assert [len(step.records) for step in done] == [5]
    assert rows(dataset) == before
    assert [len(list((dataset.path / table).iterdir())) for table in before] == [1, 1, 1]
    assert list(verify(dataset.path)) == []
    places = [row["raw_path"] for row in dataset.iter_rows("pages")]
    assert len(places) == 15
    (record,) = dataset.records().values()
    assert {source.raw_path for source in record.sources} == set(places)
    assert not any(source.retry for source in record.sources)


def test_a_second_time_there_is_nothing_to_do(dataset, samples):
    """What is compact stays as it is."""
    fill(dataset, samples)
    list(compact(dataset))
    assert steps(dataset) == []
    assert list(compact(dataset)) == []


def test_only_what_was_made_alike_comes_together(dataset, samples):
    """Shards of another version of the code, of profiles or of a language model stay apart."""
    fill(dataset, samples, shards=2)
    for name, change in (("a", {"code_sha256": "new"}), ("b", {"language_backend": "other"})):
        page = [samples.outcome(f"raw/{name}.html")]
        dataset.commit(f"other-{name}", page, samples.sources(page), samples.stamp(**change))
    assert [len(step.records) for step in steps(dataset)] == [2]


def test_files_come_near_the_size_wanted(dataset, samples):
    """A step takes no more than the target, and a file of more than half of it is left alone."""
    fill(dataset, samples, shards=6)
    sizes = [
        max(part.size_bytes for parts in record.parts.values() for part in parts)
        for record in dataset.records().values()
    ]
    assert [len(step.records) for step in steps(dataset, target_bytes=max(sizes) * 3)] == [3, 3]
    assert steps(dataset, target_bytes=min(sizes)) == []


def test_wherever_it_is_cut_off_no_row_is_lost_or_doubled(tmp_path, samples, monkeypatch):
    """Stopped before any of its steps on the disk, it has happened or it has not; the next run finishes it."""
    number = 0
    is_over = False
    while not is_over:
        number += 2
        with Dataset.open(tmp_path / str(number), create=True) as dataset:
            fill(dataset, samples, shards=2)
            before = rows(dataset)
            is_over = _cut_before(number, dataset, monkeypatch)
        with Dataset.open(tmp_path / str(number), create=True) as again:
            again.sweep()
            assert rows(again) == before
            list(compact(again))
            assert rows(again) == before
            assert len(again.records()) == 1
            assert list(verify(again.path)) == []
    assert number > 10


def _cut_before(number, dataset, monkeypatch):
    """Compact until step `number`; tell whether it came to its end before."""
    seen = 0

    def count(_):
        nonlocal seen
        seen += 1
        if seen == number:
            raise _Cut

    with monkeypatch.context() as patch:
        patch.setattr(durable, "step", count)
        try:
            list(compact(dataset))
        except _Cut:
            return False
    return True


@pytest.mark.slow
def test_a_run_after_it_finds_nothing_to_do(tmp_path, repository):
    """Compacted pages are known as clean: the next run leaves them alone, and a changed one is done anew."""
    import shutil

    import newsclean

    shutil.copytree(repository / "raw", tmp_path / "raw")
    for part in sorted((tmp_path / "raw").iterdir()):
        newsclean.clean(part, tmp_path / "clean", workers=0)
    with Dataset.open(tmp_path / "clean", create=False) as dataset:
        before = rows(dataset)
        assert len(dataset.records()) > 1
        list(compact(dataset))
        assert len(dataset.records()) == 1
    report = newsclean.clean(tmp_path / "raw", tmp_path / "clean", workers=0)
    assert report.state == "nothing_to_do"
    page = next((tmp_path / "raw").glob("*.txt"))
    page.write_bytes(page.read_bytes() + b"\n")
    assert newsclean.clean(tmp_path / "raw", tmp_path / "clean", workers=0).pages == 1
    with Dataset.open(tmp_path / "clean", create=False) as dataset:
        assert len(rows(dataset)["pages"]) == len(before["pages"])
    assert newsclean.verify(tmp_path / "clean") == []
