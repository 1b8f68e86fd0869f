"""The rows of chosen articles, all their texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from newsclean.dataset.parquet.reader import batches_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

__all__ = ["TEXT_COLUMNS", "articles_named", "revised_articles", "texts_of"]

TEXT_COLUMNS: Final = (
    "article_id",
    "url",
    "title",
    "standfirst",
    "body",
    "body_sha256",
    "word_count",
    "published_at",
    "modified_at",
    "fetched_at",
    "raw_path",
    "raw_offset",
    "segment",
)
_TEXT: Final = ("title", "standfirst", "body_sha256")


def articles_named(parts: Sequence[Path], name: str) -> list[str]:
    """Return the ids of the articles that `name` stands for: an id, its beginning, or an address; sorted."""
    found: set[str] = set()
    for path in parts:
        for batch in batches_of(path, "articles", ("article_id", "url", "canonical_url")):
            ids: Any = batch["article_id"]
            mask: Any = pc.starts_with(ids, name)
            for column in ("url", "canonical_url"):
                is_address: Any = pc.equal(batch[column], pa.scalar(name))
                mask = pc.or_(mask, pc.fill_null(is_address, pa.scalar(False)))  # noqa: FBT003  (Arrow's own form)
            found.update(ids.filter(mask).to_pylist())
    return sorted(found)


def revised_articles(parts: Sequence[Path]) -> list[str]:
    """Return the ids of the articles that have more than one text (headline, standfirst, body); sorted."""
    pieces = [
        pa.Table.from_batches([batch])
        for path in parts
        for batch in batches_of(path, "articles", ("article_id", *_TEXT))
    ]
    if not pieces:
        return []
    texts = pa.concat_tables(pieces).group_by(["article_id", *_TEXT]).aggregate([])
    counts = texts.group_by("article_id").aggregate([("article_id", "count")])
    several: Any = pc.greater(counts["article_id_count"], pa.scalar(1))
    return sorted(filter(None, counts.filter(several)["article_id"].to_pylist()))


def texts_of(parts: Sequence[Path], article_ids: Collection[str]) -> Iterator[dict[str, Any]]:
    """Yield the rows of these articles with `TEXT_COLUMNS`."""
    wanted = pa.array(sorted(article_ids), pa.string())
    for path in parts:
        for batch in batches_of(path, "articles", TEXT_COLUMNS):
            yield from batch.filter(pc.is_in(batch["article_id"], value_set=wanted)).to_pylist()
