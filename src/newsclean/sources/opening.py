"""A source file opened for reading at any place, on this disk or in an object store."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

from newsclean.errors import Reason, UnreadablePage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsclean.sources.records import SourceFile

__all__ = ["HeldFile", "LocalFile", "OpenFile", "SeekableFile", "file_sha256", "opened"]

_NO_WAIT: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_LOCAL_PIECE: Final = 1 << 17
_HASHED_PIECE: Final = 1 << 22


class OpenFile(Protocol):
    """A file that is open: `piece_bytes` is how much of it is best read at once."""

    @property
    def size_bytes(self) -> int:
        """How long the file is now."""

    @property
    def piece_bytes(self) -> int:
        """How many bytes to ask for at a time."""

    def read_at(self, at: int, count: int) -> bytes:
        """Return `count` bytes from `at` on, fewer where the file ends; raises OSError."""


class LocalFile:
    """A file of this machine, by its descriptor, which stays the caller's."""

    piece_bytes: Final = _LOCAL_PIECE

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @property
    def size_bytes(self) -> int:
        """How long the file is now."""
        return os.fstat(self._handle).st_size

    def read_at(self, at: int, count: int) -> bytes:
        """Return `count` bytes from `at` on, fewer where the file ends."""
        return os.pread(self._handle, count, at)


class HeldFile:
    """A file whose bytes are there already."""

    piece_bytes: Final = _LOCAL_PIECE

    def __init__(self, body: bytes) -> None:
        self._body = body

    @property
    def size_bytes(self) -> int:
        """How long it is."""
        return len(self._body)

    def read_at(self, at: int, count: int) -> bytes:
        """Return `count` bytes from `at` on, fewer where the file ends."""
        return self._body[at : at + count]


class SeekableFile(io.RawIOBase):
    """An open file as the standard library's readers want one."""

    def __init__(self, file: OpenFile) -> None:
        self._file = file
        self._at = 0

    def readable(self) -> bool:
        """Whether it can be read."""
        return True

    def seekable(self) -> bool:
        """Whether one can go to any place in it."""
        return True

    def tell(self) -> int:
        """Return the place of the next byte."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._file.size_bytes}[whence]
        if origin + offset < 0:
            raise ValueError(f"no place {origin + offset} in a file")
        self._at = origin + offset
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what it is called with
        """Fill `buffer` and return with how many bytes."""
        found = self._file.read_at(self._at, len(buffer))
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)


@contextmanager
def opened(file: SourceFile) -> Iterator[OpenFile]:
    """Give the block the open file; what the system refuses, in the block too, is `UnreadablePage`."""
    try:
        if file.is_remote:
            from newsclean.sources.remote import open_remote  # noqa: PLC0415  # pyarrow

            with open_remote(file.raw_path) as found:
                yield found
        else:
            # A pipe put in the file's place would else keep the reader waiting.
            handle = os.open(file.path, os.O_RDONLY | _NO_WAIT)
            try:
                yield _regular(handle)
            finally:
                os.close(handle)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UnreadablePage(Reason.VANISHED, "the file was there when the run began, and is gone") from error
    except OSError as error:
        cause = error.strerror or str(error).partition("\n")[0]
        raise UnreadablePage(Reason.UNREADABLE, f"the file cannot be read: {cause}") from error


def file_sha256(file: OpenFile) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    at = 0
    while piece := file.read_at(at, _HASHED_PIECE):
        digest.update(piece)
        at += len(piece)
    return digest.hexdigest()


def _regular(handle: int) -> LocalFile:
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        raise UnreadablePage(Reason.UNREADABLE, "no file any more: a folder, a pipe or a device")
    return LocalFile(handle)
