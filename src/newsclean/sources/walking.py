"""Walk folders for files that may be pages: fast, each real folder once, symbolic links followed last."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from newsclean.sources.records import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LINK_REMEDY", "MANIFEST", "Finds", "Stat", "foreign_suffix", "is_page_name", "suffix_of", "walk"]

MANIFEST = "manifest.jsonl"
LINK_REMEDY = "the link leads nowhere; delete it, or put back what it named"
_OURS = "_newsclean"  # of a dataset: reports on pages are no pages
_REPORT = "-report.html"  # beside a dataset, after its name
_COMPRESSED = frozenset((".gz", ".zst", ".zstd"))
# What cannot be a page by its name. Archives are not here: they may hold pages, and so each has to
# end as a rejection that says so, not to be passed over.
_NO_PAGES = frozenset(
    (
        *(".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".parquet", ".arrow", ".feather", ".db", ".sqlite"),
        *(".sqlite3", ".pickle", ".pkl", ".npy", ".npz", ".cdx", ".cdxj", ".md", ".rst", ".toml", ".yaml"),
        *(".yml", ".ini", ".cfg", ".conf", ".py", ".pyc", ".ipynb", ".sh", ".bat", ".css", ".js", ".mjs"),
        *(".ts", ".map", ".wasm", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".ico", ".bmp"),
        *(".tif", ".tiff", ".heic", ".woff", ".woff2", ".ttf", ".otf", ".eot", ".mp3", ".mp4", ".m4a", ".m4v"),
        *(".sqlite-wal", ".sqlite-shm", ".torn"),
        *(".webm", ".ogg", ".wav", ".avi", ".mov", ".mkv", ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt"),
        *(".pptx", ".odt", ".epub", ".exe", ".dll", ".so", ".o", ".lock", ".log", ".sha256", ".md5"),
    )
)
# What may hold pages in its rows: taken where they are asked for.
_TABLES = frozenset((".jsonl", ".ndjson", ".parquet"))
# Running text, as some save pages: in a folder it is rather a word about the pages.
_PROSE = frozenset((".md", ".rst"))
_FOREIGN = _NO_PAGES - _TABLES - _PROSE


class Stat(NamedTuple):
    """A file's size in bytes and its time of change in nanoseconds, from one look at it."""

    size_bytes: int
    mtime_ns: int


@dataclass(slots=True)
class Finds:
    """What walks have found so far, all by real path; `manifests` are keyed by their folder."""

    excluded: frozenset[str] = frozenset()
    files: dict[str, Stat] = field(default_factory=dict)
    skipped: set[str] = field(default_factory=set)
    manifests: dict[str, str] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    takes_tables: bool = False
    _real_folders: dict[str, str] = field(default_factory=dict)

    def real_path(self, path: str) -> str:
        """Return `path` with all links resolved; the folder of many named files is looked at once."""
        folder, name = os.path.split(path)
        if name in ("", os.curdir, os.pardir) or os.path.islink(path):  # noqa: PTH114
            return os.path.realpath(path)
        if folder not in self._real_folders:
            self._real_folders[folder] = os.path.realpath(folder)
        return os.path.join(self._real_folders[folder], name)  # noqa: PTH118

    def takes(self, name: str) -> bool:
        """Tell whether a file is taken by its name."""
        return is_page_name(name) or (self.takes_tables and _bare_suffix(name) in _TABLES)

    def excludes(self, real: str) -> bool:
        """Tell whether the real path `real` is excluded or lies in a folder that is."""
        return any(real == one or real.startswith(one + os.sep) for one in self.excluded)

    def add(self, other: Finds) -> None:
        """Take over what another walk found."""
        self.files.update(other.files)
        self.skipped.update(other.skipped)
        self.manifests.update(other.manifests)
        self.problems.extend(other.problems)

    def blame(self, path: str, error: OSError, remedy: str, *, is_lost: bool = False) -> None:
        """Note that `path` could not be used."""
        self.problems.append(Problem(where=path, message=f"{_cause(error)}: {remedy}", is_lost=is_lost))


def is_page_name(name: str) -> bool:
    """Tell whether a file may be a page by its name; `.gz` and `.zst` are looked under."""
    return _bare_suffix(name) not in _NO_PAGES


def foreign_suffix(name: str) -> str | None:
    """Return the suffix (`.toml`) by which a file, named though it was, is something else than pages, else None."""
    suffix = _bare_suffix(name)
    return suffix if suffix in _FOREIGN else None


