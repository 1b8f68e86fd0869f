"""A recorded archive in the place of the network: a crawl can be run again offline, and asks nobody.

    newsclean crawl NAME --replay raw/tass.com/        (setting NEWSCLEAN_REPLAY)

An address is answered as it was: at the first request with the first response that is recorded of
it, then with the next ones, the last one for good; an address that is not recorded with 404. A replay
leaves no archive and no state.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from w3lib.url import canonicalize_url

from newsclean.crawl.archive import Archive
from newsclean.crawl.state.store import Place
from newsclean.errors import ConfigError, DatasetError, PageError
from newsclean.sources import is_archive
from newsclean.sources.records import SourceFile
from newsclean.sources.warc.archive import WarcFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler

__all__ = ["Recording", "ReplayMiddleware"]

_log: Final = logging.getLogger(__name__)
_NOT_MODIFIED: Final = 304
_OPENING_BYTES: Final = 1 << 16
_SUFFIXES: Final = (".warc", ".warc.gz")


@dataclass(frozen=True, slots=True)
class _Recorded:
    folder: Path
    place: Place


class Recording:
    """The responses in a WARC file, or in all of a folder and below, by address; `close` is not needed.

    Raises ConfigError where there are none.
    """

    def __init__(self, path: Path) -> None:
        self._recorded: dict[str, list[_Recorded]] = {}
        self._asked: Counter[str] = Counter()
        for file in _files(path):
            for url, place in _responses(file):
                self._recorded.setdefault(_key(url), []).append(_Recorded(file.parent, place))
        if not self._recorded:
            raise ConfigError(f"{path}: no response is recorded there; name a WARC file or a folder with some")

    def __len__(self) -> int:
        return len(self._recorded)

    def answer(self, url: str) -> Response | None:
        """Return what is recorded for an address, None if nothing is. Raises DatasetError for a damaged record."""
        key = _key(url)
        found = self._recorded.get(key)
        if not found:
            return None
        number = min(self._asked[key], len(found) - 1)
        self._asked[key] += 1
        one = found[number]
        return Archive(one.folder, prefix="").read(one.place).replace(url=url)


def _key(url: str) -> str:
    return canonicalize_url(url)


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    found = [file for file in path.rglob("*") if file.name.lower().endswith(_SUFFIXES) and file.is_file()]
    # Names begin with the site and go on with the time, so that this is the order of fetches.
    return sorted(found, key=lambda file: (file.name, str(file)))


def _responses(path: Path) -> Iterator[tuple[str, Place]]:
    """Yield addresses and places of the responses in a file; answers that only said `not modified` are none."""
    file = SourceFile(path=path, raw_path=str(path), size_bytes=0, mtime_ns=0)
    if not is_archive(file):
        raise ConfigError(f"{path}: no WARC file")
    try:
        for page in WarcFile(file, max_bytes=_OPENING_BYTES).pages():
            record = page.record if page else None
            if page is None or record is None or page.facts.url is None or page.facts.status is None:
                continue
            if page.facts.status != _NOT_MODIFIED:
                yield page.facts.url, Place(file=path.name, offset=record.offset)
    except PageError as error:
        raise ConfigError(f"{path}: {error.detail}") from error


class ReplayMiddleware:
    """Answers every request from a recording; the downloader middleware nearest to the network."""

    def __init__(self, crawler: Crawler, recording: Recording) -> None:
        self._crawler = crawler
        self._recording = recording

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware where `NEWSCLEAN_REPLAY` is set; raises ConfigError where nothing is recorded there."""
        path = crawler.settings["NEWSCLEAN_REPLAY"]
        if not path:
            raise NotConfigured
        return cls(crawler, Recording(Path(path)))

    def process_request(self, request: Request) -> Response:
        """Return the recorded response, 404 where there is none."""
        stats = self._crawler.stats
        try:
            response = self._recording.answer(request.url)
        except DatasetError as error:
            _log.warning("not replayed: %s", error, extra={"spider": self._crawler.spider})
            response = None
        stats.inc_value("newsclean/replay/missing" if response is None else "newsclean/replay/answered")
        return response or Response(request.url, status=404)
