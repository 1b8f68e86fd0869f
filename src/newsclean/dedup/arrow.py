"""Arrow columns: the stubs know fewer of the functions' forms than there are, so columns pass as `Column`."""

from __future__ import annotations

from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute

__all__ = ["Column", "compute", "in_one", "joined", "numbers"]

Column: TypeAlias = Any  # a pyarrow.Array

compute: Any = pyarrow.compute


def in_one(column: Column) -> Column:
    """Return an array or a chunked one as one array."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    found: Any = column.combine_chunks()
    return pa.concat_arrays(found.chunks) if isinstance(found, pa.ChunkedArray) else found


def joined(parts: list[Column]) -> Column:
    """Return arrays of one type one after the other."""
    return pa.concat_arrays(parts)


def numbers(start: int, end: int) -> Column:
    """Return the whole numbers from `start` up to and without `end`."""
    return pa.array(range(start, end), pa.int64())
