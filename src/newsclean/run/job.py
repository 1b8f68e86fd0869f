"""The main job in pieces, for an engine that is not ours: what is to be done, doing it anywhere, committing it here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from newsclean.run.attempts import Cleaner, anywhere

if TYPE_CHECKING:
    from contextlib import ExitStack
    from types import TracebackType

    from newsclean.run.attempts import Attempt
    from newsclean.run.main_job import MainJob
    from newsclean.run.planning import Plan
    from newsclean.run.report import RunReport
    from newsclean.run.shard import Shard

__all__ = ["Job"]


class Job:
    """A run whose shards somebody else brings to the machines: a context, which has the dataset to itself.

    Hand each of `shards` to `run_shard`, wherever and as often as need be, and each answer to
    `commit`, here. After the block `report` tells what was done; what was not committed by then is done by
    the next run, whoever makes it.
    """

    def __init__(self, work: MainJob, plan: Plan, stack: ExitStack) -> None:
        """Take over a planned job; the stack closes the dataset."""
        self._work = work
        self._plan = plan
        self._stack = stack
        # Where the process stands may change; what is handed out must not change with it.
        self._cleaner = Cleaner(work.setup())
        self._shards = [anywhere(shard) for shard in plan.shards]
        self._waiting = {shard.shard_id: shard for shard in plan.shards}
        self._report: RunReport | None = None

    @property
    def shards(self) -> list[Shard]:
        """What is to be done: batches of files and stretches of archives, none of which needs another."""
        return list(self._shards)

    @property
    def run_shard(self) -> Cleaner:
        """The function to call with a shard: it can be pickled, and answers with an `Attempt`, which can be, too."""
        return self._cleaner

    @property
    def report(self) -> RunReport:
        """What was done, after the block."""
        if self._report is None:
            raise RuntimeError("a job reports when its block is left")
        return self._report

    def commit(self, attempt: Attempt) -> None:
        """Put a shard's rows into the dataset; a shard that is in already stays as it is.

        Raises the error that kept the attempt from its rows, and DatasetError where they cannot be committed.
        """
        result = attempt.result()
        if shard := self._waiting.get(attempt.shard_id):
            self._work.commit_attempt(shard, result)
            del self._waiting[attempt.shard_id]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, place: TracebackType | None
    ) -> None:
        with self._stack:
            if self._plan.shards:
                self._report = self._work.finished(self._plan)
                self._work.sweep()
            else:
                self._report = self._work.done(self._plan)
