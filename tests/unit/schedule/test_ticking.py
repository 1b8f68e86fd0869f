"""Ticks in a simulated world: retries, dead processes, dependencies, pauses, changes of newsclean.toml."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from newsclean.schedule import booking
from newsclean.schedule.records import Kind, State

HOURLY = '[jobs.a]\nclean = "raw"\ncron = "0 * * * *"\n'


def minutes(number):
    return dt.timedelta(minutes=number)


def run_ticks(world, *moments):
    for moment in moments:
        world.tick(moment)


def test_a_new_job_begins_with_the_next_slot(world, at):
    """Nothing before the first tick is due."""
    it = world(HOURLY)
    run_ticks(it, at("6:10"), at("6:50"))
    assert not it.started
    it.tick(at("7:00"))
    assert it.started == [("a", at("7:00"), 1, at("7:00"))]


def test_a_changed_rule_begins_anew(world, project, at):
    """A cron that was changed asks for no slot of the time before the change."""
    it = world('[jobs.a]\nclean = "raw"\ncron = "0 0 * * mon"\n')
    it.tick(at("6:10"))
    it.jobs = project(HOURLY + 'catch_up = "all"\n')
    run_ticks(it, at("4 6:10"), at("4 7:00"))
    assert [slot for _, slot, *_ in it.started] == [at("4 7:00")]


def test_a_failed_run_is_tried_again_after_its_backoff_and_then_given_up(world, at):
    """Two retries: after 5 and 10 minutes; then the run has failed."""
    it = world(HOURLY, takes=lambda *_: minutes(1), ends_as=lambda *_: State.FAILED)
    it.tick(at("6:59"))
    for minute in range(30):
        it.tick(at(f"7:{minute:02}"))
    assert [(attempt, now) for _, _, attempt, now in it.started] == [
        (1, at("7:00")),
        (2, at("7:06")),
        (3, at("7:17")),
    ]
    (run,) = it.ledger.runs("a")
    assert (run.state, run.failures) == (State.FAILED, 3)
    assert [one.state for one in it.ledger.attempts(run.run)] == [State.FAILED] * 3


@pytest.mark.parametrize("state", [State.EMPTY, State.TIMEOUT, State.INTERRUPTED])
def test_what_may_go_better_is_tried_again(world, at, state):
    """A spider that found nothing, a timeout, a signal."""
    it = world(HOURLY, ends_as=lambda job, slot, attempt: state if attempt == 1 else State.DONE)
    run_ticks(it, at("6:59"), at("7:00"), at("7:15"), at("7:20"), at("7:40"))
    (run,) = it.ledger.runs("a")
    assert (run.state, len(it.started)) == (State.DONE, 2)


@pytest.mark.parametrize("state", [State.DONE, State.TROUBLE, State.ALARM])
def test_what_is_done_is_not_tried_again(world, at, state):
    """Somebody should look, but the work is done."""
    it = world(HOURLY, ends_as=lambda *_: state)
    run_ticks(it, at("6:59"), at("7:00"), at("7:30"))
    assert [run.state for run in it.ledger.runs("a")] == [state]


def test_a_process_that_died_without_a_word_is_seen_and_its_run_tried_again_at_once(world, at):
    """No back-off: the process was at fault, not the work."""
    it = world(HOURLY, ends_as=lambda job, slot, attempt: State.DIED if attempt == 1 else State.DONE)
    run_ticks(it, at("6:59"), at("7:00"), at("7:11"), at("7:30"))
    (run,) = it.ledger.runs("a")
    assert [(one.state, one.message) for one in it.ledger.attempts(run.run)] == [
        (State.DIED, "its process ended without a word"),
        (State.DONE, ""),
    ]
    assert it.reports[2].dead == [("a", at("7:00"), 1)]


def test_an_attempt_whose_process_never_reports_is_lost_and_cannot_claim_later(world, at, ledger):
    """A tick that was killed before its process was named costs two minutes; that process may do nothing any more."""
    it = world(HOURLY + "retries = 0\n")
    run_ticks(it, at("6:59"))
    with ledger.transaction() as db:
        number = booking.add_run(db, "a", at("7:00"), Kind.SCHEDULED, now=at("7:00"))
        assert booking.begin_attempt(db, number, at("7:00")) == 1
        booking.move_cursor(db, "a", ledger.jobs()["a"].cursor, at("7:00"))
    it.tick(at("7:01"))
    assert not it.started
    it.tick(at("7:02"))
    assert it.started == [("a", at("7:00"), 2, at("7:02"))]
    from newsclean.schedule.identity import own_identity

    with ledger.transaction() as db:
        assert not booking.claim(db, number, 1, own_identity(), at("7:03"))


def test_two_runs_of_a_job_cannot_be_started_at_once_whoever_tries(world, at, ledger):
    """The ledger itself refuses, lease or not."""
    world(HOURLY).tick(at("6:59"))
    with ledger.transaction() as db:
        runs = [booking.add_run(db, "a", at(f"{hour}:00"), Kind.SCHEDULED, now=at("9:00")) for hour in (7, 8)]
        assert [booking.begin_attempt(db, run, at("9:00")) for run in runs] == [1, None]
        assert booking.add_run(db, "a", at("7:00"), Kind.SCHEDULED, now=at("9:00")) is None


def test_slots_are_decided_once_however_many_decide(world, at, ledger):
    """Who finds that the cursor has moved writes nothing."""
    world(HOURLY).tick(at("6:59"))
    with ledger.transaction() as db:
        assert booking.move_cursor(db, "a", at("6:59"), at("7:00"))
        assert not booking.move_cursor(db, "a", at("6:59"), at("7:00"))


AFTER = """
[jobs.a]
clean = "raw"
cron = "0 6 * * *"
retries = 1
[jobs.b]
clean = "raw"
cron = "5 6 * * *"
after = ["a"]
"""


def test_a_job_waits_for_those_it_comes_after(world, at):
    """It starts when they are done, and not before."""
    it = world(AFTER)
    run_ticks(it, at("5:59"), at("6:00"), at("6:05"), at("6:09"), at("6:11"))
    assert [(job, now) for job, _, _, now in it.started] == [("a", at("6:00")), ("b", at("6:11"))]


def test_it_waits_also_for_a_slot_that_is_only_due_by_its_jitter(world, at):
    """A slot of the other job that is not decided yet is waited for, too."""
    it = world(AFTER.replace("retries = 1\n", 'jitter = "50m"\n'))
    due = it.jobs.jobs["a"].times.due_at(at("6:00"))
    assert due > at("6:06")
    run_ticks(it, at("5:59"), at("6:05"), at("6:06"), due, due + minutes(11))
    assert [(job, now) for job, _, _, now in it.started] == [("a", due), ("b", due + minutes(11))]


def test_it_is_skipped_when_they_fail_for_good(world, at):
    """While there is a retry to come it waits; then its run says which run failed it."""
    it = world(AFTER, ends_as=lambda job, *_: State.FAILED if job == "a" else State.DONE)
    run_ticks(it, *(at("5:59") + minutes(5 * step) for step in range(20)))
    (run,) = it.ledger.runs("b")
    assert run.state is State.SKIPPED
    assert run.note.startswith("comes after a, whose run 1 ended as failed")
    assert [job for job, *_ in it.started] == ["a", "a"]


def test_a_paused_job_is_not_waited_for(world, at, ledger):
    """Else nothing would ever come of it."""
    it = world(AFTER)
    it.tick(at("5:59"))
    with ledger.transaction() as db:
        booking.pause(db, "a", at("5:59"))
    run_ticks(it, at("6:05"))
    assert [job for job, *_ in it.started] == ["b"]


def test_no_more_runs_go_on_than_the_file_allows(world, at):
    """`parallel` holds over all jobs; the oldest slot goes first."""
    text = "[schedule]\nparallel = 2\n" + "".join(HOURLY.replace("jobs.a", f"jobs.{name}") for name in "abc")
    it = world(text)
    run_ticks(it, at("6:59"), at("7:00"), at("7:05"), at("7:10"))
    assert [(job, now) for job, _, _, now in it.started] == [("a", at("7:00")), ("b", at("7:00")), ("c", at("7:10"))]


def test_a_retry_does_not_wait_for_a_clock_that_was_set_back(world, at):
    """A retry waits as long as its back-off, not until the clock has caught up."""
    it = world(HOURLY, ends_as=lambda job, slot, attempt: State.FAILED if attempt == 1 else State.DONE)
    run_ticks(it, at("6:59"), at("7:00"), at("7:10"))
    run_ticks(it, at("3:00"), at("3:01"))
    assert it.started[1][2:] == (2, at("3:00"))


def test_a_job_that_is_gone_from_the_file_leaves_nothing_waiting(world, project, at):
    """Its waiting runs are cancelled; the one that goes on may end."""
    it = world(HOURLY + 'overlap = "queue"\n', takes=lambda *_: minutes(90))
    run_ticks(it, at("6:59"), at("7:00"), at("8:00"))
    it.jobs = project(HOURLY.replace("jobs.a", "jobs.b"))
    run_ticks(it, at("8:10"))
    assert [run.state for run in it.ledger.runs("a")] == [State.CANCELLED, State.RUNNING]


def test_a_run_on_another_host_is_dead_when_nothing_is_heard_of_it(world, at):
    """What cannot be seen is believed for ten minutes."""
    it = world(HOURLY)
    run_ticks(it, at("6:59"), at("7:00"))
    it.is_alive = lambda process: None
    it.going.clear()
    it.tick(at("7:09"))
    assert [run.state for run in it.ledger.runs("a")] == [State.RUNNING]
    it.tick(at("7:10"))
    assert it.reports[-1].dead == [("a", at("7:00"), 1)]


def test_no_process_to_be_had_is_a_failed_attempt(world, at, monkeypatch):
    """A machine that cannot start processes loses no slot."""
    it = world(HOURLY)
    it.tick(at("6:59"))

    def refuse(*_):
        raise OSError(11, "Resource temporarily unavailable")

    with monkeypatch.context() as patch:
        patch.setattr(it, "start", refuse)
        it.tick(at("7:00"))
    (attempt,) = it.ledger.attempts(1)
    assert attempt.message == "no process could be started: Resource temporarily unavailable"
    it.tick(at("7:05"))
    assert [(slot, number) for _, slot, number, _ in it.started] == [(at("7:00"), 2)]


def test_a_run_that_does_not_mind_its_timeout_is_killed_by_the_age_of_its_process(world, at):
    """And a clock that jumps ahead kills nothing."""
    it = world(HOURLY + 'timeout = "30m"\n', takes=lambda *_: dt.timedelta(days=2))
    run_ticks(it, at("6:59"), at("7:00"), at("23:30"))
    assert [run.state for run in it.ledger.runs("a", states=[State.RUNNING])] == [State.RUNNING]
    it.age = 41 * 60.0
    it.tick(at("23:31"))
    assert not it.going
    it.tick(at("23:32"))
    assert it.reports[-1].dead == [("a", at("7:00"), 1)]


def test_an_installation_that_can_start_nothing_is_not_tried_for_ever(world, at):
    """Three times at once, then with the back-off between, and twenty times in all."""
    it = world(HOURLY + 'retries = 0\noverlap = "queue"\n')
    it.start = lambda job, run, attempt: None
    it.tick(at("6:59"))
    for minute in range(40 * 60 // 2):
        it.tick(at("7:00") + minutes(2 * minute))
    run = it.ledger.run(1)
    attempts = it.ledger.attempts(1)
    assert (run.state, len(attempts)) == (State.LOST, 20)
    gaps = [b.created_at - a.created_at for a, b in itertools.pairwise(attempts)]
    assert gaps[:3] == [minutes(2)] * 3
    assert set(gaps[3:]) == {minutes(8)}  # two to be lost, five of back-off, and the next look
