"""The state of jobs and datasets in the text format of Prometheus, for a textfile collector or an endpoint of yours."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsclean.dataset import Dataset
from newsclean.dataset.held import batches_of
from newsclean.dataset.record import numbered
from newsclean.errors import DatasetError
from newsclean.schedule.records import ENDED_WELL, AlarmState, State

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from newsclean.schedule.ledger import Ledger
    from newsclean.schedule.records import Attempt

__all__ = ["Ending", "metrics_text", "write_metrics"]


@dataclass(slots=True)
class _Family:
    """One metric: its name, what it says, and its samples."""

    name: str
    says: str
    samples: list[tuple[Mapping[str, str], float]] = field(default_factory=list)

    def add(self, value: float, **labels: str) -> None:
        self.samples.append((labels, value))

    def lines(self) -> Iterator[str]:
        if self.samples:
            yield f"# HELP {self.name} {self.says}"
            yield f"# TYPE {self.name} gauge"
            for labels, value in self.samples:
                told = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
                yield f"{self.name}{{{told}}} {value:.17g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A run that has done all but end: for the ledger it is still running."""

    attempt: Attempt
    job: str
    at: dt.datetime
    state: State


def metrics_text(ledger: Ledger | None, datasets: Sequence[Path], ending: Ending | None = None) -> str:
    """Return all metrics; a dataset that is not there is left out."""
    families = [*(_of_jobs(ledger, ending) if ledger is not None else ()), *_of_datasets(datasets)]
    return "".join(f"{line}\n" for family in families for line in family.lines())


def write_metrics(path: Path, text: str) -> list[str]:
    """Put the text at `path` in one step; return, in a sentence, why it could not be, if it could not."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        return [f"metrics: {path} could not be written: {error.strerror}"]
    return []


def _of_jobs(ledger: Ledger, ending: Ending | None) -> list[_Family]:
    names = {
        "last_run_timestamp_seconds": "When the last run of the job ended.",
        "last_success_timestamp_seconds": "When the last run without an alarm ended.",
        "last_duration_seconds": "How long the last run took.",
        "last_exit_code": "Exit code of the last run.",
        "last_state": "1 for the state that the last run ended in.",
        "last_pages": "Pages of the last run, by site.",
        "last_articles": "Articles of the last run, by site.",
        "last_rejections": "Rejected pages of the last run, by reason.",
        "last_fetched": "Articles that the last crawl fetched.",
        "running": "1 while a run of the job is on its way.",
        "paused": "1 if the job is paused.",
        "open_alarms": "Alarms that nobody has settled, by check.",
    }
    made = {name: _Family(f"newsclean_job_{name}", says) for name, says in names.items()}
    jobs = sorted({*ledger.jobs(), *(run.job for run in ledger.runs(limit=1_000))})
    for job in jobs:
        _add_job(made, ledger, job, ending if ending is not None and ending.job == job else None)
    return list(made.values())


def _add_job(made: Mapping[str, _Family], ledger: Ledger, job: str, ending: Ending | None) -> None:
    state = ledger.jobs().get(job)
    made["paused"].add(int(state is not None and state.paused_at is not None), job=job)
    made["running"].add(
        int(ending is None and any(run.state is not State.WAITING for run in ledger.open_runs(job))), job=job
    )
    counts = Counter(one.check for one in ledger.alarms(job, states=[AlarmState.OPEN], limit=10_000))
    for check, count in sorted(counts.items()):
        made["open_alarms"].add(count, job=job, check=check)
    good = ledger.history(job, limit=1, states=ENDED_WELL - {State.ALARM})
    good_at = good[0][0].ended_at if good else None
    if ending is not None and ending.state is State.DONE:
        good_at = ending.at
    if good_at is not None:
        made["last_success_timestamp_seconds"].add(good_at.timestamp(), job=job)
    last = ending or _last(ledger, job)
    if last is None:
        return
    attempt = last.attempt
    made["last_run_timestamp_seconds"].add(last.at.timestamp(), job=job)
    made["last_state"].add(1, job=job, state=str(last.state))
    exit_code = int(last.state is not State.DONE) if ending is not None else attempt.exit_code
    if exit_code is not None:
        made["last_exit_code"].add(exit_code, job=job)
    if attempt.started_at:
        made["last_duration_seconds"].add((last.at - attempt.started_at).total_seconds(), job=job)
    for site, figures in sorted(attempt.by_site.items()):
        made["last_pages"].add(figures.pages, job=job, site=site)
        made["last_articles"].add(figures.articles, job=job, site=site)
    for reason, count in sorted(attempt.by_reason.items()):
        made["last_rejections"].add(count, job=job, reason=reason)
    if "fetched" in attempt.counts:
        made["last_fetched"].add(attempt.counts["fetched"], job=job)


def _last(ledger: Ledger, job: str) -> Ending | None:
    for run in ledger.runs(job, limit=50):
        attempt = ledger.last_attempt(run.run)
        if not run.is_open and run.ended_at is not None and attempt is not None:
            return Ending(attempt=attempt, job=job, at=run.ended_at, state=run.state)
    return None


def _of_datasets(datasets: Iterable[Path]) -> list[_Family]:
    names = {
        "articles": "Articles in the dataset.",
        "pages": "Raw pages in the dataset.",
        "bytes": "Bytes of its Parquet files.",
        "held_batches": "Batches that are kept back.",
        "held_articles": "Articles that are kept back.",
    }
    made = {name: _Family(f"newsclean_dataset_{name}", says) for name, says in names.items()}
    for path in sorted(set(datasets)):
        try:
            dataset = Dataset.open(path, create=False)
        except DatasetError:
            continue
        parts = [(table, part) for one in dataset.records().values() for table, _, part in numbered(one.parts)]
        batches = batches_of(dataset)
        label = str(path)
        made["articles"].add(sum(part.rows for table, part in parts if table == "articles"), dataset=label)
        made["pages"].add(sum(part.rows for table, part in parts if table == "pages"), dataset=label)
        made["bytes"].add(sum(part.size_bytes for _, part in parts), dataset=label)
        made["held_batches"].add(len(batches), dataset=label)
        made["held_articles"].add(sum(batch.articles for batch in batches), dataset=label)
    return list(made.values())


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
