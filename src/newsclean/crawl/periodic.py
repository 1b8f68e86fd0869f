"""Something that is done every some seconds while a crawl runs, and is waited for."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from typing import TYPE_CHECKING

from newsclean.errors import NewscleanError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

__all__ = ["Periodic"]

_log = logging.getLogger(__name__)


class Periodic:
    """Calls `action` every `every_s` seconds, counted from the end of the last call; a failure is logged."""

    def __init__(self, action: Callable[[], Awaitable[None]], every_s: float) -> None:
        self._action = action
        self._every_s = every_s
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; there must be a running loop."""
        self._task = asyncio.get_running_loop().create_task(self._go())

    def stop(self) -> None:
        """End; a second time does nothing."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _go(self) -> None:
        while True:
            await asyncio.sleep(self._every_s)
            try:
                await self._action()
            except (NewscleanError, OSError, sqlite3.Error) as error:  # a disk may be full now, and not the next time
                _log.error("%s", error)
