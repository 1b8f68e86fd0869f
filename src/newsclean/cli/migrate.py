"""`newsclean migrate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsclean.cli.counting import counted
from newsclean.cli.places import DATASET

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["migrate"]


@click.command()
@click.argument("dataset", type=DATASET)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
def migrate(dataset: Path, *, dry_run: bool, quiet: bool) -> None:
    """Bring a dataset that an older newsclean made to the columns of this one, row for row.

    Shard by shard, what is held back too. It may be killed and run again at any point; files that
    somebody has open stay readable. Columns that are new are empty in the rows that are there.
    """
    from newsclean.dataset import SCHEMA_VERSION, Dataset  # noqa: PLC0415  (keeps --help fast)
    from newsclean.dataset.migrating import migrate as carry_out  # noqa: PLC0415  (same)
    from newsclean.dataset.migrating import outdated  # noqa: PLC0415  (same)

    with Dataset.open(dataset, create=False) as found:
        version = found.form.schema_version
        done = outdated(found) if dry_run else list(carry_out(found))
    if quiet:
        return
    if version == SCHEMA_VERSION and not done:
        click.echo(f"{dataset}: has schema version {SCHEMA_VERSION} already; nothing to migrate")
    else:
        verb = "would be brought" if dry_run else "brought"
        shards = counted(len(done), "shard")
        click.echo(f"{dataset}: {verb} from schema version {version} to {SCHEMA_VERSION}: {shards}")
