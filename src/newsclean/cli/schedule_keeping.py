"""`newsclean schedule tick` and `serve`: what starts the runs that are due."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsclean.cli.stopping import stop_on_signals

if TYPE_CHECKING:
    from newsclean.schedule.ticking import TickReport

__all__ = ["serve", "tick"]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print what was done as one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
def tick(*, as_json: bool, quiet: bool) -> None:
    """Start what is due, and end: for a line in crontab, every minute or every few.

    Runs are processes of their own, and go on. Where serve, or another tick, keeps the schedule
    already, nothing is done.
    """
    from newsclean.schedule.jobs import load_jobs  # noqa: PLC0415  (keeps --help fast)
    from newsclean.schedule.ledger import Ledger  # noqa: PLC0415  (same)
    from newsclean.schedule.processes import ProcessLauncher  # noqa: PLC0415  (same)
    from newsclean.schedule.serving import Clock, tick_once  # noqa: PLC0415  (same)
    from newsclean.schedule.ticking import TickReport  # noqa: PLC0415  (same)

    jobs = load_jobs(Path.cwd())
    with Ledger(jobs.ledger_path) as ledger:
        done = tick_once(jobs, ledger, ProcessLauncher(jobs.folder, jobs.state), Clock())
    if not isinstance(done, TickReport):
        text = f"process {done.process.pid} on {done.process.host} keeps the schedule"
        if as_json:
            click.echo(json.dumps({"kept_by": asdict(done.process)}))
        elif not quiet:
            click.echo(f"{text}; nothing was done")
    elif as_json:
        click.echo(json.dumps(_values(done), sort_keys=True))
    elif not quiet:
        for line in _lines(done) or ["nothing is due"]:
            click.echo(line)


@click.command()
@click.option("--poll", type=click.FloatRange(0.2, 60), default=2.0, show_default=True, help="Seconds between looks.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
def serve(poll: float, *, quiet: bool) -> None:
    """Start what is due, and go on with it until stopped (Ctrl-C or SIGTERM).

    A second one stands by, and takes over within 30 seconds when the first is gone. A changed
    newsclean.toml is read again. Runs go on when this ends.
    """
    from newsclean.schedule.jobs import load_jobs  # noqa: PLC0415  (keeps --help fast)
    from newsclean.schedule.ledger import Ledger  # noqa: PLC0415  (same)
    from newsclean.schedule.processes import ProcessLauncher  # noqa: PLC0415  (same)
    from newsclean.schedule.serving import Clock, Listener, keep  # noqa: PLC0415  (same)

    jobs = load_jobs(Path.cwd())

    def say(line: str) -> None:
        if not quiet:
            click.echo(f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M:%S} {line}")

    def tell(report: TickReport) -> None:
        for line in _lines(report):
            say(line)

    with stop_on_signals() as stop, Ledger(jobs.ledger_path) as ledger:
        listener = Listener(should_stop=stop.is_wanted, on_tick=tell, on_note=say)
        keep(jobs, ledger, ProcessLauncher(jobs.folder, jobs.state), Clock(), listener, poll_s=poll)


def _lines(report: TickReport) -> list[str]:
    lines = [f"{job}: attempt {number} of {_slot(slot)} is gone without a word" for job, slot, number in report.dead]
    lines += [f"{job}: {count:,} slots were missed" for job, count in report.missed.items()]
    lines += [f"{job}: {_slot(slot)} skipped" for job, slot in report.skipped]
    lines += [f"{job}: {_slot(slot)} cancelled" for job, slot in report.cancelled]
    return lines + [f"{job}: {_slot(slot)} started, attempt {number}" for job, slot, number in report.started]


def _slot(slot: dt.datetime) -> str:
    return f"{slot:%Y-%m-%d %H:%M} UTC"


def _values(report: TickReport) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(asdict(report), default=lambda at: at.isoformat()))
    return found
