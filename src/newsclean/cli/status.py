"""`newsclean status`."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsclean.cli.counting import counted
from newsclean.cli.exit_codes import ExitCode
from newsclean.cli.places import DATASET, from_here

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsclean.schedule.glance import DatasetGlance, JobGlance
    from newsclean.schedule.ledger import Ledger

__all__ = ["status"]

_COLOURS = {"done": "green", "running": "cyan", "alarm": "red", "failed": "red", "died": "red", "empty": "red"}
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86400


@click.command()
@click.argument("dataset", required=False, type=DATASET)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--prometheus", is_flag=True, help="Print metrics in the text format of Prometheus.")
@click.option(
    "--metrics", type=click.Path(path_type=Path), metavar="FILE", help="Write these metrics to a file, in one step."
)
@click.option("--check", is_flag=True, help="End with exit code 1 where somebody should look.")
def status(dataset: Path | None, *, as_json: bool, prometheus: bool, metrics: Path | None, check: bool) -> None:
    """Show the state of all jobs, of DATASET or the datasets of the jobs, and what is kept back."""
    from newsclean.schedule.alarms.settling import datasets_of, open_ledger  # noqa: PLC0415  (keeps --help fast)
    from newsclean.schedule.glance import glance_at_dataset, glance_at_jobs  # noqa: PLC0415  (same)
    from newsclean.schedule.jobs import load_jobs  # noqa: PLC0415  (same)

    folder = Path.cwd()
    with ExitStack() as stack:
        ledger = open_ledger(folder)
        if ledger is not None:
            stack.enter_context(ledger)
        paths = datasets_of(folder, dataset)
        now = dt.datetime.now(dt.UTC)
        jobs = glance_at_jobs(list(load_jobs(folder).jobs.values()), ledger, now=now)
        datasets = [glance_at_dataset(path) for path in paths]
        if prometheus or metrics is not None:
            _metrics(ledger, paths, metrics, is_printed=prometheus)
        elif as_json:
            click.echo(json.dumps(_values(jobs, datasets), ensure_ascii=False, sort_keys=True, default=_plain))
        else:
            click.echo("\n".join(_lines(jobs, datasets, now)))
    if check and (any(one.needs_a_look for one in jobs) or any(one.needs_a_look for one in datasets)):
        raise SystemExit(ExitCode.TROUBLE)


def _metrics(ledger: Ledger | None, paths: Sequence[Path], file: Path | None, *, is_printed: bool) -> None:
    from newsclean.errors import DatasetError  # noqa: PLC0415  (for the error alone)
    from newsclean.schedule.alarms.metrics import metrics_text, write_metrics  # noqa: PLC0415  (keeps --help fast)

    text = metrics_text(ledger, paths)
    if is_printed:
        click.echo(text, nl=False)
    if file is not None:
        for failure in write_metrics(file, text):
            raise DatasetError(f"{failure}; give a file in a folder that can be written to")


def _values(jobs: Sequence[JobGlance], datasets: Sequence[DatasetGlance]) -> dict[str, Any]:
    return {
        "jobs": [asdict(one) | {"needs_a_look": one.needs_a_look} for one in jobs],
        "datasets": [asdict(one) | {"needs_a_look": one.needs_a_look} for one in datasets],
    }


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.datetime) else str(value)


def _lines(jobs: Sequence[JobGlance], datasets: Sequence[DatasetGlance], now: dt.datetime) -> Iterator[str]:
    if jobs:
        yield from _job_table(jobs, now)
    else:
        yield "no jobs: add [jobs.NAME] to newsclean.toml"
    for one in datasets:
        yield ""
        yield from _dataset_lines(one, now)
    if not datasets:
        yield "no dataset yet"


def _job_table(jobs: Sequence[JobGlance], now: dt.datetime) -> Iterator[str]:
    width = max(len("job"), *(len(one.job) for one in jobs))
    yield click.style(f"{'job':<{width}}  {'now':<8} {'last run':<20} {'articles':>9}  {'next':<8} alarms", bold=True)
    for one in jobs:
        doing = "paused" if one.is_paused and one.state == "idle" else one.state
        last = "never" if one.last_state is None else f"{one.last_state} {_ago(one.last_at, now)}"
        colour = _COLOURS.get(one.last_state or "")
        cells = (
            f"{one.job:<{width}}",
            f" {doing:<8}",
            click.style(f"{last:<20}", fg=colour),
            f"{'' if one.articles is None else format(one.articles, ','):>9}",
            f" {_in(one.next_at, now):<8}",
            click.style(f"{one.open_alarms or ''}", fg="red"),
        )
        yield " ".join(cells).rstrip()
        yield from (f"{'':<{width}}  {note}" for note in _notes(one, now))


def _notes(one: JobGlance, now: dt.datetime) -> Iterator[str]:
    if not one.is_defined:
        yield "is no longer in newsclean.toml"
    if one.needs_a_look:
        good = f"last good run {_ago(one.last_good_at, now)}" if one.last_good_at else "no good run yet"
        yield f"{one.last_message}; {good}" if one.last_message else good
    if one.open_alarms:
        yield f"see: newsclean alarms list {one.job}"


def _dataset_lines(one: DatasetGlance, now: dt.datetime) -> Iterator[str]:
    if one.problem is not None:
        yield click.style(one.problem, fg="red")
        return
    room = "" if one.free_bytes is None else f", {one.free_bytes / 1e9:,.1f} GB free"
    yield (
        f"{click.style(from_here(one.path), bold=True)}: "
        f"{counted(one.articles, 'article')} of {counted(one.pages, 'page')}, "
        f"{one.size_bytes / 1e6:,.1f} MB, last change {_ago(one.last_commit_at, now)}{room}"
    )
    if one.held_batches:
        held = f"{counted(one.held_articles, 'article')} in {counted(one.held_batches, 'batch')}"
        yield click.style(f"  held: {held}; see newsclean hold list", fg="yellow")


def _ago(at: dt.datetime | None, now: dt.datetime) -> str:
    return "never" if at is None else f"{_span((now - at).total_seconds())} ago"


def _in(at: dt.datetime | None, now: dt.datetime) -> str:
    return "" if at is None else f"in {_span((at - now).total_seconds())}"


def _span(seconds: float) -> str:
    if seconds < _MINUTE_S:
        return f"{max(seconds, 0):.0f} s"
    if seconds < _HOUR_S:
        return f"{seconds / _MINUTE_S:.0f} min"
    return f"{seconds / _HOUR_S:.0f} h" if seconds < 2 * _DAY_S else f"{seconds / _DAY_S:.0f} d"
