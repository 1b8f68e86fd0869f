"""Page outcomes to Arrow, a column at a time: a row at a time costs ten times as much."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from newsclean.dataset.parquet import schema
from newsclean.dataset.parquet.arrays import (
    column,
    each,
    optional_structs,
    pair_lists,
    places_of,
    repeated,
    struct_lists,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newsclean.dataset.parquet.arrays import Values
    from newsclean.dataset.record import RunStamp
    from newsclean.model import PageOutcome, Removal

_OF_ARTICLE: Final = (
    "article_id",
    "site",
    "publisher",
    "url",
    "canonical_url",
    "title",
    "standfirst",
    "body",
    "byline",
    "authors",
    "agency",
    "section",
    "topics",
    "persons",
    "places",
    "place",
    "published_raw",
    "modified_raw",
    "word_count",
    "body_sha256",
    "flags",
    "extraction_confidence",
    "license",
    "is_free",
    "robots",
)
_OF_LANGUAGE: Final = {
    "language": "language.language",
    "language_confidence": "language.confidence",
    "language_source": "language.source",
    "declared_language": "language.declared",
}
_OF_PROVENANCE: Final = (
    "raw_path",
    "raw_offset",
    "segment",
    "raw_sha256",
    "raw_media_type",
    "charset",
    "http_status",
    "fetched_at",
    "extractor",
    "strategy",
    "profile_sha256",
)
_OF_PAGE: Final = {
    "raw_path": "raw_path",
    "raw_offset": "raw_offset",
    "url": "url",
    "raw_sha256": "sha256",
    "size_bytes": "size_bytes",
    "raw_media_type": "media_type",
    "kind": "kind",
    "charset": "charset",
    "charset_source": "charset_source",
    "http_status": "status",
    "fetched_at": "fetched_at",
    "source": "source",
}
_OF_OUTCOME: Final = (
    "site",
    "extractor",
    "strategy",
    "profile_sha256",
    "visible_chars",
    "kept_chars",
    "removed_chars",
    "cpu_ms",
)
_OF_REJECTION: Final = ("reason", "stage", "detail")
_OF_STAMP: Final = ("newsclean_version", "run_id", "cleaned_at")


def articles(outcomes: Sequence[PageOutcome], stamp: RunStamp) -> pa.RecordBatch:
    """Return one row for each article, in the order of the outcomes."""
    rows = [article for outcome in outcomes for article in outcome.articles]
    made = [article.provenance for article in rows]
    columns: dict[str, Values] = {name: each(name, rows) for name in _OF_ARTICLE}
    columns |= {name: each(path, rows) for name, path in _OF_LANGUAGE.items()}
    columns |= {name: each(name, made) for name in _OF_PROVENANCE}
    published, modified = each("published", rows), each("modified", rows)
    columns["published_at"] = [moment and moment.at for moment in published]
    columns["published_precision"] = [moment and moment.precision for moment in published]
    columns["modified_at"] = [moment and moment.at for moment in modified]
    columns["captions"] = struct_lists(schema.CAPTION, each("captions", rows))
    columns["witnesses"] = pair_lists(schema.WITNESS, each("witnesses", rows))
    columns["dateline"] = optional_structs(schema.DATELINE, each("dateline", rows))
    return _batch(schema.ARTICLES, columns | _stamped(schema.ARTICLES, stamp, len(rows)))


def pages(outcomes: Sequence[PageOutcome], stamp: RunStamp) -> pa.RecordBatch:
    """Return one row for each outcome."""
    facts = [outcome.page for outcome in outcomes]
    rejections = [outcome.rejection for outcome in outcomes]
    rules = [_rule_counts(outcome) for outcome in outcomes]
    columns: dict[str, Values] = {name: each(path, facts) for name, path in _OF_PAGE.items()}
    columns |= {name: each(name, outcomes) for name in _OF_OUTCOME}
    for name in _OF_REJECTION:
        columns[name] = [rejection and getattr(rejection, name) for rejection in rejections]
    columns["articles"] = [len(outcome.articles) for outcome in outcomes]
    columns["removal_count"] = [sum(map(len, outcome.removals)) for outcome in outcomes]
    columns["rules"] = pair_lists(schema.RULE_COUNT, rules)
    columns["labels"] = pair_lists(schema.LABEL, [fact.labels for fact in facts])
    return _batch(schema.PAGES, columns | _stamped(schema.PAGES, stamp, len(outcomes)))


def removals(outcomes: Sequence[PageOutcome], stamp: RunStamp) -> pa.RecordBatch:
    """Return one row for each removal; those of a rejected page belong to no article."""
    keys: list[tuple[str, int | None, int, str | None, str | None]] = []
    counts: list[int] = []
    found: list[Removal] = []
    for outcome in outcomes:
        for segment, removed in enumerate(outcome.removals):
            article_id = outcome.articles[segment].article_id if segment < len(outcome.articles) else None
            keys.append((outcome.page.raw_path, outcome.page.raw_offset, segment, article_id, outcome.site))
            counts.append(len(removed))
            found += removed
    columns = _of_removals(found)
    places = places_of(counts)
    for at, name in enumerate(("raw_path", "raw_offset", "segment", "article_id", "site")):
        columns[name] = column(schema.REMOVALS.field(name), [key[at] for key in keys]).take(places)
    columns["run_id"] = repeated(schema.REMOVALS.field("run_id"), stamp.run_id, len(found))
    return _batch(schema.REMOVALS, columns)


def _of_removals(found: Sequence[Removal]) -> dict[str, Values]:
    # By far the most rows: each is looked at once, for the next ones are no longer in the processor's cache.
    rules, kinds, targets, wheres, texts = list[str](), list[str](), list[str | None](), list[str](), list[str]()
    for one in found:
        rules.append(one.rule)
        kinds.append(one.kind)
        targets.append(one.moved_to)
        wheres.append(one.where)
        texts.append(one.text)
    return {"rule": rules, "kind": kinds, "moved_to": targets, "where": wheres, "text": texts}


CONVERTERS: Final[Mapping[str, Callable[[Sequence[PageOutcome], RunStamp], pa.RecordBatch]]] = {
    "articles": articles,
    "pages": pages,
    "removals": removals,
}


def _stamped(table: pa.Schema, stamp: RunStamp, count: int) -> dict[str, Values]:
    return {name: repeated(table.field(name), getattr(stamp, name), count) for name in _OF_STAMP}


def _rule_counts(outcome: PageOutcome) -> list[tuple[str, int]]:
    return sorted(Counter([removal.rule for removed in outcome.removals for removal in removed]).items())


def _batch(table: pa.Schema, columns: Mapping[str, Values]) -> pa.RecordBatch:
    arrays = [column(field, columns[field.name]) for field in table]
    return pa.RecordBatch.from_arrays(arrays, schema=table)
