"""The feed format `parquet`, as Scrapy's feed exports use it."""

from __future__ import annotations

import datetime as dt
import io

import pyarrow.parquet as pq
import pytest
from crawling import crawl_spider
from server import NewsServer

from newsclean.crawl.exporter import ParquetItemExporter
from newsclean.crawl.pipeline import CleanedPage
from newsclean.dataset import RunStamp
from newsclean.dataset.export.feed import FeedFile
from newsclean.dataset.parquet.schema import ARTICLES
from newsclean.errors import DatasetError
from newsclean.run.public import clean_page

STAMP = RunStamp(
    run_id="run",
    cleaned_at=dt.datetime(2026, 1, 2, tzinfo=dt.UTC),
    newsclean_version="0",
    code_sha256="0",
    language_backend="none",
    routing_sha256="0",
)
PAGE = """<html lang="en"><head><title>The ferry sails</title></head><body><h1>The ferry sails</h1><article>
<p>The harbour master of Lowmark said on Monday that the ferry would sail again before the tide.</p>
<p>Nobody on the island had expected the old ship to be back before the spring, he said.</p></article></body></html>"""
SPIDER = """
import scrapy
class Rows(scrapy.Spider):
    name = "rows"
    start_urls = ["http://news.example/"]
    def parse(self, response):
        yield from ({"url": response.url, "number": number, "tags": ["a", "b"]} for number in range(3))
"""


def exported(items, *, file=None, **options):
    """Return the rows that a feed of these items holds, and its schema."""
    file = file or io.BytesIO()
    exporter = ParquetItemExporter(file, stamp=lambda: STAMP, **options)
    exporter.start_exporting()
    for item in items:
        exporter.export_item(item)
    exporter.finish_exporting()
    table = pq.read_table(io.BytesIO(file.getvalue()) if isinstance(file, io.BytesIO) else file.name)
    return table.to_pylist(), table.schema


def test_a_cleaned_page_becomes_rows_of_the_articles_table():
    """Its articles have the columns and types of a dataset."""
    outcome = clean_page(PAGE.encode(), url="https://news.example/1.html")
    assert outcome.articles, outcome.rejection
    rows, schema = exported([CleanedPage(outcome), CleanedPage(outcome)])
    assert schema.names == ARTICLES.names
    assert schema.types == ARTICLES.types
    assert [row["title"] for row in rows] == ["The ferry sails"] * 2


def test_any_other_item_becomes_a_row_of_its_fields():
    """Columns come as the items have them, typed by their values; what an item has not is null."""
    when = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    rows, _ = exported([{"url": "a", "n": 1, "when": when}, {"url": "b", "tags": ("x", "y"), "n": 2.5}])
    assert rows == [
        {"url": "a", "n": 1.0, "when": when, "tags": None},
        {"url": "b", "n": 2.5, "when": None, "tags": ["x", "y"]},
    ]


def test_values_of_many_kinds_become_texts():
    """A column that no type fits holds JSON, whether the kinds meet in one piece of rows or in two."""
    rows, _ = exported([{"v": 1}, {"v": "one"}, {"v": {"a": [1]}}])
    assert [row["v"] for row in rows] == ["1", "one", '{"a": [1]}']
    rows, _ = exported([*({"v": 1} for _ in range(600)), *({"v": "one"} for _ in range(600))])
    assert [rows[0]["v"], rows[-1]["v"]] == ["1", "one"]


def test_text_that_is_no_unicode_is_written_escaped():
    """A lone surrogate does not stop a feed."""
    rows, _ = exported([{"v": "a\ud800b"}])
    assert rows == [{"v": "a\\ud800b"}]


def test_fields_may_be_chosen():
    """FEED_EXPORT_FIELDS names the columns and their order."""
    rows, schema = exported([{"a": 1, "b": 2, "c": 3}], fields_to_export=["c", "a", "missing"])
    assert rows == [{"c": 3, "a": 1, "missing": None}]
    assert schema.names == ["c", "a", "missing"]


def test_an_empty_feed_is_a_table_too():
    """No item at all still gives a file that can be read."""
    assert exported([])[0] == []


def test_appending_keeps_the_rows_that_are_there(tmp_path):
    """Scrapy opens a feed with "ab" unless told to overwrite: old rows stay, new ones come after them."""
    path = tmp_path / "out.parquet"
    for item in ({"a": 1}, {"a": 2, "b": "x"}):
        with path.open("ab") as file:
            exported([item], file=file)
    assert pq.read_table(path).to_pylist() == [{"a": 1, "b": None}, {"a": 2, "b": "x"}]


def test_a_file_of_another_kind_is_not_appended_to(tmp_path):
    """What is no Parquet is left as it was, with an error that says so."""
    path = tmp_path / "out.parquet"
    path.write_bytes(b"notes")
    with path.open("ab") as file, pytest.raises(DatasetError, match="no Parquet"):
        FeedFile(file)
    assert path.read_bytes() == b"notes"


def test_a_crawl_writes_and_overwrites_a_parquet_feed(tmp_path):
    """Through Scrapy's own feed exports: -O begins anew, -o goes on."""
    path = tmp_path / "out.parquet"
    with NewsServer() as server:
        server.add("http://news.example/", "news")
        for overwrite, rows in ((True, 3), (True, 3), (False, 6)):
            feeds = {str(path): {"format": "parquet", "overwrite": overwrite}}
            result = crawl_spider(server, SPIDER, name="rows", settings={"FEEDS": feeds})
            assert result.stats["feedexport/success_count/FileFeedStorage"] == 1, result.log
            assert [row["number"] for row in pq.read_table(path).to_pylist()] == [0, 1, 2] * (rows // 3)
