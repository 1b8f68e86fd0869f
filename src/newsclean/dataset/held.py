"""Batches that are kept back from a dataset until somebody releases or drops them.

A batch is a dataset of its own in `_newsclean/held/<batch>/`, so that whatever reads a dataset reads
what is held too. Its raw files count as known: no run cleans them while the batch is there.

    open ──> held ──> releasing ──> (rows in the dataset, batch gone)
                 └──> dropping ───> (pages in the ledger as `dropped`, batch gone)

A shard goes over in one step, a batch shard by shard. A release or a drop that was cut goes on
where it was when it is called again; until then each page is in the batch, in the dataset, or, for a
moment that `verify` knows, in both with the same rows.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import datetime  # noqa: TC003  # msgspec resolves the annotations of these classes
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import msgspec

from newsclean.dataset.durable import disk_errors, move, sync_folder, write_whole
from newsclean.dataset.form import FormChoice
from newsclean.dataset.layout import Layout, check_shard_id
from newsclean.dataset.place import check_on_disk
from newsclean.dataset.record import numbered
from newsclean.dataset.store import Dataset
from newsclean.errors import DatasetError, Reason
from newsclean.model import PageFacts, PageKind, PageOutcome, Rejection

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from newsclean.dataset.record import CommitRecord, RunStamp
    from newsclean.dataset.shard import Staged

__all__ = [
    "Batch",
    "BatchNote",
    "BatchState",
    "batches_of",
    "batches_with_records",
    "drop",
    "find_batch",
    "held_paths",
    "hold_staged",
    "note_batch",
    "open_batch",
    "parts_in",
    "release",
    "tidy",
]

_NOTE: Final = "batch.json"
_GONE: Final = ".gone"


class BatchState(StrEnum):
    """How far a batch is; an `open` one is being filled, or waits for its checks."""

    OPEN = "open"
    HELD = "held"
    RELEASING = "releasing"
    DROPPING = "dropping"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchNote:
    """What is known of a batch besides its rows: the job's run that made it, and the sentences that it is held for."""

    state: BatchState
    begun_at: datetime
    job: str | None = None
    run: int | None = None
    alarms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A batch as it lies on the disk, with its counts."""

    batch_id: str
    path: Path
    note: BatchNote
    pages: int
    articles: int


def open_batch(dataset: Dataset, batch_id: str, note: BatchNote) -> Dataset:
    """Open a batch to be filled, a new one with `note`; the caller closes it."""
    check_on_disk(dataset.path, "rows can be held back")
    path = _folder(dataset, batch_id)
    with disk_errors(f"{path}: no batch can be made", "run again"):
        if not _note_file(path).exists():
            _note_file(path).parent.mkdir(parents=True, exist_ok=True)
            sync_folder(path.parent)
            write_whole(_note_file(path), _encoded(note))
    is_new = not Layout(path).marker.exists()
    form = FormChoice(partition_by=dataset.form.partition_by, bloom_filters=dataset.form.bloom_filters)
    batch = Dataset.open(path, create=True, choice=form if is_new else None)
    batch.sweep()
    return batch


def hold_staged(
    dataset: Dataset, batch: Dataset, staged: Staged, stamp: RunStamp, *, replaces: Sequence[str] = ()
) -> CommitRecord:
    """Commit to the batch what was staged for the dataset; what it is to replace stays until the release."""
    here, there = Layout(dataset.path), Layout(batch.path)
    with disk_errors(f"{batch.path}: shard {staged.shard_id} was not written", "run again"):
        for table, number, _ in numbered(staged.parts):
            move(here.staged(table, staged.shard_id, number), there.staged(table, staged.shard_id, number))
    return batch.commit_staged(staged, stamp, replaces=replaces)


def note_batch(dataset: Dataset, batch_id: str, note: BatchNote) -> None:
    """Write down what is known of a batch now."""
    path = _folder(dataset, batch_id)
    with disk_errors(f"{path}: cannot be written", "run again"):
        write_whole(_note_file(path), _encoded(note))


def batches_of(dataset: Dataset) -> list[Batch]:
    """Return the batches of a dataset, the oldest first."""
    folder = Layout(dataset.path).held
    if not folder.is_dir():
        return []
    found = [_batch(path) for path in folder.iterdir() if not path.name.endswith(_GONE) and _note_file(path).exists()]
    return sorted(found, key=lambda batch: (batch.note.begun_at, batch.batch_id))


def find_batch(dataset: Dataset, batch_id: str) -> Batch:
    """Return the batch of that id; DatasetError, with the ids there are, where there is none."""
    found = batches_of(dataset)
    for batch in found:
        if batch.batch_id == batch_id:
            return batch
    there = f"there are {', '.join(batch.batch_id for batch in found)}" if found else "nothing is held"
    raise DatasetError(f"{dataset.path}: no batch {batch_id}; {there}")


def held_paths(dataset: Dataset) -> frozenset[str]:
    """Return the raw paths of all files whose pages are held."""
    return frozenset(
        source.raw_path
        for _, records in batches_with_records(dataset)
        for record in records.values()
        for source in record.sources
    )


def batches_with_records(dataset: Dataset) -> Iterator[tuple[Batch, dict[str, CommitRecord]]]:
    """Yield each batch with its commit records."""
    for batch in batches_of(dataset):
        yield batch, _records(batch.path)


def parts_in(dataset: Dataset, batch_id: str) -> dict[str, CommitRecord]:
    """Return the shards of a batch that are parts of one large archive, the rest of which may still be to clean."""
    path = _folder(dataset, batch_id)
    return {
        shard_id: record
        for shard_id, record in _records(path).items()
        if len({one.raw_path for one in record.sources}) == 1 and any(one.start or one.end for one in record.sources)
    }


def release(dataset: Dataset, batch_id: str) -> Batch:
    """Put the rows of a batch into the dataset; return what it was. Called again, it goes on where it was cut."""
    tidy(dataset)
    batch = find_batch(dataset, batch_id)
    _claim(dataset, batch, BatchState.RELEASING)
    for record in sorted(_records(batch.path).values(), key=lambda record: record.sequence):
        dataset.adopt(record, batch.path)
    _remove(batch)
    return batch


def drop(dataset: Dataset, batch_id: str, *, clean_again: bool = False) -> Batch:
    """Throw the rows of a batch away; return what it was. Called again, it goes on where it was cut.

    The pages stay in the ledger, rejected as `dropped`, and are not cleaned again; pages that have
    earlier rows in the dataset keep those. With `clean_again` all is as if they had not been cleaned.
    """
    tidy(dataset)
    batch = find_batch(dataset, batch_id)
    _check_way(dataset, batch, BatchState.DROPPING)
    if not clean_again or batch.note.state is BatchState.DROPPING:
        _claim(dataset, batch, BatchState.DROPPING)
        _commit_dropped(dataset, batch)
    _remove(batch)
    return batch


def tidy(dataset: Dataset) -> None:
    """Finish or undo commits to batches that were cut, and delete what is left of batches that are gone.

    Takes the lock of the dataset: no run fills a batch meanwhile.
    """
    dataset.sweep()
    for path in Layout(dataset.path).held.glob(f"*{_GONE}"):
        shutil.rmtree(path, ignore_errors=True)
    for batch in batches_of(dataset):
        if Layout(batch.path).marker.exists():
            with Dataset.open(batch.path, create=False) as rows:
                rows.sweep()


def _commit_dropped(dataset: Dataset, batch: Batch) -> None:
    cause = "; ".join(batch.note.alarms) or "no alarm is noted"
    with Dataset.open(batch.path, create=False) as held:
        for record in held.records().values():
            if record.replaces or record.shard_id in dataset.records():
                continue
            rows = list(held.rows_of(record.shard_id, "pages"))
            cleaned_at = rows[0]["cleaned_at"] if rows else batch.note.begun_at
            stamp = replace(record.stamp, cleaned_at=cleaned_at)
            sources = [
                replace(source, articles=0, rejections=source.pages, retry=False, dropped=True)
                for source in record.sources
            ]
            outcomes = (_dropped(row, f"dropped with batch {batch.batch_id}: {cause}") for row in rows)
            dataset.commit(record.shard_id, outcomes, sources, stamp)


def _dropped(row: dict[str, Any], detail: str) -> PageOutcome:
    rejection = Rejection(reason=Reason.DROPPED, stage="run", detail=detail)
    if row["reason"] is not None:
        rejection = Rejection(reason=Reason(row["reason"]), stage=row["stage"], detail=row["detail"])
    facts = PageFacts(
        raw_path=row["raw_path"],
        raw_offset=row["raw_offset"],
        url=row["url"],
        sha256=row["raw_sha256"],
        size_bytes=row["size_bytes"],
        media_type=row["raw_media_type"],
        kind=PageKind(row["kind"]) if row["kind"] else None,
        charset=row["charset"],
        charset_source=row["charset_source"],
        status=row["http_status"],
        fetched_at=row["fetched_at"],
        source=row["source"],
        labels=tuple((label["name"], label["value"]) for label in row["labels"]),
    )
    return PageOutcome(
        page=facts,
        site=row["site"],
        extractor=row["extractor"],
        strategy=row["strategy"],
        profile_sha256=row["profile_sha256"],
        rejection=rejection,
        visible_chars=row["visible_chars"],
        cpu_ms=row["cpu_ms"],
    )


def _claim(dataset: Dataset, batch: Batch, state: BatchState) -> None:
    """Say, before anything else changes, what is being done with a batch; the other way is barred from then on."""
    _check_way(dataset, batch, state)
    note_batch(dataset, batch.batch_id, replace(batch.note, state=state))


def _check_way(dataset: Dataset, batch: Batch, state: BatchState) -> None:
    decided = batch.note.state
    if decided in {BatchState.RELEASING, BatchState.DROPPING} and decided is not state:
        verb = "release" if decided is BatchState.RELEASING else "drop"
        raise DatasetError(
            f"{dataset.path}: batch {batch.batch_id}: a {verb} of it was begun and cut short; {verb} it to the end"
        )


def _remove(batch: Batch) -> None:
    with disk_errors(f"{batch.path}: cannot be deleted", "do the same again"):
        gone = batch.path.with_name(batch.path.name + _GONE)
        move(batch.path, gone)
        sync_folder(gone.parent)
        shutil.rmtree(gone)


def _folder(dataset: Dataset, batch_id: str) -> Path:
    return Layout(dataset.path).held / check_shard_id(batch_id)


def _note_file(path: Path) -> Path:
    return Layout(path).state / _NOTE


def _records(path: Path) -> dict[str, CommitRecord]:
    # A batch whose making was cut has a note and no more.
    return dict(Dataset.open(path, create=False).records()) if Layout(path).marker.exists() else {}


def _batch(path: Path) -> Batch:
    file = _note_file(path)
    try:
        note = msgspec.json.decode(file.read_bytes(), type=BatchNote)
    except msgspec.DecodeError as error:
        raise DatasetError(f"{file}: this is no note of ours ({error}); put it back from a backup") from error
    records = _records(path).values()
    pages, articles = (sum(record.rows_of(table) for record in records) for table in ("pages", "articles"))
    return Batch(batch_id=path.name, path=path, note=note, pages=pages, articles=articles)


def _encoded(note: BatchNote) -> bytes:
    return msgspec.json.format(msgspec.json.encode(note), indent=1) + b"\n"
