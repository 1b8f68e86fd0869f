"""Python values to Arrow arrays of a given type."""

from __future__ import annotations

import sys
from itertools import accumulate, chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from newsclean.dataset.record import storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Values = Sequence[Any] | pa.Array[Any]


def each(path: str, rows: Iterable[object]) -> list[Any]:
    """Return the attribute `path` (dots lead further in) of every row."""
    return list(map(attrgetter(path), rows))


def column(field: pa.Field[Any], values: Values) -> pa.Array[Any]:
    """Return `values` as the field's type: a naive time is a ValueError, a lone surrogate its escape."""
    if isinstance(values, pa.Array):
        return values
    if pa.types.is_timestamp(field.type):
        _check_aware(field.name, values)
    try:
        made: pa.Array[Any] = pa.array(values, type=field.type)
    except UnicodeEncodeError:
        made = pa.array([_storable(value) for value in values], type=field.type)
    return made


def repeated(field: pa.Field[Any], value: object, count: int) -> pa.Array[Any]:
    """Return `count` times the same value as the field's type."""
    made: pa.Array[Any] = pa.repeat(column(field, [value])[0], count)
    return made


def places_of(counts: Sequence[int]) -> pa.Array[Any]:
    """Return the place of each count as many times as it says: what repeats the rows of an array by `take`."""
    places = b"".join([place.to_bytes(4, sys.byteorder) * count for place, count in enumerate(counts)])
    return pa.Array.from_buffers(pa.int32(), sum(counts), [None, pa.py_buffer(places)])


def struct_lists(kind: pa.StructType, lists: Sequence[Sequence[object]]) -> pa.Array[Any]:
    """Return a list<struct> column of objects that have the struct's fields as attributes."""
    flat = list(chain.from_iterable(lists))
    return _listed(kind, lists, [each(field.name, flat) for field in kind])


def pair_lists(kind: pa.StructType, lists: Sequence[Sequence[tuple[object, ...]]]) -> pa.Array[Any]:
    """Return a list<struct> column of tuples that follow the order of the struct's fields."""
    flat = list(chain.from_iterable(lists))
    return _listed(kind, lists, [[pair[at] for pair in flat] for at in range(kind.num_fields)])


def optional_structs(kind: pa.StructType, rows: Sequence[object]) -> pa.Array[Any]:
    """Return a struct column of objects that have the struct's fields as attributes, or are None."""
    missing = pa.array([row is None for row in rows], type=pa.bool_())
    return _struct(kind, [_attribute(field, rows) for field in kind], missing)


def _attribute(field: pa.Field[Any], rows: Sequence[object]) -> list[Any]:
    # The mask of the struct covers what stands under a missing row, but the type must allow it.
    absent = None if field.nullable else ""
    return [absent if row is None else getattr(row, field.name) for row in rows]


def _listed(kind: pa.StructType, lists: Sequence[Sequence[object]], children: Sequence[Values]) -> pa.Array[Any]:
    offsets = pa.array(accumulate(map(len, lists), initial=0), type=pa.int32())
    element = pa.field("element", kind, nullable=False)
    from_arrays: Any = pa.ListArray.from_arrays  # the stubs know no struct inside a list
    made: pa.Array[Any] = from_arrays(offsets, _struct(kind, children), type=pa.list_(element))
    return made


def _struct(kind: pa.StructType, children: Sequence[Values], missing: pa.Array[Any] | None = None) -> pa.Array[Any]:
    arrays = [column(field, child) for field, child in zip(kind, children, strict=True)]
    return pa.StructArray.from_arrays(arrays, fields=list(kind), mask=missing)


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    return None if value is None else [storable(text) for text in value]


def _check_aware(name: str, values: Sequence[Any]) -> None:
    # Arrow would take a naive time for UTC: a guess, and nothing is guessed here.
    for value in values:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{name}: {value} has no time zone")
