"""What the system holds a worker to: memory a page, and an end when its parent ends."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["die_with", "memory_limit", "waited_s"]

_STATM: Final = "/proc/self/statm"
_STATM_BYTES: Final = 256
_PAGE_BYTES: Final = resource.getpagesize()
_PR_SET_PDEATHSIG: Final = 1


@contextmanager
def memory_limit(max_bytes: int | None) -> Iterator[None]:
    """Let the block take at most `max_bytes` above what the process has now; past that, MemoryError.

    Without effect where the system does not tell the size of a process (not Linux).
    """
    now = _address_space_bytes() if max_bytes is not None else None
    if max_bytes is None or now is None:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = now + max_bytes
    bounds = [bound for bound in (soft, hard) if bound != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min([wanted, *bounds]), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def die_with(parent: int) -> None:
    """Have the system kill this process when the process `parent`, which started it, ends.

    Linux only; elsewhere a worker ends when it next wants something of its parent.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the call
            os._exit(1)


def waited_s(pid: int) -> float:
    """Return how long a process was ready to run and had to wait for a processor; 0 where that is not told."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_bytes().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def _address_space_bytes() -> int | None:
    handle = _statm()
    return None if handle is None else int(os.pread(handle, _STATM_BYTES, 0).split(b" ", 1)[0]) * _PAGE_BYTES


@cache
def _statm() -> int | None:
    """Return the descriptor that tells this process's size, left open: it is asked for each page."""
    try:
        return os.open(_STATM, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None


# What is open tells the size of the process that opened it.
os.register_at_fork(after_in_child=_statm.cache_clear)
