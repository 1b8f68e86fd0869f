"""The form of a dataset's files: its schema version and what was chosen when it was made, as its marker says."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from newsclean.dataset.durable import write_whole
from newsclean.dataset.layout import SCHEMA_VERSION
from newsclean.dataset.parquet.partition import NONE, check_partitioning
from newsclean.errors import ConfigError, DatasetError, SchemaTooNew, SchemaTooOld

if TYPE_CHECKING:
    from pathlib import Path

    from newsclean.dataset.layout import Layout

__all__ = ["Form", "FormChoice", "check_current", "check_version", "damaged", "read_form", "write_form"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How files are made; a shard whose form is not that of its dataset waits for `compact` or `migrate`."""

    schema_version: int = SCHEMA_VERSION
    partition_by: str = NONE
    bloom_filters: tuple[str, ...] = ()

    @property
    def present(self) -> Form:
        """The same form in the version that is written today."""
        return replace(self, schema_version=SCHEMA_VERSION)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormChoice:
    """What somebody wants of a dataset's form; None leaves it as it is, and for a new dataset the default.

    Raises ConfigError for what there is not.
    """

    partition_by: str | None = None
    bloom_filters: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        """Refuse what no dataset can be."""
        if self.partition_by is not None:
            check_partitioning(self.partition_by)
        if self.bloom_filters:
            from newsclean.dataset.parquet.blooming import check_bloom_filters  # noqa: PLC0415  # pyarrow

            check_bloom_filters(self.bloom_filters)

    def over(self, form: Form) -> Form:
        """Return `form` with what is chosen."""
        return Form(
            schema_version=form.schema_version,
            partition_by=form.partition_by if self.partition_by is None else self.partition_by,
            bloom_filters=form.bloom_filters if self.bloom_filters is None else tuple(sorted(set(self.bloom_filters))),
        )

    def check(self, form: Form, root: Path) -> None:
        """Raise ConfigError where the dataset at `root`, of that form, is not what was chosen."""
        wanted = self.over(form)
        way = f"leave the option out, or change the dataset: newsclean compact {root}"
        if wanted.partition_by != form.partition_by:
            raise ConfigError(
                f"{root}: is partitioned by {form.partition_by}, not by {wanted.partition_by}; "
                f"{way} --partition-by {wanted.partition_by}"
            )
        if wanted.bloom_filters != form.bloom_filters:
            raise ConfigError(
                f"{root}: has Bloom filters on {_listed(form)}, not on {_listed(wanted)}; "
                f"{way} --bloom-filter {_listed(wanted)}"
            )


class _Marker(msgspec.Struct):
    schema_version: int
    partition_by: str = NONE
    bloom_filters: tuple[str, ...] = ()


def read_form(layout: Layout) -> Form:
    """Read a dataset's marker; raises SchemaTooNew for a newer one, DatasetError for one that is none."""
    content = layout.marker.read_bytes()
    check_version(content, layout.marker)
    try:
        found = msgspec.json.decode(content, type=_Marker)
        check_partitioning(found.partition_by)
    except (msgspec.DecodeError, ConfigError) as error:
        raise damaged(layout.marker, error) from error
    return Form(schema_version=found.schema_version, partition_by=found.partition_by, bloom_filters=found.bloom_filters)


def write_form(layout: Layout, form: Form) -> None:
    """Note another form in a dataset's marker, in one step; what else it says stays."""
    values = json.loads(layout.marker.read_bytes())
    write_whole(layout.marker, f"{json.dumps(values | asdict(form))}\n".encode())


def check_current(form: Form, root: Path) -> None:
    """Raise SchemaTooOld where rows of today would not fit in with those of the dataset at `root`."""
    if form.schema_version < SCHEMA_VERSION:
        raise SchemaTooOld(
            f"{root}: has schema version {form.schema_version}, and rows are written with version {SCHEMA_VERSION}; "
            f"nothing was written: first run newsclean migrate {root}"
        )


def check_version(content: bytes, path: Path) -> int:
    """Return the schema version of the JSON `content` of `path`; a newer one than ours is SchemaTooNew."""
    try:
        version = msgspec.json.decode(content, type=_Marker).schema_version
    except msgspec.DecodeError as error:
        raise damaged(path, error) from error
    if version > SCHEMA_VERSION:
        msg = (
            f"{path}: written with schema version {version}, this newsclean knows versions up to {SCHEMA_VERSION}; "
            "use a newer newsclean, or clean into another folder"
        )
        raise SchemaTooNew(msg)
    if version < 1:
        raise damaged(path, ValueError(f"schema version {version}"))
    return version


def damaged(path: Path, error: Exception) -> DatasetError:
    """Return the error for a marker or a record that cannot be read."""
    return DatasetError(
        f"{path}: this is no record of ours ({error}); put it back from a backup, or delete it: "
        "the pages it stands for are then cleaned again"
    )


def _listed(form: Form) -> str:
    return ",".join(form.bloom_filters) or "none"
