"""One run from end to end: find the files, see what has to be done, do it, count, report."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from newsclean.dataset import BatchNote, BatchState, Dataset, held
from newsclean.dataset.form import check_current
from newsclean.run.batching import expected_pages
from newsclean.run.local import run_here, run_in_processes
from newsclean.run.options import RunOptions, usable_cores
from newsclean.run.planning import Plan, Planner
from newsclean.run.report import RunReport, State, library_versions, save
from newsclean.run.tally import TROUBLE_REASONS, Tally
from newsclean.run.worker import Setup

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from newsclean.dataset import CommitRecord, RunStamp
    from newsclean.extract.routing import Router
    from newsclean.run.shard import Shard, ShardResult
    from newsclean.sources import Discovery

__all__ = ["MainJob", "Progress"]

_SHOWN_EVERY_S: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is: pages done of all it has to do (a guess for archives), and what came of them."""

    pages: int
    of_pages: int
    articles: int
    rejections: int
    elapsed_s: float

    @property
    def pages_per_s(self) -> float:
        """Pages a second so far."""
        return self.pages / self.elapsed_s if self.elapsed_s else 0.0

    @property
    def left_s(self) -> float | None:
        """Seconds to go if it goes on like this; None before the first page."""
        return (self.of_pages - self.pages) * self.elapsed_s / self.pages if self.pages else None


