"""The `clusters` table: one file, put in place in one step, and a note that says what it was made from.

clusters/part-clusters.parquet    nothing else in the folder
_newsclean/clusters.json          the record of it: without it, or with another hash, the file is made again
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from newsclean.dataset import durable
from newsclean.dataset.finding import Finding
from newsclean.dataset.layout import SCHEMA_VERSION, Layout
from newsclean.dataset.parquet.schema import REAL, TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = [
    "CLUSTERS",
    "ClustersRecord",
    "check_clusters",
    "clusters_file",
    "clusters_record",
    "is_intact",
    "write_clusters",
]

_FIELDS: Final[list[pa.Field[Any]]] = [
    pa.field("cluster_id", TEXT, nullable=False),
    pa.field("article_id", TEXT, nullable=False),
    pa.field("body_sha256", TEXT, nullable=False),
    pa.field("role", TEXT, nullable=False),
    pa.field("shared", REAL, nullable=False),
    pa.field("kept", REAL, nullable=False),
    pa.field("agency", TEXT),
    pa.field("agency_evidence", TEXT),
]
CLUSTERS: Final = pa.schema(
    _FIELDS,
    metadata={"newsclean.schema_version": str(SCHEMA_VERSION), "newsclean.table": "clusters"},
)
_FOLDER: Final = "clusters"
_FILE: Final = "part-clusters.parquet"
_NOTE: Final = "clusters.json"
_ROW_GROUP_ROWS: Final = 65_536
_SETTINGS: Final[dict[str, Any]] = {
    "compression": "zstd",
    "compression_level": 3,
    "use_dictionary": ["role", "agency"],
    "write_page_index": True,
    "write_page_checksum": True,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClustersRecord:
    """What the table is: `made_from` is a hash of all that decides it (method, parts of `articles`)."""

    method: str
    made_from: str
    rows: int
    clusters: int
    copies: int
    size_bytes: int
    sha256: str
    schema_version: int = SCHEMA_VERSION


def clusters_file(root: Path) -> Path:
    """Return where the table of the dataset at `root` lies, if it has one."""
    return root / _FOLDER / _FILE


def clusters_record(root: Path) -> ClustersRecord | None:
    """Return the record of the table; None where there is none that can be read."""
    try:
        content = (Layout(root).state / _NOTE).read_bytes()
        return msgspec.json.decode(content, type=ClustersRecord)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def is_intact(root: Path, record: ClustersRecord) -> bool:
    """Whether the file is the one that the record tells of."""
    path = clusters_file(root)
    return path.exists() and path.stat().st_size == record.size_bytes and durable.sha256_of(path) == record.sha256


def check_clusters(root: Path) -> Iterator[Finding]:
    """Yield what is wrong with the table; nothing where there is none. That articles are newer than it is no fault."""
    path, record = clusters_file(root), clusters_record(root)
    where = path.relative_to(root).as_posix()
    remedy = "newsclean dedup makes it again"
    if record is not None and not is_intact(root, record):
        yield Finding(where=where, message=f"is not there as it was written; {remedy}")
    elif record is None and path.exists():
        yield Finding(where=where, message=f"no record tells of this file; {remedy}")
    for other in sorted(path.parent.glob("*")):
        if other != path:
            message = "is none of ours: move it out of the dataset"
            yield Finding(where=other.relative_to(root).as_posix(), message=message)


def write_clusters(root: Path, pieces: Iterable[pa.Table], *, method: str, made_from: str) -> ClustersRecord:
    """Write the table and put it in place, whole or not at all; the writer's lock must be held."""
    layout, target = Layout(root), clusters_file(root)
    staged = layout.tmp / "clusters.parquet"
    remedy = "run again: the table is as it was before"
    with durable.disk_errors(f"{target}: was not written", remedy), ExitStack() as undo:
        undo.callback(staged.unlink, missing_ok=True)
        target.parent.mkdir(exist_ok=True)
        rows, copies = _write(staged, pieces, method)
        durable.sync_file(staged)
        record = ClustersRecord(
            method=method,
            made_from=made_from,
            rows=rows,
            clusters=rows - copies,
            copies=copies,
            size_bytes=staged.stat().st_size,
            sha256=durable.sha256_of(staged),
        )
        durable.move(staged, target)
        durable.sync_folder(target.parent)
        durable.sync_folder(root)
        durable.write_whole(layout.state / _NOTE, msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n")
    return record


def _write(path: Path, pieces: Iterable[pa.Table], method: str) -> tuple[int, int]:
    """Write the pieces and return how many rows there are, and how many of them are copies."""
    schema = CLUSTERS.with_metadata({**(CLUSTERS.metadata or {}), b"newsclean.dedup_method": method.encode()})
    rows = copies = waiting = 0
    held: list[pa.Table] = []
    durable.step(f"create {path.name}")
    with pq.ParquetWriter(path, schema, **_SETTINGS) as writer:
        for piece in pieces:
            found = piece.select(CLUSTERS.names).cast(schema)
            rows += found.num_rows
            copies += sum(role != "earliest" for role in found["role"].to_pylist())
            held.append(found)
            waiting += found.num_rows
            if waiting >= _ROW_GROUP_ROWS:
                writer.write_table(pa.concat_tables(held), row_group_size=_ROW_GROUP_ROWS)
                held, waiting = [], 0
        if held:
            writer.write_table(pa.concat_tables(held), row_group_size=_ROW_GROUP_ROWS)
    return rows, copies
