"""`newsclean compact`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from newsclean.cli.counting import counted
from newsclean.cli.forming import form_of, form_options
from newsclean.cli.places import DATASET

if TYPE_CHECKING:
    from pathlib import Path

    from newsclean.dataset import Dataset

__all__ = ["compact"]

_MEGABYTE = 2**20


@click.command()
@click.argument("dataset", type=DATASET)
@click.option(
    "--target-mb", type=click.IntRange(1), default=128, show_default=True, metavar="N", help="Size of a file, about."
)
@form_options(untold="as it is")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
def compact(dataset: Path, target_mb: int, *, dry_run: bool, quiet: bool, **chosen: Any) -> None:
    """Put the many small files of a dataset together to a few large ones, sorted, row for row.

    It may be killed and run again at any point. Files that somebody has open stay readable; start
    nothing that lists the folders while it runs. With --partition-by or --bloom-filter all rows are
    written anew in that form, and so is what later runs bring.
    """
    from newsclean.dataset import Dataset  # noqa: PLC0415  (keeps --help fast)
    from newsclean.dataset.compaction import compact as carry_out  # noqa: PLC0415  (same)
    from newsclean.dataset.compaction import steps  # noqa: PLC0415  (same)

    with Dataset.open(dataset, create=False) as found:
        shards, files = len(found.records()), _files(found)
        target_bytes, choice = target_mb * _MEGABYTE, form_of(chosen)
        do = steps if dry_run else carry_out
        done = list(do(found, target_bytes=target_bytes, choice=choice))
        if dry_run:
            left = shards - sum(len(step.records) - 1 for step in done)
            said = f"{counted(files, 'file')} of {counted(shards, 'shard')} would become those of {left:,}"
        else:
            said = f"{counted(files, 'file')} became {_files(found):,}"
    if not quiet:
        click.echo(f"{dataset}: {said}" if done else f"{dataset}: nothing to put together")


def _files(dataset: Dataset) -> int:
    return sum(len(parts) for record in dataset.records().values() for parts in record.parts.values())
