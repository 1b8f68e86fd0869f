"""`newsclean report`."""

from __future__ import annotations

from pathlib import Path

import click

from newsclean.cli.places import DATASET

__all__ = ["report"]


@click.command()
@click.argument("dataset", type=DATASET)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write, else DATASET-report.html.")
@click.option("--run", "run_id", metavar="ID", help="Only what this run wrote.")
@click.option(
    "--pages",
    type=click.IntRange(0),
    default=25,
    show_default=True,
    metavar="N",
    help="Write an audit page for each of the N least sure articles, in a folder beside the report.",
)
def report(dataset: Path, output: Path | None, run_id: str | None, pages: int) -> None:
    """Show a dataset, or one run of it, on one HTML page that needs no network.

    What came in and what became of it, articles a day, languages, how full the fields are, rejections
    and removals with examples, extractors, speed, schema.
    """
    from newsclean.report.html.audit import write_audit_pages  # noqa: PLC0415  (heavy)
    from newsclean.report.html.overview import write_report  # noqa: PLC0415  (heavy)

    target = output or dataset.resolve().with_name(f"{dataset.resolve().name}-report.html")
    links = write_audit_pages(dataset, target, most=pages, run_id=run_id) if pages else {}
    click.echo(write_report(dataset, target, run_id=run_id, alarms=_open_alarms(dataset), links=links))


def _open_alarms(dataset: Path) -> list[str] | None:
    """Return what is to be looked at in the runs of jobs that write this dataset; None where no jobs have run here."""
    from newsclean.schedule.alarms.settling import open_ledger  # noqa: PLC0415  (keeps --help fast)
    from newsclean.schedule.jobs import load_jobs  # noqa: PLC0415  (same)
    from newsclean.schedule.records import AlarmState  # noqa: PLC0415  (same)

    folder = Path.cwd()
    ledger = open_ledger(folder)
    if ledger is None:
        return None
    with ledger:
        here = dataset.resolve()
        names = {name for name, job in load_jobs(folder).jobs.items() if job.output.resolve() == here}
        alarms = [one for one in ledger.alarms(states=(AlarmState.OPEN,)) if one.job in names]
    return [f"{one.raised_at:%Y-%m-%d %H:%M} UTC, {one.job}: {one.sentence}" for one in alarms]
