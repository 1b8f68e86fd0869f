"""What a user may set for a run, with the defaults."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Final

from newsclean.dataset import FormChoice
from newsclean.dataset.layout import check_shard_id
from newsclean.errors import ConfigError
from newsclean.sources import Reading

__all__ = ["RUNNERS", "Limits", "RunOptions", "usable_cores"]

RUNNERS: Final = ("local", "ray")
_LEAST_MEMORY: Final = 2**24  # most pages take less, and to parse a common one takes some of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one page may cost before it is rejected: seconds, bytes unpacked, bytes of memory (None: no limit)."""

    page_timeout_s: float = 30.0
    max_page_bytes: int = 50_000_000
    max_page_memory_bytes: int | None = 2 * 2**30

    def __post_init__(self) -> None:
        """Refuse limits that no page could keep."""
        for name in ("page_timeout_s", "max_page_bytes", "max_page_memory_bytes"):
            value = getattr(self, name)
            if value is not None and not value > 0:  # NaN is not
                raise ConfigError(f"{name}: {value} lets no page through; give a number above 0")
        if self.max_page_memory_bytes is not None and self.max_page_memory_bytes < _LEAST_MEMORY:
            raise ConfigError(
                f"max_page_memory_bytes: {self.max_page_memory_bytes:,} is too little for any page; "
                f"give {_LEAST_MEMORY:,} (16 MiB) or more"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How a run is made; nothing here changes a row, but for the limits, the reading and the language backend.

    `workers` = 0 cleans in this process, without deadline and memory limit (for a debugger); None
    takes one worker a core. `retry`: clean again the pages that crashed, timed out or ran out of
    memory. `runner` is `local` or `ray`, `address` that of a Ray cluster (None: one on this machine).
    `hold` is the id of a batch that all rows go to, to be released into the dataset later. `form` is
    that of the dataset's files, which must be so already if it is there.
    """

    workers: int | None = None
    language_backend: str = "auto"
    limits: Limits = field(default_factory=Limits)
    reading: Reading = field(default_factory=Reading)
    retry: bool = False
    hold: str | None = None
    runner: str = "local"
    address: str | None = None
    form: FormChoice = field(default_factory=FormChoice)

    def __post_init__(self) -> None:
        """Refuse a number of workers that is none."""
        if self.workers is not None and self.workers < 0:
            raise ConfigError(f"workers: {self.workers} is no number of processes; give 0 or more")
        if self.runner not in RUNNERS:
            raise ConfigError(f"runner: {self.runner!r} is unknown; known are {', '.join(RUNNERS)}")
        if self.address is not None and self.runner != "ray":
            raise ConfigError(f"address: {self.address} is of a Ray cluster; add --runner ray, or leave it out")
        if self.hold is not None:
            try:
                check_shard_id(self.hold)
            except ValueError as error:
                raise ConfigError(f"hold: {str(error).replace('shard id', 'id of a batch')}") from error


def usable_cores() -> int:
    """Return how many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS
        return os.cpu_count() or 1
