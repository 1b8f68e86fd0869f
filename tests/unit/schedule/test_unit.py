"""One run from end to end, with a stand-in for crawl and clean: states, exit codes, what the ledger keeps."""

from __future__ import annotations

import datetime as dt
import json
import sys
import time

import pytest

from newsclean.schedule import unit
from newsclean.schedule.asking import Asking, JobBusy
from newsclean.schedule.identity import is_alive
from newsclean.schedule.processes import ProcessLauncher
from newsclean.schedule.records import Alarm, Kind, State

# Prints the report of its first argument's step, and then does as it is told.
STAND_IN = """
import json, os, sys, time
told = json.load(open("told.json")).get(sys.argv[1], {})
with open("calls.txt", "a") as calls:
    print(*sys.argv[1:], file=calls)
print("a line for the log", *told.get("errors", ()), sep="\\n", file=sys.stderr)
time.sleep(told.get("sleeps", 0))
if "signal" in told:
    os.kill(os.getpid(), told["signal"])
print(json.dumps(told.get("report", {})))
sys.exit(told.get("code", 0))
"""
CRAWL = {"spider": "s", "site": "lowmark.test", "articles": 3, "requests": 9, "troubles": [], "is_empty": False}
CLEAN = {
    "run_id": "r1",
    "state": "done",
    "files": 1,
    "unchanged": 0,
    "pages": 3,
    "articles": 2,
    "rejections": 1,
    "trouble_count": 0,
    "by_site": {"lowmark.test": {"pages": 3, "articles": 2, "rejections": 1}},
    "by_reason": {"listing": 1},
    "by_strategy": {"lowmark.test html:one": 2},
    "newsclean_version": "9",
    "versions": {"python": "3"},
}
JOB = '[jobs.a]\nspider = "s"\nevery = "1h"\nretries = 1\narguments = { since = "{previous}", until = "{slot}" }\n'
SLOT = dt.datetime(2026, 5, 1, 7, tzinfo=dt.UTC)


@pytest.fixture
def stage(project, ledger, tmp_path, monkeypatch):
    """Return what runs the job `a` with the stand-in told what to do."""
    monkeypatch.setattr(unit, "NEWSCLEAN", (sys.executable, "-S", str(tmp_path / "stand_in.py")))
    monkeypatch.setattr(unit.checking, "_MODULE", "newsclean.schedule.no_such_module")
    (tmp_path / "stand_in.py").write_text(STAND_IN)
    (tmp_path / "raw" / "lowmark.test").mkdir(parents=True)

    def asking(text=JOB, should_stop=lambda: False, **told):
        told = {"crawl": {"report": CRAWL}, "clean": {"report": CLEAN}} | told
        (tmp_path / "told.json").write_text(json.dumps(told))
        jobs = project(text)
        launcher = ProcessLauncher(jobs.folder, jobs.state)
        now = lambda: dt.datetime.now(dt.UTC)  # noqa: E731
        return Asking(jobs=jobs, ledger=ledger, launcher=launcher, now=now, should_stop=should_stop)

    return asking


def run(asking, slot=SLOT):
    return asking.of_slot(asking.jobs.job("a"), slot)


def calls(folder):
    return (folder / "calls.txt").read_text().splitlines()


def test_a_run_is_crawl_then_clean_and_all_of_it_is_in_the_ledger(stage, ledger, tmp_path):
    """Counts by outcome, site and reason, durations, versions, paths of report and log."""
    result = run(stage())
    assert (result.state, result.exit_code) == (State.DONE, 0)
    crawl, clean = calls(tmp_path)
    assert crawl.startswith("crawl s --json --quiet --raw")
    assert crawl.endswith("-a since=2026-05-01T06:00:00Z -a until=2026-05-01T07:00:00Z")
    assert clean.startswith(f"clean {tmp_path}/raw/lowmark.test --output {tmp_path}/clean --json")
    (attempt,) = ledger.attempts(result.run.run)
    assert {"fetched": 3, "requests": 9, "pages": 3, "articles": 2, "rejections": 1}.items() <= attempt.counts.items()
    assert attempt.by_site["lowmark.test"].articles == 2
    assert (attempt.by_reason, attempt.clean_run_id) == ({"listing": 1}, "r1")
    assert attempt.versions == {"newsclean": "9", "python": "3"}
    assert set(attempt.durations) == {"crawl", "clean", "checks", "total"}
    report = json.loads((tmp_path / ".newsclean" / attempt.report).read_text())
    assert (report["state"], report["crawl"], report["clean"]) == ("done", CRAWL, CLEAN)
    assert "a line for the log" in (tmp_path / ".newsclean" / attempt.log).read_text()
    assert not is_alive(attempt.child)


