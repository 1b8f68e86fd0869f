"""What becomes of the slots that have come due: a pure function of the job, of time, and of what the job is at.

The rules, which docs/scheduling.md explains:

1. Slots are decided in order and once. What is decided is `cursor` and before; a clock that was set
   back therefore gives no slot twice. A cursor more than a day ahead is of a clock that was wrong.
2. A slot is late when it is seen more than `grace` after it was due, else it is on time.
3. Of the late ones, `catch_up` keeps none; or the newest, unless a slot on time is due with it; or the
   newest `catch_up_most`. Those that are kept wait for their turn, whatever `overlap` says.
4. A slot on time waits for its turn where the job is at nothing. Else `overlap` says whether it is
   skipped, waits all the same, or takes the place of all that the job is at.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from newsclean.schedule.jobs import CatchUp, Overlap
from newsclean.schedule.records import Kind

if TYPE_CHECKING:
    from newsclean.schedule.jobs import Job

__all__ = ["Action", "Decision", "MissedSpan", "Verdict", "decide"]

_MOST_AHEAD: Final = dt.timedelta(days=1)
_MOST_BACK: Final = dt.timedelta(days=366)
_MOST_WAITING: Final = 1_000


class Action(Enum):
    """What is done with a slot."""

    QUEUE = auto()
    SKIP = auto()
    REPLACE = auto()


@dataclass(frozen=True, slots=True)
class Decision:
    """One slot, why it is run, and what is done with it; `note` says why it is not."""

    slot: dt.datetime
    kind: Kind
    action: Action
    note: str = ""


@dataclass(frozen=True, slots=True)
class MissedSpan:
    """Slots that are not run: the first and the last of them, and how many they are."""

    first: dt.datetime
    last: dt.datetime
    count: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that is decided at one time, in the order of the slots; `cursor` is where the next time begins."""

    cursor: dt.datetime
    decisions: tuple[Decision, ...] = ()
    missed: MissedSpan | None = None


@dataclass(slots=True)
class _Due:
    """The slots that are due, of the late ones only the newest."""

    late: deque[dt.datetime]
    on_time: list[dt.datetime]
    first_late: dt.datetime | None = None
    late_count: int = 0


def decide(job: Job, *, cursor: dt.datetime, now: dt.datetime, is_active: bool, waiting: int) -> Verdict:
    """Decide the slots after `cursor` that are due by `now`.

    `is_active`: the job is at an earlier slot, running or waiting; `waiting` is how many wait.
    """
    if cursor - now > _MOST_AHEAD:
        return Verdict(now)
    due = _due_slots(job, max(cursor, now - _MOST_BACK), now)
    if not due.late_count and not due.on_time:
        return Verdict(cursor)
    kept = _caught_up(job, due)
    last = due.on_time[-1] if due.on_time else due.late[-1]
    decisions = [Decision(slot, Kind.CAUGHT_UP, Action.QUEUE) for slot in kept]
    waiting += len(kept)
    is_active = is_active or bool(kept)
    for slot in due.on_time:
        decisions.append(_on_time(job.overlap, slot, is_active=is_active, waiting=waiting))
        waiting = 1 if decisions[-1].action is Action.REPLACE else waiting + (decisions[-1].action is Action.QUEUE)
        is_active = True
    return Verdict(last, tuple(decisions), _missed(due, len(kept), kept))


def _due_slots(job: Job, cursor: dt.datetime, now: dt.datetime) -> _Due:
    found = _Due(deque(maxlen=job.catch_up_most + 1), [])
    for slot in job.times.after(cursor):
        due_at = job.times.due_at(slot)
        if due_at > now:
            break
        if now - due_at <= job.grace:
            found.on_time.append(slot)
            continue
        found.first_late = found.first_late or slot
        found.late_count += 1
        found.late.append(slot)
    return found


def _caught_up(job: Job, due: _Due) -> list[dt.datetime]:
    if job.catch_up is CatchUp.NONE:
        return []
    most = job.catch_up_most if job.catch_up is CatchUp.ALL else int(not due.on_time)
    return list(due.late)[-most:] if most else []


def _on_time(overlap: Overlap, slot: dt.datetime, *, is_active: bool, waiting: int) -> Decision:
    if not is_active:
        return Decision(slot, Kind.SCHEDULED, Action.QUEUE)
    if overlap is Overlap.SKIP:
        return Decision(slot, Kind.SCHEDULED, Action.SKIP, "the job was still at an earlier slot")
    if overlap is Overlap.CANCEL:
        return Decision(slot, Kind.SCHEDULED, Action.REPLACE)
    if waiting >= _MOST_WAITING:
        return Decision(slot, Kind.SCHEDULED, Action.SKIP, f"{_MOST_WAITING:,} slots are waiting already")
    return Decision(slot, Kind.SCHEDULED, Action.QUEUE)


def _missed(due: _Due, kept_count: int, kept: list[dt.datetime]) -> MissedSpan | None:
    count = due.late_count - kept_count
    if not count or due.first_late is None:
        return None
    # The newest are kept, so what is missed ends before them.
    before = [slot for slot in due.late if not kept or slot < kept[0]]
    return MissedSpan(due.first_late, before[-1], count)
