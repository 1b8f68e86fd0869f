"""What is kept between two searches for copies: sketches of the articles, a file a part, and verdicts on pairs.

    _newsclean/dedup/<fingerprint>/<sha256 of the part>.parquet
    _newsclean/dedup/<fingerprint>/verdicts.parquet

All of it can be worked out again; what is damaged or gone is.
"""

from __future__ import annotations

import shutil
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

from newsclean.dataset.durable import PARTIAL, disk_errors, write_whole
from newsclean.errors import DatasetError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

__all__ = ["SketchFile", "SketchStore"]

_FOLDER: Final = "dedup"
_VERDICTS: Final = "verdicts.parquet"


class SketchFile:
    """The sketches of one part."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def rows(self) -> int:
        """How many articles the part has."""
        return self._shape[0]

    @property
    def paragraphs(self) -> int:
        """How many paragraph hashes they have."""
        return self._shape[1]

    def read(self, columns: Sequence[str]) -> pa.Table:
        """Return some columns, all rows in order; a damaged file is a DatasetError."""
        try:
            return pq.read_table(self._path, columns=list(columns), use_threads=False)
        except (pa.ArrowException, OSError) as error:
            raise self._damaged(error) from error

    @cached_property
    def _shape(self) -> tuple[int, int]:
        try:
            with pq.ParquetFile(self._path) as file:
                metadata = file.schema_arrow.metadata or {}
                return file.metadata.num_rows, int(metadata.get(b"paragraphs", b"0"))
        except (pa.ArrowException, OSError) as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> DatasetError:
        return DatasetError(f"{self._path}: cannot be read ({error}); delete it, and it is made again")


class SketchStore:
    """The sketches of a dataset whose `_newsclean` folder is `state`, made as `fingerprint` says."""

    def __init__(self, state: Path, fingerprint: str) -> None:
        self._all = state / _FOLDER
        self._folder = self._all / fingerprint

    def prepare(self) -> None:
        """Make the folder, and delete what was made otherwise or was left half-written."""
        with disk_errors(f"{self._folder}: cannot be made", "run again"):
            self._folder.mkdir(parents=True, exist_ok=True)
            for other in self._all.iterdir():
                if other.is_dir() and other != self._folder:
                    shutil.rmtree(other)
            for partial in self._folder.glob(f"*{PARTIAL}"):
                partial.unlink()

    def has(self, part_sha256: str) -> bool:
        """Whether a part was sketched."""
        return self._file(part_sha256).exists()

    def open(self, part_sha256: str) -> SketchFile:
        """Return the sketches of a part that has some."""
        return SketchFile(self._file(part_sha256))

    def save(self, part_sha256: str, sketches: pa.Table) -> None:
        """Keep the sketches of a part."""
        self._write(self._file(part_sha256), sketches)

    def forget_others(self, part_sha256s: Collection[str]) -> None:
        """Delete the sketches of parts that are no longer in the dataset."""
        kept = {self._file(sha256) for sha256 in part_sha256s} | {self._folder / _VERDICTS}
        for path in self._folder.glob("*.parquet"):
            if path not in kept:
                path.unlink(missing_ok=True)

    def verdicts(self, schema: pa.Schema) -> pa.Table:
        """Return the verdicts of the last search, none where there are none that can be read."""
        try:
            found = pq.read_table(self._folder / _VERDICTS, use_threads=False)
        except (FileNotFoundError, pa.ArrowException):
            return schema.empty_table()
        return found if found.schema.equals(schema) else schema.empty_table()

    def save_verdicts(self, verdicts: pa.Table) -> None:
        """Keep the verdicts for the next search."""
        self._write(self._folder / _VERDICTS, verdicts)

    def _file(self, part_sha256: str) -> Path:
        return self._folder / f"{part_sha256}.parquet"

    def _write(self, path: Path, table: pa.Table) -> None:
        content = BytesIO()
        # Hashes have no order that a dictionary or a compressor could use; strings have.
        plain = [field.name for field in table.schema if not pa.types.is_integer(field.type)]
        pq.write_table(table, content, compression="zstd", compression_level=1, use_dictionary=plain)  # type: ignore[arg-type]  # the stubs know a yes or no only
        with disk_errors(f"{path}: cannot be written", "run again"):
            write_whole(path, content.getvalue())
