"""The rows of `clusters`: one for each text of each article, with its cluster and its part in it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from newsclean.dedup.arrow import Column, compute, numbers
from newsclean.dedup.corpus import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsclean.dedup.containment import Likeness
    from newsclean.dedup.corpus import Corpus
    from newsclean.dedup.sketching import Sketches

__all__ = ["Role", "cluster_rows", "role_of"]

_NEARLY_ALL: Final = 0.92  # a dateline of one's own and a changed word or two
_MADE: Final = ("cluster_id", "role", "shared", "kept")
_MADE_KINDS: Final = (pa.string(), pa.string(), pa.float64(), pa.float64())
_ARTICLE: Final = ("article_id", "body_sha256", "agency", "agency_evidence")


class Role(StrEnum):
    """What a text is to the earliest of its cluster."""

    EARLIEST = "earliest"
    VERBATIM = "verbatim"
    SHORTENED = "shortened"
    EDITED = "edited"


def role_of(like: Likeness) -> Role:
    """Return the role of a copy: `shortened` where something is gone and hardly anything new, else `edited`."""
    if like.shared < _NEARLY_ALL:
        return Role.EDITED
    return Role.VERBATIM if like.kept >= _NEARLY_ALL else Role.SHORTENED


def cluster_rows(
    corpus: Corpus, sketches: Sequence[Sketches], joined: Mapping[int, tuple[int, Likeness]]
) -> Iterator[pa.Table]:
    """Yield the rows of `clusters`, a part of the dataset at a time.

    An article that came twice with the same body is one row. Of articles with the same body, the
    one that was out first is the earliest, the others are verbatim copies.
    """
    homes, doubles = _equal_texts(corpus, sketches)
    for part, sketched in enumerate(sketches):
        ranks: list[int] = corpus.ranks_of(part).to_pylist()
        kept = [place for place in range(len(ranks)) if corpus.starts[part] + place not in doubles]
        made: list[tuple[str, str, float, float]] = []
        for place in kept:
            rank, row = ranks[place], corpus.starts[part] + place
            if found := joined.get(rank):
                leader, like = found
                made.append((_id(corpus, leader), role_of(like), like.shared, like.kept))
            else:
                role = Role.EARLIEST if homes.get(rank, row) == row else Role.VERBATIM
                made.append((_id(corpus, rank), role, 1.0, 1.0))
        yield _with_columns(sketched.read(_ARTICLE).take(pa.array(kept, pa.int64())), made)


def _with_columns(facts: pa.Table, made: Sequence[tuple[str, str, float, float]]) -> pa.Table:
    columns: list[Column] = list(zip(*made, strict=True)) or [(), (), (), ()]
    for name, kind, values in zip(_MADE, _MADE_KINDS, columns, strict=True):
        facts = facts.append_column(name, pa.array(values, kind))
    return facts


def _id(corpus: Corpus, leader: int) -> str:
    """Return the id of a cluster: the hash of its leader's text, as 16 hexadecimal digits."""
    return f"{corpus.texts[leader].as_py() & 0xFFFF_FFFF_FFFF_FFFF:016x}"


def _equal_texts(corpus: Corpus, sketches: Sequence[Sketches]) -> tuple[dict[int, int], set[int]]:
    """Return, of texts that several rows have, the earliest row of each, and the rows that say nothing new."""
    found = [table for part in range(len(sketches)) if (table := _rows_of_shared(corpus, sketches, part)).num_rows]
    if not found:
        return {}, set()
    rows = pa.concat_tables(found)
    order = ("rank", "out_by", "article_id", "body_sha256", "agency", "agency_evidence", "row")
    rows = rows.sort_by([(name, "ascending") for name in order])
    firsts = rows.group_by("rank", use_threads=False).aggregate([("row", "first")])
    kept = rows.group_by(["rank", "article_id", "body_sha256"], use_threads=False).aggregate([("row", "first")])
    homes: dict[Any, Any] = dict(zip(firsts["rank"].to_pylist(), firsts["row_first"].to_pylist(), strict=True))
    doubles: set[Any] = set(rows["row"].to_pylist()) - set(kept["row_first"].to_pylist())
    return homes, doubles


def _rows_of_shared(corpus: Corpus, sketches: Sequence[Sketches], part: int) -> pa.Table:
    ranks = corpus.ranks_of(part)
    table = sketches[part].read([*_ARTICLE, "out_by"])
    table = table.set_column(table.column_names.index("out_by"), "out_by", compute.fill_null(table["out_by"], NEVER))
    start = corpus.starts[part]
    table = table.append_column("rank", ranks).append_column("row", numbers(start, start + len(ranks)))
    return table.filter(compute.greater(corpus.copies.take(ranks), 1))
