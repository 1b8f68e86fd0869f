"""What the state of a crawl keeps: its rows as records, and its tables."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

__all__ = ["SCHEMA", "SCHEMA_VERSION", "Fate", "FeedView", "Gap", "Kind", "Place", "Queued", "SeenRow", "Taken"]

SCHEMA_VERSION = 1

SCHEMA = """
CREATE TABLE frontier (
    spider TEXT NOT NULL, fingerprint BLOB NOT NULL, url TEXT NOT NULL, kind TEXT NOT NULL, story TEXT,
    fate TEXT NOT NULL, priority INTEGER NOT NULL, serial INTEGER NOT NULL, request BLOB NOT NULL,
    warc_file TEXT, warc_offset INTEGER, warc_length INTEGER, reason TEXT,
    PRIMARY KEY (spider, fingerprint)
);
CREATE INDEX frontier_next ON frontier (spider, priority DESC, serial) WHERE fate = 'queued';
CREATE INDEX frontier_story ON frontier (spider, story) WHERE story IS NOT NULL;
CREATE TABLE seen (
    url TEXT PRIMARY KEY, kind TEXT NOT NULL, status INTEGER, first_fetched_at TEXT NOT NULL,
    fetched_at TEXT NOT NULL, changed_at TEXT NOT NULL, next_visit_at TEXT, canonical_url TEXT, story_key TEXT,
    etag TEXT, last_modified TEXT, sha256 TEXT, published_at TEXT, found_in TEXT, failures INTEGER NOT NULL,
    warc_file TEXT, warc_offset INTEGER, warc_length INTEGER
) WITHOUT ROWID;
CREATE INDEX seen_story ON seen (story_key) WHERE story_key IS NOT NULL;
CREATE INDEX seen_canonical ON seen (canonical_url) WHERE canonical_url IS NOT NULL;
CREATE INDEX seen_due ON seen (next_visit_at) WHERE next_visit_at IS NOT NULL;
CREATE INDEX seen_found_in ON seen (found_in) WHERE found_in IS NOT NULL AND kind = 'sitemap';
CREATE TABLE feeds (
    url TEXT PRIMARY KEY, seen_at TEXT NOT NULL, newest_at TEXT, oldest_at TEXT, entry_ids TEXT NOT NULL
);
CREATE TABLE gaps (
    gap INTEGER PRIMARY KEY, feed TEXT NOT NULL, since TEXT, until TEXT, found_at TEXT NOT NULL,
    filled_from TEXT, articles INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE crawls (
    crawl INTEGER PRIMARY KEY, spider TEXT NOT NULL, started_at TEXT NOT NULL, ended_at TEXT, outcome TEXT,
    since TEXT, until TEXT, is_limited INTEGER NOT NULL DEFAULT 0, resumed INTEGER NOT NULL DEFAULT 0, counts TEXT
);
CREATE TABLE lease (
    one INTEGER PRIMARY KEY CHECK (one = 1), owner TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL,
    taken_at TEXT NOT NULL, expires_at TEXT NOT NULL
);
"""


class Kind(StrEnum):
    """What a request is for."""

    ARTICLE = "article"
    FEED = "feed"
    SITEMAP = "sitemap"
    LISTING = "listing"
    OTHER = "other"


class Fate(StrEnum):
    """How far a request has come in a crawl.

    `fetched`: the response is kept, and its callback has not finished yet. `done`: all that came of
    it is in the frontier. A crawl that goes on begins with what is `inflight` or `fetched` queued again.
    """

    QUEUED = "queued"
    INFLIGHT = "inflight"
    FETCHED = "fetched"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the archive a response lies: file name, byte offset and length of its record."""

    file: str
    offset: int
    length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A request as it goes into the frontier; `request` is its serialised form."""

    fingerprint: bytes
    url: str
    request: bytes
    kind: Kind = Kind.OTHER
    story: str | None = None
    priority: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A request as it comes out; with a `place` its response is in the archive already."""

    fingerprint: bytes
    request: bytes
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRow:
    """What is known of a URL after its last fetch; all times are aware.

    `status` is that of the last response (304 included), None where there was none. `sha256` is
    the hash of the payload (content coding undone), `changed_at` the fetch at which it last differed.
    `found_in` is the feed, sitemap or listing that named it, `failures` how many fetches in a row failed.
    """

    url: str
    kind: Kind
    status: int | None
    first_fetched_at: dt.datetime
    fetched_at: dt.datetime
    changed_at: dt.datetime
    next_visit_at: dt.datetime | None = None
    canonical_url: str | None = None
    story_key: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None
    published_at: dt.datetime | None = None
    found_in: str | None = None
    failures: int = 0
    warc_file: str | None = None
    warc_offset: int | None = None
    warc_length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedView:
    """What a feed showed at one time: the ids of its entries and the span of their dates."""

    url: str
    seen_at: dt.datetime
    entry_ids: frozenset[str]
    newest_at: dt.datetime | None = None
    oldest_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Entries that a feed has lost between two visits: published after `since` and before `until`."""

    feed: str
    since: dt.datetime | None
    until: dt.datetime | None
    number: int = 0
