"""A Delta Lake table that follows a dataset: each export brings into it what has changed since the last one.

The table is a copy and the dataset stays the truth: Delta's log beside our commit records would be a second
truth, and Delta keeps the files of old versions where readers of a plain folder would take them for rows.

Exactly once: each commit of ours in Delta's log holds, as Delta's application transaction, the number of the
dataset's last commit that it stands for, under a name made of the dataset's id and of what was chosen. A
commit of Delta is there or not, so an export that was killed left the table as it was or is done; of two
exports at once Delta lets one through; and rows older than those that the table holds are refused. What is
to be merged is found by holding the rows wanted against those in the table, in a few narrow columns: so it is
right whatever happened to either, and only rows that differ are read whole.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pyarrow as pa
import pyarrow.compute as _compute

from newsclean.dataset.clusters import clusters_file
from newsclean.dataset.durable import sha256_of
from newsclean.dataset.place import dataset_id
from newsclean.errors import ConfigError, DatasetError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from newsclean.dataset.export.selection import Chosen, Selection
    from newsclean.dataset.store import Dataset

__all__ = ["COMPARED", "Changes", "Mark", "create", "is_table", "mark_of", "overwrite", "standing", "update"]

pc: Any = _compute  # the stubs know fewer forms of the functions than there are
_PLACE: Final = ("raw_path", "raw_offset", "segment")
# What a row is known by, and what tells whether it is still the same: a run cleans a page once.
COMPARED: Final = ("article_id", *_PLACE, "run_id", "body_sha256")
_STATE: Final = "newsclean.state"
_GONE: Final = "is_gone"
_NO_OFFSET: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a commit in Delta's log stands for: `state` is a hash over the rows that were chosen from."""

    app_id: str
    sequence: int
    state: str

    def properties(self) -> Any:
        """Return it as Delta takes it with a commit."""
        deltalake = _deltalake()
        transaction = deltalake.Transaction(self.app_id, self.sequence)
        return deltalake.CommitProperties(custom_metadata={_STATE: self.state}, app_transactions=[transaction])


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What an export did to a table: rows that came, changed and went, then its version and all its rows."""

    version: int
    rows: int
    inserted: int = 0
    updated: int = 0
    deleted: int = 0


def mark_of(dataset: Dataset, selection: Selection) -> Mark:
    """Return what an export of this selection stands for now."""
    choice = hashlib.sha256(msgspec.json.encode(selection)).hexdigest()[:16]
    state = hashlib.sha256(choice.encode())
    for shard_id, record in sorted(dataset.records().items()):
        state.update(repr((shard_id, record.sequence, sorted(record.parts.items()))).encode())
    if selection.dedup and (clusters := clusters_file(dataset.path)).exists():
        state.update(sha256_of(clusters).encode())
    app_id = f"newsclean:{dataset_id(dataset.path)}:{choice}"
    return Mark(app_id=app_id, sequence=dataset.sequence, state=state.hexdigest())


def is_table(folder: Path) -> bool:
    """Whether a Delta table is there."""
    with _errors(folder):
        return bool(_deltalake().DeltaTable.is_deltatable(str(folder)))


def create(folder: Path, chosen: Chosen, mark: Mark) -> Changes:
    """Write a new table."""
    return _write(str(folder), folder, chosen, mark, mode="error")


def overwrite(folder: Path, chosen: Chosen, mark: Mark) -> Changes:
    """Write all rows as a new version of a table, whoever made it; the old ones can still be read."""
    with _errors(folder):
        table = _deltalake().DeltaTable(str(folder))
    return _write(table, folder, chosen, mark, mode="overwrite", schema_mode="overwrite")


def standing(folder: Path, mark: Mark) -> Changes | None:
    """Return what an update of the table would be where it is certain that there is nothing to do, else None.

    Raises ConfigError where the table was not made from this dataset with this selection, DatasetError
    where it holds more of it than we know of.
    """
    with _errors(folder):
        table = _deltalake().DeltaTable(str(folder))
        _check_descent(folder, table.transaction_version(mark.app_id), mark)
        last = table.history(1)
        if not last or last[0].get(_STATE) != mark.state:
            return None
        return Changes(version=table.version(), rows=table.to_pyarrow_dataset().count_rows())


def update(folder: Path, chosen: Chosen, mark: Mark, *, one_an_article: bool) -> Changes:
    """Bring the rows that differ into the table, in one commit, or in none where there are none.

    A row is known by its article's id, and where an article may have more than one, by its place in
    the raw files too. Raises ConfigError for a table that cannot be updated, DatasetError as `standing` does
    and where another export came before.
    """
    key = ("article_id",) if one_an_article else ("article_id", *_PLACE)
    _check_columns(chosen.schema.names)
    with _errors(folder) as causes:
        table = _deltalake().DeltaTable(str(folder))
        _check_descent(folder, table.transaction_version(mark.app_id), mark)
        _check_schema(folder, table, chosen.schema)
        there = _narrow(table.to_pyarrow_dataset().to_table(columns=list(COMPARED)), key)
        if there.select(list(key)).group_by(list(key)).aggregate([]).num_rows < there.num_rows:
            raise ConfigError(f"{folder}: has rows twice that can be there once; {_REWRITE}")
        differing = _Differing.between(_narrow(_table(chosen.narrowed(COMPARED)), key), there, key)
        if not differing.is_nothing:
            _bring(table, chosen, differing, mark, key, causes)
    return Changes(
        version=table.version(),
        rows=chosen.count(),
        inserted=len(differing.new),
        updated=len(differing.changed),
        deleted=differing.gone.num_rows,
    )


_REWRITE: Final = "give another name, or --overwrite for a new version that has all rows anew"


@dataclass(frozen=True, slots=True)
class _Differing:
    """The numbers of chosen rows that are not in the table, or not as they are, and the keys of those that go."""

    new: Any
    changed: Any
    gone: pa.Table

    @property
    def is_nothing(self) -> bool:
        return not (len(self.new) or len(self.changed) or self.gone.num_rows)

    @classmethod
    def between(cls, wanted: pa.Table, there: pa.Table, key: Sequence[str]) -> _Differing:
        """Compare two tables of keys and prints; the numbers are those of rows of `wanted`."""
        wanted = wanted.append_column("row", pa.array(range(wanted.num_rows), pa.int64()))
        both = wanted.join(there.rename_columns([*key, "old"]), list(key))
        is_new = pc.is_null(both["old"])
        is_changed = pc.fill_null(pc.not_equal(both["old"], both["print"]), fill_value=False)
        gone = there.join(wanted.select(list(key)), list(key), join_type="left anti").select(list(key))
        return cls(_in_order(both["row"].filter(is_new)), _in_order(both["row"].filter(is_changed)), gone)


def _bring(
    table: Any, chosen: Chosen, differing: _Differing, mark: Mark, key: Sequence[str], causes: list[DatasetError]
) -> None:
    fresh = chosen.only(_in_order(pa.chunked_array([differing.new, differing.changed])))
    if not (len(differing.changed) or differing.gone.num_rows):
        # Nothing that is there is touched, so no file needs to be written again.
        reader = _reader(fresh.schema, fresh.batches(), causes)
        _deltalake().write_deltalake(table, reader, mode="append", commit_properties=mark.properties())
        return
    schema = pa.schema([*(field.with_nullable(True) for field in chosen.schema), pa.field(_GONE, pa.bool_())])  # noqa: FBT003  (Arrow's own form)
    merging = table.merge(
        _reader(schema, _source(fresh, differing.gone, schema), causes),
        predicate=" and ".join(f"(t.{name} is not distinct from s.{name})" for name in key),
        source_alias="s",
        target_alias="t",
        commit_properties=mark.properties(),
    )
    merging = merging.when_matched_delete(predicate=f"s.{_GONE}")
    merging = merging.when_matched_update_all(except_cols=[_GONE])
    merging.when_not_matched_insert_all(predicate=f"not s.{_GONE}", except_cols=[_GONE]).execute()


def _source(fresh: Chosen, gone: pa.Table, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Yield the rows to be put in, then the keys of those to be taken out."""
    for batch in fresh.batches():
        flags = pa.repeat(pa.scalar(False), batch.num_rows)  # noqa: FBT003  (Arrow's own form)
        yield pa.RecordBatch.from_arrays([*batch.columns, flags], schema=schema)
    for batch in gone.to_batches():
        known = dict(zip(batch.schema.names, batch.columns, strict=True))
        if "raw_offset" in known:
            known["raw_offset"] = pc.if_else(pc.equal(known["raw_offset"], _NO_OFFSET), None, known["raw_offset"])
        known[_GONE] = pa.repeat(pa.scalar(True), batch.num_rows)  # noqa: FBT003  (same)
        arrays = [known.get(field.name, pa.nulls(batch.num_rows, field.type)) for field in schema]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _narrow(rows: pa.Table, key: Sequence[str]) -> pa.Table:
    """Return the key of each row, without nulls, and a print that is another one when the row is."""
    offsets = pc.fill_null(rows["raw_offset"], _NO_OFFSET)
    rows = rows.set_column(rows.schema.get_field_index("raw_offset"), "raw_offset", offsets)
    facts = [pc.cast(rows[name], pa.string()) for name in COMPARED]
    return rows.select(list(key)).append_column("print", pc.binary_join_element_wise(*facts, "\n"))


def _table(chosen: Chosen) -> pa.Table:
    return pa.Table.from_batches(chosen.batches(), schema=chosen.schema)


def _in_order(rows: Any) -> Any:
    flat = rows.combine_chunks() if isinstance(rows, pa.ChunkedArray) else rows
    return flat.take(pc.array_sort_indices(flat))


def _write(table: Any, folder: Path, chosen: Chosen, mark: Mark, **how: str) -> Changes:
    deltalake = _deltalake()
    with _errors(folder) as causes:
        reader = _reader(chosen.schema, chosen.batches(), causes)
        deltalake.write_deltalake(table, reader, commit_properties=mark.properties(), **how)
        rows = chosen.count()
        return Changes(version=deltalake.DeltaTable(str(folder)).version(), rows=rows, inserted=rows)


def _check_descent(folder: Path, known: int | None, mark: Mark) -> None:
    if known is None:
        raise ConfigError(f"{folder}: is there already, and not as an export of this dataset so chosen; {_REWRITE}")
    if known > mark.sequence:
        raise DatasetError(
            f"{folder}: holds commit {known} of this dataset, and the dataset is at {mark.sequence}: another export "
            "was faster, or the dataset is an old copy; run again, or --overwrite to go back"
        )


def _check_columns(names: Sequence[str]) -> None:
    if missing := [name for name in COMPARED if name not in names]:
        raise ConfigError(
            f"columns: a Delta table that is to be updated needs {', '.join(missing)} too; add them, or --overwrite"
        )


