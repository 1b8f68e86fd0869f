"""An archive in an object store: several machines crawl different sites into one `s3://bucket/prefix`.

    NEWSCLEAN_RAW = "s3://bucket/raw"       NEWSCLEAN_SPOOL = ".newsclean/spool"

A crawl writes into a local folder, the spool; WARC files that are full go up, and so does all there
is every `NEWSCLEAN_UPLOAD_EVERY_S` seconds and at the end: first archives, then the state as it was when
they were closed, so that the state in the store never knows of a response that the store has not.

One machine at a time has a site: `lease.json`, written only if it is what it was (a conditional put). It says
who had the site last. Where that was this spool, a crawl goes on with the spool's own state, which a kill
has left; where it was another one, with the state in the store.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
import sqlite3
import threading
import time
import uuid
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from newsclean.crawl.object_store import SCHEME, ObjectStore
from newsclean.crawl.state_lease import LEASE_LENGTH, StateInUse, may_live

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.settings import BaseSettings

__all__ = ["RemoteSite", "local_raw"]

_LEASE: Final = "lease.json"
_STATE: Final = "state.sqlite"
_OWNERS: Final = "owners"
_ARCHIVES: Final = "*.warc.gz"
_HELD: Final[set[str]] = set()  # the leases of this process


def local_raw(settings: BaseSettings) -> Path:
    """Return the folder that archives are written to: NEWSCLEAN_RAW, or for one in a store its place in the spool."""
    raw = str(settings.get("NEWSCLEAN_RAW") or "raw")
    if not raw.startswith(SCHEME):
        return Path(raw)
    return Path(settings.get("NEWSCLEAN_SPOOL") or ".newsclean/spool") / raw.removeprefix(SCHEME).strip("/")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class RemoteSite:
    """One site's folder in the store and in the spool. Raises StateInUse and DatasetError."""

    def __init__(self, store: ObjectStore, site: str, folder: Path, *, clock: Callable[[], dt.datetime] = _now) -> None:
        self._store = store
        self._site = site
        self._folder = folder
        self._clock = clock
        self._owner = uuid.uuid4().hex
        self._etag: str | None = None
        self._renewed = 0.0
        # A running upload is waited for at the end, and one that comes after it must not undo what it wrote.
        self._lock = threading.RLock()
        self._is_finished = False

    @classmethod
    def of(cls, settings: BaseSettings, site: str) -> RemoteSite | None:
        """Return a site's folder in the store, None where the archive is not in one."""
        raw = str(settings.get("NEWSCLEAN_RAW") or "")
        return cls(ObjectStore(raw), site, local_raw(settings) / site) if raw.startswith(SCHEME) else None

    # ---- the lease ----

    def take(self) -> None:
        """Take the site, and have its newest state in the spool."""
        self._folder.mkdir(parents=True, exist_ok=True)
        found = self._store.get(self._key(_LEASE))
        before = json.loads(found[0]) if found else None
        if before and self._is_held(before):
            raise self._in_use(before)
        # The next owner is named in the spool before it is in the store, so that a kill between them loses nothing.
        owners = self._folder / _OWNERS
        known = owners.read_text(encoding="ascii").split() if owners.exists() else []
        owners.write_text("\n".join([*known[-1:], self._owner]), encoding="ascii")
        self._etag = self._store.put_if(self._key(_LEASE), self._lease(LEASE_LENGTH), etag=found[1] if found else None)
        if self._etag is None:
            owners.write_text("\n".join(known), encoding="ascii")
            raise self._in_use(before)
        self._renewed = time.monotonic()
        _HELD.add(self._owner)
        if before and before["owner"] not in known:
            self._have_state_of_store()
        owners.write_text(self._owner, encoding="ascii")

    def _is_held(self, lease: dict[str, Any]) -> bool:
        is_running = dt.datetime.fromisoformat(lease["expires_at"]) > self._clock()
        return is_running and may_live(lease["owner"], lease["host"], lease["pid"], own=_HELD)

    def renew(self) -> None:
        """Lengthen the lease if a quarter of it is used up; raises StateInUse if another machine has it."""
        with self._lock:
            if self._is_finished or time.monotonic() - self._renewed < LEASE_LENGTH.total_seconds() / 4:
                return
            etag = self._store.put_if(self._key(_LEASE), self._lease(LEASE_LENGTH), etag=self._etag)
            if etag is None:
                raise self._in_use(None)
            self._etag, self._renewed = etag, time.monotonic()

    def give_back(self) -> None:
        """End the lease; who had it stays written."""
        _HELD.discard(self._owner)
        self._store.put_if(self._key(_LEASE), self._lease(dt.timedelta(0)), etag=self._etag)

    def _lease(self, length: dt.timedelta) -> bytes:
        values = {
            "owner": self._owner,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "expires_at": (self._clock() + length).isoformat(),
        }
        return json.dumps(values).encode()

    def _in_use(self, lease: dict[str, Any] | None) -> StateInUse:
        who = f"process {lease['pid']} on {lease['host']}" if lease else "another machine"
        return StateInUse(
            f"{self._store.address}: {who} crawls {self._site}; wait until it is done, or stop it (a machine "
            f"that is gone holds the site for {LEASE_LENGTH.total_seconds():.0f} s)"
        )

    def _have_state_of_store(self) -> None:
        """Take the state of the store; what the spool has of its own is of an earlier time, and put aside."""
        for path in self._folder.glob(f"{_STATE}*"):
            path.replace(path.with_name(f"superseded-{path.name}"))
        self._store.download(self._key(_STATE), self._folder / _STATE)

    # ---- what goes up, and comes down again ----

    def snapshot(self) -> Path:
        """Write the committed state to a file beside it, and return that."""
        target = self._folder / f"snapshot-{_STATE}"
        target.unlink(missing_ok=True)
        with closing(sqlite3.connect(self._folder / _STATE)) as state, closing(sqlite3.connect(target)) as copy:
            state.backup(copy)
        return target

    def closed_archives(self) -> list[Path]:
        """Return the archives in the spool; to be asked while none is open."""
        return sorted(self._folder.glob(_ARCHIVES))

    def upload(self, archives: list[Path], state: Path) -> int:
        """Put archives that the store has not, and after them the state, into the store; return how many went up."""
        with self._lock:
            return 0 if self._is_finished else self._upload(archives, state)

    def _upload(self, archives: list[Path], state: Path) -> int:
        there, count = self._store.sizes(self._site), 0
        for path in archives:
            if there.get(path.name) != path.stat().st_size:
                self.renew()
                self._store.upload(path, self._key(path.name))
                count += 1
        self.renew()
        self._store.upload(state, self._key(_STATE))
        return count

    def finish(self) -> None:
        """Put all there is into the store, give the site back, and free the spool of archives."""
        archives = self.closed_archives()
        with self._lock:
            self._upload(archives, self._folder / _STATE)
            self.give_back()
            self._is_finished = True
        for path in archives:
            path.unlink()

    def bring(self, name: str) -> bool:
        """Have an archive in the spool that the store has; False where it has not."""
        return self._store.download(self._key(name), self._folder / name)

    def _key(self, name: str) -> str:
        return f"{self._site}/{name}"
