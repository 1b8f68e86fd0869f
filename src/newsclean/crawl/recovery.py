"""What a crash left at the end of an archive: whole fetches are taken into the state, a torn one is cut off.

The archive is written before the state. So the last files may hold fetches that the state does not
know of, and after them the beginning of one more. That is moved to a file beside it (`.torn`), so
that every archive is whole.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from newsclean.crawl.archive import REQUEST_FIELD
from newsclean.crawl.state.store import Place
from newsclean.errors import DatasetError
from newsclean.sources.warc.framing import Damage, Record, frames
from newsclean.sources.warc.record_bytes import ByteWindow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Found", "latest_files", "recovered", "torn_path"]

_MAX_BLOCK: Final = 2**30
_KINDS: Final = frozenset({"response", "revisit"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A fetch that is in the archive: where, and the fingerprint of its request."""

    place: Place
    record: Record
    fingerprint: bytes


def latest_files(folder: Path) -> list[Path]:
    """Return the archive files of the process that wrote last, in the order of their writing."""
    files = [(path.stat().st_mtime_ns, path.name, path) for path in folder.glob("*.warc.gz")]
    begun = max(files)[1].rpartition("-")[0] if files else ""
    return [path for _, name, path in sorted(files) if name.rpartition("-")[0] == begun]


def torn_path(path: Path) -> Path:
    """Return where the torn end of an archive file is put."""
    return path.with_name(f"{path.name}.torn")


def recovered(path: Path, *, since: int = 0) -> list[Found]:
    """Return the fetches from byte `since` on, and cut off what is torn at the end. Raises DatasetError."""
    try:
        with path.open("rb") as stream:
            found = list(_frames(stream.fileno(), since))
        size = path.stat().st_size
        torn = next((one.start for one in found if isinstance(one, Damage) and one.end >= size), None)
        if torn is not None:
            _cut(path, torn)
            size = torn
    except OSError as error:
        raise DatasetError(f"{path}: the end of the archive cannot be looked at: {error.strerror}") from error
    return list(_fetches(path, found, size))


def _frames(handle: int, since: int) -> Iterator[Record | Damage]:
    for one in frames(ByteWindow(handle), max_block=_MAX_BLOCK, start=since):
        if one is not None:
            yield one


def _fetches(path: Path, found: list[Record | Damage], size: int) -> Iterator[Found]:
    ends = [*(one.offset for one in found[1:]), size]
    for one, end in zip(found, ends, strict=False):
        fingerprint = one.headers.get(REQUEST_FIELD.lower(), "")
        if isinstance(one, Record) and one.headers.get("warc-type") in _KINDS and fingerprint:
            place = Place(file=path.name, offset=one.offset, length=end - one.offset)
            yield Found(place=place, record=one, fingerprint=bytes.fromhex(fingerprint))


def _cut(path: Path, at: int) -> None:
    with path.open("r+b") as stream:
        stream.seek(at)
        with torn_path(path).open("ab") as torn:
            torn.write(stream.read())
            torn.flush()
            os.fsync(torn.fileno())
        stream.truncate(at)
        os.fsync(stream.fileno())
