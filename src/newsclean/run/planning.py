"""What a run has to do: the files found against what is committed, and no page more than that.

new file ──────────────────────────────────────────────┐
committed ── other code, manifest row, bytes, profile ─┴─> to clean, in place of the old rows
          └─ touched, same bytes ──> its new stat is noted
          └─ nothing changed ──────> left alone
"""

from __future__ import annotations

from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final

from newsclean.dataset import Carried
from newsclean.dataset.record import storable
from newsclean.errors import PageError
from newsclean.model import Reason
from newsclean.run.batching import Batch, batched, shard_of, shard_size
from newsclean.run.options import usable_cores
from newsclean.run.parts import are_in_line, gaps, is_touched, part_of
from newsclean.run.source_account import joint_profile_sha256
from newsclean.sources import Problem, archive_sha256, is_archive, is_worth_splitting, read_page, split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from newsclean.dataset import CommitRecord, RunStamp, SourceRecord
    from newsclean.extract.routing import Router
    from newsclean.run.shard import Shard
    from newsclean.sources import SourceFile

    Committed = tuple[CommitRecord, SourceRecord]

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
        """How many files, or parts of files, are to be cleaned."""
        return sum(len(shard.files) for shard in self.shards)


@dataclass(slots=True)
class _Work:
    """What is found to do: by cause, what is new, parts of committed shards, files that are cut anew."""

    causes: dict[str, Cause] = field(default_factory=dict)
    new: list[SourceFile] = field(default_factory=list)
    again: dict[str, list[SourceFile]] = field(default_factory=lambda: defaultdict(list))
    divided: list[tuple[SourceFile, Sequence[CommitRecord]]] = field(default_factory=list)
    touched: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Planner:
    """What decides whether a file has to be cleaned.

    `unread` tells, by path, why committed files have no hash. `retry` names files to clean again
    whatever their record says, `damaged` the committed shards that lack a part. `held` are raw paths
    in batches that are kept back: they wait until the batch is released or dropped. `should_stop` is
    asked while large archives are looked through.
    """

    stamp: RunStamp
    router: Router
    max_page_bytes: int
    unread: Mapping[str, str] = field(default_factory=dict)
    retry: frozenset[str] = frozenset()
    damaged: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    should_stop: Callable[[], bool] = lambda: False
    _hashes: dict[str, str | None] = field(default_factory=dict)

    def plan(self, files: Sequence[SourceFile], records: Mapping[str, CommitRecord]) -> Plan:
        """Compare the files with what is committed."""
        known: dict[str, list[Committed]] = defaultdict(list)
        for record in records.values():
            for source in record.sources:
                known[source.raw_path].append((record, source))
        work = _Work()
        waiting = [file for file in files if storable(file.raw_path) not in self.held]
        for file in waiting:
            self._look_at(file, sorted(known.get(storable(file.raw_path), ()), key=_place), work)
        given = {storable(file.raw_path) for file in files}
        divided = list(self._divided(work, given))
        replacements, problems = self._replacements(work.again, records, given)
        new = [Batch(files=(part,)) for part in self._parts(work.new)]
        shards = tuple(self._shards(new, [*replacements, *divided]))
        planned = {file.raw_path for shard in shards for file in shard.files}
        return Plan(
            shards=shards,
            causes=Counter(cause for raw_path, cause in work.causes.items() if raw_path in planned),
            unchanged=len(waiting) - len(work.causes),
            held=len(files) - len(waiting),
            touched=work.touched,
            problems=problems,
        )

    def _look_at(self, file: SourceFile, found: Sequence[Committed], work: _Work) -> None:
        """Decide on one file, of which `found` is committed, by place."""
        if not found:
            work.causes[file.raw_path] = Cause.NEW
            work.new.append(file)
        elif self._is_to_be_cut_anew(file, found):
            work.causes[file.raw_path] = Cause.CONTENT
            work.divided.append((file, [record for record, _ in found]))
        else:
            self._look_at_parts(file, found, work)

    def _look_at_parts(self, file: SourceFile, found: Sequence[Committed], work: _Work) -> None:
        """Decide on each committed part of a file by itself, and take what is missing between them."""
        causes = {source.key: self._cause(file, record, source) for record, source in found}
        dirty = {record.shard_id for record, source in found if causes[source.key]}
        for record, source in found:
            if record.shard_id in dirty:
                work.again[record.shard_id].append(part_of(file, source))
            elif is_touched(file, source):
                work.touched[source.raw_path] = (file.size_bytes, file.mtime_ns)
        missing = gaps(file, [source for _, source in found])
        work.new.extend(missing)
        if dirty or missing:
            work.causes[file.raw_path] = next(filter(None, causes.values()), Cause.NEW)

    def _is_to_be_cut_anew(self, file: SourceFile, found: Sequence[Committed]) -> bool:
        """Tell whether the bytes are others than those that the committed parts were cut from."""
        (record, first), *others = found
        if not others and (_is_shared([record]) or not is_worth_splitting(file)):
            return False
        if is_touched(file, first) and self._sha256(file) != first.sha256:
            return True
        return not are_in_line([source for _, source in found])

    def _divided(self, work: _Work, given: set[str]) -> Iterator[Batch]:
        """Yield the parts of files that are cut anew; each takes the place of all the old ones that are still there."""
        for file, records in work.divided:
            old = {record.shard_id: record for record in records}
            if _is_shared(records):  # what is carried over is carried once, so this is one shard
                again = [part for shard_id in old for part in work.again.pop(shard_id, ())]
                cleaned = {storable(one.raw_path) for one in (file, *again)}
                carry = [carried for record in old.values() for carried in self._rest(record, cleaned, given)]
                yield Batch(files=(file, *again), replaces=tuple(sorted(old)), carry=tuple(carry))
                continue
            batches = [Batch(files=(part,)) for part in self._parts([file])]
            new = {shard_of(batch, self.stamp, self._profiles.items()).shard_id for batch in batches}
            for batch in batches:
                yield replace(batch, replaces=tuple(sorted(old.keys() - new)))

    def _rest(self, record: CommitRecord, cleaned: set[str], given: set[str]) -> Iterator[Carried]:
        return self._carried(record, {source.raw_path for source in record.sources} - cleaned, given)

    def _parts(self, files: Sequence[SourceFile]) -> Iterator[SourceFile]:
        """Yield the files, large archives in parts; several are looked through at a time."""
        large = [file for file in files if is_worth_splitting(file)]
        with ThreadPoolExecutor(usable_cores()) as pool:
            found = dict(zip((_key(file) for file in large), pool.map(self._split, large), strict=True))
        for file in files:
            yield from found.get(_key(file), (file,))

    def _split(self, file: SourceFile) -> tuple[SourceFile, ...]:
        return split(file, max_bytes=self.max_page_bytes, should_stop=self.should_stop)

    @cached_property
    def _profiles(self) -> dict[str, str | None]:
        return {site.site: site.sha256 for site in self.router.sites}

    def _shards(self, *groups: Sequence[Batch]) -> Iterator[Shard]:
        most = shard_size(sum(len(part.files) for group in groups for part in group if not part.is_large))
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
            if is_touched(file, source):
                return Cause.CONTENT
            is_worth_a_try = self.unread.get(source.raw_path) in _MAY_PASS
            return Cause.READABLE if is_worth_a_try and self._sha256(file) else None
        if not is_touched(file, source):
            return None
        return None if self._sha256(file) == source.sha256 else Cause.CONTENT

    def _sha256(self, file: SourceFile) -> str | None:
        if file.raw_path not in self._hashes:
            try:
                is_page = not is_archive(file)
                found = read_page(file, max_bytes=self.max_page_bytes).sha256 if is_page else archive_sha256(file)
            except PageError:
                found = None
            self._hashes[file.raw_path] = found
        return self._hashes[file.raw_path]

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


def _place(committed: Committed) -> int:
    return committed[1].start


def _is_shared(records: Iterable[CommitRecord]) -> bool:
    """Tell whether shards that hold parts of one file hold another one too."""
    return len({source.raw_path for record in records for source in record.sources}) > 1


def _key(file: SourceFile) -> tuple[str, int]:
    return file.raw_path, file.stretch.start


def _lost(record: CommitRecord, rest: Sequence[str]) -> Problem:
    return Problem(
        where=f"shard {record.shard_id}",
        message=f"a file of it is missing or cut, and to mend it {len(rest)} more raw files are needed "
        f"({rest[0]} ...); clean them too, in the same run",
    )
