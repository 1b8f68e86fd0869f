"""One writer at a time: a lock on a file that the system gives back when the process ends."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, Self
from weakref import WeakSet

from newsclean.errors import DatasetError
from newsclean.remote.path import StorePath

if TYPE_CHECKING:
    from pathlib import Path

    from newsclean.dataset.layout import Layout
    from newsclean.dataset.store_lock import StoreLock


def take_lock(layout: Layout) -> WriterLock | StoreLock:
    """Take the right to write to a dataset; held elsewhere, it is a DatasetError that names the process."""
    if not isinstance(layout.root, StorePath):
        return WriterLock.take(layout.lock, layout.root)
    from newsclean.dataset.store_lock import StoreLock  # noqa: PLC0415  (rarely needed)

    assert isinstance(layout.state, StorePath)
    return StoreLock.take(layout.state, layout.root)


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
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(handle, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(handle)
            msg = (
                f"{dataset}: another newsclean process (pid {holder}) is writing to this dataset; "
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


# A forked worker inherits the handle, and with it the lock: if it outlived a killed run, the next
# run would be locked out by a process that writes nothing.
_held: WeakSet[WriterLock] = WeakSet()


def _let_go() -> None:
    for lock in list(_held):
        lock.release()


os.register_at_fork(after_in_child=_let_go)
