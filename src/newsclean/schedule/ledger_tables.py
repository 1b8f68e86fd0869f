"""The tables of the ledger, and how rows become records."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, Final

from newsclean.schedule.identity import ProcessIdentity
from newsclean.schedule.records import Alarm, AlarmState, Attempt, Kind, Run, SiteCounts, State

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

__all__ = ["SCHEMA", "SCHEMA_VERSION", "alarm_of", "attempt_of", "json_cell", "read_time", "run_of", "time_text"]

SCHEMA_VERSION: Final = 1

SCHEMA: Final = """
CREATE TABLE jobs (
    job TEXT PRIMARY KEY, since TEXT NOT NULL, cursor TEXT NOT NULL, paused_at TEXT, times TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE runs (
    run INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL, slot TEXT NOT NULL, kind TEXT NOT NULL,
    state TEXT NOT NULL, not_before TEXT NOT NULL, failures INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL, ended_at TEXT, note TEXT NOT NULL DEFAULT '', UNIQUE (job, slot)
);
CREATE INDEX open_runs ON runs (job, slot) WHERE state IN ('waiting', 'starting', 'running');
CREATE UNIQUE INDEX one_at_a_time ON runs (job) WHERE state IN ('starting', 'running');
CREATE TABLE attempts (
    run INTEGER NOT NULL REFERENCES runs, attempt INTEGER NOT NULL, state TEXT NOT NULL, created_at TEXT NOT NULL,
    started_at TEXT, beat_at TEXT, ended_at TEXT,
    host TEXT, boot TEXT, pid INTEGER, pid_started TEXT,
    child_host TEXT, child_boot TEXT, child_pid INTEGER, child_started TEXT,
    is_cancel_wanted INTEGER NOT NULL DEFAULT 0, step TEXT NOT NULL DEFAULT '', exit_code INTEGER,
    message TEXT NOT NULL DEFAULT '',
    counts TEXT, by_site TEXT, by_reason TEXT, by_strategy TEXT, durations TEXT, versions TEXT, measures TEXT,
    clean_run_id TEXT, report TEXT, log TEXT,
    PRIMARY KEY (run, attempt)
) WITHOUT ROWID;
CREATE INDEX open_attempts ON attempts (run) WHERE state IN ('starting', 'running');
CREATE TABLE missed (
    number INTEGER PRIMARY KEY, job TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, count INTEGER NOT NULL,
    why TEXT NOT NULL, seen_at TEXT NOT NULL
);
CREATE TABLE alarms (
    number INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL, run INTEGER NOT NULL, attempt INTEGER NOT NULL,
    "check" TEXT NOT NULL, site TEXT NOT NULL, layout TEXT NOT NULL, sentence TEXT NOT NULL,
    value REAL, low REAL, high REAL, samples TEXT NOT NULL, raised_at TEXT NOT NULL, state TEXT NOT NULL
);
CREATE INDEX alarms_of_job ON alarms (job, number);
CREATE TABLE lease (
    id INTEGER PRIMARY KEY CHECK (id = 1), owner TEXT NOT NULL, host TEXT NOT NULL, boot TEXT NOT NULL,
    pid INTEGER NOT NULL, pid_started TEXT NOT NULL, expires_at TEXT NOT NULL
);
"""


def time_text(at: dt.datetime) -> str:
    """Write an aware time so that texts sort as the times do."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def read_time(text: str | None) -> dt.datetime | None:
    """Read what `time_text` wrote."""
    return None if text is None else dt.datetime.fromisoformat(text)


def json_cell(value: Mapping[str, Any]) -> str:
    """Write a mapping as compact JSON in a fixed order."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def run_of(row: sqlite3.Row) -> Run:
    """Return a row of `runs` as a record."""
    return Run(
        run=row["run"],
        job=row["job"],
        slot=dt.datetime.fromisoformat(row["slot"]),
        kind=Kind(row["kind"]),
        state=State(row["state"]),
        not_before=dt.datetime.fromisoformat(row["not_before"]),
        failures=row["failures"],
        created_at=dt.datetime.fromisoformat(row["created_at"]),
        ended_at=read_time(row["ended_at"]),
        note=row["note"],
    )


def attempt_of(row: sqlite3.Row) -> Attempt:
    """Return a row of `attempts` as a record."""
    sites = {site: SiteCounts(**counts) for site, counts in _mapping(row["by_site"]).items()}
    return Attempt(
        run=row["run"],
        attempt=row["attempt"],
        state=State(row["state"]),
        created_at=dt.datetime.fromisoformat(row["created_at"]),
        started_at=read_time(row["started_at"]),
        beat_at=read_time(row["beat_at"]),
        ended_at=read_time(row["ended_at"]),
        process=_identity(row["host"], row["boot"], row["pid"], row["pid_started"]),
        child=_identity(row["child_host"], row["child_boot"], row["child_pid"], row["child_started"]),
        is_cancel_wanted=bool(row["is_cancel_wanted"]),
        step=row["step"],
        exit_code=row["exit_code"],
        message=row["message"],
        by_site=sites,
        clean_run_id=row["clean_run_id"],
        report=row["report"],
        log=row["log"],
        **{
            name: _mapping(row[name])
            for name in ("counts", "by_reason", "by_strategy", "durations", "versions", "measures")
        },
    )


def alarm_of(row: sqlite3.Row) -> Alarm:
    """Return a row of `alarms` as a record."""
    values = dict(row)
    values["samples"] = tuple(json.loads(values["samples"]))
    values["raised_at"] = dt.datetime.fromisoformat(values["raised_at"])
    values["state"] = AlarmState(values["state"])
    return Alarm(**values)


def _mapping(cell: str | None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(cell) if cell else {}
    return found


def _identity(host: str | None, boot: str, pid: int, started: str) -> ProcessIdentity | None:
    return None if host is None else ProcessIdentity(host=host, boot=boot, pid=pid, started=started)
