"""A run that is about to end: its rows are measured, judged and remembered, and what has to be done is done."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Final

from newsclean.dataset import Dataset, held
from newsclean.dataset.counts.measures import Measures
from newsclean.schedule.alarms.history import CrawlMeasures, load_history, remembered
from newsclean.schedule.alarms.holding import batch_for, decide, has_dataset, open_batch_of, turn
from newsclean.schedule.alarms.judging import judge
from newsclean.schedule.alarms.options import read_options
from newsclean.schedule.alarms.subject import Subject
from newsclean.schedule.records import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsclean.dataset import CommitRecord
    from newsclean.schedule.alarms.history import History
    from newsclean.schedule.ledger import Ledger
    from newsclean.schedule.records import Alarm, Attempt, RunFacts

__all__ = ["act", "check", "clean_options"]

# Files that are cleaned for one of these say something of what came now; others were there before.
_OF_NOW: Final = frozenset({"new", "content", "readable", "retry"})
_RUNS_BACK: Final = 20
_CLEANING: Final = frozenset({"clean", "checks"})
_RUN_ID_TIME: Final = "%Y%m%dT%H%M%SZ"


def clean_options(facts: RunFacts) -> list[str]:
    """Return what `newsclean clean` is told besides: where the rows go that are kept back until they are checked."""
    return ["--hold", batch_for(facts)] if facts.on_alarm == "hold" else []


def check(facts: RunFacts, ledger: Ledger) -> tuple[Alarm, ...]:
    """Return the alarms about a run, and keep its measures for the runs to come."""
    options = read_options(facts.options)
    history = load_history(ledger, facts.run)
    measures, sequence = _measured(facts, ledger, history)
    crawl = CrawlMeasures.of(facts.crawl) if facts.crawl is not None else None
    ledger.put_measures(facts.run.run, facts.attempt.attempt, remembered(measures, crawl, sequence))
    subject = Subject(
        job=facts.run.job,
        slot=facts.run.slot,
        kind=facts.run.kind,
        measures=measures,
        history=history,
        crawl=crawl,
        clean=facts.clean,
        troubles=tuple((facts.crawl or {}).get("troubles") or ()),
        min_runs=options.min_runs,
    )
    return judge(subject, off=options.off)


def act(facts: RunFacts, alarms: tuple[Alarm, ...], ledger: Ledger) -> None:
    """Hold or let in what came, tell of the alarms, write the metrics; what fails of it is said on standard error."""
    options = read_options(facts.options)
    batch = decide(facts, alarms)
    failures: list[str] = []
    if alarms and not _is_told(facts, alarms, ledger):
        from newsclean.schedule.alarms.hooks import message_of, tell  # noqa: PLC0415  (smtplib, urllib)

        failures += tell(message_of(facts, alarms, batch), options)
    if options.metrics:
        from newsclean.schedule.alarms.metrics import Ending, metrics_text, write_metrics  # noqa: PLC0415  (as late)

        state = State.ALARM if alarms else State.DONE
        ending = Ending(attempt=facts.attempt, job=facts.run.job, at=dt.datetime.now(dt.UTC), state=state)
        failures += write_metrics(facts.project / options.metrics, metrics_text(ledger, [facts.output], ending))
    for failure in failures:
        print(f"newsclean: {failure}", file=sys.stderr)  # noqa: T201  (the run's log)


def _is_told(facts: RunFacts, alarms: tuple[Alarm, ...], ledger: Ledger) -> bool:
    """Whether an earlier attempt of the run has told of the same."""
    earlier = {(one.check, one.site) for one in ledger.alarms(run=facts.run.run) if one.attempt < facts.attempt.attempt}
    return {(one.check, one.site) for one in alarms} <= earlier


def _measured(facts: RunFacts, ledger: Ledger, history: History) -> tuple[Measures, int]:
    """Return the measures of what came since the last check of the job, and the number of the dataset's last commit."""
    from newsclean.dataset.counts.measuring import measure  # noqa: PLC0415  # pyarrow

    if not has_dataset(facts):
        return Measures(), 0
    with Dataset.open(facts.output, create=False) as dataset:
        batch = open_batch_of(dataset, facts.run.job) if facts.on_alarm == "hold" else None
        if batch is not None:
            with turn(facts):
                held.tidy(dataset)
            with Dataset.open(batch.path, create=False) as rows:
                return measure(rows, _of_now(facts, rows)), dataset.sequence
        run_ids = frozenset(_run_ids(facts, ledger, dataset, history))
        found = measure(dataset, (one for one in _of_now(facts, dataset) if one.run_id in run_ids), run_ids=run_ids)
        return found, dataset.sequence


def _of_now(facts: RunFacts, dataset: Dataset) -> list[CommitRecord]:
    """Return the shards of pages that came now; those of pages that were cleaned again by another code are left out."""
    causes = set((facts.clean or {}).get("planned") or ())
    records = list(dataset.records().values())
    return records if causes <= _OF_NOW else [one for one in records if not one.replaces]


def _run_ids(facts: RunFacts, ledger: Ledger, dataset: Dataset, history: History) -> Iterator[str]:
    """Yield the ids of the cleanings to judge: this attempt's, and those of attempts that died before their checks."""
    if facts.attempt.clean_run_id:
        yield facts.attempt.clean_run_id
    lost = list(_unchecked(facts, ledger, history))
    yield from (attempt.clean_run_id for attempt in lost if attempt.clean_run_id)
    spans = [(one.started_at, one.ended_at) for one in lost if not one.clean_run_id and one.started_at]
    if spans:
        claimed = {attempt.clean_run_id for run in ledger.runs(limit=1_000) for attempt in ledger.attempts(run.run)}
        for run_id in {record.run_id for record in dataset.records().values()} - claimed:
            at = _time_of(run_id)
            if at is not None and any(start <= at and (end is None or at <= end) for start, end in spans):
                yield run_id


def _unchecked(facts: RunFacts, ledger: Ledger, history: History) -> Iterator[Attempt]:
    last = history.runs[-1].slot if history.runs else None
    for run in [facts.run, *ledger.runs(facts.run.job, limit=_RUNS_BACK)]:
        if run.run != facts.run.run and (last is None or run.slot <= last or run.slot > facts.run.slot):
            continue
        for attempt in ledger.attempts(run.run):
            is_this = (run.run, attempt.attempt) == (facts.run.run, facts.attempt.attempt)
            if not is_this and attempt.step in _CLEANING and not attempt.measures:
                yield attempt


def _time_of(run_id: str) -> dt.datetime | None:
    try:
        return dt.datetime.strptime(run_id.partition("-")[0], _RUN_ID_TIME).replace(tzinfo=dt.UTC)
    except ValueError:
        return None
