"""What is done every some seconds of a crawl: the lease lives on in a slow one, and no write waits long."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from newsclean.crawl.periodic import Periodic
from newsclean.crawl.site_state import remote_of
from newsclean.crawl.state.store import StateInUse

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from newsclean.crawl.state.store import State

__all__ = ["Heartbeat"]

_BEAT_S: Final = 10.0
_log: Final = logging.getLogger(__name__)


class Heartbeat:
    """Commits the state, renews the leases, and ends a crawl that has lost one."""

    def __init__(self, crawler: Crawler, state: State) -> None:
        self._crawler = crawler
        self._state = state
        self._periodic: Periodic | None = None

    def start(self) -> None:
        """Begin; there must be a running loop."""
        self._periodic = Periodic(self._beat, _BEAT_S)
        self._periodic.start()

    def stop(self) -> None:
        """End; does nothing where it has not begun."""
        if self._periodic is not None:
            self._periodic.stop()

    async def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            self._state.commit()
            await loop.run_in_executor(None, self._state.checkpoint)
            remote = remote_of(self._crawler)
            if remote is not None:
                await loop.run_in_executor(None, remote.renew)
        except StateInUse as error:
            _log.critical("%s: the crawl ends", error, extra={"spider": self._crawler.spider})
            await self._crawler.engine.close_spider_async(reason="lease_lost")
