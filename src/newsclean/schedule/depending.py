"""Whether the jobs that a run comes after are done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsclean.schedule.records import ENDED_WELL, Kind, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsclean.schedule.jobs import Job
    from newsclean.schedule.ledger import Ledger
    from newsclean.schedule.records import JobState, Run

__all__ = ["Obstacle", "obstacle_of"]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a run cannot start now, or, with `is_final`, not at all."""

    note: str
    is_final: bool


def obstacle_of(
    run: Run, job: Job, jobs: Mapping[str, Job], known: Mapping[str, JobState], ledger: Ledger
) -> Obstacle | None:
    """Return what keeps a run from starting: a job of `after` that has yet to come to, or has failed at, its slot.

    A paused job is not waited for. Backfills, and runs that were asked for, wait for nobody.
    """
    if run.kind in {Kind.BACKFILL, Kind.MANUAL}:
        return None
    obstacles = (_of_one(run, jobs[name], known.get(name), ledger) for name in job.after if name in jobs)
    return min((one for one in obstacles if one is not None), key=lambda one: not one.is_final, default=None)


def _of_one(run: Run, other: Job, known: JobState | None, ledger: Ledger) -> Obstacle | None:
    is_paused = known is None or known.paused_at is not None
    for one in ledger.open_runs(other.name):
        if one.slot <= run.slot and one.kind is not Kind.BACKFILL and not (is_paused and one.state is State.WAITING):
            return Obstacle(f"waits for {other.name}", is_final=False)
    if known is not None and not is_paused:
        following = other.times.next_after(known.cursor)
        if following is not None and following <= run.slot:
            return Obstacle(f"waits for {other.name}", is_final=False)
    last = ledger.last_settled(other.name, run.slot)
    if last is None or last.state in ENDED_WELL:
        return None
    return Obstacle(f"comes after {other.name}, whose run {last.run} ended as {last.state}", is_final=True)
