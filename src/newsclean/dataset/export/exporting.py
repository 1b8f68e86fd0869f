"""Articles for other tools: a copy of the chosen rows as JSON lines, CSV, a Hugging Face folder, Delta Lake or DuckDB.

What is written appears at its place whole, or not at all; the dataset itself is only read.
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import pyarrow.parquet as pq

from newsclean.dataset.clusters import clusters_file
from newsclean.dataset.durable import PARTIAL, disk_errors
from newsclean.dataset.export import delta
from newsclean.dataset.export.card import Census, card
from newsclean.dataset.export.selection import Selection, choose
from newsclean.dataset.export.text import write_csv, write_jsonl
from newsclean.dataset.parquet.schema import LOW_CARDINALITY
from newsclean.dataset.store import Dataset
from newsclean.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pyarrow as pa

    from newsclean.dataset.export.selection import Chosen

__all__ = ["Exported", "Kind", "Selection", "export"]

_REMEDY: Final = "run again, or give another place"
_SHARD_ROWS: Final = 100_000
_ROW_GROUP_ROWS: Final = 16_384


class Kind(StrEnum):
    """What can be written."""

    JSONL = "jsonl"
    CSV = "csv"
    HF = "hf"
    DELTA = "delta"
    DUCKDB = "duckdb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written; `changes` tells what became of a Delta table."""

    target: str
    kind: Kind
    rows: int
    changes: delta.Changes | None = None


def export(
    path: Path | str,
    target: Path,
    kind: Kind,
    selection: Selection,
    *,
    overwrite: bool = False,
    license_id: str = "unknown",
) -> Exported:
    """Write the chosen articles of the dataset at `path` to `target`.

    `target` is a file, which `.gz` or `.zst` at the end of a jsonl or csv name packs, or a folder for hf and delta.
    A Delta table that was made by the same export follows the dataset: what has changed since comes into it, as
    one version. `license_id` is what the card of an hf folder says. Raises ConfigError for what cannot be chosen, or a
    target that is there and is not to be overwritten; DatasetError where the dataset or the disk fails.
    """
    with Dataset.open(path, create=False) as dataset:
        is_followed = kind is Kind.DELTA and target.is_dir() and delta.is_table(target)
        with disk_errors(f"{target}: was not written", _REMEDY):
            _check_target(dataset, target, overwrite=overwrite or is_followed)
        if kind is Kind.DELTA:
            with disk_errors(f"{target}: was not written", _REMEDY):
                return _export_delta(dataset, target, selection, overwrite=overwrite)
        chosen = choose(dataset, selection)
        with disk_errors(f"{target}: was not written", _REMEDY):
            target.parent.mkdir(parents=True, exist_ok=True)
            if kind is Kind.HF:
                rows = _in_place(target, lambda partial: _write_hf(chosen, partial, selection, license_id))
            elif kind is Kind.DUCKDB:
                rows = _in_place(target, lambda partial: _write_duckdb(chosen, partial, clusters_file(dataset.path)))
            else:
                write = write_jsonl if kind is Kind.JSONL else write_csv
                rows = _in_place(target, lambda partial: write(chosen, partial, target.suffix))
    return Exported(target=str(target), kind=kind, rows=rows)


def _check_target(dataset: Dataset, target: Path, *, overwrite: bool) -> None:
    place, root = target.resolve(), dataset.path.resolve()
    if place == root or root in place.parents or place in root.parents:
        raise ConfigError(f"{target}: lies in the dataset, or around it; give a place of its own")
    is_there = any(target.iterdir()) if target.is_dir() else target.exists()
    if is_there and not overwrite:
        raise ConfigError(f"{target}: is there already; give another name, or --overwrite")


def _in_place(target: Path, write: Callable[[Path], int]) -> int:
    """Let something be written beside its place, and put it there when it is whole."""
    partial = target.with_name(target.name + PARTIAL)
    with ExitStack() as undo:
        undo.callback(_delete, partial)
        _delete(partial)
        rows = write(partial)
        if target.is_dir():
            shutil.rmtree(target)
        partial.replace(target)
    return rows


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _write_hf(chosen: Chosen, folder: Path, selection: Selection, license_id: str) -> int:
    data = folder / "data"
    data.mkdir(parents=True)
    census = Census()
    counted = _counted(chosen, census)
    written: list[Path] = []
    dictionary: Any = [name for name in LOW_CARDINALITY["articles"] if name.split(".")[0] in chosen.schema.names]
    batch = next(counted, None)
    while batch is not None or not written:
        path = data / f"{len(written)}.parquet"
        written.append(path)
        with pq.ParquetWriter(path, chosen.schema, compression="zstd", use_dictionary=dictionary) as writer:
            rows = 0
            while batch is not None and rows < _SHARD_ROWS:
                writer.write_batch(batch, row_group_size=_ROW_GROUP_ROWS)
                rows += batch.num_rows
                batch = next(counted, None)
    for number, path in enumerate(written):
        path.rename(data / f"train-{number:05}-of-{len(written):05}.parquet")
    text = card(census, selection, chosen.schema.names, license_id=license_id)
    (folder / "README.md").write_text(text, encoding="utf-8")
    return census.rows


def _counted(chosen: Chosen, census: Census) -> Iterator[pa.RecordBatch]:
    for batch in chosen.batches():
        census.add(batch)
        yield batch


def _export_delta(dataset: Dataset, target: Path, selection: Selection, *, overwrite: bool) -> Exported:
    mark = delta.mark_of(dataset, selection)
    is_there = target.is_dir() and delta.is_table(target)
    changes = delta.standing(target, mark) if is_there and not overwrite else None
    if changes is None:
        chosen = choose(dataset, selection)
        if not is_there:
            target.parent.mkdir(parents=True, exist_ok=True)
            rows = _in_place(target, lambda partial: delta.create(partial, chosen, mark).rows)
            changes = delta.Changes(version=0, rows=rows, inserted=rows)
        elif overwrite:
            changes = delta.overwrite(target, chosen, mark)
        else:
            changes = delta.update(target, chosen, mark, one_an_article=selection.latest)
    return Exported(target=str(target), kind=Kind.DELTA, rows=changes.rows, changes=changes)


def _write_duckdb(chosen: Chosen, path: Path, clusters: Path) -> int:
    try:
        import duckdb  # noqa: PLC0415  (an extra)
    except ModuleNotFoundError as error:
        raise ConfigError('duckdb needs DuckDB; install it with: pip install "newsclean[duckdb]"') from error
    with duckdb.connect(str(path)) as connection:
        connection.register("chosen", chosen.reader())
        connection.execute("create table articles as select * from chosen")
        connection.unregister("chosen")
        if clusters.exists():
            connection.execute("create table clusters as select * from read_parquet($path)", {"path": str(clusters)})
        found = connection.execute("select count(*) from articles").fetchall()
    return int(found[0][0])
