"""One shard on whatever machine an engine chooses, as often as it likes: each attempt writes under a name of its own.

An engine that brings tasks to machines repeats those whose machine is lost; a task may thus run twice, or
still run when nobody waits for it any more. Only the attempt whose answer is taken gets the shard's name
and is committed, by the one process that holds the dataset's lock: exactly once. All machines see input and
dataset under the same paths (a network file system, or one machine).
"""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newsclean.errors import NewscleanError
from newsclean.run.local import run_in_processes

if TYPE_CHECKING:
    from newsclean.run.shard import Shard, ShardResult
    from newsclean.run.worker import Setup

__all__ = ["Attempt", "Cleaner", "anywhere"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one go at a shard: its rows, written and not committed, or the error that kept it from them."""

    shard_id: str
    outcome: ShardResult | NewscleanError

    def result(self) -> ShardResult:
        """Return the rows; raises the error if there is one."""
        if isinstance(self.outcome, NewscleanError):
            raise self.outcome
        return self.outcome


@dataclass(frozen=True, slots=True)
class Cleaner:
    """What an engine calls with a shard, on any machine, any number of times; it can be pickled."""

    setup: Setup

    def __call__(self, shard: Shard) -> Attempt:
        """Clean a shard by `run_shard`, in a process that is watched: a bad page costs no more than itself."""
        found: list[ShardResult] = []
        named = replace(shard, shard_id=f"{shard.shard_id}-{uuid.uuid4().hex[:12]}")
        # The dataset's lock is held by whoever commits, perhaps on another machine: there is none to hand on.
        nothing = os.open(os.devnull, os.O_RDONLY)
        try:
            run_in_processes(
                [named],
                self.setup,
                workers=1,
                lock=nothing,
                commit=lambda _, result: found.append(result),
                on_progress=lambda *_: None,
                should_stop=lambda: False,
            )
        except NewscleanError as error:
            return Attempt(shard.shard_id, error)
        finally:
            os.close(nothing)
        return Attempt(shard.shard_id, found[0])


def anywhere(shard: Shard) -> Shard:
    """Return the shard with paths that do not depend on the folder that a process was started in."""
    files = [file if file.is_remote else replace(file, path=file.path.absolute()) for file in shard.files]
    return replace(shard, files=tuple(files))
