"""What discovery finds: the files that are pages, and what is wrong with what lies around them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

__all__ = ["NO_FACTS", "Discovery", "ManifestFacts", "Problem", "SourceFile"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestFacts:
    """What a manifest's row says of one file; `labels` are the row's further keys, in its order."""

    url: str | None = None
    fetched_at: dt.datetime | None = None
    status: int | None = None
    media_type: str | None = None
    charset: str | None = None
    labels: tuple[tuple[str, str], ...] = ()


NO_FACTS = ManifestFacts()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    r"""One file that is a page: where it lies, its size and time when it was found, what a manifest says.

    `raw_path` names the page in the dataset: relative to the dataset's parent folder if it lies
    below it, else absolute, with `/` and symbolic links resolved; bytes of a name that are no
    UTF-8 stand as `\\xNN`. The further fields are the manifest's, None where it does not say.
    """

    path: Path
    raw_path: str
    size_bytes: int
    mtime_ns: int
    url: str | None = None
    fetched_at: dt.datetime | None = None
    status: int | None = None
    media_type: str | None = None
    charset: str | None = None
    labels: tuple[tuple[str, str], ...] = ()

    @property
    def facts_sha256(self) -> str:
        """SHA-256 in hexadecimal of what the manifest says: a changed row is a changed page."""
        fetched_at = self.fetched_at.isoformat() if self.fetched_at else None
        facts = (self.url, fetched_at, self.status, self.media_type, self.charset, self.labels)
        return hashlib.sha256(msgspec.json.encode(facts)).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that could not be used, while the run goes on: `where` is a file or `file:line`."""

    where: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What was found: pages sorted by `raw_path` without doubles, and how many other files were passed over."""

    files: tuple[SourceFile, ...]
    problems: tuple[Problem, ...] = ()
    skipped: int = 0
