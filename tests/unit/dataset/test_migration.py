"""Older datasets are read as they are, brought up shard by shard, and written to only then; newer ones are refused."""

from __future__ import annotations

import json
from dataclasses import replace

import pyarrow.parquet as pq
import pytest

from newsclean.dataset import SCHEMA_VERSION, Dataset, SourceRecord, held, verify
from newsclean.dataset.compaction import compact
from newsclean.dataset.counts.measuring import measure
from newsclean.dataset.counts.overview import overview
from newsclean.dataset.export.exporting import Kind, export
from newsclean.dataset.export.selection import Selection
from newsclean.dataset.layout import TABLES
from newsclean.dataset.migrating import migrate, outdated
from newsclean.dataset.migrations import MIGRATIONS, brought_up
from newsclean.dataset.parquet.schema import SCHEMAS
from newsclean.dataset.staging import stage
from newsclean.errors import DatasetError, SchemaTooNew, SchemaTooOld


@pytest.fixture
def old(tmp_path, samples, old_layout):
    """The folder of a dataset of version 1, as its columns first were."""
    path = tmp_path / "clean"
    with Dataset.open(path, create=True) as dataset:
        samples.commit(dataset, "one", [samples.outcome(articles=2), samples.rejected()])
        samples.commit(dataset, "two", [samples.outcome("raw/b.html", text="again")])
    old_layout.age(path)
    return path


def without_new(rows):
    """Rows as they are without the columns that version 1 came to have."""
    new = MIGRATIONS[1].added["articles"]
    return [{name: value for name, value in row.items() if name not in new} for row in rows]


def test_every_version_has_its_step():
    """There is a way from each older version to the next, and it adds what there is as it may be."""
    assert sorted(MIGRATIONS) == list(range(1, SCHEMA_VERSION))
    for step in MIGRATIONS.values():
        for table, added in step.added.items():
            for name, value in added.items():
                assert value is not None or SCHEMAS[table].field(name).nullable


def test_an_older_dataset_is_read_as_it_is(old, old_layout):
    """All its rows are there; columns that it lacks are null, a list empty, alone and among others."""
    dataset = Dataset.open(old, create=False)
    assert dataset.form.schema_version == 1
    found = dataset.read("articles")
    assert found.schema.equals(SCHEMAS["articles"], check_metadata=True)
    assert found.num_rows == 3
    for row in found.to_pylist():
        assert [row[name] for name in old_layout.ADDED_IN_1] == [None, None, None, None, []]
        assert row["title"] == "Ferry is back"
    assert dataset.read("articles", ["license"]).to_pylist() == [{"license": None}] * 3
    assert dataset.read("articles", ["witnesses", "segment"]).to_pylist()[0] == {"witnesses": [], "segment": 0}
    assert [row["segment"] for row in dataset.rows_of("one", "articles", ["segment"])] == [0, 1]
    assert list(verify(old)) == []


def test_everything_that_reads_takes_an_older_dataset(old, tmp_path):
    """The report, the measures of alarms and exports with conditions on columns that are not there."""
    dataset = Dataset.open(old, create=False)
    assert overview(dataset).articles == 3
    assert sum(one.articles for one in measure(dataset, dataset.records().values()).sites.values()) == 3
    file = tmp_path / "out.jsonl"
    where = "license is null and coalesce(len(witnesses), 0) = 0 and segment = 0"
    export(old, file, Kind.JSONL, Selection(where=where))
    assert len(file.read_text().splitlines()) == 2


def test_files_of_version_1_may_have_some_of_its_columns(samples, tmp_path, old_layout):
    """While it was the version columns came one by one: what a file has is read, the rest is null."""
    path = tmp_path / "later"
    with Dataset.open(path, create=True) as dataset:
        samples.commit(dataset, "one", [samples.outcome()])
    old_layout.age(path, lacking=("witnesses",))
    [row] = Dataset.open(path, create=False).iter_rows("articles")
    assert (row["license"], row["witnesses"]) == ("https://license.example/by", [])
    assert list(verify(path)) == []


def test_a_column_that_was_always_there_may_not_be_lacking(old):
    """An older file is no excuse for a column that its version had."""
    part = old / "articles" / "part-one.parquet"
    table = pq.ParquetFile(part).read()
    pq.write_table(table.drop_columns(["title"]), part)
    with pytest.raises(DatasetError, match=r"part-one\.parquet: its columns are not those of articles"):
        Dataset.open(old, create=False).read("articles")


def test_no_row_of_today_comes_into_an_older_dataset(old, samples):
    """Who wants to write is told the command; nothing is changed, not even what is staged."""
    before = {path: path.stat().st_mtime_ns for path in old.rglob("*.*")}
    with pytest.raises(SchemaTooOld, match=rf"has schema version 1, .* first run newsclean migrate {old}"):
        Dataset.open(old, create=True)
    with Dataset.open(old, create=False) as dataset:
        with pytest.raises(SchemaTooOld, match="newsclean migrate"):
            samples.commit(dataset, "three", [samples.outcome("raw/c.html")])
        with pytest.raises(SchemaTooOld, match="newsclean migrate"):
            list(compact(dataset))
    assert {path: path.stat().st_mtime_ns for path in old.rglob("*.*")} == before