def _bare_suffix(name: str) -> str:
    suffix = suffix_of(name)
    for packed in _COMPRESSED:
        suffix = suffix.removesuffix(packed)
    return suffix


def suffix_of(name: str) -> str:
    """Return the suffix that tells what a file is, in lower case, with that of a compression after it."""
    stem, suffix = os.path.splitext(name.lower())  # noqa: PTH122  (this runs once a file)
    return os.path.splitext(stem)[1] + suffix if suffix in _COMPRESSED else suffix  # noqa: PTH122


def walk(root: str, finds: Finds, accept: Callable[[str], bool] | None = None) -> None:
    """Add to `finds` what lies below the real folder `root`.

    Hidden files and folders are left out, what datasets keep for themselves, and what `finds` excludes.
    With `accept`, only files are taken whose path below `root`, with links as they are named, it accepts.
    """
    # A walk that takes all has no reason to come twice; one with a condition must not stand in its way.
    seen = finds.folders if accept is None else set()
    folders = [(root, "")]
    links: list[tuple[str, str]] = []
    while folders or links:
        if folders:
            real, shown = folders.pop()
            if real not in seen and real not in finds.excluded:
                seen.add(real)
                _read_folder(real, shown, folders, links, finds, accept)
        else:
            # Links come last, so that what is reached both ways is reached by its own name.
            links.sort(reverse=True)
            _follow(*links.pop(), folders, finds, accept)


def _read_folder(  # one folder, with all that a walk knows
    real: str,
    shown: str,
    folders: list[tuple[str, str]],
    links: list[tuple[str, str]],
    finds: Finds,
    accept: Callable[[str], bool] | None,
) -> None:
    try:
        with os.scandir(real) as entries:
            for entry in entries:
                name = entry.name
                if name.startswith(".") or name == _OURS:
                    continue
                if entry.is_symlink():
                    links.append((entry.path, shown + name))
                elif entry.is_dir(follow_symlinks=False):
                    folders.append((entry.path, f"{shown}{name}/"))
                elif entry.is_file(follow_symlinks=False) and not _is_report(real, name):
                    _take_entry(entry, shown + name, finds, accept)
                else:
                    # A report of ours, or a pipe, a socket, a device: reading these might never end.
                    finds.skipped.add(entry.path)
    except OSError as error:
        remedy = "the files in it are left out; change its permissions, or do not name it"
        finds.blame(real, error, remedy, is_lost=True)


def _is_report(folder: str, name: str) -> bool:
    """Whether a file is what `newsclean report` writes beside a dataset."""
    return name.endswith(_REPORT) and os.path.isdir(os.path.join(folder, name.removesuffix(_REPORT), _OURS))  # noqa: PTH112, PTH118


def _take_entry(entry: os.DirEntry[str], shown: str, finds: Finds, accept: Callable[[str], bool] | None) -> None:
    path = entry.path
    if entry.name == MANIFEST:
        finds.manifests[os.path.dirname(path)] = path  # noqa: PTH120
    elif path in finds.excluded or (accept is not None and not accept(shown)):
        return
    elif finds.takes(entry.name):
        try:
            status = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            return  # gone since the folder was opened: as if it had never been
        finds.files[path] = Stat(status.st_size, status.st_mtime_ns)
    else:
        finds.skipped.add(path)


def _follow(
    link: str, shown: str, folders: list[tuple[str, str]], finds: Finds, accept: Callable[[str], bool] | None
) -> None:
    real = os.path.realpath(link)
    try:
        status = os.stat(real)  # noqa: PTH116
    except OSError as error:
        finds.blame(link, error, LINK_REMEDY)
        return
    if finds.excludes(real):
        return
    if stat.S_ISDIR(status.st_mode):
        folders.append((real, f"{shown}/"))
    elif os.path.basename(link) == MANIFEST:  # noqa: PTH119
        finds.manifests[os.path.dirname(link)] = link  # noqa: PTH120
    elif accept is not None and not accept(shown):
        return
    elif stat.S_ISREG(status.st_mode) and finds.takes(real):
        finds.files[real] = Stat(status.st_size, status.st_mtime_ns)
    else:
        finds.skipped.add(real)


def _cause(error: OSError) -> str:
    return error.strerror or type(error).__name__
