"""A lease that one process at a time has: an object with host, process and expiry, written by conditional puts."""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
import uuid
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from newsclean.remote.objects import ObjectStore

__all__ = ["LEASE_LENGTH", "Lease", "LeaseTaken", "is_process", "may_live"]

LEASE_LENGTH: Final = dt.timedelta(seconds=120)
_HELD: Final[set[str]] = set()  # the leases of this process


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class LeaseTaken(Exception):
    """Another process has the lease; the text says which."""


class Lease:
    """The right to be the only one, from `take` to `give_back`; it ends by itself if it is not renewed.

    Raises LeaseTaken where another has it, and StoreError. Clocks of machines must agree within some seconds.
    """

    def __init__(self, store: ObjectStore, key: str, *, clock: Callable[[], dt.datetime] = _now) -> None:
        self.owner = uuid.uuid4().hex
        self._store = store
        self._key = key
        self._clock = clock
        self._etag: str | None = None
        self._expires_at = clock()

    def take(self) -> dict[str, Any] | None:
        """Take the lease and return what it was before, with its `owner`; None where there was none.

        One that has run out is taken over, and at once one whose process on this machine is gone.
        """
        found = self._store.get(self._key)
        before = _read(found[0]) if found else None
        if before and self._is_running(before):
            raise LeaseTaken(_holder(before))
        self._etag = found[1] if found else None
        self._write(LEASE_LENGTH)
        _HELD.add(self.owner)
        return before

    def is_taken(self) -> bool:
        """Tell whether somebody has the lease; it is not taken by that."""
        found = self._store.get(self._key)
        lease = _read(found[0]) if found else None
        return lease is not None and self._is_running(lease)

    def renew(self) -> None:
        """Have the lease last as long from now on as at first."""
        self._write(LEASE_LENGTH)

    def left(self) -> dt.timedelta:
        """Return how long the lease lasts if it is not renewed; it is negative when it is over."""
        return self._expires_at - self._clock()

    def give_back(self) -> None:
        """End the lease; who had it stays written."""
        _HELD.discard(self.owner)
        self._write(dt.timedelta(0))

    def _is_running(self, lease: dict[str, Any]) -> bool:
        is_over = dt.datetime.fromisoformat(lease["expires_at"]) <= self._clock()
        return not is_over and may_live(lease["owner"], lease["host"], lease["pid"], own=_HELD)

    def _write(self, length: dt.timedelta) -> None:
        expires_at = self._clock() + length
        values = {
            "owner": self.owner,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "expires_at": expires_at.isoformat(),
        }
        body = json.dumps(values).encode()
        etag = self._store.put_if(self._key, body, etag=self._etag)
        if etag is None:
            # A put whose answer was lost is tried again, and then refused because of itself.
            found = self._store.get(self._key)
            if found is None or found[0] != body:
                raise LeaseTaken(_holder(_read(found[0]) if found else None))
            etag = found[1]
        self._etag, self._expires_at = etag, expires_at


def may_live(owner: str, host: str, pid: int, *, own: Container[str]) -> bool:
    """Tell whether a lease's process may be alive; `own` are the owners that this process stands for."""
    if host != socket.gethostname():
        return True
    return owner in own if pid == os.getpid() else is_process(pid)


def is_process(pid: int) -> bool:
    """Tell whether a process of this id is running here."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _read(content: bytes) -> dict[str, Any] | None:
    """Return a lease as it was written; None for anything else, which nobody renews."""
    try:
        lease: dict[str, Any] = json.loads(content)
        dt.datetime.fromisoformat(lease["expires_at"])
        return {**lease, "owner": str(lease["owner"]), "host": str(lease["host"]), "pid": int(lease["pid"])}
    except (ValueError, KeyError, TypeError):
        return None


def _holder(lease: dict[str, Any] | None) -> str:
    return f"process {lease['pid']} on {lease['host']}" if lease else "another process"
