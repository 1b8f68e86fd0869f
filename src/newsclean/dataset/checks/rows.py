"""Checks the rows of one shard against each other: one page, one outcome, and all of its text."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newsclean.dataset.finding import Finding
from newsclean.dataset.parquet.reader import batches_of
from newsclean.dataset.shard import summed
from newsclean.text import count_chars

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsclean.dataset.layout import Layout
    from newsclean.dataset.record import CommitRecord

    Key = tuple[str, int | None]

_PAGE_COLUMNS = (
    "raw_path",
    "raw_offset",
    "raw_sha256",
    "articles",
    "reason",
    "stage",
    "removal_count",
    "rules",
    "visible_chars",
    "kept_chars",
    "removed_chars",
)
_ARTICLE_COLUMNS = ("raw_path", "raw_offset", "raw_sha256", "segment", "article_id", "site", "body", "body_sha256")
_REMOVAL_COLUMNS = ("raw_path", "raw_offset", "segment", "article_id", "rule", "text")


@dataclass(slots=True)
class _Page:
    """What a page's own row says, and what its articles and removals come to."""

    row: dict[str, Any]
    article_ids: dict[int, str] = field(default_factory=dict)
    articles: int = 0
    kept_chars: int = 0
    removed_chars: int = 0
    rules: Counter[str] = field(default_factory=Counter)


def check_rows(layout: Layout, record: CommitRecord, sites: dict[str, str | None]) -> Iterator[Finding]:
    """Yield what is wrong among the rows of one shard; `sites` remembers the site of every article id."""
    pages: dict[Key, _Page] = {}
    for row in _rows(layout, record, "pages", _PAGE_COLUMNS):
        if pages.setdefault(_key(row), _Page(row)).row is not row:
            yield _finding(row, "the page is there twice")
    for row in _rows(layout, record, "articles", _ARTICLE_COLUMNS):
        yield from _check_article(row, pages.get(_key(row)), sites)
    for row in _rows(layout, record, "removals", _REMOVAL_COLUMNS):
        yield from _check_removal(row, pages.get(_key(row)))
    for page in pages.values():
        yield from (_finding(page.row, message) for message in _wrong_page(page))
    yield from _check_sources(record, pages)


def _rows(layout: Layout, record: CommitRecord, table: str, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    for part in record.parts_of(table):
        for batch in batches_of(layout.root / part.file, table, columns):
            yield from batch.to_pylist()


def _check_article(row: dict[str, Any], page: _Page | None, sites: dict[str, str | None]) -> Iterator[Finding]:
    if page is None:
        yield _finding(row, f"segment {row['segment']}: an article without its page")
        return
    segment, article_id = row["segment"], row["article_id"]
    if segment in page.article_ids:
        yield _finding(row, f"segment {segment} is there twice")
    page.article_ids[segment] = article_id
    page.articles += 1
    page.kept_chars += count_chars(row["body"])
    if row["raw_sha256"] != page.row["raw_sha256"]:
        yield _finding(row, f"segment {segment}: raw_sha256 is not that of the page")
    if hashlib.sha256(row["body"].encode()).hexdigest() != row["body_sha256"]:
        yield _finding(row, f"segment {segment}: body_sha256 is not that of the body")
    if (other := sites.setdefault(article_id, row["site"])) != row["site"]:
        yield _finding(
            row, f"segment {segment}: article_id {article_id} is of {row['site']} here, of {other} elsewhere"
        )


def _check_removal(row: dict[str, Any], page: _Page | None) -> Iterator[Finding]:
    if page is None:
        yield _finding(row, "a removal without its page")
        return
    page.rules[row["rule"]] += 1
    page.removed_chars += count_chars(row["text"])
    if row["article_id"] != (expected := page.article_ids.get(row["segment"])):
        message = f"segment {row['segment']}: a removal names article {row['article_id']}, the segment's is {expected}"
        yield _finding(row, message)


def _wrong_page(page: _Page) -> Iterator[str]:
    row = page.row
    if (row["articles"] > 0) == (row["reason"] is not None) or (row["reason"] is None) != (row["stage"] is None):
        yield f"{row['articles']} articles and reason {row['reason']}: a page is articles or one rejection"
    if page.articles != row["articles"]:
        yield f"says {row['articles']} articles and has {page.articles}"
    elif set(page.article_ids) != set(range(page.articles)):
        yield f"its segments are {sorted(page.article_ids)}, not 0 to {page.articles - 1}"
    if page.rules.total() != row["removal_count"]:
        yield f"says {row['removal_count']} removals and has {page.rules.total()}"
    if page.rules != {entry["rule"]: entry["count"] for entry in row["rules"]}:
        yield "its removals are not by the rules that it says"
    if page.kept_chars != row["kept_chars"]:
        yield f"says {row['kept_chars']} characters kept, its bodies have {page.kept_chars}"
    # A rejected page accounts for its text by the rejection.
    if row["articles"]:
        yield from _wrong_balance(page)


def _wrong_balance(page: _Page) -> Iterator[str]:
    row = page.row
    if page.removed_chars != row["removed_chars"]:
        yield f"says {row['removed_chars']} characters removed, its removals have {page.removed_chars}"
    if (lost := row["visible_chars"] - page.kept_chars - page.removed_chars) > 0:
        yield f"{lost} of {row['visible_chars']} visible characters are in no body and no removal"


def _check_sources(record: CommitRecord, pages: dict[Key, _Page]) -> Iterator[Finding]:
    counted: dict[str, tuple[int, int, int]] = {}
    for (raw_path, _), page in pages.items():
        seen, articles, rejections = counted.get(raw_path, (0, 0, 0))
        counted[raw_path] = (seen + 1, articles + page.articles, rejections + (page.row["reason"] is not None))
    told: dict[str, tuple[int, int, int]] = {}
    for source in record.sources:
        told[source.raw_path] = summed(told.get(source.raw_path), source)
    for raw_path in sorted(told | counted):
        stated, found = told.get(raw_path, (0, 0, 0)), counted.get(raw_path, (0, 0, 0))
        if stated != found:
            message = "the commit record has {} pages, {} articles, {} rejections of it, ".format(*stated)
            message += "the rows are {}, {}, {}".format(*found)
            yield Finding(where=raw_path, message=message)


def _key(row: dict[str, Any]) -> Key:
    return row["raw_path"], row["raw_offset"]


def _finding(row: dict[str, Any], message: str) -> Finding:
    place = row["raw_path"] if row["raw_offset"] is None else f"{row['raw_path']} at byte {row['raw_offset']}"
    return Finding(where=place, message=message)
