"""`Dataset`: a folder of Parquet files that only whole shards enter and leave."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from newsclean.dataset.durable import disk_errors, double, write_whole
from newsclean.dataset.form import Form, FormChoice, check_current, read_form, write_form
from newsclean.dataset.layout import TABLES, Layout
from newsclean.dataset.lock import take_lock
from newsclean.dataset.place import check_one_disk, check_place, create_folders, make_missing
from newsclean.dataset.record import CommitRecord, encode, live, numbered
from newsclean.dataset.recovery import Sweep, carry_out, decide, discard, load, retire, sweep
from newsclean.dataset.shard import Carried
from newsclean.errors import DatasetError
from newsclean.remote.path import place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from newsclean.dataset.lock import WriterLock
    from newsclean.dataset.record import RunStamp, SourceRecord
    from newsclean.dataset.shard import Staged
    from newsclean.dataset.store_lock import StoreLock
    from newsclean.model import PageOutcome

    Carry = Sequence[tuple[str, frozenset[str]]]


class Dataset:
    """The dataset in a folder: read by anyone, written by one process at a time.

    Reading needs no lock and sees the commits that were there at the first look. `sweep` and
    `commit` take the lock and hold it until `close`.
    """

    def __init__(self, layout: Layout, form: Form) -> None:
        self._layout = layout
        self._form = form
        self._lock: WriterLock | StoreLock | None = None
        self._swept = False
        self._records: dict[str, CommitRecord] | None = None
        self._owners: dict[tuple[str, int], str] = {}
        self._sequence = 0

    @classmethod
    def open(cls, path: Path | str, *, create: bool, choice: FormChoice | None = None) -> Self:
        """Open the dataset at `path`; with `create`, make it where there is none and ask that it can be written.

        Raises DatasetError where the path is a file, holds something else or cannot be used,
        SchemaTooNew where a newer newsclean wrote it, SchemaTooOld where an older one did and it
        is to be written, and ConfigError where its form is another than the chosen one.
        """
        choice = choice or FormChoice()
        layout = Layout(place_of(path))
        with disk_errors(f"{path}: cannot be opened as a dataset", "give a folder that can be read and written"):
            check_place(layout, create=create)
            if create:
                create_folders(layout, choice.over(Form()))
            form = read_form(layout)
        choice.check(form, layout.root)
        if create:
            check_current(form, layout.root)
        return cls(layout, form)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give up the writer's lock, if it was taken."""
        if self._lock is not None:
            self._lock.release()
        self._lock, self._swept = None, False

    @property
    def path(self) -> Path:
        """The dataset's folder."""
        return self._layout.root

    @property
    def reports(self) -> Path:
        """The folder in which a run may leave its report."""
        return self._layout.reports

    @property
    def form(self) -> Form:
        """The form in which rows are written."""
        return self._form

    def records(self) -> Mapping[str, CommitRecord]:
        """Return what is committed, by shard id."""
        return MappingProxyType(self._known())

    def sweep(self) -> Sweep:
        """Finish or remove what an interrupted run left behind, and tell what it was."""
        self._take_lock()
        with disk_errors(f"{self.path}: cannot be swept", "run again"):
            done = sweep(self._layout)
        self._records, self._swept = None, True
        return done

    def commit(
        self,
        shard_id: str,
        outcomes: Iterable[PageOutcome],
        sources: Iterable[SourceRecord],
        stamp: RunStamp,
        *,
        replaces: Sequence[str] = (),
        carry: Carry = (),
    ) -> CommitRecord:
        """Put the rows of one shard into the dataset, all or none, and return the record of it.

        What was committed under `shard_id` and under the ids in `replaces` goes; of that, the rows
        that come from the raw files in `carry` (shard id, raw paths) stay, unchanged, as rows of
        this shard, and their sources with them. `sources` is read after `outcomes` is used up, so
        that it may be filled meanwhile, and must tell the same counts. Raises DatasetError, and
        leaves the dataset as it was, where they do not, where a raw file is in another shard, or
        where the disk fails.
        """
        from newsclean.dataset.staging import stage  # noqa: PLC0415  # pyarrow, which reading records does without

        check_current(self._form, self.path)
        self._be_ready()
        carried = [
            Carried(shard_id=old, raw_paths=raw_paths, is_current=self._record_of(old).made_like(stamp))
            for old, raw_paths in carry
        ]
        staged = stage(self.path, shard_id, outcomes, sources, stamp, carry=carried)
        return self.commit_staged(staged, stamp, replaces=replaces)

    def rewrite(self, shard_id: str, shards: Sequence[str]) -> CommitRecord:
        """Write committed shards anew, row for row, as the shard `shard_id` in the dataset's form.

        They must be made alike; see `CommitRecord.made_like`. Raises as `commit` does.
        """
        from newsclean.dataset.staging import stage  # noqa: PLC0415  # pyarrow

        self._be_ready()
        records = [self._record_of(old) for old in shards]
        last = max(records, key=lambda record: record.sequence)
        carry = [
            Carried(shard_id=one.shard_id, raw_paths=frozenset(s.raw_path for s in one.sources), is_current=True)
            for one in records
        ]
        staged = stage(self.path, shard_id, (), (), last.stamp, carry=carry)
        return self._commit_staged(staged, last.stamp, shards)

    def change_form(self, form: Form) -> None:
        """Note the form in which rows are to be written from now on; those that are there stay as they are."""
        self._be_ready()
        if form != self._form:
            with disk_errors(f"{self.path}: its marker was not renewed", "run again"):
                write_form(self._layout, form)
            self._form = form

    def commit_staged(self, staged: Staged, stamp: RunStamp, *, replaces: Sequence[str] = ()) -> CommitRecord:
        """Do the rest of a commit whose rows `stage` has written: see `commit`."""
        check_current(self._form, self.path)
        self._be_ready()
        return self._commit_staged(staged, stamp, replaces)

    def _commit_staged(self, staged: Staged, stamp: RunStamp, replaces: Sequence[str]) -> CommitRecord:
        gone = {staged.shard_id, *replaces}
        failed = f"{self.path}: shard {staged.shard_id} was not written"
        with ExitStack() as undo:
            undo.callback(discard, self._layout, staged.shard_id)
            self._check_owners(staged.shard_id, staged.sources, gone)
            record = self._record(staged, stamp, replaces)
            with disk_errors(failed, "run again: nothing of this shard is in the dataset"):
                decide(self._layout, record)
            undo.pop_all()
        self._finish(record, gone)
        return record

    def adopt(self, record: CommitRecord, origin: Path) -> None:
        """Put in a shard that the dataset at `origin` holds, with its record; one that is in already stays.

        Its files stay where they are, too. Raises DatasetError, and leaves
        the dataset as it was, where a raw file of it is in another shard or where the disk fails.
        """
        self._be_ready()
        there = self._known().get(record.shard_id)
        if there is not None and there.parts == record.parts:
            return
        gone = {record.shard_id, *record.replaces}
        adopted = replace(record, sequence=self._sequence + 1)
        failed = f"{self.path}: shard {record.shard_id} was not taken in"
        with ExitStack() as undo:
            undo.callback(discard, self._layout, record.shard_id)
            self._check_owners(record.shard_id, record.sources, gone)
            with disk_errors(failed, "run again: nothing of this shard is in the dataset"):
                for table, number, part in numbered(record.parts):
                    double(origin / part.file, self._layout.staged(table, record.shard_id, number))
                decide(self._layout, adopted)
            undo.pop_all()
        self._finish(adopted, gone)

    @property
    def sequence(self) -> int:
        """The number of the last commit, 0 before the first."""
        self._known()
        return self._sequence

    def note_stats(self, stats: Mapping[str, tuple[int, int]]) -> None:
        """Note size and mtime of raw files, by path, whose bytes are still those that were cleaned."""
        self._be_ready()
        for record in list(self._known().values()):
            if any(source.raw_path in stats for source in record.sources):
                renewed = replace(record, sources=tuple(_with_stat(source, stats) for source in record.sources))
                with disk_errors(f"{self.path}: the record of {record.shard_id} was not renewed", "run again"):
                    write_whole(self._layout.commit(record.shard_id), encode(renewed))
                self._known()[record.shard_id] = renewed

    @property
    def lock_handle(self) -> int:
        """The descriptor of the writer's lock, which is taken if need be.

        A process that inherits it shares the lock: nobody else can write until it has ended too.
        """
        self._be_ready()
        assert self._lock is not None
        return self._lock.fileno()

    def read(self, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Return all committed rows of `articles`, `pages` or `removals`, or some columns of them, in memory."""
        from newsclean.dataset.parquet.reader import read_parts  # noqa: PLC0415  # pyarrow

        return read_parts(self.parts(table), table, columns)

    def iter_rows(self, table: str, columns: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
        """Yield all committed rows of a table as dictionaries, a file at a time."""
        from newsclean.dataset.parquet.reader import batches_of  # noqa: PLC0415  # pyarrow

        for path in self.parts(table):
            for batch in batches_of(path, table, columns):
                yield from batch.to_pylist()

    def rows_of(self, shard_id: str, table: str, columns: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
        """Yield the rows of one committed shard in a table as dictionaries; nothing where it has none there."""
        from newsclean.dataset.parquet.reader import batches_of  # noqa: PLC0415  # pyarrow

        for part in self._known()[shard_id].parts_of(table):
            for batch in batches_of(self.path / part.file, table, columns):
                yield from batch.to_pylist()

    def parts(self, table: str) -> list[Path]:
        """Return the committed files of a table, by shard id."""
        if table not in TABLES:
            raise ValueError(f"no table {table!r}; there are {', '.join(TABLES)}")
        records = sorted(self._known().items())
        return [self.path / part.file for _, record in records for part in record.parts_of(table)]

    def _known(self) -> dict[str, CommitRecord]:
        if self._records is None:
            found = load(self._layout)
            self._records = live(found)
            self._sequence = max((record.sequence for record in found), default=0)
            self._owners = {source.key: r.shard_id for r in self._records.values() for source in r.sources}
        return self._records

    def _be_ready(self) -> None:
        if not self._swept:
            self.sweep()

    def _take_lock(self) -> None:
        if self._lock is None:
            with disk_errors(f"{self.path}: cannot be locked for writing", "give a folder on a local, writable disk"):
                make_missing(self._layout)
                check_one_disk(self._layout)
                self._lock = take_lock(self._layout)

    def _record_of(self, shard_id: str) -> CommitRecord:
        if record := self._known().get(shard_id):
            return record
        raise DatasetError(f"{self.path}: no shard {shard_id} to carry rows over from; run again")

    def _check_owners(self, shard_id: str, sources: Iterable[SourceRecord], gone: set[str]) -> None:
        self._known()
        seen = set()
        for source in sources:
            owner = self._owners.get(source.key)
            if source.key in seen or (owner is not None and owner not in gone):
                where = "twice in it" if source.key in seen else f"in shard {owner} already"
                raise DatasetError(f"{self.path}: shard {shard_id}: {source.raw_path} is {where}; nothing was written")
            seen.add(source.key)

    def _record(self, staged: Staged, stamp: RunStamp, replaces: Sequence[str]) -> CommitRecord:
        return CommitRecord(
            shard_id=staged.shard_id,
            sequence=self._sequence + 1,
            run_id=stamp.run_id,
            newsclean_version=stamp.newsclean_version,
            code_sha256=stamp.code_sha256,
            language_backend=stamp.language_backend,
            routing_sha256=stamp.routing_sha256,
            parts=staged.parts,
            sources=staged.sources,
            replaces=tuple(sorted(set(replaces) - {staged.shard_id})),
            form=staged.form,
        )

    def _finish(self, record: CommitRecord, gone: set[str]) -> None:
        # Decided and not carried out: whatever fails from here on, the next sweep goes on with it.
        self._swept = False
        failed = f"{self.path}: shard {record.shard_id} is written, but not in place yet"
        with disk_errors(failed, "run again: the next run finishes it"):
            carry_out(self._layout, record)
            for old in (gone - {record.shard_id}) & self._known().keys():
                retire(self._layout, self._known()[old])
        self._swept = True
        self._note(record, gone)

    def _note(self, record: CommitRecord, gone: set[str]) -> None:
        records = self._known()
        for old in gone & records.keys():
            for source in records.pop(old).sources:
                del self._owners[source.key]
        records[record.shard_id] = record
        self._owners |= {source.key: record.shard_id for source in record.sources}
        self._sequence = record.sequence


def _with_stat(source: SourceRecord, stats: Mapping[str, tuple[int, int]]) -> SourceRecord:
    size_bytes, mtime_ns = stats.get(source.raw_path, (source.size_bytes, source.mtime_ns))
    return replace(source, size_bytes=size_bytes, mtime_ns=mtime_ns)
