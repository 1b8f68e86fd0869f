"""The unit of work: a batch of files, cleaned and staged by whoever runs it, here or on another machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsclean.errors import PageError
from newsclean.model import PageFacts
from newsclean.run.guarded import page_of, record_of, unreadable
from newsclean.run.source_account import SourceAccount
from newsclean.run.tally import Tally
from newsclean.sources import archive_or_bytes, is_archive_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from newsclean.dataset import Carried, RunStamp, SourceRecord, Staged
    from newsclean.model import PageOutcome
    from newsclean.run.guarded import PageToClean, Poison
    from newsclean.run.options import Limits
    from newsclean.run.pipeline import Toolbox
    from newsclean.sources import Archive, SourceFile

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
    on_page: Callable[[int | None, Tally], None],
) -> ShardResult:
    """Clean the files of a shard and write its rows where a commit can take them up; nothing is committed.

    `poisoned` names pages that are not to be cleaned, by their index among the pages of all files.
    `on_page` hears of each index before its page is looked for, again where that takes long, and
    None when all that is left is writing. Raises DatasetError where the rows cannot be written.
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
    on_page: Callable[[int | None, Tally], None]
    sources: list[SourceRecord] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    def outcomes(self) -> Iterator[PageOutcome]:
        for file in self.shard.files:
            self._touch()
            account = SourceAccount(file)
            for outcome in self._outcomes_of(file, account):
                account.add(outcome)
                self.tally.count(outcome)
                yield outcome
            self.tally.files += 1
            self.sources.append(account.record())
        self.on_page(None, self.tally)

    def _outcomes_of(self, file: SourceFile, account: SourceAccount) -> Iterator[PageOutcome]:
        found = self._look_at(file)
        if found is None or isinstance(found, bytes):
            return self._alone(file, found, account)
        return self._archived(file, found, account)

    def _touch(self) -> None:
        self.on_page(self.tally.total.pages, self.tally)

    def _poison(self) -> Poison | None:
        return self.poisoned.get(self.tally.total.pages)

    def _look_at(self, file: SourceFile) -> Archive | bytes | None:
        poison = self._poison()
        # What must not be read again cannot be looked at: then the name decides.
        may_look = poison is None or poison.may_read or not file.stretch.is_whole or is_archive_name(file.path.name)
        return archive_or_bytes(file, max_bytes=self.bench.limits.max_page_bytes) if may_look else None

    def _alone(self, file: SourceFile, packed: bytes | None, account: SourceAccount) -> Iterator[PageOutcome]:
        outcome = self._outcome(page_of(file, self.bench.limits, packed))
        account.sha256 = outcome.page.sha256
        yield outcome

    def _archived(self, file: SourceFile, archive: Archive, account: SourceAccount) -> Iterator[PageOutcome]:
        """Yield what becomes of an archive's pages; of the rest too, in one rejection, where reading it fails."""
        try:
            for page in archive.pages():
                if page is not None:
                    yield self._outcome(record_of(page, self.bench.limits))
                self._touch()
            account.sha256 = archive.sha256 if file.stretch.is_whole else file.stretch.sha256
        except PageError as error:
            # Where it was given up is a place of its own: other stretches of the file may fail as well.
            place = None if file.stretch.is_whole else file.stretch.start
            facts = PageFacts(raw_path=file.raw_path, raw_offset=place, source="archive")
            yield unreadable(facts, error, self.bench.tools)

    def _outcome(self, page: PageToClean) -> PageOutcome:
        poison = self._poison()
        if poison is not None:
            return page.poisoned(poison, self.bench.tools)
        return page.cleaned(self.bench.tools, self.bench.limits)
