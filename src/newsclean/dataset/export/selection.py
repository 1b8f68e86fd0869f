"""Which rows of `articles` leave the dataset: chosen by row numbers first, so that texts are read once and streamed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as _compute
import pyarrow.parquet as pq

from newsclean.dataset.clusters import clusters_file
from newsclean.dataset.parquet.reader import batches_of, columns_of, open_part, read_parts
from newsclean.dataset.parquet.schema import SCHEMAS
from newsclean.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from newsclean.dataset.store import Dataset

__all__ = ["Chosen", "Selection", "choose"]

pc: Any = _compute  # the stubs know fewer forms of the functions than there are
_KEY: Final = ("article_id", "body_sha256")
_MOMENTS: Final = ("published_at", "modified_at", "fetched_at")
_PLACE: Final = ("raw_path", "raw_offset", "segment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What to choose. In this order: `latest` text of each article; `languages` and `where` (SQL over the columns);
    `dedup`, of what is left one row a story. `columns` None are all.
    """  # noqa: D205  (one sentence)

    latest: bool = False
    languages: tuple[str, ...] = ()
    where: str | None = None
    dedup: bool = False
    columns: tuple[str, ...] | None = None


class Chosen:
    """The chosen rows, in the order of the dataset; to be streamed any number of times."""

    def __init__(self, parts: Sequence[Path], rows: pa.Array[Any] | None, columns: Sequence[str] | None) -> None:
        self._parts = parts
        self._rows = rows
        self._columns = columns
        self.schema = columns_of("articles", columns)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows, some thousand at a time; none that is empty."""
        for batch in self._all_batches() if self._rows is None else self._some_batches():
            if batch.num_rows:
                yield batch.replace_schema_metadata(self.schema.metadata)

    def _all_batches(self) -> Iterator[pa.RecordBatch]:
        for path in self._parts:
            yield from batches_of(path, "articles", self._columns)

    def _some_batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the chosen rows from the files that have any."""
        end = 0
        for path in self._parts:
            start, end = end, end + _row_count(path)
            if len(self._within(start, end - start)):
                for batch in batches_of(path, "articles", self._columns):
                    yield batch.take(self._within(start, batch.num_rows))
                    start += batch.num_rows

    def count(self) -> int:
        """Return how many rows there are."""
        return sum(map(_row_count, self._parts)) if self._rows is None else len(self._rows)

    def narrowed(self, columns: Sequence[str]) -> Chosen:
        """Return the same rows with these columns."""
        return Chosen(self._parts, self._rows, columns)

    def only(self, places: pa.Array[Any]) -> Chosen:
        """Return those of the rows that are at these places, counted from 0 and in order."""
        return Chosen(self._parts, places if self._rows is None else self._rows.take(places), self._columns)

    def reader(self) -> pa.RecordBatchReader:
        """Return the rows as what other Arrow tools take."""
        return pa.RecordBatchReader.from_batches(self.schema, self.batches())

    def _within(self, start: int, count: int) -> pa.Array[Any]:
        rows: Any = self._rows
        is_here = pc.and_(pc.greater_equal(rows, start), pc.less(rows, start + count))
        found: pa.Array[Any] = pc.subtract(rows.filter(is_here), start)
        return found


def choose(dataset: Dataset, selection: Selection) -> Chosen:
    """Find the rows; raises ConfigError for a column, a condition or a table that is not there."""
    parts = dataset.parts("articles")
    try:
        columns_of("articles", selection.columns)
    except ValueError as error:
        raise ConfigError(str(error)) from error
    rows: Any = None
    if selection.latest:
        rows = _latest(parts)
    if selection.languages:
        rows = _both(rows, _in_languages(parts, selection.languages))
    if selection.where is not None:
        rows = _both(rows, _where(parts, selection.where))
    if selection.dedup:
        rows = _one_a_story(parts, rows, dataset.path)
    return Chosen(parts, None if rows is None else rows.take(pc.array_sort_indices(rows)), selection.columns)


def _latest(parts: Sequence[Path]) -> Any:
    """Return the last text of each article, as the view `latest` has it."""
    table = _numbered(parts, ("article_id", *_MOMENTS, *_PLACE))
    table = table.append_column("at", pc.coalesce(table["fetched_at"], table["modified_at"], table["published_at"]))
    later_first = ("at", "modified_at", *_PLACE)
    keys = [("article_id", "ascending"), *((name, "descending") for name in later_first)]
    return _first_of(table, "article_id", keys)


