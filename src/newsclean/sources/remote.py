"""Files in an object store, as `s3://bucket/key`, by pyarrow.fs."""

from __future__ import annotations

import fnmatch
import glob
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyarrow import fs

from newsclean.errors import ConfigError
from newsclean.remote.arrow import arrow_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

__all__ = ["RemoteStat", "find_remote", "open_remote"]

_SCHEME: Final = "s3://"
_PIECE: Final = 1 << 22


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteStat:
    """An object: its address, size and time of change."""

    address: str
    size_bytes: int
    mtime_ns: int


class RemoteFile:
    """An object that is read in large pieces: each is a request."""

    piece_bytes: Final = _PIECE

    def __init__(self, file: pa.NativeFile) -> None:
        self._file = file
        self.size_bytes = file.size()

    def read_at(self, at: int, count: int) -> bytes:
        """Return `count` bytes from `at` on, fewer where the object ends."""
        count = min(count, self.size_bytes - at)
        return bytes(self._file.read_at(count, at)) if count > 0 else b""  # type: ignore[call-arg]  # stubs forget one


@contextmanager
def open_remote(address: str) -> Iterator[RemoteFile]:
    """Give the block an object; raises OSError."""
    with arrow_store().open_input_file(address.removeprefix(_SCHEME)) as file:
        yield RemoteFile(file)


def find_remote(address: str) -> list[RemoteStat]:
    """Return the objects at an address: one, all below a prefix, or those that a pattern matches.

    Raises ConfigError where the store cannot be asked, refuses, or has no such bucket or object.
    """
    path = address.removeprefix(_SCHEME).rstrip("/")
    bucket, _, key = path.partition("/")
    if not bucket or glob.has_magic(bucket):
        raise ConfigError(f"{address}: names no bucket; write s3://bucket/folder/ or s3://bucket/key")
    root = path
    if glob.has_magic(key):
        parts = path.split("/")
        root = "/".join(parts[: next(at for at, part in enumerate(parts) if glob.has_magic(part))])
    try:
        found = _listed(root)
    except OSError as error:
        raise ConfigError(_refused(address, bucket, error)) from error
    if root != path:
        found = [one for one in found if fnmatch.fnmatchcase(one.path, path)]
    if not found:
        raise ConfigError(f"{address}: nothing there; `aws s3 ls s3://{bucket}/` shows what the bucket holds")
    return [
        RemoteStat(address=_SCHEME + one.path, size_bytes=one.size or 0, mtime_ns=one.mtime_ns or 0) for one in found
    ]


def _listed(path: str) -> list[fs.FileInfo]:
    """Return the objects at and below a path."""
    store = arrow_store()
    if "/" in path:
        info = store.get_file_info(path)
        if info.type is fs.FileType.File:
            return [info]
    found = store.get_file_info(fs.FileSelector(path, recursive=True))
    return [one for one in found if one.type is fs.FileType.File]


def _refused(address: str, bucket: str, error: OSError) -> str:
    text = str(error)
    if "NO_SUCH_BUCKET" in text or "NoSuchBucket" in text or (isinstance(error, FileNotFoundError)):
        return f"{address}: no bucket or folder of this name; look for its name with `aws s3 ls s3://{bucket}/`"
    if "ACCESS_DENIED" in text or "AccessDenied" in text or "403" in text:
        return (
            f"{address}: the store denies access; give keys that may list and read it "
            "(AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE)"
        )
    cause = text.partition("\n")[0]
    return f"{address}: the store cannot be asked: {cause}; see AWS_ENDPOINT_URL, AWS_REGION and the keys"
