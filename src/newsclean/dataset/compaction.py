"""Many small files to a few large ones, row for row: a compacted shard takes the place of those it is made of.

Each step is a commit like any other: killed anywhere, it has happened or it has not. What reads by the
commit records sees one state or the other; a reader that lists a folder should do so between two steps.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from newsclean.dataset.record import RunStamp, numbered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsclean.dataset.record import CommitRecord
    from newsclean.dataset.store import Dataset

__all__ = ["DEFAULT_TARGET_BYTES", "Step", "compact", "steps"]

DEFAULT_TARGET_BYTES: Final = 128 * 2**20
# A file of more than half the size wanted is left as it is: to put it with another would overshoot.
_LARGE_ENOUGH: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Committed shards that become one: `files` and `size_bytes` of all their tables."""

    shard_id: str
    records: tuple[CommitRecord, ...]
    files: int
    size_bytes: int


def steps(dataset: Dataset, *, target_bytes: int = DEFAULT_TARGET_BYTES) -> list[Step]:
    """Return what is to be put together so that the largest file of each shard comes near `target_bytes`.

    Only shards that were made with the same code, profiles and language backend come together: what has
    to be cleaned again after a change stays apart. In the order in which they were committed.
    """
    small = [one for one in dataset.records().values() if _size(one) < target_bytes * _LARGE_ENOUGH]
    ordered = sorted(small, key=lambda record: (_made_with(record), record.sequence))
    found: list[Step] = []
    for _, alike in groupby(ordered, key=_made_with):
        found += [_step(group) for group in _packed(alike, target_bytes) if len(group) > 1]
    return found


def compact(dataset: Dataset, *, target_bytes: int = DEFAULT_TARGET_BYTES) -> Iterator[Step]:
    """Put small shards together and yield each step when it is done; raises DatasetError.

    Memory holds the rows of one step, some three to five times `target_bytes`.
    """
    for step in steps(dataset, target_bytes=target_bytes):
        last = max(step.records, key=lambda record: record.sequence)
        carry = [(record.shard_id, frozenset(source.raw_path for source in record.sources)) for record in step.records]
        dataset.commit(
            step.shard_id, (), (), _stamp(last), replaces=[record.shard_id for record in step.records], carry=carry
        )
        yield step


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
    return Step(
        shard_id=f"compact-{hashlib.sha256(names.encode()).hexdigest()[:24]}",
        records=tuple(records),
        files=len(parts),
        size_bytes=sum(part.size_bytes for part in parts),
    )


def _stamp(record: CommitRecord) -> RunStamp:
    """Return the stamp of a run that made a shard; the rows keep the time at which each was cleaned."""
    return RunStamp(
        run_id=record.run_id,
        cleaned_at=dt.datetime.fromtimestamp(0, dt.UTC),
        newsclean_version=record.newsclean_version,
        code_sha256=record.code_sha256,
        language_backend=record.language_backend,
        routing_sha256=record.routing_sha256,
    )
