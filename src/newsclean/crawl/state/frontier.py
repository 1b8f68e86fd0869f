"""The table of requests: what waits, what is under way, and what came of the rest.

What is under way is known in memory: after a crash it waits again anyway. So are the requests that go
out next, and what came of the last ones, until `flush` writes that down with all the rest.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from newsclean.crawl.state.rows import Fate, Place, Taken

if TYPE_CHECKING:
    import sqlite3

    from newsclean.crawl.state.rows import Kind, Queued

__all__ = ["Frontier"]

_LOOK_AHEAD: Final = 32


@dataclass(slots=True)
class _Course:
    """How far a request has come that went out."""

    fate: Fate
    place: Place | None
    reason: str | None = None

    def cells(self) -> tuple[str | int | None, ...]:
        place = (self.place.file, self.place.offset, self.place.length) if self.place else (None, None, None)
        return (self.fate, self.reason, *place)


class Frontier:
    """The requests of one spider's crawl, each once by fingerprint."""

    def __init__(self, connection: sqlite3.Connection, spider: str) -> None:
        self._db = connection
        self._spider = spider
        self._serial: int = self._one("SELECT coalesce(max(serial), 0) FROM frontier WHERE spider = ?")
        self.queued = 0
        self._next: deque[tuple[int, Taken]] = deque()  # with their priority: the first of those that wait
        self._under_way: dict[bytes, _Course] = {}
        self._unwritten: dict[bytes, _Course] = {}

    def _one(self, sql: str) -> int:
        return int(self._db.execute(sql, (self._spider,)).fetchone()[0])

    def reopen(self) -> int:
        """Queue again what had not come to its end, and return how many requests wait."""
        self._forget()
        self._db.execute(
            "UPDATE frontier SET fate = 'queued' WHERE spider = ? AND fate IN ('inflight', 'fetched')", (self._spider,)
        )
        self.queued = self._one("SELECT count(*) FROM frontier WHERE spider = ? AND fate = 'queued'")
        return self.queued

    def has_unfinished(self) -> bool:
        """Tell whether requests of anybody's crawl have not come to their end; for a state that was just opened."""
        found = self._db.execute("SELECT 1 FROM frontier WHERE fate IN ('queued', 'inflight', 'fetched') LIMIT 1")
        return found.fetchone() is not None

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
        if self._next and entry.priority > self._next[-1][0]:
            self._next.clear()
        return True

    def _put_again(self, entry: Queued, known: Fate) -> bool:
        self._serial += 1
        self.flush()
        self._under_way.pop(entry.fingerprint, None)
        self._next.clear()
        self._db.execute(
            "UPDATE frontier SET fate = 'queued', priority = ?, serial = ?, request = ?, reason = NULL,"
            " warc_file = NULL, warc_offset = NULL, warc_length = NULL WHERE spider = ? AND fingerprint = ?",
            (entry.priority, self._serial, entry.request, self._spider, entry.fingerprint),
        )
        self.queued += known is not Fate.QUEUED
        return True

    def _has_story(self, story: str) -> bool:
        self.flush()
        found = self._db.execute(
            "SELECT 1 FROM frontier WHERE spider = ? AND story = ? AND fate != 'failed' LIMIT 1", (self._spider, story)
        )
        return found.fetchone() is not None

    def take(self) -> Taken | None:
        """Hand out the next request by priority, then age; it is in flight from now on."""
        if not self._next:
            self._look_ahead()
        if not self._next:
            self.queued = 0
            return None
        taken = self._next.popleft()[1]
        self._under_way[taken.fingerprint] = _Course(Fate.INFLIGHT, taken.place)
        self.queued -= 1
        return taken

    def _look_ahead(self) -> None:
        self.flush()
        rows = self._db.execute(
            "SELECT priority, fingerprint, request, warc_file, warc_offset, warc_length FROM frontier"
            " WHERE spider = ? AND fate = 'queued' ORDER BY priority DESC, serial LIMIT ?",
            (self._spider, _LOOK_AHEAD + len(self._under_way)),
        )
        for priority, fingerprint, request, *at in rows.fetchall():
            if fingerprint not in self._under_way:
                place = Place(file=at[0], offset=at[1], length=at[2]) if at[0] is not None else None
                self._next.append((priority, Taken(fingerprint=fingerprint, request=request, place=place)))

    def fetched(self, fingerprint: bytes, place: Place | None) -> None:
        """Note that the response of a request in flight is kept, and where."""
        course = self._under_way.get(fingerprint)
        if course is not None:
            course.fate, course.place = Fate.FETCHED, place
            self._unwritten[fingerprint] = course

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
        course = self._under_way.pop(fingerprint, None)
        if course is not None:
            course.fate, course.reason = fate, reason
            self._unwritten[fingerprint] = course

    def flush(self) -> None:
        """Write down what came of requests; in the transaction that is open."""
        if self._unwritten:
            self._db.executemany(
                "UPDATE frontier SET fate = ?, reason = ?, warc_file = ?, warc_offset = ?, warc_length = ?"
                " WHERE spider = ? AND fingerprint = ?",
                [(*course.cells(), self._spider, fingerprint) for fingerprint, course in self._unwritten.items()],
            )
            self._unwritten.clear()

    def drop_unwritten(self) -> None:
        """Forget what was not written down: another crawl has the state."""
        self._unwritten.clear()

    def _forget(self) -> None:
        for known in (self._next, self._under_way, self._unwritten):
            known.clear()

    def fate(self, fingerprint: bytes) -> Fate | None:
        """Return how far a request has come, None for an unknown one."""
        course = self._under_way.get(fingerprint) or self._unwritten.get(fingerprint)
        if course is not None:
            return course.fate
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
        self.flush()
        rows = self._db.execute("SELECT fate, count(*) FROM frontier WHERE spider = ? GROUP BY fate", (self._spider,))
        counts = dict(rows.fetchall())
        # Those in flight wait as far as the file knows.
        counts[Fate.INFLIGHT] = sum(course.fate is Fate.INFLIGHT for course in self._under_way.values())
        counts[Fate.QUEUED] = counts.get(Fate.QUEUED, 0) - counts[Fate.INFLIGHT]
        return {str(fate): count for fate, count in counts.items() if count}

    def count_kind(self, kind: Kind) -> int:
        """Return how many requests of a kind there are, however far they have come."""
        row = self._db.execute("SELECT count(*) FROM frontier WHERE spider = ? AND kind = ?", (self._spider, kind))
        return int(row.fetchone()[0])

    def failures(self, *, limit: int = -1) -> list[tuple[str, str, str]]:
        """Return kind, URL and reason of the requests that failed, the first `limit` of them (-1: all)."""
        self.flush()
        return self._db.execute(
            "SELECT kind, url, coalesce(reason, '') FROM frontier WHERE spider = ? AND fate = 'failed'"
            " ORDER BY serial LIMIT ?",
            (self._spider, limit),
        ).fetchall()

    def clear(self) -> None:
        """Forget all requests: the crawl is over."""
        self._forget()
        self._db.execute("DELETE FROM frontier WHERE spider = ?", (self._spider,))
        self.queued = 0
