"""What the ledger keeps: runs (one a slot of a job), their attempts (one a process), alarms, and missed slots."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from newsclean.schedule.identity import ProcessIdentity

__all__ = [
    "ENDED_WELL",
    "OPEN",
    "RETRIED",
    "Alarm",
    "AlarmState",
    "Attempt",
    "JobState",
    "Kind",
    "Missed",
    "Run",
    "RunFacts",
    "SiteCounts",
    "State",
]


class Kind(StrEnum):
    """Why there is a run."""

    SCHEDULED = "scheduled"
    CAUGHT_UP = "caught_up"  # its slot was missed, and run when newsclean was there again
    BACKFILL = "backfill"  # asked for by `schedule backfill`
    MANUAL = "manual"  # asked for by `run`, of no slot


class State(StrEnum):
    """How far a run or an attempt is, or how it ended."""

    WAITING = "waiting"  # a run: for its time, for another run of the job, for a job that it comes after, for a retry
    STARTING = "starting"  # an attempt: its process was asked for, and has not reported yet
    RUNNING = "running"
    DONE = "done"
    TROUBLE = "trouble"  # done, and somebody should look
    ALARM = "alarm"  # done, and a check says that something is wrong with what came
    EMPTY = "empty"  # the spider brought nothing
    FAILED = "failed"
    TIMEOUT = "timeout"
    INTERRUPTED = "interrupted"  # somebody stopped it by a signal
    CANCELLED = "cancelled"  # a later slot of the job took its place, or somebody asked for it
    DIED = "died"  # its process was gone and had not said how it ended
    LOST = "lost"  # an attempt: its process never reported; it counts as none
    SKIPPED = "skipped"  # a run that never started, because of overlap or of a job that it comes after


OPEN: Final = frozenset({State.WAITING, State.STARTING, State.RUNNING})
ENDED_WELL: Final = frozenset({State.DONE, State.TROUBLE, State.ALARM})
RETRIED: Final = frozenset({State.EMPTY, State.FAILED, State.TIMEOUT, State.INTERRUPTED, State.DIED, State.LOST})


class AlarmState(StrEnum):
    """What became of an alarm."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RELEASED = "released"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteCounts:
    """Pages of one site in one run, the articles that they gave and how many were rejected."""

    pages: int = 0
    articles: int = 0
    rejections: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One slot of a job, from its decision to its end; `slot` is aware, in UTC.

    A manual run has the time at which it was asked for as its slot. `not_before` is when its next
    attempt may start, `failures` counts the attempts that ended badly, `note` says why it is as it is.
    """

    run: int
    job: str
    slot: dt.datetime
    kind: Kind
    state: State
    not_before: dt.datetime
    failures: int
    created_at: dt.datetime
    ended_at: dt.datetime | None
    note: str

    @property
    def is_open(self) -> bool:
        """Whether it has not come to its end."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One process that carried out a run; `attempt` counts from 1.

    `process` is `newsclean run`, `child` the crawl or clean that it started last. `step` is what it
    does or did last: crawl, clean or checks. `counts` are figures of crawl and clean by name (pages,
    articles, rejections, fetched, unchanged, known, requests, responses, received_bytes, failed,
    forbidden, robots_unavailable, refused, retries, items), `durations` seconds by step and `total`.
    `measures` belongs to the checks: what they want to remember of this run. Paths are relative to
    the state folder.
    """

    run: int
    attempt: int
    state: State
    created_at: dt.datetime
    started_at: dt.datetime | None = None
    beat_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    process: ProcessIdentity | None = None
    child: ProcessIdentity | None = None
    is_cancel_wanted: bool = False
    step: str = ""
    exit_code: int | None = None
    message: str = ""
    counts: Mapping[str, float] = field(default_factory=dict)
    by_site: Mapping[str, SiteCounts] = field(default_factory=dict)
    by_reason: Mapping[str, int] = field(default_factory=dict)
    by_strategy: Mapping[str, int] = field(default_factory=dict)
    durations: Mapping[str, float] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, Any] = field(default_factory=dict)
    clean_run_id: str | None = None
    report: str | None = None
    log: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What a check says of a run, in one sentence, with pages to look at.

    `check` names the rule (as "zero_yield"), `site` and `layout` where it holds ("" for all). `value`
    is what was found, `low` and `high` what was to be expected. `number`, `job`, `run`, `attempt`,
    `raised_at` and `state` are filled in by the ledger.
    """

    check: str
    sentence: str
    site: str = ""
    layout: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    samples: tuple[str, ...] = ()
    number: int = 0
    job: str = ""
    run: int = 0
    attempt: int = 0
    raised_at: dt.datetime | None = None
    state: AlarmState = AlarmState.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Slots of a job that nobody ran: newsclean was not there, or the job was paused."""

    job: str
    first: dt.datetime
    last: dt.datetime
    count: int
    why: str
    seen_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState:
    """What the ledger knows of a job: first seen at `since`; slots up to `cursor` are decided; `times` gave them."""

    job: str
    since: dt.datetime
    cursor: dt.datetime
    times: str
    paused_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What a check sees of the run that is about to end.

    `run` and `attempt` as the ledger has them, with the counts of this attempt; `crawl` and `clean`
    are the reports as `newsclean crawl --json` and `newsclean clean --json` print them, None for a
    step that was not made. `project`, `raw` and `output` are absolute folders, `output` the dataset,
    whose rows of this run have `run_id == attempt.clean_run_id`. `options` is the job's `alarms`
    table over the file's `alarms` table, unread; `on_alarm` is the job's.
    """

    run: Run
    attempt: Attempt
    project: Path
    raw: Path
    output: Path
    state: Path
    crawl: Mapping[str, Any] | None
    clean: Mapping[str, Any] | None
    options: Mapping[str, Any]
    on_alarm: str
