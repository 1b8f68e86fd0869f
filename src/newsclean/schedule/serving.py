"""The schedule kept: tick after tick, by whoever has the lease."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from newsclean.config import PROJECT_FILE
from newsclean.errors import ConfigError
from newsclean.schedule.jobs import load_jobs
from newsclean.schedule.lease import Lease
from newsclean.schedule.ticking import tick
from newsclean.schedule.tidying import tidy

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsclean.schedule.jobs import Jobs
    from newsclean.schedule.lease import Holder
    from newsclean.schedule.ledger import Ledger
    from newsclean.schedule.ticking import Launcher, TickReport

__all__ = ["Clock", "Listener", "keep", "tick_once"]

_LOOK_S: Final = 0.2
_TIDY_EVERY: Final = dt.timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Clock:
    """The time, and waiting: what a simulation puts its own in the place of."""

    now: Callable[[], dt.datetime] = field(default=lambda: dt.datetime.now(dt.UTC))
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Whom `keep` tells what it does, and who tells it to stop."""

    should_stop: Callable[[], bool]
    on_tick: Callable[[TickReport], None]
    on_note: Callable[[str], None]


def tick_once(jobs: Jobs, ledger: Ledger, launcher: Launcher, clock: Clock) -> TickReport | Holder:
    """Tick, and return what was done; or who keeps the schedule, where somebody else does."""
    lease = Lease(ledger)
    now = clock.now()
    if not lease.take(now):
        holder = lease.holder(now)
        if holder is not None:
            return holder
    try:
        report = tick(jobs, ledger, launcher, now)
        tidy(jobs, now)
        return report
    finally:
        lease.give_back()


def keep(
    jobs: Jobs,
    ledger: Ledger,
    launcher: Launcher,
    clock: Clock,
    listener: Listener,
    *,
    poll_s: float = 2.0,
) -> None:
    """Tick every `poll_s` seconds while this process has the lease, wait for it while another has; until told to stop.

    A changed newsclean.toml is taken up; one with a fault is told of, and the old one stays. Runs go
    on when this ends.
    """
    lease = Lease(ledger)
    config = _Config(jobs, listener.on_note)
    keeps, tidied_at = None, None
    try:
        while not listener.should_stop():
            now = clock.now()
            has_it = lease.take(now)
            if has_it is not keeps:
                keeps = has_it
                listener.on_note("keeps the schedule" if keeps else "stands by: another process keeps the schedule")
            if keeps:
                listener.on_tick(tick(config.current(), ledger, launcher, now))
                if tidied_at is None or abs(now - tidied_at) > _TIDY_EVERY:
                    tidied_at = now
                    tidy(jobs, now)
            _wait(poll_s, clock, listener.should_stop)
    finally:
        lease.give_back()


def _wait(seconds: float, clock: Clock, should_stop: Callable[[], bool]) -> None:
    while seconds > 0 and not should_stop():
        clock.sleep(min(seconds, _LOOK_S))
        seconds -= _LOOK_S


class _Config:
    """The jobs as newsclean.toml has them now."""

    def __init__(self, jobs: Jobs, on_note: Callable[[str], None]) -> None:
        self._jobs = jobs
        self._file = jobs.folder / PROJECT_FILE
        self._on_note = on_note
        self._seen = self._stamp()

    def current(self) -> Jobs:
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen = stamp
            try:
                self._jobs = load_jobs(self._jobs.folder)
                self._on_note(f"{PROJECT_FILE} was read again: {len(self._jobs.jobs)} jobs")
            except ConfigError as error:
                self._on_note(f"{error} (what was read before stays in use)")
        return self._jobs

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size
