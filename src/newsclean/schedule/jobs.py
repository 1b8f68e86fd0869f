"""The jobs of a project, as `newsclean.toml` has them: checked at load, with errors that name line and key."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from newsclean.errors import ConfigError
from newsclean.schedule.ledger import LEDGER_FILE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsclean.schedule.slots import Times

__all__ = ["CatchUp", "Job", "Jobs", "OnAlarm", "Overlap", "load_jobs"]

JOB_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class Overlap(StrEnum):
    """What becomes of a slot that comes while the job is still at an earlier one."""

    SKIP = "skip"
    QUEUE = "queue"
    CANCEL = "cancel"


class CatchUp(StrEnum):
    """Which of the slots that nobody was there for are run afterwards."""

    NONE = "none"
    LATEST = "latest"
    ALL = "all"


class OnAlarm(StrEnum):
    """What becomes of the articles of a run that a check raises an alarm for."""

    NOTE = "note"
    HOLD = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job: a spider whose pages are cleaned, or folders and files to clean, and when and how it is run.

    `retries` are attempts after the first, `backoff` is the wait before the first of them and doubles
    with each. A slot is on time up to `grace` after it was due. `after` names the jobs whose runs of
    the same or an earlier slot have to have ended well first. Folders are absolute; `output`
    may be an address in an object store (s3://...), `raw_address` is that of an archive there, which goes before `raw`.
    """

    name: str
    times: Times
    raw: Path
    output: Path
    raw_address: str | None = None
    spider: str | None = None
    clean: tuple[str, ...] = ()
    arguments: Mapping[str, str]
    settings: Mapping[str, str]
    sites: tuple[str, ...] = ()
    workers: int | None = None
    timeout: dt.timedelta = dt.timedelta(hours=6)
    retries: int = 2
    backoff: dt.timedelta = dt.timedelta(minutes=5)
    overlap: Overlap = Overlap.SKIP
    catch_up: CatchUp = CatchUp.LATEST
    catch_up_most: int = 10
    grace: dt.timedelta = dt.timedelta(minutes=15)
    after: tuple[str, ...] = ()
    on_alarm: OnAlarm = OnAlarm.NOTE
    alarms: Mapping[str, Any]

    def delay_after(self, failures: int) -> dt.timedelta:
        """Return how long to wait after so many attempts that failed: doubled each time, up to a day."""
        doubled: dt.timedelta = self.backoff * 2 ** min(max(failures - 1, 0), 12)
        return min(doubled, max(self.backoff, dt.timedelta(days=1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    """All jobs of the project in `folder`, by name; `state` holds ledger, logs and reports.

    `parallel` is how many runs there may be at once, `keep` how long logs and reports stay. `alarms`
    is the table of that name, which is the checks' own.
    """

    folder: Path
    state: Path
    parallel: int
    keep: dt.timedelta
    jobs: Mapping[str, Job]
    alarms: Mapping[str, Any]

    @property
    def ledger_path(self) -> Path:
        """Where the ledger lies."""
        return self.state / LEDGER_FILE

    def job(self, name: str) -> Job:
        """Return a job; an unknown name is a ConfigError with the known ones."""
        if found := self.jobs.get(name):
            return found
        import difflib  # noqa: PLC0415  (for the error alone)

        near = difflib.get_close_matches(name, self.jobs, n=1)
        known = (
            f"known are {', '.join(self.jobs)}" if self.jobs else "there are none: add [jobs.NAME] to newsclean.toml"
        )
        raise ConfigError(f"{name}: no such job; {f'did you mean {near[0]}?' if near else known}")


def load_jobs(folder: Path) -> Jobs:
    """Load the jobs of the project in `folder`; raises ConfigError. A project without jobs has none."""
    from newsclean.schedule.jobs_loading import load  # noqa: PLC0415  (msgspec, which the help does without)

    return load(folder)
