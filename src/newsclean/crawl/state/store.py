"""The state of one site's crawls in one SQLite file: frontier, what was seen, feeds, and the crawls themselves.

Writes gather in a transaction that is committed when a request has failed, before the response of one
that came in since is archived, and at least every some hundred writes and some seconds. A process
killed anywhere in between leaves the last commit: requests that were found and not yet committed are
found again, because the request that they were found by is not `done` before they are; and responses
that were kept are in the archive, which is read where the state ends.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from newsclean.crawl.state.frontier import Frontier
from newsclean.crawl.state.lease import Lease, StateInUse
from newsclean.crawl.state.rows import (
    SCHEMA,
    SCHEMA_VERSION,
    Fate,
    FeedView,
    Gap,
    Kind,
    Place,
    Queued,
    SeenRow,
    Taken,
)
from newsclean.crawl.state.tables import Crawls, Feeds, Seen
from newsclean.errors import DatasetError, SchemaTooNew

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

__all__ = [
    "Fate",
    "FeedView",
    "Gap",
    "Kind",
    "Place",
    "Queued",
    "SeenRow",
    "State",
    "StateInUse",
    "Taken",
    "utc_now",
]

_WRITES_A_COMMIT = 400
_BUSY_S = 5.0
_IN_MEMORY = Path(":memory:")
_PAGES_A_CHECKPOINT = 16_000  # of 4 kB; the state's own checkpoints come before, where there are any


def utc_now() -> dt.datetime:
    """Return the time."""
    return dt.datetime.now(dt.UTC)


class State:
    """An open state; `path` None keeps it in memory. Raises `StateInUse`, `SchemaTooNew`, `DatasetError`.

    `frontier` and `crawls` are the spider's own, `seen` and `feeds` belong to the site.
    """

    def __init__(self, path: Path | None, *, spider: str, clock: Callable[[], dt.datetime] = utc_now) -> None:
        self.path = path or _IN_MEMORY
        self.clock = clock
        self._db = _connect(self.path)
        self._writes = 0
        self._new_requests: set[bytes] = set()
        self._lease = Lease(self._db, self.path)
        try:
            self._prepare()
        except BaseException:
            self._db.close()
            raise
        self.frontier = Frontier(self._db, spider)
        self.seen_rows = Seen(self._db)
        self.feeds = Feeds(self._db)
        self.crawls = Crawls(self._db, spider)

    def _prepare(self) -> None:
        with self._write_errors():
            self._db.execute("BEGIN IMMEDIATE")
            version = int(self._db.execute("PRAGMA user_version").fetchone()[0])
            if version > SCHEMA_VERSION:
                raise SchemaTooNew(
                    f"{self.path}: written by a newer newsclean (schema {version}, this one knows {SCHEMA_VERSION});"
                    " update newsclean"
                )
            if version == 0:
                for statement in filter(None, map(str.strip, SCHEMA.split(";"))):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            self._lease.take(self.clock())
            self._db.execute("COMMIT")

    def _write_errors(self) -> _SqliteErrors:
        return _SqliteErrors(self.path)

    # ---- the archive's side ----

    def record_fetch(self, fingerprint: bytes | None, row: SeenRow, *, is_recoverable: bool = False) -> None:
        """Note in one transaction that a response is kept: its request `fetched`, its URL seen.

        The archive's record must be flushed before. It is committed at return, unless it `is_recoverable`: what the
        archive can tell after a crash is committed with other writes. Without a fingerprint the URL alone is noted.
        """
        self._begin()
        if fingerprint is not None:
            placed = row.warc_file is not None and row.warc_offset is not None
            place = Place(file=row.warc_file or "", offset=row.warc_offset or 0, length=row.warc_length)
            self.frontier.fetched(fingerprint, place if placed else None)
        self.seen_rows.put(row)
        if is_recoverable:
            self._wrote()
        else:
            self.commit()

    def seen(self, url: str) -> SeenRow | None:
        """Return what is known of a URL."""
        return self.seen_rows.get(url)

    # ---- the scheduler's side ----

    def refetched(self, fingerprint: bytes, place: Place) -> None:
        """Note that a response came out of the archive and not off the net: nothing new is known of its URL."""
        self._begin()
        self.frontier.fetched(fingerprint, place)
        self._wrote()

    def put(self, entry: Queued, *, again: bool = False) -> bool:
        """Queue a request (see `Frontier.put`)."""
        self._begin()
        added = self.frontier.put(entry, again=again)
        if added:
            self._new_requests.add(entry.fingerprint)
        self._wrote()
        return added

    def take(self) -> Taken | None:
        """Hand out the next request."""
        self._begin()
        taken = self.frontier.take()
        self._wrote()
        return taken

    def done(self, fingerprint: bytes) -> None:
        """Note that a request and all that came of it is in the frontier.

        Committed with later writes: if it is lost with the process, the callback runs again on what was kept.
        """
        self._begin()
        self.frontier.end(fingerprint, Fate.DONE)
        self._wrote()

    def failed(self, fingerprint: bytes, reason: str, row: SeenRow | None = None) -> None:
        """Note that a request came to nothing, and what that means for its URL; committed at return."""
        self._begin()
        self.frontier.end(fingerprint, Fate.FAILED, reason)
        if row is not None:
            self.seen_rows.put(row)
        self.commit()

    # ---- discovery's side ----

    def record_feed(self, view: FeedView, gap: Gap | None) -> Gap | None:
        """Keep what a feed shows now and the gap that was found with it; return the gap with its number."""
        self._begin()
        self.feeds.put(view)
        number = self.feeds.add_gap(gap, now=self.clock()) if gap else 0
        self._wrote()
        return replace(gap, number=number) if gap else None

    def fill_gap(self, number: int, *, source: str, articles: int) -> None:
        """Note that articles of a gap were found."""
        self._begin()
        self.feeds.fill_gap(number, source=source, articles=articles)
        self._wrote()

    def name_canonical(self, url: str, canonical_url: str) -> None:
        """Note the address that a page gives itself."""
        self._begin()
        self.seen_rows.name_canonical(url, canonical_url)
        self._wrote()

    # ---- transactions ----

    def begin(self) -> None:
        """Open a transaction for writes through the tables, where none is open."""
        self._begin()

    def _begin(self) -> None:
        if not self._db.in_transaction:
            self._db.execute("BEGIN IMMEDIATE")

    def _wrote(self) -> None:
        self._writes += 1
        if self._writes >= _WRITES_A_COMMIT:
            self.commit()

    def commit(self) -> None:
        """Make all writes safe from the death of the process, and keep the lease; raises `StateInUse` if it is lost."""
        self._begin()
        try:
            self._lease.renew(self.clock())
        except StateInUse:
            self._db.execute("ROLLBACK")
            self.frontier.drop_unwritten()
            self.seen_rows.drop_unwritten()
            raise
        self._flush()
        self._db.execute("COMMIT")
        self._writes = 0
        self._new_requests.clear()

    def _flush(self) -> None:
        self.frontier.flush()
        self.seen_rows.flush()

    def commit_request(self, fingerprint: bytes | None) -> None:
        """Commit if this request came in since the last time."""
        if fingerprint in self._new_requests:
            self.commit()

    def checkpoint(self) -> None:
        """Move what is committed from the log into the file itself; may be called in another thread, as it waits.

        SQLite would do so in a commit now and then, and hold up whoever commits.
        """
        if self.path == _IN_MEMORY:
            return
        with closing(sqlite3.connect(self.path, timeout=0, isolation_level=None)) as other:
            other.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def close(self) -> None:
        """Commit, give the lease back and close; a second time does nothing."""
        if self._closed():
            return
        self._begin()
        self._flush()
        self._lease.give_back()
        self._db.execute("COMMIT")
        self._db.close()

    def _closed(self) -> bool:
        try:
            self._db.total_changes  # noqa: B018  (a closed connection raises on it)
        except sqlite3.ProgrammingError:
            return True
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _SqliteErrors:
    """Turns what SQLite says of the file into errors that name it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            raise StateInUse(f"{self._path}: another crawl of this site is writing; wait until it is done, or stop it")
        if isinstance(error, sqlite3.DatabaseError):
            raise DatasetError(
                f"{self._path}: the crawl's state cannot be used: {error}; move the file away to start anew"
            ) from error


def _connect(path: Path) -> sqlite3.Connection:
    if path != _IN_MEMORY:
        path.parent.mkdir(parents=True, exist_ok=True)
    with _SqliteErrors(path):
        connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            # With WAL a killed process loses nothing; a cut of power may lose the last commits, never the file.
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(f"PRAGMA wal_autocheckpoint = {_PAGES_A_CHECKPOINT}")
        except BaseException:
            connection.close()
            raise
    return connection
