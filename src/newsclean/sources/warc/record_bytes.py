"""The bytes of an archive file as they are asked for: a window on the file, gzip members, and units of records."""

from __future__ import annotations

import hashlib
import re
import zlib
from typing import TYPE_CHECKING, Final, Protocol

from newsclean.sources.opening import LocalFile

if TYPE_CHECKING:
    from collections.abc import Generator

    from newsclean.sources.opening import OpenFile

__all__ = [
    "MAGIC",
    "ByteWindow",
    "Cut",
    "Member",
    "PlainBytes",
    "Unit",
    "Unpacked",
    "first_bytes",
    "is_packed",
    "zstd_dictionary",
]

_GZIP: Final = b"\x1f\x8b\x08"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
MAGIC: Final = re.compile(b"|".join(map(re.escape, (_GZIP, _ZSTD))))
_PIECE: Final = 1 << 17
_MAX_WINDOW: Final = 1 << 27
_ZSTD_PIECE: Final = 1 << 10  # three bytes may stand for 128 kB, and zstandard unpacks a piece whole
_DICTIONARY: Final = b"\x5d\x2a\x4d\x18"  # the frame before all others, which holds what they were packed with
_MAX_DICTIONARY: Final = 1 << 24
_FRAME_HEAD: Final = 8
_BLANK_LINES: Final = (b"\r\n\r\n", b"\n\n", b"\n\r\r\n")
_HEAD_BYTES: Final = 1 << 18
_BEAT_BYTES: Final = 1 << 24


class Cut(Exception):
    """A record cannot be read to its end; the text says why."""


class ByteWindow:
    """An open file, read where it is asked for; `sha256` is of all bytes, once they have been asked for in order."""

    def __init__(self, file: OpenFile | int) -> None:
        self._file = LocalFile(file) if isinstance(file, int) else file
        self.dictionary: bytes | None = None
        self._start = 0
        self._data = b""
        self._digest = hashlib.sha256()
        self._hashed = 0

    def piece(self, at: int) -> memoryview:
        """Return bytes from `at` on, at least one unless the file ends there."""
        offset = at - self._start
        if not 0 <= offset < len(self._data):
            self._data, self._start, offset = self._file.read_at(at, self._file.piece_bytes), at, 0
            self._hash()
        return memoryview(self._data)[offset:]

    def _hash(self) -> None:
        new = self._hashed - self._start
        if 0 <= new < len(self._data):
            self._digest.update(memoryview(self._data)[new:])
            self._hashed = self._start + len(self._data)

    def bytes_at(self, at: int, count: int) -> bytes:
        """Return `count` bytes from `at` on, fewer where the file ends."""
        found = bytes(self.piece(at)[:count])
        while len(found) < count and (more := self.piece(at + len(found))[: count - len(found)]):
            found += bytes(more)
        return found

    @property
    def sha256(self) -> str:
        """SHA-256 of what has been read from the beginning, in hexadecimal."""
        return self._digest.hexdigest()


class _Bytes(Protocol):
    def more(self) -> bytes:
        """Return the next bytes, none at the end; raises Cut where they cannot be had."""


class PlainBytes:
    """The file from `at` to its end, as it is."""

    def __init__(self, window: ByteWindow, at: int) -> None:
        self._window = window
        self.at = at

    def more(self) -> bytes:
        """Return the next bytes, none at the end."""
        piece = bytes(self._window.piece(self.at))
        self.at += len(piece)
        return piece


class Member:
    """The gzip member or zstd frame at `at`, unpacked in small pieces, whatever it unpacks to."""

    def __init__(self, window: ByteWindow, at: int) -> None:
        self._window = window
        self.at = at
        head = window.bytes_at(at, len(_ZSTD))
        self.form = "gzip member" if head.startswith(_GZIP) else "zstd frame"
        self._failure: str | None = None if MAGIC.match(head) else "no packed data begins here"
        self._unpacker: _Zstd | _Gzip = _Gzip()
        if head == _ZSTD:
            try:
                self._unpacker = _Zstd(window.dictionary)
            except ValueError as error:
                self._failure = f"the dictionary is broken ({error})"

    def more(self) -> bytes:
        """Return the next bytes, none at the member's end, where its checksum held."""
        while self._failure is None and not self._unpacker.eof:
            packed = self._window.piece(self.at)
            try:
                piece, used = self._unpacker.unpack(packed)
            except ValueError as error:
                self._failure = f"the {self.form} is broken ({error})"
                break
            self.at += used
            if piece:
                return piece
            if not packed:
                self._failure = f"the file ends within a {self.form}"
        if self._failure is not None:
            raise Cut(self._failure)
        return b""


class Unpacked:
    """A file of gzip members or zstd frames, one behind the other, as one row of bytes from its beginning."""

    def __init__(self, window: ByteWindow) -> None:
        self._window = window
        window.dictionary, self.at = zstd_dictionary(window)
        self._member = Member(window, self.at)

    def more(self) -> bytes:
        """Return the next bytes, none at the end; raises Cut where they cannot be had."""
        while True:
            if piece := self._member.more():
                return piece
            self.at = self._member.at
            while (rest := self._window.piece(self.at)) and not rest[:1].tobytes().strip(b"\x00"):  # padding
                self.at += len(rest) - len(rest.tobytes().lstrip(b"\x00"))
            if not self._window.piece(self.at):
                return b""
            self._member = Member(self._window, self.at)


