"""Look over site profiles without cleaning anything: all that is wrong, not only the first thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsclean.errors import ConfigError
from newsclean.extract.profile_loading import built_in_folder, load_profile
from newsclean.extract.routing import Router, load_router
from newsclean.run.api import site_folders

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["check_profiles", "folders_in_use"]


def folders_in_use() -> tuple[Path, ...]:
    """Return the folder of the built-in profiles and those of the project in the working directory."""
    return (built_in_folder(), *site_folders(()))


def check_profiles(paths: Iterable[Path]) -> tuple[list[str], list[str]]:
    """Load and compile the profiles that are files or in folders; return the good sites and all messages."""
    paths = list(paths)
    good, errors = [], []
    for path in _profile_files(paths):
        try:
            Router([load_profile(path)])
        except ConfigError as error:
            errors.append(str(error))
        else:
            good.append(path.stem)
    if not errors:
        errors += _clashes(path for path in paths if path.is_dir() and path != built_in_folder())
    return good, errors


def _profile_files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.glob("*.toml")) if path.is_dir() else (path,)


def _clashes(folders: Iterable[Path]) -> list[str]:
    """Return what keeps good profiles from being used together: two that want the same host."""
    try:
        load_router(folders)
    except ConfigError as error:
        return [str(error)]
    return []
