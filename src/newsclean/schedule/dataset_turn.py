"""One run after the other into a dataset: a dataset has one writer at a time, and jobs share datasets."""

from __future__ import annotations

import fcntl
import hashlib
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from newsclean.dataset.layout import Layout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["dataset_turn"]


@contextmanager
def dataset_turn(state: Path, dataset: Path, *, wait: Callable[[], None]) -> Iterator[None]:
    """Wait until no other run of this project, and nobody else, writes to a dataset; `wait` is called meanwhile.

    The turn ends with the block, and with the process. What it keeps out are the runs of one
    project; somebody else may still begin to write.
    """
    name = hashlib.sha256(os.fsencode(dataset.resolve())).hexdigest()[:16]
    handle = os.open(state / f"turn-{name}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        while not _is_locked_by_us(handle):
            wait()
        while _is_written(Layout(dataset).lock):
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


def _is_written(lock: Path) -> bool:
    try:
        handle = os.open(lock, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _is_locked_by_us(handle)
    finally:
        os.close(handle)