@dataclass(slots=True, kw_only=True)
class MainJob:
    """One run on its way."""

    output: Path
    options: RunOptions
    router: Router
    stamp: RunStamp
    found: Discovery
    on_progress: Callable[[Progress], None] = lambda _: None
    should_stop: Callable[[], bool] = lambda: False
    dataset: Dataset | None = None
    batch: Dataset | None = None
    tally: Tally = field(default_factory=Tally)
    shards: int = 0
    _started: float = field(default_factory=time.monotonic)
    _shown_at: float = field(default_factory=time.monotonic)
    _waiting: dict[str, int] = field(default_factory=dict)

    def planned(self, stack: ExitStack, *, create: bool) -> Plan:
        """Open the dataset, if there is one or one may be made, and see what has to be done."""
        records: Mapping[str, CommitRecord] = {}
        damaged: frozenset[str] = frozenset()
        if create or self.output.exists():
            self.dataset = stack.enter_context(Dataset.open(self.output, create=create, choice=self.options.form))
            check_current(self.dataset.form, self.output)
            if create:
                damaged = frozenset(self.dataset.sweep().damaged)
            records = self.dataset.records()
        waiting = held.held_paths(self.dataset) if self.dataset else frozenset[str]()
        going_on = held.parts_in(self.dataset, self.options.hold) if self.dataset and self.options.hold else {}
        begun = {source.raw_path for record in going_on.values() for source in record.sources}
        reasons = self._rejections(records)
        planner = Planner(
            stamp=self.stamp,
            router=self.router,
            max_page_bytes=self.options.limits.max_page_bytes,
            unread=reasons,
            retry=frozenset(path for path, reason in reasons.items() if self._is_retried(reason)),
            damaged=damaged,
            held=waiting - begun,
            should_stop=self._stops_looking,
        )
        return planner.plan(self.found.files, {**records, **going_on})

    def done(self, plan: Plan) -> RunReport:
        """Carry out the plan and report it; a run without work leaves no trace."""
        dataset = self._dataset()
        if not plan.shards:
            dataset.note_stats(plan.touched)
            return self.reported(plan, State.NOTHING_TO_DO)
        with ExitStack() as stack:
            if self.options.hold:
                note = BatchNote(state=BatchState.OPEN, begun_at=self.stamp.cleaned_at)
                self.batch = stack.enter_context(held.open_batch(dataset, self.options.hold, note))
            self._clean(plan)
        return self.finished(plan)

    def finished(self, plan: Plan) -> RunReport:
        """Report what was committed of the plan, and sweep what was not."""
        dataset = self._dataset()
        is_whole = self.shards == len(plan.shards)
        if is_whole:
            dataset.note_stats(plan.touched)
            self.tally.check(planned=plan.file_count)
        else:
            dataset.sweep()
        report = self.reported(plan, State.DONE if is_whole else State.INTERRUPTED)
        save(report, dataset.reports)
        return report

    def sweep(self) -> None:
        """Delete what attempts have left that nobody took."""
        self._dataset().sweep()

    def reported(self, plan: Plan, state: State) -> RunReport:
        """Return the report of what was done so far."""
        total = self.tally.total
        sums = Counter({"pages": 0, "articles": 0})
        for record in self.dataset.records().values() if self.dataset else ():
            sums.update({table: record.rows_of(table) for table in sums})
        return RunReport(
            run_id=self.stamp.run_id,
            state=state,
            dataset=str(self.output),
            started_at=self.stamp.cleaned_at,
            duration_s=time.monotonic() - self._started,
            newsclean_version=self.stamp.newsclean_version,
            files=len(self.found.files),
            skipped=self.found.skipped,
            unchanged=plan.unchanged,
            planned={str(cause): count for cause, count in sorted(plan.causes.items())},
            pages=total.pages,
            articles=total.articles,
            rejections=total.rejections,
            by_site=dict(sorted(self.tally.by_site.items())),
            by_reason=dict(sorted(self.tally.by_reason.items())),
            by_strategy=dict(sorted(self.tally.by_strategy.items())),
            trouble_count=self.tally.trouble_count,
            troubles=tuple(self.tally.troubles),
            problems=(*self.found.problems, *plan.problems),
            shards=self.shards,
            workers=self._workers(plan),
            dataset_pages=sums["pages"],
            dataset_articles=sums["articles"],
            held=plan.held,
            batch=self.options.hold if self.batch else None,
            versions=library_versions(),
        )

    def setup(self) -> Setup:
        """Return what shards are cleaned with."""
        return Setup(
            dataset=self.output.resolve(),
            profiles=self.router.profiles,
            language_backend=self.options.language_backend,
            limits=self.options.limits,
            stamp=self.stamp,
        )

    def _clean(self, plan: Plan) -> None:
        setup = self.setup()
        begun = time.monotonic()
        waiting = self._waiting = {shard.shard_id: sum(map(expected_pages, shard.files)) for shard in plan.shards}

        def on_progress(pages: int, articles: int, rejections: int) -> None:
            self.on_progress(
                Progress(
                    pages=pages,
                    of_pages=max(pages, self.tally.total.pages + sum(waiting.values())),
                    articles=articles,
                    rejections=rejections,
                    elapsed_s=time.monotonic() - begun,
                )
            )

        if self.options.runner == "ray":
            from newsclean.run.ray import run_on_ray  # noqa: PLC0415  (an extra)

            run_on_ray(
                plan.shards,
                setup,
                address=self.options.address,
                commit=self.commit_attempt,
                on_progress=on_progress,
                should_stop=self.should_stop,
            )
        elif self.options.workers == 0:
            limits = replace(setup.limits, max_page_memory_bytes=None)
            run_here(
                plan.shards,
                replace(setup, limits=limits),
                commit=self._commit,
                on_progress=on_progress,
                should_stop=self.should_stop,
            )
        else:
            run_in_processes(
                plan.shards,
                setup,
                workers=self._workers(plan),
                lock=self._dataset().lock_handle,
                commit=self._commit,
                on_progress=on_progress,
                should_stop=self.should_stop,
            )

    def commit_attempt(self, shard: Shard, result: ShardResult) -> None:
        """Commit the rows of an attempt under the name of its shard."""
        from newsclean.dataset.staging import take_name  # noqa: PLC0415  (pyarrow)

        staged = take_name(self.output.resolve(), result.staged, shard.shard_id)
        self._commit(shard, replace(result, staged=staged))

    def _stops_looking(self) -> bool:
        """Tell whether somebody wants the run to end, while large archives are looked through; show that it lives."""
        now = time.monotonic()
        if now - self._shown_at >= _SHOWN_EVERY_S:
            self._shown_at = now
            pages = sum(map(expected_pages, self.found.files))
            elapsed_s = now - self._started
            self.on_progress(Progress(pages=0, of_pages=pages, articles=0, rejections=0, elapsed_s=elapsed_s))
        return self.should_stop()

    def _commit(self, shard: Shard, result: ShardResult) -> None:
        result.tally.check(planned=len(shard.files))
        if self.batch is None:
            self._dataset().commit_staged(result.staged, self.stamp, replaces=shard.replaces)
        else:
            held.hold_staged(self._dataset(), self.batch, result.staged, self.stamp, replaces=shard.replaces)
        self.tally.add(result.tally)
        self._waiting.pop(shard.shard_id, None)
        self.shards += 1

    def _workers(self, plan: Plan) -> int:
        wanted = usable_cores() if self.options.workers is None else self.options.workers
        return min(wanted, len(plan.shards))

    def _dataset(self) -> Dataset:
        assert self.dataset is not None
        return self.dataset

    def _is_retried(self, reason: str) -> bool:
        return self.options.retry and reason in TROUBLE_REASONS

    def _rejections(self, records: Mapping[str, CommitRecord]) -> dict[str, str]:
        """Return the reasons of rejections by path, where the plan can depend on them."""
        needed = self.options.retry or any(s.sha256 is None for record in records.values() for s in record.sources)
        if not needed or self.dataset is None:
            return {}
        rows = self.dataset.read("pages", ["raw_path", "reason"]).to_pylist()
        found: dict[str, str] = {}
        for row in rows:
            # Of an archive's many pages those count that may fare better another time.
            if row["reason"] and (row["reason"] in TROUBLE_REASONS or row["raw_path"] not in found):
                found[row["raw_path"]] = row["reason"]
        return found
