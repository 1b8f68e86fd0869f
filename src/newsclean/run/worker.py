"""The process that cleans shards: reads them from a socket, answers with staged rows, beats before each page."""

from __future__ import annotations

import gc
import signal
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Final

from newsclean.errors import NewscleanError
from newsclean.extract.routing import Router
from newsclean.language import warm
from newsclean.run.limits import die_with
from newsclean.run.pipeline import Toolbox
from newsclean.run.pulse import NO_PAGE, Pulse
from newsclean.run.shard import Bench, run_shard

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsclean.dataset import RunStamp
    from newsclean.extract.profile_loading import LoadedProfile
    from newsclean.run.guarded import Poison
    from newsclean.run.options import Limits
    from newsclean.run.shard import Shard, ShardResult
    from newsclean.run.tally import Tally

__all__ = ["Assignment", "Setup", "bench_of", "main"]

_NEW_CONTAINERS: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What every worker of a run is made with; it travels to them whole, so that all work with the same."""

    dataset: Path
    profiles: tuple[LoadedProfile, ...]
    language_backend: str
    limits: Limits
    stamp: RunStamp


@dataclass(frozen=True, slots=True)
class Assignment:
    """A shard for a worker; it answers with a ShardResult, or with the error that kept it from one."""

    shard: Shard
    poisoned: Mapping[int, Poison] = field(default_factory=dict)


def bench_of(setup: Setup) -> Bench:
    """Compile the profiles and load the language model."""
    tools = Toolbox(router=Router(setup.profiles), language_backend=setup.language_backend)
    warm(setup.language_backend)
    return Bench(dataset=setup.dataset, tools=tools, limits=setup.limits, stamp=setup.stamp)


def main(parent: int, channel: int, pulse: int) -> None:
    """Work for the process `parent` until it is gone; the others are descriptors that it left open."""
    die_with(parent)
    # Ctrl-C and a service's stop reach the whole group; what to do about them is the parent's business.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    with Connection(channel) as connection:
        try:
            _serve(connection, Pulse(pulse))
        except (EOFError, ConnectionError):
            return  # nobody is left to work for


def _serve(connection: Connection, pulse: Pulse) -> None:
    from newsclean.dataset.staging import leave_pandas_alone  # noqa: PLC0415  # pyarrow, which the parent does without

    try:
        bench = bench_of(connection.recv())
    except NewscleanError as error:
        connection.send(error)
        return
    leave_pandas_alone()
    # What is loaded by now stays for good: the collector need not look at it again and again.
    gc.collect()
    gc.freeze()
    # Nor at the rows of the last few pages, again and again while they wait to be written.
    gc.set_threshold(_NEW_CONTAINERS)
    while True:
        answer = _answer(connection.recv(), bench, pulse)
        pulse.rest()
        connection.send(answer)


def _answer(assignment: Assignment, bench: Bench, pulse: Pulse) -> ShardResult | NewscleanError:
    def on_page(index: int | None, tally: Tally) -> None:
        total = tally.total
        place = NO_PAGE if index is None else index
        pulse.beat(place, pages=total.pages, articles=total.articles, rejections=total.rejections)

    try:
        return run_shard(assignment.shard, bench, poisoned=assignment.poisoned, on_page=on_page)
    except NewscleanError as error:
        return error
