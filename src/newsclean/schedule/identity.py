"""Which process it was: a number alone may belong to somebody else by now."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

__all__ = ["ProcessIdentity", "age_s", "identity_of", "is_alive", "own_identity"]

_PROC: Final = Path("/proc")
_BOOT: Final = _PROC / "sys/kernel/random/boot_id"
# Fields of /proc/PID/stat after the name in brackets, which may hold anything.
_STATE: Final = 0
_STARTED: Final = 19


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessIdentity:
    """One process in all of time: host, boot of that host, number, and when it started, as the system counts that."""

    host: str
    boot: str
    pid: int
    started: str


def own_identity() -> ProcessIdentity:
    """Return who this process is."""
    found = identity_of(os.getpid())
    assert found is not None
    return found


def identity_of(pid: int) -> ProcessIdentity | None:
    """Return who has this number on this host now; None for nobody, and for a process that has ended."""
    started = _start_of(pid)
    return (
        None if started is None else ProcessIdentity(host=socket.gethostname(), boot=_boot(), pid=pid, started=started)
    )


def is_alive(identity: ProcessIdentity) -> bool | None:
    """Tell whether the process runs; None where that cannot be seen from here (it is on another host)."""
    if identity.host != socket.gethostname():
        return None
    return identity.boot == _boot() and _start_of(identity.pid) == identity.started


def age_s(identity: ProcessIdentity) -> float | None:
    """Return for how many seconds a process of this host has lived, whatever the clock was set to meanwhile.

    None where that cannot be told: it is gone, on another host, or the system does not say.
    """
    if not _BOOT.exists() or not is_alive(identity):
        return None
    return time.clock_gettime(time.CLOCK_BOOTTIME) - int(identity.started) / os.sysconf("SC_CLK_TCK")


@lru_cache(maxsize=1)
def _boot() -> str:
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except OSError:  # not on macOS: there the start of a process is a date, and enough
        return ""


def _start_of(pid: int) -> str | None:
    if not _BOOT.exists():
        return _start_by_ps(pid)
    try:
        fields = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[_STATE] in {"Z", "X"} else fields[_STARTED]


def _start_by_ps(pid: int) -> str | None:
    done = subprocess.run(  # noqa: S603  (a number is all that is put in)
        ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, started = done.stdout.strip().partition(" ")
    return None if not started or state.startswith("Z") else started.strip()
