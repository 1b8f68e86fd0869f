"""The state: what is committed stays, what was not finished comes again, and one crawl has it at a time."""

from __future__ import annotations

import datetime as dt
import sqlite3
import subprocess
import sys

import pytest

from newsclean.crawl.discovery.window import Window
from newsclean.crawl.state.store import Fate, FeedView, Gap, Kind, Place, Queued, SeenRow, State, StateInUse
from newsclean.errors import DatasetError, SchemaTooNew

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def queued(number, **options):
    return Queued(fingerprint=bytes([number]), url=f"https://n.example/{number}", request=b"r%d" % number, **options)


def row(url="https://n.example/1", **options):
    given = {"kind": Kind.ARTICLE, "status": 200, "first_fetched_at": NOW, "fetched_at": NOW, "changed_at": NOW}
    return SeenRow(url=url, **given | options)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "n.example" / "state.sqlite"


def opened(path, spider="s", **options):
    state = State(path, spider=spider, **options)
    state.frontier.reopen()
    return state


def test_requests_go_out_by_priority_then_age(path):
    """The higher priority goes first, the older of two equal ones."""
    with opened(path) as state:
        for number, priority in ((1, 0), (2, 5), (3, 0), (4, 5)):
            assert state.put(queued(number, priority=priority))
        assert [state.take().request for _ in range(4)] == [b"r2", b"r4", b"r1", b"r3"]
        assert state.take() is None


def test_what_comes_late_goes_out_in_its_turn(path):
    """A higher priority goes before those that were looked up already, and so does one that is queued again."""
    with opened(path) as state:
        for number in range(50):
            state.put(queued(number))
        assert state.take().request == b"r0"
        state.put(queued(60))
        state.put(queued(61, priority=1))
        assert [state.take().request for _ in range(2)] == [b"r61", b"r1"]
        state.put(queued(1, priority=2), again=True)
        assert [state.take().request for _ in range(2)] == [b"r1", b"r2"]
        assert [state.take().request for _ in range(48)][-2:] == [b"r49", b"r60"]
        assert (state.take(), state.frontier.queued) == (None, 0)


def test_counts_are_right_before_anything_is_committed(path):
    """Requests in flight, fetched, done and failed are counted as what they are."""
    with opened(path) as state:
        for number in range(6):
            state.put(queued(number))
        taken = [state.take().fingerprint for _ in range(4)]
        for fingerprint in taken[:3]:
            state.record_fetch(fingerprint, row(warc_file="a", warc_offset=1), is_recoverable=True)
        state.done(taken[0])
        state.failed(taken[1], "http 404")
        assert state.frontier.counts() == {"done": 1, "failed": 1, "fetched": 1, "inflight": 1, "queued": 2}
        assert [state.frontier.fate(one) for one in taken] == ["done", "failed", "fetched", "inflight"]


def test_a_request_and_a_story_are_queued_once(path):
    """A known fingerprint is refused, and another address of a known story, unless that one failed."""
    with opened(path) as state:
        assert state.put(queued(1, story="n/1"))
        assert not state.put(queued(1))
        assert not state.put(queued(2, story="n/1"))
        assert state.put(queued(3, story="n/3"))
        taken = state.take()
        state.failed(taken.fingerprint, "http 404")
        assert state.put(queued(2, story="n/1"))
        assert not state.put(queued(4, story="n/3"))


def test_what_was_not_finished_comes_again(path):
    """After a kill: in flight is queued, fetched comes with its place in the archive, done stays done."""
    state = opened(path)
    for number in (1, 2, 3, 4):
        state.put(queued(number))
    first, second, third = (state.take() for _ in range(3))
    state.record_fetch(first.fingerprint, row(warc_file="a.warc.gz", warc_offset=7, warc_length=70))
    state.done(first.fingerprint)
    state.record_fetch(second.fingerprint, row("https://n.example/2", warc_file="a.warc.gz", warc_offset=77))
    assert third.place is None
    state._db.close()  # as a kill does
    del state
    with opened(path) as state:
        assert state.frontier.queued == 3
        taken = [state.take() for _ in range(3)]
        assert [(one.request, one.place) for one in taken] == [
            (b"r2", Place(file="a.warc.gz", offset=77, length=None)),
            (b"r3", None),
            (b"r4", None),
        ]
        assert state.frontier.fate(first.fingerprint) is Fate.DONE


def test_queued_again_forgets_the_archived_response(path):
    """A retry is fetched from the net, and an end that comes late does not end it."""
    with opened(path) as state:
        state.put(queued(1))
        taken = state.take()
        state.record_fetch(taken.fingerprint, row(warc_file="a", warc_offset=1))
        assert state.put(queued(1), again=True)
        state.done(taken.fingerprint)
        again = state.take()
        assert (again.request, again.place) == (b"r1", None)
        assert state.frontier.queued == 0


