"""What a run did, as a person reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from newsclean.cli.counting import counted
from newsclean.cli.escaping import shown_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsclean.run.report import RunReport

__all__ = ["findings_text", "summary_text"]

_MOST_SITES: Final = 20
_MOST_FINDINGS: Final = 20
_MOST_PATHS: Final = 3
_REMEDIES: Final = {
    "too_large": "; raise --max-page-bytes to have it cleaned",
    "timeout": "; raise --page-timeout and clean again with --retry",
    "memory": "; raise --max-page-memory and clean again with --retry",
}
_CAUSES: Final = {
    "new": "new",
    "code": "cleaned by another version of the code",
    "language_backend": "with a language told by another backend",
    "manifest": "with other facts in their manifest",
    "content": "with other content",
    "profile": "of a changed site profile",
    "routing": "that may belong to another site now",
    "readable": "that can be read now",
    "retry": "to be tried again",
    "damaged": "whose rows are damaged",
}


def summary_text(report: RunReport, paths: Sequence[str]) -> str:
    """Return the summary of a run over `paths`: what was done, by site and by reason, and what the dataset holds."""
    return "\n".join(_lines(report, paths))


def findings_text(report: RunReport) -> str:
    """Return what somebody should look at, a line each; empty where there is nothing."""
    lines = [shown_name(f"{one.where}: {one.message}") for one in report.problems[:_MOST_FINDINGS]]
    lines += _more(len(report.problems) - _MOST_FINDINGS, "problems in the input")
    lines += [
        shown_name(f"{one.raw_path}: {one.reason}: {one.detail}{_REMEDIES.get(one.reason, '')}")
        for one in report.troubles[:_MOST_FINDINGS]
    ]
    shown = min(_MOST_FINDINGS, len(report.troubles))
    lines += _more(report.trouble_count - shown, "pages in trouble (see `pages/`, column `reason`)")
    return "\n".join(lines)


def _lines(report: RunReport, paths: Sequence[str]) -> Iterator[str]:
    yield _headline(report, paths)
    if report.state == "dry_run":
        yield from (f"  {count:>8,} {_CAUSES[cause]}" for cause, count in report.planned.items())
        return
    if report.pages:
        yield ""
        yield from _site_table(report)
    if report.by_reason:
        yield ""
        yield click.style("rejected because", bold=True)
        yield from (f"  {count:>8,} {reason}" for reason, count in _by_count(report.by_reason))
    if report.state != "nothing_to_do":
        yield ""
        yield _holdings(report)
    if report.batch:
        yield f"kept back in batch {report.batch}: newsclean hold list --output {report.dataset}"


def _headline(report: RunReport, paths: Sequence[str]) -> str:
    if report.state == "dry_run":
        to_do = sum(report.planned.values())
        return f"would clean {to_do:,} of {counted(report.files, 'file')}" if to_do else _nothing_to_do(report, paths)
    if report.state == "nothing_to_do":
        return _nothing_to_do(report, paths)
    done = (
        f"{counted(report.pages, 'page')}: {counted(report.articles, 'article')}, {report.rejections:,} rejected, "
        f"in {report.duration_s:.1f} s ({report.pages_per_s:.0f} pages/s)"
    )
    if report.unchanged:
        done += f"; {counted(report.unchanged, 'file')} unchanged"
    if report.held:
        done += f"; in held batches: {counted(report.held, 'file')}"
    return f"interrupted after {done}; run again to go on" if report.state == "interrupted" else done


def _nothing_to_do(report: RunReport, paths: Sequence[str]) -> str:
    if not report.files:
        where = ", ".join(paths[:_MOST_PATHS]) + (
            f" and {len(paths) - _MOST_PATHS} more" if len(paths) > _MOST_PATHS else ""
        )
        others = f", only {counted(report.skipped, 'other file')}" if report.skipped else ""
        return (
            f"nothing to do: no pages found in {where}{others}: "
            "put HTML pages, text dumps or archives there, or name where they lie"
        )
    return f"nothing to do: {counted(report.files, 'file')}, all clean already; {_holdings(report)}"


def _holdings(report: RunReport) -> str:
    articles, pages = counted(report.dataset_articles, "article"), counted(report.dataset_pages, "page")
    return f"{report.dataset} holds {articles} of {pages}"


def _site_table(report: RunReport) -> Iterator[str]:
    sites = sorted(report.by_site.items(), key=lambda item: (-item[1].pages, item[0]))
    width = max(len("by site"), *(len(site) for site, _ in sites[:_MOST_SITES]))
    yield click.style(f"{'by site':<{width}} {'pages':>9} {'articles':>9} {'rejected':>9}", bold=True)
    for site, count in sites[:_MOST_SITES]:
        yield f"{site:<{width}} {count.pages:>9,} {count.articles:>9,} {count.rejections:>9,}"
    yield from _more(len(sites) - _MOST_SITES, "sites")


def _by_count(counts: Mapping[str, int]) -> Sequence[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _more(count: int, what: str) -> list[str]:
    return [f"... and {count:,} more {what}"] if count > 0 else []