def test_migration_brings_up_every_shard(old, samples):
    """The rows are those of before, in files of today; then the dataset is written to like any other."""
    before = without_new(Dataset.open(old, create=False).iter_rows("articles"))
    with Dataset.open(old, create=False) as dataset:
        assert outdated(dataset) == ["one", "two"]
        sources = {name: record.sources for name, record in dataset.records().items()}
        assert list(migrate(dataset)) == ["one", "two"]
        assert outdated(dataset) == []
        assert {name: record.sources for name, record in dataset.records().items()} == sources
    assert json.loads((old / "_newsclean" / "dataset.json").read_bytes())["schema_version"] == SCHEMA_VERSION
    with Dataset.open(old, create=True) as dataset:
        assert without_new(dataset.iter_rows("articles")) == before
        assert {record.schema_version for record in dataset.records().values()} == {SCHEMA_VERSION}
        assert list(migrate(dataset)) == []
        samples.commit(dataset, "three", [samples.outcome("raw/c.html")])
    assert list(verify(old)) == []
    for table in TABLES:
        for path in (old / table).iterdir():
            assert pq.read_schema(path).equals(SCHEMAS[table], check_metadata=True)


def test_readers_are_not_disturbed(old):
    """A file that is open stays readable; by the records all rows are there between any two shards."""
    names = sorted((old / "articles").iterdir())
    opened = [pq.ParquetFile(path) for path in names]
    with Dataset.open(old, create=False) as dataset:
        for _ in migrate(dataset):
            reader = Dataset.open(old, create=False)
            assert reader.read("articles").num_rows == 3
            assert list(verify(old)) == []
    assert sum(file.read().num_rows for file in opened) == 3
    assert sorted((old / "articles").iterdir()) == names


def test_a_half_migrated_dataset_is_an_old_one(old, samples):
    """Until the last shard is done nothing else is written; the next call does what is left."""
    with Dataset.open(old, create=False) as dataset:
        next(iter(migrate(dataset)))
        assert outdated(dataset) == ["two"]
    with pytest.raises(SchemaTooOld):
        Dataset.open(old, create=True)
    with Dataset.open(old, create=False) as dataset:
        assert list(migrate(dataset)) == ["two"]
    with Dataset.open(old, create=True) as dataset:
        assert dataset.read("articles").num_rows == 3


def test_what_is_held_back_is_migrated_too(tmp_path, samples, old_layout):
    """A batch of an older version can be released after the migration, and holds today's columns then."""
    path = tmp_path / "clean"
    note = held.BatchNote(state=held.BatchState.HELD, begun_at=samples.DAY)
    pages = [samples.outcome("raw/x.html")]
    with Dataset.open(path, create=True) as dataset:
        dataset.sweep()
        samples.commit(dataset, "one", [samples.outcome()])
        staged = stage(path, "new", iter(pages), samples.sources(pages), samples.stamp())
        with held.open_batch(dataset, "b", note) as batch:
            held.hold_staged(dataset, batch, staged, samples.stamp())
    old_layout.age(path)
    assert list(verify(path)) == []
    with Dataset.open(path, create=False) as dataset:
        assert sorted(outdated(dataset)) == ["new", "one"]
        assert list(migrate(dataset)) == ["new", "one"]
        held.release(dataset, "b")
        assert {record.form.schema_version for record in dataset.records().values()} == {SCHEMA_VERSION}
    assert list(verify(path)) == []


def test_a_newer_dataset_is_refused(old):
    """What a later newsclean wrote is not guessed at, by whatever command."""
    marker = old / "_newsclean" / "dataset.json"
    marker.write_text(json.dumps({"format": "newsclean dataset", "schema_version": SCHEMA_VERSION + 1}))
    for create in (True, False):
        with pytest.raises(SchemaTooNew, match="use a newer newsclean"):
            Dataset.open(old, create=create)


def test_a_record_of_version_1_has_the_form_of_its_time():
    """One file a table becomes a list of one; the form says that its columns are old, whatever is chosen today."""
    part = {"file": "pages/part-a.parquet", "rows": 1, "size_bytes": 2, "sha256": "ab"}
    found = brought_up({"parts": {"pages": part}, "schema_version": 1}, 1)
    assert found == {"parts": {"pages": [part]}, "form": {"schema_version": 1}, "schema_version": SCHEMA_VERSION}


def test_a_renewed_record_of_an_older_shard_still_says_what_its_files_are(old):
    """A record that is written again tells of old files in the form of today."""
    with Dataset.open(old, create=False) as dataset:
        dataset.note_stats({"raw/a.html": (1, 2)})
    record = Dataset.open(old, create=False).records()["one"]
    assert (record.schema_version, record.form.schema_version) == (SCHEMA_VERSION, 1)
    assert isinstance(record.sources[0], SourceRecord)
    assert list(verify(old)) == []
    assert replace(record, sources=()).parts_of("removals")[0].rows == 4