def test_a_slot_that_is_done_is_not_done_again(stage, tmp_path):
    """The same call gives the same answer, and starts nothing."""
    first, second = run(stage()), run(stage())
    assert len(calls(tmp_path)) == 2
    assert second.is_repeat
    assert (first.run.run, first.exit_code) == (second.run.run, second.exit_code)
    assert first.values() | {"is_repeat": True} == second.values()


def test_a_slot_that_failed_is_done_by_the_next_call(stage, ledger):
    """A failure is no result: the same call is another attempt of the same run."""
    assert run(stage(crawl={"code": 4})).state is State.FAILED
    result = run(stage())
    assert (result.state, result.attempt.attempt) == (State.DONE, 2)


def test_a_run_without_a_slot_is_one_of_its_own_each_time(stage, ledger):
    """Asked for twice, done twice, with no retry."""
    it = stage(clean={"code": 3})
    results = [it.of_now(it.jobs.job("a")) for _ in range(2)]
    assert [(one.run.kind, one.state, one.exit_code) for one in results] == [(Kind.MANUAL, State.FAILED, 3)] * 2
    assert results[0].run.run != results[1].run.run


def test_a_spider_that_found_nothing_ends_with_a_code_that_is_not_zero(stage):
    """Cleaned and checked all the same, and tried again by the schedule."""
    result = run(stage(crawl={"report": CRAWL | {"is_empty": True, "troubles": ["nothing"]}, "code": 1}))
    assert (result.state, result.exit_code, result.message) == (State.EMPTY, 1, "the spider found nothing")
    assert result.clean is not None


@pytest.mark.parametrize(
    ("told", "state", "code", "message"),
    [
        (
            {"crawl": {"report": CRAWL | {"troubles": ["2 requests for a feed failed"]}, "code": 1}},
            "trouble",
            1,
            "2 req",
        ),
        ({"clean": {"report": CLEAN | {"trouble_count": 4}, "code": 1}}, "trouble", 1, "4 pages could not be read"),
        ({"crawl": {"code": 2}}, "failed", 2, "crawl ended with exit code 2"),
        ({"crawl": {"code": 2}}, "failed", 2, "crawl ended with exit code 2: the log says why"),
        (
            {"clean": {"code": 3, "errors": ["newsclean: clean: is a file, and a dataset is a folder", "a last line"]}},
            "failed",
            3,
            "clean ended with exit code 3: clean: is a file, and a dataset is a folder",
        ),
        ({"crawl": {"code": 4}}, "failed", 4, "crawl ended with exit code 4"),
        ({"clean": {"code": 3}}, "failed", 3, "clean ended with exit code 3"),
        ({"clean": {"signal": 9}}, "failed", 4, "clean was ended by SIGKILL"),
        ({"crawl": {"code": 143}}, "interrupted", 143, "crawl was stopped by a signal"),
    ],
)
def test_how_a_step_ended_is_how_the_run_ended(stage, told, state, code, message):
    """State, exit code and a sentence."""
    result = run(stage(**told))
    assert (str(result.state), result.exit_code) == (state, code)
    assert result.message.startswith(message)


def test_a_run_that_takes_too_long_is_ended_with_all_it_started(stage, ledger, monkeypatch):
    """The step is stopped, and the exit code says so."""
    monkeypatch.setattr(unit, "_PATIENCE_S", 5.0)
    began = time.monotonic()
    result = run(stage(JOB + 'timeout = "1s"\n', crawl={"sleeps": 60}))
    assert (result.state, result.exit_code) == (State.TIMEOUT, 124)
    assert time.monotonic() - began < 40
    assert not is_alive(ledger.last_attempt(result.run.run).child)


def test_a_signal_ends_the_step_and_the_run(stage):
    """What was asked to stop is interrupted, and left for the next tick."""
    result = run(stage(should_stop=lambda: True, crawl={"sleeps": 60}))
    assert (result.state, result.exit_code) == (State.INTERRUPTED, 143)


