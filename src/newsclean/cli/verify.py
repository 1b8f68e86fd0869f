"""`newsclean verify`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsclean.cli.counting import counted
from newsclean.cli.escaping import shown_name
from newsclean.cli.exit_codes import ExitCode
from newsclean.cli.places import DATASET

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["verify"]


@click.command()
@click.argument("dataset", type=DATASET)
@click.option("--quick", is_flag=True, help="Leave the raw files alone: check the dataset by itself.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but what is wrong.")
def verify(dataset: Path, *, quick: bool, quiet: bool) -> None:
    """Prove that a dataset is what it must be.

    Every page has one outcome, counts reconcile, ids are unique, records match files, and each
    visible piece of text of the raw pages that are still there is in a body or in removals.
    """
    from newsclean.dataset import verify as check_rows  # noqa: PLC0415  (keeps --help fast)
    from newsclean.run.conservation import Coverage, check_conservation  # noqa: PLC0415  (heavy)

    coverage = Coverage()
    count = 0
    for finding in check_rows(dataset):
        count += 1
        click.echo(shown_name(f"{finding.where}: {finding.message}"))
    if not quick and not count:
        for finding in check_conservation(dataset, coverage):
            count += 1
            click.echo(shown_name(f"{finding.where}: {finding.message}"))
    if count:
        click.echo(f"newsclean: {dataset}: {counted(count, 'fault')} found", err=True)
        raise SystemExit(ExitCode.BROKEN)
    if not quiet:
        click.echo(f"{dataset}: everything holds{'' if quick else f'; {_covered(coverage)}'}")


def _covered(coverage: object) -> str:
    from newsclean.run.conservation import Coverage  # noqa: PLC0415  (heavy)

    assert isinstance(coverage, Coverage)
    text = f"text compared with {counted(coverage.compared, 'raw page')}"
    left_out = ", ".join(f"{count:,} {reason}" for reason, count in sorted(coverage.skipped.items()))
    return f"{text}, left out: {left_out}" if left_out else text
