"""What `newsclean doctor` looks at: each check says what is, and what to do where that is not well."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from newsclean.cli.counting import counted
from newsclean.cli.installation import Finding, Level, installation
from newsclean.errors import NewscleanError
from newsclean.remote.path import StorePath

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsclean.schedule.jobs import Jobs

__all__ = ["Finding", "Level", "examine"]

_FREE_WARN: Final = 2_000_000_000
_FREE_FAIL: Final = 200_000_000
_INODES_WARN: Final = 50_000


def examine(folder: Path) -> Iterator[Finding]:
    """Yield what is found of the installation, of the machine and of the project in `folder`; changes nothing."""
    yield from installation()
    jobs: list[Jobs] = []
    yield from _project(folder, jobs)
    yield from _jobs(jobs)
    for path in _folders(folder, jobs):
        yield from _place(path)
    yield from _state(folder, jobs)
    yield from _datasets(folder, jobs)


def _project(folder: Path, jobs: list[Jobs]) -> Iterator[Finding]:
    from newsclean.config import find_project  # noqa: PLC0415  (as late as the rest)
    from newsclean.extract.routing import load_router  # noqa: PLC0415  (heavy)
    from newsclean.schedule.jobs import load_jobs  # noqa: PLC0415  (same)

    if not (folder / "newsclean.toml").exists():
        remedy = "go to the project's folder, or make one: newsclean init DIR"
        yield Finding(what="project", says=f"no newsclean.toml in {folder}", level=Level.WARN, remedy=remedy)
    try:
        project = find_project(folder)
        jobs.append(load_jobs(folder))
        sites = load_router(project.sites).sites
    except NewscleanError as error:
        yield Finding(what="project", says=str(error), level=Level.FAIL, remedy="mend what it names")
        return
    yield Finding(what="project", says=f"{len(jobs[0].jobs)} jobs, {len(sites)} site profiles, all compile")
    has_spider = any(job.spider for job in jobs[0].jobs.values())
    if has_spider and not project.contact and not os.environ.get("NEWSCLEAN_CONTACT"):
        remedy = 'add contact = "https://your.site/crawler" to newsclean.toml: no crawl starts without'
        yield Finding(what="contact", says="none is set", level=Level.FAIL, remedy=remedy)


def _jobs(found: list[Jobs]) -> Iterator[Finding]:
    from newsclean.schedule.alarms.options import read_options  # noqa: PLC0415  (heavy)

    for job in (job for jobs in found for job in jobs.jobs.values()):
        what = f"job {job.name}"
        for given in job.clean:
            if not any(sign in given for sign in "*?[") and "://" not in given and not Path(given).exists():
                says = f"{given} is to be cleaned, and is not there"
                yield Finding(what=what, says=says, level=Level.WARN, remedy="make it, or mend `clean` of the job")
        options = read_options(job.alarms)
        if options.command and shutil.which(options.command[0]) is None:
            says = f"alarms are to be told to {options.command[0]}, which is no command here"
            yield Finding(what=what, says=says, level=Level.FAIL, remedy="install it, or give its full path")
        if options.email is not None and options.email.user:
            name = options.email.password_env or "NEWSCLEAN_SMTP_PASSWORD"
            if name not in os.environ:
                says = f"alarms are to be mailed, and {name} is not set"
                yield Finding(what=what, says=says, level=Level.WARN, remedy=f"export {name} where the job runs")


def _folders(folder: Path, found: list[Jobs]) -> list[Path]:
    paths = {folder / "raw", folder / "clean"}
    for jobs in found:
        paths |= {jobs.state, *(job.raw for job in jobs.jobs.values())}
        paths |= {job.output for job in jobs.jobs.values() if not isinstance(job.output, StorePath)}
    there = {next(one for one in (path, *path.parents) if one.is_dir()) for path in paths}
    return sorted(there)


def _place(path: Path) -> Iterator[Finding]:
    """Look at one folder: may it be written to, is there room, and does its disk do what a dataset needs."""
    what = f"folder {path}"
    free = shutil.disk_usage(path).free
    system = os.statvfs(path)
    says = f"{free / 1e9:.1f} GB free"
    if free < _FREE_FAIL:
        yield Finding(what=what, says=says, level=Level.FAIL, remedy="free some space: nothing can be written soon")
    elif free < _FREE_WARN:
        yield Finding(what=what, says=says, level=Level.WARN, remedy="free some space, or move raw/ to a larger disk")
    elif system.f_files and system.f_favail < _INODES_WARN:
        remedy = "free some: many small files use them up; keep pages in WARC files"
        yield Finding(what=what, says=f"only {system.f_favail:,} more files fit", level=Level.WARN, remedy=remedy)
    else:
        yield Finding(what=what, says=says)
    for says, try_out, remedy in (
        ("cannot be written to", _try_write, "change its permissions, or its owner"),
        ("its disk knows no file locks", _try_lock, "use a local disk for datasets and state"),
        ("SQLite cannot keep a database in it", _try_sqlite, "use a local disk, no network share, for state and raw/"),
    ):
        try:
            with tempfile.TemporaryDirectory(prefix=".newsclean-doctor-", dir=path) as place:
                try_out(Path(place))
        except (OSError, sqlite3.Error) as error:
            yield Finding(what=what, says=f"{says}: {error}", level=Level.FAIL, remedy=remedy)
            return


def _try_write(place: Path) -> None:
    (place / "a").write_bytes(b"newsclean")
    (place / "a").replace(place / "b")


def _try_lock(place: Path) -> None:
    import fcntl  # noqa: PLC0415  (not on Windows)

    with (place / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _try_sqlite(place: Path) -> None:
    connection = sqlite3.connect(place / "try.sqlite")
    try:
        mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        connection.execute("CREATE TABLE one (two)")
        connection.commit()
    finally:
        connection.close()
    if mode != "wal":
        raise sqlite3.OperationalError(f"no write-ahead log, but {mode}")


def _state(folder: Path, found: list[Jobs]) -> Iterator[Finding]:
    from newsclean.schedule.alarms.settling import project_ledger  # noqa: PLC0415  (heavy)
    from newsclean.schedule.glance import glance_at_jobs  # noqa: PLC0415  (same)

    timed = [job for jobs in found for job in jobs.jobs.values() if job.times.is_timed]
    if not timed:
        return
    now = dt.datetime.now(dt.UTC)
    try:
        with project_ledger(folder) as ledger:
            glances = {one.job: one for one in glance_at_jobs(timed, ledger, now=now)}
    except NewscleanError as error:
        yield Finding(what="ledger", says=str(error), level=Level.FAIL, remedy="as it says")
        return
    remedy = (
        "have it called: newsclean schedule export --cron | --systemd | --k8s, or keep newsclean schedule serve running"
    )
    if ledger is None:
        yield Finding(what="schedule", says="no timed job has ever been run", level=Level.WARN, remedy=remedy)
        return
    for job in timed:
        glance = glances[job.name]
        if glance.last_at is not None and glance.last_at > now + dt.timedelta(minutes=5):
            says = f"its last run ended at {glance.last_at:%Y-%m-%d %H:%M} UTC, which is to come"
            yield Finding(what=f"job {job.name}", says=says, level=Level.WARN, remedy="set the clock right (NTP)")
        late = _slots_since(job.times.after, glance.last_at, now) if glance.state == "idle" else 0
        if late and not glance.is_paused:
            says = f"{late} slots have passed since its last run"
            yield Finding(what=f"job {job.name}", says=says, level=Level.WARN, remedy=remedy)


def _slots_since(
    after: Callable[[dt.datetime], Iterator[dt.datetime]], last: dt.datetime | None, now: dt.datetime
) -> int:
    """Return how many slots are long past, up to 100; one that is just due does not count, nor does a job's first."""
    if last is None:
        return 0
    count = 0
    for slot in after(last):
        if slot > now - dt.timedelta(hours=1) or count == 100:  # noqa: PLR2004  (enough to be told)
            break
        count += 1
    return count if count > 1 else 0


def _datasets(folder: Path, found: list[Jobs]) -> Iterator[Finding]:
    from newsclean.schedule.glance import glance_at_dataset, may_be_dataset  # noqa: PLC0415  (heavy)

    outputs = {job.output for jobs in found for job in jobs.jobs.values()} | {folder / "clean"}
    for path in sorted(path for path in outputs if may_be_dataset(path)):
        glance = glance_at_dataset(path)
        what = f"dataset {path}"
        if glance.problem is not None:
            yield Finding(
                what=what, says=glance.problem, level=Level.FAIL, remedy="as it says; newsclean verify tells more"
            )
        elif glance.held_batches:
            says = f"held: {counted(glance.held_articles, 'article')} in {counted(glance.held_batches, 'batch')}"
            yield Finding(what=what, says=says, level=Level.WARN, remedy="newsclean hold list, then release or drop")
        else:
            yield Finding(what=what, says=f"{counted(glance.articles, 'article')} of {counted(glance.pages, 'page')}")
