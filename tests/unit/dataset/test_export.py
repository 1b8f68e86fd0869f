"""Export: the rows that were asked for, all of them and with their values, in every form; whole or not at all."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from newsclean.cli.main import cli
from newsclean.dataset import Dataset
from newsclean.dataset.export.card import COLUMN_NOTES
from newsclean.dataset.export.exporting import Kind, Selection, export
from newsclean.dataset.export.selection import Chosen
from newsclean.dataset.parquet.schema import ARTICLES
from newsclean.errors import ConfigError, DatasetError
from newsclean.model import LanguageTag, Moment, Precision

DAY = dt.datetime(2024, 5, 6, tzinfo=dt.UTC)
HOSTILE = 'A "quoted", title\nwith | bars, `ticks`, </script> and 渡轮 🛳 \u202eevil'


def page(samples, name, *, language="en", day=0, hour=0, **changes):
    made = samples.outcome(f"raw/{name}", text=f"number {name}", removals=())
    article = made.articles[0]
    published = Moment(at=DAY + dt.timedelta(days=day), precision=Precision.SECOND)
    article = replace(
        article,
        language=LanguageTag(language=language, confidence=0.5, source="test", declared=None),
        provenance=replace(article.provenance, fetched_at=DAY + dt.timedelta(hours=hour)),
        **({"published": published} | changes),
    )
    return samples.told(replace(made, articles=(article,)))


@pytest.fixture(scope="module")
def clean(tmp_path_factory, samples):
    """Two shards: English and Norwegian articles, one in two texts, two copies of a text, one with a hostile title."""
    from newsclean.run.deduping import find_copies

    copied = "The ferry is back, the harbour master of Lowmark said on Monday, after two winters without it."
    path = tmp_path_factory.mktemp("export") / "clean"
    sha256 = samples.sha256(copied)
    with Dataset.open(path, create=True) as dataset:
        first = [
            page(samples, "1", title=HOSTILE, site="a`|b.example", robots="noai"),
            page(samples, "2", language="no", day=1),
            page(samples, "old", article_id="f" * 32, hour=1, title="Old headline"),
            page(samples, "copy", body=copied, body_sha256=sha256, day=9),
        ]
        second = [
            page(samples, "new", article_id="f" * 32, hour=2, title="New headline"),
            page(samples, "original", body=copied, body_sha256=sha256, day=3),
            page(samples, "3", day=4, byline=None, captions=(), dateline=None, topics=(), published=None, title=""),
        ]
        samples.commit(dataset, "one", first)
        samples.commit(dataset, "two", second)
    find_copies(path, method="exact", workers=0)
    return path


@pytest.fixture(scope="module")
def rows(clean):
    return list(Dataset.open(clean, create=False).iter_rows("articles"))


def exported(clean, tmp_path, **chosen):
    """The raw paths of what is exported."""
    target = tmp_path / "out.jsonl"
    done = export(clean, target, Kind.JSONL, Selection(**chosen), overwrite=True)
    found = [json.loads(line)["raw_path"].removeprefix("raw/") for line in target.read_text().splitlines()]
    assert done.rows == len(found)
    return found


def plain(row):
    """A row as JSON has it."""
    return {k: v.isoformat().replace("+00:00", "Z") if isinstance(v, dt.datetime) else v for k, v in row.items()}


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        ({}, {"1", "2", "old", "new", "copy", "original", "3"}),
        ({"languages": ("no",)}, {"2"}),
        ({"languages": ("no", "xx")}, {"2"}),
        ({"latest": True}, {"1", "2", "new", "copy", "original", "3"}),
        ({"dedup": True}, {"1", "2", "old", "new", "original", "3"}),
        ({"where": "title = 'Old headline'"}, {"old"}),
        ({"where": "title = 'Old headline'", "latest": True}, set()),
        ({"where": "published_at >= '2024-05-10' -- late ones", "dedup": True}, {"copy"}),
        ({"where": "word_count > (select avg(word_count) from (values (1)) as t(word_count))"}, None),
        ({"languages": ("en",), "where": "robots is null", "latest": True, "dedup": True}, set()),
    ],
)
def test_selections(clean, tmp_path, chosen, names):
    """The latest text first, then language and condition, then one row a story of what is left."""
    found = exported(clean, tmp_path, **chosen)
    if names is not None:
        assert set(found) == names
        assert len(found) == len(names)


def test_the_selections_are_the_views(clean, tmp_path):
    """--latest and --dedup choose the rows that the SQL views have."""
    import duckdb

    from newsclean.dedup.stories import latest_sql, stories_sql

    with duckdb.connect() as connection:
        connection.execute(latest_sql(str(clean)) + stories_sql(str(clean)))
        for view, option in (("latest", "latest"), ("stories", "dedup")):
            found = {path.removeprefix("raw/") for (path,) in connection.sql(f"select raw_path from {view}").fetchall()}
            assert found == set(exported(clean, tmp_path, **{option: True}))


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_json_lines_hold_every_value(clean, rows, tmp_path, suffix):
    """Each row is an object with all columns; times are ISO 8601 in UTC."""
    target = tmp_path / f"out.jsonl{suffix}"
    export(clean, target, Kind.JSONL, Selection())
    content = gzip.decompress(target.read_bytes()) if suffix else target.read_bytes()
    assert [json.loads(line) for line in content.decode().splitlines()] == [plain(row) for row in rows]


def test_csv_holds_every_value(clean, rows, tmp_path):
    """Lists and structures are JSON texts; an empty text and no text are told apart."""
    target = tmp_path / "out.csv"
    export(clean, target, Kind.CSV, Selection())
    with target.open(newline="") as file:
        found = list(csv.DictReader(file))
    assert [row["title"] for row in found] == [row["title"] for row in rows]
    assert [json.loads(row["captions"]) for row in found] == [row["captions"] for row in rows]
    assert [json.loads(row["dateline"] or "null") for row in found] == [row["dateline"] for row in rows]
    assert [row["published_at"] or None for row in found] == [plain(row)["published_at"] for row in rows]
    text = target.read_text()
    assert ',"",' in text
    assert ",," in text


def test_columns_are_chosen_in_order(clean, tmp_path):
    """Only the columns that are named, as they are named, whatever the condition is about."""
    target = tmp_path / "out.csv"
    export(clean, target, Kind.CSV, Selection(columns=("title", "raw_path"), where="language = 'no'"))
    assert target.read_text() == '"title","raw_path"\n"Ferry is back","raw/2"\n'


def test_hugging_face_loads_the_folder(clean, rows, tmp_path, monkeypatch):
    """load_dataset takes the folder as it is, with the same rows; the card's head is sound and its counts are right."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_DATASETS_DISABLE_PROGRESS_BARS", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    import datasets
    import yaml

    target = tmp_path / "hf"
    export(clean, target, Kind.HF, Selection(where="1 = 1"), license_id="cc-by-4.0")
    found = datasets.load_dataset(str(target), split="train", cache_dir=str(tmp_path / "cache"))
    assert list(found) == rows
    _, head, text = (target / "README.md").read_text().split("---\n", 2)
    facts = yaml.safe_load(head)
    assert facts["language"] == ["en", "no"]
    assert (facts["license"], facts["size_categories"]) == ("cc-by-4.0", ["n<1K"])
    assert "7 articles" in text
    assert "where `1 = 1`" in text
    assert "| `a'/b.example` | 1 |" in text
    assert "| `noai` |" in text


