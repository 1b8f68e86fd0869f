"""The project around a working directory: `newsclean.toml`, and the site profiles that lie beside it."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from newsclean.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["PROJECT_FILE", "Project", "find_project"]

PROJECT_FILE: Final = "newsclean.toml"
_KEYS: Final = ("sites", "contact", "schedule", "jobs", "alarms")  # the last three are read by `schedule.jobs`


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What `newsclean.toml` says: `sites` are folders of site profiles that are used besides the built-in ones.

    `contact` is the URL or e-mail address that a crawl shows to the sites it visits.
    """

    sites: tuple[Path, ...] = ()
    contact: str | None = None


def find_project(folder: Path) -> Project:
    """Read the `newsclean.toml` in `folder`; without one there is nothing besides what is built in.

    The file may be empty: `sites/` beside it is used if it is there. `sites = ["..."]` names other
    folders, relative to the file. Raises ConfigError for a file that cannot be used.
    """
    path = folder / PROJECT_FILE
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Project()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}; change its permissions") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: no TOML: {error}; mend that place") from error
    for key in values:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, n=1)
            remedy = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(_KEYS)}"
            raise ConfigError(f"{path}: {key}: unknown key; {remedy}")
    return Project(sites=_site_folders(path, values.get("sites")), contact=_contact(path, values.get("contact")))


def _contact(path: Path, stated: object) -> str | None:
    if stated is not None and not isinstance(stated, str):
        raise ConfigError(f'{path}: contact: a text is needed, as in contact = "https://your.site/crawler"')
    return stated


def _site_folders(path: Path, stated: object) -> tuple[Path, ...]:
    if stated is None:
        usual = path.parent / "sites"
        return (usual,) if usual.is_dir() else ()
    if not isinstance(stated, list) or not all(isinstance(name, str) for name in stated):
        raise ConfigError(f'{path}: sites: a list of folder names is needed, as in sites = ["sites"]')
    folders = tuple(path.parent / name for name in stated)
    for folder in folders:
        if not folder.is_dir():
            raise ConfigError(f"{path}: sites: no folder {folder}; make it, or take it off the list")
    return folders
