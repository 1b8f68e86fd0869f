"""Records to rows: what is written is what was given."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsclean.dataset.parquet import columns
from newsclean.dataset.parquet.schema import SCHEMAS
from newsclean.model import (
    Article,
    Caption,
    Dateline,
    LanguageTag,
    Moment,
    PageOutcome,
    Precision,
    Provenance,
    RemovalKind,
)

ZONES = st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=-9, minutes=-30)), dt.timezone(dt.timedelta(hours=14))])
# A day from the ends: a time there has no UTC that Python can hold.
FIRST, LAST = (dt.datetime.combine(day, dt.time()) for day in (dt.date(1, 1, 2), dt.date(9999, 12, 30)))
TIMES = st.datetimes(FIRST, LAST, timezones=ZONES)
COUNTS = st.integers(0, 2**31 - 1)
WORDS = st.lists(st.text(), max_size=3).map(tuple)
MAYBE = st.none() | st.text()
ARTICLE = st.builds(
    Article,
    **{field.name: MAYBE for field in fields(Article) if field.type == "str | None"},
    article_id=st.text(),
    body=st.text(),
    captions=st.lists(st.builds(Caption, text=st.text(), credit=MAYBE), max_size=3).map(tuple),
    **dict.fromkeys(("authors", "topics", "persons", "places", "flags"), WORDS),
    dateline=st.none()
    | st.builds(Dateline, text=st.text(), place=MAYBE, month=st.none() | COUNTS, day=st.none() | COUNTS),
    **{
        name: st.none() | st.builds(Moment, at=TIMES, precision=st.sampled_from(Precision))
        for name in ("published", "modified")
    },
    language=st.builds(LanguageTag, language=st.text(), confidence=st.floats(0, 1), source=st.text(), declared=MAYBE),
    word_count=COUNTS,
    body_sha256=st.text(),
    extraction_confidence=st.none() | st.floats(0, 1),
    is_free=st.none() | st.booleans(),
    provenance=st.builds(
        Provenance,
        raw_path=st.text(),
        raw_offset=st.none() | st.integers(0, 2**63 - 1),
        segment=COUNTS,
        raw_sha256=st.text(),
        raw_media_type=MAYBE,
        charset=MAYBE,
        http_status=st.none() | COUNTS,
        fetched_at=st.none() | TIMES,
        extractor=st.text(),
        strategy=st.text(),
        profile_sha256=MAYBE,
    ),
)


def read_back(table, batch, folder):
    """The rows of a batch after they have lain in a Parquet file."""
    pq.write_table(pa.Table.from_batches([batch], SCHEMAS[table]), folder / "x.parquet")
    return pq.read_table(folder / "x.parquet", schema=SCHEMAS[table]).to_pylist()


def as_article(row):
    """The record that a row came from."""
    names = {field.name for field in fields(Article)}
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items() if name in names}
    published, modified = row["published_at"], row["modified_at"]
    return Article(
        **given
        | {
            "captions": tuple(Caption(**caption) for caption in row["captions"]),
            "dateline": row["dateline"] and Dateline(**row["dateline"]),
            "published": published and Moment(at=published, precision=Precision(row["published_precision"])),
            "modified": modified and Moment(at=modified, precision=Precision.DAY),
            "language": LanguageTag(
                language=row["language"],
                confidence=row["language_confidence"],
                source=row["language_source"],
                declared=row["declared_language"],
            ),
            "provenance": Provenance(**{field.name: row[field.name] for field in fields(Provenance)}),
        }
    )


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(found=st.lists(ARTICLE, min_size=1, max_size=4))
def test_articles_come_back_as_they_were(found, samples, tmp_path):
    """Any article, whatever is missing or empty in it and in whatever script, survives Parquet."""
    page = PageOutcome(page=samples.page_facts(), articles=tuple(found))
    rows = read_back("articles", columns.articles([page], samples.stamp()), tmp_path)
    # How exactly a change is dated is not kept, only the time.
    expected = [one if one.modified is None else with_day(one) for one in found]
    assert [as_article(row) for row in rows] == expected


def with_day(one):
    return replace(one, modified=Moment(at=one.modified.at, precision=Precision.DAY))


def test_a_page_row_says_what_became_of_the_page(samples, tmp_path):
    """A page with articles has their number, its rules with counts, and no reason."""
    [row] = read_back("pages", columns.pages([samples.outcome(articles=2)], samples.stamp()), tmp_path)
    assert (row["articles"], row["reason"], row["stage"], row["detail"]) == (2, None, None, None)
    assert row["removal_count"] == 4
    assert row["rules"] == [{"rule": "generic:menu", "count": 2}, {"rule": "generic:share-bar", "count": 2}]
    assert row["labels"] == [{"name": "country", "value": "Lowmark"}]
    assert (row["raw_sha256"], row["raw_media_type"], row["http_status"], row["kind"]) == (
        samples.page_facts().sha256,
        "text/html",
        200,
        "html",
    )
    assert (row["run_id"], row["cleaned_at"], row["cpu_ms"]) == ("run-1", samples.DAY, 1.25)


def test_a_rejected_page_row_says_why(samples, tmp_path):
    """A rejected page has its reason, stage and detail, and no articles."""
    [row] = read_back("pages", columns.pages([samples.rejected()], samples.stamp()), tmp_path)
    assert (row["articles"], row["reason"], row["stage"], row["detail"]) == (0, "listing", "extract", "a page of links")


def test_removals_belong_to_the_article_of_their_segment(samples, tmp_path):
    """Each removal row names its segment's article, and those of a rejected page name none."""
    removed = ((samples.removal("one"),), (samples.removal("two", moved_to="title", kind=RemovalKind.METADATA_ECHO),))
    kept = samples.outcome(articles=2, removals=removed)
    refused = replace(samples.rejected(), removals=((samples.removal("three"),),))
    rows = read_back("removals", columns.removals([kept, refused], samples.stamp()), tmp_path)
    told = [(row["raw_path"], row["segment"], row["article_id"], row["text"], row["moved_to"]) for row in rows]
    assert told == [
        ("raw/a.html", 0, kept.articles[0].article_id, "one", None),
        ("raw/a.html", 1, kept.articles[1].article_id, "two", "title"),
        ("raw/menu.html", 0, None, "three", None),
    ]
    assert [row["kind"] for row in rows] == ["share", "metadata_echo", "share"]


