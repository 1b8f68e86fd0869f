"""One crawl at a time has a site's state: a lease in the state itself, with host, process and expiry."""

from __future__ import annotations

import datetime as dt
import os
import socket
import uuid
import weakref
from typing import TYPE_CHECKING

from newsclean.crawl.state.tables import time_text
from newsclean.errors import RunError
from newsclean.remote.lease import LEASE_LENGTH, may_live

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

__all__ = ["Lease", "StateInUse"]

# The leases of this process, so that two crawls in it do not take each other for dead.
_OWN: weakref.WeakValueDictionary[str, Lease] = weakref.WeakValueDictionary()


class StateInUse(RunError):
    """Another crawl of the site is running."""


class Lease:
    """The right to write; taken over when it has run out, or when its process on this host is gone."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._db = connection
        self._path = path
        self.owner = uuid.uuid4().hex
        self._renewed_at: dt.datetime | None = None

    def take(self, now: dt.datetime) -> None:
        """Take the lease; raises `StateInUse` naming who has it."""
        row = self._db.execute("SELECT owner, host, pid, expires_at FROM lease").fetchone()
        if row and row[0] != self.owner and dt.datetime.fromisoformat(row[3]) > now and may_live(*row[:3], own=_OWN):
            raise StateInUse(
                f"{self._path}: process {row[2]} on {row[1]} crawls this site (its lease ends {row[3]});"
                " wait until it is done, or stop it"
            )
        self._write(now)

    def _write(self, now: dt.datetime) -> None:
        self._renewed_at = now
        _OWN[self.owner] = self
        self._db.execute(
            "INSERT OR REPLACE INTO lease VALUES (1, ?, ?, ?, ?, ?)",
            (self.owner, socket.gethostname(), os.getpid(), time_text(now), time_text(now + LEASE_LENGTH)),
        )

    def renew(self, now: dt.datetime) -> bool:
        """Lengthen the lease where a sixth of it is used up; True if there was something to write."""
        if self._renewed_at is not None and now - self._renewed_at < LEASE_LENGTH / 6:
            return False
        self.take(now)
        return True

    def give_back(self) -> None:
        """End the lease."""
        _OWN.pop(self.owner, None)
        self._db.execute("DELETE FROM lease WHERE owner = ?", (self.owner,))
