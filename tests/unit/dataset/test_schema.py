"""The columns that readers rely on."""

from __future__ import annotations

import hashlib

import pyarrow as pa
import pytest

from newsclean.dataset import SCHEMA_VERSION, TABLES
from newsclean.dataset.parquet.schema import LOW_CARDINALITY, SCHEMAS, SORT_KEYS

ARTICLES = """
article_id, site, publisher, url, canonical_url, title, standfirst, body, captions, byline, authors, agency, dateline,
section, topics, persons, places, place, published_at, published_precision, published_raw, modified_at, modified_raw,
language, language_confidence, language_source, declared_language, word_count, body_sha256, flags, raw_path,
raw_offset, segment, raw_sha256, raw_media_type, charset, http_status, fetched_at, extractor, strategy,
extraction_confidence, license, is_free, robots, witnesses, profile_sha256, newsclean_version, run_id, cleaned_at
"""

# Of each version's schemas; a changed column needs a new version, so that older readers are warned.
PINNED = {1: "e4a117cf819a6304", 2: "e4a117cf819a6304"}


def test_articles_have_the_promised_columns_in_order():
    """Readers address the columns of articles by name and by place."""
    assert SCHEMAS["articles"].names == ARTICLES.replace(",", " ").split()


def test_a_changed_schema_has_a_new_version():
    """A column cannot change without a new schema version."""
    told = "\n".join(f"{table} {field}" for table in TABLES for field in SCHEMAS[table])
    assert hashlib.sha256(told.encode()).hexdigest()[:16] == PINNED[SCHEMA_VERSION]


@pytest.mark.parametrize("table", TABLES)
def test_lists_are_never_null(table):
    """A list without values is empty, in every row and down to its elements."""
    lists = [field for field in SCHEMAS[table] if pa.types.is_list(field.type)]
    assert not any(field.nullable or field.type.value_field.nullable for field in lists)


@pytest.mark.parametrize("table", TABLES)
def test_no_column_is_a_dictionary_in_arrow(table):
    """Strings are plain strings for every reader; dictionaries stay inside Parquet."""
    assert not any(pa.types.is_dictionary(field.type) for field in SCHEMAS[table])


@pytest.mark.parametrize("table", TABLES)
def test_sorted_and_dictionary_columns_exist(table):
    """A name in the writing settings is the name of a column."""
    names = set(SCHEMAS[table].names)
    assert set(SORT_KEYS[table]) <= names
    assert {path.split(".")[0] for path in LOW_CARDINALITY[table]} <= names
