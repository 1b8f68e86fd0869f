"""Read a page's bytes, unpacked, and never more of them than is allowed."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from newsclean.errors import Reason, UnreadablePage
from newsclean.model import RawPage
from newsclean.sources.mhtml import SavedPage, saved_page
from newsclean.sources.opening import opened

if TYPE_CHECKING:
    from newsclean.sources.records import SourceFile

__all__ = ["read_page", "unpacked"]

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_ZSTD_SKIPPABLE = tuple(bytes((low, 0x2A, 0x4D, 0x18)) for low in range(0x50, 0x60))
_PACKED_TWICE = 2  # a body stored as a server packed it, in a file that was packed
_GZIP_PIECE = 1 << 20
_ZSTD_PIECE = 1 << 10  # three bytes may stand for 128 kB, and zstandard unpacks a piece whole


def read_page(file: SourceFile, *, max_bytes: int = 50_000_000, packed: bytes | None = None) -> RawPage:
    """Read `file`; gzip and zstd, told by their first bytes, are unpacked, and of MHTML the page is taken out.

    `packed` are its bytes, where somebody has read them already. `max_bytes` bounds the file and what it
    unpacks to. Raises `UnreadablePage` with reason `vanished`, `unreadable`, `too_large`, `broken_compression`,
    `unparseable` or `empty`; what could be unpacked before a break is not used.
    """
    body = unpacked(_bytes_of(file, max_bytes) if packed is None else packed, max_bytes)
    if not body:
        raise UnreadablePage(Reason.EMPTY, "the file has no bytes")
    saved = saved_page(body) or SavedPage(body=body)
    return RawPage(
        body=saved.body,
        raw_path=file.raw_path,
        url=file.url or saved.url,
        media_type=file.media_type,
        charset=file.charset or saved.charset,
        status=file.status,
        fetched_at=file.fetched_at or saved.saved_at,
        labels=file.labels,
    )


def _bytes_of(file: SourceFile, max_bytes: int) -> bytes:
    with opened(file) as found:
        size = found.size_bytes
        if size > max_bytes:
            raise _too_large(f"{size:,} bytes", max_bytes)
        # Room for all that is allowed, asked for at each page, would cost more than the page.
        body = found.read_at(0, size + 1)
        if len(body) > size:
            body = found.read_at(0, max_bytes + 1)
    if len(body) > max_bytes:
        raise _too_large(f"more than {size:,} bytes, for it is being written to", max_bytes)
    return body


def unpacked(body: bytes, max_bytes: int) -> bytes:
    """Return bytes with the gzip or zstd around them, told by their first bytes, taken off, at most twice.

    Raises `UnreadablePage` with reason `too_large` or `broken_compression`.
    """
    for _ in range(_PACKED_TWICE):
        if body.startswith(_GZIP):
            body = _from_gzip(body, max_bytes)
        elif body.startswith(_ZSTD) or body.startswith(_ZSTD_SKIPPABLE):
            body = _from_zstd(body, max_bytes)
        else:
            break
    return body


def _from_gzip(packed: bytes, max_bytes: int) -> bytes:
    """Unpack all members; zero bytes after the last one are padding, anything else is a break."""
    pieces: list[bytes] = []
    size = 0
    rest = packed
    while rest:
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            try:
                piece = member.decompress(rest, _GZIP_PIECE)
            except zlib.error as error:
                raise _broken("gzip", str(error), size) from error
            if not piece and not member.eof and not member.unconsumed_tail:
                raise _broken("gzip", "the file ends too early", size)
            size += len(piece)
            if size > max_bytes:
                raise _too_large(f"more than {size:,} bytes unpacked", max_bytes)
            pieces.append(piece)
            rest = member.unconsumed_tail
        rest = member.unused_data.lstrip(b"\x00")
    return b"".join(pieces)


def _from_zstd(packed: bytes, max_bytes: int) -> bytes:
    """Unpack all frames, whether they state their size or not."""
    import zstandard  # noqa: PLC0415  (few pages are zstd)

    pieces: list[bytes] = []
    size = at = 0
    decompressor = zstandard.ZstdDecompressor()
    while at < len(packed):
        frame = decompressor.decompressobj()
        while not frame.eof:
            if at >= len(packed):
                raise _broken("zstd", "the file ends too early", size)
            try:
                piece = frame.decompress(packed[at : at + _ZSTD_PIECE])
            except zstandard.ZstdError as error:
                raise _broken("zstd", str(error), size) from error
            at = min(at + _ZSTD_PIECE, len(packed)) - len(frame.unused_data)
            size += len(piece)
            if size > max_bytes:
                raise _too_large(f"more than {size:,} bytes unpacked", max_bytes)
            pieces.append(piece)
    return b"".join(pieces)


def _broken(form: str, cause: str, size: int) -> UnreadablePage:
    detail = f"broken {form} after {size:,} bytes of text, which are not used: {cause}; fetch the page again"
    return UnreadablePage(Reason.BROKEN_COMPRESSION, detail)


def _too_large(size: str, max_bytes: int) -> UnreadablePage:
    return UnreadablePage(Reason.TOO_LARGE, f"{size}; allowed are {max_bytes:,}")
