"""One writer at a time: a lock on a file that the system gives back when the process ends."""

from __future__ import annotations

import fcntl
import os
import time
from typing import TYPE_CHECKING, Final, Self
from weakref import WeakSet

from newsclean.errors import DatasetError
from newsclean.remote.path import StorePath

if TYPE_CHECKING:
    from pathlib import Path

    from newsclean.dataset.layout import Layout
    from newsclean.dataset.store_lock import StoreLock

# A worker that was just being started when its run was killed notices it once it is up.
_LAST_WORKERS_S: Final = 15.0
_LOOKED_EVERY_S: Final = 0.05


def take_lock(layout: Layout) -> WriterLock | StoreLock:
    """Take the right to write to a dataset; held elsewhere, it is a DatasetError that names the process."""
    if not isinstance(layout.root, StorePath):
        return WriterLock.take(layout.lock, layout.root)
    from newsclean.dataset.store_lock import StoreLock  # noqa: PLC0415  (rarely needed)

    assert isinstance(layout.state, StorePath)
    return StoreLock.take(layout.state, layout.root)


def is_written(layout: Layout) -> bool:
    """Tell whether somebody has the right to write to a dataset now."""
    if isinstance(layout.state, StorePath):
        from newsclean.dataset.store_lock import StoreLock  # noqa: PLC0415  (rarely needed)

        return StoreLock.is_taken(layout.state)
    try:
        handle = os.open(layout.lock, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


class WriterLock:
    """The right to write to a dataset, from `take` to `release`."""

    def __init__(self, handle: int) -> None:
        self._handle: int | None = handle
        _held.add(self)

    @classmethod
    def take(cls, path: Path, dataset: Path) -> Self:
        """Lock the file `path`; a lock held elsewhere is a DatasetError that names the process."""
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(handle)
        except BlockingIOError:
            holder = _holder(handle)
            os.close(handle)
            msg = (
                f"{dataset}: another newsclean process (pid {holder or 'unknown'}) is writing to this dataset; "
                f"wait until it has ended, or stop it, and run again"
            )
            raise DatasetError(msg) from None
        except OSError:
            os.close(handle)
            raise
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        return cls(handle)

    def fileno(self) -> int:
        """Return the descriptor that holds the lock; it is -1 once the lock is given back."""
        return -1 if self._handle is None else self._handle

    def release(self) -> None:
        """Give the lock back; twice is once."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)


def _lock(handle: int) -> None:
    """Lock, or raise BlockingIOError; for a process that was killed, wait until its workers are gone as well."""
    deadline = time.monotonic() + _LAST_WORKERS_S
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            from newsclean.remote.lease import is_process  # noqa: PLC0415  (rarely needed)

            holder = _holder(handle)
            if not holder.isdecimal() or is_process(int(holder)) or time.monotonic() > deadline:
                raise
            time.sleep(_LOOKED_EVERY_S)
        else:
            return


def _holder(handle: int) -> str:
    return os.pread(handle, 32, 0).decode("ascii", "replace").strip()


# A forked worker inherits the handle, and with it the lock: if it outlived a killed run, the next
# run would be locked out by a process that writes nothing.
_held: WeakSet[WriterLock] = WeakSet()


def _let_go() -> None:
    for lock in list(_held):
        lock.release()


os.register_at_fork(after_in_child=_let_go)
