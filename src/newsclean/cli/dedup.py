"""`newsclean dedup`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsclean.cli.counting import counted
from newsclean.cli.progress import showing_status

if TYPE_CHECKING:
    from newsclean.run.deduping import DedupReport

__all__ = ["dedup"]


@click.command()
@click.argument("dataset", type=click.Path(path_type=Path))
@click.option(
    "--method",
    default="auto",
    show_default=True,
    metavar="NAME",
    help="exact, paragraphs (also those that share a paragraph) or minhash (also those touched everywhere; "
    "needs newsclean[dedup]); auto is the best that is installed.",
)
@click.option("--workers", type=click.IntRange(0), help="Processes; one a core by default, 0: in this process.")
@click.option("--view", is_flag=True, help="Print the SQL that reads one row a story, and do nothing else.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
def dedup(dataset: Path, *, method: str, workers: int | None, view: bool, as_json: bool, quiet: bool) -> None:
    """Find wire copies and near-duplicates among the articles of a dataset.

    Writes the table clusters/: for each text its cluster, whether it is the earliest of it, a verbatim,
    shortened or edited copy, how much it shares with the earliest, and which wire service it names.
    Nothing is deleted. A second run looks only at what is new.
    """
    if view:
        from newsclean.dedup.stories import stories_sql  # noqa: PLC0415  (keeps --help fast)

        click.echo(stories_sql(dataset.as_posix()), nl=False)
        return
    from newsclean.run.deduping import find_copies  # noqa: PLC0415  (heavy)

    with showing_status(is_quiet=quiet) as show:
        report = find_copies(dataset, method=method, workers=workers, on_progress=show)
    if as_json:
        import msgspec  # noqa: PLC0415  (only here)

        click.echo(msgspec.json.encode(report).decode())
    elif not quiet:
        click.echo(_summary(report))


def _summary(report: DedupReport) -> str:
    done = "nothing new" if report.state == "nothing_to_do" else f"{counted(report.sketched, 'article')} looked at"
    text = (
        f"{report.dataset}: {counted(report.texts, 'text')}, {report.copies:,} of them copies; "
        f"{report.clusters:,} stories ({done}, {report.duration_s:.1f} s, by {report.method})"
    )
    if report.method == "paragraphs":
        text += '\ncopies touched in every paragraph are not found; pip install "newsclean[dedup]" finds them'
    return text
