"""The ledger of runs in one SQLite file (WAL): what is due, what runs, what became of it, and what the checks said.

Reading needs nothing but the file. Each change is one transaction, so that a process may be killed
between any two of them; what has to happen together happens in one. `booking` writes runs and
attempts; alarms and measures are written here.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Self

from newsclean.errors import DatasetError, SchemaTooNew
from newsclean.schedule.ledger_tables import (
    SCHEMA,
    SCHEMA_VERSION,
    alarm_of,
    attempt_of,
    json_cell,
    read_time,
    run_of,
    time_text,
)
from newsclean.schedule.records import ENDED_WELL, OPEN, AlarmState, JobState, Missed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from newsclean.schedule.records import Alarm, Attempt, Run, State

__all__ = ["LEDGER_FILE", "Ledger"]

LEDGER_FILE: Final = "ledger.sqlite"
_BUSY_S: Final = 30.0
_CORRUPT: Final = "put it back from a backup, or move it away: a new one is begun, and the jobs start from now"


class Ledger:
    """An open ledger. Raises DatasetError where the file cannot be used, SchemaTooNew for a newer one."""

    def __init__(self, path: Path, *, is_durable: bool = True) -> None:
        """Open the ledger at `path`, and make it where there is none; `is_durable` False is for simulations."""
        self.path = path
        with self._sqlite_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            self.db = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
            try:
                self._prepare(is_durable=is_durable)
            except BaseException:
                self.db.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the block the right to write; all of it is kept, or nothing."""
        with self._sqlite_errors():
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield self.db
            except BaseException:
                self.db.rollback()
                raise
            self.db.commit()

    # ---- reading ----

    def jobs(self) -> dict[str, JobState]:
        """Return what is known of each job that was ever scheduled, by name."""
        rows = self._rows("SELECT * FROM jobs ORDER BY job")
        states = (
            JobState(
                job=row["job"],
                since=_time(row["since"]),
                cursor=_time(row["cursor"]),
                times=row["times"],
                paused_at=read_time(row["paused_at"]),
            )
            for row in rows
        )
        return {state.job: state for state in states}

    def run(self, number: int) -> Run | None:
        """Return a run by its number."""
        return next(map(run_of, self._rows("SELECT * FROM runs WHERE run = ?", number)), None)

    def run_at(self, job: str, slot: dt.datetime) -> Run | None:
        """Return the run of a job's slot."""
        rows = self._rows("SELECT * FROM runs WHERE job = ? AND slot = ?", job, time_text(slot))
        return next(map(run_of, rows), None)

    def open_runs(self, job: str | None = None) -> list[Run]:
        """Return the runs that have not come to their end, by job and slot."""
        return self._runs("state IN ('waiting', 'starting', 'running')", job, order="job, slot")

    def runs(self, job: str | None = None, *, limit: int = 50, states: Collection[State] = ()) -> list[Run]:
        """Return the last runs (of a job; in one of `states`), newest slot first."""
        where = f"state IN ({', '.join(repr(str(state)) for state in states)})" if states else "1"
        return self._runs(where, job, order=f"slot DESC, run DESC LIMIT {limit:d}")

    def last_settled(self, job: str, slot: dt.datetime) -> Run | None:
        """Return the last run of a job up to a slot that was made and came to its end; backfills do not count."""
        rows = self._rows(
            "SELECT * FROM runs WHERE job = ? AND slot <= ? AND ended_at IS NOT NULL AND kind <> 'backfill' "
            "AND state NOT IN ('skipped', 'cancelled') ORDER BY slot DESC LIMIT 1",
            job,
            time_text(slot),
        )
        return next(map(run_of, rows), None)

    def attempts(self, run: int) -> list[Attempt]:
        """Return the attempts of a run, in order."""
        return list(map(attempt_of, self._rows("SELECT * FROM attempts WHERE run = ? ORDER BY attempt", run)))

    def open_attempts(self) -> list[Attempt]:
        """Return the attempts whose process is starting or running, as far as the ledger knows."""
        return list(map(attempt_of, self._rows("SELECT * FROM attempts WHERE state IN ('starting', 'running')")))

    def history(
        self, job: str, *, limit: int = 50, before: int | None = None, states: Collection[State] = ENDED_WELL
    ) -> list[tuple[Run, Attempt]]:
        """Return a job's last runs in one of `states` with their last attempts, newest first.

        `before` is the number of a run: it and all that were made after it are left out.
        """
        marks = ", ".join("?" * len(states))
        sql = f"""SELECT * FROM runs WHERE job = ? AND (? IS NULL OR run < ?) AND state IN ({marks})
            ORDER BY run DESC LIMIT ?"""  # noqa: S608  (question marks alone are put in)
        runs = list(map(run_of, self._rows(sql, job, before, before, *map(str, states), limit)))
        pairs = ((run, self.last_attempt(run.run)) for run in runs)
        return [(run, attempt) for run, attempt in pairs if attempt is not None]

    def last_attempt(self, run: int) -> Attempt | None:
        """Return the newest attempt of a run."""
        rows = self._rows("SELECT * FROM attempts WHERE run = ? ORDER BY attempt DESC LIMIT 1", run)
        return next(map(attempt_of, rows), None)

    def missed(self, job: str | None = None, *, limit: int = 50) -> list[Missed]:
        """Return the spans of slots that nobody ran, newest first."""
        rows = self._rows(
            "SELECT * FROM missed WHERE ? IS NULL OR job = ? ORDER BY last DESC, number DESC LIMIT ?", job, job, limit
        )
        return [
            Missed(
                job=row["job"],
                first=_time(row["first"]),
                last=_time(row["last"]),
                count=row["count"],
                why=row["why"],
                seen_at=_time(row["seen_at"]),
            )
            for row in rows
        ]

    def alarms(
        self,
        job: str | None = None,
        *,
        run: int | None = None,
        states: Collection[AlarmState] = tuple(AlarmState),
        limit: int = 100,
    ) -> list[Alarm]:
        """Return alarms (of a job, of a run, in one of `states`), newest first."""
        marks = ", ".join("?" * len(states))
        sql = f"""SELECT * FROM alarms WHERE (? IS NULL OR job = ?) AND (? IS NULL OR run = ?)
            AND state IN ({marks}) ORDER BY number DESC LIMIT ?"""  # noqa: S608  (question marks alone are put in)
        return list(map(alarm_of, self._rows(sql, job, job, run, run, *map(str, states), limit)))

    # ---- writing what the checks find ----

    def add_alarms(self, run: Run, attempt: int, alarms: Iterable[Alarm], *, now: dt.datetime) -> list[Alarm]:
        """Keep the alarms of an attempt in the place of those it had, and return them with their numbers."""
        with self.transaction() as db:
            db.execute("DELETE FROM alarms WHERE run = ? AND attempt = ?", (run.run, attempt))
            for one in alarms:
                db.execute(
                    "INSERT INTO alarms VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        *(run.job, run.run, attempt, one.check, one.site, one.layout, one.sentence),
                        *(
                            one.value,
                            one.low,
                            one.high,
                            json.dumps(one.samples, ensure_ascii=False),
                            time_text(now),
                            str(one.state),
                        ),
                    ),
                )
        return sorted((one for one in self.alarms(run=run.run) if one.attempt == attempt), key=lambda one: one.number)

    def set_alarm_state(self, number: int, state: AlarmState) -> bool:
        """Note what became of an alarm; False where there is none of that number."""
        with self.transaction() as db:
            return db.execute("UPDATE alarms SET state = ? WHERE number = ?", (str(state), number)).rowcount > 0

    def put_measures(self, run: int, attempt: int, measures: Mapping[str, Any]) -> None:
        """Keep what the checks want to remember of an attempt, as JSON, in the place of what was there."""
        with self.transaction() as db:
            db.execute(
                "UPDATE attempts SET measures = ? WHERE run = ? AND attempt = ?", (json_cell(measures), run, attempt)
            )

    # ---- inside ----

    def _runs(self, where: str, job: str | None, *, order: str) -> list[Run]:
        sql = f"SELECT * FROM runs WHERE {where} AND (? IS NULL OR job = ?) ORDER BY {order}"  # noqa: S608  (constants)
        return list(map(run_of, self._rows(sql, job, job)))

    def _rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with self._sqlite_errors():
            return self.db.execute(sql, values).fetchall()

    def _prepare(self, *, is_durable: bool) -> None:
        self.db.row_factory = sqlite3.Row
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute(f"PRAGMA synchronous = {'FULL' if is_durable else 'OFF'}")
        version = self._version()
        if version == 0:
            with self.transaction() as db:
                if self._version() == 0:  # nobody else was faster
                    for statement in SCHEMA.split(";\n"):
                        db.execute(statement)
                    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        elif version > SCHEMA_VERSION:
            raise SchemaTooNew(f"{self.path}: a newer newsclean wrote this ledger; use that one, or move the file away")

    def _version(self) -> int:
        return int(self.db.execute("PRAGMA user_version").fetchone()[0])

    @contextmanager
    def _sqlite_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            remedy = "see that the disk can be written to" if _is_of_disk(error) else _CORRUPT
            raise DatasetError(f"{self.path}: the ledger cannot be used: {error}; {remedy}") from error
        except OSError as error:
            raise DatasetError(
                f"{self.path}: the ledger cannot be used: {error.strerror}; give another folder"
            ) from error


def _is_of_disk(error: sqlite3.DatabaseError) -> bool:
    return isinstance(error, sqlite3.OperationalError)


def _time(text: str) -> dt.datetime:
    found = read_time(text)
    assert found is not None
    return found


assert {"waiting", "starting", "running"} == OPEN  # the queries and the indexes name them