def test_a_large_export_is_parted(clean, rows, tmp_path, monkeypatch):
    """Files hold a number of rows each, and are named by how many there are; none is an empty one."""
    monkeypatch.setattr("newsclean.dataset.export.exporting._SHARD_ROWS", 3)
    monkeypatch.setattr("newsclean.dataset.parquet.reader._BATCH_ROWS", 2)
    import pyarrow.parquet as pq

    export(clean, tmp_path / "hf", Kind.HF, Selection())
    files = sorted((tmp_path / "hf" / "data").iterdir())
    assert [file.name for file in files] == ["train-00000-of-00002.parquet", "train-00001-of-00002.parquet"]
    assert [row for file in files for row in pq.read_table(file).to_pylist()] == rows
    export(clean, tmp_path / "none", Kind.HF, Selection(languages=("xx",)))
    (file,) = (tmp_path / "none" / "data").iterdir()
    assert pq.read_table(file).schema.equals(ARTICLES)


def test_delta_lake(clean, rows, tmp_path):
    """The table has the rows; writing it anew adds a version, and the old one can still be read."""
    deltalake = pytest.importorskip("deltalake")
    target = tmp_path / "delta"
    export(clean, target, Kind.DELTA, Selection())
    export(clean, target, Kind.DELTA, Selection(languages=("no",)), overwrite=True)
    import pyarrow as pa

    assert pa.table(deltalake.DeltaTable(target).to_pyarrow_table()).num_rows == 1
    old = pa.table(deltalake.DeltaTable(target, version=0).to_pyarrow_table()).to_pylist()
    assert sorted(old, key=str) == sorted(rows, key=str)


def test_duckdb(clean, rows, tmp_path):
    """The database has the tables articles and clusters, with lists and structures."""
    import duckdb

    export(clean, tmp_path / "news.duckdb", Kind.DUCKDB, Selection(latest=True))
    with duckdb.connect(str(tmp_path / "news.duckdb"), read_only=True) as connection:
        assert connection.sql("select count(*) from articles").fetchall() == [(6,)]
        assert connection.sql("select captions[1].text from articles where raw_path = 'raw/1'").fetchall() == [
            ("The pier",)
        ]
        assert connection.sql("select count(*) from clusters").fetchall() == [(len(rows),)]


