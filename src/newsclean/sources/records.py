"""What discovery finds: the files that are pages, and what is wrong with what lies around them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from newsclean.sources.choosing import Reading

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

__all__ = ["NO_FACTS", "REMOTE", "WHOLE", "Discovery", "ManifestFacts", "Problem", "SourceFile", "Stretch"]

REMOTE = "s3://"
_AS_USUAL = Reading()


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
class Stretch:
    """A part of an archive: its pages with offsets from `start` to `end` (exclusive; None: to the last one).

    To find them, reading begins at `entry`. `pages` is how many there may be, `sha256` that of the
    whole file, where somebody has looked.
    """

    start: int = 0
    end: int | None = None
    entry: int = 0
    pages: int | None = None
    sha256: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether this is no part, but all."""
        return self.start == 0 and self.end is None

    def has(self, offset: int) -> bool:
        """Tell whether the page at `offset` belongs to it."""
        return self.start <= offset and (self.end is None or offset < self.end)

    def ends_before(self, offset: int) -> bool:
        """Tell whether neither the page at `offset` nor any behind it belongs to it."""
        return self.end is not None and offset >= self.end


WHOLE = Stretch()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    r"""One file that is a page or holds many: where it lies, its size and time when it was found, what a manifest says.

    `raw_path` names the page in the dataset: relative to the dataset's parent folder if it lies
    below it, else absolute, with `/` and symbolic links resolved; bytes of a name that are no
    UTF-8 stand as `\\xNN`; of an object in a store it is its address. The further fields are the
    manifest's, None where it does not say, but for the last two: the part of an archive that is meant,
    and how it is read.
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
    stretch: Stretch = WHOLE
    reading: Reading = _AS_USUAL

    @property
    def is_remote(self) -> bool:
        """Whether it lies in an object store."""
        return self.raw_path.startswith(REMOTE)

    @property
    def facts_sha256(self) -> str:
        """SHA-256 in hexadecimal of what the manifest says and how it is read: if it changes, so does the page."""
        fetched_at = self.fetched_at.isoformat() if self.fetched_at else None
        facts: tuple[object, ...] = (self.url, fetched_at, self.status, self.media_type, self.charset, self.labels)
        if self.reading != _AS_USUAL:
            facts = (*facts, self.reading)
        return _sha256_of(facts)


@lru_cache(maxsize=256)  # most files of a run have no manifest
def _sha256_of(facts: tuple[object, ...]) -> str:
    return hashlib.sha256(msgspec.json.encode(facts)).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that could not be used, while the run goes on: `where` is a file or `file:line`.

    `is_lost`: it is a whole input (an address, a folder), of which nothing could be had.
    """

    where: str
    message: str
    is_lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What was found: pages sorted by `raw_path` without doubles, and how many other files were passed over."""

    files: tuple[SourceFile, ...]
    problems: tuple[Problem, ...] = ()
    skipped: int = 0
