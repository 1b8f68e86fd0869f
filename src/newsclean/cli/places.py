"""Where a dataset is: a folder, or an address in an object store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from newsclean.remote.path import place_of

if TYPE_CHECKING:
    import os

__all__ = ["DATASET", "from_here"]


class _Place(click.Path):
    """A path as click's own, or `s3://bucket/folder`."""

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path."""
        return place_of(str(super().convert(value, param, ctx)))


DATASET: Final = _Place(path_type=Path)


def from_here(path: Path) -> str:
    """Return a path as a person would name it in the working directory."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
