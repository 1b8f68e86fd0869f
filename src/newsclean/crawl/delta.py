"""What need not be fetched again: conditional requests, visits that get rarer, and what a fetch changes of that.

An article is visited again 1 h, 6 h, 1 d, 3 d and 7 d after its first fetch, then never (setting
`NEWSCLEAN_REVISIT`): corrections come early. One that was older than the last of these when it was
first fetched is not visited again. Each visit is a conditional request; 304 is an outcome as good as 200.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsclean.crawl.discovery.window import read_span
from newsclean.crawl.state.store import FeedView, Gap, Kind, SeenRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsclean.crawl.discovery.feeds import FeedEntry
    from newsclean.crawl.state.store import Place
    from newsclean.model import Moment

__all__ = [
    "Fetch",
    "Revisits",
    "conditional_headers",
    "feed_view",
    "find_gap",
    "payload_sha256",
    "reason_to_fetch",
    "seen_after",
]

NOT_MODIFIED = 304
_OK = range(200, 300)
_MOVED = range(300, 400)
_GZIP_CODINGS = frozenset({"gzip", "x-gzip"})
_GZIP_MAGIC = b"\x1f\x8b"
_MTIME = slice(4, 8)  # where a gzip member says when it was packed


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisits:
    """When an article is fetched again: `ages` after the first fetch, `retries` after each failure in a row.

    `gone` is for what the server says is not there: a page may come late to the feed's promise.
    """

    ages: tuple[dt.timedelta, ...] = tuple(dt.timedelta(hours=hours) for hours in (1, 6, 24, 72, 168))
    retries: tuple[dt.timedelta, ...] = tuple(dt.timedelta(hours=hours) for hours in (1, 6, 24, 72))
    gone: tuple[dt.timedelta, ...] = (dt.timedelta(hours=24),)

    @classmethod
    def of_text(cls, text: str) -> Revisits:
        """Read ages such as `1h 6h 1d`; an empty text is no visit. Raises `ConfigError`."""
        return cls(ages=tuple(sorted(read_span(part) for part in text.replace(",", " ").split())))

    def next_visit(
        self, first: dt.datetime, now: dt.datetime, published: dt.datetime | None = None
    ) -> dt.datetime | None:
        """Return the first visit after now, None for never again."""
        if not self.ages or (published is not None and first - published > self.ages[-1]):
            return None
        return next((first + age for age in self.ages if first + age > now), None)

    def next_try(self, failures: int, status: int | None, now: dt.datetime) -> dt.datetime | None:
        """Return when to try again after the given number of failures in a row, None for never."""
        may_pass = status is None or status in {408, 425, 429} or status >= 500  # noqa: PLR2004  (HTTP's server errors)
        waits = self.retries if may_pass else self.gone if status in {403, 404} else ()
        return now + waits[failures - 1] if failures <= len(waits) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One fetch and what came of it; `status` None: no response. `sha256` is that of the payload (`payload_sha256`)."""

    url: str
    kind: Kind
    status: int | None
    fetched_at: dt.datetime
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None
    story_key: str | None = None
    published_at: dt.datetime | None = None
    found_in: str | None = None
    place: Place | None = None


def payload_sha256(body: bytes, content_encoding: str | None = None) -> str:
    """Return the hash of a body as it was served, the clock of a gzip packer left out.

    Nothing is unpacked: that would cost more than all the rest that is done with a response.
    """
    coding = (content_encoding or "").strip().lower()
    if coding in _GZIP_CODINGS and body[:2] == _GZIP_MAGIC:
        digest = hashlib.sha256(body[: _MTIME.start])
        digest.update(memoryview(body)[_MTIME.stop :])
        return digest.hexdigest()
    return hashlib.sha256(body).hexdigest()


def conditional_headers(row: SeenRow | None) -> dict[str, str]:
    """Return the headers by which a server can answer that nothing has changed; none after a failure."""
    if row is None or row.failures:
        return {}
    headers = {"If-None-Match": row.etag, "If-Modified-Since": row.last_modified}
    return {name: value for name, value in headers.items() if value}


def reason_to_fetch(row: SeenRow | None, *, now: dt.datetime, modified: Moment | None = None) -> str | None:
    """Return why a URL is to be fetched (`new`, `modified`, `due`), None if what is known of it will do.

    `modified` is what a feed or sitemap says of its last change.
    """
    if row is None:
        return "new"
    if row.next_visit_at is not None and row.next_visit_at <= now:
        return "due"
    if not row.failures and modified is not None and row.fetched_at < modified.at <= now:
        return "modified"
    return None


def seen_after(fetch: Fetch, before: SeenRow | None, revisits: Revisits) -> SeenRow:
    """Return what is known of a URL after a fetch of it."""
    now = fetch.fetched_at
    is_good = fetch.status is not None and (fetch.status in _OK or fetch.status in _MOVED)
    is_same = before is not None and (fetch.status == NOT_MODIFIED or (is_good and fetch.sha256 == before.sha256))
    kept = before if before is not None and (is_same or not is_good) else None
    first = before.first_fetched_at if before else now
    published = fetch.published_at or (before.published_at if before else None)
    failures = 0 if is_good else (before.failures if before else 0) + 1
    return SeenRow(
        url=fetch.url,
        kind=fetch.kind,
        status=fetch.status,
        first_fetched_at=first,
        fetched_at=now,
        changed_at=kept.changed_at if kept else now,
        next_visit_at=_next(fetch, revisits, first, published, failures),
        canonical_url=before.canonical_url if before else None,
        story_key=fetch.story_key or (before.story_key if before else None),
        etag=fetch.etag or (kept.etag if kept else None),
        last_modified=fetch.last_modified or (kept.last_modified if kept else None),
        sha256=kept.sha256 if kept else fetch.sha256,
        published_at=published,
        found_in=fetch.found_in or (before.found_in if before else None),
        failures=failures,
        warc_file=fetch.place.file if fetch.place else None,
        warc_offset=fetch.place.offset if fetch.place else None,
        warc_length=fetch.place.length if fetch.place else None,
    )


def _next(
    fetch: Fetch, revisits: Revisits, first: dt.datetime, published: dt.datetime | None, failures: int
) -> dt.datetime | None:
    """Return the next visit; only articles have one, feeds and listings are asked in every crawl."""
    if fetch.kind is not Kind.ARTICLE:
        return None
    if failures:
        return revisits.next_try(failures, fetch.status, fetch.fetched_at)
    if fetch.status != NOT_MODIFIED and fetch.status in _MOVED:
        return None
    return revisits.next_visit(first, fetch.fetched_at, published)


def feed_view(url: str, entries: Iterable[FeedEntry], *, now: dt.datetime) -> FeedView:
    """Return what a feed shows: ids and the span of the dates of publication."""
    entries = tuple(entries)
    dates = sorted(entry.published.at for entry in entries if entry.published)
    return FeedView(
        url=url,
        seen_at=now,
        entry_ids=frozenset(entry.entry_id for entry in entries),
        newest_at=dates[-1] if dates else None,
        oldest_at=dates[0] if dates else None,
    )


def find_gap(before: FeedView | None, after: FeedView) -> Gap | None:
    """Return the gap between two views of a feed: no entry in common, and all of the later one is newer."""
    if before is None or not before.entry_ids or not after.entry_ids or before.entry_ids & after.entry_ids:
        return None
    if before.newest_at and after.oldest_at and after.oldest_at <= before.newest_at:
        return None
    return Gap(feed=after.url, since=before.newest_at or before.seen_at, until=after.oldest_at or after.seen_at)
