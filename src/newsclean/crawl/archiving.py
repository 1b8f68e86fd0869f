"""Joins the archive to Scrapy and to the state: a response is archived, then noted, then goes on its way.

    DOWNLOADER_MIDDLEWARES = {"newsclean.crawl.archiving.ArchiveMiddleware": 980}

That is inside of all that changes responses (decompression, redirects, retries, caches), and
outside of the guard, so that what must not be talked to is not archived either.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec
from scrapy import Request, signals
from scrapy.exceptions import NotConfigured

from newsclean.crawl.archive import MAX_FILE_BYTES, Archive, Original, response_of
from newsclean.crawl.callbacks import NotKept
from newsclean.crawl.fetches import fetch_row, revisits_of
from newsclean.crawl.frontier import ARCHIVED, FETCHED_AT, FINGERPRINT
from newsclean.crawl.periodic import Periodic
from newsclean.crawl.recovery import latest_files, recovered
from newsclean.crawl.remote import local_raw
from newsclean.crawl.site_state import before_closing, leaves_nothing, remote_of, site_of, state_of
from newsclean.crawl.state.store import Place
from newsclean.crawl.unpacking import UNPACKED, unpack
from newsclean.crawl.writer import Writer
from newsclean.errors import DatasetError
from newsclean.sources.warc.archive import warc_time

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from newsclean.crawl.archive import PackedFetch
    from newsclean.crawl.recovery import Found
    from newsclean.crawl.remote import RemoteSite
    from newsclean.crawl.state.store import SeenRow, State
    from newsclean.crawl.unpacking import Unpacked

__all__ = ["ArchiveMiddleware"]

_OK: Final = 200
# A page up to here is packed on the loop: it takes half a millisecond, and as much again to hand it to a thread that
# has to get the interpreter from the loop after each step. What is larger would hold up the loop for too long.
_QUICK_BYTES: Final = 256 * 2**10
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What is kept of a response: the row of its URL, whether its body was in the archive before, and unpacked."""

    row: SeenRow
    is_same: bool
    unpacked: Unpacked | None = None


