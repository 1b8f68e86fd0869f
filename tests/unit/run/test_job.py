"""The main job in pieces: whoever calls them, and however often, the rows are those of `clean`."""

from __future__ import annotations

import pickle

import pytest

import newsclean
from newsclean.errors import DatasetError

PAGE = """<!doctype html><html lang="en"><head><title>Ferry {n} is back</title></head><body><h1>Ferry {n} is back</h1>
<article><p>The harbour master of Lowmark said on Monday that ferry {n} would sail again before the week was out.</p>
<p>Nobody on the island had expected the old ship to be back before the spring tide, and many came to see it.</p>
<p>The ferry takes forty minutes to the mainland, and has done so since it was built more than sixty years ago.</p>
</article></body></html>"""
OWN_TO_A_RUN = ("run_id", "cleaned_at", "cpu_ms")


@pytest.fixture
def raw(tmp_path):
    """Pages for two shards."""
    folder = tmp_path / "raw"
    folder.mkdir()
    for n in range(26):
        (folder / f"{n:02}.html").write_text(PAGE.format(n=n) if n % 5 else "<p>short</p>")
    return folder


def rows(path):
    from newsclean.dataset import TABLES, Dataset

    dataset = Dataset.open(path, create=False)
    found = {}
    for table in TABLES:
        found[table] = [
            {name: value for name, value in row.items() if name not in OWN_TO_A_RUN} for row in dataset.iter_rows(table)
        ]
        found[table].sort(key=repr)
    return found


def plan(raw, output):
    return newsclean.plan(raw, output, language_backend="langdetect")


def elsewhere(job, shard):
    """Clean a shard as another machine would: from bytes, in a folder of its own."""
    function, task = pickle.loads(pickle.dumps((job.run_shard, shard)))
    return pickle.loads(pickle.dumps(function(task)))


def test_the_rows_are_those_of_a_local_run(raw, tmp_path, monkeypatch):
    """Shards done anywhere, some twice and one committed twice: each is in once, and nothing is left over."""
    newsclean.clean(raw, tmp_path / "here", workers=0, language_backend="langdetect")
    monkeypatch.chdir(tmp_path)
    with plan("raw", "there") as job:
        shards = job.shards
        assert len(shards) == 2
        monkeypatch.chdir("/")
        attempts = [elsewhere(job, shard) for shard in (*shards, shards[0])]
        monkeypatch.chdir(tmp_path)
        for attempt in attempts:
            job.commit(attempt)
    assert (job.report.state, job.report.pages, job.report.shards) == ("done", 26, 2)
    assert [path.name for path in (tmp_path / "there" / "_newsclean" / "tmp").iterdir()] == []
    assert rows(tmp_path / "there") == rows(tmp_path / "here")
    assert newsclean.verify(tmp_path / "there") == []


def test_what_is_not_committed_is_done_by_the_next_run(raw, tmp_path):
    """A job that ends early keeps what it has committed; the next one, of whatever kind, does the rest."""
    with plan(raw, tmp_path / "clean") as job:
        job.commit(job.run_shard(job.shards[0]))
    assert (job.report.state, job.report.shards) == ("interrupted", 1)
    report = newsclean.clean(raw, tmp_path / "clean", workers=0, language_backend="langdetect")
    assert (report.shards, report.dataset_pages) == (1, 26)
    with plan(raw, tmp_path / "clean") as job:
        assert job.shards == []
    assert job.report.state == "nothing_to_do"


def test_an_error_on_the_way_is_raised_where_it_is_committed(raw, tmp_path):
    """What kept a shard from its rows travels back, and is an error of ours; the dataset is as before."""
    with plan(raw, tmp_path / "clean") as job:
        tmp = tmp_path / "clean" / "_newsclean" / "tmp"
        tmp.rename(tmp.with_name("away"))
        attempt = elsewhere(job, job.shards[0])
        tmp.with_name("away").rename(tmp)
        with pytest.raises(DatasetError, match="was not written"):
            job.commit(attempt)
        with pytest.raises(RuntimeError, match="when its block is left"):
            _ = job.report
    assert job.report.shards == 0
