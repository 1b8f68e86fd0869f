"""One run after the other into a dataset: a dataset has one writer at a time, and jobs share datasets."""

from __future__ import annotations

import fcntl
import hashlib
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from newsclean.dataset.layout import Layout
from newsclean.dataset.lock import is_written
from newsclean.remote.path import StorePath

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["dataset_turn"]

_WAITS: Final = 25  # between two questions to an object store, each of which costs something


@contextmanager
def dataset_turn(state: Path, dataset: Path, *, wait: Callable[[], None]) -> Iterator[None]:
    """Wait until no other run of this project, and nobody else, writes to a dataset; `wait` is called meanwhile.

    The turn ends with the block, and with the process. What it keeps out are the runs of one
    project; somebody else may still begin to write.
    """
    name = hashlib.sha256(os.fsencode(str(dataset.resolve()))).hexdigest()[:16]
    handle = os.open(state / f"turn-{name}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        while not _is_locked_by_us(handle):
            wait()
        while is_written(Layout(dataset)):
            for _ in range(_WAITS if isinstance(dataset, StorePath) else 1):
                wait()
        yield
    finally:
        os.close(handle)


def _is_locked_by_us(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
