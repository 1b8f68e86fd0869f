"""Conditions on pages: told from what their source says, and from nothing else."""

from __future__ import annotations

import datetime as dt

import making
import pytest

from newsclean.errors import ConfigError, PageError, Reason
from newsclean.model import PageFacts
from newsclean.sources import Choice, Reading, archive_of, discover

NOON = dt.datetime(2026, 3, 14, 12, tzinfo=dt.UTC)
FACTS = PageFacts(raw_path="a", url="https://www.lowmark.test/1", status=203, media_type="text/html", fetched_at=NOON)


@pytest.mark.parametrize(
    ("choice", "language", "refusal"),
    [
        (Choice(), None, None),
        (Choice(hosts=("lowmark.test",)), None, None),
        (Choice(hosts=("mark.test", "highmark.test")), None, "its address is https://www.lowmark.test/1"),
        (Choice(fetched_since=NOON), None, None),
        (Choice(fetched_before=NOON), None, "fetched at 2026-03-14T12:00:00+00:00"),
        (Choice(fetched_since=NOON + dt.timedelta(1)), None, "fetched at 2026-03-14T12:00:00+00:00"),
        (Choice(statuses=("404", "2xx")), None, None),
        (Choice(statuses=("200",)), None, "status 203"),
        (Choice(media_types=("text/*",)), None, None),
        (Choice(media_types=("text/plain", "image/*")), None, "media type text/html"),
        (Choice(languages=("en",)), "de, en-GB;q=0.8", None),
        (Choice(languages=("en",)), "end", "language end"),
        (Choice(languages=("en",)), None, None),
    ],
)
def test_a_page_is_refused_for_what_its_source_says(choice, language, refusal):
    """Each condition by itself, with the cause in words."""
    found = choice.refusal(FACTS, language=language)
    assert (found and found.detail) == (refusal and f"not asked for: {refusal}")
    assert found is None or found.reason is Reason.FILTERED


def test_what_a_source_does_not_say_excludes_nothing():
    """A page of which nothing is known passes all conditions."""
    choice = Choice(
        hosts=("x.test",), fetched_since=NOON, statuses=("200",), media_types=("text/html",), languages=("en",)
    )
    assert choice.refusal(PageFacts(raw_path="a")) is None


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ({"statuses": ("20",)}, "status 20: no HTTP status; write 200, or 2xx"),
        ({"statuses": ("9xx",)}, "no HTTP status"),
        ({"hosts": ("https://x.test/",)}, "no host; write example.com"),
        ({"media_types": ("html",)}, "no media type; write text/html"),
        ({"media_types": ("*/html",)}, "no media type"),
        ({"fetched_since": NOON, "fetched_before": NOON}, "no page is fetched then or later, and before"),
        ({"fetched_since": dt.datetime(2026, 1, 1)}, "has no time zone"),  # noqa: DTZ001  (the fault in question)
    ],
)
def test_conditions_that_no_page_could_meet_are_refused(conditions, words):
    """A slip of the pen must not look like an empty archive."""
    with pytest.raises(ConfigError, match=words):
        Choice(**conditions)


def test_two_columns_are_one_too_many():
    """A page is HTML or text."""
    with pytest.raises(ConfigError, match="leave one out"):
        Reading(html_column="a", text_column="b")


@pytest.mark.parametrize("name", ["plain.warc", "packed.arc.gz", "pages.wacz", "pages.jsonl", "pages.parquet"])
def test_all_kinds_of_archives_ask(tmp_path, name):
    """The condition is asked before a body is unpacked, and each page that fails is accounted for."""
    reading = Reading(choice=Choice(fetched_before=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)))
    file = making.file_of(tmp_path, name, making.all_kinds()[name], reading=reading)
    found = [page for page in archive_of(file, max_bytes=10**6).pages() if page]
    assert len(found) == making.COUNT
    for page in found:
        with pytest.raises(PageError, match="not asked for: fetched at") as caught:
            page.read(max_bytes=10**6)
        assert caught.value.reason is Reason.FILTERED


def test_tables_in_a_folder_are_taken_where_a_column_is_named(tmp_path):
    """Without a column they are passed over, named by a pattern they are taken in any case."""
    raw = tmp_path / "raw"
    raw.mkdir()
    for name in ("a.jsonl", "b.ndjson.gz", "c.parquet", "d.html", "manifest.jsonl"):
        (raw / name).write_bytes(b"x")

    def names(path, reading=None):
        return [file.path.name for file in discover([str(path)], base=tmp_path, reading=reading).files]

    assert names(raw) == ["d.html"]
    assert names(raw, Reading(html_column="html")) == ["a.jsonl", "b.ndjson.gz", "c.parquet", "d.html"]
    assert names(raw / "*.jsonl") == ["a.jsonl"]
    assert names(raw / "c.parquet") == ["c.parquet"]


def test_another_way_of_reading_is_another_input(tmp_path):
    """Pages are cleaned again where other columns or conditions are named."""
    (tmp_path / "a.html").write_text("x")
    hashes = {
        discover([str(tmp_path)], base=tmp_path, reading=reading).files[0].facts_sha256
        for reading in (None, Reading(), Reading(html_column="a"), Reading(choice=Choice(hosts=("x.test",))))
    }
    assert len(hashes) == 3
