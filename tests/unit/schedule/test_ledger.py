"""The ledger, the lease and the identity of processes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import subprocess
import sys

import pytest

from newsclean.errors import DatasetError, SchemaTooNew
from newsclean.schedule import lease as lease_module
from newsclean.schedule.identity import age_s, identity_of, is_alive, own_identity
from newsclean.schedule.lease import LEASE_S, Lease
from newsclean.schedule.ledger import Ledger
from newsclean.schedule.records import AlarmState

NOON = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


def after(seconds):
    return NOON + dt.timedelta(seconds=seconds)


def test_a_process_is_known_by_more_than_its_number():
    """Another start time or boot is another process; one that has ended is not alive, not even as a zombie."""
    me = own_identity()
    assert is_alive(me)
    assert not is_alive(dataclasses.replace(me, started="1"))
    assert is_alive(dataclasses.replace(me, host="elsewhere")) is None
    child = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(60)"])
    identity = identity_of(child.pid)
    assert is_alive(identity)
    assert 0 <= age_s(identity) < 60
    assert age_s(dataclasses.replace(identity, host="elsewhere")) is None
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not is_alive(identity)  # a zombie
    child.wait()
    assert not is_alive(identity)


def test_one_has_the_lease_until_it_runs_out(ledger, monkeypatch):
    """A holder that cannot be seen has it for its length after the last renewal; then the next one takes it."""
    monkeypatch.setattr(lease_module, "is_alive", lambda process: None)
    first, second = Lease(ledger), Lease(ledger)
    assert first.take(NOON)
    assert not second.take(after(LEASE_S - 1))
    assert first.take(after(LEASE_S / 2))
    assert not second.take(after(LEASE_S))
    assert second.take(after(LEASE_S * 1.5))
    assert not first.take(after(LEASE_S * 1.5 + 1))


def test_a_lease_is_taken_over_at_once_from_a_process_that_is_seen_to_be_gone(ledger, monkeypatch):
    """On the same host nobody waits."""
    first, second = Lease(ledger), Lease(ledger)
    assert first.take(NOON)
    assert not second.take(after(1))
    monkeypatch.setattr(lease_module, "is_alive", lambda process: False)
    assert second.take(after(1))


def test_a_lease_that_is_given_back_is_free(ledger):
    """And giving back what another has taken changes nothing."""
    first, second = Lease(ledger), Lease(ledger)
    first.take(NOON)
    first.give_back()
    assert second.take(after(1))
    first.give_back()
    assert second.holder(after(2)).process == own_identity()


def test_a_lease_from_before_the_clock_was_set_back_is_worth_nothing(ledger):
    """Else nobody would keep the schedule until the clock has caught up."""
    first, second = Lease(ledger), Lease(ledger)
    first.take(after(7200))
    assert second.take(NOON)


def test_the_ledger_is_made_where_there_is_none_and_read_by_all(tmp_path):
    """Two may open a new one at once."""
    path = tmp_path / "deep" / "ledger.sqlite"
    with Ledger(path) as one, Ledger(path) as two:
        assert (one.jobs(), two.runs()) == ({}, [])


def test_a_ledger_that_cannot_be_used_is_said_with_the_remedy(tmp_path):
    """No SQLite, a newer schema, a folder."""
    broken = tmp_path / "ledger.sqlite"
    broken.write_text("no database, " * 100)
    with pytest.raises(DatasetError, match="put it back from a backup, or move it away"):
        Ledger(broken)
    newer = tmp_path / "newer.sqlite"
    with Ledger(newer) as ledger:
        ledger.db.execute("PRAGMA user_version = 99")
    with pytest.raises(SchemaTooNew):
        Ledger(newer)
    with pytest.raises(DatasetError, match="cannot be used"):
        Ledger(tmp_path)


def test_alarms_of_an_attempt_are_replaced_by_those_of_its_next_check(ledger, at, world):
    """Checking again does not raise an alarm twice; its state can be set."""
    from newsclean.schedule.records import Alarm

    it = world('[jobs.a]\nclean = "raw"\ncron = "0 * * * *"\n')
    it.tick(at("6:59"))
    it.tick(at("7:00"))
    run = ledger.runs("a")[0]
    for _ in range(2):
        kept = ledger.add_alarms(
            run, 1, [Alarm(check="x", sentence="One."), Alarm(check="y", sentence="Two.")], now=NOON
        )
    assert [alarm.sentence for alarm in kept] == ["One.", "Two."]
    assert ledger.set_alarm_state(kept[0].number, AlarmState.DROPPED)
    assert [alarm.check for alarm in ledger.alarms(run=run.run, states=[AlarmState.OPEN])] == ["y"]
    ledger.put_measures(run.run, 1, {"a": [1]})
    assert ledger.last_attempt(run.run).measures == {"a": [1]}


def test_history_is_newest_first_and_may_end_before_a_run(ledger, at, world):
    """What the checks remember by."""
    it = world('[jobs.a]\nclean = "raw"\ncron = "0 * * * *"\n')
    for hour in range(6, 12):
        it.tick(at(f"{hour}:00"))
    assert [run.slot.hour for run, _ in ledger.history("a")] == [10, 9, 8, 7]
    assert [run.slot.hour for run, _ in ledger.history("a", before=3, limit=1)] == [8]
