"""Revisions: the texts that one article has had, oldest first, and what each changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from newsclean.dataset import Dataset
from newsclean.dataset.revisions import articles_named, revised_articles, texts_of
from newsclean.dedup.changes import Changes, Version, changes_between
from newsclean.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = ["History", "Revision", "histories"]

_NO_TIME: Final = dt.datetime.min.replace(tzinfo=dt.UTC)
_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A text as it stood from `seen_at` to `last_seen_at` (None: not known), with the page that shows it first.

    A text's moment is when it was fetched, else when the page says that it was changed or published.
    `changes` is None for the first text.
    """

    seen_at: dt.datetime | None
    last_seen_at: dt.datetime | None
    published_at: dt.datetime | None
    modified_at: dt.datetime | None
    title: str | None
    word_count: int
    body_sha256: str
    raw_path: str
    raw_offset: int | None
    segment: int
    changes: Changes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All texts of an article, oldest first; never none."""

    article_id: str
    url: str | None
    revisions: tuple[Revision, ...]


def histories(path: Path | str, name: str | None = None) -> Iterator[History]:
    """Yield the histories of the articles that `name` stands for, or of all with more than one text, by id.

    `name` is an article_id, the beginning of one, or an address. Raises ConfigError where it names
    nothing, DatasetError where the dataset cannot be read.
    """
    parts = Dataset.open(path, create=False).parts("articles")
    if name is None:
        ids = revised_articles(parts)
    elif not (ids := articles_named(parts, name)):
        raise ConfigError(
            f"{path}: no article {name}; give an article_id or its beginning, or an address as it stands in url or "
            "canonical_url"
        )
    for start in range(0, len(ids), _AT_ONCE):
        rows = sorted(texts_of(parts, ids[start : start + _AT_ONCE]), key=_order)
        for article_id, group in groupby(rows, key=lambda row: row["article_id"]):
            yield _history(article_id, list(group))


def _history(article_id: str, rows: Sequence[dict[str, Any]]) -> History:
    found: list[Revision] = []
    before: Version | None = None
    for text, group in groupby(rows, key=_version):
        same = list(group)
        found.append(_revision(same, changes_between(before, text) if before else None))
        before = text
    return History(article_id=article_id, url=rows[-1]["url"], revisions=tuple(found))


def _revision(same: Sequence[dict[str, Any]], changes: Changes | None) -> Revision:
    row = same[0]
    return Revision(
        seen_at=_moment(row),
        last_seen_at=_moment(same[-1]),
        published_at=row["published_at"],
        modified_at=row["modified_at"],
        title=row["title"],
        word_count=row["word_count"],
        body_sha256=row["body_sha256"],
        raw_path=row["raw_path"],
        raw_offset=row["raw_offset"],
        segment=row["segment"],
        changes=changes,
    )


def _version(row: dict[str, Any]) -> Version:
    return Version(title=row["title"], standfirst=row["standfirst"], body=row["body"])


def _moment(row: dict[str, Any]) -> dt.datetime | None:
    found: dt.datetime | None = row["fetched_at"] or row["modified_at"] or row["published_at"]
    return found


def _order(row: dict[str, Any]) -> tuple[Any, ...]:
    offset = -1 if row["raw_offset"] is None else row["raw_offset"]
    moments = (_moment(row) or _NO_TIME, row["modified_at"] or _NO_TIME)
    return (row["article_id"], *moments, row["raw_path"], offset, row["segment"])
