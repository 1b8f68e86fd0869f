"""The unit of work: a batch of files, cleaned and staged by whoever runs it, here or on another machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsclean.dataset import SourceRecord
from newsclean.run.guarded import clean_file, poisoned_outcome
from newsclean.run.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from newsclean.dataset import Carried, RunStamp, Staged
    from newsclean.model import PageOutcome
    from newsclean.run.guarded import Poison
    from newsclean.run.options import Limits
    from newsclean.run.pipeline import Toolbox
    from newsclean.sources import SourceFile

__all__ = ["Bench", "Shard", "ShardResult", "run_shard"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """Files to clean together; `shard_id` is a function of them and of what they are cleaned with.

    `replaces` are the committed shards whose place it takes, `carry` their rows that stay.
    """

    shard_id: str
    files: tuple[SourceFile, ...]
    replaces: tuple[str, ...] = ()
    carry: tuple[Carried, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What a shard is run with, and the dataset it is for."""

    dataset: Path
    tools: Toolbox
    limits: Limits
    stamp: RunStamp


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardResult:
    """A shard's rows, written and ready to be committed, and their counts."""

    staged: Staged
    tally: Tally


def run_shard(
    shard: Shard,
    bench: Bench,
    *,
    poisoned: Mapping[int, Poison],
    on_page: Callable[[int, Tally], None],
) -> ShardResult:
    """Clean the files of a shard and write its rows where a commit can take them up; nothing is committed.

    `poisoned` names, by their index, files that are not to be cleaned. `on_page` hears of each index
    before its page is touched, and of the number of files when all that is left is writing. Raises
    DatasetError where the rows cannot be written.
    """
    from newsclean.dataset.staging import stage  # noqa: PLC0415  # pyarrow

    work = _Work(shard, bench, poisoned, on_page)
    staged = stage(bench.dataset, shard.shard_id, work.outcomes(), work.sources, bench.stamp, carry=shard.carry)
    return ShardResult(staged=staged, tally=work.tally)


@dataclass(slots=True)
class _Work:
    """A shard being cleaned: fills `sources` and `tally` while its outcomes are drawn."""

    shard: Shard
    bench: Bench
    poisoned: Mapping[int, Poison]
    on_page: Callable[[int, Tally], None]
    sources: list[SourceRecord] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    def outcomes(self) -> Iterator[PageOutcome]:
        for index, file in enumerate(self.shard.files):
            self.on_page(index, self.tally)
            outcome = self._outcome(index, file)
            self.sources.append(_source_record(file, outcome))
            self.tally.count(outcome)
            yield outcome
        self.on_page(len(self.shard.files), self.tally)

    def _outcome(self, index: int, file: SourceFile) -> PageOutcome:
        poison = self.poisoned.get(index)
        if poison is not None:
            return poisoned_outcome(file, poison, self.bench.tools, self.bench.limits)
        return clean_file(file, self.bench.tools, self.bench.limits)


def _source_record(file: SourceFile, outcome: PageOutcome) -> SourceRecord:
    return SourceRecord(
        raw_path=file.raw_path,
        size_bytes=file.size_bytes,
        mtime_ns=file.mtime_ns,
        sha256=outcome.page.sha256,
        facts_sha256=file.facts_sha256,
        profile=outcome.site if outcome.profile_sha256 else None,
        profile_sha256=outcome.profile_sha256,
        pages=1,
        articles=len(outcome.articles),
        rejections=int(outcome.rejection is not None),
    )
