"""Writing runs and attempts into the ledger. Each function is part of a transaction that its caller holds.

An attempt has one owner at a time, and every change of it says in its condition what it was before:
who comes too late changes nothing and is told so.

    run:      waiting -> starting -> running -> done, trouble, ...     (or back to waiting, for a retry)
    attempt:             starting -> running -> done, trouble, ...
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from newsclean.schedule.ledger_tables import json_cell, time_text
from newsclean.schedule.records import RETRIED, Kind, State

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from newsclean.schedule.identity import ProcessIdentity
    from newsclean.schedule.jobs import Job
    from newsclean.schedule.records import Attempt, Run

__all__ = [
    "add_missed",
    "add_run",
    "beat",
    "begin_attempt",
    "cancel",
    "claim",
    "end_attempt",
    "end_waiting",
    "move_cursor",
    "name_process",
    "note",
    "pause",
    "resume",
    "see_job",
    "wait_again",
]

# The process is at fault, not the work: there is no reason to wait.
_AT_ONCE: Final = frozenset({State.DIED, State.INTERRUPTED})
_MOST_LOST: Final = 20
_LOST_AT_ONCE: Final = 3  # a tick was killed; what is lost more often, a broken installation loses
_OPEN: Final = "state IN ('starting', 'running')"
_JSON: Final = frozenset({"counts", "by_site", "by_reason", "by_strategy", "durations", "versions"})
_PLAIN: Final = frozenset({"step", "clean_run_id", "report", "log"})


def see_job(db: sqlite3.Connection, job: Job, now: dt.datetime) -> None:
    """Begin a job that is new, and one whose times were changed: with the slots after `now`."""
    db.execute(
        "INSERT INTO jobs VALUES (?, ?, ?, NULL, ?) ON CONFLICT (job) DO UPDATE SET cursor = excluded.cursor, "
        "times = excluded.times WHERE times <> excluded.times",
        (job.name, time_text(now), time_text(now), job.times.text),
    )


def move_cursor(db: sqlite3.Connection, job: str, was: dt.datetime, cursor: dt.datetime) -> bool:
    """Note that the slots up to `cursor` are decided; False where somebody else was faster."""
    done = db.execute(
        "UPDATE jobs SET cursor = ? WHERE job = ? AND cursor = ?", (time_text(cursor), job, time_text(was))
    )
    return done.rowcount > 0


def add_run(
    db: sqlite3.Connection,
    job: str,
    slot: dt.datetime,
    kind: Kind,
    *,
    now: dt.datetime,
    skipped: str | None = None,
) -> int | None:
    """Write down a run that waits, or one that is skipped for a reason; None where the slot has a run already."""
    state = State.WAITING if skipped is None else State.SKIPPED
    ended = None if skipped is None else time_text(now)
    row = db.execute(
        "INSERT INTO runs (job, slot, kind, state, not_before, created_at, ended_at, note) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING run",
        (job, time_text(slot), str(kind), str(state), time_text(now), time_text(now), ended, skipped or ""),
    ).fetchone()
    return None if row is None else int(row["run"])


def add_missed(
    db: sqlite3.Connection,
    job: str,
    first: dt.datetime,
    last: dt.datetime,
    *,
    count: int,
    why: str,
    now: dt.datetime,
) -> None:
    """Write down slots that are not run."""
    db.execute(
        "INSERT INTO missed (job, first, last, count, why, seen_at) VALUES (?, ?, ?, ?, ?, ?)",
        (job, time_text(first), time_text(last), count, why, time_text(now)),
    )


def begin_attempt(db: sqlite3.Connection, run: int, now: dt.datetime) -> int | None:
    """Turn a waiting run into one that starts, and return the number of its attempt.

    None where it waits no more, or where another run of its job has been started.
    """
    done = db.execute(
        "UPDATE runs SET state = 'starting' WHERE run = ? AND state = 'waiting' AND NOT EXISTS "
        "(SELECT 1 FROM runs AS other WHERE other.job = runs.job AND other.state IN ('starting', 'running'))",
        (run,),
    )
    if not done.rowcount:
        return None
    (last,) = db.execute("SELECT coalesce(max(attempt), 0) FROM attempts WHERE run = ?", (run,)).fetchone()
    db.execute(
        "INSERT INTO attempts (run, attempt, state, created_at) VALUES (?, ?, 'starting', ?)",
        (run, last + 1, time_text(now)),
    )
    return int(last) + 1


def name_process(db: sqlite3.Connection, run: int, attempt: int, process: ProcessIdentity) -> None:
    """Note which process was started for an attempt, so that its end is seen even if it never reports."""
    db.execute(
        "UPDATE attempts SET host = ?, boot = ?, pid = ?, pid_started = ? "
        "WHERE run = ? AND attempt = ? AND host IS NULL",
        (*_cells(process), run, attempt),
    )


def claim(db: sqlite3.Connection, run: int, attempt: int, process: ProcessIdentity, now: dt.datetime) -> bool:
    """Make `process` the one that carries out an attempt; False where it is no longer wanted."""
    done = db.execute(
        "UPDATE attempts SET state = 'running', started_at = ?, beat_at = ?, "
        "host = ?, boot = ?, pid = ?, pid_started = ? "
        "WHERE run = ? AND attempt = ? AND state = 'starting' AND NOT is_cancel_wanted",
        (time_text(now), time_text(now), *_cells(process), run, attempt),
    )
    if done.rowcount:
        db.execute("UPDATE runs SET state = 'running' WHERE run = ?", (run,))
    return done.rowcount > 0


def beat(db: sqlite3.Connection, attempt: Attempt, now: dt.datetime) -> bool:
    """Note that an attempt goes on; False where it was given up, and has to stop."""
    done = db.execute(
        f"UPDATE attempts SET beat_at = ? WHERE run = ? AND attempt = ? AND {_OPEN}",  # noqa: S608  (a constant)
        (time_text(now), attempt.run, attempt.attempt),
    )
    return done.rowcount > 0


def note(
    db: sqlite3.Connection, attempt: Attempt, values: Mapping[str, Any], *, child: ProcessIdentity | None = None
) -> None:
    """Write what is known of an attempt so far, by the names of its record."""
    columns = {name: json_cell(value) if name in _JSON else value for name, value in values.items()}
    assert columns.keys() <= _JSON | _PLAIN
    if child is not None:
        names = ("child_host", "child_boot", "child_pid", "child_started")
        columns |= dict(zip(names, _cells(child), strict=True))
    changes = ", ".join(f"{name} = ?" for name in columns)
    sql = f"UPDATE attempts SET {changes} WHERE run = ? AND attempt = ?"  # noqa: S608  (names of columns)
    db.execute(sql, (*columns.values(), attempt.run, attempt.attempt))


def end_attempt(  # noqa: PLR0913  (the columns)
    db: sqlite3.Connection,
    run: int,
    attempt: int,
    state: State,
    *,
    job: Job | None,
    now: dt.datetime,
    exit_code: int | None = None,
    message: str = "",
) -> bool:
    """End an attempt, and its run with it unless `job` grants another one; False where it had ended already.

    `job` is None where there is to be no retry.
    """
    done = db.execute(
        "UPDATE attempts SET state = ?, ended_at = ?, exit_code = ?, message = ? WHERE run = ? AND attempt = ? "
        "AND state IN ('starting', 'running') RETURNING is_cancel_wanted",
        (str(state), time_text(now), exit_code, message, run, attempt),
    ).fetchone()
    if done is None:
        return False
    if done["is_cancel_wanted"] and state in RETRIED:
        state, job = State.CANCELLED, None
    row = db.execute("SELECT kind, failures FROM runs WHERE run = ?", (run,)).fetchone()
    failures = row["failures"] + (state in RETRIED and state is not State.LOST)
    delay = None if job is None or row["kind"] == Kind.MANUAL else _delay(db, job, run, state, failures)
    if delay is not None:
        db.execute(
            "UPDATE runs SET state = 'waiting', not_before = ?, failures = ?, note = ? WHERE run = ?",
            (time_text(now + delay), failures, f"attempt {attempt}: {state}", run),
        )
    else:
        db.execute(
            "UPDATE runs SET state = ?, ended_at = ?, failures = ?, note = ? WHERE run = ?",
            (str(state), time_text(now), failures, message, run),
        )
    return True


def _delay(db: sqlite3.Connection, job: Job, run: int, state: State, failures: int) -> dt.timedelta | None:
    """Return how long a run waits for its next attempt, None where it has none."""
    if state is State.LOST:
        # What never began is no try, and is asked for again even where there are to be no retries.
        (lost,) = db.execute("SELECT count(*) FROM attempts WHERE run = ? AND state = 'lost'", (run,)).fetchone()
        if lost >= _MOST_LOST:
            return None
        return job.backoff if lost > _LOST_AT_ONCE else dt.timedelta(0)
    if state not in RETRIED or failures > job.retries:
        return None
    return dt.timedelta(0) if state in _AT_ONCE else job.delay_after(failures)


def end_waiting(db: sqlite3.Connection, run: int, state: State, message: str, now: dt.datetime) -> bool:
    """End a run that has not started; False where it waits no more."""
    done = db.execute(
        "UPDATE runs SET state = ?, ended_at = ?, note = ? WHERE run = ? AND state = 'waiting'",
        (str(state), time_text(now), message, run),
    )
    return done.rowcount > 0


def cancel(db: sqlite3.Connection, run: Run, message: str, now: dt.datetime) -> bool:
    """End a waiting run, or have one that runs told to end; True where a process has to be told."""
    if end_waiting(db, run.run, State.CANCELLED, message, now):
        return False
    sql = f"UPDATE attempts SET is_cancel_wanted = 1 WHERE run = ? AND {_OPEN}"  # noqa: S608  (a constant)
    return db.execute(sql, (run.run,)).rowcount > 0


def wait_again(db: sqlite3.Connection, run: int, kind: Kind, now: dt.datetime) -> bool:
    """Have a run that came to its end wait once more; False where it has not."""
    done = db.execute(
        "UPDATE runs SET state = 'waiting', kind = ?, not_before = ?, failures = 0, ended_at = NULL, note = '' "
        "WHERE run = ? AND ended_at IS NOT NULL",
        (str(kind), time_text(now), run),
    )
    return done.rowcount > 0


def pause(db: sqlite3.Connection, job: str, now: dt.datetime) -> bool:
    """Pause a job; False where it was."""
    sql = "UPDATE jobs SET paused_at = ? WHERE job = ? AND paused_at IS NULL"
    return db.execute(sql, (time_text(now), job)).rowcount > 0


def resume(db: sqlite3.Connection, job: str, cursor: dt.datetime) -> bool:
    """Let a paused job go on with the slots after `cursor`; False where it was not paused."""
    sql = "UPDATE jobs SET paused_at = NULL, cursor = ? WHERE job = ? AND paused_at IS NOT NULL"
    return db.execute(sql, (time_text(cursor), job)).rowcount > 0


def _cells(process: ProcessIdentity) -> tuple[str, str, int, str]:
    return (process.host, process.boot, process.pid, process.started)
