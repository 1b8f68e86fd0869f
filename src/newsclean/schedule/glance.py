"""All jobs and datasets of a project at a glance; only reads."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsclean.dataset import Dataset
from newsclean.dataset.held import batches_of
from newsclean.dataset.record import numbered
from newsclean.errors import DatasetError
from newsclean.remote.path import StorePath
from newsclean.schedule.records import ENDED_WELL, AlarmState, State

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsclean.schedule.jobs import Job
    from newsclean.schedule.ledger import Ledger

__all__ = ["DatasetGlance", "JobGlance", "glance_at_dataset", "glance_at_jobs", "may_be_dataset"]

_RUN_ID_TIME = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobGlance:
    """One job: `is_defined` False for one that only the ledger knows; `last_*` are of the last run that has ended.

    `state` is what it is at: running, waiting or idle; `last_good_at` when a run last ended with nothing to
    look at. `articles` are those of the last run.
    """

    job: str
    is_defined: bool
    is_paused: bool
    state: str
    running_since: dt.datetime | None = None
    last_state: str | None = None
    last_at: dt.datetime | None = None
    last_message: str = ""
    last_good_at: dt.datetime | None = None
    pages: int | None = None
    articles: int | None = None
    next_at: dt.datetime | None = None
    open_alarms: int = 0
    missed: int = 0

    @property
    def needs_a_look(self) -> bool:
        """Whether somebody should look: an open alarm, or a last run that did not end well."""
        good = {State.DONE, State.CANCELLED, State.SKIPPED}
        return self.open_alarms > 0 or (self.last_state is not None and self.last_state not in good)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetGlance:
    """One dataset: what it holds, what is kept back, the room there is (None in an object store).

    `problem` says why it cannot be read.
    """

    path: Path
    articles: int = 0
    pages: int = 0
    size_bytes: int = 0
    last_commit_at: dt.datetime | None = None
    held_batches: int = 0
    held_articles: int = 0
    free_bytes: int | None = 0
    problem: str | None = None

    @property
    def needs_a_look(self) -> bool:
        """Whether somebody should look: it cannot be read, or something is held."""
        return self.problem is not None or self.held_batches > 0


def glance_at_jobs(jobs: Sequence[Job], ledger: Ledger | None, *, now: dt.datetime) -> list[JobGlance]:
    """Return each job that is defined, then those that only the ledger knows, by name."""
    defined = {job.name: job for job in jobs}
    seen = set() if ledger is None else {*ledger.jobs(), *(run.job for run in ledger.runs(limit=1_000))}
    names = [*sorted(defined), *sorted(seen - defined.keys())]
    return [_job(name, defined.get(name), ledger, now) for name in names]


def may_be_dataset(path: Path) -> bool:
    """Tell whether a dataset is at a place; of a store that does not answer it is told where the dataset is opened."""
    try:
        return (path / "_newsclean").is_dir()
    except DatasetError:
        return True


def glance_at_dataset(path: Path) -> DatasetGlance:
    """Return what a dataset holds, by its commit records alone."""
    try:
        dataset = Dataset.open(path, create=False)
        records = list(dataset.records().values())
        batches = batches_of(dataset)
    except DatasetError as error:
        return DatasetGlance(path=path, problem=str(error))
    parts = [(table, part) for record in records for table, _, part in numbered(record.parts)]
    return DatasetGlance(
        path=path,
        articles=sum(part.rows for table, part in parts if table == "articles"),
        pages=sum(part.rows for table, part in parts if table == "pages"),
        size_bytes=sum(part.size_bytes for _, part in parts),
        last_commit_at=max(filter(None, (_time_of(record.run_id) for record in records)), default=None),
        held_batches=len(batches),
        held_articles=sum(batch.articles for batch in batches),
        free_bytes=None if isinstance(path, StorePath) else shutil.disk_usage(path).free,
    )


def _job(name: str, job: Job | None, ledger: Ledger | None, now: dt.datetime) -> JobGlance:
    next_at = job.times.next_after(now) if job is not None and job.times.is_timed else None
    if ledger is None:
        return JobGlance(job=name, is_defined=job is not None, is_paused=False, state="idle", next_at=next_at)
    known = ledger.jobs().get(name)
    open_runs = ledger.open_runs(name)
    running = [run for run in open_runs if run.state is not State.WAITING]
    attempt = ledger.last_attempt(running[0].run) if running else None
    last = next((run for run in ledger.runs(name, limit=100) if not run.is_open), None)
    done = ledger.last_attempt(last.run) if last is not None else None
    good = ledger.history(name, limit=1, states=ENDED_WELL - {State.ALARM, State.TROUBLE})
    is_paused = known is not None and known.paused_at is not None
    return JobGlance(
        job=name,
        is_defined=job is not None,
        is_paused=is_paused,
        state="running" if running else "waiting" if open_runs else "idle",
        running_since=attempt.started_at if attempt is not None else None,
        last_state=str(last.state) if last is not None else None,
        last_at=last.ended_at if last is not None else None,
        last_message=(done.message if done is not None else "") or (last.note if last is not None else ""),
        last_good_at=good[0][0].ended_at if good else None,
        pages=_count(done.counts.get("pages")) if done is not None else None,
        articles=_count(done.counts.get("articles")) if done is not None else None,
        next_at=None if is_paused else next_at,
        open_alarms=len(ledger.alarms(name, states=[AlarmState.OPEN], limit=10_000)),
        missed=sum(span.count for span in ledger.missed(name)),
    )


def _count(value: float | None) -> int | None:
    return None if value is None else int(value)


def _time_of(run_id: str) -> dt.datetime | None:
    try:
        return dt.datetime.strptime(run_id.partition("-")[0], _RUN_ID_TIME).replace(tzinfo=dt.UTC)
    except ValueError:
        return None
