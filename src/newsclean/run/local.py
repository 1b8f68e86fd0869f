"""The local runner: a few processes, watched so that a stuck or dying one costs one page and never the run."""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Final

from newsclean.errors import NewscleanError, RunError
from newsclean.model import Reason
from newsclean.run.guarded import Poison
from newsclean.run.shard import ShardResult, run_shard
from newsclean.run.tally import Tally
from newsclean.run.worker import Assignment, bench_of
from newsclean.run.worker_process import WorkerProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from newsclean.run.pulse import Beat
    from newsclean.run.shard import Shard
    from newsclean.run.worker import Setup

    Commit = Callable[[Shard, ShardResult], None]
    OnProgress = Callable[[int, int, int], None]
    ShouldStop = Callable[[], bool]

__all__ = ["run_here", "run_in_processes"]

_TICK_S: Final = 0.1
# A page that a worker died on is tried once more: the next worker may be luckier.
_DEATHS_OF_A_PAGE: Final = 2
_DEATHS_OUTSIDE_PAGES: Final = 3


def run_here(
    shards: Iterable[Shard], setup: Setup, *, commit: Commit, on_progress: OnProgress, should_stop: ShouldStop
) -> None:
    """Clean the shards in this process, one after the other: no deadline and no memory limit hold."""
    bench = bench_of(setup)
    done = Tally()

    def on_page(_: int | None, tally: Tally) -> None:
        total, now = done.total, tally.total
        on_progress(total.pages + now.pages, total.articles + now.articles, total.rejections + now.rejections)

    for shard in shards:
        if should_stop():
            return
        result = run_shard(shard, bench, poisoned={}, on_page=on_page)
        commit(shard, result)
        done.add(result.tally)


def run_in_processes(
    shards: Iterable[Shard],
    setup: Setup,
    *,
    workers: int,
    lock: int,
    commit: Commit,
    on_progress: OnProgress,
    should_stop: ShouldStop,
) -> None:
    """Clean the shards in `workers` processes and commit each one's rows here, as they come in.

    `on_progress` hears, ten times a second, of pages, articles and rejections so far. Ends early,
    and kills the workers, when `should_stop` says so. Raises the error that kept a worker from
    writing, and RunError where workers die without a page to blame.
    """
    crew = _Crew(setup, workers=workers, lock=lock, queue=deque(_Task(shard) for shard in shards))
    try:
        while crew.has_work() and not should_stop():
            crew.hire()
            for task, result in crew.wait():
                commit(task.shard, result)
                crew.done.add(result.tally)
            crew.end_overdue()
            on_progress(*crew.progress())
    finally:
        crew.close()


@dataclass(slots=True)
class _Task:
    """A shard, and what is known of its bad pages."""

    shard: Shard
    poisoned: dict[int, Poison] = field(default_factory=dict)
    deaths: Counter[int] = field(default_factory=Counter)
    deaths_outside_pages: int = 0

    def blame(self, index: int, poison: Poison) -> bool:
        """Note that a page stopped a worker; return False where no page can be blamed."""
        known = self.poisoned.get(index)
        if index < 0 or (known and not known.may_read):
            return False
        self.poisoned[index] = Poison(reason=poison.reason, detail=poison.detail, may_read=known is None)
        return True


