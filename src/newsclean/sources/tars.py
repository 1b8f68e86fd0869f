"""A tar file of pages, plain or packed: every regular file in it that may be a page by its name.

Nothing is written to the disk, so a name can do no harm; one that leads out of the archive is refused all the same.
"""

from __future__ import annotations

import io
import os
import tarfile
from typing import TYPE_CHECKING, Final

from newsclean.errors import Reason, UnreadablePage
from newsclean.sources.contained import Mark, StoredPage
from newsclean.sources.members import broken_page, check_size, has_hostile_name, member_page
from newsclean.sources.opening import file_sha256, opened
from newsclean.sources.walking import is_page_name
from newsclean.sources.warc.record_bytes import ByteWindow, Cut, PlainBytes, Unpacked, is_packed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsclean.sources.opening import OpenFile
    from newsclean.sources.records import SourceFile

__all__ = ["TarPages"]

_SOURCE: Final = "tar"
_MAGIC_BYTES: Final = 4
_SKIP: Final = 1 << 20
# No header of a name or its further fields needs as much: more is a bomb.
_MOST_AT_ONCE: Final = 1 << 26


class TarPages:
    """The pages of one tar file; a page is known by the byte at which its header begins, unpacked."""

    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self.sha256: str | None = None

    def pages(self) -> Iterator[StoredPage | None]:
        """Yield the pages of the file's stretch; what is damaged is a rejection with its place."""
        stretch = self._file.stretch
        with opened(self._file) as found:
            stream = _stream(found, stretch.entry)
            at = stretch.entry
            try:
                for member in _members(stream):
                    at = stream.tell()
                    if stretch.ends_before(member.offset):
                        return
                    is_ours = stretch.has(member.offset) and member.isreg()
                    yield self._page(member, stream) if is_ours and is_page_name(member.name) else None
            except (tarfile.TarError, Cut, ValueError, EOFError) as error:
                yield self._damaged(at, error)
            if stretch.is_whole:
                self.sha256 = file_sha256(found)

    def marks(self) -> Iterator[Mark | None]:
        """Yield where headers begin."""
        begin = self._file.stretch.entry
        with opened(self._file) as found:
            is_plain = not is_packed(found.read_at(0, _MAGIC_BYTES))
            try:
                for member in _members(_stream(found, begin)):
                    is_page = member.isreg() and is_page_name(member.name)
                    size = member.size if is_page else 0
                    entry = member.offset if is_plain else 0
                    yield Mark(start=member.offset, entry=entry, size_bytes=size, pages=int(is_page))
            except (tarfile.TarError, Cut, ValueError, EOFError):
                yield None  # whoever reads the pages says so
            self.sha256 = file_sha256(found)

    def _page(self, member: tarfile.TarInfo, stream: _Stream) -> StoredPage | None:
        def take(max_bytes: int) -> bytes:
            check_size(member.size, max_bytes)
            stream.seek(member.offset_data)
            try:
                body = stream.take(member.size)
            except Cut as cut:
                raise UnreadablePage(Reason.BROKEN_ARCHIVE, f"{member.name}: {cut}") from cut
            if len(body) < member.size:
                raise UnreadablePage(Reason.BROKEN_ARCHIVE, f"{member.name}: the archive ends within it")
            return body

        refusal = has_hostile_name(member.name)
        return member_page(self._file, member.offset, member.name, source=_SOURCE, take=take, refusal=refusal)

    def _damaged(self, at: int, error: Exception) -> StoredPage:
        detail = f"from byte {at:,} on it cannot be read: {error or type(error).__name__}; fetch the archive again"
        return broken_page(self._file, at, detail, source=_SOURCE)


class _Stream(io.RawIOBase):
    """Bytes that are read forward only, as tarfile wants them; `tell` counts them from the beginning of the tar."""

    def __init__(self, source: PlainBytes | Unpacked, at: int) -> None:
        self._source = source
        self._at = at
        self._data = b""

    def tell(self) -> int:
        """Return the place of the next byte."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go forward to a place."""
        if whence != os.SEEK_SET or offset < self._at:
            raise ValueError("a packed archive is read forward only")
        if isinstance(self._source, PlainBytes) and offset > self._at + len(self._data):
            self._source.at += offset - self._at - len(self._data)
            self._at, self._data = offset, b""
        while self._at < offset and self.take(min(offset - self._at, _SKIP)):
            pass
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        """Return `size` bytes, fewer at the end."""
        if size is None or not 0 <= size <= _MOST_AT_ONCE:
            raise Cut(f"a header claims {size} bytes")
        return self.take(size)

    def take(self, size: int) -> bytes:
        """Return `size` bytes, as many as they may be; fewer at the end."""
        pieces = [self._data]
        have = len(self._data)
        while have < size and (more := self._source.more()):
            pieces.append(more)
            have += len(more)
        data = b"".join(pieces)
        taken, self._data = data[:size], data[size:]
        self._at += len(taken)
        return taken


def _stream(found: OpenFile, entry: int) -> _Stream:
    window = ByteWindow(found)
    if is_packed(window.bytes_at(0, _MAGIC_BYTES)):
        return _Stream(Unpacked(window), 0)
    return _Stream(PlainBytes(window, entry), entry)


def _members(stream: _Stream) -> Iterator[tarfile.TarInfo]:
    with tarfile.TarFile(fileobj=stream, mode="r", errorlevel=2) as tar:
        while member := tar.next():
            yield member
            tar.members.clear()  # type: ignore[attr-defined]  # it keeps all that it has seen
