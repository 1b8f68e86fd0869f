"""Committed parts back as Arrow, a few thousand rows at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from newsclean.dataset.migrations import added_since
from newsclean.dataset.parquet.schema import SCHEMAS, schema_like
from newsclean.errors import DatasetError
from newsclean.remote.arrow import readable
from newsclean.remote.objects import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_BATCH_ROWS: Final = 2048
_REMEDY: Final = "put it back from a backup, or delete its commit record: its pages are then cleaned again"


def batches_of(path: Path, table: str, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
    """Yield the rows of one part in the order of the file; a part that cannot be read is a DatasetError."""
    names = columns_of(table, columns).names
    try:
        with open_part(path, page_checksum_verification=True) as file:
            there = file.schema_arrow
            if not there.equals(schema_like(there, table)):
                raise DatasetError(f"{path}: its columns are not those of {table}; {_REMEDY}")
            # One column at least, to know how many rows there are.
            wanted = [name for name in names if name in there.names] or there.names[:1]
            for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=wanted):
                yield batch.select(names) if wanted == names else _completed(batch, table, names)
    except StoreError:
        raise
    except FileNotFoundError as error:
        raise DatasetError(f"{path}: a commit record names this file, and it is not there; {_REMEDY}") from error
    except (pa.ArrowException, OSError) as error:
        raise DatasetError(f"{path}: no readable Parquet file ({error}); {_REMEDY}") from error


def open_part(path: Path, **settings: Any) -> pq.ParquetFile:
    """Open a part to be read; raises OSError and ArrowException."""
    source = readable(path)
    # What a store is asked for is asked for together: each request takes its time.
    return pq.ParquetFile(source, pre_buffer=source is not path, **settings)


def read_parts(paths: Iterable[Path], table: str, columns: Sequence[str] | None = None) -> pa.Table:
    """Return the rows of all parts as one table, with the table's schema even where there are none."""
    schema = columns_of(table, columns)
    batches = [
        batch.replace_schema_metadata(schema.metadata) for path in paths for batch in batches_of(path, table, columns)
    ]
    return pa.Table.from_batches(batches, schema=schema)


def _completed(batch: pa.RecordBatch, table: str, names: Sequence[str]) -> pa.RecordBatch:
    """Give rows of an older file the columns that it lacks."""
    schema = columns_of(table, names)
    added = added_since(1, table)
    there = batch.schema.names
    columns = [
        batch[name] if name in there else pa.array([added[name]] * batch.num_rows, schema.field(name).type)
        for name in names
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def columns_of(table: str, columns: Sequence[str] | None) -> pa.Schema:
    """Return the schema of `columns`, in that order; an unknown one is a ValueError with the known ones."""
    schema = SCHEMAS[table]
    if columns is None:
        return schema
    if unknown := sorted(set(columns) - set(schema.names)):
        raise ValueError(f"{table} has no column {', '.join(unknown)}; it has {', '.join(schema.names)}")
    chosen: pa.Schema = pa.schema([schema.field(name) for name in columns]).with_metadata({**schema.metadata})
    return chosen