@dataclass(slots=True)
class _Crew:
    """The workers and the shards that wait for them."""

    setup: Setup
    workers: int
    lock: int
    queue: deque[_Task]
    done: Tally = field(default_factory=Tally)
    _busy: dict[WorkerProcess, _Task] = field(default_factory=dict)
    _idle: list[WorkerProcess] = field(default_factory=list)
    _last_tick: float = field(default_factory=time.monotonic)
    _clock: float = 0.0

    def has_work(self) -> bool:
        return bool(self.queue or self._busy)

    def hire(self) -> None:
        """Give every waiting shard a worker, as far as there may be more."""
        while self.queue and len(self._busy) < self.workers:
            worker = self._idle.pop() if self._idle else self._new_worker()
            task = self.queue.popleft()
            self._busy[worker] = task
            worker.assign(Assignment(task.shard, task.poisoned), self._clock)

    def _new_worker(self) -> WorkerProcess:
        try:
            return WorkerProcess(self.setup, lock=self.lock)
        except OSError as error:
            raise RunError(
                f"a worker cannot be started: {error}; make room for it (processes, open files, space for temporary "
                "files) or take fewer workers, and run again"
            ) from error

    def wait(self) -> list[tuple[_Task, ShardResult]]:
        """Wait a tick and return the shards that came back; a worker that died has its shard done again."""
        by_connection = {worker.connection: worker for worker in self._busy}
        finished = []
        for connection in wait(list(by_connection), timeout=_TICK_S):
            worker = by_connection[connection]  # type: ignore[index]  # waits for nothing else
            try:
                answer = worker.connection.recv()
            except (EOFError, ConnectionError):
                self._bury(worker)
                continue
            task = self._busy.pop(worker)
            self._idle.append(worker)
            if isinstance(answer, NewscleanError):
                raise answer
            finished.append((task, answer))
        self._advance_clock()
        return finished

    def end_overdue(self) -> None:
        """Kill the workers whose page takes too long; their shards are done again without it."""
        limit_s = self.setup.limits.page_timeout_s
        for worker, task in list(self._busy.items()):
            beat = worker.look(self._clock)
            if beat.index < 0 or worker.page_s(self._clock) <= limit_s:
                continue
            if worker.kill().serial == beat.serial:
                poison = Poison(reason=Reason.TIMEOUT, detail=f"took longer than {limit_s:g} s")
                if not task.blame(beat.index, poison):
                    self._note_death_outside_pages(task, worker)
            self._give_back(worker)

    def progress(self) -> tuple[int, int, int]:
        """Return pages, articles and rejections so far, those of shards in work too."""
        beats = [worker.look(self._clock) for worker in self._busy]
        total = self.done.total
        return (
            total.pages + sum(beat.pages for beat in beats),
            total.articles + sum(beat.articles for beat in beats),
            total.rejections + sum(beat.rejections for beat in beats),
        )

    def close(self) -> None:
        """End all workers."""
        for worker in [*self._busy, *self._idle]:
            worker.close()
        self._busy.clear()
        self._idle.clear()

    def _advance_clock(self) -> None:
        # A run that was stopped (Ctrl-Z, a laptop asleep) goes on where it was: no page has been slow meanwhile.
        now = time.monotonic()
        self._clock += min(now - self._last_tick, 1.0)
        self._last_tick = now

    def _bury(self, worker: WorkerProcess) -> None:
        beat = worker.bury()
        task = self._busy[worker]
        task.deaths[beat.index] += 1
        if not self._is_forgiven(task, beat, worker):
            self._note_death_outside_pages(task, worker)
        self._give_back(worker)

    def _note_death_outside_pages(self, task: _Task, worker: WorkerProcess) -> None:
        task.deaths_outside_pages += 1
        if task.deaths_outside_pages >= _DEATHS_OUTSIDE_PAGES:
            words = f" ({worker.last_words})" if worker.last_words else ""
            raise RunError(
                f"a worker died {task.deaths_outside_pages} times and no page is to blame; the last time "
                f"{worker.death}{words}; nothing committed is touched: if memory is short, take fewer workers, "
                "and run again"
            )

    def _is_forgiven(self, task: _Task, beat: Beat, worker: WorkerProcess) -> bool:
        """Tell whether the run may go on at once: a page's first death, or one that the page is blamed for."""
        if beat.index >= 0 and task.deaths[beat.index] < _DEATHS_OF_A_PAGE:
            return True
        reason = Reason.MEMORY if worker.was_killed else Reason.CRASH
        return task.blame(beat.index, Poison(reason=reason, detail=f"the worker died on this page: {worker.death}"))

    def _give_back(self, worker: WorkerProcess) -> None:
        self.queue.appendleft(self._busy.pop(worker))
        worker.close()
