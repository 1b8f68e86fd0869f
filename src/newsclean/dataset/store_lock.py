"""One writer at a time in an object store: a lease that is renewed as long as its process lives."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from newsclean.errors import DatasetError
from newsclean.remote.lease import LEASE_LENGTH, Lease, LeaseTaken
from newsclean.remote.objects import ObjectStore, StoreError
from newsclean.remote.path import before_changes

if TYPE_CHECKING:
    from newsclean.remote.path import StorePath

__all__ = ["StoreLock"]

_NAME: Final = "lease.json"
_RENEWED_EVERY_S: Final = LEASE_LENGTH.total_seconds() / 4
# A change that is begun later than this before the end of the lease might come after it.
_MARGIN: Final = LEASE_LENGTH / 4


class StoreLock:
    """The right to write to a dataset, from `take` to `release`.

    No change of it is made by this process unless the lease is good, however long the process stood still before.
    """

    def __init__(self, lease: Lease, root: StorePath) -> None:
        self._lease: Lease | None = lease
        self._root = root
        self._turn = threading.Lock()
        self._end = threading.Event()
        self._handle = os.open(os.devnull, os.O_RDONLY)
        before_changes(root, self._check)
        self._thread = threading.Thread(target=self._keep, name="newsclean-lease", daemon=True)
        self._thread.start()

    @classmethod
    def take(cls, state: StorePath, root: StorePath) -> Self:
        """Take the lease in the folder `state` of the dataset `root`; a DatasetError names who has it."""
        lease = Lease(ObjectStore(str(state)), _NAME)
        try:
            lease.take()
        except LeaseTaken as error:
            raise DatasetError(_refusal(root, error)) from None
        return cls(lease, root)

    @classmethod
    def is_taken(cls, state: StorePath) -> bool:
        """Tell whether a process, be it this one, has the lease in the folder `state`."""
        return Lease(ObjectStore(str(state)), _NAME).is_taken()

    def fileno(self) -> int:
        """Return a descriptor to hand to workers, as with a lock on a disk; it holds nothing."""
        return self._handle

    def release(self) -> None:
        """Give the lease back; twice is once."""
        with self._turn:
            lease, self._lease = self._lease, None
            if lease is None:
                return
            before_changes(self._root, None)
            # If the store cannot be asked, or another has the lease, it ends by itself, or has ended.
            with suppress(StoreError, LeaseTaken):
                lease.give_back()
        self._end.set()
        os.close(self._handle)
        self._handle = -1

    def _keep(self) -> None:
        while not self._end.wait(_RENEWED_EVERY_S):
            # A store that cannot be asked may be asked again; whether the lease is good is asked before each change.
            with suppress(StoreError, LeaseTaken):
                self._renew()

    def _check(self) -> None:
        if self._lease is None or self._lease.left() > _MARGIN:
            return
        try:
            self._renew()
        except LeaseTaken as error:
            raise DatasetError(f"{_refusal(self._root, error)}: this process stood still, and lost its turn") from None

    def _renew(self) -> None:
        with self._turn:
            if self._lease is not None:
                self._lease.renew()


def _refusal(root: StorePath, error: LeaseTaken) -> str:
    return (
        f"{root}: another newsclean ({error}) is writing to this dataset; wait until it has ended, or stop it, and run "
        f"again (one that is gone on another machine holds it for {LEASE_LENGTH.total_seconds():.0f} s)"
    )
