"""Parquet files of raw pages: a row is a page, known by its number in the file.

The one module of `sources` that reads Parquet, and so knows pyarrow: what `dataset` reads are its own tables.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from newsclean.sources.contained import Mark, StoredPage
from newsclean.sources.members import broken_page
from newsclean.sources.opening import SeekableFile, file_sha256, opened
from newsclean.sources.rows import page_column, row_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsclean.sources.opening import OpenFile
    from newsclean.sources.records import SourceFile

__all__ = ["ParquetPages"]

_SOURCE: Final = "parquet"
_ROWS_A_BATCH: Final = 64
_BUFFER: Final = 1 << 20
_BROKEN: Final = (pa.ArrowException, OSError)


class ParquetPages:
    """The pages of one Parquet file."""

    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self.sha256: str | None = None

    def pages(self) -> Iterator[StoredPage | None]:
        """Yield the pages of the file's stretch; row groups that cannot be read are a rejection each."""
        stretch = self._file.stretch
        with opened(self._file) as found:
            try:
                table = _opened(found)
            except _BROKEN as error:
                yield self._damaged(0, f"no Parquet file that can be read: {_first_line(error)}")
                return
            columns = self._columns(table.schema_arrow)
            if columns is None:
                yield self._refused(table.schema_arrow)
            else:
                for group, first, count in _groups(table):
                    if stretch.ends_before(first):
                        break
                    if first + count > stretch.start:
                        yield from self._rows(table, group, first, columns)
            if stretch.is_whole:
                self.sha256 = file_sha256(found)

    def marks(self) -> Iterator[Mark | None]:
        """Yield rows here and there, each row group's share of bytes on them."""
        with opened(self._file) as found:
            try:
                table = _opened(found)
            except _BROKEN:
                yield None  # whoever reads the pages says so
                return
            for group, first, count in _groups(table):
                size = table.metadata.row_group(group).total_byte_size // max(1, count)
                for row in range(first, first + count, _ROWS_A_BATCH):
                    rows = min(_ROWS_A_BATCH, first + count - row)
                    yield Mark(start=row, entry=row, size_bytes=size * rows, pages=rows)
            self.sha256 = file_sha256(found)

    def _rows(self, table: pq.ParquetFile, group: int, first: int, columns: list[str]) -> Iterator[StoredPage | None]:
        stretch = self._file.stretch
        row = first
        try:
            for batch in table.iter_batches(_ROWS_A_BATCH, row_groups=[group], columns=columns):
                if stretch.ends_before(row):
                    return
                if row + batch.num_rows > stretch.start:
                    for number, values in enumerate(batch.to_pylist(), row):
                        if stretch.has(number):
                            yield row_page(self._file, number, values, source=_SOURCE)
                row += batch.num_rows
                yield None
        except _BROKEN as error:
            if stretch.has(row):
                yield self._damaged(row, f"from row {row:,} on row group {group} cannot be read: {_first_line(error)}")

    def _columns(self, schema: pa.Schema) -> list[str] | None:
        """Return the columns to read: that of the pages, and all that are single values."""
        body = page_column(self._file.reading, schema.names)
        if body is None:
            return None
        return [field.name for field in schema if field.name == body or _is_single(field.type)]

    def _refused(self, schema: pa.Schema) -> StoredPage:
        values: dict[str, Any] = dict.fromkeys(schema.names)
        return row_page(self._file, 0, values, source=_SOURCE)

    def _damaged(self, row: int, cause: str) -> StoredPage:
        return broken_page(self._file, row, f"{cause}; fetch it again", source=_SOURCE)


def _opened(found: OpenFile) -> pq.ParquetFile:
    # Columns are read in pieces: a row group may be larger than the memory.
    return pq.ParquetFile(io.BufferedReader(SeekableFile(found)), buffer_size=_BUFFER, pre_buffer=False)


def _groups(table: pq.ParquetFile) -> Iterator[tuple[int, int, int]]:
    first = 0
    for group in range(table.num_row_groups):
        count = table.metadata.row_group(group).num_rows
        yield group, first, count
        first += count


def _is_single(kind: pa.DataType) -> bool:
    return not (pa.types.is_nested(kind) or pa.types.is_dictionary(kind))


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0] or type(error).__name__
