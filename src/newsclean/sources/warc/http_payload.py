"""An HTTP message as an archive keeps it: its head read, its body without chunks and codings, never too much of it."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from newsclean.errors import Reason, UnreadablePage
from newsclean.sources.reading import unpacked
from newsclean.sources.warc.dialects import read_headers

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Message", "content_type", "decoded", "read_message", "without_chunks"]

_STATUS: Final = re.compile(rb"HTTP[A-Z]?/\d(?:\.\d)?[ \t]+(\d{3})\b")
_HEAD_END: Final = re.compile(rb"\r{0,2}\n\r{0,2}\n")
_CHUNK: Final = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")
_MEDIA_TYPE: Final = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
_CHARSET: Final = re.compile(r";\s*charset\s*=\s*[\"']?([^\"'\s;,]+)", re.IGNORECASE)
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A response: `body` as it was served, chunks and codings included."""

    status: int | None
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


def read_message(block: bytes) -> Message | None:
    """Return the response that a record's block is, None where it is none."""
    match = _STATUS.match(block)
    if match is None:
        return None
    end = _HEAD_END.search(block)
    head, body = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    lines = head.partition(b"\n")[2]
    return Message(status=int(match[1]), headers=read_headers(lines), body=body)


def content_type(value: str | None) -> tuple[str | None, str | None]:
    """Return media type (lower case) and charset that a Content-Type states, None where it does not."""
    if not value:
        return None, None
    media_type = value.partition(";")[0].partition(",")[0].strip().lower()
    charset = _CHARSET.search(value)
    return media_type if _MEDIA_TYPE.fullmatch(media_type) else None, charset[1].lower() if charset else None


def decoded(message: Message, *, max_bytes: int) -> bytes:
    """Return the body as the page's own bytes; archives often state codings that they have undone already.

    Raises `UnreadablePage` with reason `too_large`, `broken_compression` or `unreadable` (a coding
    that cannot be undone here).
    """
    body = message.body
    if "chunked" in message.headers.get("transfer-encoding", "").lower():
        body = without_chunks(body)
    codings = message.headers.get("content-encoding", "").lower().replace(" ", "").split(",")
    for coding in reversed(codings):
        if coding == "br":
            body = _from_brotli(body, max_bytes)
        elif coding == "deflate":
            body = _from_deflate(body, max_bytes)
        elif coding in {"gzip", "x-gzip", "zstd"}:
            body = unpacked(body, max_bytes)
    if len(body) > max_bytes:
        raise _too_large(len(body), max_bytes)
    return unpacked(body, max_bytes)


def without_chunks(body: bytes) -> bytes:
    """Join the chunks; a body that has none, or none any more, is returned as it is from there on."""
    pieces: list[bytes] = []
    at = 0
    while match := _CHUNK.match(body, at):
        size = int(match[1], 16)
        if not size:
            return b"".join(pieces)
        pieces.append(body[match.end() : match.end() + size])
        at = match.end() + size
        at += 2 if body.startswith(b"\r\n", at) else body.startswith(b"\n", at)
    pieces.append(body[at:])
    return b"".join(pieces)


def _from_deflate(body: bytes, max_bytes: int) -> bytes:
    """Unpack zlib data, or bare deflate data, which many servers send under the same name."""
    for wbits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        unpacker = zlib.decompressobj(wbits=wbits)
        try:
            found = unpacker.decompress(body, max_bytes + 1)
        except zlib.error:
            continue
        if len(found) > max_bytes:
            raise _too_large(len(found), max_bytes)
        if unpacker.eof:
            return found
        raise _broken("deflate", "it ends too early")
    return body


def _from_brotli(body: bytes, max_bytes: int) -> bytes:
    try:
        import brotli  # noqa: PLC0415  (optional)
    except ImportError:
        raise UnreadablePage(Reason.UNREADABLE, "the body is packed with br: install the package brotli") from None
    unpacker = brotli.Decompressor()
    pieces: list[bytes] = []
    size = 0
    rest = body
    try:
        while not unpacker.is_finished():
            piece = unpacker.process(rest, output_buffer_limit=_PIECE)
            rest = b""
            size += len(piece)
            if size > max_bytes:
                raise _too_large(size, max_bytes)
            if not piece and unpacker.can_accept_more_data():
                raise _broken("br", "it ends too early")
            pieces.append(piece)
    except brotli.error as error:
        if not pieces and _looks_like_markup(body):
            return body
        raise _broken("br", str(error)) from error
    return b"".join(pieces)


def _looks_like_markup(body: bytes) -> bool:
    return body[:64].lstrip().startswith(b"<")


def _broken(coding: str, cause: str) -> UnreadablePage:
    detail = f"the body's {coding} coding is broken: {cause}; fetch the page again"
    return UnreadablePage(Reason.BROKEN_COMPRESSION, detail)


def _too_large(size: int, max_bytes: int) -> UnreadablePage:
    return UnreadablePage(Reason.TOO_LARGE, f"{size:,} bytes or more; allowed are {max_bytes:,}")
