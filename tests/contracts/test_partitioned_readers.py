"""The readers that people use take a partitioned dataset by one pattern, whatever the sites are called."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest

from newsclean.dataset import Dataset, FormChoice
from newsclean.dedup.stories import latest_sql

SAMPLES = Path(__file__).parents[1] / "unit" / "dataset" / "samples.py"
SITES = ("tass.com", "море.рф", "../../etc", "a/b c", "*?[x]#&=%2e", "Tass.com", "x" * 300, None)


@pytest.fixture(scope="module", params=["none", "site", "month"])
def dataset(request, tmp_path_factory):
    """Two shards of the same sites, with dates and without, lying as the parameter says."""
    spec = importlib.util.spec_from_file_location("partition_samples", SAMPLES)
    samples = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(samples)
    choice = FormChoice(partition_by=request.param, bloom_filters=("article_id", "url"))
    with Dataset.open(tmp_path_factory.mktemp("partitioned") / "clean", create=True, choice=choice) as opened:
        for shard in "ab":
            pages = []
            for number, site in enumerate(SITES):
                found = samples.outcome(f"raw/{shard}{number}.html", text=f"words {shard}{number}")
                changes = {"published": None} if number % 3 == 0 else {}
                pages.append(replace(found, site=site, articles=(replace(found.articles[0], site=site, **changes),)))
            samples.commit(opened, shard, pages)
    return opened


@pytest.fixture(scope="module")
def expected(dataset):
    """The rows as we read them ourselves."""
    return in_order(dataset.iter_rows("articles"))


def in_order(rows):
    """Rows by raw file, without the columns that are folders."""
    keys = ("site_key", "published_month")
    return sorted(
        ({name: value for name, value in row.items() if name not in keys} for row in rows),
        key=lambda row: row["raw_path"],
    )


def key_of(dataset):
    """The column that the folders make, if they do."""
    return {"site": "site_key", "month": "published_month"}.get(dataset.form.partition_by)


def test_duckdb(dataset, expected):
    """DuckDB takes the pattern, opens only the folder that is asked for, and answers our own views."""
    import duckdb

    pattern = f"{dataset.path}/articles/**/*.parquet"
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        assert in_order(connection.sql(f"from '{pattern}'").to_arrow_table().to_pylist()) == expected
        connection.execute(latest_sql(str(dataset.path)))
        assert connection.execute("select count(*) from latest").fetchall() == [(2 * len(SITES),)]
        if dataset.form.partition_by == "site":
            query = f"from '{pattern}' where site_key = 'tass.com'"
            assert len(connection.sql(query).fetchall()) == 2
            sites = dict(connection.execute(f"select distinct site, site_key from '{pattern}'").fetchall())
            assert sites[None] == "__none__"
            assert all(sites[site] == site for site in SITES if site and len(site) < 100)


@pytest.mark.parametrize("form", ["pattern", "folder"])
def test_polars(dataset, expected, form):
    """Polars scans the pattern and the folder."""
    import polars as pl

    place = dataset.path / "articles"
    found = pl.scan_parquet(f"{place}/**/*.parquet" if form == "pattern" else place).collect()
    assert in_order(found.to_dicts()) == expected
    if (key := key_of(dataset)) and form == "folder":
        assert key in found.columns


@pytest.mark.parametrize("partitioning", [None, "hive"])
def test_pyarrow(dataset, expected, partitioning):
    """pyarrow takes the folder, with the folders' values as a column and without."""
    import pyarrow.dataset as ds

    found = ds.dataset(dataset.path / "articles", format="parquet", partitioning=partitioning)
    assert in_order(found.to_table().to_pylist()) == expected
    if (key := key_of(dataset)) and partitioning:
        assert key in found.schema.names


def test_pandas(dataset, expected):
    """pandas takes the folder, and the files that the pattern finds."""
    import pandas as pd

    files = sorted((dataset.path / "articles").glob("**/*.parquet"))
    for place in (dataset.path / "articles", files):
        found = pd.read_parquet(place).sort_values("raw_path")
        for name in ("article_id", "site", "body"):
            assert [None if pd.isna(text) else text for text in found[name]] == [row[name] for row in expected]


def test_hugging_face_datasets(dataset, expected, hugging_face, tmp_path):
    """HF datasets takes the pattern, without a network."""
    files = f"{dataset.path}/articles/**/*.parquet"
    found = hugging_face.load_dataset("parquet", data_files=files, split="train", cache_dir=str(tmp_path / "cache"))
    assert in_order(found) == expected