class _Gzip:
    def __init__(self) -> None:
        self._unpacker = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._unpacker.eof

    def unpack(self, packed: memoryview) -> tuple[bytes, int]:
        try:
            packed = packed[:_PIECE]  # what is left over is copied each time
            piece = self._unpacker.decompress(packed, _PIECE)
        except zlib.error as error:
            raise ValueError(str(error)) from error
        left = self._unpacker.unused_data if self._unpacker.eof else self._unpacker.unconsumed_tail
        return piece, len(packed) - len(left)


class _Zstd:
    def __init__(self, dictionary: bytes | None) -> None:
        import zstandard  # noqa: PLC0415  (few archives are zstd)

        self._errors = zstandard.ZstdError
        try:
            known = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
            unpacker = zstandard.ZstdDecompressor(dict_data=known, max_window_size=_MAX_WINDOW)
            self._unpacker = unpacker.decompressobj()
        except zstandard.ZstdError as error:
            raise ValueError(str(error)) from error

    @property
    def eof(self) -> bool:
        return self._unpacker.eof

    def unpack(self, packed: memoryview) -> tuple[bytes, int]:
        pieces = packed[:_ZSTD_PIECE]
        try:
            piece = self._unpacker.decompress(pieces)
        except self._errors as error:
            raise ValueError(str(error)) from error
        return piece, len(pieces) - len(self._unpacker.unused_data)


class Unit:
    """Unpacked bytes with what records are read by; `position` counts them from the unit's beginning."""

    def __init__(self, source: _Bytes) -> None:
        self._source = source
        self._data = b""
        self.position = 0
        self.is_drained = False

    def _fill(self) -> bool:
        more = self._source.more()
        self._data += more
        return bool(more)

    def _drop(self, count: int) -> bytes:
        taken, self._data = self._data[:count], self._data[count:]
        self.position += count
        return taken

    def skip_line_ends(self) -> bool:
        """Go to the next byte that is no line end; False at the unit's end."""
        while True:
            rest = self._data.lstrip(b"\r\n")
            self.position += len(self._data) - len(rest)
            self._data = rest
            if rest:
                return True
            if not self._fill():
                return False

    def skip_one_line_end(self) -> None:
        """Go behind a line end, if one comes next."""
        if self.peek(1) == b"\r":
            self._drop(1)
        if self.peek(1) == b"\n":
            self._drop(1)

    def take_line(self, most: int) -> bytes:
        """Return all up to the next line end, which is not kept; raises Cut where none comes within `most` bytes."""
        end = self.peek(most).find(b"\n")
        if end < 0:
            raise Cut("a line does not end")
        return self._drop(end + 1).rstrip(b"\r\n")

    def peek(self, count: int) -> bytes:
        """Return the next `count` bytes, which stay where they are; fewer where the unit ends."""
        while len(self._data) < count and self._fill():
            pass
        return self._data[:count]

    def take_head(self) -> bytes:
        """Return all up to the next blank line; raises Cut where none comes within 256 kB."""
        while True:
            found = [at + len(end) for end in _BLANK_LINES if (at := self._data.find(end)) >= 0]
            if found:
                return self._drop(min(found))
            if len(self._data) > _HEAD_BYTES:
                raise Cut("the record's head does not end")
            if not self._fill():
                raise Cut("the file ends within a record's head")

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes, fewer where the unit ends."""
        if len(self._data) < count:
            pieces, size = [self._data], len(self._data)
            while size < count and (more := self._source.more()):
                pieces.append(more)
                size += len(more)
            self._data = b"".join(pieces)
        return self._drop(min(count, len(self._data)))

    def skip(self, count: int) -> Generator[None, None, int]:
        """Pass over `count` bytes and return how many of them are not there; yields now and then."""
        left, beat = count, 0
        while left and (self._data or self._fill()):
            done = len(self._drop(min(left, len(self._data))))
            left, beat = left - done, beat + done
            if beat >= _BEAT_BYTES:
                beat = 0
                yield
        return left

    def drain(self) -> Generator[None, None, None]:
        """Pass over all that is left, so that a broken end shows."""
        self._data, self.is_drained = b"", True
        while self._source.more():
            yield


def zstd_dictionary(window: ByteWindow) -> tuple[bytes | None, int]:
    """Return the dictionary that an archive begins with, None if with none, and where its records begin.

    Raises Cut for one that cannot be read.
    """
    head = window.bytes_at(0, _FRAME_HEAD)
    if not head.startswith(_DICTIONARY) or len(head) < _FRAME_HEAD:
        return None, 0
    size = int.from_bytes(head[4:], "little")
    if size > _MAX_DICTIONARY:
        raise Cut(f"its dictionary claims {size:,} bytes; allowed are {_MAX_DICTIONARY:,}")
    found = window.bytes_at(_FRAME_HEAD, size)
    if found.startswith(_ZSTD):
        found = _unpacked_dictionary(found)
    return found, _FRAME_HEAD + size


def is_packed(head: bytes) -> bool:
    """Tell whether a file that begins with `head` is packed."""
    return MAGIC.match(head) is not None or head.startswith(_DICTIONARY)


def first_bytes(window: ByteWindow, count: int) -> bytes:
    """Return up to `count` bytes that an archive's records begin with, unpacked; none where that fails."""
    try:
        window.dictionary, at = zstd_dictionary(window)
        if not MAGIC.match(window.bytes_at(at, len(_ZSTD))):
            return window.bytes_at(at, count)
        return Unit(Member(window, at)).peek(count)
    except Cut:
        return b""


def _unpacked_dictionary(packed: bytes) -> bytes:
    import zstandard  # noqa: PLC0415  (few archives are zstd)

    try:
        return zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW).decompress(packed, _MAX_DICTIONARY)
    except zstandard.ZstdError as error:
        raise Cut(f"its dictionary is broken ({error})") from error