def test_uncommitted_writes_are_lost_whole(path):
    """A kill before a commit leaves the state as the last commit was."""
    state = opened(path)
    state.put(queued(1))
    state.commit()
    state.put(queued(2))
    state._db.close()
    del state
    with opened(path) as state:
        assert state.frontier.counts() == {"queued": 1}


def test_a_fetch_and_its_row_are_one_commit(path):
    """What was found before is committed with it."""
    state = opened(path)
    state.put(queued(1))
    taken = state.take()
    state.put(queued(2))
    wanted = row(
        etag='"e"',
        last_modified="Sat, 21 Nov 2026 10:00:00 GMT",
        sha256="aa",
        story_key="n/1",
        published_at=NOW,
        next_visit_at=NOW,
        found_in="https://n.example/rss",
        failures=0,
        warc_file="a",
        warc_offset=5,
        warc_length=9,
    )
    state.record_fetch(taken.fingerprint, wanted)
    other = sqlite3.connect(path)
    assert other.execute("SELECT fate, warc_offset FROM frontier ORDER BY serial").fetchall() == [
        ("fetched", 5),
        ("queued", None),
    ]
    other.close()
    assert state.seen(wanted.url) == wanted
    state.close()


def test_what_the_archive_can_tell_again_is_committed_with_the_next_writes(path):
    """It is known at once, and in the file when something is committed; so is the address that a page gives itself."""
    state = opened(path)
    state.put(queued(1))
    taken = state.take()
    state.commit()
    state.record_fetch(taken.fingerprint, row(warc_file="a", warc_offset=5, story_key="n/1"), is_recoverable=True)
    state.name_canonical("https://n.example/1", "https://n.example/one")
    assert state.seen("https://n.example/1").canonical_url == "https://n.example/one"
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT fate FROM frontier").fetchall() == [("queued",)]
        state.commit()
        assert other.execute("SELECT fate, warc_offset FROM frontier").fetchall() == [("fetched", 5)]
        assert other.execute("SELECT canonical_url, story_key FROM seen").fetchall() == [
            ("https://n.example/one", "n/1")
        ]
    other.close()
    assert state.seen_rows.of_canonical("https://n.example/one").story_key == "n/1"
    state.close()


def test_a_request_is_committed_before_its_response_is_archived(path):
    """And those that came in before it; where none is new, nothing is committed."""
    with opened(path) as state:
        for number in (1, 2):
            state.put(queued(number))
        with sqlite3.connect(path) as other:
            state.commit_request(bytes([3]))
            assert other.execute("SELECT count(*) FROM frontier").fetchone() == (0,)
            state.commit_request(bytes([1]))
            assert other.execute("SELECT count(*) FROM frontier").fetchone() == (2,)
        other.close()


def test_spiders_of_a_site_share_what_was_seen_and_nothing_else(path):
    """Frontier and crawls are a spider's own."""
    with opened(path, "one") as state:
        state.put(queued(1))
        state.record_fetch(None, row())
        state.begin()
        state.crawls.begin(now=NOW)
    with opened(path, "two") as state:
        assert state.frontier.queued == 0
        assert state.seen("https://n.example/1") is not None
        assert state.crawls.open_crawl() is None


def test_seen_rows_are_found_by_story_canonical_and_index(path):
    """A story is known by its key or by the address that its page gives itself; failures are not known."""
    with opened(path) as state:
        state.record_fetch(None, row("https://n.example/a", story_key="n/1"))
        state.record_fetch(None, row("https://n.example/b", story_key="n/2", failures=1, status=500))
        state.record_fetch(None, row("https://n.example/s1.xml", kind=Kind.SITEMAP, found_in="https://n.example/i.xml"))
        state.name_canonical("https://n.example/a", "https://n.example/canonical")
        assert state.seen_rows.of_story("n/1").url == "https://n.example/a"
        assert state.seen_rows.of_story("n/2") is None
        assert state.seen_rows.of_canonical("https://n.example/canonical").url == "https://n.example/a"
        assert [one.url for one in state.seen_rows.sitemaps_in("https://n.example/i.xml")] == [
            "https://n.example/s1.xml"
        ]


