"""`newsclean dedup` from end to end: sketch what is new, pair, compare, write the table of clusters."""

from __future__ import annotations

import hashlib
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from newsclean.dataset import Dataset
from newsclean.dataset.clusters import clusters_record, is_intact, write_clusters
from newsclean.dataset.layout import Layout
from newsclean.dataset.parquet.reader import batches_of
from newsclean.dataset.place import check_on_disk
from newsclean.dataset.sketches import SketchStore
from newsclean.dedup.clustering import cluster_rows
from newsclean.dedup.corpus import Corpus
from newsclean.dedup.leaders import find_leaders
from newsclean.dedup.methods import Method, chosen_method
from newsclean.dedup.sketching import ARTICLE_COLUMNS, fingerprint, sketch
from newsclean.dedup.verdicts import VERDICTS, Verdicts
from newsclean.run.options import usable_cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from newsclean.dataset import PartRecord
    from newsclean.dataset.clusters import ClustersRecord
    from newsclean.dedup.leaders import Joined

__all__ = ["DedupReport", "find_copies"]

_PAIRS_AT_ONCE: Final = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class DedupReport:
    """What a search for copies found: `texts` rows of `clusters`, of which `copies` are not the first of theirs.

    `sketched` articles were new to it, `compared` pairs of texts were held against each other.
    """

    dataset: str
    state: str
    method: str
    texts: int
    clusters: int
    copies: int
    sketched: int
    compared: int
    duration_s: float


def find_copies(
    path: Path | str,
    *,
    method: str = "auto",
    workers: int | None = None,
    on_progress: Callable[[str, float], None] = lambda _, __: None,
) -> DedupReport:
    """Find the copies among the articles of the dataset at `path` and write its `clusters` table.

    `articles` stays as it is. What was sketched and compared before is not done again; the table
    is the one that a first search would give. `on_progress` gets a line on what is done, and the
    seconds so far.
    Raises ConfigError for an unknown method, DatasetError where the dataset cannot be used.
    """
    begun = time.monotonic()
    chosen = chosen_method(method)
    with Dataset.open(path, create=False) as dataset:
        check_on_disk(dataset.path, "copies can be found")
        dataset.sweep()
        search = _Search(dataset, chosen, lambda line: on_progress(line, time.monotonic() - begun))
        record = clusters_record(dataset.path)
        is_current = record is not None and record.made_from == search.made_from and is_intact(dataset.path, record)
        if not is_current:
            search.sketch_new(usable_cores() if workers is None else workers)
            record = search.run()
        assert record is not None
        return DedupReport(
            dataset=str(path),
            state="nothing_to_do" if is_current else "done",
            method=chosen,
            texts=record.rows,
            clusters=record.clusters,
            copies=record.copies,
            sketched=search.sketched,
            compared=search.compared,
            duration_s=time.monotonic() - begun,
        )


class _Search:
    """One search over the committed parts of `articles`, which it takes in the order of their hashes."""

    def __init__(self, dataset: Dataset, method: Method, say: Callable[[str], None]) -> None:
        self._root = dataset.path
        self._say = say
        self._method = method
        records = dataset.records().values()
        found = [part for record in records for part in record.parts_of("articles")]
        self._parts = sorted(found, key=lambda part: (part.sha256, part.file))
        self._store = SketchStore(Layout(dataset.path).state, fingerprint(method))
        names = [fingerprint(method), *(part.sha256 for part in self._parts)]
        self.made_from = hashlib.sha256("\n".join(names).encode()).hexdigest()
        self.sketched = 0
        self.compared = 0

    def sketch_new(self, workers: int) -> None:
        """Sketch the parts that have no sketches yet, in `workers` processes (0: in this one)."""
        self._store.prepare()
        self._store.forget_others({part.sha256 for part in self._parts})
        new = {part.sha256: part for part in self._parts if not self._store.has(part.sha256)}
        total = sum(part.rows for part in new.values())
        for part in self._sketched(list(new.values()), min(workers, len(new))):
            self.sketched += part.rows
            self._say(f"{self.sketched:,} of {total:,} articles sketched")

    def run(self) -> ClustersRecord:
        """Find the clusters and write them."""
        sketches = [self._store.open(part.sha256) for part in self._parts]
        if not sketches:
            return write_clusters(self._root, (), method=self._method, made_from=self.made_from)
        corpus = Corpus(sketches, self._method)
        joined = self._joined(corpus)
        self._say(f"{len(joined):,} copies found, writing")
        rows = cluster_rows(corpus, sketches, joined)
        return write_clusters(self._root, rows, method=self._method, made_from=self.made_from)

    def _sketched(self, parts: Sequence[PartRecord], workers: int) -> Iterator[PartRecord]:
        if workers <= 1:
            for part in parts:
                _sketch_part(self._root, part, self._method)
                yield part
            return
        # Started afresh: a fork would take along what this process has open.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            waiting = {pool.submit(_sketch_part, self._root, part, self._method): part for part in parts}
            try:
                for done in as_completed(waiting):
                    done.result()
                    yield waiting[done]
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def _joined(self, corpus: Corpus) -> Joined:
        self._say(f"pairing {len(corpus.texts):,} texts")
        pairs = corpus.pairs()
        self._say(f"comparing {len(pairs):,} pairs of texts")
        known = self._store.verdicts(VERDICTS)
        with closing(Verdicts(Layout(self._root).tmp, corpus.texts, known)) as verdicts:
            self._read_bodies(corpus, verdicts, verdicts.unknown(_numbers(pairs)))
            joined = find_leaders(_numbers(pairs), verdicts.likeness)
            # Leaders that no pair names are known only now.
            while verdicts.missing:
                missing, verdicts.missing = verdicts.missing, set()
                self._read_bodies(corpus, verdicts, missing)
                joined = find_leaders(_numbers(pairs), verdicts.likeness)
            self._store.save_verdicts(verdicts.table())
            self.compared = verdicts.compared
        return joined

    def _read_bodies(self, corpus: Corpus, verdicts: Verdicts, ranks: set[int]) -> None:
        places = sorted((*corpus.place_of(rank), rank) for rank in ranks if not verdicts.has_body(rank))
        for part, wanted in groupby(places, key=lambda place: place[0]):
            rows = {row: rank for _, row, rank in wanted}
            for row, body in _bodies(self._root / self._parts[part].file, rows):
                verdicts.add_body(rows[row], body)


def _sketch_part(root: Path, part: PartRecord, method: Method) -> None:
    rows = (row for batch in batches_of(root / part.file, "articles", ARTICLE_COLUMNS) for row in batch.to_pylist())
    SketchStore(Layout(root).state, fingerprint(method)).save(part.sha256, sketch(rows, method))


def _bodies(path: Path, wanted: Mapping[int, int]) -> Iterator[tuple[int, str]]:
    start, last = 0, max(wanted)
    for batch in batches_of(path, "articles", ("body",)):
        for at in range(batch.num_rows):
            if start + at in wanted:
                yield start + at, batch["body"][at].as_py()
        start += batch.num_rows
        if start > last:
            return


def _numbers(pairs: Any) -> Iterator[int]:
    """Yield the values of an Arrow array, some thousand at a time in memory."""
    for start in range(0, len(pairs), _PAIRS_AT_ONCE):
        yield from pairs.slice(start, _PAIRS_AT_ONCE).to_pylist()
