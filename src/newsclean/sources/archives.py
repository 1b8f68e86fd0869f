"""Files that hold many pages, told by their content: WARC, ARC, WACZ, zip, tar, JSONL and Parquet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from newsclean.errors import PageError, Reason, UnreadablePage
from newsclean.sources.opening import HeldFile, file_sha256, opened
from newsclean.sources.records import Stretch
from newsclean.sources.warc.archive import WarcFile
from newsclean.sources.warc.dialects import dialect_of
from newsclean.sources.warc.record_bytes import ByteWindow, first_bytes, is_packed

if TYPE_CHECKING:
    from newsclean.model import RawPage
    from newsclean.sources.contained import Archive
    from newsclean.sources.opening import OpenFile
    from newsclean.sources.records import SourceFile

__all__ = ["archive_of", "archive_or_bytes", "archive_sha256", "is_archive", "is_archive_name", "read_record"]

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_PARQUET: Final = b"PAR1"
_TAR_PLACE: Final = slice(257, 262)
_TAR: Final = b"ustar"
_PROBE_BYTES: Final = 512
_AT_ONCE: Final = 1 << 20
_TABLES: Final = (".jsonl", ".ndjson")
_PACKED: Final = (".gz", ".zst", ".zstd")
_NAMES: Final = (".warc", ".arc", ".wet", ".wacz", ".zip", ".tar", ".tgz", ".parquet", *_TABLES)


def archive_of(file: SourceFile, *, max_bytes: int) -> Archive | None:
    """Return what reads the pages in a file, None for a file that is a page, or that cannot be read."""
    found = archive_or_bytes(file, max_bytes=max_bytes)
    return None if isinstance(found, bytes) else found


def archive_or_bytes(file: SourceFile, *, max_bytes: int) -> Archive | bytes | None:
    """Return what reads the pages in a file; of a file that is a page its bytes, so that it is opened once.

    None for a page that is larger than 1 MiB, and for a file that cannot be read.
    """
    try:
        with opened(file) as found:
            whole = _whole(file, found, min(max_bytes, _AT_ONCE))
            kind = _kind(file, found if whole is None else HeldFile(whole))
    except PageError:
        return None
    return _reader(kind, file, max_bytes) if kind else whole


def _whole(file: SourceFile, found: OpenFile, max_bytes: int) -> bytes | None:
    """Return the bytes of a file; None if they are more than that, or more than when the file was found."""
    if file.size_bytes > max_bytes:
        return None
    body = found.read_at(0, file.size_bytes + 1)
    return body if len(body) <= file.size_bytes else None


def is_archive(file: SourceFile) -> bool:
    """Tell whether a file holds many pages; one that cannot be read does not."""
    return archive_of(file, max_bytes=1) is not None


def is_archive_name(name: str) -> bool:
    """Tell whether a file holds many pages by its name, which is a guess."""
    return any(f"{suffix}." in f"{name.lower()}." for suffix in _NAMES)


def archive_sha256(file: SourceFile) -> str:
    """Return the SHA-256 of the file as it lies; raises `UnreadablePage`."""
    with opened(file) as found:
        return file_sha256(found)


def read_record(file: SourceFile, offset: int, *, max_bytes: int = 50_000_000) -> RawPage:
    """Read the page at `offset` of an archive.

    Raises `PageError`, `UnreadablePage` with reason `broken_archive` where no page begins there, as
    with a WARC record that shares its gzip member with others.
    """
    here = Stretch(start=offset, end=offset + 1, entry=offset)
    archive = archive_of(replace(file, stretch=here), max_bytes=max_bytes)
    pages = archive.pages() if archive else iter(())  # while it is there, the file is open
    found = next(filter(None, pages), None)
    if found is None or found.facts.raw_offset != offset:
        raise UnreadablePage(Reason.BROKEN_ARCHIVE, f"no page begins at byte {offset:,}")
    return found.read(max_bytes=max_bytes)


def _kind(file: SourceFile, found: OpenFile) -> str | None:
    name = file.path.name.lower()
    for suffix in _PACKED:
        name = name.removesuffix(suffix)
    if name.endswith(_TABLES):
        return "jsonl"
    head = found.read_at(0, _PROBE_BYTES)
    if head.startswith(_PARQUET):
        return "parquet"
    if head.startswith(_ZIP):
        from newsclean.sources.zips import zip_kind  # noqa: PLC0415  (few files are zip)

        return zip_kind(file, found)
    if is_packed(head):
        head = first_bytes(ByteWindow(found), _PROBE_BYTES)
    if dialect_of(head) is not None:
        return "warc"
    return "tar" if head[_TAR_PLACE] == _TAR else None


def _reader(kind: str, file: SourceFile, max_bytes: int) -> Archive:
    """Return the reader of a kind of file; most are imported when one is there."""
    if kind == "warc":
        return WarcFile(file, max_bytes=max_bytes)
    if kind == "jsonl":
        from newsclean.sources.jsonl import JsonlFile  # noqa: PLC0415

        return JsonlFile(file, max_bytes=max_bytes)
    if kind == "parquet":
        from newsclean.sources.parquet import ParquetPages  # noqa: PLC0415  # pyarrow

        return ParquetPages(file)
    if kind == "tar":
        from newsclean.sources.tars import TarPages  # noqa: PLC0415

        return TarPages(file)
    from newsclean.sources.zips import WaczFile, ZipPages  # noqa: PLC0415

    return WaczFile(file, max_bytes=max_bytes) if kind == "wacz" else ZipPages(file)
