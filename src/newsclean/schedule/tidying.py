"""Logs and reports of runs that are long over go; the ledger itself keeps every run."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import datetime as dt

    from newsclean.schedule.jobs import Jobs

__all__ = ["tidy"]

_FOLDERS: Final = {"logs": "*/*.log", "reports": "*/*.json"}


def tidy(jobs: Jobs, now: dt.datetime) -> int:
    """Remove the logs and reports that are older than `keep`, and return how many they were."""
    oldest_s = (now - jobs.keep).timestamp()
    count = 0
    for folder, pattern in _FOLDERS.items():
        for path in (jobs.state / folder).glob(pattern):
            with suppress(OSError):
                if path.stat().st_mtime < oldest_s:
                    path.unlink()
                    count += 1
    return count
