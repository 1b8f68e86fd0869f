"""`newsclean alarms`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsclean.cli.groups import SentenceGroup
from newsclean.errors import ConfigError

if TYPE_CHECKING:
    from newsclean.schedule.ledger import Ledger

__all__ = ["alarms"]


@click.group(cls=SentenceGroup)
def alarms() -> None:
    """Show the alarms of jobs, and settle them."""


@alarms.command("list")
@click.argument("job", required=False)
@click.option("--all", "with_settled", is_flag=True, help="Show those too that are settled.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_alarms(job: str | None, *, with_settled: bool, as_json: bool) -> None:
    """List the alarms of a job, or of all, the newest first."""
    from newsclean.schedule.alarms.settling import project_ledger  # noqa: PLC0415  (keeps --help fast)
    from newsclean.schedule.records import AlarmState  # noqa: PLC0415  (same)

    states = tuple(AlarmState) if with_settled else (AlarmState.OPEN,)
    with project_ledger(Path.cwd()) as ledger:
        found = ledger.alarms(job, states=states, limit=1_000) if ledger is not None else []
    if as_json:
        rows = [asdict(one) | {"raised_at": one.raised_at and one.raised_at.isoformat()} for one in found]
        click.echo(json.dumps({"alarms": rows}, ensure_ascii=False, sort_keys=True))
        return
    if not found:
        click.echo("no alarm")
    for one in found:
        settled = "" if one.state is AlarmState.OPEN else f"  {one.state}"
        click.echo(f"{one.number}  {one.raised_at:%Y-%m-%d %H:%M} UTC  {one.job}  {one.check}{settled}")
        click.echo(f"  {one.sentence}")
        for sample in one.samples[:3]:
            click.echo(f"  see {sample}")


@alarms.command()
@click.argument("job")
@click.argument("numbers", metavar="[NUMBER]...", type=int, nargs=-1)
def accept(job: str, numbers: tuple[int, ...]) -> None:
    """Take what the open alarms of JOB are about for usual from now on: all of them, or those of these numbers.

    What was before is no longer what the sites in question are compared with.
    """
    from newsclean.schedule.alarms import settling  # noqa: PLC0415  (keeps --help fast)

    with _ledger() as ledger:
        found = settling.accept(ledger, job, numbers)
    click.echo(f"{job}: {len(found)} alarm{'' if len(found) == 1 else 's'} accepted")


def _ledger() -> Ledger:
    from newsclean.schedule.alarms.settling import open_ledger  # noqa: PLC0415  (keeps --help fast)

    ledger = open_ledger(Path.cwd())
    if ledger is None:
        raise ConfigError("no job was run here yet, so there is no alarm; go to the folder of the newsclean.toml")
    return ledger
