"""File operations that survive a cut: every change of the disk that a commit makes goes through here.

On a disk a change lasts once it is synced. An object store answers when it has all of an object, so there a file is
made without a name and goes up when it is whole, and a file moves by being copied in the store and deleted.

`step` is called before each change with its name, and does nothing: tests put a kill or a full
disk in its place, so that a cut after every single change is tried.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final, TypeVar

from newsclean.errors import DatasetError
from newsclean.remote.objects import StoreError
from newsclean.remote.path import StorePath

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

PARTIAL: Final = ".partial"
_REQUESTS_AT_ONCE: Final = 16
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
_DENIED: Final = (errno.EACCES, errno.EPERM, errno.EROFS)


_S = TypeVar("_S")
_T = TypeVar("_T")


@dataclass(slots=True)
class NewFile:
    """A file that is being written to `place`; size and hash are known when it is whole."""

    place: Path | IO[bytes]
    size_bytes: int = 0
    sha256: str = ""


def step(name: str) -> None:
    """Mark that the change `name` is about to be made."""


@contextmanager
def new_file(path: Path) -> Iterator[NewFile]:
    """Let the block write the file `path`, by way of a disk; at its end the bytes are where they will last."""
    if not isinstance(path, StorePath):
        made = NewFile(path)
        yield made
        sync_file(path)
        made.size_bytes, made.sha256 = path.stat().st_size, sha256_of(path)
        return
    import tempfile  # noqa: PLC0415  (only where a dataset is in a store)

    with tempfile.TemporaryFile() as file:
        made = NewFile(file)
        yield made
        made.size_bytes = file.seek(0, os.SEEK_END)
        file.seek(0)
        made.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        step(f"put {path.name}")
        path.upload(file)


def sync_file(path: Path) -> None:
    """Wait until the bytes of `path` are on the disk."""
    step(f"sync {path.name}")
    _sync(path, os.O_RDWR)


def sync_folder(path: Path) -> None:
    """Wait until the names in the folder `path` are on the disk."""
    step(f"sync {path.name}/")
    _sync(path, os.O_RDONLY)


def move(source: Path, target: Path) -> None:
    """Rename `source` to `target` in one step, in place of a file that is there."""
    step(f"move {source.name} to {target.parent.name}/{target.name}")
    source.replace(target)


def double(source: Path, target: Path) -> None:
    """Give the bytes of `source` the name `target` too, in place of a file that is there; they are on the disk."""
    remove(target)
    step(f"double {source.name} as {target.parent.name}/{target.name}")
    try:
        target.hardlink_to(source)
    except OSError as error:
        if error.errno in _FULL:
            raise
        shutil.copyfile(source, target)
        sync_file(target)


def remove(path: Path) -> bool:
    """Delete the file `path`; return whether it was there."""
    step(f"remove {path.parent.name}/{path.name}")
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True


def make_folder(path: Path) -> None:
    """Make the folder `path` where it is not there; its name is on the disk once the folder it is in is synced."""
    if not path.is_dir():
        step(f"make {path.name}/")
        path.mkdir(exist_ok=True)


def remove_folder(path: Path) -> None:
    """Delete the folder `path` if it is empty."""
    step(f"remove {path.name}/")
    with suppress(OSError):
        path.rmdir()


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` at `path`, so that a cut leaves it whole or as it was; then it is on the disk."""
    if isinstance(path, StorePath):
        step(f"put {path.name}")
        path.write_bytes(content)
        return
    partial = path.with_name(path.name + PARTIAL)
    with ExitStack() as undo:
        undo.callback(_forget, partial)
        step(f"write {partial.name}")
        partial.write_bytes(content)
        sync_file(partial)
        move(partial, path)
        undo.pop_all()
    sync_folder(path.parent)


def sizes_below(folder: Path) -> dict[Path, int]:
    """Return the sizes of all files below a folder."""
    if isinstance(folder, StorePath):
        return folder.sizes()
    return {path: path.stat().st_size for path in folder.rglob("*") if path.is_file()}


def for_each(root: Path, items: Iterable[_S], do: Callable[[_S], _T]) -> list[_T]:
    """Return what `do` makes of each item, in order; many at a time below a `root` in a store, where each waits."""
    if not isinstance(root, StorePath):
        return list(map(do, items))
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  (only where a dataset is in a store)

    with ThreadPoolExecutor(_REQUESTS_AT_ONCE) as pool:
        return list(pool.map(do, items))


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def disk_errors(what: str, remedy: str) -> Iterator[None]:
    """Turn an OSError of the block into a DatasetError: `what` failed, the cause, the `remedy`."""
    try:
        yield
    except StoreError as error:
        raise DatasetError(f"{what}: {error.cause} ({error.place}); {error.remedy}") from error
    except OSError as error:
        cause = "the disk is full" if error.errno in _FULL else (error.strerror or str(error))
        place = f" ({error.filename})" if error.filename else ""
        first = "free some space and " if error.errno in _FULL else ""
        if error.errno in _DENIED:
            cause, first = os.strerror(error.errno), "change the permissions there and "
        raise DatasetError(f"{what}: {cause}{place}; {first}{remedy}") from error


def _forget(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _sync(path: Path, flags: int) -> None:
    if isinstance(path, StorePath):
        return
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
