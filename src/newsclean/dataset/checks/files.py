"""Checks the files of one shard against its commit record: there, unchanged, with the right columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from newsclean.dataset.durable import sha256_of
from newsclean.dataset.finding import Finding
from newsclean.dataset.parquet.partition import COLUMNS, NONE, PARTITIONED
from newsclean.dataset.parquet.reader import batches_of, open_part
from newsclean.dataset.parquet.schema import schema_like, version_of
from newsclean.dataset.parquet.splitting import folders_of
from newsclean.dataset.record import numbered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsclean.dataset.form import Form
    from newsclean.dataset.layout import Layout
    from newsclean.dataset.record import CommitRecord, PartRecord


def check_parts(layout: Layout, record: CommitRecord) -> Iterator[Finding]:
    """Yield what is wrong with the files of one shard; nothing when their rows can be trusted to be read."""
    for table, _, part in numbered(record.parts):
        where = part.file
        if not layout.is_part_name(where, table, record.shard_id):
            yield Finding(where=where, message=f"is not the name of a part of {table} in shard {record.shard_id}")
            continue
        path = layout.root / where
        wrong = _wrong_bytes(path, part) or _wrong_content(path, table, part, record.form)
        for message in wrong or _wrong_folder(path, table, record.form):
            yield Finding(where=where, message=message)


def _wrong_bytes(path: Path, part: PartRecord) -> list[str]:
    if not path.exists():
        return ["a commit record names this file, and it is not there"]
    if (size := path.stat().st_size) != part.size_bytes:
        return [f"has {size} bytes, {part.size_bytes} were committed"]
    if sha256_of(path) != part.sha256:
        return ["is not the file that was committed: its SHA-256 differs"]
    return []


def _wrong_content(path: Path, table: str, part: PartRecord, form: Form) -> list[str]:
    try:
        with open_part(path) as file:
            rows, schema = file.metadata.num_rows, file.schema_arrow
    except (pa.ArrowException, OSError) as error:
        return [f"is no readable Parquet file: {error}"]
    wrong = []
    is_ours = schema.equals(schema_like(schema, table), check_metadata=True)
    if not is_ours or version_of(schema) != form.schema_version:
        wrong.append(f"its columns or metadata are not those of {table}")
    if rows != part.rows:
        wrong.append(f"has {rows} rows, {part.rows} were committed")
    return wrong


def _wrong_folder(path: Path, table: str, form: Form) -> list[str]:
    found = {table}
    if table == PARTITIONED and form.partition_by != NONE:
        column = COLUMNS[form.partition_by]
        found = set()
        for batch in batches_of(path, table, [column]):
            found |= folders_of(batch[column], form.partition_by)
    if found == {path.parent.name}:
        return []
    return [f"its rows belong in {', '.join(sorted(found))}, and it lies in {path.parent.name}"]
