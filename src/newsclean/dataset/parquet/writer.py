"""One shard's rows to sorted Parquet files in `tmp`; nothing here is part of the dataset yet."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from newsclean.dataset import durable
from newsclean.dataset.layout import TABLES
from newsclean.dataset.parquet.blooming import bloom_settings
from newsclean.dataset.parquet.columns import CONVERTERS
from newsclean.dataset.parquet.reader import batches_of
from newsclean.dataset.parquet.schema import LOW_CARDINALITY, SCHEMAS, SORT_KEYS
from newsclean.dataset.parquet.splitting import split
from newsclean.dataset.record import PartRecord, numbered, storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from newsclean.dataset.form import Form
    from newsclean.dataset.layout import Layout
    from newsclean.dataset.record import RunStamp
    from newsclean.model import PageOutcome

    Batches = dict[str, list[pa.RecordBatch]]
    Parts = dict[str, tuple[PartRecord, ...]]

ROW_GROUP_ROWS: Final = 16_384
ROW_GROUP_BYTES: Final = 256 * 2**20
_SETTINGS: Final[Mapping[str, Any]] = {
    "compression": "zstd",
    "compression_level": 3,
    "write_page_index": True,
    "write_page_checksum": True,
}
# Arrow counts the bytes of a string column in 31 bits; below this a table is surely within them.
_ONE_CHUNK_BYTES: Final = 2**30


def collect(chunks: Iterable[Sequence[PageOutcome]], stamp: RunStamp) -> Batches:
    """Return the outcomes as Arrow rows, by table; nothing is written yet."""
    found: Batches = {table: [] for table in TABLES}
    for chunk in chunks:
        for table, convert in CONVERTERS.items():
            found[table].append(convert(chunk, stamp))
    return found


def carry_rows(layout: Layout, parts: Parts, raw_paths: Iterable[str], into: Batches) -> None:
    """Add to `into`, unchanged, the rows of committed `parts` that come from `raw_paths`."""
    wanted = pa.array(sorted(map(storable, raw_paths)), type=pa.string())
    for table, _, part in numbered(parts):
        for batch in batches_of(layout.root / part.file, table):
            kept = batch.filter(pc.is_in(batch["raw_path"], value_set=wanted))
            if kept.num_rows:
                into[table].append(kept.replace_schema_metadata(SCHEMAS[table].metadata))


def write_parts(layout: Layout, shard_id: str, rows: Batches, form: Form) -> Parts:
    """Write every table of a shard to its staged files; a table without rows gets none."""
    found: Parts = {}
    for table in TABLES:
        if any(batch.num_rows for batch in rows[table]):
            whole = _in_one_piece(rows[table], SCHEMAS[table])
            pieces = enumerate(split(whole, table, form.partition_by))
            found[table] = tuple(_write_part(layout, shard_id, table, number, piece, form) for number, piece in pieces)
    return found


def _write_part(
    layout: Layout, shard_id: str, table: str, number: int, piece: tuple[str | None, pa.Table], form: Form
) -> PartRecord:
    partition, rows = piece
    path = layout.staged(table, shard_id, number)
    with durable.new_file(path) as made:
        _write(made.place, path.name, table, rows, form)
    return PartRecord(
        file=layout.part_name(table, shard_id, partition),
        rows=rows.num_rows,
        size_bytes=made.size_bytes,
        sha256=made.sha256,
    )


def _in_one_piece(batches: list[pa.RecordBatch], schema: pa.Schema) -> pa.Table:
    table = pa.Table.from_batches(batches, schema=schema)
    batches.clear()  # from here on one copy of the rows is enough
    if table.nbytes > _ONE_CHUNK_BYTES:
        wide = [f.with_type(pa.large_string()) if f.type == pa.string() else f for f in schema]
        table = table.cast(pa.schema(wide))
    # Taking rows from a column of many chunks joins them anew for each row group.
    return table.combine_chunks()


def _write(place: Path | IO[bytes], file_name: str, name: str, table: pa.Table, form: Form) -> None:
    keys = SORT_KEYS[name]
    # A stable sort with nulls at the end, which keeps removals of one segment in the order of the page.
    order = pc.sort_indices(table.select(keys), sort_keys=[(key, "ascending") for key in keys])
    size = _row_group_size(table)
    durable.step(f"create {file_name}")
    dictionary: Any = list(LOW_CARDINALITY[name])  # the stubs know a yes or no only
    settings = {**_SETTINGS, **bloom_settings(form.bloom_filters, table, size)}
    with pq.ParquetWriter(place, SCHEMAS[name], use_dictionary=dictionary, **settings) as writer:
        for start in range(0, table.num_rows, size):
            durable.step(f"write rows of {file_name}")
            writer.write_table(table.take(order.slice(start, size)).cast(SCHEMAS[name]), row_group_size=size)
        durable.step(f"close {file_name}")


def _row_group_size(table: pa.Table) -> int:
    return max(1, min(ROW_GROUP_ROWS, ROW_GROUP_BYTES * table.num_rows // max(table.nbytes, 1)))
