"""File operations that survive a cut: every change of the disk that a commit makes goes through here.

`step` is called before each change with its name, and does nothing: tests put a kill or a full
disk in its place, so that a cut after every single change is tried.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Final

from newsclean.errors import DatasetError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PARTIAL: Final = ".partial"
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)


def step(name: str) -> None:
    """Mark that the change `name` is about to be made."""


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
    partial = path.with_name(path.name + PARTIAL)
    with ExitStack() as undo:
        undo.callback(_forget, partial)
        step(f"write {partial.name}")
        partial.write_bytes(content)
        sync_file(partial)
        move(partial, path)
        undo.pop_all()
    sync_folder(path.parent)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def disk_errors(what: str, remedy: str) -> Iterator[None]:
    """Turn an OSError of the block into a DatasetError: `what` failed, the cause, the `remedy`."""
    try:
        yield
    except OSError as error:
        cause = "the disk is full" if error.errno in _FULL else (error.strerror or str(error))
        place = f" ({error.filename})" if error.filename else ""
        first = "free some space and " if error.errno in _FULL else ""
        raise DatasetError(f"{what}: {cause}{place}; {first}{remedy}") from error


def _forget(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
