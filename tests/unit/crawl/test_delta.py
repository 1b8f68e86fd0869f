"""What need not be fetched again, and when it is to be."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
from dataclasses import replace

import pytest

from newsclean.crawl.delta import (
    Fetch,
    Revisits,
    conditional_headers,
    feed_view,
    find_gap,
    payload_sha256,
    reason_to_fetch,
    seen_after,
)
from newsclean.crawl.discovery import FeedEntry
from newsclean.crawl.state.store import Kind, Place
from newsclean.errors import ConfigError
from newsclean.model import Moment, Precision

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR
REVISITS = Revisits()


def fetch(status=200, *, at=NOW, **options):
    given = {"kind": Kind.ARTICLE, "sha256": "one"}
    return Fetch(url="https://n.example/1", status=status, fetched_at=at, **given | options)


def second(at):
    return Moment(at=at, precision=Precision.SECOND)


def test_visits_get_rarer_and_end():
    """1 h, 6 h, 1 d, 3 d and 7 d after the first fetch, whenever the visits really came; then never."""
    ages = [REVISITS.next_visit(NOW, NOW + passed) for passed in (0 * HOUR, HOUR, 2 * HOUR, DAY, 4 * DAY, 7 * DAY)]
    assert [age and age - NOW for age in ages] == [HOUR, 6 * HOUR, 6 * HOUR, 3 * DAY, 7 * DAY, None]


def test_old_articles_are_not_visited_again():
    """What was out for more than the last of the ages when it was found is settled."""
    assert REVISITS.next_visit(NOW, NOW, NOW - 8 * DAY) is None
    assert REVISITS.next_visit(NOW, NOW, NOW - 6 * DAY) == NOW + HOUR


def test_schedules_are_configurable():
    """Ages are written as spans; none is no visit, nonsense an error."""
    assert Revisits.of_text("1d, 2h").ages == (2 * HOUR, DAY)
    assert Revisits.of_text("").next_visit(NOW, NOW) is None
    with pytest.raises(ConfigError, match="often"):
        Revisits.of_text("often")


def test_a_first_fetch_is_remembered():
    """Validators, hash, story and place are kept, and the first visit is set."""
    row = seen_after(
        fetch(
            etag='"a"', last_modified="x", story_key="n/1", found_in="rss", place=Place(file="w", offset=3, length=4)
        ),
        None,
        REVISITS,
    )
    assert (row.etag, row.last_modified, row.sha256, row.story_key, row.found_in) == ('"a"', "x", "one", "n/1", "rss")
    assert (row.warc_file, row.warc_offset, row.warc_length) == ("w", 3, 4)
    assert (row.first_fetched_at, row.changed_at, row.next_visit_at, row.failures) == (NOW, NOW, NOW + HOUR, 0)
    assert conditional_headers(row) == {"If-None-Match": '"a"', "If-Modified-Since": "x"}


@pytest.mark.parametrize("later", [{"status": 304, "sha256": "of nothing"}, {"status": 200, "sha256": "one"}])
def test_an_unchanged_article_keeps_its_hash_and_validators(later):
    """304, and 200 with the same payload, change nothing but the next visit."""
    first = seen_after(fetch(etag='"a"', found_in="rss"), None, REVISITS)
    row = seen_after(fetch(at=NOW + HOUR, **later), first, REVISITS)
    assert (row.sha256, row.etag, row.changed_at, row.found_in) == ("one", '"a"', NOW, "rss")
    assert (row.fetched_at, row.next_visit_at, row.status) == (NOW + HOUR, NOW + 6 * HOUR, later["status"])


def test_a_changed_article_has_a_new_hash_and_no_old_validators():
    """A correction is seen as such; an ETag of the old text is not sent again."""
    first = seen_after(fetch(etag='"a"', last_modified="x"), None, REVISITS)
    row = seen_after(fetch(at=NOW + HOUR, sha256="two", last_modified="y"), first, REVISITS)
    assert (row.sha256, row.etag, row.last_modified, row.changed_at) == ("two", None, "y", NOW + HOUR)
    assert row.next_visit_at == NOW + 6 * HOUR


@pytest.mark.parametrize(("status", "tries"), [(None, 4), (503, 4), (429, 4), (404, 1), (403, 1), (410, 0), (451, 0)])
def test_failures_are_tried_again_a_few_times(status, tries):
    """What may pass is tried four times, what is not there once, what is gone never."""
    row, at, count = None, NOW, 0
    while True:
        row = seen_after(fetch(status, at=at), row, REVISITS)
        assert conditional_headers(row) == {}
        if row.next_visit_at is None:
            break
        count, at = count + 1, row.next_visit_at
    assert (count, row.failures) == (tries, tries + 1)


def test_a_failure_keeps_what_was_known():
    """An outage is no correction: hash and time of the last change stay."""
    good = seen_after(fetch(etag='"a"'), None, REVISITS)
    bad = seen_after(fetch(500, at=NOW + HOUR, sha256="error page"), good, REVISITS)
    assert (bad.sha256, bad.changed_at, bad.etag, bad.failures) == ("one", NOW, '"a"', 1)
    again = seen_after(fetch(at=NOW + 2 * HOUR), bad, REVISITS)
    assert (again.changed_at, again.failures) == (NOW, 0)


def test_only_articles_are_visited_by_a_schedule():
    """Feeds, sitemaps and listings are asked in every crawl; what has moved is left to where it went."""
    assert seen_after(fetch(kind=Kind.FEED), None, REVISITS).next_visit_at is None
    assert seen_after(fetch(301), None, REVISITS).next_visit_at is None


def test_reasons_to_fetch():
    """New, due, or changed by the word of a feed; a future date is no word."""
    row = seen_after(fetch(), None, REVISITS)
    later = NOW + HOUR / 2
    assert reason_to_fetch(None, now=NOW) == "new"
    assert reason_to_fetch(row, now=later) is None
    assert reason_to_fetch(row, now=NOW + HOUR) == "due"
    assert reason_to_fetch(row, now=later, modified=second(NOW + HOUR / 4)) == "modified"
    assert reason_to_fetch(row, now=later, modified=second(NOW)) is None
    assert reason_to_fetch(row, now=later, modified=second(NOW + 90 * DAY)) is None
    failed = replace(row, failures=2, next_visit_at=None)
    assert reason_to_fetch(failed, now=later, modified=second(NOW + HOUR / 4)) is None


def test_hashes_leave_out_the_clock_of_a_packer():
    """The same text packed at two times has one hash; all else is hashed as it came."""
    text = b"<html>news</html>" * 10_000
    plain = hashlib.sha256(text).hexdigest()
    packed = payload_sha256(gzip.compress(text, mtime=1), "gzip")
    assert packed == payload_sha256(gzip.compress(text, mtime=2), "GZIP ")
    assert packed != payload_sha256(gzip.compress(text + b"x", mtime=1), "gzip")
    assert payload_sha256(text) == payload_sha256(text, "br") == payload_sha256(text, "gzip") == plain


def view(numbers, *, dated=True):
    entries = [
        FeedEntry(url=f"u{n}", entry_id=str(n), published=second(NOW + n * HOUR) if dated else None) for n in numbers
    ]
    return feed_view("rss", entries, now=NOW + 100 * HOUR)


def test_a_feed_that_has_moved_on_has_lost_entries():
    """No common entry, and all newer: the span between is the gap."""
    gap = find_gap(view([1, 2, 3]), view([7, 8, 9]))
    assert (gap.feed, gap.since, gap.until) == ("rss", NOW + 3 * HOUR, NOW + 7 * HOUR)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, view([1])),
        (view([1, 2, 3]), view([3, 4, 5])),
        (view([1, 2, 3]), view([])),
        (view([]), view([1])),
        (view([7, 8, 9]), view([1, 2, 3])),
        (view([1, 5]), view([3, 9])),
    ],
)
def test_no_gap_is_made_up(before, after):
    """A first visit, a common entry, an empty feed and older entries are no gap."""
    assert find_gap(before, after) is None


def test_a_gap_without_dates_spans_the_visits():
    """Where entries have no dates the visits bound the gap."""
    gap = find_gap(view([1], dated=False), view([2], dated=False))
    assert gap.since == gap.until == NOW + 100 * HOUR
