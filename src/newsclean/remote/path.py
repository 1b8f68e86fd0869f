"""An object store's addresses as paths, so that what works on files works on objects.

A path on the disk and one in a store are told apart where they differ, and nowhere else: in `dataset.durable`
(what makes a change last), `dataset.place` (what a folder must be), `dataset.lock`, and where Arrow opens a file.
"""

from __future__ import annotations

import errno
import os
import stat
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path, PosixPath
from typing import IO, TYPE_CHECKING, Any, Final, Self

from newsclean.errors import DatasetError
from newsclean.remote.objects import SCHEME, ObjectStore

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

__all__ = ["StorePath", "before_changes", "place_of"]

# What pathlib makes of `s3://`, which it does not know.
_SHORT: Final = "s3:"
_CHECKS: Final[dict[str, Callable[[], None]]] = {}


def place_of(path: str | Path) -> Path:
    """Return a path: in an object store where `path` begins with `s3://`, else on the disk."""
    if isinstance(path, StorePath):
        return path
    return StorePath(path) if Path(path).parts[:1] == (_SHORT,) else Path(path)


def before_changes(folder: StorePath, check: Callable[[], None] | None) -> None:
    """Have `check` called before each change of an object below `folder` by this process; None: no more."""
    if check is None:
        _CHECKS.pop(f"{folder}/", None)
    else:
        _CHECKS[f"{folder}/"] = check


class StorePath(PosixPath):
    """The address of an object, `s3://bucket/key`, or of a folder: all objects whose keys begin with it.

    Folders need not be made, and are there as long as something is in them. An object is written as a whole or not
    at all, and what was written lasts. Raises StoreError, and DatasetError for what only a disk can do.
    """

    # ---- as a name ----

    def __str__(self) -> str:
        first, _, rest = super().__str__().partition("/")
        return f"{SCHEME}{rest}" if first == _SHORT else super().__str__()

    def __fspath__(self) -> str:
        """Refuse: else the system would look for a file of this name on the disk."""
        raise DatasetError(
            f"{self}: this can only be done on a disk; bring the dataset there first: aws s3 sync s3://... FOLDER"
        )

    def resolve(self, strict: bool = False) -> Self:  # noqa: ARG002, FBT001, FBT002  (pathlib's signature)
        """Return the path: there are no links in a store."""
        return self

    def absolute(self) -> Self:
        """Return the path: an address is absolute."""
        return self

    @property
    def for_arrow(self) -> str:
        """The name that Arrow's file systems give it: `bucket/key`."""
        return str(self).removeprefix(SCHEME)

    @property
    def key(self) -> str:
        """The name of the object in its bucket."""
        return "/".join(self.parts[2:])

    # ---- looking ----

    def exists(self) -> bool:
        """Tell whether there is such an object or folder."""
        return self.is_file() or self.is_dir()

    def is_file(self) -> bool:
        """Tell whether there is such an object."""
        return bool(self.key) and self._store.size(self.key) is not None

    def is_dir(self) -> bool:
        """Tell whether there is any object in the folder."""
        return self._store.has_any(self.key)

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:  # noqa: ARG002  (pathlib's signature)
        """Return the size of an object; FileNotFoundError where there is none."""
        size = self._store.size(self.key)
        if size is None:
            raise self._missing()
        return os.stat_result((stat.S_IFREG, 0, 0, 1, 0, 0, size, 0, 0, 0))

    def sizes(self) -> dict[Path, int]:
        """Return the sizes of all objects below the folder."""
        return {self / name: size for name, size in self._store.sizes(self.key).items()}

    def iterdir(self) -> Generator[Self, None, None]:
        """Yield what is in the folder, sorted; nothing where there is none."""
        yield from (self / name for name in self._store.names(self.key))

    def glob(self, pattern: str, **_: Any) -> Generator[Self, None, None]:
        """Yield what is in the folder and has a name of this pattern, sorted."""
        yield from (path for path in self.iterdir() if fnmatchcase(path.name, pattern))

    def rglob(self, pattern: str, **_: Any) -> Generator[Self, None, None]:
        """Yield all objects below the folder that have a name of this pattern, sorted."""
        names = sorted(self._store.sizes(self.key))
        yield from (path for path in map(self.joinpath, names) if fnmatchcase(path.name, pattern))

    # ---- reading and writing ----

    def read_bytes(self) -> bytes:
        """Return an object's bytes; FileNotFoundError where there is none."""
        found = self._store.get(self.key)
        if found is None:
            raise self._missing()
        return found[0]

    def open(self, mode: str = "r", *_: Any, **__: Any) -> IO[bytes]:  # type: ignore[override]  # whole, to read
        """Return an object's bytes as a file to be read, which lies on the disk without a name."""
        if mode != "rb":
            self.__fspath__()
        import tempfile  # noqa: PLC0415  (keeps --help fast)

        file = tempfile.TemporaryFile()  # noqa: SIM115  (it is returned)
        if not self._store.get_into(self.key, file):
            file.close()
            raise self._missing()
        file.seek(0)
        return file

    def write_bytes(self, data: Any) -> int:
        """Write an object."""
        _check_change(self)
        self._store.put(self.key, bytes(data))
        return len(data)

    def write_text(self, data: str, *_: Any, **__: Any) -> int:
        """Write an object, as UTF-8."""
        return self.write_bytes(data.encode())

    def upload(self, file: IO[bytes]) -> None:
        """Write an object of all that is in an open file."""
        file.seek(0)
        _check_change(self)
        self._store.put(self.key, file)

    def unlink(self, missing_ok: bool = False) -> None:  # noqa: FBT001, FBT002  (pathlib's signature)
        """Delete an object."""
        _check_change(self)
        if not missing_ok and self._store.size(self.key) is None:
            raise self._missing()
        self._store.delete(self.key)

    def replace(self, target: str | os.PathLike[str]) -> Self:
        """Give an object another name in the same bucket: both are there for a moment."""
        assert isinstance(target, type(self))
        _check_change(target)
        if not self._store.copy(self.key, target.key):
            raise self._missing()
        self._store.delete(self.key)
        return target

    def mkdir(self, *_: Any, **__: Any) -> None:
        """Do nothing: a folder is there when something is in it."""

    @property
    def _store(self) -> ObjectStore:
        return _store(self.parts[1] if len(self.parts) > 1 else "", os.environ.get("AWS_ENDPOINT_URL"))

    def rmdir(self) -> None:
        """Do nothing: a folder is gone when nothing is in it."""

    def _missing(self) -> FileNotFoundError:
        return FileNotFoundError(errno.ENOENT, "there is no such object", str(self))


def _check_change(path: StorePath) -> None:
    address = str(path)
    for folder, check in _CHECKS.items():
        if address.startswith(folder):
            check()


@cache
def _store(bucket: str, endpoint: str | None) -> ObjectStore:  # noqa: ARG001  (the endpoint is part of the key)
    return ObjectStore(f"{SCHEME}{bucket}")
