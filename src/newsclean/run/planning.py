"""What a run has to do: the files found against what is committed, and no page more than that.

new file ──────────────────────────────────────────────┐
committed ── other code, manifest row, bytes, profile ─┴─> to clean, in place of the old rows
          └─ touched, same bytes ──> its new stat is noted
          └─ nothing changed ──────> left alone
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final

from newsclean.dataset import Carried
from newsclean.dataset.record import storable
from newsclean.errors import PageError
from newsclean.model import Reason
from newsclean.run.batching import Batch, batched, shard_of, shard_size
from newsclean.run.source_account import joint_profile_sha256
from newsclean.sources import Problem, archive_sha256, is_archive, read_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from newsclean.dataset import CommitRecord, RunStamp, SourceRecord
    from newsclean.extract.routing import Router
    from newsclean.run.shard import Shard
    from newsclean.sources import SourceFile

__all__ = ["Cause", "Plan", "Planner"]

# Why a file could not be read that a look at the file can tell to be over.
_MAY_PASS: Final = frozenset({Reason.UNREADABLE, Reason.VANISHED, Reason.TOO_LARGE})


class Cause(StrEnum):
    """Why a file is cleaned."""

    NEW = "new"
    CODE = "code"
    LANGUAGE_BACKEND = "language_backend"
    MANIFEST = "manifest"
    CONTENT = "content"
    PROFILE = "profile"
    ROUTING = "routing"
    READABLE = "readable"
    RETRY = "retry"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run will do.

    `causes` counts the files to clean, `unchanged` those left alone, `held` those in a batch, `touched` holds size and
    mtime of files whose bytes are as before, by path.
    """

    shards: tuple[Shard, ...]
    causes: Mapping[Cause, int]
    unchanged: int
    touched: Mapping[str, tuple[int, int]]
    problems: tuple[Problem, ...] = ()
    held: int = 0

    @property
    def file_count(self) -> int:
        """How many files are to be cleaned."""
        return sum(self.causes.values())


