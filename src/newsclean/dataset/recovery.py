"""How a commit becomes part of the dataset, and how a cut one is finished or undone.

A commit is decided when its record lies, whole and on the disk, in `tmp` beside the staged parts.
Until then the dataset is as before, and what was staged is swept. From then on the rest can only
be finished: each step of it may be done again with the same end. So after a sweep the dataset is
as before the commit or as after it, wherever the process was cut, and also where a shard is
committed again under its own id and the new files take the names of the old.

    staged parts -> record in tmp (decided) -> parts to the data folders -> record to commits
                                                                  -> parts and records replaced go
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING

from newsclean.dataset.durable import (
    for_each,
    make_folder,
    move,
    remove,
    remove_folder,
    sha256_of,
    sizes_below,
    sync_folder,
    write_whole,
)
from newsclean.dataset.layout import TABLES
from newsclean.dataset.record import encode, live, numbered, read_record
from newsclean.errors import DatasetError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsclean.dataset.layout import Layout
    from newsclean.dataset.record import CommitRecord, PartRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """What a sweep did, all in order: nothing, after a run that ended by itself.

    `finished`: shards whose commit was decided before the cut. `removed`: files, relative to the
    dataset. `damaged`: shards with a part that is gone or of another size; they are left as they
    are, and cleaning their pages again mends them.
    """

    finished: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()


def decide(layout: Layout, record: CommitRecord) -> None:
    """Make the commit of staged parts certain: after this a cut no longer undoes it.

    Parts that are not staged whole are a DatasetError: a promise that cannot be kept is not made.
    """
    parts = list(numbered(record.parts))
    staged = [layout.staged(table, record.shard_id, number) for table, number, _ in parts]
    for path, size, (_, _, part) in zip(staged, for_each(layout.root, staged, _size), parts, strict=True):
        if size != part.size_bytes:
            raise DatasetError(f"{path}: is not there as it was written, so the shard is not committed; run again")
    sync_folder(layout.tmp)
    write_whole(layout.journal(record.shard_id), encode(record))


def discard(layout: Layout, shard_id: str) -> None:
    """Delete what was staged of a commit that is not decided, as far as the disk lets us."""
    # The record goes first: without its parts it would promise what cannot be kept.
    with suppress(OSError):
        if remove(layout.journal(shard_id)):
            sync_folder(layout.tmp)
        for_each(layout.root, layout.staged_of(shard_id), remove)


def carry_out(layout: Layout, record: CommitRecord) -> None:
    """Move the parts of a decided commit into the data folders, then its record to the commits."""
    placed = for_each(layout.root, numbered(record.parts), lambda part: _place(layout, part, record))
    folders = {path.parent for path in placed}
    for folder in (*sorted(folders - set(layout.data)), *layout.data):
        sync_folder(folder)
    outdated = _outdated(layout, record)
    move(layout.journal(record.shard_id), layout.commit(record.shard_id))
    sync_folder(layout.commits)
    sync_folder(layout.tmp)
    # What goes by the records needs them until now; after a cut here nothing names them, and a sweep takes them.
    for_each(layout.root, outdated, lambda path: _remove_part(layout, path))


def retire(layout: Layout, record: CommitRecord) -> list[Path]:
    """Delete the parts of a replaced shard, then its record; return what was there."""
    paths = _paths(layout, record)
    were_there = for_each(layout.root, paths, lambda path: _remove_part(layout, path))
    removed = list(compress(paths, were_there))
    return [*removed, *filter(remove, [layout.commit(record.shard_id)])]


def load(layout: Layout) -> list[CommitRecord]:
    """Read every commit record, those that no longer count too."""
    return list(filter(None, for_each(layout.root, map(layout.commit, layout.committed()), _read_if_there)))


def _read_if_there(path: Path) -> CommitRecord | None:
    # A writer may take a replaced record away between the listing and the reading.
    with suppress(FileNotFoundError):
        return read_record(path)
    return None


def sweep(layout: Layout) -> Sweep:
    """Make the data folders hold exactly what the commit records name; needs the writer's lock."""
    finished = _finish(layout)
    records = load(layout)
    counting = live(records)
    removed = list(filter(remove, layout.leftovers()))
    for record in records:
        if record.shard_id not in counting:
            removed += retire(layout, record)
    named = {layout.root / part.file for record in counting.values() for _, _, part in numbered(record.parts)}
    for table in TABLES:
        removed += [path for path in layout.parts(table) if path not in named and _remove_part(layout, path)]
        for folder in layout.partitions(table):
            remove_folder(folder)
    sizes = {path: size for folder in layout.data for path, size in sizes_below(folder).items()}
    damaged = [record.shard_id for record in counting.values() if not _parts_there(layout, record, sizes)]
    names = sorted(path.relative_to(layout.root).as_posix() for path in removed)
    return Sweep(finished=finished, removed=tuple(names), damaged=tuple(sorted(damaged)))


def _finish(layout: Layout) -> tuple[str, ...]:
    decided = [read_record(layout.journal(shard_id)) for shard_id in layout.journals()]
    for record in sorted(decided, key=lambda record: record.sequence):
        carry_out(layout, record)
    return tuple(record.shard_id for record in decided)


def _outdated(layout: Layout, record: CommitRecord) -> list[Path]:
    """Return the parts that the shard had, when it was committed before, at places where it has none now."""
    before = _read_if_there(layout.commit(record.shard_id))
    kept = {layout.root / part.file for _, _, part in numbered(record.parts)}
    return [path for path in _paths(layout, before) if path not in kept] if before else []


def _paths(layout: Layout, record: CommitRecord) -> list[Path]:
    # What a damaged record names may lie anywhere.
    return [
        layout.root / part.file
        for table, _, part in numbered(record.parts)
        if layout.is_part_name(part.file, table, record.shard_id)
    ]


def _remove_part(layout: Layout, path: Path) -> bool:
    was_there = remove(path)
    if path.parent not in layout.data:
        remove_folder(path.parent)
    return was_there


def _parts_there(layout: Layout, record: CommitRecord, sizes: Mapping[Path, int]) -> bool:
    return all(sizes.get(layout.root / part.file) == part.size_bytes for _, _, part in numbered(record.parts))


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _place(layout: Layout, numbered_part: tuple[str, int, PartRecord], record: CommitRecord) -> Path:
    """Put a staged part where its record says; return where that is."""
    table, number, part = numbered_part
    staged, target = layout.staged(table, record.shard_id, number), layout.root / part.file
    is_ours = layout.is_part_name(part.file, table, record.shard_id)
    if is_ours and staged.exists():
        make_folder(target.parent)
        move(staged, target)
    elif not is_ours or not _intact(target, part):
        raise DatasetError(
            f"{layout.journal(record.shard_id)}: names {part.file}, which is neither there nor in {layout.tmp}; "
            "delete this record: its pages are then cleaned again"
        )
    return target


def _intact(path: Path, part: PartRecord) -> bool:
    return _size(path) == part.size_bytes and sha256_of(path) == part.sha256
