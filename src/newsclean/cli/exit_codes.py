"""What the command's exit code tells a scheduler."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

from newsclean.errors import ConfigError, DatasetError, RunError

if TYPE_CHECKING:
    from newsclean.errors import NewscleanError

__all__ = ["EXIT_CODES", "ExitCode", "exit_code_of"]


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    TROUBLE = 1
    USAGE = 2
    DATASET = 3
    BROKEN = 4
    BUSY = 75
    TIMEOUT = 124
    INTERRUPTED = 130
    TERMINATED = 143


EXIT_CODES: Final = {
    ExitCode.DONE: "done, or there was nothing to do",
    ExitCode.TROUBLE: "done, and somebody should look: pages that could not be read, were too large, crashed, took too "
    "much time or memory, or were named and are none; a golden case that differs; a figure below its floor; a crawl "
    "that found nothing or lost a source; an alarm about a run; something that `doctor` found broken, or "
    "`status --check` worth a look",
    ExitCode.USAGE: "nothing done: an option, a path, newsclean.toml or a site profile cannot be used",
    ExitCode.DATASET: "stopped: the dataset cannot be written or read (full disk, locked, of another version)",
    ExitCode.BROKEN: "stopped: counts do not add up, or `verify` found the dataset broken, or workers keep dying",
    ExitCode.BUSY: "nothing done: another run of the job is going on; try again later",
    ExitCode.TIMEOUT: "stopped: the run took longer than its job's timeout",
    ExitCode.INTERRUPTED: "stopped by Ctrl-C; what is committed stays, the next run goes on",
    ExitCode.TERMINATED: "stopped by SIGTERM; the same",
}

_OF_ERROR: Final = ((ConfigError, ExitCode.USAGE), (DatasetError, ExitCode.DATASET), (RunError, ExitCode.BROKEN))


def exit_code_of(error: NewscleanError) -> ExitCode:
    """Return the code for an error that ended a command."""
    return next((code for kind, code in _OF_ERROR if isinstance(error, kind)), ExitCode.BROKEN)
