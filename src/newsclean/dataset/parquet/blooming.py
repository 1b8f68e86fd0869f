"""Bloom filters in the files: a reader that looks for one id skips the row groups that do not have it.

Parquet's own, written by pyarrow; DuckDB, Spark and others use them. The filter of a row group answers
wrongly "may be here" once in a hundred times, never wrongly "is not here".
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from newsclean.dataset.parquet.schema import FLAG, SCHEMAS
from newsclean.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["bloom_settings", "check_bloom_filters"]

_FALSE_POSITIVES: Final = 0.01
_OPTION: Final = "bloom_filter_options"


def check_bloom_filters(columns: Sequence[str]) -> None:
    """Raise ConfigError unless the columns can have filters, and the pyarrow in use can write them."""
    known = sorted({f.name for schema in SCHEMAS.values() for f in schema if _can_have(f.type)})
    for name in columns:
        if name not in known:
            raise ConfigError(f"bloom_filters: no column {name} that can have one; there are {', '.join(known)}")
    if _OPTION not in inspect.signature(pq.ParquetWriter.__init__).parameters:
        raise ConfigError(
            f"bloom_filters: pyarrow {pa.__version__} cannot write them; install a newer one: "
            'pip install --upgrade "pyarrow>=26"'
        )


def bloom_settings(columns: Sequence[str], rows: pa.Table, row_group_rows: int) -> dict[str, Any]:
    """Return what the writer of these rows has to be told; nothing where none of the columns is among them."""
    wanted = {name: _sized(rows[name], row_group_rows) for name in columns if name in rows.column_names}
    return {_OPTION: wanted} if wanted else {}


def _sized(values: Any, row_group_rows: int) -> dict[str, Any]:
    distinct = pc.count_distinct(values).as_py()
    return {"ndv": max(1, min(distinct, row_group_rows)), "fpp": _FALSE_POSITIVES}


def _can_have(kind: pa.DataType) -> bool:
    return not pa.types.is_nested(kind) and kind != FLAG
