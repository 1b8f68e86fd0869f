"""`newsclean run`."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsclean.cli.exit_codes import ExitCode
from newsclean.cli.places import from_here
from newsclean.cli.stopping import stop_on_signals

if TYPE_CHECKING:
    from newsclean.schedule.jobs import Jobs
    from newsclean.schedule.results import Result

__all__ = ["read_moment", "run"]


@click.command()
@click.argument("job")
@click.option(
    "--slot",
    metavar="TIME",
    help="The slot that this is the run of, as 2026-11-01T06:00Z: once it has ended well, it is not run again.",
)
@click.option("--claim", metavar="RUN.ATTEMPT", hidden=True, help="The attempt that a tick has asked for.")
@click.option("--json", "as_json", is_flag=True, help="At the end, print what the run came to as one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
def run(job: str, slot: str | None, claim: str | None, *, as_json: bool, quiet: bool) -> None:
    """Run a job of newsclean.toml once: crawl, then clean, then the checks.

    For a schedule of your own (cron, Airflow, Kubernetes); newsclean's own calls it, too. It may be
    killed and run again at any point. Exit codes: 0 done; 1 done, and somebody should look (an
    alarm, trouble, or a spider that found nothing); 75 another run of the job is going on; 124 it
    took too long; else the code of the step that failed.
    """
    from newsclean.schedule.jobs import load_jobs  # noqa: PLC0415  (keeps --help fast)

    jobs = load_jobs(Path.cwd())
    jobs.job(job)
    moment = None if slot is None else read_moment(slot, "--slot")
    try:
        result = _made(jobs, job, moment, claim)
    except _busy_error() as error:
        click.echo(f"newsclean: {error}", err=True)
        raise SystemExit(ExitCode.BUSY) from None
    _print(result, jobs.state, as_json=as_json, is_quiet=quiet)
    raise SystemExit(result.exit_code)


def _busy_error() -> type[Exception]:
    from newsclean.schedule.asking import JobBusy  # noqa: PLC0415  (keeps --help fast)

    return JobBusy


def _made(jobs: Jobs, name: str, slot: dt.datetime | None, claim: str | None) -> Result:
    from newsclean.schedule.asking import Asking  # noqa: PLC0415  (keeps --help fast)
    from newsclean.schedule.ledger import Ledger  # noqa: PLC0415  (same)
    from newsclean.schedule.processes import ProcessLauncher  # noqa: PLC0415  (same)

    with stop_on_signals() as stop, Ledger(jobs.ledger_path) as ledger:
        asking = Asking(
            jobs=jobs,
            ledger=ledger,
            launcher=ProcessLauncher(jobs.folder, jobs.state),
            now=lambda: dt.datetime.now(dt.UTC),
            should_stop=stop.is_wanted,
        )
        if claim is not None:
            run, _, attempt = claim.partition(".")
            return asking.claimed(int(run), int(attempt))
        return asking.of_now(jobs.job(name)) if slot is None else asking.of_slot(jobs.job(name), slot)


def read_moment(text: str, option: str) -> dt.datetime:
    """Read a time that a user wrote, in UTC unless it says otherwise; raises click.UsageError."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"{option} {text}: no time; write it as 2026-11-01 or 2026-11-01T06:00Z") from None
    return moment.replace(tzinfo=moment.tzinfo or dt.UTC).astimezone(dt.UTC)


def _print(result: Result, state: Path, *, as_json: bool, is_quiet: bool) -> None:
    if as_json:
        click.echo(json.dumps(result.values(), ensure_ascii=False, sort_keys=True))
    elif not is_quiet:
        click.echo(_summary(result, state))
    if result.exit_code and not as_json:
        click.echo(f"newsclean: {result.run.job}: {result.state}: {result.message}", err=True)


def _summary(result: Result, state: Path) -> str:
    counts = result.attempt.counts
    figures = [f"{counts[name]:,.0f} {what}" for name, what in _FIGURES.items() if name in counts]
    done = "was done before" if result.is_repeat else str(result.state)
    took = result.attempt.durations.get("total", 0.0)
    what = f"{done}: {', '.join(figures)}" if figures else done
    log = f"; log {from_here(state / result.attempt.log)}" if result.attempt.log else ""
    return f"{result.run.job}: {what}, in {took:.1f} s{log}"


_FIGURES = {
    "fetched": "articles fetched",
    "unchanged": "answers unchanged",
    "known": "known",
    "pages": "pages cleaned",
    "articles": "articles",
    "rejections": "rejected",
}
