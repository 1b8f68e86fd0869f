"""Where everything of a dataset lies; every name is a function of the table and the shard.

clean/
  articles/ pages/ removals/    part-<shard_id>.parquet and nothing else; of a partitioned table one in each
                                <key>=<value>/ that the shard has rows of
  _newsclean/
    dataset.json                what this folder is, and its schema version
    lock                        held by the one process that writes
    tmp/                        parts being written, and commits decided but not yet carried out
    commits/<shard_id>.json     what is in the dataset: the truth that the data folders follow
    reports/                    the run's own
    held/<batch>/               rows kept back from the dataset: a dataset of its own, see `held`
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA_VERSION: Final = 2
TABLES: Final = ("articles", "pages", "removals")
STATE: Final = "_newsclean"

# Lower case only: two ids must not become one file on a file system that ignores case.
_SHARD_ID: Final = r"[a-z0-9][a-z0-9_-]{0,99}"
_SHARD: Final = re.compile(_SHARD_ID)
_PART: Final = re.compile(rf"part-({_SHARD_ID})\.parquet")
# A folder of a partitioned table: see `partition`.
_PARTITION: Final = re.compile(r"[a-z_]+=[a-z0-9._%-]+")
_STAGED: Final = re.compile(rf"({_SHARD_ID})\.(?:{'|'.join(TABLES)})(?:\.[0-9]+)?\.parquet")
_HALF_WRITTEN: Final = re.compile(rf"{_SHARD_ID}\.json\.partial")
_JOURNAL: Final = re.compile(rf"({_SHARD_ID})\.json")


def check_shard_id(shard_id: str) -> str:
    """Return `shard_id` if it may name files, else raise ValueError."""
    if not _SHARD.fullmatch(shard_id):
        msg = f"{shard_id!r} is no shard id: lower-case letters, digits, - and _ (at most 100, a letter or digit first)"
        raise ValueError(msg)
    return shard_id


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths inside the dataset folder `root`."""

    root: Path

    @property
    def state(self) -> Path:
        """The folder that makes `root` a dataset of ours."""
        return self.root / STATE

    @property
    def marker(self) -> Path:
        """The file that names the schema version."""
        return self.state / "dataset.json"

    @property
    def lock(self) -> Path:
        """The file that the writer locks."""
        return self.state / "lock"

    @property
    def tmp(self) -> Path:
        """Where parts are written before they count."""
        return self.state / "tmp"

    @property
    def commits(self) -> Path:
        """The folder of commit records."""
        return self.state / "commits"

    @property
    def reports(self) -> Path:
        """The folder for the reports of runs."""
        return self.state / "reports"

    @property
    def held(self) -> Path:
        """The folder of batches that are kept back; it is there when there are any."""
        return self.state / "held"

    @property
    def data(self) -> tuple[Path, ...]:
        """The data folders, one a table."""
        return tuple(self.root / table for table in TABLES)

    @property
    def folders(self) -> tuple[Path, ...]:
        """Every folder of a dataset, parents first."""
        return (self.state, self.tmp, self.commits, self.reports, *self.data)

    def part_name(self, table: str, shard_id: str, partition: str | None = None) -> str:
        """Return a part's path relative to `root`, with slashes; in the folder of its partition, if it has one."""
        return "/".join(filter(None, (table, partition, f"part-{shard_id}.parquet")))

    def is_part_name(self, name: str, table: str, shard_id: str) -> bool:
        """Whether `name`, relative to `root`, is one that a part of this shard may have."""
        first, *folders, last = name.split("/")
        is_placed = not folders or (len(folders) == 1 and _PARTITION.fullmatch(folders[0]) is not None)
        return first == table and is_placed and last == f"part-{shard_id}.parquet"

    def staged(self, table: str, shard_id: str, number: int = 0) -> Path:
        """Return where the part of that number of a table is written before it is committed."""
        return self.tmp / (f"{shard_id}.{table}.{number}.parquet" if number else f"{shard_id}.{table}.parquet")

    def journal(self, shard_id: str) -> Path:
        """Return where a commit record waits while its parts move into place."""
        return self.tmp / f"{shard_id}.json"

    def commit(self, shard_id: str) -> Path:
        """Return where a commit record ends."""
        return self.commits / f"{shard_id}.json"

    def journals(self) -> Iterator[str]:
        """Yield the shard ids of the commits that were decided but not carried out."""
        yield from _ids(self.tmp, _JOURNAL)

    def committed(self) -> Iterator[str]:
        """Yield the shard ids that have a commit record, in order."""
        yield from _ids(self.commits, _JOURNAL)

    def partitions(self, table: str) -> Iterator[Path]:
        """Yield what is in a data folder and named as partitions are."""
        for path in _entries(self.root / table):
            if _PARTITION.fullmatch(path.name):
                yield path

    def parts(self, table: str) -> Iterator[Path]:
        """Yield every file in a data folder that is named as ours are."""
        for path in sorted((self.root / table).rglob("part-*.parquet")):
            named = _PART.fullmatch(path.name)
            if named and self.is_part_name(path.relative_to(self.root).as_posix(), table, named[1]):
                yield path

    def staged_of(self, shard_id: str) -> Iterator[Path]:
        """Yield the staged parts of a shard that are there."""
        for path in _entries(self.tmp):
            if (match := _STAGED.fullmatch(path.name)) and match[1] == shard_id:
                yield path

    def leftovers(self) -> Iterator[Path]:
        """Yield the files of our naming in `tmp`, and half-written records, that belong to no decided commit."""
        decided = set(self.journals())
        for path in sorted([*_entries(self.tmp), *self.commits.glob("*.json.partial")]):
            staged = _STAGED.fullmatch(path.name)
            if (staged and staged[1] not in decided) or _HALF_WRITTEN.fullmatch(path.name):
                yield path


def _ids(folder: Path, pattern: re.Pattern[str]) -> Iterator[str]:
    for path in _entries(folder):
        if match := pattern.fullmatch(path.name):
            yield match[1]


def _entries(folder: Path) -> list[Path]:
    """Return what is in a folder, sorted; nothing where it is lost, as empty folders are where a dataset is copied."""
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []
