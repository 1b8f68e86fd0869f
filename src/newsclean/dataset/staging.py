"""The costly half of a commit, which any process may do: rows to Parquet files that wait to be committed."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from newsclean.dataset.durable import disk_errors
from newsclean.dataset.form import read_form
from newsclean.dataset.layout import Layout, check_shard_id
from newsclean.dataset.parquet import writer
from newsclean.dataset.record import numbered, read_record, storable
from newsclean.dataset.recovery import discard
from newsclean.dataset.shard import Carried, Staged, Tally, in_chunks, stored_sources
from newsclean.errors import DatasetError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from newsclean.dataset.record import CommitRecord, PartRecord, RunStamp, SourceRecord
    from newsclean.model import PageOutcome

__all__ = ["leave_pandas_alone", "stage", "take_name"]


def stage(
    path: Path,
    shard_id: str,
    outcomes: Iterable[PageOutcome],
    sources: Iterable[SourceRecord],
    stamp: RunStamp,
    *,
    carry: Sequence[Carried] = (),
) -> Staged:
    """Write the rows of a shard where `Dataset.commit_staged` takes them up; the dataset stays as it is.

    For a process that works for the one that holds the writer's lock; no two may have the same
    shard at the same time. `sources` is read after `outcomes` is used up, so that it may be filled
    meanwhile, and must tell the same counts. Raises DatasetError, and leaves nothing behind, where
    they do not or where the disk fails.
    """
    layout = Layout(path)
    tally = Tally(check_shard_id(shard_id))
    rows = writer.collect(in_chunks(outcomes, tally), stamp)
    told = stored_sources(sources)
    tally.check(told)
    for carried in carry:
        record = _record_of(layout, carried.shard_id)
        told += _carried_sources(record, carried)
        writer.carry_rows(layout, record.parts, carried.raw_paths, rows)
    failed = f"{path}: shard {shard_id} was not written"
    with disk_errors(failed, "run again: nothing of this shard is in the dataset"), ExitStack() as undo:
        undo.callback(discard, layout, shard_id)
        form = read_form(layout).present
        parts = writer.write_parts(layout, shard_id, rows, form)
        _check_sums(shard_id, parts, told)
        undo.pop_all()
    told = tuple(sorted(told, key=lambda source: source.key))
    return Staged(shard_id=shard_id, parts=parts, sources=told, form=form)


def take_name(path: Path, staged: Staged, shard_id: str) -> Staged:
    """Give staged rows the name of a shard, whatever they were written as; what was staged for it before goes.

    For attempts that may run twice: each writes under a name of its own, and one is taken.
    """
    layout = Layout(path)
    parts: dict[str, tuple[PartRecord, ...]] = {}
    with disk_errors(f"{path}: shard {shard_id} was not written", "run again: nothing of this shard is in the dataset"):
        discard(layout, check_shard_id(shard_id))
        for table, number, part in numbered(staged.parts):
            layout.staged(table, staged.shard_id, number).replace(layout.staged(table, shard_id, number))
            partition = part.file.split("/")[1:-1]
            named = replace(part, file=layout.part_name(table, shard_id, *partition))
            parts[table] = (*parts.get(table, ()), named)
    return replace(staged, shard_id=shard_id, parts=parts)


def leave_pandas_alone() -> None:
    """Keep pyarrow from loading pandas in this process, where it is installed: half a second and 60 MB for nothing.

    pyarrow does so at the first list it turns into an array, to see whether it is a Series. For a
    process of our own only: in it Arrow can no longer be turned into pandas.
    """
    sys.meta_path.insert(0, _NoPandas)
    try:
        pa.array([0])
    finally:
        sys.meta_path.remove(_NoPandas)


class _NoPandas:
    """An import finder in whose world pandas is not installed."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)


def _record_of(layout: Layout, shard_id: str) -> CommitRecord:
    try:
        return read_record(layout.commit(shard_id))
    except FileNotFoundError:
        raise DatasetError(f"{layout.root}: no shard {shard_id} to carry rows over from; run again") from None


def _carried_sources(record: CommitRecord, carried: Carried) -> tuple[SourceRecord, ...]:
    wanted = set(map(storable, carried.raw_paths))
    found = [source for source in record.sources if source.raw_path in wanted]
    if missing := sorted(wanted - {source.raw_path for source in found}):
        raise DatasetError(f"shard {record.shard_id} holds nothing of {missing[0]}: no rows to carry over; run again")
    if carried.is_current:
        return tuple(found)
    # The new record speaks for all its rows; these come from other code, so the next run has to look again.
    return tuple(replace(source, retry=True) for source in found)


def _check_sums(shard_id: str, parts: dict[str, tuple[PartRecord, ...]], sources: Iterable[SourceRecord]) -> None:
    stated = {"pages": 0, "articles": 0}
    for source in sources:
        stated["pages"] += source.pages
        stated["articles"] += source.articles
    for table, count in stated.items():
        rows = sum(part.rows for part in parts.get(table, ()))
        if rows != count:
            raise DatasetError(f"shard {shard_id}: {rows} rows of {table}, and its sources have {count}; not written")
