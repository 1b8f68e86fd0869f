"""What a program calls: the main job with all its options by name, one page, the check of a dataset."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from newsclean.dataset import FormChoice
from newsclean.dataset import verify as verify_rows
from newsclean.extract.routing import load_router
from newsclean.model import RawPage
from newsclean.run import pipeline
from newsclean.run.api import begin, run, site_folders
from newsclean.run.conservation import check_conservation
from newsclean.run.options import Limits, RunOptions
from newsclean.sources import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsclean.dataset import Finding
    from newsclean.model import PageOutcome
    from newsclean.run.job import Job
    from newsclean.run.main_job import Progress
    from newsclean.run.report import RunReport

__all__ = ["clean", "clean_page", "plan", "verify"]


def clean(  # noqa: PLR0913  (the options of the command line)
    paths: str | Path | Sequence[str | Path],
    output: str | Path,
    *,
    sites: Sequence[str | Path] = (),
    workers: int | None = None,
    language_backend: str = "auto",
    page_timeout_s: float = 30.0,
    max_page_bytes: int = 50_000_000,
    max_page_memory_bytes: int | None = 2 * 2**30,
    reading: Reading | None = None,
    retry: bool = False,
    partition_by: str | None = None,
    bloom_filters: Sequence[str] | None = None,
    dry_run: bool = False,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> RunReport:
    """Clean the pages at `paths` (files, folders, globs, s3:// addresses) into the dataset in the folder `output`.

    Does what `newsclean clean` does, with the same result: only what is new or changed since the
    last run. Raises ConfigError, DatasetError and RunError; what is committed by then stays.
    """
    limits = Limits(
        page_timeout_s=page_timeout_s, max_page_bytes=max_page_bytes, max_page_memory_bytes=max_page_memory_bytes
    )
    return run(
        [paths] if isinstance(paths, (str, Path)) else paths,
        output,
        sites=sites,
        options=RunOptions(
            workers=workers,
            language_backend=language_backend,
            limits=limits,
            reading=reading or Reading(),
            retry=retry,
            form=_form(partition_by, bloom_filters),
        ),
        is_dry=dry_run,
        on_progress=on_progress,
    )


def plan(  # noqa: PLR0913  (as `clean`)
    paths: str | Path | Sequence[str | Path],
    output: str | Path,
    *,
    sites: Sequence[str | Path] = (),
    language_backend: str = "auto",
    page_timeout_s: float = 30.0,
    max_page_bytes: int = 50_000_000,
    max_page_memory_bytes: int | None = 2 * 2**30,
    reading: Reading | None = None,
    retry: bool = False,
    partition_by: str | None = None,
    bloom_filters: Sequence[str] | None = None,
) -> Job:
    """Return what `clean` would do, in pieces that Spark, Dask or any other engine can bring to its machines.

    Takes the dataset for itself until the job's block is left. Raises ConfigError and DatasetError.
    """
    limits = Limits(
        page_timeout_s=page_timeout_s, max_page_bytes=max_page_bytes, max_page_memory_bytes=max_page_memory_bytes
    )
    options = RunOptions(
        language_backend=language_backend,
        limits=limits,
        reading=reading or Reading(),
        retry=retry,
        form=_form(partition_by, bloom_filters),
    )
    return begin([paths] if isinstance(paths, (str, Path)) else paths, output, sites=sites, options=options)


def clean_page(
    body: bytes | str | RawPage,
    *,
    url: str | None = None,
    sites: Sequence[str | Path] = (),
    language_backend: str = "auto",
) -> PageOutcome:
    """Clean one page in memory: its articles or the reason why there are none, and all that was removed.

    Bytes are best, as they came: of a text that somebody has decoded, the charset that the page declares
    counts for nothing. Loads the site profiles anew each time; for many pages, write them to files and use `clean`.
    """
    charset = None
    if isinstance(body, str):
        body, charset = body.encode("utf-8", "surrogatepass"), "utf-8"
    if not isinstance(body, RawPage):
        name = f"memory:{hashlib.sha256(body).hexdigest()[:16]}"
        body = RawPage(body=body, raw_path=name, url=url, charset=charset, source="memory")
    tools = pipeline.Toolbox(router=load_router(site_folders(sites)), language_backend=language_backend)
    return pipeline.clean_page(body, tools)


def verify(path: str | Path, *, quick: bool = False) -> list[Finding]:
    """Return everything that is wrong with the dataset at `path`; nothing for a sound one.

    Unless `quick`, every page with articles whose raw file is still there is read again, to see
    that all its visible text is in a body or in `removals`. Raises DatasetError where no dataset is.
    """
    findings = list(verify_rows(path))
    if not quick and not findings:
        findings += check_conservation(path)
    return findings


def _form(partition_by: str | None, bloom_filters: Sequence[str] | None) -> FormChoice:
    return FormChoice(partition_by=partition_by, bloom_filters=None if bloom_filters is None else tuple(bloom_filters))
