"""The rows of a shard, parted by the folder that they lie in."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from newsclean.dataset.parquet.partition import COLUMNS, NONE, PARTITIONED, folder_name

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["folders_of", "split"]


def split(rows: pa.Table, table: str, partition_by: str) -> Iterator[tuple[str | None, pa.Table]]:
    """Yield each folder with its rows, in the order of the folders; None for those of a table without folders."""
    if table != PARTITIONED or partition_by == NONE:
        yield None, rows
        return
    folders, places = _placed(rows[COLUMNS[partition_by]], partition_by)
    order = pc.sort_indices(places)
    counts = [0] * len(folders)
    for entry in pc.value_counts(places).to_pylist():
        counts[entry["values"]] = entry["counts"]
    for folder, start, count in zip(folders, accumulate(counts, initial=0), counts, strict=False):
        yield folder, rows.take(order.slice(start, count))


def folders_of(values: Any, partition_by: str) -> set[str]:
    """Return the folders that rows lie in by these values of the column that they are partitioned by."""
    return set(_placed(values, partition_by)[0])


def _placed(values: Any, partition_by: str) -> tuple[list[str], Any]:
    """Return the folders, in order, and for each row the number of its own."""
    keys = _months(values) if partition_by == "month" else values
    encoded: Any = pc.dictionary_encode(keys, null_encoding="encode")
    encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    names = [folder_name(partition_by, value) for value in encoded.dictionary.to_pylist()]
    folders = sorted(set(names))
    numbers = {folder: number for number, folder in enumerate(folders)}
    place_of = pa.array([numbers[name] for name in names], pa.int32())
    return folders, place_of.take(encoded.indices)


def _months(times: Any) -> Any:
    """Return the month of each time as `2024-05`, in UTC."""
    years = pc.utf8_lpad(pc.cast(pc.year(times), pa.string()), 4, "0")
    months = pc.utf8_lpad(pc.cast(pc.month(times), pa.string()), 2, "0")
    return pc.binary_join_element_wise(years, months, "-")
