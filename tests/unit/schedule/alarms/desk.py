"""A job of a project, run in this process: what `newsclean run` does, without processes of its own."""

from __future__ import annotations

import datetime as dt
import json

from newsclean.run.api import run
from newsclean.run.options import RunOptions
from newsclean.run.report import as_json
from newsclean.schedule import alarms
from newsclean.schedule.ledger import Ledger
from newsclean.schedule.ledger_tables import json_cell, time_text
from newsclean.schedule.records import RunFacts, State

BEGIN = dt.datetime(2026, 3, 2, 6, tzinfo=dt.UTC)


class Desk:
    """A job that cleans `raw/` of a project into `clean/`."""

    def __init__(self, project, *, on_alarm="note", options=None, job="lowmark", number=0):
        self.project = project
        self.on_alarm = on_alarm
        self.options = options or {}
        self.job = job
        self.ledger = Ledger(project / ".newsclean" / "ledger.sqlite", is_durable=False)
        self.number = number

    def close(self):
        self.ledger.close()

    @property
    def output(self):
        return self.project / "clean"

    def run(self, *, crawl=None, stop_after=None, day=None):
        """Make the next day's run; `stop_after` "clean" leaves it as a kill there would."""
        slot = BEGIN + dt.timedelta(days=self.number if day is None else day)
        self.number = (self.number if day is None else day) + 1
        facts = self.facts(self.begin(slot), crawl=crawl)
        told = alarms.clean_options(facts)
        options = RunOptions(workers=0, language_backend="langdetect", hold=told[1] if told else None)
        report = run([self.project / "raw"], self.output, sites=[self.project / "sites"], options=options)
        with self.ledger.transaction() as db:
            db.execute("UPDATE attempts SET step = 'clean' WHERE run = ?", (facts.run.run,))
        if stop_after == "clean":
            self.end(facts, State.DIED)
            return None
        with self.ledger.transaction() as db:
            db.execute("UPDATE attempts SET clean_run_id = ? WHERE run = ?", (report.run_id, facts.run.run))
        facts = self.facts(facts.run, crawl=crawl, clean=json.loads(json.dumps(as_json(report), default=str)))
        found = tuple(one for check in alarms.CHECKS for one in check(facts, self.ledger))
        kept = tuple(self.ledger.add_alarms(facts.run, 1, found, now=slot))
        if stop_after == "checks":
            self.end(facts, State.DIED)
            return None
        alarms.act(facts, kept, self.ledger)
        self.end(facts, State.ALARM if kept else State.DONE)
        return kept

    def begin(self, slot):
        with self.ledger.transaction() as db:
            at = time_text(slot)
            made = db.execute(
                "INSERT INTO runs (job, slot, kind, state, not_before, created_at)"
                " VALUES (?, ?, 'scheduled', 'running', ?, ?)",
                (self.job, at, at, at),
            )
            number = made.lastrowid
            now = time_text(dt.datetime.now(dt.UTC).replace(microsecond=0))
            db.execute(
                "INSERT INTO attempts (run, attempt, state, created_at, started_at, measures)"
                " VALUES (?, 1, 'running', ?, ?, ?)",
                (number, now, now, json_cell({})),
            )
        return self.ledger.run(number)

    def end(self, facts, state):
        with self.ledger.transaction() as db:
            at = time_text(dt.datetime.now(dt.UTC))
            db.execute("UPDATE runs SET state = ?, ended_at = ? WHERE run = ?", (str(state), at, facts.run.run))
            db.execute("UPDATE attempts SET state = ?, ended_at = ? WHERE run = ?", (str(state), at, facts.run.run))

    def facts(self, made, *, crawl=None, clean=None):
        return RunFacts(
            run=made,
            attempt=self.ledger.last_attempt(made.run),
            project=self.project,
            raw=self.project / "raw",
            output=self.output,
            state=self.project / ".newsclean",
            crawl=crawl,
            clean=clean,
            options=self.options,
            on_alarm=self.on_alarm,
        )
