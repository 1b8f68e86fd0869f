"""A worker's heartbeat: a few numbers in shared memory, so that telling of a page costs a microsecond."""

from __future__ import annotations

import mmap
import os
import struct
import tempfile
from dataclasses import dataclass
from typing import Final, Self

__all__ = ["NO_PAGE", "Beat", "Pulse"]

_NUMBERS: Final = struct.Struct("=qqqqq")
_SIZE: Final = mmap.PAGESIZE
NO_PAGE: Final = -1


@dataclass(frozen=True, slots=True)
class Beat:
    """Where a worker is: `serial` grows with every beat, `index` is the page's in its shard (-1: on none).

    `pages`, `articles` and `rejections` count those of the shard so far.
    """

    serial: int = 0
    index: int = NO_PAGE
    pages: int = 0
    articles: int = 0
    rejections: int = 0


class Pulse:
    """Shared memory behind a file descriptor: the worker writes beats, its parent reads the last one."""

    def __init__(self, handle: int) -> None:
        """Map the memory behind an open file of ours."""
        self._memory = mmap.mmap(handle, _SIZE)
        self._serial = 0

    @classmethod
    def create(cls) -> tuple[Self, int]:
        """Return a new pulse and a descriptor for the worker, to be closed by the caller."""
        with tempfile.TemporaryFile() as file:
            file.truncate(_SIZE)
            handle = os.dup(file.fileno())
        pulse = cls(handle)
        pulse.rest()
        return pulse, handle

    def beat(self, index: int, *, pages: int, articles: int, rejections: int) -> None:
        """Tell that the page `index` begins, or is still being looked for."""
        self._serial += 1
        _NUMBERS.pack_into(self._memory, 0, self._serial, index, pages, articles, rejections)

    def rest(self) -> None:
        """Tell that no shard is in work."""
        self.beat(NO_PAGE, pages=0, articles=0, rejections=0)

    def read(self) -> Beat:
        """Return the last beat."""
        return Beat(*_NUMBERS.unpack_from(self._memory))

    def close(self) -> None:
        """Give the memory back."""
        self._memory.close()
