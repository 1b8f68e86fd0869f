"""JSON Lines as input: every line an object that holds a page; plain, gzip or zstd.

A page is known by the byte at which its line begins, in the unpacked text where the file is packed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from newsclean.sources.contained import Mark, StoredPage
from newsclean.sources.members import broken_page
from newsclean.sources.opening import opened
from newsclean.sources.rows import row_page
from newsclean.sources.warc.record_bytes import ByteWindow, Cut, PlainBytes, Unpacked, is_packed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsclean.sources.records import SourceFile

__all__ = ["JsonlFile"]

_SOURCE: Final = "jsonl"
_BOM: Final = b"\xef\xbb\xbf"
_MAGIC_BYTES: Final = 4
_MARK_BYTES: Final = 1 << 20
_BEAT_BYTES: Final = 1 << 24
# A line is its page with its signs escaped, and some more.
_LINE_FACTOR: Final = 6
_LINE_REST: Final = 1 << 20
_SHOWN_CHARS: Final = 200


class JsonlFile:
    """The pages of one file of JSON lines."""

    def __init__(self, file: SourceFile, *, max_bytes: int) -> None:
        self._file = file
        self._max_line = max_bytes * _LINE_FACTOR + _LINE_REST
        self.sha256: str | None = None

    def pages(self) -> Iterator[StoredPage | None]:
        """Yield the page of each line that is not blank; a line that is none is a rejection."""
        stretch = self._file.stretch
        with opened(self._file) as found:
            window = ByteWindow(found)
            lines = _Lines(window, stretch.entry, self._max_line)
            for line in lines:
                if line is None or not stretch.has(line[0]):
                    if line and stretch.ends_before(line[0]):
                        return
                    yield None
                elif page := self._page(*line, lines):
                    yield page
            if stretch.is_whole:
                self.sha256 = window.sha256

    def marks(self) -> Iterator[Mark | None]:
        """Yield a mark now and then, at a line's beginning."""
        begin = self._file.stretch.entry
        with opened(self._file) as found:
            window = ByteWindow(found)
            is_plain = not _is_packed(window)
            for line in _Lines(window, begin, self._max_line):
                if line is None:
                    yield None
                else:
                    offset, content = line
                    yield Mark(start=offset, entry=offset if is_plain else 0, size_bytes=len(content), pages=1)
            self.sha256 = None if begin else window.sha256

    def _page(self, offset: int, line: bytes | str, lines: _Lines) -> StoredPage | None:
        """Return what a line gives; a blank one gives nothing."""
        if isinstance(line, str):
            return self._broken(offset, line)
        line = (line if offset else line.removeprefix(_BOM)).strip()
        if not line:
            return None
        try:
            row: Any = msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return self._broken(offset, f"line {lines.number:,}: no JSON ({str(error)[:_SHOWN_CHARS]})")
        if not isinstance(row, dict):
            return self._broken(offset, f"line {lines.number:,}: no JSON object")
        return row_page(self._file, offset, row, source=_SOURCE)

    def _broken(self, offset: int, cause: str) -> StoredPage:
        return broken_page(self._file, offset, f"{cause}; mend it, or leave it out", source=_SOURCE)


class _Lines:
    """The lines of a file with where each begins; in place of one that cannot be had stands why."""

    def __init__(self, window: ByteWindow, entry: int, most: int) -> None:
        self._window = window
        self._entry = entry = 0 if _is_packed(window) else entry
        self._most = most
        self._index = 0
        self._before: int | None = None if entry else 0

    @property
    def number(self) -> int:
        """The number of the line that came last, from 1."""
        if self._before is None:
            self._before = _line_ends(self._window, self._entry)
        return self._before + self._index

    def __iter__(self) -> Iterator[tuple[int, bytes | str] | None]:
        """Yield (offset, the line without its end, or the cause why not), and None as a sign of life."""
        at, size, beat = self._entry, 0, 0
        parts: list[bytes] = []
        try:
            source = _source(self._window, self._entry)
            while piece := source.more():
                head, *others = piece.split(b"\n")
                size = self._grown(parts, size, head)
                for line in others:
                    yield at, self._line(parts, size)
                    at, parts, size = at + size + 1, [line], len(line)
                beat += len(piece)
                if beat >= _BEAT_BYTES:
                    beat = 0
                    yield None
        except Cut as cut:
            self._index += 1
            yield at, f"line {self.number:,} and all behind it: {cut}"
            return
        if size:
            yield at, self._line(parts, size)

    def _grown(self, parts: list[bytes], size: int, more: bytes) -> int:
        """Add to the line that is being read; of one that is too long nothing is kept."""
        size += len(more)
        if size <= self._most:
            parts.append(more)
        else:
            parts.clear()
        return size

    def _line(self, parts: list[bytes], size: int) -> bytes | str:
        self._index += 1
        if size > self._most:
            return f"line {self.number:,}: {size:,} bytes long; allowed are {self._most:,}"
        return b"".join(parts)


def _source(window: ByteWindow, entry: int) -> PlainBytes | Unpacked:
    return Unpacked(window) if _is_packed(window) else PlainBytes(window, entry)


def _is_packed(window: ByteWindow) -> bool:
    return is_packed(window.bytes_at(0, _MAGIC_BYTES))


def _line_ends(window: ByteWindow, end: int) -> int:
    count = at = 0
    while at < end and (piece := window.bytes_at(at, min(_MARK_BYTES, end - at))):
        count += piece.count(b"\n")
        at += len(piece)
    return count
