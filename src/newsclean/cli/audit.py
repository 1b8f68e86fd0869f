"""`newsclean audit`."""

from __future__ import annotations

from pathlib import Path

import click

from newsclean.cli.counting import counted
from newsclean.cli.exit_codes import ExitCode
from newsclean.cli.groups import SentenceGroup

__all__ = ["audit"]

_WAYS = ("confidence", "site", "rule")


class _WithDefault(SentenceGroup):
    """A group in which anything that is no sub-command's name belongs to `sheet`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["sheet", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_WithDefault)
def audit() -> None:
    """Judge a sample of pages by eye, and keep the verdicts as golden cases.

    `newsclean audit DATASET` makes the sheet, `newsclean audit import FILE` takes its verdicts.
    """


@audit.command()
@click.argument("dataset", type=click.Path(file_okay=False, path_type=Path))
@click.option("--sample", type=click.IntRange(1), default=50, show_default=True, metavar="N", help="How many pages.")
@click.option(
    "--by",
    type=click.Choice(_WAYS),
    default="confidence",
    show_default=True,
    help="The least sure ones, some of every site, or one for every removal rule, rare rules first.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write, else DATASET-audit.html.")
@click.option("--sites", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="As for clean.")
def sheet(dataset: Path, sample: int, by: str, output: Path | None, sites: tuple[Path, ...]) -> None:
    """Make a review sheet: raw and clean side by side, to be judged and mended in a browser."""
    from newsclean.report.html.review import write_sheet  # noqa: PLC0415  (heavy)

    target = output or dataset.resolve().with_name(f"{dataset.resolve().name}-audit.html")
    path, count = write_sheet(dataset, target, sample=sample, by=by, sites=sites)
    click.echo(f"{path}: {counted(count, 'page')}")


@audit.command(name="import")
@click.argument("verdicts", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--to",
    "cases",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("tests/sites"),
    show_default=True,
    metavar="DIR",
    help="Folder of golden cases.",
)
@click.option("--dataset", type=click.Path(file_okay=False, path_type=Path), help="If it lies elsewhere by now.")
@click.option("--sites", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="As for clean.")
def import_(verdicts: Path, cases: Path, dataset: Path | None, sites: tuple[Path, ...]) -> None:
    """Write a golden case for each verdict of a saved sheet; `newsclean sites test` then holds them."""
    from newsclean.report.verdicts import import_verdicts  # noqa: PLC0415  (heavy)

    problems = 0
    for one in import_verdicts(verdicts, cases, dataset=dataset, sites=sites):
        if one.problem:
            problems += 1
            click.echo(one.problem, err=True)
        else:
            click.echo(one.folder)
    if problems:
        raise SystemExit(ExitCode.TROUBLE)