@dataclass(frozen=True, kw_only=True)
class Planner:
    """What decides whether a file has to be cleaned.

    `unread` tells, by path, why committed files have no hash. `retry` names files to clean again
    whatever their record says, `damaged` the committed shards that lack a part. `held` are raw paths
    in batches that are kept back: they wait until the batch is released or dropped.
    """

    stamp: RunStamp
    router: Router
    max_page_bytes: int
    unread: Mapping[str, str] = field(default_factory=dict)
    retry: frozenset[str] = frozenset()
    damaged: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()

    def plan(self, files: Sequence[SourceFile], records: Mapping[str, CommitRecord]) -> Plan:
        """Compare the files with what is committed."""
        known = {source.raw_path: (record, source) for record in records.values() for source in record.sources}
        causes: dict[str, Cause] = {}
        new: list[SourceFile] = []
        again: dict[str, list[SourceFile]] = {}
        touched: dict[str, tuple[int, int]] = {}
        waiting = [file for file in files if storable(file.raw_path) not in self.held]
        for file in waiting:
            found = known.get(storable(file.raw_path))
            cause = self._cause(file, *found) if found else Cause.NEW
            if cause is not None:
                causes[file.raw_path] = cause
            if found is None:
                new.append(file)
            elif cause is not None:
                again.setdefault(found[0].shard_id, []).append(file)
            elif _is_touched(file, found[1]):
                touched[found[1].raw_path] = (file.size_bytes, file.mtime_ns)
        replacements, problems = self._replacements(again, records, {storable(file.raw_path) for file in files})
        shards = tuple(self._shards([Batch(files=(file,)) for file in new], replacements))
        return Plan(
            shards=shards,
            causes=Counter(causes[file.raw_path] for shard in shards for file in shard.files),
            unchanged=len(waiting) - len(causes),
            held=len(files) - len(waiting),
            touched=touched,
            problems=problems,
        )

    @cached_property
    def _profiles(self) -> dict[str, str | None]:
        return {site.site: site.sha256 for site in self.router.sites}

    def _shards(self, *groups: Sequence[Batch]) -> Iterator[Shard]:
        most = shard_size(sum(len(part.files) for group in groups for part in group))
        for parts in groups:
            for batch in batched(parts, most_files=most):
                yield shard_of(batch, self.stamp, self._profiles.items())

    def _cause(self, file: SourceFile, record: CommitRecord, source: SourceRecord) -> Cause | None:
        if source.dropped and record.shard_id not in self.damaged:
            return self._cause_in_bytes(file, source)
        for cause, holds in (
            (Cause.DAMAGED, record.shard_id in self.damaged),
            (Cause.CODE, record.code_sha256 != self.stamp.code_sha256 or source.retry),
            (Cause.LANGUAGE_BACKEND, self._has_other_language(record, source)),
            (Cause.RETRY, source.raw_path in self.retry),
            (Cause.MANIFEST, source.facts_sha256 != file.facts_sha256),
        ):
            if holds:
                return cause
        return self._cause_in_bytes(file, source) or self._cause_in_routing(file, record, source)

    def _has_other_language(self, record: CommitRecord, source: SourceRecord) -> bool:
        return source.articles > 0 and record.language_backend != self.stamp.language_backend

    def _cause_in_bytes(self, file: SourceFile, source: SourceRecord) -> Cause | None:
        if source.sha256 is None:
            if _is_touched(file, source):
                return Cause.CONTENT
            is_worth_a_try = self.unread.get(source.raw_path) in _MAY_PASS
            return Cause.READABLE if is_worth_a_try and self._sha256(file) else None
        if not _is_touched(file, source):
            return None
        return None if self._sha256(file) == source.sha256 else Cause.CONTENT

    def _sha256(self, file: SourceFile) -> str | None:
        try:
            if is_archive(file):
                return archive_sha256(file)
            return read_page(file, max_bytes=self.max_page_bytes).sha256
        except PageError:
            return None

    def _cause_in_routing(self, file: SourceFile, record: CommitRecord, source: SourceRecord) -> Cause | None:
        if source.sha256 is None:
            return None
        if source.profile is not None and joint_profile_sha256(source.profile, self._profiles) != source.profile_sha256:
            return Cause.PROFILE
        if not file.url:
            # Its text decides whose it is, or the many addresses in it, so any new profile may be its own.
            return Cause.ROUTING if record.routing_sha256 != self.stamp.routing_sha256 else None
        site = self.router.site_of_url(file.url)
        return Cause.ROUTING if (site.site if site else None) != source.profile else None

    def _replacements(
        self, again: Mapping[str, Sequence[SourceFile]], records: Mapping[str, CommitRecord], given: set[str]
    ) -> tuple[list[Batch], tuple[Problem, ...]]:
        parts, problems = [], []
        for shard_id, files in again.items():
            record = records[shard_id]
            cleaned = {storable(file.raw_path) for file in files}
            rest = [source.raw_path for source in record.sources if source.raw_path not in cleaned]
            if rest and shard_id in self.damaged:
                problems.append(_lost(record, rest))
                continue
            carry = self._carried(record, rest, given)
            parts.append(Batch(files=tuple(files), replaces=(shard_id,), carry=tuple(carry)))
        return parts, tuple(problems)

    def _carried(self, record: CommitRecord, rest: Iterable[str], given: set[str]) -> Iterator[Carried]:
        """Part what stays of a shard: this run has looked at some, of the others it knows nothing new."""
        seen = frozenset(raw_path for raw_path in rest if raw_path in given)
        unseen = frozenset(rest) - seen
        if seen:
            yield Carried(shard_id=record.shard_id, raw_paths=seen, is_current=True)
        if unseen:
            yield Carried(shard_id=record.shard_id, raw_paths=unseen, is_current=record.made_like(self.stamp))


def _is_touched(file: SourceFile, source: SourceRecord) -> bool:
    return (file.size_bytes, file.mtime_ns) != (source.size_bytes, source.mtime_ns)


def _lost(record: CommitRecord, rest: Sequence[str]) -> Problem:
    return Problem(
        where=f"shard {record.shard_id}",
        message=f"a file of it is missing or cut, and to mend it {len(rest)} more raw files are needed "
        f"({rest[0]} ...); clean them too, in the same run",
    )
