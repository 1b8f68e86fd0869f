"""Takes the measures of some shards: a pass over the columns that it takes, a few thousand rows at a time."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from newsclean.dataset.counts.measures import FIELDS, LayoutMeasures, Measures, Sample, SiteMeasures
from newsclean.dataset.layout import Layout
from newsclean.dataset.parquet.reader import batches_of
from newsclean.errors import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newsclean.dataset.record import CommitRecord
    from newsclean.dataset.store import Dataset

__all__ = ["NO_SITE", "measure"]

NO_SITE: Final = "(no site)"
# A clock that is set wrong, a zone that is not told: what is dated later than this is dated wrong.
_AHEAD: Final = dt.timedelta(hours=36)
_MOST_SAMPLES: Final = 5
_REDIRECTS: Final = range(300, 400)
_NO_STORY: Final = frozenset({Reason.REVISIT, Reason.MEDIA_TYPE, Reason.DROPPED})
_CONFIDENT: Final = 0.5

_PAGE_COLUMNS: Final = (
    *("raw_path", "raw_offset", "url", "raw_sha256", "http_status", "site", "articles", "reason", "run_id"),
)
_ARTICLE_COLUMNS: Final = (
    *("raw_path", "raw_offset", "url", "site", "strategy", "profile_sha256", "flags", "body_sha256", "run_id"),
    *("published_at", "fetched_at", "cleaned_at", "language", "extraction_confidence"),
    *("title", "standfirst", "byline", "authors", "section", "topics", "captions", "agency", "dateline", "place"),
)


def measure(dataset: Dataset, records: Iterable[CommitRecord], *, run_ids: frozenset[str] | None = None) -> Measures:
    """Measure the rows of the shards in `records`; with `run_ids`, those that these runs made.

    Raises DatasetError where a part cannot be read.
    """
    work = _Work(run_ids)
    layout = Layout(dataset.path)
    for record in records:
        for table, columns, add in (
            ("pages", _PAGE_COLUMNS, work.add_page),
            ("articles", (*_ARTICLE_COLUMNS, "body"), work.add_article),
        ):
            for part in record.parts_of(table):
                for batch in batches_of(layout.root / part.file, table, columns):
                    for row in _small(batch).to_pylist():
                        add(row)
    return work.measures()


def _small(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Put the length of a body in its place."""
    if "body" not in batch.schema.names:
        return batch
    body: Any = batch["body"]
    return batch.drop_columns(["body"]).append_column("chars", pc.utf8_length(body))


@dataclass(slots=True)
class _Work:
    """What was counted so far."""

    run_ids: frozenset[str] | None
    found: Measures = field(default_factory=Measures)
    bodies: dict[str, dict[str, dict[str, Sample]]] = field(default_factory=dict)
    bytes_of_pages: dict[str, dict[str, dict[str, Sample]]] = field(default_factory=dict)

    def add_page(self, row: Mapping[str, Any]) -> None:
        if not self._counts(row) or _is_no_story(row):
            return
        site = self._site(row)
        site.pages += 1
        if row["reason"] is None:
            site.with_articles += 1
        else:
            site.reasons[row["reason"]] = site.reasons.get(row["reason"], 0) + 1
            self._keep(row, "reason", row["reason"])
        if row["raw_sha256"] and row["url"]:
            addresses = self.bytes_of_pages.setdefault(_name(row), {}).setdefault(row["raw_sha256"], {})
            addresses.setdefault(row["url"], _sample(row))

    def add_article(self, row: Mapping[str, Any]) -> None:
        if not self._counts(row):
            return
        site = self._site(row)
        site.articles += 1
        layout = site.layouts.setdefault(row["strategy"], LayoutMeasures())
        self._add_to_layout(row, layout)
        if "unknown_layout" in row["flags"]:
            site.fallback += 1
            self._keep(row, "fallback")
        known_at = row["fetched_at"] or row["cleaned_at"]
        if row["published_at"] and row["published_at"] > known_at + _AHEAD:
            site.future += 1
            self._keep(row, "future")
        same = self.bodies.setdefault(_name(row), {}).setdefault(row["body_sha256"], {})
        same.setdefault(row["url"] or str(_sample(row)), _sample(row))

    def measures(self) -> Measures:
        """Return what was counted."""
        for name in self.bodies:
            self.found.sites[name].repeated = self._shared("repeated", name, self.bodies[name])
        for name in self.bytes_of_pages:
            self.found.sites[name].identical = self._shared("identical", name, self.bytes_of_pages[name])
        return self.found

    def _shared(self, what: str, name: str, by_hash: Mapping[str, Mapping[str, Sample]]) -> int:
        """Return how many addresses have the same, 0 where none does; some of them are kept as samples."""
        most = max(by_hash.values(), key=len)
        if len(most) == 1:
            return 0
        self.found.samples[what, name] = list(most.values())[:_MOST_SAMPLES]
        return len(most)

    def _add_to_layout(self, row: Mapping[str, Any], layout: LayoutMeasures) -> None:
        layout.articles += 1
        filled = Counter(layout.filled)
        for name in FIELDS:
            if _is_filled(row, name):
                filled[name] += 1
            else:
                self._keep(row, "missing", name)
        layout.filled = dict(filled)
        layout.languages[row["language"]] = layout.languages.get(row["language"], 0) + 1
        log_chars = math.log(max(row["chars"], 1))
        layout.log_chars += log_chars
        layout.log_chars_squared += log_chars * log_chars
        self._keep(row, "layout", row["strategy"])
        self._keep(row, "language", row["language"])

    def _counts(self, row: Mapping[str, Any]) -> bool:
        return self.run_ids is None or row["run_id"] in self.run_ids

    def _site(self, row: Mapping[str, Any]) -> SiteMeasures:
        return self.found.sites.setdefault(_name(row), SiteMeasures())

    def _keep(self, row: Mapping[str, Any], what: str, detail: str = "") -> None:
        kept = self.found.samples.setdefault((what, _name(row), detail) if detail else (what, _name(row)), [])
        if len(kept) < _MOST_SAMPLES and (one := _sample(row)) not in kept:
            kept.append(one)


def _name(row: Mapping[str, Any]) -> str:
    name: str = row["site"] or NO_SITE
    return name


def _sample(row: Mapping[str, Any]) -> Sample:
    return Sample(row["raw_path"], row["raw_offset"])


def _is_no_story(row: Mapping[str, Any]) -> bool:
    if row["reason"] in _NO_STORY:
        return True
    is_redirect = row["http_status"] in _REDIRECTS
    return row["reason"] is not None and (is_redirect or (row["url"] or "").endswith("/robots.txt"))


def _is_filled(row: Mapping[str, Any], name: str) -> bool:
    if name == "authors":
        return bool(row["authors"] or row["byline"])
    if name == "language":
        return bool(row["language"] != "und")
    if name == "confident":
        confidence = row["extraction_confidence"]
        return confidence is None or confidence >= _CONFIDENT
    return bool(row[name])
