"""`newsclean clean`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsclean.cli.exit_codes import ExitCode
from newsclean.cli.forming import form_of, form_options
from newsclean.cli.places import DATASET
from newsclean.cli.process import OWN_PROCESS
from newsclean.cli.progress import showing_progress
from newsclean.cli.reading import reading_of, reading_options
from newsclean.cli.stopping import stop_on_signals
from newsclean.errors import ConfigError

if TYPE_CHECKING:
    from newsclean.run.options import RunOptions
    from newsclean.run.report import RunReport

__all__ = ["clean"]


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("-o", "--output", required=True, type=DATASET, help="Folder of the dataset, or s3://bucket/folder.")
@click.option(
    "--sites",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of site profiles besides the built-in ones; may be given more than once. "
    "The folder sites/ beside a newsclean.toml in the working directory is used by itself.",
)
@click.option("--workers", type=click.IntRange(0), help="Processes; one a core by default, 0: in this process.")
@click.option(
    "--language-backend", default="auto", show_default=True, metavar="NAME", help="auto, langdetect or py3langid."
)
@click.option(
    "--page-timeout", type=float, default=30.0, show_default=True, metavar="S", help="Seconds that a page may take."
)
@click.option(
    "--max-page-bytes", type=int, default=50_000_000, show_default=True, metavar="N", help="Size of a page, unpacked."
)
@click.option(
    "--max-page-memory", type=int, default=2**31, show_default=True, metavar="N", help="Bytes of memory for a page."
)
@reading_options
@form_options(untold="none, or as the dataset is")
@click.option(
    "--runner", type=click.Choice(("local", "ray")), default="local", show_default=True, help="Who runs the shards."
)
@click.option("--address", metavar="ADDRESS", help="Of the Ray cluster; without it, Ray is started on this machine.")
@click.option("--retry", is_flag=True, help="Clean again pages that crashed, were too slow or could not be read.")
@click.option("--hold", metavar="BATCH", help="Keep all rows back in this batch, for `newsclean hold`.")
@click.option(
    "--report/--no-report",
    default=True,
    show_default=True,
    help="Show the run on an HTML page, in the dataset's _newsclean/reports.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="At the end, print the run's report as one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
@click.pass_obj
def clean(process: object, /, paths: tuple[str, ...], output: Path, sites: tuple[Path, ...], **chosen: Any) -> None:
    """Clean raw pages into a Parquet dataset: files, folders (with all below), globs, and s3:// addresses.

    HTML and text dumps, and archives of pages (WARC, ARC, WET, WACZ, zip, tar, JSONL, Parquet), plain or
    as gz or zst. A manifest.jsonl in a folder gives url, fetched_at, status, media type and labels of the
    files below it. What is clean already is left alone: a second run does only what is new or changed.
    """
    from newsclean.run.api import run  # noqa: PLC0415  (heavy)

    with stop_on_signals() as stop, showing_progress(is_quiet=chosen["quiet"]) as show:
        report = run(
            paths,
            output,
            sites=sites,
            options=_options(chosen),
            is_dry=chosen["dry_run"],
            on_progress=show,
            should_stop=stop.is_wanted,
        )
    _print(report, paths, as_json=chosen["as_json"], is_quiet=chosen["quiet"])
    if chosen["report"] and report.pages and not chosen["hold"]:
        if process is OWN_PROCESS:
            _spare_pandas()
        _leave_page(output, report.run_id, is_quiet=chosen["as_json"] or chosen["quiet"])
    if stop.code is not None and report.state == "interrupted":
        raise SystemExit(stop.code)
    if report.trouble_count or any(problem.is_lost for problem in report.problems):
        raise SystemExit(ExitCode.TROUBLE)


def _spare_pandas() -> None:
    """Do without pandas, which nothing here needs, and which Arrow would load for the page: a third of a second."""
    from newsclean.dataset.staging import leave_pandas_alone  # noqa: PLC0415  (keeps --help fast)

    leave_pandas_alone()


def _leave_page(dataset: Path, run_id: str, *, is_quiet: bool) -> None:
    """Show the run on a page beside the dataset; the run is done, with or without it."""
    from newsclean.dataset import Dataset  # noqa: PLC0415  (keeps --help fast)
    from newsclean.report.html.overview import write_report  # noqa: PLC0415  (same)

    folder = Dataset.open(dataset, create=False).reports
    try:
        page = write_report(dataset, folder / f"{run_id}.html", run_id=run_id)
    except ConfigError as error:
        click.echo(f"newsclean: {error}", err=True)
        return
    if not is_quiet:
        click.echo(f"report    {page}")


def _options(chosen: dict[str, Any]) -> RunOptions:
    from newsclean.run.options import Limits, RunOptions  # noqa: PLC0415  (keeps --help fast)

    return RunOptions(
        workers=chosen["workers"],
        language_backend=chosen["language_backend"],
        limits=Limits(
            page_timeout_s=chosen["page_timeout"],
            max_page_bytes=chosen["max_page_bytes"],
            max_page_memory_bytes=chosen["max_page_memory"],
        ),
        reading=reading_of(chosen),
        form=form_of(chosen),
        retry=chosen["retry"],
        hold=chosen["hold"],
        runner=chosen["runner"],
        address=chosen["address"],
    )


def _print(report: RunReport, paths: tuple[str, ...], *, as_json: bool, is_quiet: bool) -> None:
    from newsclean.cli.summary import findings_text, summary_text  # noqa: PLC0415  (keeps --help fast)
    from newsclean.run.report import json_text  # noqa: PLC0415  (same)

    if as_json:
        click.echo(json_text(report))
    elif not is_quiet:
        click.echo(summary_text(report, paths))
    if findings := findings_text(report):
        click.echo(findings, err=True)