def test_a_run_that_was_cancelled_is_no_failure(stage, ledger):
    """It is not tried again."""
    it = stage(crawl={"sleeps": 60})

    def cancelled():
        from newsclean.schedule import booking

        for one in ledger.open_runs("a"):
            with ledger.transaction() as db:
                booking.cancel(db, one, "by a test", dt.datetime.now(dt.UTC))
        return True

    result = run(Asking(jobs=it.jobs, ledger=ledger, launcher=it.launcher, now=it.now, should_stop=cancelled))
    assert ledger.run(result.run.run).state is State.CANCELLED


def test_a_second_run_of_a_job_is_refused_while_one_goes_on(stage, ledger):
    """Nothing is written down for it."""
    from newsclean.schedule import booking
    from newsclean.schedule.identity import own_identity

    it = stage()
    now = dt.datetime.now(dt.UTC)
    with ledger.transaction() as db:
        number = booking.add_run(db, "a", SLOT, Kind.SCHEDULED, now=now)
        booking.begin_attempt(db, number, now)
        booking.claim(db, number, 1, own_identity(), now)
    for ask in (lambda: it.of_now(it.jobs.job("a")), lambda: run(it), lambda: run(it, SLOT + dt.timedelta(hours=1))):
        with pytest.raises(JobBusy, match="run 1 of 2026-05-01 07:00 UTC is going on"):
            ask()
    assert len(ledger.runs("a")) == 1


def test_alarms_set_state_and_exit_code_and_are_kept(stage, ledger, monkeypatch):
    """What the checks find is in the ledger, in the result, and handed on with its number."""
    seen = []
    alarm = Alarm(check="yield", sentence="Half as many articles as usual.", site="lowmark.test", samples=("u",))
    monkeypatch.setattr(unit.checking, "checks", lambda: [lambda facts, ledger: (alarm,)])
    monkeypatch.setattr(unit.checking, "act_on", lambda: lambda facts, alarms, ledger: seen.append((facts, alarms)))
    result = run(stage())
    assert (result.state, result.exit_code) == (State.ALARM, 1)
    assert result.message == "Half as many articles as usual."
    (kept,) = ledger.alarms("a")
    assert (kept.check, kept.samples, kept.run) == ("yield", ("u",), result.run.run)
    ((facts, alarms),) = seen
    assert alarms == (kept,)
    assert (facts.crawl, facts.clean, facts.attempt.counts["articles"]) == (CRAWL, CLEAN, 2)


def test_a_fault_in_a_check_ends_the_attempt_and_is_seen(stage, ledger, monkeypatch):
    """A run is never left open because newsclean is at fault."""

    def broken(facts, ledger):
        raise ZeroDivisionError

    monkeypatch.setattr(unit.checking, "checks", lambda: [broken])
    with pytest.raises(ZeroDivisionError):
        run(stage())
    (attempt,) = ledger.attempts(1)
    assert (attempt.state, attempt.message) == (State.FAILED, "newsclean itself failed; the log has more")


def test_an_attempt_that_was_given_up_stops(stage, ledger, monkeypatch):
    """A process that slept while it was taken for dead does not go on beside its successor."""
    monkeypatch.setattr(unit, "_BEAT_S", 0.0)
    it = stage(crawl={"sleeps": 60})
    from newsclean.schedule import booking

    def given_up():
        with ledger.transaction() as db:
            booking.end_attempt(db, 1, 1, State.DIED, job=it.jobs.job("a"), now=it.now())
        return False

    run(Asking(jobs=it.jobs, ledger=ledger, launcher=it.launcher, now=it.now, should_stop=given_up))
    assert [one.state for one in ledger.attempts(1)] == [State.DIED]


def test_cleaning_waits_for_its_turn_at_the_dataset(stage, ledger, tmp_path):
    """A dataset that somebody writes to is waited for, not failed at."""
    from newsclean.dataset.lock import WriterLock

    lock = tmp_path / "clean" / "_newsclean" / "lock"
    lock.parent.mkdir(parents=True)
    held = WriterLock.take(lock, tmp_path / "clean")
    looks = []

    def released_at_last():
        if ledger.open_attempts()[0].step == "clean":
            looks.append(1)
            if len(looks) == 3:
                held.release()
        return False

    assert run(stage(should_stop=released_at_last)).state is State.DONE
    assert len(looks) >= 3
