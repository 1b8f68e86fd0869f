"""Commit records: what one shard put into the dataset, from which files, by which code."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from datetime import datetime  # msgspec resolves the annotations of these classes
from typing import TYPE_CHECKING, Final

import msgspec

from newsclean.dataset.form import Form, check_version, damaged
from newsclean.dataset.layout import SCHEMA_VERSION
from newsclean.dataset.migrations import brought_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

_NO_TIME: Final = datetime.fromtimestamp(0, dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStamp:
    """What a run writes on all it makes: `cleaned_at` is aware.

    `code_sha256`, `language_backend` and `routing_sha256` say what a result depends on besides
    the page and its site profile; equal ones mean that cleaning again would change nothing.
    """

    run_id: str
    cleaned_at: datetime
    newsclean_version: str
    code_sha256: str
    language_backend: str
    routing_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRecord:
    """One Parquet file: `file` is relative to the dataset, with slashes."""

    file: str
    rows: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """One input file as it was when it was cleaned, and what came of its pages.

    `pages` = pages with articles + `rejections`. `profile` is the site profile that took it (None:
    none did, or a file of many pages). `retry` asks the next run to clean it again (its outcome came
    from circumstances, such as a timeout, or was carried over from other code). `dropped`: somebody
    threw its articles away, so that it is not cleaned again while its bytes stay what they are. Of a large
    archive it may be a part: the pages with offsets from `start` to `end` (exclusive; None: to the last
    one), for which it was read from byte `entry` on; `sha256` is that of the whole file.
    """

    raw_path: str
    size_bytes: int
    mtime_ns: int
    sha256: str | None
    facts_sha256: str
    profile: str | None
    profile_sha256: str | None
    pages: int
    articles: int
    rejections: int
    retry: bool = False
    dropped: bool = False
    start: int = 0
    end: int | None = None
    entry: int = 0

    @property
    def key(self) -> tuple[str, int]:
        """What no other source of a dataset has: file and place."""
        return self.raw_path, self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitRecord:
    """What the dataset holds of one shard; `parts` has no entry for a table without rows, several of a partitioned one.

    `sequence` orders the commits of a dataset. `replaces` names the shards whose place this one
    took: of those, what was committed before it no longer counts. `form` is that of its files.
    """

    shard_id: str
    sequence: int
    run_id: str
    newsclean_version: str
    code_sha256: str
    language_backend: str
    routing_sha256: str
    parts: dict[str, tuple[PartRecord, ...]]
    sources: tuple[SourceRecord, ...]
    replaces: tuple[str, ...] = ()
    form: Form = field(default_factory=Form)
    schema_version: int = SCHEMA_VERSION

    def parts_of(self, table: str) -> tuple[PartRecord, ...]:
        """Return the files that hold the shard's rows of a table; none where it has none there."""
        return self.parts.get(table, ())

    def rows_of(self, table: str) -> int:
        """Return how many rows of a table the shard has."""
        return sum(part.rows for part in self.parts_of(table))

    @property
    def stamp(self) -> RunStamp:
        """The stamp of the run that made it, to write its rows anew: they keep the time at which each was cleaned."""
        return RunStamp(
            run_id=self.run_id,
            cleaned_at=_NO_TIME,
            newsclean_version=self.newsclean_version,
            code_sha256=self.code_sha256,
            language_backend=self.language_backend,
            routing_sha256=self.routing_sha256,
        )

    def made_like(self, stamp: RunStamp) -> bool:
        """Whether the same page would give the same rows under `stamp`."""
        return (self.code_sha256, self.language_backend, self.routing_sha256) == (
            stamp.code_sha256,
            stamp.language_backend,
            stamp.routing_sha256,
        )


def numbered(parts: Mapping[str, Sequence[PartRecord]]) -> Iterator[tuple[str, int, PartRecord]]:
    """Yield each file of a shard with its table and its number among the files of that table, from 0."""
    for table, files in parts.items():
        for number, part in enumerate(files):
            yield table, number, part


def storable(text: str) -> str:
    r"""Return `text` as UTF-8 can hold it: a lone surrogate becomes its escape (`\udce9`)."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def encode(record: CommitRecord) -> bytes:
    """Return the record as it lies on the disk: JSON, indented, so that a person can read it."""
    return msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"


def read_record(path: Path) -> CommitRecord:
    """Read a commit record, an older one as one of today; DatasetError where it is none, SchemaTooNew if newer."""
    content = path.read_bytes()
    version = check_version(content, path)
    try:
        if version == SCHEMA_VERSION:
            return msgspec.json.decode(content, type=CommitRecord)
        return msgspec.convert(brought_up(msgspec.json.decode(content), version), CommitRecord)
    except (msgspec.DecodeError, AttributeError, KeyError, TypeError) as error:
        raise damaged(path, error) from error


def live(records: Iterable[CommitRecord]) -> dict[str, CommitRecord]:
    """Return the records that count, by shard id: those that no later record replaces."""
    found = sorted(records, key=lambda record: record.shard_id)
    replaced_at: dict[str, int] = {}
    for record in found:
        for shard_id in record.replaces:
            replaced_at[shard_id] = max(record.sequence, replaced_at.get(shard_id, 0))
    return {r.shard_id: r for r in found if r.sequence >= replaced_at.get(r.shard_id, 0)}