class ArchiveMiddleware:
    """Archives every response, and gives those that are in the archive already without asking the network.

    Settings: `NEWSCLEAN_RAW` (a folder, or s3://bucket/prefix with `NEWSCLEAN_SPOOL` and `NEWSCLEAN_UPLOAD_EVERY_S`),
    `NEWSCLEAN_ARCHIVE` (False: none), `NEWSCLEAN_MAX_WARC_BYTES`.
    """

    def __init__(self, crawler: Crawler, archive: Archive, state: State) -> None:
        self._crawler = crawler
        self._state = state
        self._revisits = revisits_of(crawler.settings)
        self._max_size = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self.archive = archive
        self._writer = Writer(archive.sync)
        self._ending: asyncio.Future[None] | None = None
        self._uploads: Periodic | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware and take up what a crash left; not for a crawl that leaves nothing."""
        settings, spider = crawler.settings, crawler.spider
        if not settings.getbool("NEWSCLEAN_ARCHIVE", default=True) or spider is None or leaves_nothing(crawler):
            raise NotConfigured
        state, remote, site = state_of(crawler), remote_of(crawler), site_of(crawler)
        archive = Archive(
            local_raw(settings) / site,
            prefix=site,
            bring=remote.bring if remote else None,
            max_bytes=settings.getint("NEWSCLEAN_MAX_WARC_BYTES", MAX_FILE_BYTES),
            about={
                "isPartOf": site,
                "description": f"crawl of spider {spider.name}",
                "http-header-user-agent": settings["USER_AGENT"],
                "robots": "obeyed" if settings.getbool("ROBOTSTXT_OBEY") else "ignored",
            },
        )
        middleware = cls(crawler, archive, state)
        middleware._recover()
        before_closing(crawler, middleware._close)
        crawler.signals.connect(middleware._begin_uploads, signal=signals.engine_started)
        return middleware

    # ---- an archive in a store ----

    def _begin_uploads(self) -> None:
        every_s = self._crawler.settings.getfloat("NEWSCLEAN_UPLOAD_EVERY_S")
        if every_s and remote_of(self._crawler) is not None:
            self._uploads = Periodic(self._upload, every_s)
            self._uploads.start()

    async def _upload(self) -> None:
        """Close the archive and put all there is into the store; the crawl goes on with the next file."""
        remote = remote_of(self._crawler)
        if remote is None:
            return
        self._state.commit()
        state, archives = await self._writer.run(partial(self._closed, remote), needs_sync=False)
        upload = partial(remote.upload, archives, state)
        count = await asyncio.get_running_loop().run_in_executor(None, upload)
        self._crawler.stats.inc_value("newsclean/archive/uploaded", count)

    def _closed(self, remote: RemoteSite) -> tuple[Path, list[Path]]:
        """Return the state as it is and the archives that hold all it knows of; in the writer's thread."""
        state = remote.snapshot()
        self.archive.close()
        return state, remote.closed_archives()

    def _close(self) -> None:
        if self._uploads is not None:
            self._uploads.stop()
        self._writer.close()
        self.archive.close()

    # ---- after a crash ----

    def _recover(self) -> None:
        taken = 0
        for path in self._unsure_files():
            since = self._state.seen_rows.archive_end(path.name)
            taken += sum(self._take(one) for one in recovered(path, since=since))
        if taken:
            self._state.commit()
            self._crawler.stats.set_value("newsclean/archive/recovered", taken)

    def _unsure_files(self) -> list[Path]:
        """Return the files that may hold what the state does not know of, in the order of their writing.

        That is known in this order too, so nothing is missing before a file of which something is known.
        The last file is always one of them: its end may be torn.
        """
        files = latest_files(self.archive.folder)
        if not self._state.frontier.has_unfinished():
            return files[-1:]
        known = [number for number, path in enumerate(files) if self._state.seen_rows.archive_end(path.name)]
        return files[known[-1] if known else 0 :]

    def _take(self, found: Found) -> bool:
        """Note a response that is in the archive, and not in the state."""
        self._state.begin()
        written = self._state.frontier.recover(found.fingerprint, found.place)
        if written is None:
            return False
        plain = msgspec.msgpack.decode(written)
        response = response_of(found.record)
        with suppress(DatasetError):
            response = self.archive.read(found.place)  # where it is the same as an earlier one, with the body of that
        response.request = Request(plain["url"], meta=plain.get("meta", {}))
        fetched_at = warc_time(found.record.headers.get("warc-date")) or self._state.clock()
        before = self._state.seen(plain["url"])
        row = fetch_row(response, before=before, revisits=self._revisits, fetched_at=fetched_at, place=found.place)
        self._state.seen_rows.put(row)
        return True

    # ---- on the way out ----

    async def process_request(self, request: Request) -> Response | None:
        """Give the response that the scheduler knows to be in the archive."""
        place = request.meta.get(ARCHIVED)
        if place is None:
            return None
        if FETCHED_AT not in request.meta:
            where = Place(file=place[0], offset=place[1], length=place[2])
            try:
                response = await self._writer.run(partial(self.archive.read, where), needs_sync=False)
            except DatasetError as error:
                _log.warning("fetched again: %s", error, extra={"spider": self._crawler.spider})
            else:
                self._crawler.stats.inc_value("newsclean/archive/read")
                return response
        # A retry or redirect that has its forerunner's meta, or a response that cannot be read any more.
        del request.meta[ARCHIVED]
        request.meta.pop(FETCHED_AT, None)
        return None

    # ---- on the way back ----

    async def process_response(self, request: Request, response: Response) -> Response:
        """Archive a response that came from the network, and note it in the state."""
        if ARCHIVED in request.meta:
            return response
        fetched_at = self._state.clock()
        if response.request is None:
            response.request = request
        # A request that the state does not know could not be given its response back after a crash.
        fingerprint = request.meta.get(FINGERPRINT)
        self._state.commit_request(fingerprint)
        before = self._state.seen(request.url)
        try:
            done, place = await self._kept(request, response, before, fetched_at)
        except OSError as error:
            self._stop(error)
            raise NotKept(f"the archive cannot be written: {error.strerror}") from error
        row = replace(done.row, warc_file=place.file, warc_offset=place.offset, warc_length=place.length)
        self._state.record_fetch(fingerprint, row, is_recoverable=fingerprint is not None)
        self._crawler.stats.inc_value("newsclean/archive/responses")
        self._crawler.stats.inc_value("newsclean/archive/same", int(done.is_same))
        if done.unpacked is not None:
            UNPACKED[response] = done.unpacked
        request.meta[ARCHIVED] = [row.warc_file, row.warc_offset, row.warc_length]
        request.meta[FETCHED_AT] = fetched_at.isoformat()
        return response

    async def _kept(
        self, request: Request, response: Response, before: SeenRow | None, fetched_at: dt.datetime
    ) -> tuple[_Answer, Place]:
        """Return what came of keeping a response, and where it lies for good."""
        if len(response.body) <= _QUICK_BYTES and (before is None or not response.body):
            done, fetch = self._packed(request, response, before, fetched_at)
            return done, await self._writer.run(partial(self.archive.add, fetch))

        def packed_and_added() -> tuple[_Answer, Place]:
            done, fetch = self._packed(request, response, before, fetched_at)
            return replace(done, unpacked=unpack(request, response, self._max_size)), self.archive.add(fetch)

        return await self._writer.run(packed_and_added)

    def _packed(
        self, request: Request, response: Response, before: SeenRow | None, fetched_at: dt.datetime
    ) -> tuple[_Answer, PackedFetch]:
        """Return a response as it goes into the archive; touches the state nowhere, and may be called in any thread."""
        row = fetch_row(response, before=before, revisits=self._revisits, fetched_at=fetched_at)
        hops = request.meta.get("redirect_urls")
        same_as = self._same_as(response, row, before)
        fetch = self.archive.pack(
            request,
            response,
            fetched_at=row.fetched_at,
            robots=request.meta.get("robots"),
            redirected_from=hops[-1] if hops else None,
            fingerprint=request.meta.get(FINGERPRINT),
            same_as=same_as,
        )
        return _Answer(row=row, is_same=same_as is not None), fetch

    def _same_as(self, response: Response, row: SeenRow, before: SeenRow | None) -> Original | None:
        """Return the response in the archive that this one is the same as, if there is one."""
        if before is None or before.warc_file is None or before.warc_offset is None:
            return None
        is_same = response.status == _OK and bool(response.body) and before.sha256 == row.sha256
        place = Place(file=before.warc_file, offset=before.warc_offset)
        if not is_same or before.failures or not self.archive.holds(place):
            return None
        try:
            original = self.archive.original(place)
        except DatasetError:
            return None
        return Original(place=original, fetched_at=before.changed_at) if self.archive.holds(original) else None

    def _stop(self, error: OSError) -> None:
        _log.critical(
            "the archive cannot be written: %s: the crawl ends", error, extra={"spider": self._crawler.spider}
        )
        if self._crawler.engine is not None and self._ending is None:
            ending = self._crawler.engine.close_spider_async(reason="archive_not_writable")
            self._ending = asyncio.ensure_future(ending)
