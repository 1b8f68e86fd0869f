"""The tables of what was seen, of feeds and of crawls, on one connection. Writing is theirs, committing the state's."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import fields, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from newsclean.crawl.discovery.window import Window
from newsclean.crawl.state.rows import FeedView, Gap, Kind, SeenRow

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

__all__ = ["Crawls", "Feeds", "Seen", "read_time", "time_text"]

_COLUMNS = tuple(field.name for field in fields(SeenRow))
_TIMES = frozenset({"first_fetched_at", "fetched_at", "changed_at", "next_visit_at", "published_at"})
_TIME_PLACES = tuple(_COLUMNS.index(name) for name in sorted(_TIMES))
_VALUES = attrgetter(*_COLUMNS)
_MAX_IDS = 2_000


def time_text(at: dt.datetime | None) -> str | None:
    """Write an aware time so that texts sort as the times do."""
    if at is None:
        return None
    return (at if at.tzinfo is dt.UTC else at.astimezone(dt.UTC)).isoformat(timespec="microseconds")


def read_time(text: str | None) -> dt.datetime | None:
    """Read what `time_text` wrote."""
    return dt.datetime.fromisoformat(text) if text else None


class Seen:
    """What was fetched, by URL; rows are kept in memory until `flush`, or until all of them are looked at."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._unwritten: dict[str, SeenRow] = {}

    def get(self, url: str) -> SeenRow | None:
        """Return what is known of a URL."""
        return self._unwritten.get(url) or next(self._rows("url = ?", url), None)

    def of_story(self, story: str) -> SeenRow | None:
        """Return the last good fetch of a story, whatever its address was."""
        self.flush()
        return next(self._rows("story_key = ? AND failures = 0 ORDER BY fetched_at DESC LIMIT 1", story), None)

    def of_canonical(self, canonical_url: str) -> SeenRow | None:
        """Return the last good fetch of a page that gives itself this address."""
        self.flush()
        return next(
            self._rows("canonical_url = ? AND failures = 0 ORDER BY fetched_at DESC LIMIT 1", canonical_url), None
        )

    def due(self, now: dt.datetime, *, everything: bool = False) -> Iterator[SeenRow]:
        """Yield the articles whose next visit is due (`everything`: that will have one), the longest waiting first."""
        self.flush()
        bound = "9999" if everything else time_text(now)
        where = "kind = 'article' AND next_visit_at IS NOT NULL AND next_visit_at <= ? ORDER BY next_visit_at"
        yield from list(self._rows(where, bound))

    def archive_end(self, warc_file: str) -> int:
        """Return the byte of an archive's file up to which all responses are known for sure."""
        self.flush()
        sql = "SELECT coalesce(max(warc_offset + coalesce(warc_length, 0)), 0) FROM seen WHERE warc_file = ?"
        return int(self._db.execute(sql, (warc_file,)).fetchone()[0])

    def sitemaps_in(self, index: str) -> tuple[SeenRow, ...]:
        """Return the sitemaps that an index named."""
        self.flush()
        return tuple(self._rows("found_in = ? AND kind = 'sitemap' ORDER BY url", index))

    def _rows(self, where: str, value: Any) -> Iterator[SeenRow]:
        sql = f"SELECT {', '.join(_COLUMNS)} FROM seen WHERE {where}"  # noqa: S608  (parts are constants of this file)
        for row in self._db.execute(sql, (value,)):
            values: dict[str, Any] = dict(zip(_COLUMNS, row, strict=True))
            values.update({name: read_time(values[name]) for name in _TIMES}, kind=Kind(values["kind"]))
            yield SeenRow(**values)

    def put(self, row: SeenRow) -> None:
        """Keep a row in the place of an earlier one."""
        self._unwritten[row.url] = row

    def name_canonical(self, url: str, canonical_url: str) -> None:
        """Note the address that a page gives itself."""
        row = self._unwritten.get(url)
        if row is not None:
            self._unwritten[url] = replace(row, canonical_url=canonical_url)
        else:
            self._db.execute("UPDATE seen SET canonical_url = ? WHERE url = ?", (canonical_url, url))

    def flush(self) -> None:
        """Write down the rows that are kept; in the transaction that is open."""
        if self._unwritten:
            marks = ", ".join("?" * len(_COLUMNS))
            sql = f"INSERT OR REPLACE INTO seen ({', '.join(_COLUMNS)}) VALUES ({marks})"  # noqa: S608  (same)
            self._db.executemany(sql, [_cells(row) for row in self._unwritten.values()])
            self._unwritten.clear()

    def drop_unwritten(self) -> None:
        """Forget what was not written down: another crawl has the state."""
        self._unwritten.clear()

    def count(self) -> int:
        """Return how many URLs are known."""
        self.flush()
        return int(self._db.execute("SELECT count(*) FROM seen").fetchone()[0])


def _cells(row: SeenRow) -> list[Any]:
    cells = list(_VALUES(row))
    for place in _TIME_PLACES:
        cells[place] = time_text(cells[place])
    return cells


