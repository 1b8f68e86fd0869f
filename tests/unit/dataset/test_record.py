"""Commit records on disk, and which of them count."""

from __future__ import annotations

from dataclasses import replace

import pytest

from newsclean.dataset import CommitRecord, PartRecord
from newsclean.dataset.record import encode, live, read_record
from newsclean.errors import DatasetError, SchemaTooNew


@pytest.fixture
def record(samples):
    return CommitRecord(
        shard_id="s1",
        sequence=3,
        run_id="run-1",
        newsclean_version="0.1.0",
        code_sha256="c0de",
        language_backend="test-1",
        routing_sha256="r0",
        parts={"pages": (PartRecord(file="pages/part-s1.parquet", rows=2, size_bytes=10, sha256="ab"),)},
        sources=tuple(samples.sources([samples.outcome("raw/море.html"), samples.rejected()])),
        replaces=("s0",),
    )


def test_a_record_comes_back_as_it_was(record, tmp_path):
    """What is written to a commit record is read from it."""
    path = tmp_path / "s1.json"
    path.write_bytes(encode(record))
    assert read_record(path) == record


def test_a_newer_record_is_refused(record, tmp_path):
    """A record of a newer newsclean is not guessed at: the error says what to do."""
    path = tmp_path / "s1.json"
    path.write_bytes(encode(replace(record, schema_version=3)))
    with pytest.raises(SchemaTooNew, match=r"s1\.json: written with schema version 3, .* up to 2; use a newer"):
        read_record(path)


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"[]", b'{"schema_version": 0}', b'{"schema_version": 1}', b'{"schema_version": 2}'),
        *(b'{"schema_version": 1, "parts": {"pages": 4}}', b'{"schema_version": 2, "shard_id": 4}'),
    ],
)
def test_a_damaged_record_is_named(content, tmp_path):
    """A file that is no record is an error that names it and the way out."""
    path = tmp_path / "s1.json"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"s1\.json: .*put it back from a backup, or delete it"):
        read_record(path)


def test_a_record_counts_until_a_later_one_replaces_it(record):
    """Only a later commit replaces: a shard committed again after its replacement is there again."""
    first = replace(record, shard_id="a", sequence=1, replaces=())
    second = replace(record, shard_id="b", sequence=2, replaces=("a",))
    again = replace(record, shard_id="a", sequence=3, replaces=("b",))
    assert set(live([first, second])) == {"b"}
    assert set(live([again, second])) == {"a"}
    assert set(live([replace(again, replaces=()), second])) == {"a", "b"}


def test_a_replaced_record_still_replaces(record):
    """A replacement does not come undone when it is replaced in turn."""
    chain = [
        replace(record, shard_id="a", sequence=1, replaces=()),
        replace(record, shard_id="b", sequence=2, replaces=("a",)),
        replace(record, shard_id="c", sequence=3, replaces=("b",)),
    ]
    assert set(live(chain)) == {"c"}
