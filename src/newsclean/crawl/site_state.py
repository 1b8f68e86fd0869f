"""What a crawler has of its site: the state, opened once, and the place in a store where the archive is in one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from scrapy import signals

from newsclean.crawl.remote import RemoteSite, local_raw
from newsclean.crawl.state.store import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

__all__ = ["before_closing", "leaves_nothing", "remote_of", "site_of", "state_of", "state_path"]


def state_path(settings: BaseSettings, site: str) -> Path:
    """Return the file of a site's state: in `NEWSCLEAN_STATE_DIR`, else beside the archive."""
    folder = settings.get("NEWSCLEAN_STATE_DIR")
    return (Path(folder) if folder else local_raw(settings)) / site / "state.sqlite"


def leaves_nothing(crawler: Crawler) -> bool:
    """Tell a crawl that is to leave no trace: a replay, or a look at a page by `scrapy shell`, `fetch` or `parse`."""
    spider = crawler.spider
    is_looking = not crawler.crawling or spider is None or spider.name == "default"
    # `fetch` and `parse` put their one request in the place of what a spider begins with.
    is_put_in = getattr(type(spider).start, "__module__", "").startswith("scrapy.commands.") if spider else False
    return bool(crawler.settings["NEWSCLEAN_REPLAY"]) or is_looking or is_put_in


def site_of(crawler: Crawler) -> str:
    """Return the name that a spider's archive and state go by."""
    spider = crawler.spider
    if spider is None:
        raise RuntimeError("the state belongs to a spider, and the crawler has none yet")
    return str(getattr(spider, "site", None) or spider.name)


class _Opened:
    """An open state, and what is to be done when the engine has stopped, in order."""

    def __init__(self, crawler: Crawler) -> None:
        site, settings = site_of(crawler), crawler.settings
        is_passing = leaves_nothing(crawler)
        self.remote = None if is_passing else RemoteSite.of(settings, site)
        if self.remote is not None:
            self.remote.take()
        path = None if is_passing else state_path(settings, site)
        self.state = State(path, spider=crawler.spider.name)  # type: ignore[union-attr]
        self.before: list[Callable[[], None]] = []

    def close(self) -> None:
        for action in self.before:
            action()
        self.state.close()
        if self.remote is not None:
            self.remote.finish()


_OPENED: WeakKeyDictionary[Crawler, _Opened] = WeakKeyDictionary()


def _opened(crawler: Crawler) -> _Opened:
    opened = _OPENED.get(crawler)
    if opened is None:
        opened = _OPENED[crawler] = _Opened(crawler)
        crawler.signals.connect(opened.close, signal=signals.engine_stopped, weak=False)
    return opened


def state_of(crawler: Crawler) -> State:
    """Return the state of a crawler's site, opened at the first call and closed when the engine has stopped.

    One that `leaves_nothing` has a state in memory.
    """
    return _opened(crawler).state


def remote_of(crawler: Crawler) -> RemoteSite | None:
    """Return the place of a crawler's site in a store, None where the archive is in a folder."""
    return _opened(crawler).remote


def before_closing(crawler: Crawler, action: Callable[[], None]) -> None:
    """Have something done when the engine has stopped, before the state is closed."""
    _opened(crawler).before.append(action)
