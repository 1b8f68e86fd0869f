"""Checks a dataset against what must always be true of it, a file at a time.

Held in memory at once: one shard's page keys, and for the whole dataset the article ids and the
paths of raw files, never a text.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from newsclean.dataset.finding import Finding
from newsclean.dataset.held import BatchState, batches_with_records
from newsclean.dataset.layout import TABLES, Layout
from newsclean.dataset.record import numbered
from newsclean.dataset.store import Dataset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from newsclean.dataset.record import CommitRecord, SourceRecord


def verify(path: Path | str) -> Iterator[Finding]:
    """Yield everything that is wrong with the dataset at `path`; nothing for a sound one.

    Changes nothing. While a run writes, or after one that was killed, what it has not finished or
    swept is found too. Raises DatasetError where there is no dataset to check.
    """
    from newsclean.dataset.clusters import check_clusters  # noqa: PLC0415  # pyarrow

    dataset = Dataset.open(path, create=False)
    yield from _check(dataset)
    yield from _check_held(dataset)
    yield from check_clusters(dataset.path)


def _check(dataset: Dataset) -> Iterator[Finding]:
    from newsclean.dataset.checks.files import check_parts  # noqa: PLC0415  # pyarrow
    from newsclean.dataset.checks.rows import check_rows  # noqa: PLC0415  # pyarrow

    layout = Layout(dataset.path)
    records = dataset.records()
    yield from _unfinished(layout)
    yield from _strangers(layout, records.values())
    yield from _shared_sources(records.values())
    sites: dict[str, str | None] = {}
    for record in records.values():
        if record.form != dataset.form and dataset.form == dataset.form.present:
            message = "is not in the form of the dataset, a compaction was cut short; finish it: newsclean compact"
            yield Finding(where=f"shard {record.shard_id}", message=f"{message} {dataset.path}")
        found = list(check_parts(layout, record))
        yield from found
        if not found:
            yield from check_rows(layout, record, sites)


def _check_held(dataset: Dataset) -> Iterator[Finding]:
    """Check every batch that is kept back as the dataset it is, and that no page is in two places."""
    owners = {source.key: shard_id for shard_id, record in dataset.records().items() for source in record.sources}
    held: dict[tuple[str, int], str] = {}
    for batch, records in batches_with_records(dataset):
        place = batch.path.relative_to(dataset.path).as_posix()
        if batch.note.state in {BatchState.RELEASING, BatchState.DROPPING}:
            verb = "release" if batch.note.state is BatchState.RELEASING else "drop"
            message = f"a {verb} of this batch was cut short; finish it: newsclean hold {verb} {batch.batch_id}"
            yield Finding(where=place, message=message)
            continue
        if records:
            for found in _check(Dataset.open(batch.path, create=False)):
                yield Finding(where=f"{place}: {found.where}", message=found.message)
        for record in records.values():
            for source in record.sources:
                owner = owners.get(source.key, record.shard_id)
                other = held.setdefault(source.key, batch.batch_id)
                if owner not in {*record.replaces, record.shard_id}:
                    message = f"is held in batch {batch.batch_id} and in shard {owner} too"
                    yield Finding(where=source.raw_path, message=message)
                if other != batch.batch_id:
                    yield Finding(where=source.raw_path, message=f"is held in batches {batch.batch_id} and {other}")


def _unfinished(layout: Layout) -> Iterator[Finding]:
    for shard_id in layout.journals():
        where = layout.journal(shard_id).relative_to(layout.root).as_posix()
        yield Finding(where=where, message="a commit that was cut short; the next run finishes it")


def _strangers(layout: Layout, records: Iterable[CommitRecord]) -> Iterator[Finding]:
    named = {part.file for record in records for _, _, part in numbered(record.parts)}
    ours = {path for table in TABLES for path in layout.parts(table)}
    for folder in layout.data:
        for path in sorted(folder.rglob("*")):
            where = path.relative_to(layout.root).as_posix()
            if where in named or path.is_dir():
                continue
            message = "no commit record names this file; "
            message += "the next run removes it" if path in ours else "it is none of ours: move it out of the dataset"
            yield Finding(where=where, message=message)


def _shared_sources(records: Iterable[CommitRecord]) -> Iterator[Finding]:
    """Yield what two shards hold of the same file: parts of it must not lie over another."""
    found = sorted(((source, record.shard_id) for record in records for source in record.sources), key=_part_key)
    for (one, other), (source, shard_id) in pairwise(found):
        if one.raw_path == source.raw_path and (one.end is None or one.end > source.start):
            message = f"is in shard {other} and in shard {shard_id}: its pages are there twice"
            yield Finding(where=source.raw_path, message=message)


def _part_key(found: tuple[SourceRecord, str]) -> tuple[str, int, str]:
    source, shard_id = found
    return source.raw_path, source.start, shard_id
