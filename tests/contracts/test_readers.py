"""The readers that people use take the folder of articles as it is, and see the same values."""

from __future__ import annotations

import datetime as dt
import importlib.util
import math
from dataclasses import replace
from pathlib import Path

import pytest

from newsclean.dataset import Dataset
from newsclean.model import Moment, Precision

SAMPLES = Path(__file__).parents[1] / "unit" / "dataset" / "samples.py"
SUMMER = dt.datetime(2024, 7, 1, 1, 30, 0, 5, tzinfo=dt.timezone(dt.timedelta(hours=4)))
# A time before the year that nanoseconds can count from, so that a reader that counts in them is found out.
OLD = dt.datetime(1605, 9, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    """Three shards: articles with everything and with almost nothing, and a shard of rejections."""
    spec = importlib.util.spec_from_file_location("reader_samples", SAMPLES)
    samples = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(samples)
    full = samples.outcome("raw/a.html", articles=2)
    empty = dict.fromkeys(("site", "publisher", "url", "title", "standfirst", "byline", "dateline", "section"))
    empty |= dict.fromkeys(("captions", "authors", "topics", "persons", "places", "flags"), ())
    bare = samples.outcome("raw/b.warc.gz", 2**40, removals=())
    bare = replace(bare, articles=(replace(bare.articles[0], **empty, published=None),))
    dated = samples.outcome("raw/c.html", removals=())
    moments = {
        "published": Moment(at=OLD, precision=Precision.DAY),
        "modified": Moment(at=SUMMER, precision=Precision.SECOND),
    }
    dated = replace(dated, articles=(replace(dated.articles[0], title="渡轮 «Паром» 🛳", **moments),))
    with Dataset.open(tmp_path_factory.mktemp("readers") / "clean", create=True) as opened:
        samples.commit(opened, "one", [full, bare])
        samples.commit(opened, "two", [dated])
        samples.commit(opened, "three", [samples.rejected()])
    return opened


@pytest.fixture(scope="module")
def expected(dataset):
    """The rows as we read them ourselves, by raw file and segment."""
    return in_order(dataset.iter_rows("articles"))


def in_order(rows):
    return sorted(rows, key=lambda row: (row["raw_path"], row["segment"]))


def test_the_expected_rows_are_what_was_put_in(expected):
    """What the readers are held to is right itself: times in UTC to the microsecond, numbers exact."""
    assert [row["raw_path"] for row in expected] == ["raw/a.html", "raw/a.html", "raw/b.warc.gz", "raw/c.html"]
    assert expected[3]["published_at"] == OLD
    assert expected[3]["modified_at"] == dt.datetime(2024, 6, 30, 21, 30, 0, 5, tzinfo=dt.UTC)
    assert expected[2]["raw_offset"] == 2**40
    assert {row["language_confidence"] for row in expected} == {0.9999}
    assert expected[0]["captions"] == [
        {"text": "The pier", "credit": "A. Painter"},
        {"text": "The sea", "credit": None},
    ]
    assert (expected[2]["dateline"], expected[2]["captions"], expected[2]["authors"]) == (None, [], [])


@pytest.mark.parametrize("table", ["articles", "pages", "removals"])
def test_pyarrow_takes_the_folder(dataset, table):
    """pyarrow reads each table's folder with our schema."""
    import pyarrow.dataset as ds

    from newsclean.dataset.parquet.schema import SCHEMAS

    found = ds.dataset(dataset.path / table, format="parquet")
    assert found.schema.equals(SCHEMAS[table], check_metadata=True)
    assert sorted(map(repr, found.to_table().to_pylist())) == sorted(map(repr, dataset.iter_rows(table)))


def test_duckdb_takes_the_folder(dataset, expected):
    """DuckDB reads the folder by a glob, nested columns and times with zone too."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        found = connection.sql(f"SELECT * FROM '{dataset.path}/articles/*.parquet'").to_arrow_table()
        instants = "SELECT raw_path, epoch_us(published_at) FROM read_parquet(?) WHERE segment = 0 ORDER BY 1"
        times = connection.execute(instants, [f"{dataset.path}/articles/*.parquet"]).fetchall()
    assert in_order(found.to_pylist()) == expected
    stated = {row["raw_path"]: row["published_at"] for row in expected}
    epoch = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    assert times == [(path, at and (at - epoch) // dt.timedelta(microseconds=1)) for path, at in sorted(stated.items())]


@pytest.mark.parametrize("lazily", [True, False])
def test_polars_takes_the_folder(dataset, expected, lazily):
    """Polars reads the folder, at once and by a scan."""
    import polars as pl

    folder = dataset.path / "articles"
    found = pl.scan_parquet(folder).collect() if lazily else pl.read_parquet(folder)
    assert found.schema["published_at"] == pl.Datetime("us", "UTC")
    assert in_order(found.to_dicts()) == expected


def test_polars_filters_the_folder(dataset):
    """A filter on the sort key gives the rows of that key."""
    import polars as pl

    scan = pl.scan_parquet(dataset.path / "articles").filter(pl.col("site") == "example.org")
    assert scan.select(pl.len()).collect().item() == 3


def test_pandas_takes_the_folder(dataset, expected):
    """pandas reads the folder; times are UTC and to the microsecond, whole numbers and missing ones right."""
    import pandas as pd

    found = pd.read_parquet(dataset.path / "articles").sort_values(["raw_path", "segment"])
    assert str(found["published_at"].dtype) == "datetime64[us, UTC]"
    assert [None if pd.isna(at) else at.to_pydatetime() for at in found["published_at"]] == [
        row["published_at"] for row in expected
    ]
    assert found["language_confidence"].tolist() == [row["language_confidence"] for row in expected]
    assert found["word_count"].tolist() == [row["word_count"] for row in expected]
    assert [None if math.isnan(at) else int(at) for at in found["raw_offset"]] == [
        row["raw_offset"] for row in expected
    ]
    for name in ("title", "body", "site"):
        assert [None if pd.isna(text) else text for text in found[name]] == [row[name] for row in expected]
    assert [list(authors) for authors in found["authors"]] == [row["authors"] for row in expected]
    assert [list(captions) for captions in found["captions"]] == [row["captions"] for row in expected]
    assert [None if line is None else dict(line) for line in found["dateline"]] == [row["dateline"] for row in expected]


def test_hugging_face_datasets_takes_the_folder(dataset, expected, hugging_face, tmp_path):
    """HF datasets loads the folder without a network, with the same columns and values."""
    files = f"{dataset.path}/articles/*.parquet"
    found = hugging_face.load_dataset("parquet", data_files=files, split="train", cache_dir=str(tmp_path / "cache"))
    rows = in_order(found)
    assert found.column_names == list(expected[0])
    assert found.features["published_at"].dtype == "timestamp[us, tz=UTC]"
    assert rows == expected
