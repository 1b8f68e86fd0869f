"""`newsclean crawl`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from newsclean.cli.counting import counted
from newsclean.cli.exit_codes import ExitCode
from newsclean.cli.progress import showing_status
from newsclean.cli.stopping import stop_on_signals

if TYPE_CHECKING:
    from newsclean.crawl.launch import CrawlProgress, CrawlReport

__all__ = ["crawl"]

_TOLD: Final = ("skipped/", "rejected/", "broken/", "gaps", "changed/", "failed_by/")


@click.command()
@click.argument("name")
@click.option("-a", "arguments", multiple=True, metavar="KEY=VALUE", help="Argument of the spider; may be repeated.")
@click.option("-s", "settings", multiple=True, metavar="NAME=VALUE", help="Scrapy setting; may be repeated.")
@click.option("--raw", metavar="DIR", help="Where the archive goes: a folder (raw by default), or s3://bucket/prefix.")
@click.option(
    "--replay",
    type=click.Path(exists=True, path_type=Path),
    metavar="WARC",
    help="Take answers from this archive (a WARC or a folder of them), and nothing from the network.",
)
@click.option(
    "-O",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Clean pages as they come, too, and write the articles to this file (.parquet, .jsonl, ...).",
)
@click.option("--contact", metavar="TEXT", help="URL or e-mail address of yours that the sites see.")
@click.option("-v", "--verbose", is_flag=True, help="Show Scrapy's log, not only its warnings.")
@click.option("--json", "as_json", is_flag=True, help="At the end, print the crawl's report as one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but warnings and errors.")
def crawl(name: str, arguments: tuple[str, ...], settings: tuple[str, ...], **chosen: Any) -> None:
    """Run a spider: find a site's articles and archive them.

    NAME is a spider of the project (`scrapy list` names them), or one for any site, to be told
    where to look: feed, sitemap or section with -a url=ADDRESS. Pages go to raw/SITE/*.warc.gz; a crawl
    that was cut goes on where it was. Afterwards: newsclean clean raw -o clean.
    """
    from newsclean.crawl.launch import crawl as run_spider  # noqa: PLC0415  (heavy)

    with stop_on_signals() as stop, showing_status(is_quiet=chosen["quiet"]) as show:
        report = run_spider(
            name,
            arguments=_pairs(arguments, "-a"),
            settings=_pairs(settings, "-s") | _settings(chosen),
            output=chosen["output"],
            on_progress=lambda progress: show(_line(progress), progress.elapsed_s),
            should_stop=stop.is_wanted,
        )
    _print(report, as_json=chosen["as_json"], is_quiet=chosen["quiet"])
    if stop.code is not None and report.is_interrupted:
        raise SystemExit(stop.code)
    if report.troubles:
        raise SystemExit(ExitCode.TROUBLE)


def _pairs(texts: tuple[str, ...], option: str) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    for key, sign, _ in pairs:
        if not key or not sign:
            raise click.UsageError(f"{option} {key}: KEY=VALUE is needed")
    return {key: value for key, _, value in pairs}


def _settings(chosen: dict[str, Any]) -> dict[str, Any]:
    settings: dict[str, Any] = {"LOG_LEVEL": "INFO" if chosen["verbose"] else "WARNING"}
    if chosen["raw"] is not None:
        settings["NEWSCLEAN_RAW"] = chosen["raw"]
    if chosen["replay"] is not None:
        settings["NEWSCLEAN_REPLAY"] = str(chosen["replay"])
    if chosen["contact"]:
        settings["NEWSCLEAN_CONTACT"] = chosen["contact"]
    return settings


def _line(progress: CrawlProgress) -> str:
    rate = progress.responses / progress.elapsed_s if progress.elapsed_s else 0.0
    responses, articles = counted(progress.responses, "response"), counted(progress.articles, "article")
    return f"{responses}, {rate:.1f}/s, {articles}, {progress.waiting:,} waiting"


def _print(report: CrawlReport, *, as_json: bool, is_quiet: bool) -> None:
    if as_json:
        click.echo(json.dumps(report.values(), ensure_ascii=False, sort_keys=True))
    elif not is_quiet:
        click.echo(_summary(report))
    for trouble in report.troubles:
        click.echo(f"newsclean: {report.spider}: {trouble}", err=True)


def _summary(report: CrawlReport) -> str:
    ending = "interrupted after" if report.is_interrupted else f"{report.spider}:"
    fetched, known = counted(report.articles, "article"), counted(report.known, "article")
    done = f"{fetched} fetched, {counted(report.unchanged, 'answer')} unchanged, {known} known"
    cost = f"{counted(report.requests, 'request')}, {report.received_bytes / 1e6:.1f} MB, in {report.duration_s:.1f} s"
    lines = [f"{ending} {done}; {cost}"]
    others = {
        "failed": report.failed,
        "tried again": report.retries,
        "forbidden by robots.txt": report.forbidden,
        "not asked for: robots.txt could not be had": report.robots_unavailable,
        "refused as unsafe": report.refused,
        "items": report.items,
    }
    lines += [f"  {count:>8,} {what}" for what, count in others.items() if count]
    lines += [f"  {count:>8,} {name}" for name, count in sorted(report.counts.items()) if _is_told(name, count)]
    if report.is_interrupted:
        lines.append("run it again to go on")
    return "\n".join(lines)


def _is_told(name: str, count: float) -> bool:
    return bool(count) and name.startswith(_TOLD)
