"""One process at a time keeps the schedule: a lease in the ledger, with the process that has it and an expiry.

It is taken over at once where its process can be seen to be gone (same host), else when it has run
out: after `LEASE_S`. Should two processes ever both think that they have it, the ledger's own
conditions still let each slot be decided and each attempt be started once.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from newsclean.schedule.identity import ProcessIdentity, is_alive, own_identity
from newsclean.schedule.ledger_tables import time_text

if TYPE_CHECKING:
    from newsclean.schedule.ledger import Ledger

__all__ = ["LEASE_S", "Holder", "Lease"]

LEASE_S: Final = 30
_LENGTH: Final = dt.timedelta(seconds=LEASE_S)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has the lease, and until when."""

    owner: str
    process: ProcessIdentity
    expires_at: dt.datetime


class Lease:
    """The right to keep the schedule, from `take` to `give_back`."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._owner = uuid.uuid4().hex
        self._process = own_identity()
        self._renewed_at: dt.datetime | None = None

    def take(self, now: dt.datetime) -> bool:
        """Take the lease, or keep it; False where somebody else has it."""
        if self._renewed_at is not None and dt.timedelta(0) <= now - self._renewed_at < _LENGTH / 3:
            return True
        with self._ledger.transaction() as db:
            holder = _holder(self._ledger)
            if holder is not None and holder.owner != self._owner and _holds(holder, now):
                self._renewed_at = None
                return False
            mine = self._process
            db.execute(
                "INSERT OR REPLACE INTO lease VALUES (1, ?, ?, ?, ?, ?, ?)",
                (self._owner, mine.host, mine.boot, mine.pid, mine.started, time_text(now + _LENGTH)),
            )
        self._renewed_at = now
        return True

    def give_back(self) -> None:
        """End the lease, if it is held."""
        self._renewed_at = None
        with self._ledger.transaction() as db:
            db.execute("DELETE FROM lease WHERE owner = ?", (self._owner,))

    def holder(self, now: dt.datetime) -> Holder | None:
        """Return who has the lease, whoever it is."""
        found = _holder(self._ledger)
        return found if found is not None and _holds(found, now) else None


def _holder(ledger: Ledger) -> Holder | None:
    row = ledger.db.execute("SELECT * FROM lease").fetchone()
    if row is None:
        return None
    process = ProcessIdentity(host=row["host"], boot=row["boot"], pid=row["pid"], started=row["pid_started"])
    return Holder(row["owner"], process, dt.datetime.fromisoformat(row["expires_at"]))


def _holds(holder: Holder, now: dt.datetime) -> bool:
    # An expiry further away than a lease is long was written before the clock was set back.
    return now < holder.expires_at <= now + _LENGTH and is_alive(holder.process) is not False
