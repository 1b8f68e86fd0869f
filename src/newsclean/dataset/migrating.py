"""A dataset of an older schema version to the one of today, shard by shard.

Each shard is committed anew under its own id, like any other commit: killed anywhere, it is as before or
as after. The marker follows last, so that rows of today are let in only once all older ones are brought
up; until then all that reads by the commit records reads both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsclean.dataset.held import batches_with_records, tidy
from newsclean.dataset.layout import SCHEMA_VERSION, Layout
from newsclean.dataset.store import Dataset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsclean.dataset.record import CommitRecord

__all__ = ["migrate", "outdated"]


def outdated(dataset: Dataset) -> list[str]:
    """Return the shards that are older than this newsclean, those that are held back too, without doing anything."""
    found = _older(dataset.records().values())
    for _, records in batches_with_records(dataset):
        found += _older(records.values())
    return found


def migrate(dataset: Dataset) -> Iterator[str]:
    """Bring a dataset to the schema version of today; yield each shard when it is done. Raises DatasetError.

    Called again after a cut, it goes on. Memory holds the rows of one shard.
    """
    tidy(dataset)
    for batch, _ in batches_with_records(dataset):
        # A batch whose making was cut has a note and no more.
        if Layout(batch.path).marker.exists():
            with Dataset.open(batch.path, create=False) as rows:
                yield from _migrated(rows)
    yield from _migrated(dataset)


def _migrated(dataset: Dataset) -> Iterator[str]:
    for shard_id in _older(dataset.records().values()):
        dataset.rewrite(shard_id, [shard_id])
        yield shard_id
    dataset.change_form(dataset.form.present)


def _older(records: Iterable[CommitRecord]) -> list[str]:
    return [record.shard_id for record in records if record.form.schema_version < SCHEMA_VERSION]
