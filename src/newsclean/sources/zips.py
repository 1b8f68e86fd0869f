"""A zip of pages, and WACZ, which is a zip of WARC files.

Nothing is written outside of a temporary file, so a name can do no harm; one that leads out of the
archive is refused all the same.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
import zlib
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

from newsclean.errors import Reason, UnreadablePage
from newsclean.model import PageFacts
from newsclean.sources.contained import Mark, StoredPage
from newsclean.sources.members import broken_page, check_size, has_hostile_name, member_page
from newsclean.sources.opening import SeekableFile, file_sha256, opened
from newsclean.sources.walking import is_page_name
from newsclean.sources.warc.archive import marks_of, pages_of
from newsclean.sources.warc.record_bytes import ByteWindow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsclean.sources.contained import ContainedPage
    from newsclean.sources.opening import OpenFile
    from newsclean.sources.records import SourceFile

__all__ = ["WaczFile", "ZipPages", "zip_kind"]

# NotImplementedError: a way of packing that is not known; RuntimeError: it is encrypted.
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
_WARCS: Final = (".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz")
# What makes a zip something else than a folder: office documents, books, programs.
_OTHER: Final = ("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml")
_DESCRIPTION: Final = "datapackage.json"
_ENCRYPTED: Final = 0x1
_LOCAL_HEAD: Final = 30
_PIECE: Final = 1 << 20


def zip_kind(file: SourceFile, found: OpenFile) -> str | None:
    """Tell what a zip file is: `wacz`, `zip` (of pages), or None for a document that is packed as one."""
    try:
        with _zip(found) as archive:
            names = set(archive.namelist())
    except _BROKEN:
        return "wacz" if file.path.name.lower().endswith(".wacz") else "zip"
    if _DESCRIPTION in names and any(name.lower().endswith(_WARCS) for name in names):
        return "wacz"
    return None if names.intersection(_OTHER) else "zip"


class ZipPages:
    """The pages of one zip file; a page is known by the byte at which its local header begins."""

    source: Final = "zip"

    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self.sha256: str | None = None

    def pages(self) -> Iterator[StoredPage | None]:
        """Yield the pages of the file's stretch; a zip that cannot be opened is one rejection."""
        stretch = self._file.stretch
        with opened(self._file) as found:
            try:
                with _zip(found) as archive:
                    for member in _by_place(archive):
                        is_ours = stretch.has(member.header_offset) and is_page_name(member.filename)
                        yield self._page(archive, member) if is_ours else None
            except _BROKEN as error:
                yield _unreadable(self._file, error, found.size_bytes)
            if stretch.is_whole:
                self.sha256 = file_sha256(found)

    def marks(self) -> Iterator[Mark | None]:
        """Yield where members begin."""
        with opened(self._file) as found:
            try:
                with _zip(found) as archive:
                    for member in _by_place(archive):
                        size = member.file_size if is_page_name(member.filename) else 0
                        at = member.header_offset
                        yield Mark(start=at, entry=at, size_bytes=size, pages=int(size > 0))
            except _BROKEN:
                yield None  # whoever reads the pages says so
            self.sha256 = file_sha256(found)

    def _page(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> StoredPage:
        return member_page(
            self._file,
            member.header_offset,
            member.filename,
            source=self.source,
            take=lambda max_bytes: _content(archive, member, max_bytes),
            refusal=has_hostile_name(member.filename),
        )


@dataclass(frozen=True, slots=True)
class _Inner:
    """A WARC within a zip: at `base` it begins, in the file, or behind its end where it is packed once more."""

    member: zipfile.ZipInfo
    base: int
    is_stored: bool

    @property
    def end(self) -> int:
        """A place behind all of its pages and one more, which stands for what could not be unpacked."""
        return self.base + self.member.file_size + 1


class WaczFile:
    """The pages of all WARC files in one WACZ; offsets count in the WACZ itself.

    WARC files that are packed once more, which the format advises against, are numbered as if they
    lay unpacked behind the file's end.
    """

    source: Final = "warc"

    def __init__(self, file: SourceFile, *, max_bytes: int) -> None:
        self._file = file
        self._max_bytes = max_bytes
        self.sha256: str | None = None

    def pages(self) -> Iterator[ContainedPage | None]:
        """Yield the pages of the file's stretch; where the zip is broken, of the records that can be found in it."""
        stretch = self._file.stretch
        with opened(self._file) as found, ExitStack() as stack:
            try:
                archive = stack.enter_context(_zip(found))
                refused, inners = list(self._refused(archive)), list(_inners(found, archive))
            except _BROKEN:
                # Its directory is at its end, and gone with it: the records are still there.
                window = ByteWindow(found)
                yield from pages_of(window, self._file, max_bytes=self._max_bytes, entry=0, is_packed=True)
            else:
                yield from refused
                for inner in inners:
                    yield from self._pages_in(inner, found, archive)
            if stretch.is_whole:
                self.sha256 = file_sha256(found)

    def marks(self) -> Iterator[Mark | None]:
        """Yield where records begin."""
        entry, limit = self._file.stretch.entry, self._max_bytes
        with opened(self._file) as found, ExitStack() as stack:
            try:
                archive = stack.enter_context(_zip(found))
                inners = list(_inners(found, archive))
            except _BROKEN:
                yield from marks_of(ByteWindow(found), entry=0, max_bytes=limit, is_packed=True)
            else:
                for inner in inners:
                    if inner.end > entry:
                        with _window(inner, found, archive) as (window, _):
                            begin = max(0, entry - inner.base)
                            yield from marks_of(window, entry=begin, max_bytes=limit, base=inner.base)
            self.sha256 = file_sha256(found)

    def _pages_in(self, inner: _Inner, found: OpenFile, archive: zipfile.ZipFile) -> Iterator[ContainedPage | None]:
        stretch = self._file.stretch
        if stretch.ends_before(inner.base) or inner.end <= stretch.entry:
            return
        with _window(inner, found, archive) as (window, cause):
            entry = max(0, stretch.entry - inner.base)
            yield from pages_of(window, self._file, max_bytes=self._max_bytes, entry=entry, base=inner.base)
        if cause is not None and stretch.has(inner.end - 1):
            detail = f"{inner.member.filename}: cannot be unpacked to its end: {cause}; fetch the archive again"
            yield broken_page(self._file, inner.end - 1, detail, source=self.source)

    def _refused(self, archive: zipfile.ZipFile) -> Iterator[StoredPage]:
        for member in _by_place(archive):
            refusal = has_hostile_name(member.filename)
            if refusal is not None and self._file.stretch.has(member.header_offset):
                yield StoredPage(facts=_facts(self._file, member.header_offset, self.source), refusal=refusal)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of an open file, as a file of its own."""

    file: OpenFile
    base: int
    size_bytes: int

    @property
    def piece_bytes(self) -> int:
        return self.file.piece_bytes

    def read_at(self, at: int, count: int) -> bytes:
        count = min(count, self.size_bytes - at)
        return self.file.read_at(self.base + at, count) if count > 0 else b""


@contextmanager
def _zip(found: OpenFile) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(io.BufferedReader(SeekableFile(found), found.piece_bytes)) as archive:
        yield archive


def _by_place(archive: zipfile.ZipFile) -> Sequence[zipfile.ZipInfo]:
    """Return the members in the order of their bytes; of several names for the same bytes the first."""
    found: dict[int, zipfile.ZipInfo] = {}
    for member in archive.infolist():
        if member.header_offset < 0:
            raise zipfile.BadZipFile("a member lies before the beginning of the file")
        if not member.is_dir():
            found.setdefault(member.header_offset, member)
    return [found[at] for at in sorted(found)]


def _inners(found: OpenFile, archive: zipfile.ZipFile) -> Iterator[_Inner]:
    behind = found.size_bytes
    inners = []
    for member in _by_place(archive):
        if not member.filename.lower().endswith(_WARCS) or has_hostile_name(member.filename):
            continue
        head = found.read_at(member.header_offset, _LOCAL_HEAD)
        is_plain = member.compress_type == zipfile.ZIP_STORED and not member.flag_bits & _ENCRYPTED
        if is_plain and len(head) == _LOCAL_HEAD:
            names = int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
            inners.append(_Inner(member, member.header_offset + _LOCAL_HEAD + names, is_stored=True))
        else:
            inners.append(_Inner(member, behind, is_stored=False))
            behind = inners[-1].end
    yield from sorted(inners, key=lambda inner: inner.base)


@contextmanager
def _window(inner: _Inner, found: OpenFile, archive: zipfile.ZipFile) -> Iterator[tuple[ByteWindow, Exception | None]]:
    """Give the block the bytes of a WARC in a zip, and what kept it from being unpacked to its end."""
    if inner.is_stored:
        yield ByteWindow(_Part(found, inner.base, inner.member.file_size)), None
        return
    with tempfile.TemporaryFile() as file:
        cause = None
        try:
            _unpack(archive, inner.member, file)
        except _BROKEN as error:
            cause = error
        file.flush()
        yield ByteWindow(file.fileno()), cause


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: IO[bytes]) -> None:
    with archive.open(member) as packed:
        left = member.file_size  # it may lie: no more than what it claims is taken
        while left > 0 and (piece := packed.read(min(_PIECE, left))):
            file.write(piece)
            left -= len(piece)


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, max_bytes: int) -> bytes:
    check_size(member.file_size, max_bytes)
    try:
        with archive.open(member) as packed:
            return packed.read(max_bytes + 1)[:max_bytes]
    except _BROKEN as error:
        detail = f"{member.filename}: {error or type(error).__name__}; fetch the archive again"
        raise UnreadablePage(Reason.BROKEN_ARCHIVE, detail) from error


def _unreadable(file: SourceFile, error: Exception, size: int) -> StoredPage:
    detail = f"bytes 0 to {size:,} cannot be read as a zip: {error or type(error).__name__}; fetch the archive again"
    return broken_page(file, size, detail, source=ZipPages.source)


def _facts(file: SourceFile, offset: int, source: str) -> PageFacts:
    return PageFacts(raw_path=file.raw_path, raw_offset=offset, source=source, labels=file.labels)
