"""WARC records as bytes: what was asked and answered, each record a gzip member of its own.

Bodies are as served, but for transfer chunks, which the downloader has undone. What a request
proves itself by (passwords, cookies) is not kept.
"""

from __future__ import annotations

import base64
import hashlib
import struct
import uuid
import zlib
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from newsclean.crawl.gzips import gzipped

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from scrapy import Request
    from scrapy.http import Response

__all__ = ["new_id", "packed_record", "payload_digest", "request_block", "response_head", "warc_date", "warc_fields"]

_VERSION: Final = b"WARC/1.1\r\n"
_SECRETS: Final = frozenset({b"authorization", b"proxy-authorization", b"cookie"})
_END: Final = b"\r\n\r\n"
_GZIP_HEAD: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"
_STORED_BYTES: Final = 0xFFFF  # the most that one block of a gzip member holds unpacked


def new_id() -> str:
    """Return an identifier for a record."""
    return f"<urn:uuid:{uuid.uuid4()}>"


def warc_date(at: dt.datetime) -> str:
    """Return an aware UTC time as WARC 1.1 writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def packed_record(headers: Mapping[str, str | None], block: bytes, *, is_packed: bool = False) -> bytes:
    """Return a record as one gzip member; headers that are None are left out, `is_packed`: the block is so itself."""
    fields = "".join(f"{name}: {_line(value)}\r\n" for name, value in headers.items() if value is not None)
    head = _VERSION + fields.encode() + f"Content-Length: {len(block)}\r\n\r\n".encode()
    record = b"".join((head, block, _END))
    return _stored(record) if is_packed else gzipped(record)


def _stored(record: bytes) -> bytes:
    """Return a gzip member that holds a record as it is, since packing would not make it smaller (RFC 1951, 3.2.4).

    zlib would let go of the interpreter for each piece of its output.
    """
    parts = [_GZIP_HEAD]
    for start in range(0, len(record), _STORED_BYTES):
        piece = record[start : start + _STORED_BYTES]
        is_last = start + _STORED_BYTES >= len(record)
        parts += (struct.pack("<BHH", is_last, len(piece), len(piece) ^ _STORED_BYTES), piece)
    parts.append(struct.pack("<LL", zlib.crc32(record), len(record) & 0xFFFFFFFF))
    return b"".join(parts)


def _line(value: str) -> str:
    if value.isprintable():  # so no end of a line is in it
        return value
    return " ".join(value.split("\r\n")).replace("\n", " ").replace("\r", " ")


def warc_fields(values: Mapping[str, str | None]) -> bytes:
    """Return the block of a record of type `application/warc-fields`."""
    return "".join(f"{name}: {_line(value)}\r\n" for name, value in values.items() if value is not None).encode()


def payload_digest(body: bytes) -> str:
    """Return the digest as archives write it."""
    return "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


def response_head(response: Response) -> bytes:
    """Return status line and headers of a response, and the blank line after them."""
    try:
        phrase = HTTPStatus(response.status).phrase
    except ValueError:
        phrase = ""
    protocol = response.protocol if response.protocol and response.protocol.startswith("HTTP/") else "HTTP/1.1"
    return f"{protocol} {response.status} {phrase}\r\n".encode("latin-1") + _header_lines(response.headers) + b"\r\n"


def request_block(request: Request) -> bytes:
    """Return a request as it was sent, without its secrets."""
    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kept = {name: values for name, values in request.headers.items() if name.lower() not in _SECRETS}
    host = b"" if b"Host" in kept else f"Host: {parts.netloc.rpartition('@')[2]}\r\n".encode("latin-1", "replace")
    line = f"{request.method} {target} HTTP/1.1\r\n".encode("latin-1", "replace")
    return line + host + _header_lines(kept) + b"\r\n" + request.body


def _header_lines(headers: Mapping[bytes, list[bytes]]) -> bytes:
    return b"".join(name + b": " + value + b"\r\n" for name, values in headers.items() for value in values)
