"""The main job's two ways in: done here from end to end, or in pieces for whoever has the machines."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from newsclean.config import find_project
from newsclean.extract.routing import load_router
from newsclean.remote.path import place_of
from newsclean.run.fingerprint import new_stamp
from newsclean.run.job import Job
from newsclean.run.main_job import MainJob
from newsclean.run.options import RunOptions
from newsclean.run.report import RunReport, State
from newsclean.sources import discover

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsclean.run.main_job import Progress

__all__ = ["begin", "run", "site_folders"]


def run(
    paths: Sequence[str | Path],
    output: str | Path,
    *,
    sites: Sequence[str | Path] = (),
    options: RunOptions | None = None,
    is_dry: bool = False,
    on_progress: Callable[[Progress], None] = lambda _: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> RunReport:
    """Clean the pages at `paths` into the dataset at `output` and return what was done.

    Does only what is new or changed since the last run. `sites` are folders of site profiles
    besides those built in and those of the project in the working directory; `is_dry` looks and
    writes nothing. Raises ConfigError, DatasetError and RunError.
    """
    job = _prepared(paths, output, sites, options or RunOptions())
    job.on_progress, job.should_stop = on_progress, should_stop
    with ExitStack() as stack:
        if is_dry:
            return job.reported(job.planned(stack, create=False), State.DRY_RUN)
        return job.done(job.planned(stack, create=True))


def begin(
    paths: Sequence[str | Path], output: str | Path, *, sites: Sequence[str | Path] = (), options: RunOptions
) -> Job:
    """Return the same job in pieces, its shards to be cleaned by whoever has the machines for it."""
    work = _prepared(paths, output, sites, options)
    with ExitStack() as stack:
        plan = work.planned(stack, create=True)
        return Job(work, plan, stack.pop_all())


def _prepared(
    paths: Sequence[str | Path], output: str | Path, sites: Sequence[str | Path], options: RunOptions
) -> MainJob:
    router = load_router(site_folders(sites))
    stamp = new_stamp(router, language_backend=options.language_backend)
    output = place_of(output)
    found = discover(
        [str(path) for path in paths], base=output.resolve().parent, exclude=(output,), reading=options.reading
    )
    return MainJob(output=output, options=options, router=router, stamp=stamp, found=found)


def site_folders(named: Sequence[str | Path]) -> tuple[Path, ...]:
    """Return the folders of site profiles to use: the project's, then the named ones; later ones win."""
    return (*find_project(Path.cwd()).sites, *(Path(folder) for folder in named))