def test_due_articles_come_the_longest_waiting_first(path):
    """Only articles with a visit that is due are due."""
    hour = dt.timedelta(hours=1)
    with opened(path) as state:
        state.record_fetch(None, row("https://n.example/a", next_visit_at=NOW - hour))
        state.record_fetch(None, row("https://n.example/b", next_visit_at=NOW - 2 * hour))
        state.record_fetch(None, row("https://n.example/c", next_visit_at=NOW + hour))
        state.record_fetch(None, row("https://n.example/d"))
        state.record_fetch(None, row("https://n.example/e", kind=Kind.LISTING, next_visit_at=NOW - hour))
        assert [one.url[-1] for one in state.seen_rows.due(NOW)] == ["b", "a"]
        assert [one.url[-1] for one in state.seen_rows.due(NOW, everything=True)] == ["b", "a", "c"]


def test_feeds_and_gaps_are_kept(path):
    """A gap has a number, and remembers what it was filled from."""
    view = FeedView(url="https://n.example/rss", seen_at=NOW, entry_ids=frozenset({"a", "ü"}), newest_at=NOW)
    with opened(path) as state:
        gap = state.record_feed(view, Gap(feed=view.url, since=NOW, until=None))
        state.fill_gap(gap.number, source="https://n.example/sitemap.xml", articles=2)
        state.fill_gap(gap.number, source="https://n.example/sitemap.xml", articles=1)
    with opened(path) as state:
        assert state.feeds.get(view.url) == view
        assert state.feeds.gaps() == [(gap, "https://n.example/sitemap.xml", 3)]


def test_crawls_remember_what_they_were_after(path):
    """Only a crawl that found all of its window lets the next one ask conditionally."""
    week, day = NOW - dt.timedelta(days=7), NOW - dt.timedelta(days=1)
    with opened(path) as state:
        crawls = state.crawls
        state.begin()
        number, goes_on = crawls.begin(now=NOW)
        assert not goes_on
        crawls.set_scope(number, Window(since=day))
        assert crawls.begin(now=NOW) == (number, True)
        crawls.set_scope(number, Window(since=NOW))
        crawls.end(number, outcome="finished", counts={"fetched/article": 3}, now=NOW)
        assert crawls.last_scope() == (day, None)
        number, _ = crawls.begin(now=NOW)
        crawls.set_scope(number, Window(since=day))
        crawls.begin(now=NOW)
        crawls.set_scope(number, Window(since=week))
        crawls.end(number, outcome="finished", counts={}, now=NOW)
        assert crawls.last_scope() is None
        assert [one[2:] for one in crawls.history()] == [("finished", {"fetched/article": 3}), ("finished", {})]


def test_a_crawl_whose_spider_never_said_what_it_is_after_found_not_all(path):
    """One that began with something else than the spider's sources must not have the next one ask conditionally."""
    with opened(path) as state:
        state.begin()
        number, _ = state.crawls.begin(now=NOW)
        state.crawls.end(number, outcome="finished", counts={}, now=NOW)
        assert state.crawls.last_scope() is None


def test_one_crawl_has_the_state_at_a_time(path):
    """A second one is told who has it; after a close, a kill or the lease's end it may go on."""
    first = State(path, spider="a")
    with pytest.raises(StateInUse, match=r"state\.sqlite: process \d+"):
        State(path, spider="b")
    first.close()
    first.close()
    State(path, spider="b").close()
    killed = "from newsclean.crawl.state.store import State; import os, pathlib;"
    killed += f" State(pathlib.Path({str(path)!r}), spider='x'); os._exit(9)"
    subprocess.run([sys.executable, "-c", killed], check=False)
    State(path, spider="b").close()


def test_a_lease_on_another_host_runs_out(path, monkeypatch):
    """Whether a process lives elsewhere nobody can tell: its lease must have ended."""
    clock = [NOW]
    monkeypatch.setattr("newsclean.crawl.state.lease.socket.gethostname", lambda: "elsewhere")
    held = State(path, spider="a", clock=lambda: clock[0])
    monkeypatch.setattr("newsclean.crawl.state.lease.socket.gethostname", lambda: "here")
    with pytest.raises(StateInUse, match="elsewhere"):
        State(path, spider="b", clock=lambda: clock[0])
    clock[0] += dt.timedelta(minutes=3)
    taken = State(path, spider="b", clock=lambda: clock[0])
    with pytest.raises(StateInUse, match="here"):
        held.commit()
    taken.close()
    held._db.close()


def test_files_that_cannot_be_used_are_named(path):
    """A newer schema and a file that is no database are errors that say what to do."""
    State(path, spider="a").close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(SchemaTooNew, match="update newsclean"):
        State(path, spider="a")
    path.write_bytes(b"no database, and long enough to be one" * 100)
    with pytest.raises(DatasetError, match=r"state\.sqlite"):
        State(path, spider="a")


def test_a_state_in_memory_needs_no_file():
    """Without a path nothing is written anywhere."""
    with opened(None) as state:
        state.put(queued(1))
        assert state.take().request == b"r1"
