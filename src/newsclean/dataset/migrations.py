"""What changed from one schema version to the next: the one place that knows of older datasets.

Everything reads every older version: its commit records are brought to the form of today when they are
read, and its files give the columns that they lack (null, or what the table below says). Nothing writes
rows to an older dataset but `newsclean migrate`, so that plain readers never meet two sets of columns.

To make a new version N+1:
1. raise `SCHEMA_VERSION` in `layout`;
2. change what has to change: columns in `schema`, fields in `record` (a field with a default needs no step);
3. add `N: Migration(...)` to `MIGRATIONS`: the columns that files of version N lack, and, if the JSON of a
   commit record changed, the function that makes one of version N + 1 from one of version N. Columns are only
   added. One that is to mean something else gets a new name, and the old one stays;
4. pin the new columns in `tests/unit/dataset/test_schema.py`, and teach `tests/unit/dataset/old_layout.py`
   to make a dataset of version N: the tests of migration then hold for it;
5. say in docs/dataset.md what changed.
Entries are never changed or removed. A file says in its metadata which version it has.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from newsclean.dataset.layout import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Record = dict[str, Any]

__all__ = ["MIGRATIONS", "Migration", "added_since", "brought_up"]


def _unchanged(record: Record) -> Record:
    return record


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step: `added` columns, by table, with what rows of older files have there; a record's JSON, brought up."""

    added: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    record: Callable[[Record], Record] = _unchanged


def _several_files_a_table(record: Record) -> Record:
    """Version 1 had one file a table, and did not say how it was made."""
    return {
        **record,
        "parts": {table: [part] for table, part in record["parts"].items()},
        "form": {"schema_version": 1},
    }


# From the version that is the key to the one after it.
MIGRATIONS: Final[Mapping[int, Migration]] = {
    1: Migration(
        added={
            "articles": {
                "extraction_confidence": None,
                "license": None,
                "is_free": None,
                "robots": None,
                "witnesses": (),
            }
        },
        record=_several_files_a_table,
    ),
}


def added_since(version: int, table: str) -> dict[str, Any]:
    """Return the columns that files of that version may lack, with what their rows have there."""
    steps = (MIGRATIONS[at] for at in range(version, SCHEMA_VERSION))
    return {name: value for step in steps for name, value in step.added.get(table, {}).items()}


def brought_up(record: Record, version: int) -> Record:
    """Return the JSON of a commit record of that version as one of today; KeyError, TypeError where it is none."""
    for at in range(version, SCHEMA_VERSION):
        record = MIGRATIONS[at].record(record)
    return {**record, "schema_version": SCHEMA_VERSION}
