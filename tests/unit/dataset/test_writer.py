"""What a part looks like inside."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pyarrow.parquet as pq
import pytest

from newsclean.dataset import Dataset
from newsclean.dataset.parquet import writer
from newsclean.dataset.parquet.schema import SCHEMAS
from newsclean.model import Moment, Precision


def dated(page, site, hour):
    """The page on another site, published at another hour (None: no date)."""
    moment = (
        None if hour is None else Moment(at=dt.datetime(2024, 1, 1, hour, tzinfo=dt.UTC), precision=Precision.MINUTE)
    )
    articles = tuple(replace(one, site=site, published=moment) for one in page.articles)
    return replace(page, site=site, articles=articles)


@pytest.fixture
def pages(samples):
    """Pages of an archive on several sites, some without site or date, some with two articles."""
    found = []
    for at in range(60):
        page = samples.outcome("raw/a.warc", at * 100, articles=1 + at % 2)
        found.append(dated(page, [None, "b.org", "a.org"][at % 3], [None, 5, 5, 1][at % 4]))
    return found


def key(row, *names):
    return [(row[name] is None, row[name] if row[name] is not None else 0) for name in names]


def test_rows_are_sorted_by_site_and_date_then_place(dataset, samples, pages):
    """Within a file the order is total: site, date, raw file, offset, segment, nulls at the end."""
    samples.commit(dataset, "s1", pages)
    rows = list(dataset.iter_rows("articles"))
    assert rows == sorted(rows, key=lambda row: key(row, "site", "published_at", "raw_path", "raw_offset", "segment"))
    assert len(rows) == 90


def test_removals_keep_the_order_of_the_page(dataset, samples):
    """Inside one article, removals stand as they stood on the page."""
    texts = [f"piece {at * 37 % 100}" for at in range(100)]
    page = samples.outcome(removals=(tuple(samples.removal(text) for text in texts),))
    samples.commit(dataset, "s1", [page])
    assert [row["text"] for row in dataset.iter_rows("removals")] == texts


def test_the_order_of_the_pages_changes_no_byte(tmp_path, samples, pages):
    """The same pages in another order, in pieces of another size, give the same files."""
    shuffled = random.Random(7).sample(pages, len(pages))
    parts = []
    for name, found in (("one", pages), ("two", shuffled)):
        with Dataset.open(tmp_path / name, create=True) as opened:
            parts.append(samples.commit(opened, "s1", found).parts)
    assert parts[0] == parts[1]


def test_a_part_is_written_as_promised(dataset, samples, pages):
    """Parts are zstd, indexed by page, with our schema and version in the file's metadata."""
    samples.commit(dataset, "s1", pages)
    for table, schema in SCHEMAS.items():
        with pq.ParquetFile(dataset.path / table / "part-s1.parquet") as file:
            assert file.schema_arrow.equals(schema, check_metadata=True)
            assert file.metadata.metadata[b"newsclean.schema_version"] == b"2"
            group = file.metadata.row_group(0)
            found = [group.column(at) for at in range(group.num_columns)]
        assert {column.compression for column in found} == {"ZSTD"}
        assert all(column.has_offset_index for column in found)
        coded = {column.path_in_schema for column in found if "RLE_DICTIONARY" in column.encodings}
        assert coded & {"site", "rule"}
        assert not coded & {"body", "article_id" if table == "articles" else "body"}


def test_many_pages_make_few_row_groups(dataset, samples, monkeypatch):
    """Row groups are cut by rows of the shard, not by the pieces in which they came."""
    monkeypatch.setattr(writer, "ROW_GROUP_ROWS", 50)
    page = samples.outcome("raw/a.warc", removals=())
    pages = [replace(page, page=samples.page_facts("raw/a.warc", at)) for at in range(120)]
    pages = [replace(one, articles=(samples.article("raw/a.warc", 0, at),)) for at, one in enumerate(pages)]
    samples.commit(dataset, "s1", pages)
    with pq.ParquetFile(dataset.path / "articles" / "part-s1.parquet") as file:
        assert [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)] == [50, 50, 20]


def test_long_bodies_make_smaller_row_groups(dataset, samples, monkeypatch):
    """A row group is bounded in bytes too, so that neither writing nor reading one fills the memory."""
    monkeypatch.setattr(writer, "ROW_GROUP_BYTES", 100_000)
    monkeypatch.setattr(writer, "_ONE_CHUNK_BYTES", 200_000)
    pages = [samples.outcome("raw/a.warc", at) for at in range(40)]
    pages = [
        replace(one, articles=(replace(one.articles[0], body=f"{at} " + "w" * 20_000),)) for at, one in enumerate(pages)
    ]
    samples.commit(dataset, "s1", pages)
    with pq.ParquetFile(dataset.path / "articles" / "part-s1.parquet") as file:
        assert file.num_row_groups in range(8, 14)
        assert file.schema_arrow.equals(SCHEMAS["articles"], check_metadata=True)
    assert [row["body"].split()[0] for row in dataset.iter_rows("articles", ["body"])] == [str(at) for at in range(40)]
