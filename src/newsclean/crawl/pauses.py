"""Against long pauses of the loop: work that is done in turns, and less to look through for garbage.

A crawl begins with some hundred thousand objects, modules mostly, that stay until its end. For the
collector to look through them takes 50 ms and more, every few hundred pages.
"""

from __future__ import annotations

import asyncio
import gc
import time
from typing import TYPE_CHECKING, Final

from scrapy import signals

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

__all__ = ["ShortPauses", "Turn"]

_TURN_S: Final = 0.005


class Turn:
    """How long a piece of work has had the loop to itself, from its making on."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    async def end_if_long(self) -> None:
        """Let other work have its turn, and begin another one, where this one has lasted 5 ms."""
        if time.perf_counter() - self._began > _TURN_S:
            await asyncio.sleep(0)
            self._began = time.perf_counter()


class ShortPauses:
    """Has the collector leave alone what was there when the process began to crawl, until it is done."""

    _running = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the extension."""
        pauses = cls()
        crawler.signals.connect(pauses.engine_started, signals.engine_started)
        crawler.signals.connect(pauses.engine_stopped, signals.engine_stopped)
        return pauses

    def engine_started(self) -> None:
        """Collect what is garbage by now, and set the rest aside."""
        if not ShortPauses._running:
            gc.collect()
            gc.freeze()
            gc.collect()  # the collector goes by how much it found the last time
        ShortPauses._running += 1

    def engine_stopped(self) -> None:
        """Put everything back."""
        ShortPauses._running -= 1
        if not ShortPauses._running:
            gc.unfreeze()
