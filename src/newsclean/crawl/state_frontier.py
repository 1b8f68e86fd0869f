"""The table of requests: what waits, what is under way, and what came of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsclean.crawl.state_rows import Fate, Place, Taken

if TYPE_CHECKING:
    import sqlite3

    from newsclean.crawl.state_rows import Kind, Queued

__all__ = ["Frontier"]


class Frontier:
    """The requests of one spider's crawl, each once by fingerprint."""

    def __init__(self, connection: sqlite3.Connection, spider: str) -> None:
        self._db = connection
        self._spider = spider
        self._serial: int = self._one("SELECT coalesce(max(serial), 0) FROM frontier WHERE spider = ?")
        self.queued = 0

    def _one(self, sql: str) -> int:
        return int(self._db.execute(sql, (self._spider,)).fetchone()[0])

    def reopen(self) -> int:
        """Queue again what had not come to its end, and return how many requests wait."""
        self._db.execute(
            "UPDATE frontier SET fate = 'queued' WHERE spider = ? AND fate IN ('inflight', 'fetched')", (self._spider,)
        )
        self.queued = self._one("SELECT count(*) FROM frontier WHERE spider = ? AND fate = 'queued'")
        return self.queued

    def put(self, entry: Queued, *, again: bool = False) -> bool:
        """Queue a request; False if it is known already, or another address of its story is.

        `again` queues it although it is known, without what the archive has of it.
        """
        known = self.fate(entry.fingerprint)
        if known is not None:
            return self._put_again(entry, known) if again else False
        if not again and entry.story is not None and self._has_story(entry.story):
            return False
        self._serial += 1
        self._db.execute(
            "INSERT INTO frontier (spider, fingerprint, url, kind, story, fate, priority, serial, request)"
            " VALUES (?, ?, ?, ?, ?, 'queued', ?, ?, ?)",
            (
                *(self._spider, entry.fingerprint, entry.url, entry.kind, entry.story),
                *(entry.priority, self._serial, entry.request),
            ),
        )
        self.queued += 1
        return True

    def _put_again(self, entry: Queued, known: Fate) -> bool:
        self._serial += 1
        self._db.execute(
            "UPDATE frontier SET fate = 'queued', priority = ?, serial = ?, request = ?, reason = NULL,"
            " warc_file = NULL, warc_offset = NULL, warc_length = NULL WHERE spider = ? AND fingerprint = ?",
            (entry.priority, self._serial, entry.request, self._spider, entry.fingerprint),
        )
        self.queued += known is not Fate.QUEUED
        return True

    def _has_story(self, story: str) -> bool:
        found = self._db.execute(
            "SELECT 1 FROM frontier WHERE spider = ? AND story = ? AND fate != 'failed' LIMIT 1", (self._spider, story)
        )
        return found.fetchone() is not None

    def take(self) -> Taken | None:
        """Hand out the next request by priority, then age; it is in flight from now on."""
        row = self._db.execute(
            "SELECT fingerprint, request, warc_file, warc_offset, warc_length FROM frontier"
            " WHERE spider = ? AND fate = 'queued' ORDER BY priority DESC, serial LIMIT 1",
            (self._spider,),
        ).fetchone()
        if row is None:
            self.queued = 0
            return None
        self._set(row[0], Fate.INFLIGHT)
        self.queued -= 1
        place = Place(file=row[2], offset=row[3], length=row[4]) if row[2] is not None else None
        return Taken(fingerprint=row[0], request=row[1], place=place)

    def _set(self, fingerprint: bytes, fate: Fate) -> None:
        self._db.execute(
            "UPDATE frontier SET fate = ? WHERE spider = ? AND fingerprint = ?", (fate, self._spider, fingerprint)
        )

    def fetched(self, fingerprint: bytes, place: Place | None) -> None:
        """Note that the response of a request in flight is kept, and where."""
        self._db.execute(
            "UPDATE frontier SET fate = 'fetched', warc_file = ?, warc_offset = ?, warc_length = ?"
            " WHERE spider = ? AND fingerprint = ? AND fate IN ('inflight', 'fetched')",
            (
                *((place.file, place.offset, place.length) if place else (None, None, None)),
                *(self._spider, fingerprint),
            ),
        )

    def recover(self, fingerprint: bytes, place: Place) -> bytes | None:
        """Note of a request, whosever crawl it is in, that its response is in the archive; return it as it was written.

        None for one that is not known, or has come to its end.
        """
        found = self._db.execute(
            "SELECT spider, request FROM frontier WHERE fingerprint = ? AND fate IN ('queued', 'inflight', 'fetched')",
            (fingerprint,),
        ).fetchone()
        if found is None:
            return None
        self._db.execute(
            "UPDATE frontier SET fate = 'fetched', warc_file = ?, warc_offset = ?, warc_length = ?"
            " WHERE spider = ? AND fingerprint = ?",
            (place.file, place.offset, place.length, found[0], fingerprint),
        )
        return bytes(found[1])

    def end(self, fingerprint: bytes, fate: Fate, reason: str | None = None) -> None:
        """Note that a request that was in flight is `done` or has `failed`; one queued again stays so."""
        self._db.execute(
            "UPDATE frontier SET fate = ?, reason = ?"
            " WHERE spider = ? AND fingerprint = ? AND fate IN ('inflight', 'fetched')",
            (fate, reason, self._spider, fingerprint),
        )

    def fate(self, fingerprint: bytes) -> Fate | None:
        """Return how far a request has come, None for an unknown one."""
        row = self._db.execute(
            "SELECT fate FROM frontier WHERE spider = ? AND fingerprint = ?", (self._spider, fingerprint)
        ).fetchone()
        return Fate(row[0]) if row else None

    def url_of(self, fingerprint: bytes) -> str | None:
        """Return the URL of a request."""
        row = self._db.execute(
            "SELECT url FROM frontier WHERE spider = ? AND fingerprint = ?", (self._spider, fingerprint)
        ).fetchone()
        return str(row[0]) if row else None

    def counts(self) -> dict[str, int]:
        """Return how many requests have come how far."""
        rows = self._db.execute("SELECT fate, count(*) FROM frontier WHERE spider = ? GROUP BY fate", (self._spider,))
        return dict(rows.fetchall())

    def count_kind(self, kind: Kind) -> int:
        """Return how many requests of a kind there are, however far they have come."""
        row = self._db.execute("SELECT count(*) FROM frontier WHERE spider = ? AND kind = ?", (self._spider, kind))
        return int(row.fetchone()[0])

    def failures(self, *, limit: int = -1) -> list[tuple[str, str, str]]:
        """Return kind, URL and reason of the requests that failed, the first `limit` of them (-1: all)."""
        return self._db.execute(
            "SELECT kind, url, coalesce(reason, '') FROM frontier WHERE spider = ? AND fate = 'failed'"
            " ORDER BY serial LIMIT ?",
            (self._spider, limit),
        ).fetchall()

    def clear(self) -> None:
        """Forget all requests: the crawl is over."""
        self._db.execute("DELETE FROM frontier WHERE spider = ?", (self._spider,))
        self.queued = 0
