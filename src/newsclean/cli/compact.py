"""`newsclean compact`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsclean.cli.places import DATASET

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsclean.dataset import CommitRecord

__all__ = ["compact"]

_MEGABYTE = 2**20


@click.command()
@click.argument("dataset", type=DATASET)
@click.option(
    "--target-mb", type=click.IntRange(1), default=128, show_default=True, metavar="N", help="Size of a file, about."
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
def compact(dataset: Path, target_mb: int, *, dry_run: bool, quiet: bool) -> None:
    """Put the many small files of a dataset together to a few large ones, sorted, row for row.

    It may be killed and run again at any point. Files that somebody has open stay readable; start
    nothing that lists the folders while it runs.
    """
    from newsclean.dataset import Dataset  # noqa: PLC0415  (keeps --help fast)
    from newsclean.dataset.compaction import compact as carry_out  # noqa: PLC0415  (same)
    from newsclean.dataset.compaction import steps  # noqa: PLC0415  (same)

    with Dataset.open(dataset, create=False) as found:
        before = sum(len(parts) for record in found.records().values() for parts in record.parts.values())
        target_bytes = target_mb * _MEGABYTE
        done = steps(found, target_bytes=target_bytes) if dry_run else list(carry_out(found, target_bytes=target_bytes))
        after = before - sum(step.files for step in done) + sum(_tables(step.records) for step in done)
    if not quiet:
        verb = "would become" if dry_run else "became"
        click.echo(f"{dataset}: {before:,} files {verb} {after:,}" if done else f"{dataset}: nothing to put together")


def _tables(records: Sequence[CommitRecord]) -> int:
    return len({table for record in records for table in record.parts})