class Feeds:
    """What feeds showed last, and what they have lost."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def get(self, url: str) -> FeedView | None:
        """Return what a feed showed at the last visit."""
        row = self._db.execute(
            "SELECT url, seen_at, newest_at, oldest_at, entry_ids FROM feeds WHERE url = ?", (url,)
        ).fetchone()
        if row is None:
            return None
        return FeedView(
            url=row[0],
            seen_at=dt.datetime.fromisoformat(row[1]),
            newest_at=read_time(row[2]),
            oldest_at=read_time(row[3]),
            entry_ids=frozenset(json.loads(row[4])),
        )

    def put(self, view: FeedView) -> None:
        """Keep what a feed shows now."""
        ids = json.dumps(sorted(view.entry_ids)[:_MAX_IDS], ensure_ascii=False)
        times = (time_text(view.seen_at), time_text(view.newest_at), time_text(view.oldest_at))
        self._db.execute("INSERT OR REPLACE INTO feeds VALUES (?, ?, ?, ?, ?)", (view.url, *times, ids))

    def add_gap(self, gap: Gap, *, now: dt.datetime) -> int:
        """Write down a gap and return its number."""
        found = self._db.execute(
            "INSERT INTO gaps (feed, since, until, found_at) VALUES (?, ?, ?, ?)",
            (gap.feed, time_text(gap.since), time_text(gap.until), time_text(now)),
        )
        return int(found.lastrowid or 0)

    def fill_gap(self, number: int, *, source: str, articles: int) -> None:
        """Note where a gap was filled from, and how many articles came of it."""
        self._db.execute(
            "UPDATE gaps SET filled_from = ?, articles = articles + ? WHERE gap = ?", (source, articles, number)
        )

    def gaps(self) -> list[tuple[Gap, str | None, int]]:
        """Return all gaps, oldest first, each with what it was filled from and how many articles came of it."""
        rows = self._db.execute("SELECT gap, feed, since, until, filled_from, articles FROM gaps ORDER BY gap")
        return [
            (Gap(number=row[0], feed=row[1], since=read_time(row[2]), until=read_time(row[3])), row[4], row[5])
            for row in rows
        ]


class Crawls:
    """The crawls of one spider: which one runs, and what became of those before."""

    def __init__(self, connection: sqlite3.Connection, spider: str) -> None:
        self._db = connection
        self._spider = spider

    def open_crawl(self) -> int | None:
        """Return the number of the crawl that has not ended."""
        row = self._db.execute(
            "SELECT crawl FROM crawls WHERE spider = ? AND ended_at IS NULL ORDER BY crawl DESC", (self._spider,)
        ).fetchone()
        return int(row[0]) if row else None

    def begin(self, *, now: dt.datetime) -> tuple[int, bool]:
        """Go on with the crawl that has not ended, else begin one; return its number and whether it goes on.

        Until it has a scope, a crawl is taken to leave something out: what begins it may not be what the spider says.
        """
        number = self.open_crawl()
        if number is not None:
            self._db.execute("UPDATE crawls SET resumed = resumed + 1 WHERE crawl = ?", (number,))
            return number, True
        begun = self._db.execute(
            "INSERT INTO crawls (spider, started_at, is_limited) VALUES (?, ?, 1)", (self._spider, time_text(now))
        )
        return int(begun.lastrowid or 0), False

    def set_scope(self, number: int, window: Window) -> None:
        """Note the span of time that a crawl is after; one that goes on with a wider one has not found all of it."""
        row = self._db.execute("SELECT resumed, since, until FROM crawls WHERE crawl = ?", (number,)).fetchone()
        if row[0]:
            if not Window(since=read_time(row[1]), until=read_time(row[2])).covers(window):
                self.set_limited(number)
            return
        bounds = (time_text(window.since), time_text(window.until))
        self._db.execute("UPDATE crawls SET since = ?, until = ?, is_limited = 0 WHERE crawl = ?", (*bounds, number))

    def set_limited(self, number: int) -> None:
        """Note that a crawl left out articles because of a limit."""
        self._db.execute("UPDATE crawls SET is_limited = 1 WHERE crawl = ?", (number,))

    def end(self, number: int, *, outcome: str, counts: dict[str, int], now: dt.datetime) -> None:
        """Note how a crawl ended."""
        self._db.execute(
            "UPDATE crawls SET ended_at = ?, outcome = ?, counts = ? WHERE crawl = ?",
            (time_text(now), outcome, json.dumps(counts, sort_keys=True), number),
        )

    def last_scope(self) -> tuple[dt.datetime | None, dt.datetime | None] | None:
        """Return the bounds of the last crawl that found all there was, None if the last one did not."""
        row = self._db.execute(
            "SELECT since, until, is_limited, outcome FROM crawls WHERE spider = ? AND ended_at IS NOT NULL"
            " ORDER BY crawl DESC LIMIT 1",
            (self._spider,),
        ).fetchone()
        is_whole = row is not None and not row[2] and row[3] == "finished"
        return (read_time(row[0]), read_time(row[1])) if is_whole else None

    def history(self) -> list[tuple[int, str, str | None, dict[str, int]]]:
        """Return number, start, outcome and counts of all crawls."""
        rows = self._db.execute(
            "SELECT crawl, started_at, outcome, counts FROM crawls WHERE spider = ? ORDER BY crawl", (self._spider,)
        )
        return [(row[0], row[1], row[2], json.loads(row[3] or "{}")) for row in rows]
