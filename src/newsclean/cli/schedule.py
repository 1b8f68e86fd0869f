"""`newsclean schedule`: the jobs of newsclean.toml, when they run, and what became of it."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsclean.cli.counting import counted
from newsclean.cli.groups import SentenceGroup
from newsclean.cli.run import read_moment
from newsclean.cli.schedule_keeping import serve, tick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsclean.schedule.desk import Desk

__all__ = ["schedule"]

_NO_JOBS = "no jobs: add [jobs.NAME] to newsclean.toml"
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, for machines.")


@click.group(cls=SentenceGroup)
def schedule() -> None:
    """Jobs on schedule: what is due is started by tick (from cron) or serve (which goes on)."""


schedule.add_command(tick)
schedule.add_command(serve)


@schedule.command(name="list")
@_JSON
def list_jobs(*, as_json: bool) -> None:
    """List the jobs: when they run next, what they are at, and how the last run ended."""
    with _desk() as desk:
        rows = desk.overview()
    _print(rows, _NO_JOBS, as_json=as_json, columns=("job", "rule", "next", "state", "last", "ended"))


@schedule.command(name="next")
@click.argument("names", metavar="[JOB]...", nargs=-1)
@click.option("-n", "--number", type=click.IntRange(1, 1000), default=5, show_default=True, help="Slots of each job.")
@_JSON
def next_slots(names: tuple[str, ...], *, number: int, as_json: bool) -> None:
    """Show the next slots, in UTC and by the wall clock of each job."""
    with _desk() as desk:
        rows = desk.coming(names, number)
    _print(
        rows,
        "no slots to come: no job in newsclean.toml has a time",
        as_json=as_json,
        columns=("slot", "due", "local", "job"),
    )


@schedule.command()
@click.argument("names", metavar="JOB...", nargs=-1, required=True)
def pause(names: tuple[str, ...]) -> None:
    """Have jobs start nothing until they are resumed; what runs goes on."""
    with _desk() as desk:
        for name in names:
            click.echo(f"{name}: {'paused' if desk.pause(name) else 'was paused already'}")


@schedule.command()
@click.argument("names", metavar="JOB...", nargs=-1, required=True)
def resume(names: tuple[str, ...]) -> None:
    """Let paused jobs go on with their next slot; what was due meanwhile is not caught up."""
    with _desk() as desk:
        for name in names:
            missed = desk.resume(name)
            click.echo(
                f"{name}: was not paused" if missed is None else f"{name}: goes on; {missed:,} slots were left out"
            )


@schedule.command()
@click.argument("name", metavar="JOB")
def cancel(name: str) -> None:
    """End what a job is at: the run that is going on, and those that wait."""
    with _desk() as desk:
        click.echo(f"{name}: {counted(desk.cancel(name), 'run')} cancelled")


@schedule.command()
@click.argument("name", metavar="[JOB]", required=False)
@click.option("-n", "--number", type=click.IntRange(1, 100_000), default=20, show_default=True, help="Runs to show.")
@_JSON
def history(name: str | None, *, number: int, as_json: bool) -> None:
    """Show past runs, newest first: slots, attempts, outcome, counts, durations, and slots that were missed."""
    with _desk() as desk:
        rows = desk.past(name, number)
    columns = ("slot", "job", "kind", "state", "attempts", "articles", "took_s", "note")
    _print(rows, "no runs yet", as_json=as_json, columns=columns)


@schedule.command()
@click.argument("name", metavar="JOB")
@click.option("--since", required=True, metavar="TIME", help="First slot, as 2026-11-01 or 2026-11-01T06:00Z.")
@click.option("--until", metavar="TIME", help="Last slot; now by default.")
@click.option("--again", is_flag=True, help="Also the slots that have run already.")
def backfill(name: str, since: str, until: str | None, *, again: bool) -> None:
    """Run the slots of a time gone by, one after the other, behind all that is due.

    A spider is told the slot by {slot} and the one before it by {previous} in its arguments, as in
    arguments = { since = "{previous}", until = "{slot}" }.
    """
    last = dt.datetime.now(dt.UTC) if until is None else read_moment(until, "--until")
    with _desk() as desk:
        count = desk.backfill(name, read_moment(since, "--since"), last, again=again)
    click.echo(f"{name}: {count:,} slots wait for their run; tick or serve starts them")


@schedule.command()
@click.option("--cron", "form", flag_value="cron", help="Lines for crontab -e.")
@click.option("--systemd", "form", flag_value="systemd", help="A service that keeps the schedule.")
@click.option("--k8s", "form", flag_value="k8s", help="A CronJob for each job.")
@click.option("--image", default="newsclean:latest", show_default=True, help="The container image, for --k8s.")
def export(form: str | None, image: str) -> None:
    """Print what another scheduler needs to run the jobs."""
    from newsclean.schedule.exporting import exported  # noqa: PLC0415  (keeps --help fast)
    from newsclean.schedule.jobs import load_jobs  # noqa: PLC0415  (same)

    if form is None:
        raise click.UsageError("say which: --cron, --systemd or --k8s")
    click.echo(exported(load_jobs(Path.cwd()), form, image=image), nl=False)


@contextmanager
def _desk() -> Iterator[Desk]:
    from newsclean.schedule.desk import Desk  # noqa: PLC0415  (keeps --help fast)
    from newsclean.schedule.jobs import load_jobs  # noqa: PLC0415  (same)
    from newsclean.schedule.ledger import Ledger  # noqa: PLC0415  (same)
    from newsclean.schedule.processes import ProcessLauncher  # noqa: PLC0415  (same)

    jobs = load_jobs(Path.cwd())
    with Ledger(jobs.ledger_path) as ledger:
        yield Desk(jobs, ledger, ProcessLauncher(jobs.folder, jobs.state), dt.datetime.now(dt.UTC))


def _print(rows: list[dict[str, Any]], none: str, *, as_json: bool, columns: tuple[str, ...]) -> None:
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    if not rows:
        click.echo(none)
        return
    cells = [list(columns), *([_cell(row.get(column)) for column in columns] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(columns))]
    for line in cells:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: object) -> str:
    return "" if value is None else f"{value:,.0f}" if isinstance(value, (int, float)) else str(value)