def _one_a_story(parts: Sequence[Path], rows: Any, root: Path) -> Any:
    """Return one of the rows for each cluster, as the view `stories` has it."""
    path = clusters_file(root)
    if not path.exists():
        raise ConfigError(f"{path}: is not there yet; run: newsclean dedup {root}")
    table = _numbered(parts, (*_KEY, *_MOMENTS, *_PLACE))
    if rows is not None:
        table = table.take(rows)
    clusters = pq.read_table(path, columns=["cluster_id", "role", *_KEY])
    table = table.join(clusters, list(_KEY))
    own = pc.binary_join_element_wise(table["article_id"], table["body_sha256"], "")
    at = pc.coalesce(table["published_at"], table["modified_at"], table["fetched_at"])
    table = table.append_column("story", pc.coalesce(table["cluster_id"], own))
    table = table.append_column("is_copy", pc.fill_null(pc.not_equal(table["role"], "earliest"), fill_value=True))
    table = table.append_column("at", at).append_column("offset", pc.fill_null(table["raw_offset"], -1))
    order = ("story", "is_copy", "at", "raw_path", "offset", "segment")
    return _first_of(table, "story", [(name, "ascending") for name in order])


def _in_languages(parts: Sequence[Path], languages: Sequence[str]) -> Any:
    table = _numbered(parts, ("language",))
    return table.filter(pc.is_in(table["language"], pa.array(languages, pa.string())))["row"].combine_chunks()


def _where(parts: Sequence[Path], condition: str) -> Any:
    """Return the rows that meet a condition, as DuckDB understands it."""
    try:
        import duckdb  # noqa: PLC0415  (an extra)
    except ModuleNotFoundError as error:
        raise ConfigError('where needs DuckDB; install it with: pip install "newsclean[duckdb]"') from error
    if not parts:
        return pa.array([], pa.int64())
    starts = dict(zip(map(str, parts), accumulate(map(_row_count, parts), initial=0), strict=False))
    # Files of older versions lack columns: where they do, all rows of `newest` (there are none) lend them theirs.
    query = f"""select filename, file_row_number from (
            from read_parquet($parts, filename = true, file_row_number = true, union_by_name = true)
            union all by name from newest)
        where ({condition}\n)"""  # noqa: S608  (the user's own condition on the user's own files)
    try:
        with duckdb.connect() as connection:
            connection.execute("set timezone = 'UTC'")
            connection.register("newest", SCHEMAS["articles"].empty_table())
            found = connection.execute(query, {"parts": list(starts)}).fetchall()
    except duckdb.Error as error:
        raise ConfigError(
            f"where: {condition}: {_cause(error)}; give an SQL condition over the columns, as in language = 'en' and "
            "published_at >= '2024-01-01'"
        ) from error
    return pa.array(sorted(starts[name] + number for name, number in found), pa.int64())


def _cause(error: Exception) -> str:
    """Return DuckDB's message without the lines that draw our query."""
    return " ".join(str(error).partition("\n\nLINE")[0].split())


def _numbered(parts: Sequence[Path], columns: Sequence[str]) -> pa.Table:
    table = read_parts(parts, "articles", columns)
    return table.append_column("row", pa.array(range(table.num_rows), pa.int64()))


def _first_of(table: pa.Table, key: str, order: Sequence[tuple[str, str]]) -> Any:
    """Return the `row` of the first in each group of one `key`, which the order begins with."""
    if not table.num_rows:
        return pa.array([], pa.int64())
    # The rest of the columns need not be moved.
    places = pc.sort_indices(table, sort_keys=list(order))
    keys = table[key].take(places).combine_chunks()
    rows = table["row"].take(places).combine_chunks()
    changes = pc.not_equal(keys.slice(1), keys.slice(0, len(keys) - 1))
    return rows.filter(pa.concat_arrays([pa.array([True]), changes]))


def _both(one: Any, other: Any) -> Any:
    return other if one is None else other.filter(pc.is_in(other, value_set=one))


def _row_count(path: Path) -> int:
    try:
        with open_part(path) as file:
            return file.metadata.num_rows
    except (pa.ArrowException, OSError):
        next(batches_of(path, "articles", ("article_id",)), None)  # says what is wrong with it
        raise
