"""One Parquet file of its own, outside of any dataset: articles in the dataset's columns, or rows of any shape.

The rows of a feed come one by one and their types are known at its end, so they wait as Parquet in
a temporary file, some hundred to a piece; memory holds one piece.
"""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from typing import IO, TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from newsclean.dataset.parquet import columns, schema
from newsclean.dataset.record import RunStamp
from newsclean.errors import DatasetError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsclean.model import PageOutcome

__all__ = ["FeedFile", "warm"]

_ROWS_A_PIECE: Final = 500
_SETTINGS: Final[Mapping[str, Any]] = {"compression": "zstd", "compression_level": 3}
_NO_STAMP: Final = RunStamp(
    run_id="",
    cleaned_at=dt.datetime(2000, 1, 1, tzinfo=dt.UTC),
    newsclean_version="",
    code_sha256="",
    language_backend="",
    routing_sha256="",
)


def warm() -> None:
    """Load now what Arrow loads at first use, half a second long, for those who must not wait later."""
    _fitted(_table([{"text": "", "time": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)}]), pa.schema([])).to_pylist()
    columns.articles([], _NO_STAMP).to_pylist()
    with pq.ParquetWriter(pa.BufferOutputStream(), schema.ARTICLES, **_SETTINGS):
        pass


class FeedFile:
    """Gathers rows and writes them to `file` (binary, writable) when it is closed.

    What `file` holds already, as one opened for appending does, must be a Parquet file (else DatasetError)
    and is kept: the new rows come after it. `fields` names the columns in their order; None takes those of the rows.
    """

    def __init__(self, file: IO[bytes], *, fields: Sequence[str] | None = None) -> None:
        before = _content(file)
        kept = _read(before, file.name) if before else None
        self._file = file
        self._fields = list(fields) if fields is not None else None
        self._waiting: list[Mapping[str, Any]] = []
        self._pieces = tempfile.TemporaryFile()  # noqa: SIM115  (closed in close)
        self._spans: list[tuple[int, int]] = []
        self._schemas: list[pa.Schema] = []
        if kept is not None:
            self._keep(kept)

    def add_outcome(self, outcome: PageOutcome, stamp: RunStamp) -> None:
        """Add the articles of a page, one row each, in the columns of `articles`."""
        batch = columns.articles([outcome], stamp)
        self._waiting += batch.to_pylist()
        self._spill()

    def add(self, row: Mapping[str, Any]) -> None:
        """Add a row of plain values."""
        self._waiting.append(row)
        self._spill()

    def close(self) -> None:
        """Write all rows to the file, footer and all; the file stays open."""
        self._spill(at_least=1)
        table_schema = _common(self._schemas)
        if self._fields is not None:
            table_schema = pa.schema([_field(table_schema, name) for name in self._fields])
        # On a file opened for appending this is the only way to begin anew, and "write" does so.
        if self._file.seekable():
            self._file.seek(0)
            self._file.truncate()
        with self._pieces, pq.ParquetWriter(self._file, table_schema, **_SETTINGS) as writer:
            for table in self._kept():
                writer.write_table(_fitted(table, table_schema))
        self._file.flush()

    def _spill(self, *, at_least: int = _ROWS_A_PIECE) -> None:
        if len(self._waiting) >= at_least:
            self._keep(_table(self._waiting))
            self._waiting = []

    def _keep(self, table: pa.Table) -> None:
        start = self._pieces.tell()
        pq.write_table(table, self._pieces, **_SETTINGS)
        self._spans.append((start, self._pieces.tell() - start))
        self._schemas.append(table.schema)

    def _kept(self) -> Iterator[pa.Table]:
        for start, size in self._spans:
            self._pieces.seek(start)
            yield pq.read_table(pa.BufferReader(self._pieces.read(size)))


def _content(file: IO[bytes]) -> bytes:
    """Return what the file at the end of which we stand holds; it may be open for writing only."""
    if not file.seekable() or not file.tell():
        return b""
    with open(file.name, "rb") as reader:  # noqa: PTH123  (a name that may be a descriptor)
        return reader.read()


def _read(content: bytes, name: str) -> pa.Table:
    try:
        return pq.read_table(pa.BufferReader(content))
    except pa.ArrowInvalid as error:
        raise DatasetError(f"{name}: is no Parquet file, so nothing can be added to it; overwrite it (-O)") from error


def _table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.table({name: _column(name, [row.get(name) for row in rows]) for name in names})


def _column(name: str, values: Sequence[Any]) -> pa.Array[Any]:
    """Return a column typed as the dataset has it, else by its values, as JSON texts where they are of many kinds."""
    known = schema.ARTICLES.field(name).type if name in schema.ARTICLES.names else None
    for kind in (known, None) if known is not None else (None,):
        try:
            made: pa.Array[Any] = pa.array(values, type=kind)
            return made  # noqa: TRY300  (in a loop of tries)
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, UnicodeEncodeError):
            continue
    return pa.array([_text(value) for value in values], type=pa.string())


def _text(value: Any) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _common(schemas: Sequence[pa.Schema]) -> pa.Schema:
    """Return a schema that all pieces fit into; a column without any value is a text."""
    fields: dict[str, pa.Field[Any]] = {}
    for piece in schemas:
        for field in piece:
            known = fields.get(field.name)
            fields[field.name] = field.with_nullable(nullable=True) if known is None else _wider(known, field)
    return pa.schema([_stated(field) for field in fields.values()])


def _wider(one: pa.Field[Any], other: pa.Field[Any]) -> pa.Field[Any]:
    try:
        merged = pa.unify_schemas([pa.schema([one]), pa.schema([other])], promote_options="permissive")
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.field(one.name, pa.string())
    return merged.field(0).with_nullable(nullable=True)


def _stated(field: pa.Field[Any]) -> pa.Field[Any]:
    return field.with_type(pa.string()) if pa.types.is_null(field.type) else field


def _field(table: pa.Schema, name: str) -> pa.Field[Any]:
    return table.field(name) if name in table.names else pa.field(name, pa.string())


def _fitted(table: pa.Table, wanted: pa.Schema) -> pa.Table:
    made = [_fitted_column(table, field) for field in wanted]
    return pa.Table.from_arrays(made, schema=wanted)


def _fitted_column(table: pa.Table, field: pa.Field[Any]) -> pa.ChunkedArray[Any]:
    if field.name not in table.column_names:
        return pa.chunked_array([pa.nulls(table.num_rows, field.type)])
    found = table.column(field.name)
    if pa.types.is_string(field.type) and not pa.types.is_string(found.type):
        return pa.chunked_array([pa.array([_text(value) for value in found.to_pylist()], type=pa.string())])
    return found.cast(field.type)
