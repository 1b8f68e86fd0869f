"""WARC and ARC files, plain, gzip or zstd: every response, resource and conversion (WET) in them is a page.

Requests, metadata and the archive's own records are none. All else ends in the ledger: a redirect
or an error by its status, a revisit (not stored again, for it was the same) as `revisit`, a
picture or a script by its media type, and bytes that are no readable record as `broken_archive`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from newsclean.errors import NotAnArticle, PageError, Reason, UnreadablePage
from newsclean.model import PageFacts
from newsclean.sources.contained import Mark, raw_page
from newsclean.sources.opening import opened
from newsclean.sources.warc.framing import Damage, Record, frames
from newsclean.sources.warc.http_payload import Message, content_type, decoded, read_message
from newsclean.sources.warc.record_bytes import ByteWindow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsclean.model import RawPage
    from newsclean.sources.records import SourceFile

__all__ = ["ArchivePage", "WarcFile", "marks_of", "pages_of", "warc_time"]

_NO_PAGES: Final = frozenset({"request", "metadata", "warcinfo"})
_PAGES: Final = frozenset({"response", "resource", "conversion"})
_HEAD_BYTES: Final = 1 << 18
_OK_STATUS: Final = range(200, 300)
_SOURCE: Final = "warc"
_PLAIN_TEXT: Final = "text/plain"


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
        return raw_page(self.facts, self._body(self.record, max_bytes))

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
    """The pages of one archive, in their order; `sha256` is that of the file when all of it has been read."""

    def __init__(self, file: SourceFile, *, max_bytes: int) -> None:
        self._file = file
        self._max_bytes = max_bytes
        self.sha256: str | None = None

    def pages(self, *, start: int | None = None) -> Iterator[ArchivePage | None]:
        """Yield the pages of the file's stretch, or those from byte `start` on; None is a sign of life between them.

        Raises `UnreadablePage`.
        """
        stretch = self._file.stretch
        with opened(self._file) as found:
            window = ByteWindow(found)
            entry = stretch.entry if start is None else start
            yield from pages_of(window, self._file, max_bytes=self._max_bytes, entry=entry)
            if stretch.is_whole:
                self.sha256 = window.sha256

    def marks(self) -> Iterator[Mark | None]:
        """Yield where records begin from the stretch's entry on; raises `UnreadablePage`."""
        with opened(self._file) as found:
            window = ByteWindow(found)
            entry = self._file.stretch.entry
            yield from marks_of(window, entry=entry, max_bytes=self._max_bytes)
            self.sha256 = None if entry else window.sha256


def pages_of(
    window: ByteWindow,
    file: SourceFile,
    *,
    max_bytes: int,
    entry: int,
    base: int = 0,
    is_packed: bool | None = None,
) -> Iterator[ArchivePage | None]:
    """Yield the pages from byte `entry` of the window on, as far as they are in the file's stretch.

    `base` is the place in the file at which the window begins. For `is_packed` see `frames`.
    """
    stretch = file.stretch
    for found in frames(window, max_block=max_bytes + _HEAD_BYTES, start=entry, is_packed=is_packed):
        if found is None:
            yield None
            continue
        offset = base + found.offset
        if stretch.ends_before(offset):
            return
        if not stretch.has(offset):
            yield None
        elif isinstance(found, Damage):
            yield _damaged(found, file, base)
        else:
            yield None if _kind(found) in _NO_PAGES else _page(found, file, base)


def marks_of(
    window: ByteWindow, *, entry: int, max_bytes: int, base: int = 0, is_packed: bool | None = None
) -> Iterator[Mark | None]:
    """Yield where the records of a window begin, by their places in the file, with what they weigh."""
    # The same way of reading as that of the pages: what is damaged ends at the same place.
    for found in frames(window, max_block=max_bytes + _HEAD_BYTES, start=entry, is_packed=is_packed):
        if isinstance(found, Record):
            is_page = _kind(found) in _PAGES
            size = found.size_bytes if is_page else 0
            yield Mark(start=base + found.offset, entry=base + found.entry, size_bytes=size, pages=int(is_page))
        else:
            yield None


def _kind(record: Record) -> str:
    return record.headers.get("warc-type", "").lower()


def _page(record: Record, file: SourceFile, base: int) -> ArchivePage:
    message = read_message(record.block)
    declared = message.headers if message else record.headers
    media_type, charset = content_type(declared.get("content-type"))
    if _kind(record) == "conversion" and media_type == _PLAIN_TEXT:
        charset = charset or "utf-8"  # as WET files are by definition
    facts = _facts(record, file, base, (media_type, charset), message.status if message else None)
    language = declared.get("content-language") or record.headers.get("warc-identified-content-language")
    refusal = _refusal(record) or file.reading.choice.refusal(facts, language=language)
    return ArchivePage(facts=facts, record=record, message=message, refusal=refusal)


def _damaged(damage: Damage, file: SourceFile, base: int) -> ArchivePage:
    place = f"bytes {base + damage.start:,} to {base + damage.end:,}"
    refusal = UnreadablePage(Reason.BROKEN_ARCHIVE, f"{place} cannot be read: {damage.cause}")
    return ArchivePage(facts=_facts(damage, file, base, (None, None), None), record=None, refusal=refusal)


def _facts(
    found: Record | Damage, file: SourceFile, base: int, kind: tuple[str | None, str | None], status: int | None
) -> PageFacts:
    headers = found.headers
    cut = headers.get("warc-truncated")
    return PageFacts(
        raw_path=file.raw_path,
        raw_offset=base + found.offset,
        url=headers.get("warc-target-uri", "").strip("<> ").replace(" ", "%20") or None,
        media_type=kind[0],
        charset=kind[1],
        status=status,
        fetched_at=warc_time(headers.get("warc-date")),
        source=_SOURCE,
        labels=(*file.labels, *((("warc_truncated", cut),) if cut else ())),
    )


def _refusal(record: Record) -> PageError | None:
    kind = _kind(record)
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