def test_a_naive_time_is_refused(samples):
    """A time without a zone is an error, and not taken for UTC."""
    naive = dt.datetime(2024, 1, 1)  # noqa: DTZ001  # the point of it
    with pytest.raises(ValueError, match="2024-01-01T00:00:00: a moment needs a time zone"):
        Moment(at=naive, precision=Precision.DAY)
    page = samples.outcome()
    page = replace(page, page=msgspec.structs.replace(page.page, fetched_at=naive))
    with pytest.raises(ValueError, match="fetched_at: 2024-01-01 00:00:00 has no time zone"):
        columns.pages([page], samples.stamp())


def test_a_lone_surrogate_is_written_as_its_escape(samples, tmp_path):
    """What UTF-8 cannot hold is written readably in strings, lists and structs, and costs no page."""
    page = samples.outcome("raw/caf\udce9.html", removals=())
    odd = replace(page.articles[0], title="\ud83d!", authors=("A\udfff",), captions=(Caption(text="\ud800"),))
    [row] = read_back("articles", columns.articles([replace(page, articles=(odd,))], samples.stamp()), tmp_path)
    assert row["raw_path"] == r"raw/caf\udce9.html"
    assert (row["title"], row["authors"], row["captions"][0]["text"]) == (r"\ud83d!", [r"A\udfff"], r"\ud800")


@pytest.mark.parametrize("table", sorted(SCHEMAS))
def test_no_outcomes_give_no_rows(table, samples):
    """An empty shard converts to an empty batch with all columns."""
    batch = columns.CONVERTERS[table]([], samples.stamp())
    assert (batch.num_rows, batch.schema) == (0, SCHEMAS[table])
