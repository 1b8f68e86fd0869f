"""What a run did, in numbers: shown at its end, kept beside the dataset, printed by `--json`."""

from __future__ import annotations

import platform
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from newsclean.run.tally import SiteCount, Trouble
    from newsclean.sources import Problem

__all__ = ["RunReport", "State", "as_json", "json_text", "library_versions", "save"]

_LIBRARIES: Final = ("lxml", "pyarrow", "chardet", "trafilatura", "langdetect", "py3langid")


class State(StrEnum):
    """How a run ended."""

    DONE = "done"
    NOTHING_TO_DO = "nothing_to_do"
    INTERRUPTED = "interrupted"
    DRY_RUN = "dry_run"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What a run did.

    `files` were found: `unchanged` of them needed nothing, `planned` says how many of the others
    were to be cleaned for which cause, `skipped` how many were no pages by their names. `pages`,
    `articles` and `rejections` were written in this run (`by_site`, `by_reason` and `by_strategy`
    part them), `dataset_pages` and `dataset_articles` are what the dataset holds at the end.
    `held` files are in batches that are kept back; what this run adds to `batch`, if it does, is too.
    `troubles` are the first hundred of `trouble_count` pages that could not be read, crashed,
    took too much time or memory, or were named and are none; `problems` say what is wrong with the
    input besides.
    """

    run_id: str
    state: State
    dataset: str
    started_at: datetime
    duration_s: float
    newsclean_version: str
    files: int
    skipped: int
    unchanged: int
    planned: Mapping[str, int]
    pages: int = 0
    articles: int = 0
    rejections: int = 0
    by_site: Mapping[str, SiteCount] = field(default_factory=dict)
    by_reason: Mapping[str, int] = field(default_factory=dict)
    by_strategy: Mapping[str, int] = field(default_factory=dict)
    trouble_count: int = 0
    troubles: tuple[Trouble, ...] = ()
    problems: tuple[Problem, ...] = ()
    shards: int = 0
    workers: int = 0
    dataset_pages: int = 0
    dataset_articles: int = 0
    held: int = 0
    batch: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def pages_per_s(self) -> float:
        """Pages a second over the whole run, start and end of the processes counted."""
        return self.pages / self.duration_s if self.duration_s else 0.0


def as_json(report: RunReport) -> dict[str, Any]:
    """Return the report as JSON values, with the fields of RunReport and `pages_per_s` as keys."""
    values = asdict(report) | {"pages_per_s": round(report.pages_per_s, 1)}
    values["duration_s"] = round(report.duration_s, 3)
    found: dict[str, Any] = msgspec.to_builtins(values)
    return found


def json_text(report: RunReport) -> str:
    """Return the report as an indented JSON object."""
    return msgspec.json.format(msgspec.json.encode(as_json(report)), indent=1).decode()


def save(report: RunReport, folder: Path) -> Path:
    """Write the report to `<run_id>.json` in `folder` and return where it is."""
    path = folder / f"{report.run_id}.json"
    partial = path.with_suffix(".partial")
    partial.write_text(json_text(report) + "\n", encoding="utf-8")
    partial.replace(path)
    return path


def library_versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that a result may depend on."""
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