@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_there_is_not_overwritten(clean, tmp_path, kind):
    """Only --overwrite replaces a file or folder; an empty folder may be used."""
    target = tmp_path / "there"
    target.mkdir()
    export(clean, target, Kind.HF, Selection())
    before = sorted(target.rglob("*"))
    with pytest.raises(ConfigError, match="is there already"):
        export(clean, target, kind, Selection())
    assert sorted(target.rglob("*")) == before


def test_a_failed_export_leaves_nothing(clean, tmp_path):
    """Where the disk refuses, the error says so, and neither target nor a part of it is there."""
    with pytest.raises(DatasetError, match="was not written"):
        export(clean, tmp_path / ("x" * 300), Kind.JSONL, Selection())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", [Kind.JSONL, Kind.CSV, Kind.HF])
def test_an_export_cut_in_the_middle_leaves_nothing(clean, tmp_path, kind, monkeypatch):
    """Where the dataset cannot be read to its end, what was written so far goes."""

    def cut(self):
        yield next(whole(self))
        raise DatasetError("the rest is gone")

    whole = Chosen.batches
    monkeypatch.setattr(Chosen, "batches", cut)
    with pytest.raises(DatasetError, match="the rest is gone"):
        export(clean, tmp_path / "out", kind, Selection())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("inside", ["", "articles/x.jsonl", ".."])
def test_the_dataset_is_no_target(clean, inside):
    """Nothing is written into the dataset, or in its place."""
    with pytest.raises(ConfigError, match="lies in the dataset, or around it"):
        export(clean, clean / inside, Kind.JSONL, Selection(), overwrite=True)


@pytest.mark.parametrize(
    ("selection", "message"),
    [
        (Selection(where="langage = 'en'"), 'where: langage = .* "language"'),
        (Selection(where="1 = 1); drop table x; --"), "where"),
        (Selection(columns=("titel",)), "no column titel; it has article_id"),
    ],
)
def test_what_cannot_be_chosen_is_an_error(clean, tmp_path, selection, message):
    """The message names the condition or the column, and what there is."""
    with pytest.raises(ConfigError, match=message):
        export(clean, tmp_path / "x", Kind.JSONL, selection)


def test_dedup_needs_the_clusters(tmp_path, samples):
    """Without the table the message says how to make it."""
    with Dataset.open(tmp_path / "clean", create=True) as dataset:
        samples.commit(dataset, "one", [samples.outcome()])
    with pytest.raises(ConfigError, match="run: newsclean dedup"):
        export(tmp_path / "clean", tmp_path / "x", Kind.JSONL, Selection(dedup=True))


def test_a_folder_that_may_not_be_written_is_told_with_the_way_out(clean, tmp_path, monkeypatch):
    """The cause is told in its own words, and to run again is not all that is said."""

    def refuse(*_):
        raise PermissionError(13, "Failed to open local file 'x.csv.partial'. Detail: [errno 13] Permission denied")

    monkeypatch.setattr("newsclean.dataset.export.exporting.write_csv", refuse)
    told = "was not written: Permission denied; change the permissions there and run again, or give another place"
    with pytest.raises(DatasetError, match=told):
        export(clean, tmp_path / "x.csv", Kind.CSV, Selection())


def test_an_empty_dataset_is_exported(tmp_path, samples):
    """No articles give an empty file with a header, in every form."""
    with Dataset.open(tmp_path / "clean", create=True) as dataset:
        samples.commit(dataset, "one", [samples.rejected()])
    for kind in Kind:
        chosen = Selection(latest=True, where="language = 'en'")
        assert export(tmp_path / "clean", tmp_path / kind, kind, chosen).rows == 0
    assert (tmp_path / "csv").read_text().startswith('"article_id",')


def test_every_column_has_a_note():
    """The card describes each column of the schema."""
    assert list(COLUMN_NOTES) == ARTICLES.names


def test_the_command(clean, tmp_path):
    """It prints what it wrote, as a line or as JSON; a fault ends with exit code 2."""

    def run(*arguments):
        return CliRunner().invoke(cli, ["export", str(clean), *map(str, arguments)], prog_name="newsclean")

    done = run("--to", "csv", "-o", tmp_path / "a.csv", "--language", "no", "--columns", "title, body")
    assert (done.exit_code, done.output) == (0, f"{tmp_path}/a.csv: 1 article as csv\n")
    done = run("--to", "jsonl", "-o", tmp_path / "a.jsonl", "--latest", "--dedup", "--json")
    assert json.loads(done.output) == {"target": f"{tmp_path}/a.jsonl", "kind": "jsonl", "rows": 5, "changes": None}
    assert run("--to", "csv", "-o", tmp_path / "a.csv").exit_code == 2
    done = run("--to", "jsonl", "-o", "-", "--language", "no", "--columns", "title")
    assert list(json.loads(done.stdout)) == ["title"]
    assert done.stdout.count("\n") == 1
    assert run("--to", "delta", "-o", "-").exit_code == 2
    assert run("--to", "xml", "-o", tmp_path / "a.xml").exit_code == 2
