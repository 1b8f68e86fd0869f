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

import sqlite3
import threading
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from newsclean.crawl.state.lease import StateInUse
from newsclean.remote.lease import LEASE_LENGTH, Lease, LeaseTaken
from newsclean.remote.objects import SCHEME, ObjectStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.settings import BaseSettings

__all__ = ["RemoteSite", "local_raw"]

_LEASE: Final = "lease.json"
_STATE: Final = "state.sqlite"
_OWNERS: Final = "owners"
_ARCHIVES: Final = "*.warc.gz"


def local_raw(settings: BaseSettings) -> Path:
    """Return the folder that archives are written to: NEWSCLEAN_RAW, or for one in a store its place in the spool."""
    raw = str(settings.get("NEWSCLEAN_RAW") or "raw")
    if not raw.startswith(SCHEME):
        return Path(raw)
    return Path(settings.get("NEWSCLEAN_SPOOL") or ".newsclean/spool") / raw.removeprefix(SCHEME).strip("/")


class RemoteSite:
    """One site's folder in the store and in the spool. Raises StateInUse and DatasetError."""

    def __init__(self, store: ObjectStore, site: str, folder: Path) -> None:
        self._store = store
        self._site = site
        self._folder = folder
        self._lease = Lease(store, self._key(_LEASE))
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
        # The next owner is named in the spool before it is in the store, so that a kill between them loses nothing.
        owners = self._folder / _OWNERS
        known = owners.read_text(encoding="ascii").split() if owners.exists() else []
        owners.write_text("\n".join([*known, self._lease.owner]), encoding="ascii")
        try:
            with self._in_use():
                before = self._lease.take()
        except StateInUse:
            owners.write_text("\n".join(known), encoding="ascii")
            raise
        if before and before["owner"] not in known:
            self._have_state_of_store()
        owners.write_text(self._lease.owner, encoding="ascii")

    def renew(self) -> None:
        """Lengthen the lease if a quarter of it is used up; raises StateInUse if another machine has it."""
        with self._lock:
            if self._is_finished or self._lease.left() > LEASE_LENGTH * 3 / 4:
                return
            with self._in_use():
                self._lease.renew()

    def give_back(self) -> None:
        """End the lease; who had it stays written."""
        with suppress(LeaseTaken):
            self._lease.give_back()

    @contextmanager
    def _in_use(self) -> Iterator[None]:
        try:
            yield
        except LeaseTaken as error:
            raise StateInUse(
                f"{self._store.address}: {error} crawls {self._site}; wait until it is done, or stop it (a machine "
                f"that is gone holds the site for {LEASE_LENGTH.total_seconds():.0f} s)"
            ) from error

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
