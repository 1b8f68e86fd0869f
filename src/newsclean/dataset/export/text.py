"""Rows as lines: JSON, where nothing is lost, and CSV, where lists and structures become JSON texts."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec
import pyarrow as pa
import pyarrow.csv as pa_csv

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsclean.dataset.export.selection import Chosen

__all__ = ["write_csv", "write_jsonl"]

_CODECS: Final[dict[str, Literal["gzip", "zstd"]]] = {".gz": "gzip", ".zst": "zstd"}
_ENCODER: Final = msgspec.json.Encoder()


def write_jsonl(chosen: Chosen, path: Path, suffix: str) -> int:
    """Write one JSON object a line; times as ISO 8601 in UTC. Returns how many."""
    rows = 0
    with _opened(path, suffix) as file:
        for batch in chosen.batches():
            file.write(_ENCODER.encode_lines(batch.to_pylist()))
            rows += batch.num_rows
    return rows


def write_csv(chosen: Chosen, path: Path, suffix: str) -> int:
    """Write a header and one record a row: null is an empty field, an empty text is `""`. Returns how many rows."""
    rows = 0
    schema = pa.schema([pa.field(field.name, _flat_type(field.type)) for field in chosen.schema])
    options = pa_csv.WriteOptions(quoting_style="all_valid")
    with _opened(path, suffix) as file, pa_csv.CSVWriter(file, schema, write_options=options) as writer:
        for batch in chosen.batches():
            writer.write_batch(pa.RecordBatch.from_arrays(list(map(_flat, batch.columns)), schema=schema))
            rows += batch.num_rows
    return rows


@contextmanager
def _opened(path: Path, suffix: str) -> Iterator[Any]:
    """Open a file to be written, packed as its suffix says."""
    with pa.OSFile(str(path), "wb") as file:
        if codec := _CODECS.get(suffix):
            with pa.CompressedOutputStream(file, codec) as packed:
                yield packed
        else:
            yield file


def _flat_type(kind: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_nested(kind) or pa.types.is_timestamp(kind) else kind


def _flat(column: pa.Array[Any]) -> pa.Array[Any]:
    if not (pa.types.is_nested(column.type) or pa.types.is_timestamp(column.type)):
        return column
    values = (value if value is None else _ENCODER.encode(value).decode() for value in column.to_pylist())
    is_time = pa.types.is_timestamp(column.type)
    return pa.array([value.strip('"') if value is not None and is_time else value for value in values], pa.string())
