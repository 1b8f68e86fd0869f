"""Checks the files of one shard against its commit record: there, unchanged, with the right columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from newsclean.dataset.durable import sha256_of
from newsclean.dataset.finding import Finding
from newsclean.dataset.reader import open_part
from newsclean.dataset.record import numbered
from newsclean.dataset.schema import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsclean.dataset.layout import Layout
    from newsclean.dataset.record import CommitRecord, PartRecord


def check_parts(layout: Layout, record: CommitRecord) -> Iterator[Finding]:
    """Yield what is wrong with the files of one shard; nothing when their rows can be trusted to be read."""
    for table, _, part in numbered(record.parts):
        where = part.file
        if not layout.is_part_name(where, table, record.shard_id):
            yield Finding(where=where, message=f"is not the name of a part of {table} in shard {record.shard_id}")
            continue
        for message in _wrong_bytes(layout.root / where, part) or _wrong_content(layout.root / where, table, part):
            yield Finding(where=where, message=message)


def _wrong_bytes(path: Path, part: PartRecord) -> list[str]:
    if not path.exists():
        return ["a commit record names this file, and it is not there"]
    if (size := path.stat().st_size) != part.size_bytes:
        return [f"has {size} bytes, {part.size_bytes} were committed"]
    if sha256_of(path) != part.sha256:
        return ["is not the file that was committed: its SHA-256 differs"]
    return []


def _wrong_content(path: Path, table: str, part: PartRecord) -> list[str]:
    try:
        with open_part(path) as file:
            rows, schema = file.metadata.num_rows, file.schema_arrow
    except (pa.ArrowException, OSError) as error:
        return [f"is no readable Parquet file: {error}"]
    wrong = []
    if not schema.equals(SCHEMAS[table], check_metadata=True):
        wrong.append(f"its columns or metadata are not those of {table}")
    if rows != part.rows:
        wrong.append(f"has {rows} rows, {part.rows} were committed")
    return wrong
