"""A dataset, or one run of it, counted from every side: what came in, what became of it, what was taken out.

Part by part, so that memory holds the columns of one part and the counts.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from newsclean.dataset.parquet.reader import batches_of
from newsclean.dataset.parquet.schema import ARTICLES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from newsclean.dataset.store import Dataset

__all__ = ["Flow", "Overview", "ReasonCount", "RuleCount", "RunSpan", "Sample", "overview"]

_SAMPLES: Final = 3
_SAMPLE_CHARS: Final = 280
_CONFIDENCE_STEPS: Final = 10
_WORD_STEPS: Final = (50, 100, 200, 400, 800, 1600, 3200)
# What is always there says nothing of how full a dataset is.
_FILLED: Final = (
    *("title", "standfirst", "published_at", "modified_at", "authors", "byline", "agency", "dateline", "section"),
    *("topics", "persons", "places", "place", "captions", "canonical_url", "license", "declared_language"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A row shown as an example: where it comes from and what it says, cut to 280 characters."""

    raw_path: str
    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """So many pages of a site that were read by `strategy` (None: by none) and ended as `reason` (None: articles)."""

    site: str | None
    strategy: str | None
    reason: str | None
    pages: int
    articles: int
    cpu_ms: float
    visible_chars: int
    kept_chars: int
    removed_chars: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonCount:
    """How many pages were rejected for `reason` at `stage`, with examples (their text is the detail)."""

    reason: str
    stage: str
    pages: int
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCount:
    """How many pieces a rule took, how many characters they have, and examples."""

    rule: str
    kind: str
    moved_to: str | None
    pieces: int
    chars: int
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpan:
    """The rows of one run: how many pages it cleaned, when, and with which version."""

    run_id: str
    version: str
    pages: int
    first: dt.datetime
    last: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All counts of a dataset, or of one run of it.

    `days`: articles by (site, day or None where no date is known); `languages` by (site, language);
    `fill`: by site, how many of its articles have a value in each field; `words` and `confidence`:
    articles by the lower end of a step; `flags` by flag.
    """

    flows: tuple[Flow, ...]
    reasons: tuple[ReasonCount, ...]
    rules: tuple[RuleCount, ...]
    runs: tuple[RunSpan, ...]
    days: Mapping[tuple[str | None, dt.date | None], int]
    languages: Mapping[tuple[str | None, str], int]
    fill: Mapping[str | None, Mapping[str, int]]
    words: Mapping[int, int]
    confidence: Mapping[float | None, int]
    flags: Mapping[str, int]
    size_bytes: int
    columns: tuple[tuple[str, str], ...]

    @property
    def pages(self) -> int:
        """All pages."""
        return sum(flow.pages for flow in self.flows)

    @property
    def articles(self) -> int:
        """All articles."""
        return sum(flow.articles for flow in self.flows)

    @property
    def rejections(self) -> int:
        """All pages that gave no article."""
        return sum(flow.pages for flow in self.flows if flow.reason is not None)


def overview(dataset: Dataset, *, run_id: str | None = None) -> Overview:
    """Count a dataset, or only the rows that the run `run_id` wrote; raises DatasetError for an unreadable part."""
    pages, articles, removals = _Pages(), _Articles(), _Removals()
    for record in sorted(dataset.records().values(), key=lambda record: record.shard_id):
        if run_id is not None and record.run_id != run_id:
            continue
        for table, counts in (("pages", pages), ("articles", articles), ("removals", removals)):
            for part in record.parts_of(table):
                counts.add(_rows(dataset.path / part.file, table, counts.columns, run_id))
    return Overview(
        flows=pages.flows(),
        reasons=pages.reasons(),
        rules=removals.rules(),
        runs=pages.runs(),
        days=articles.days,
        languages=articles.languages,
        fill={site: dict(filled) for site, filled in articles.fill.items()},
        words=articles.words,
        confidence=articles.confidence,
        flags=articles.flags,
        size_bytes=pages.size_bytes,
        columns=tuple((field.name, str(field.type)) for field in ARTICLES),
    )


# The stubs take Arrow's values for those of one type: where they are counted, they are left untyped.
def _rows(path: Path, table: str, columns: Sequence[str], run_id: str | None) -> Any:
    batches = [_slim(batch) for batch in batches_of(path, table, [*columns, "run_id"])]
    rows: Any = pa.Table.from_batches(batches).combine_chunks()
    # Run ids are of one length. To compare with a value, pyarrow makes it an array, and for that it imports pandas,
    # where it is installed: half a second, twice what the rest of a short run's page takes.
    if run_id is None:
        return rows
    own = pc.match_substring(rows["run_id"], run_id)
    return rows if pc.all(own).as_py() else rows.filter(own)  # mostly all are, and need not be copied


def _slim(batch: Any) -> Any:
    """Cut long texts down to what is shown of them, their length beside."""
    if "text" not in batch.schema.names:
        return batch
    chars = pc.utf8_length(batch["text"])
    cut = pc.utf8_slice_codeunits(batch["text"], 0, _SAMPLE_CHARS)
    names = [*batch.schema.names, "chars"]
    columns = [cut if name == "text" else batch[name] for name in batch.schema.names]
    return pa.RecordBatch.from_arrays([*columns, chars], names=names)


def _grouped(rows: Any, keys: Sequence[str], sums: Sequence[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    # One thread: the first of a group is to be the first of the file.
    yield from rows.group_by(list(keys), use_threads=False).aggregate(list(sums)).to_pylist()


class _Samples:
    """The first examples of a group, none of them twice."""

    def __init__(self) -> None:
        self._found: dict[Any, dict[str, Sample]] = defaultdict(dict)

    def add(self, key: object, row: Mapping[str, Any], text: str) -> None:
        for end in ("first", "last"):
            if row[f"{text}_{end}"] and len(self._found[key]) < _SAMPLES:
                url = row.get(f"url_{end}")
                shown = Sample(raw_path=row[f"raw_path_{end}"], text=row[f"{text}_{end}"][:_SAMPLE_CHARS], url=url)
                self._found[key].setdefault(shown.text, shown)

    def of(self, key: object) -> tuple[Sample, ...]:
        return tuple(self._found[key].values())


class _Pages:
    """Counts over `pages`."""

    columns = (
        *("raw_path", "url", "site", "strategy", "reason", "stage", "detail", "articles", "size_bytes", "cpu_ms"),
        *("visible_chars", "kept_chars", "removed_chars", "newsclean_version", "cleaned_at"),
    )
    _SUMS = ("articles", "cpu_ms", "visible_chars", "kept_chars", "removed_chars")

    def __init__(self) -> None:
        self.size_bytes = 0
        self._flows: dict[tuple[str | None, str | None, str | None], list[float]] = {}
        self._reasons: dict[tuple[str, str], int] = defaultdict(int)
        self._samples = _Samples()
        self._runs: dict[tuple[str, str], tuple[int, dt.datetime, dt.datetime]] = {}

    def add(self, rows: Any) -> None:
        self.size_bytes += pc.sum(rows["size_bytes"]).as_py() or 0
        sums = [("raw_path", "count"), *((name, "sum") for name in self._SUMS)]
        for row in _grouped(rows, ("site", "strategy", "reason"), sums):
            key = (row["site"], row["strategy"], row["reason"])
            values = [row["raw_path_count"], *(row[f"{name}_sum"] for name in self._SUMS)]
            so_far = self._flows.get(key, [0] * len(values))
            self._flows[key] = [a + b for a, b in zip(so_far, values, strict=True)]
        ends = [(name, end) for name in ("raw_path", "url", "detail") for end in ("first", "last")]
        rejected = rows.filter(pc.is_valid(rows["reason"]))
        for row in _grouped(rejected, ("reason", "stage"), [("raw_path", "count"), *ends]):
            self._reasons[row["reason"], row["stage"]] += row["raw_path_count"]
            self._samples.add((row["reason"], row["stage"]), row, "detail")
        spans = [("raw_path", "count"), ("cleaned_at", "min"), ("cleaned_at", "max")]
        for row in _grouped(rows, ("run_id", "newsclean_version"), spans):
            run = (row["run_id"], row["newsclean_version"])
            first, last = row["cleaned_at_min"], row["cleaned_at_max"]
            before = self._runs.get(run, (0, first, last))
            self._runs[run] = (before[0] + row["raw_path_count"], min(before[1], first), max(before[2], last))

    def flows(self) -> tuple[Flow, ...]:
        found = [
            Flow(
                site=site,
                strategy=strategy,
                reason=reason,
                pages=int(pages),
                articles=int(articles),
                cpu_ms=cpu_ms,
                visible_chars=int(visible),
                kept_chars=int(kept),
                removed_chars=int(removed),
            )
            for (site, strategy, reason), (pages, articles, cpu_ms, visible, kept, removed) in self._flows.items()
        ]
        return tuple(sorted(found, key=lambda f: (-f.pages, str(f.site), str(f.strategy), str(f.reason))))

    def reasons(self) -> tuple[ReasonCount, ...]:
        found = [
            ReasonCount(reason=reason, stage=stage, pages=pages, samples=self._samples.of((reason, stage)))
            for (reason, stage), pages in self._reasons.items()
        ]
        return tuple(sorted(found, key=lambda one: (-one.pages, one.reason, one.stage)))

    def runs(self) -> tuple[RunSpan, ...]:
        found = [
            RunSpan(run_id=run_id, version=version, pages=pages, first=first, last=last)
            for (run_id, version), (pages, first, last) in self._runs.items()
        ]
        return tuple(sorted(found, key=lambda run: (run.first, run.run_id)))


class _Articles:
    """Counts over `articles`."""

    columns = tuple(
        dict.fromkeys(("site", "language", "word_count", "extraction_confidence", "flags", "raw_path", *_FILLED))
    )

    def __init__(self) -> None:
        self.days: dict[tuple[str | None, dt.date | None], int] = defaultdict(int)
        self.languages: dict[tuple[str | None, str], int] = defaultdict(int)
        self.fill: dict[str | None, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.words: dict[int, int] = dict.fromkeys((0, *_WORD_STEPS), 0)
        self.confidence: dict[float | None, int] = defaultdict(int)
        self.flags: dict[str, int] = defaultdict(int)

    def add(self, rows: Any) -> None:
        days = rows.select(["site", "raw_path"]).append_column("day", pc.cast(rows["published_at"], pa.date32()))
        for row in _grouped(days, ("site", "day"), [("raw_path", "count")]):
            self.days[row["site"], row["day"]] += row["raw_path_count"]
        for row in _grouped(rows.select(["site", "language"]), ("site", "language"), [("language", "count")]):
            self.languages[row["site"], row["language"]] += row["language_count"]
        self._add_fill(rows)
        for words in rows["word_count"].to_pylist():
            self.words[max((step for step in _WORD_STEPS if step <= words), default=0)] += 1
        for sure in rows["extraction_confidence"].to_pylist():
            step = None if sure is None else min(int(sure * _CONFIDENCE_STEPS), _CONFIDENCE_STEPS - 1)
            self.confidence[step if step is None else step / _CONFIDENCE_STEPS] += 1
        for flag in pc.list_flatten(rows["flags"]).to_pylist():
            self.flags[flag] += 1

    def _add_fill(self, rows: Any) -> None:
        filled = rows.select(["site"])
        for name in _FILLED:
            column = rows[name]
            is_list = pa.types.is_list(column.type)
            has = pc.not_equal(pc.list_value_length(column), pa.scalar(0)) if is_list else pc.is_valid(column)
            filled = filled.append_column(name, pc.cast(has, pa.int64()))
        sums: Any = [([], "count_all"), *((name, "sum") for name in _FILLED)]
        found = filled.group_by(["site"], use_threads=False).aggregate(sums)
        for row in found.to_pylist():
            site = self.fill[row["site"]]
            site["articles"] += row["count_all"]
            for name in _FILLED:
                site[name] += row[f"{name}_sum"]


class _Removals:
    """Counts over `removals`."""

    columns = ("raw_path", "rule", "kind", "moved_to", "text")

    def __init__(self) -> None:
        self._rules: dict[tuple[str, str, str | None], list[int]] = defaultdict(lambda: [0, 0])
        self._samples = _Samples()

    def add(self, rows: Any) -> None:
        # The first and last places of a group are had in a fifth of the time that its first and last texts take.
        places: Any = pc.cumulative_sum(pa.repeat(1, rows.num_rows), start=pa.scalar(-1))
        rows = rows.append_column("place", places)
        sums = [("chars", "count"), ("chars", "sum"), ("place", "first"), ("place", "last")]
        for row in _grouped(rows, ("rule", "kind", "moved_to"), sums):
            key = (row["rule"], row["kind"], row["moved_to"])
            self._rules[key][0] += row["chars_count"]
            self._rules[key][1] += row["chars_sum"]
            ends = {
                f"{name}_{end}": rows[name][row[f"place_{end}"]].as_py()
                for name in ("raw_path", "text")
                for end in ("first", "last")
            }
            self._samples.add(key, ends, "text")

    def rules(self) -> tuple[RuleCount, ...]:
        found = [
            RuleCount(
                rule=key[0], kind=key[1], moved_to=key[2], pieces=pieces, chars=chars, samples=self._samples.of(key)
            )
            for key, (pieces, chars) in self._rules.items()
        ]
        return tuple(sorted(found, key=lambda one: (-one.pieces, one.rule, one.kind, str(one.moved_to))))
