"""The columns of the three tables, typed by hand: a file's schema is this one, never inferred.

Strings are plain strings in Arrow, so that every reader takes them; columns of few values are
dictionary-encoded inside Parquet, where no reader sees it. A list is never null: no value is an
empty list. A column that is not null in every row says so. Times are UTC, to the microsecond.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from newsclean.dataset.layout import SCHEMA_VERSION
from newsclean.dataset.migrations import added_since

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXT: Final = pa.string()
INT: Final = pa.int32()
LONG: Final = pa.int64()
REAL: Final = pa.float64()
FLAG: Final = pa.bool_()
TIME: Final = pa.timestamp("us", tz="UTC")


_VERSION: Final = b"newsclean.schema_version"


def _must(name: str, kind: pa.DataType = TEXT) -> pa.Field[Any]:
    return pa.field(name, kind, nullable=False)


def _may(name: str, kind: pa.DataType = TEXT) -> pa.Field[Any]:
    return pa.field(name, kind, nullable=True)


def _list(kind: pa.DataType) -> pa.ListType[Any]:
    return pa.list_(pa.field("element", kind, nullable=False))


CAPTION: Final = pa.struct([_must("text"), _may("credit")])
DATELINE: Final = pa.struct([_must("text"), _may("place"), _may("month", INT), _may("day", INT)])
RULE_COUNT: Final = pa.struct([_must("rule"), _must("count", INT)])
LABEL: Final = pa.struct([_must("name"), _must("value")])
WITNESS: Final = pa.struct([_must("field"), _must("witness")])


def _schema(table: str, fields: list[pa.Field[Any]]) -> pa.Schema:
    return pa.schema(fields, metadata={"newsclean.schema_version": str(SCHEMA_VERSION), "newsclean.table": table})


ARTICLES: Final = _schema(
    "articles",
    [
        _must("article_id"),
        _may("site"),
        _may("publisher"),
        _may("url"),
        _may("canonical_url"),
        _may("title"),
        _may("standfirst"),
        _must("body"),
        _must("captions", _list(CAPTION)),
        _may("byline"),
        _must("authors", _list(TEXT)),
        _may("agency"),
        _may("dateline", DATELINE),
        _may("section"),
        _must("topics", _list(TEXT)),
        _must("persons", _list(TEXT)),
        _must("places", _list(TEXT)),
        _may("place"),
        _may("published_at", TIME),
        _may("published_precision"),
        _may("published_raw"),
        _may("modified_at", TIME),
        _may("modified_raw"),
        _must("language"),
        _must("language_confidence", REAL),
        _must("language_source"),
        _may("declared_language"),
        _must("word_count", INT),
        _must("body_sha256"),
        _must("flags", _list(TEXT)),
        _must("raw_path"),
        _may("raw_offset", LONG),
        _must("segment", INT),
        _must("raw_sha256"),
        _may("raw_media_type"),
        _may("charset"),
        _may("http_status", INT),
        _may("fetched_at", TIME),
        _must("extractor"),
        _must("strategy"),
        _may("extraction_confidence", REAL),
        _may("license"),
        _may("is_free", FLAG),
        _may("robots"),
        _must("witnesses", _list(WITNESS)),
        _may("profile_sha256"),
        _must("newsclean_version"),
        _must("run_id"),
        _must("cleaned_at", TIME),
    ],
)

PAGES: Final = _schema(
    "pages",
    [
        _must("raw_path"),
        _may("raw_offset", LONG),
        _may("url"),
        _may("raw_sha256"),
        _may("size_bytes", LONG),
        _may("raw_media_type"),
        _may("kind"),
        _may("charset"),
        _may("charset_source"),
        _may("http_status", INT),
        _may("fetched_at", TIME),
        _must("source"),
        _may("site"),
        _may("extractor"),
        _may("strategy"),
        _may("profile_sha256"),
        _must("articles", INT),
        _may("reason"),
        _may("stage"),
        _may("detail"),
        _must("removal_count", INT),
        _must("rules", _list(RULE_COUNT)),
        _must("visible_chars", LONG),
        _must("kept_chars", LONG),
        _must("removed_chars", LONG),
        _must("cpu_ms", REAL),
        _must("labels", _list(LABEL)),
        _must("newsclean_version"),
        _must("run_id"),
        _must("cleaned_at", TIME),
    ],
)

REMOVALS: Final = _schema(
    "removals",
    [
        _must("raw_path"),
        _may("raw_offset", LONG),
        _must("segment", INT),
        _may("article_id"),
        _may("site"),
        _must("rule"),
        _must("kind"),
        _may("moved_to"),
        _must("where"),
        _must("text"),
        _must("run_id"),
    ],
)

SCHEMAS: Final[Mapping[str, pa.Schema]] = {"articles": ARTICLES, "pages": PAGES, "removals": REMOVALS}


def version_of(found: pa.Schema) -> int:
    """Return the schema version that a file's metadata names; 0 where there is none."""
    named = (found.metadata or {}).get(_VERSION, b"")
    return int(named) if named.isdigit() else 0


def schema_like(found: pa.Schema, table: str) -> pa.Schema:
    """Return what the schema of a file of `table` has to be, by the version in its metadata and the columns in it.

    An older file may lack the columns that came after its version, and nothing else.
    """
    version = version_of(found)
    if not 0 < version < SCHEMA_VERSION:
        return SCHEMAS[table]
    lacking = added_since(version, table).keys() - set(found.names)
    metadata: dict[bytes | str, bytes | str] = dict((SCHEMAS[table].metadata or {}).items())
    metadata[_VERSION] = str(version).encode()
    return pa.schema([f for f in SCHEMAS[table] if f.name not in lacking], metadata=metadata)


# What orders the rows of a file. Within one segment, removals stay in the order of the page.
SORT_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "articles": ("site", "published_at", "raw_path", "raw_offset", "segment"),
    "pages": ("site", "raw_path", "raw_offset"),
    "removals": ("site", "raw_path", "raw_offset", "segment"),
}

# Few values many times over; anything else would only fill a dictionary and be written plain after it.
LOW_CARDINALITY: Final[Mapping[str, tuple[str, ...]]] = {
    "articles": (
        "site",
        "publisher",
        "byline",
        "authors.list.element",
        "agency",
        "dateline.place",
        "dateline.month",
        "dateline.day",
        "section",
        "topics.list.element",
        "persons.list.element",
        "places.list.element",
        "place",
        "published_precision",
        "language",
        "language_source",
        "declared_language",
        "flags.list.element",
        "raw_path",
        "segment",
        "raw_media_type",
        "charset",
        "http_status",
        "extractor",
        "strategy",
        "license",
        "robots",
        "witnesses.list.element.field",
        "witnesses.list.element.witness",
        "profile_sha256",
        "newsclean_version",
        "run_id",
        "cleaned_at",
    ),
    "pages": (
        "raw_path",
        "raw_media_type",
        "kind",
        "charset",
        "charset_source",
        "http_status",
        "source",
        "site",
        "extractor",
        "strategy",
        "profile_sha256",
        "articles",
        "reason",
        "stage",
        "detail",
        "removal_count",
        "rules.list.element.rule",
        "rules.list.element.count",
        "labels.list.element.name",
        "labels.list.element.value",
        "newsclean_version",
        "run_id",
        "cleaned_at",
    ),
    "removals": (
        "raw_path",
        "segment",
        "article_id",
        "site",
        "rule",
        "kind",
        "moved_to",
        "where",
        "text",
        "run_id",
    ),
}
