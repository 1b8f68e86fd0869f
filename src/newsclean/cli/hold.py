"""`newsclean hold`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsclean.cli.counting import counted
from newsclean.cli.groups import SentenceGroup
from newsclean.cli.places import DATASET, from_here

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsclean.dataset import Batch

    Command = Callable[..., None]

__all__ = ["hold"]


def _dataset_option(command: Command) -> Command:
    return click.option(
        "-o",
        "--output",
        "dataset",
        type=DATASET,
        metavar="DIR",
        help="The dataset; without it those of the project's jobs, and clean.",
    )(command)


@click.group(cls=SentenceGroup)
def hold() -> None:
    """Settle what is kept back from a dataset because of an alarm.

    A job with on_alarm = "hold" keeps its articles back while they are checked. Where there is no
    alarm they enter the dataset by themselves; else they wait for one of these commands.
    """


@hold.command("list")
@_dataset_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_batches(*, dataset: Path | None, as_json: bool) -> None:
    """List the batches that are kept back, the oldest first, and why."""
    from newsclean.schedule.alarms.settling import datasets_of, held_batches  # noqa: PLC0415  (keeps --help fast)

    found = held_batches(datasets_of(Path.cwd(), dataset))
    if as_json:
        rows = [_values(batch) | {"dataset": str(path)} for path, batch in found]
        click.echo(json.dumps({"batches": rows}, ensure_ascii=False, sort_keys=True))
        return
    if not found:
        click.echo("nothing is held")
    for path, batch in found:
        note = batch.note
        click.echo(
            f"{batch.batch_id}  {note.begun_at:%Y-%m-%d %H:%M} UTC  {note.state}  "
            f"{counted(batch.articles, 'article')} of {counted(batch.pages, 'page')}  {from_here(path)}"
        )
        for alarm in note.alarms:
            click.echo(f"  {alarm}")
        click.echo(f"  to look at: {from_here(batch.path)}/articles/**/*.parquet")


@hold.command()
@click.argument("batch")
@_dataset_option
@click.option("--usual", is_flag=True, help="What the alarms were about is usual from now on.")
def release(batch: str, *, dataset: Path | None, usual: bool) -> None:
    """Let a batch into the dataset after all."""
    from newsclean.schedule.alarms import settling  # noqa: PLC0415  (keeps --help fast)

    folder = Path.cwd()
    with settling.project_ledger(folder) as ledger:
        done = settling.release(settling.datasets_of(folder, dataset), batch, ledger, is_usual=usual)
    click.echo(f"{batch}: in the dataset: {counted(done.articles, 'article')} of {counted(done.pages, 'page')}")


@hold.command()
@click.argument("batch")
@_dataset_option
@click.option(
    "--clean-again", is_flag=True, help="As if it had not been cleaned: the next run does, with a mended profile, say."
)
def drop(batch: str, *, dataset: Path | None, clean_again: bool) -> None:
    """Throw the articles of a batch away.

    Raw pages are never touched. In the ledger `pages` they are rejected as `dropped`, and are not
    cleaned again while their files stay as they are.
    """
    from newsclean.schedule.alarms import settling  # noqa: PLC0415  (keeps --help fast)

    folder = Path.cwd()
    with settling.project_ledger(folder) as ledger:
        done = settling.drop(settling.datasets_of(folder, dataset), batch, ledger, clean_again=clean_again)
    rest = "the next run cleans them again" if clean_again else "they are in the ledger as dropped"
    click.echo(f"{batch}: gone: {counted(done.articles, 'article')} of {counted(done.pages, 'page')}; {rest}")


def _values(batch: Batch) -> dict[str, object]:
    note = batch.note
    return {
        "batch": batch.batch_id,
        "state": str(note.state),
        "job": note.job,
        "run": note.run,
        "begun_at": note.begun_at.isoformat(),
        "pages": batch.pages,
        "articles": batch.articles,
        "alarms": list(note.alarms),
        "path": str(batch.path),
    }
