"""WARC files, plain, gzip or zstd: every response and resource in them is a page.

Requests, metadata and the archive's own records are none. All else ends in the ledger: a redirect
or an error by its status, a revisit (not stored again, for it was the same) as `revisit`, a
picture or a script by its media type, and bytes that are no readable record as `broken_archive`.
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from newsclean.errors import NotAnArticle, PageError, Reason, UnreadablePage
from newsclean.model import PageFacts, RawPage
from newsclean.sources.reading import opened
from newsclean.sources.warc_bytes import ByteWindow, opens_with_record
from newsclean.sources.warc_framing import Damage, Record, frames
from newsclean.sources.warc_http import Message, content_type, decoded, read_message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsclean.sources.records import SourceFile

__all__ = ["ArchivePage", "WarcFile", "archive_sha256", "is_archive", "read_record", "warc_time"]

_NO_PAGES: Final = frozenset({"request", "metadata", "warcinfo"})
_PAGES: Final = frozenset({"response", "resource", "conversion"})
_HEAD_BYTES: Final = 1 << 18
_PROBE_BYTES: Final = 1 << 9
_OK_STATUS: Final = range(200, 300)
_SOURCE: Final = "warc"


def is_archive(file: SourceFile) -> bool:
    """Tell by the first bytes whether a file is a WARC; one that cannot be read is none."""
    try:
        with opened(file) as handle:
            return opens_with_record(os.pread(handle, _PROBE_BYTES, 0))
    except PageError:
        return False


def archive_sha256(file: SourceFile) -> str:
    """Return the SHA-256 of the file as it lies; raises `UnreadablePage`."""
    with opened(file) as handle:
        window = ByteWindow(handle)
        at = 0
        while piece := window.piece(at):
            at += len(piece)
        return window.sha256


def read_record(file: SourceFile, offset: int, *, max_bytes: int = 50_000_000) -> RawPage:
    """Read the page that begins at byte `offset` of an archive.

    Raises `PageError`, `UnreadablePage` with reason `broken_archive` where no record begins there, as
    with one that shares its gzip member with others.
    """
    found = next(filter(None, WarcFile(file, max_bytes=max_bytes).pages(start=offset)), None)
    if found is None or found.facts.raw_offset != offset:
        raise UnreadablePage(Reason.BROKEN_ARCHIVE, f"no page begins at byte {offset:,}")
    return found.read(max_bytes=max_bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePage:
    """One record that is a page: `facts` is what it says of itself, its bytes are taken out by `read`."""

    facts: PageFacts
    record: Record | None
    message: Message | None = None
    refusal: PageError | None = None

    def read(self, *, max_bytes: int) -> RawPage:
        """Return the page with its body's chunks and codings undone; raises `PageError` for what is none."""
        if self.refusal is not None:
            raise self.refusal
        assert self.record is not None
        facts = self.facts
        return RawPage(
            body=self._body(self.record, max_bytes),
            raw_path=facts.raw_path,
            raw_offset=facts.raw_offset,
            url=facts.url,
            media_type=facts.media_type,
            charset=facts.charset,
            status=facts.status,
            fetched_at=facts.fetched_at,
            source=facts.source,
            labels=facts.labels,
        )

    def _body(self, record: Record, max_bytes: int) -> bytes:
        message = self.message or Message(status=None, headers={}, body=record.block)
        if message.status is not None and message.status not in _OK_STATUS:
            return message.body  # its status decides, whatever it is packed with
        if not record.is_whole:
            raise UnreadablePage(Reason.TOO_LARGE, f"{record.size_bytes:,} bytes; allowed are {max_bytes:,}")
        body = decoded(message, max_bytes=max_bytes)
        if not body:
            raise UnreadablePage(Reason.EMPTY, "the record has no body")
        return body


class WarcFile:
    """The pages of one archive, in their order; `sha256` is that of the file when all of them have been read."""

    def __init__(self, file: SourceFile, *, max_bytes: int) -> None:
        self._file = file
        self._max_bytes = max_bytes
        self.sha256: str | None = None

    def pages(self, *, start: int = 0) -> Iterator[ArchivePage | None]:
        """Yield the pages, those from byte `start` on; None is a sign of life from between them.

        Raises `UnreadablePage`.
        """
        with opened(self._file) as handle:
            window = ByteWindow(handle)
            for found in frames(window, max_block=self._max_bytes + _HEAD_BYTES, start=start):
                if isinstance(found, Damage):
                    yield self._damaged(found)
                elif found is None or found.headers.get("warc-type", "").lower() in _NO_PAGES:
                    yield None
                else:
                    yield self._page(found)
            self.sha256 = window.sha256

    def _page(self, record: Record) -> ArchivePage:
        message = read_message(record.block)
        declared = message.headers if message else record.headers
        media_type, charset = content_type(declared.get("content-type"))
        facts = self._facts(record, media_type, charset, message.status if message else None)
        return ArchivePage(facts=facts, record=record, message=message, refusal=_refusal(record))

    def _damaged(self, damage: Damage) -> ArchivePage:
        detail = f"bytes {damage.start:,} to {damage.end:,} cannot be read: {damage.cause}"
        refusal = UnreadablePage(Reason.BROKEN_ARCHIVE, detail)
        return ArchivePage(facts=self._facts(damage, None, None, None), record=None, refusal=refusal)

    def _facts(
        self, found: Record | Damage, media_type: str | None, charset: str | None, status: int | None
    ) -> PageFacts:
        headers = found.headers
        cut = headers.get("warc-truncated")
        return PageFacts(
            raw_path=self._file.raw_path,
            raw_offset=found.offset,
            url=headers.get("warc-target-uri", "").strip("<> ").replace(" ", "%20") or None,
            media_type=media_type,
            charset=charset,
            status=status,
            fetched_at=warc_time(headers.get("warc-date")),
            source=_SOURCE,
            labels=(*self._file.labels, *((("warc_truncated", cut),) if cut else ())),
        )


def _refusal(record: Record) -> PageError | None:
    kind = record.headers.get("warc-type", "").lower()
    if kind == "revisit":
        original = record.headers.get("warc-refers-to-date")
        since = f" of {original}" if original else ""
        return NotAnArticle(Reason.REVISIT, f"nothing new: the server's answer was that{since}")
    if kind not in _PAGES:
        return UnreadablePage(Reason.BROKEN_ARCHIVE, f"a record of type {kind or '(none)'}, of which no page is made")
    return None


def warc_time(text: str | None) -> dt.datetime | None:
    """Read a WARC-Date, which is always UTC."""
    try:
        found = dt.datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found