def _check_schema(folder: Path, table: Any, wanted: pa.Schema) -> None:
    there = [field.name for field in table.schema().fields]
    if sorted(there) != sorted(wanted.names):
        other = sorted(set(there) ^ set(wanted.names))
        raise ConfigError(f"{folder}: has other columns than the rows that come ({', '.join(other)}); {_REWRITE}")


def _deltalake() -> Any:
    try:
        import deltalake  # noqa: PLC0415  (an extra)
    except ModuleNotFoundError as error:
        raise ConfigError('delta needs deltalake; install it with: pip install "newsclean[delta]"') from error
    return deltalake


@contextmanager
def _errors(folder: Path) -> Iterator[list[DatasetError]]:
    """Turn what deltalake raises in the block into errors of ours; those put into the list were their cause."""
    _deltalake()
    from deltalake.exceptions import CommitFailedError, DeltaError  # noqa: PLC0415  (an extra)

    causes: list[DatasetError] = []
    try:
        yield causes
    except CommitFailedError as error:
        raise DatasetError(f"{folder}: another writer was faster ({error}); run again") from error
    except DeltaError as error:
        if causes:
            raise causes[0] from error
        raise ConfigError(f"{folder}: cannot be used as a Delta table: {error}; {_REWRITE}") from error


def _reader(schema: pa.Schema, batches: Iterator[pa.RecordBatch], causes: list[DatasetError]) -> pa.RecordBatchReader:
    """Return rows as deltalake takes them; it makes an error of its own from each that comes with them."""

    def noted() -> Iterator[pa.RecordBatch]:
        try:
            yield from batches
        except DatasetError as error:
            causes.append(error)
            raise

    return pa.RecordBatchReader.from_batches(schema, noted())
