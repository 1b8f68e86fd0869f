"""Many small files to a few large ones, row for row: a compacted shard takes the place of those it is made of.

Each step is a commit like any other: killed anywhere, it has happened or it has not. What reads by the
commit records sees one state or the other; a reader that lists a folder should do so between two steps.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from newsclean.dataset.form import FormChoice, check_current
from newsclean.dataset.held import batches_with_records, tidy
from newsclean.dataset.record import numbered
from newsclean.dataset.store import Dataset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsclean.dataset.record import CommitRecord

__all__ = ["DEFAULT_TARGET_BYTES", "Step", "compact", "steps"]

DEFAULT_TARGET_BYTES: Final = 128 * 2**20
# A file of more than half the size wanted is left as it is: to put it with another would overshoot.
_LARGE_ENOUGH: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Committed shards that become one, or one that is written anew: `files` and `size_bytes` of all their tables."""

    shard_id: str
    records: tuple[CommitRecord, ...]
    files: int
    size_bytes: int


def steps(
    dataset: Dataset, *, target_bytes: int = DEFAULT_TARGET_BYTES, choice: FormChoice | None = None
) -> list[Step]:
    """Return what is to be put together so that the largest table of each shard comes near `target_bytes`.

    Only shards that were made with the same code, profiles and language backend come together: what has
    to be cleaned again after a change stays apart. In the order in which they were committed. A shard
    whose form is not that of the dataset (or the chosen one) is written anew, even alone.
    """
    form = (choice or FormChoice()).over(dataset.form)
    records = dataset.records().values()
    large = [one for one in records if _size(one) >= target_bytes * _LARGE_ENOUGH]
    found = [_step([one]) for one in large if one.form != form]
    small = [one for one in records if _size(one) < target_bytes * _LARGE_ENOUGH]
    ordered = sorted(small, key=lambda record: (_made_with(record), record.sequence))
    for _, alike in groupby(ordered, key=_made_with):
        packed = _packed(alike, target_bytes)
        found += [_step(group) for group in packed if len(group) > 1 or group[0].form != form]
    return found


def compact(
    dataset: Dataset, *, target_bytes: int = DEFAULT_TARGET_BYTES, choice: FormChoice | None = None
) -> Iterator[Step]:
    """Put small shards together and yield each step when it is done; raises DatasetError.

    What is chosen of the form holds from now on, for what is held back too; after a cut the next call
    goes on with it. Memory holds the rows of one step, some three to five times `target_bytes`.
    """
    check_current(dataset.form, dataset.path)
    tidy(dataset)
    dataset.change_form((choice or FormChoice()).over(dataset.form))
    _renew_held(dataset)
    for step in steps(dataset, target_bytes=target_bytes):
        dataset.rewrite(step.shard_id, [record.shard_id for record in step.records])
        yield step


def _renew_held(dataset: Dataset) -> None:
    """Bring what is held back to the form of the dataset, which it is to come into as it is."""
    for batch, records in batches_with_records(dataset):
        if any(record.form != dataset.form for record in records.values()):
            with Dataset.open(batch.path, create=False) as rows:
                rows.change_form(dataset.form)
                for shard_id in [one.shard_id for one in rows.records().values() if one.form != rows.form]:
                    rows.rewrite(shard_id, [shard_id])


def _size(record: CommitRecord) -> int:
    return max((sum(part.size_bytes for part in parts) for parts in record.parts.values()), default=0)


def _made_with(record: CommitRecord) -> tuple[str, str, str, str]:
    return record.newsclean_version, record.code_sha256, record.language_backend, record.routing_sha256


def _packed(records: Iterable[CommitRecord], target_bytes: int) -> Iterator[list[CommitRecord]]:
    group: list[CommitRecord] = []
    size = 0
    for record in records:
        if group and size + _size(record) > target_bytes:
            yield group
            group, size = [], 0
        group.append(record)
        size += _size(record)
    if group:
        yield group


def _step(records: Sequence[CommitRecord]) -> Step:
    names = "\n".join(sorted(record.shard_id for record in records))
    parts = [part for record in records for _, _, part in numbered(record.parts)]
    several = f"compact-{hashlib.sha256(names.encode()).hexdigest()[:24]}"
    return Step(
        shard_id=several if len(records) > 1 else records[0].shard_id,
        records=tuple(records),
        files=len(parts),
        size_bytes=sum(part.size_bytes for part in parts),
    )
