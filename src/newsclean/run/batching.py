"""Put files together to shards of a good size, the same ones for the same files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from newsclean.run.shard import Shard
from newsclean.sources import is_archive_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsclean.dataset import Carried, RunStamp
    from newsclean.sources import SourceFile

__all__ = ["Batch", "batched", "expected_pages", "shard_of", "shard_size"]

MOST_FILES: Final = 500
MOST_BYTES: Final = 32_000_000
_FEWEST_FILES: Final = 25
_AT_LEAST_SHARDS: Final = 4
_ALONE_BYTES: Final = 4_000_000
_ARCHIVED_PAGE_BYTES: Final = 20_000  # what a packed page with its request takes in a WARC, about


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Files to clean and what goes with them: committed shards to replace, their rows to carry over."""

    files: tuple[SourceFile, ...]
    replaces: tuple[str, ...] = ()
    carry: tuple[Carried, ...] = ()

    @property
    def is_large(self) -> bool:
        """Whether it is a shard by itself: a part of an archive, or an archive that may grow to some."""
        return any(_is_large(file) for file in self.files)


def shard_size(file_count: int) -> int:
    """Return how many files a shard takes at most: 500, and fewer where few files leave workers without work."""
    return min(MOST_FILES, max(_FEWEST_FILES, -(-file_count // _AT_LEAST_SHARDS)))


def expected_pages(file: SourceFile) -> int:
    """Return how many pages a file may hold: one, or a guess where its name is that of an archive."""
    if file.stretch.pages is not None:
        return file.stretch.pages
    return 1 + file.size_bytes // _ARCHIVED_PAGE_BYTES if is_archive_name(file.path.name) else 1


def batched(parts: Iterable[Batch], *, most_files: int) -> Iterator[Batch]:
    """Yield the parts, put together while they stay within `most_files` and 32 MB.

    None is split, and large ones stay alone.
    """
    together: list[Batch] = []
    files = size = 0
    for part in parts:
        if part.is_large:
            yield part
            continue
        part_files, part_size = _weight(part)
        if together and (files + part_files > most_files or size + part_size > MOST_BYTES):
            yield _joined(together)
            together, files, size = [], 0, 0
        together.append(part)
        files, size = files + part_files, size + part_size
    if together:
        yield _joined(together)


def shard_of(batch: Batch, stamp: RunStamp, profiles: Iterable[tuple[str, str | None]]) -> Shard:
    """Return the shard of a batch; its id is a hash over all that its rows are made from."""
    digest = hashlib.sha256()
    made_with = (stamp.code_sha256, stamp.language_backend, stamp.routing_sha256, sorted(profiles, key=str))
    digest.update(repr(made_with).encode())
    for file in batch.files:
        facts = (file.raw_path, file.size_bytes, file.mtime_ns, file.facts_sha256)
        digest.update(repr(facts).encode())
        if not file.stretch.is_whole:
            digest.update(repr((file.stretch.start, file.stretch.end, file.stretch.entry)).encode())
    for carried in batch.carry:
        digest.update(repr((carried.shard_id, sorted(carried.raw_paths))).encode())
    shard_id = digest.hexdigest()[:24]
    return Shard(shard_id=shard_id, files=batch.files, replaces=batch.replaces, carry=batch.carry)


def _is_large(file: SourceFile) -> bool:
    return not file.stretch.is_whole or (file.stretch.pages is not None and file.size_bytes >= _ALONE_BYTES)


def _weight(part: Batch) -> tuple[int, int]:
    carried = sum(len(carried.raw_paths) for carried in part.carry)
    return len(part.files) + carried, sum(file.size_bytes for file in part.files)


def _joined(parts: Sequence[Batch]) -> Batch:
    return Batch(
        files=tuple(file for part in parts for file in part.files),
        replaces=tuple(shard_id for part in parts for shard_id in part.replaces),
        carry=tuple(carried for part in parts for carried in part.carry),
    )
