"""Ctrl-C and SIGTERM: asked once, a run ends in order; asked twice, at once."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from newsclean.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Stop", "stop_on_signals"]

_CODES: Final = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}


@dataclass(slots=True)
class Stop:
    """Whether somebody wants the run to end, and with which exit code."""

    code: ExitCode | None = None

    def is_wanted(self) -> bool:
        """Whether a signal has come."""
        return self.code is not None


@contextmanager
def stop_on_signals() -> Iterator[Stop]:
    """Note the first SIGINT or SIGTERM of the block; the second does what it does by default."""
    stop = Stop()
    before: dict[signal.Signals, Any] = {}

    def note(number: int, _: Any) -> None:
        stop.code = _CODES[signal.Signals(number)]
        for each, handler in before.items():
            signal.signal(each, handler)

    for number in _CODES:
        before[number] = signal.getsignal(number)
    for number in _CODES:
        signal.signal(number, note)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
