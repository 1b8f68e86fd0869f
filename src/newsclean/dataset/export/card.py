"""The card of an exported data set (README.md of a Hugging Face repository): what is in it, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from newsclean.dataset.export.selection import Selection

__all__ = ["COLUMN_NOTES", "Census", "card"]

COLUMN_NOTES: Final = {
    "article_id": "stable hash of what identifies the story",
    "site": "registered domain",
    "publisher": "who publishes the site",
    "url": "where the page was fetched",
    "canonical_url": "the page's own address",
    "title": "headline",
    "standfirst": "summary line under the headline",
    "body": "the story's blocks, parted by one blank line",
    "captions": "list of text and credit",
    "byline": "the author line as printed",
    "authors": "names in it",
    "agency": "wire service credited",
    "dateline": "text, place, month and day that open a wire story",
    "section": "as the site files the story",
    "topics": "as the site files the story",
    "persons": "as the site files the story",
    "places": "as the site files the story",
    "place": "where it happened, if printed apart",
    "published_at": "UTC; null where the page does not say",
    "published_precision": "finest unit that the page states",
    "published_raw": "what the page printed",
    "modified_at": "last change, UTC",
    "modified_raw": "what the page printed",
    "language": "of the body, as detected; und if it cannot be told",
    "language_confidence": "of the detection, 0 to 1",
    "language_source": "what decided",
    "declared_language": "what the page says",
    "word_count": "of the body",
    "body_sha256": "of the body",
    "flags": "what to know before using the row",
    "raw_path": "the raw file",
    "raw_offset": "byte offset of the record in it, for archives",
    "segment": "which article of the page, from 0",
    "raw_sha256": "of the raw page",
    "raw_media_type": "as declared",
    "charset": "of the raw page",
    "http_status": "of the fetch",
    "fetched_at": "time of the fetch, UTC",
    "extractor": "what read the page",
    "strategy": "which layout of it",
    "extraction_confidence": "of a generic extractor, 0 to 1",
    "license": "as the page declares it",
    "is_free": "whether the page says that it is free to read",
    "robots": "the page's word to machines, such as noai",
    "witnesses": "what on the page gave the value of a field",
    "profile_sha256": "hash of the site profile",
    "newsclean_version": "that made the row",
    "run_id": "that made the row",
    "cleaned_at": "when it was made, UTC",
}
_SIZES: Final = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)
_MOST_SITES: Final = 25
_LOADING: Final = """
```python
from datasets import load_dataset

articles = load_dataset("path/to/this/folder", split="train")
```"""
_COUNTED: Final = ("site", "language", "license", "robots", "newsclean_version")


@dataclass(slots=True)
class Census:
    """Counts of what passes, a batch at a time; columns that were not chosen are not counted."""

    rows: int = 0
    counts: dict[str, Counter[Any]] = field(default_factory=dict)
    first: dt.datetime | None = None
    last: dt.datetime | None = None

    def add(self, batch: pa.RecordBatch) -> None:
        """Count the rows of a batch."""
        self.rows += batch.num_rows
        for name in _COUNTED:
            if name in batch.schema.names:
                self.counts.setdefault(name, Counter()).update(batch.column(name).to_pylist())
        if "published_at" in batch.schema.names:
            times: list[Any] = [at for at in batch.column("published_at").to_pylist() if at is not None]
            if times:
                self.first = min(times if self.first is None else [self.first, *times])
                self.last = max(times if self.last is None else [self.last, *times])


def card(census: Census, selection: Selection, columns: Sequence[str], *, license_id: str) -> str:
    """Return the card as Markdown with YAML before it."""
    return "\n".join([*_front_matter(census, license_id), *_text(census, selection), *_columns(columns)]) + "\n"


def _front_matter(census: Census, license_id: str) -> Iterator[str]:
    yield "---"
    yield f"license: {license_id}"
    languages = sorted(name for name in census.counts.get("language", ()) if name and name != "und")
    if languages:
        yield "language:"
        yield from (f"- {name!r}" for name in languages)  # quoted: no is a language, and false to YAML
    yield "size_categories:"
    yield f"- {next((size for most, size in _SIZES if census.rows < most), 'n>10M')}"
    yield "tags:\n- news\n- newsclean"
    yield "configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: data/train-*.parquet"
    yield "---"


def _text(census: Census, selection: Selection) -> Iterator[str]:
    versions = ", ".join(sorted(map(str, census.counts.get("newsclean_version", ()))))
    yield "\n# News articles\n"
    yield f"{census.rows:,} articles, cleaned from raw pages by newsclean {versions}".rstrip() + "."
    if chosen := "; ".join(_choice(selection)):
        yield f"Chosen: {chosen}."
    if census.first and census.last:
        yield f"Published from {census.first:%Y-%m-%d} to {census.last:%Y-%m-%d}, as far as the pages say."
    yield _LOADING
    yield from _table("Languages", census.counts.get("language"), "language", census.rows)
    yield from _table("Sites", census.counts.get("site"), "site", census.rows)
    yield from _rights(census)


def _choice(selection: Selection) -> Iterator[str]:
    if selection.latest:
        yield "the latest text of each article"
    if selection.languages:
        yield f"languages {', '.join(selection.languages)}"
    if selection.where is not None:
        yield f"where {_code(selection.where)}"
    if selection.dedup:
        yield "one row a story, wire copies and near-duplicates left out"


def _rights(census: Census) -> Iterator[str]:
    yield "\n## Rights\n"
    yield "The texts belong to their publishers. What the pages declare stands in `license`, `is_free` and `robots`;"
    yield "null means that a page declares nothing, not that anything is allowed."
    yield from _table("Licences declared", census.counts.get("license"), "license", census.rows)
    yield from _table("Words to machines", census.counts.get("robots"), "robots", census.rows)


def _table(title: str, counts: Counter[Any] | None, name: str, rows: int) -> Iterator[str]:
    if not counts:
        return
    yield f"\n## {title}\n\n| {name} | articles | share |\n|---|---:|---:|"
    ordered = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    for value, count in ordered[:_MOST_SITES]:
        yield f"| {_code(str(value)) if value is not None else '(none)'} | {count:,} | {count / rows:.1%} |"
    if rest := ordered[_MOST_SITES:]:
        yield f"| {len(rest):,} more | {sum(count for _, count in rest):,} | |"


def _columns(columns: Sequence[str]) -> Iterator[str]:
    yield "\n## Columns\n\n| column | |\n|---|---|"
    yield from (f"| `{name}` | {COLUMN_NOTES.get(name, '')} |" for name in columns)


def _code(text: str) -> str:
    """Return text as code in a table cell, whatever stands in it."""
    return f"`{' '.join(text.split())}`" if not set(text) & {"`", "|"} else f"`{text.translate({96: 39, 124: 47})}`"
