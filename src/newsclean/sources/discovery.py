"""From what a user names to the list of pages: files, folders, patterns; each page once, in a fixed order."""

from __future__ import annotations

import difflib
import fnmatch
import glob
import itertools
import os
import re
import stat
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from newsclean.errors import ConfigError
from newsclean.remote.path import StorePath
from newsclean.sources.choosing import Reading
from newsclean.sources.manifest import ManifestReader
from newsclean.sources.records import NO_FACTS, REMOTE, Discovery, Problem, SourceFile
from newsclean.sources.walking import LINK_REMEDY, MANIFEST, Finds, Stat, suffix_of, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from newsclean.sources.records import ManifestFacts

__all__ = ["discover"]

_WEB = re.compile("https?:/", re.IGNORECASE)
_NEIGHBOURS = 1_000  # among so many names one is sought that was meant
_ANCESTORS = 3  # so many folders above what was named may hold its manifest


def discover(
    paths: Sequence[str], *, base: Path, exclude: Sequence[Path] = (), reading: Reading | None = None
) -> Discovery:
    """Find the pages that `paths` name: files, folders with all below them, and patterns (`*`, `?`, `[..]`, `**`).

    What begins with `s3://` is an object, a prefix or a pattern in an object store, where no manifest is looked for.

    In a folder, hidden files, `exclude` and what is no page by its name are left out; a file that
    is named is always taken. Symbolic links are followed, each real file being one page. A
    `manifest.jsonl` speaks of files below its folder; it is looked for in the folders walked, in a
    named file's own folder and in the three folders above what was named. Where several name a
    file, the nearest counts. JSONL and Parquet files in a folder are taken where `reading` names a
    column of them. Raises `ConfigError` for a path that matches nothing.
    """
    reading = reading or Reading()
    finds = Finds(excluded=frozenset(map(_real, exclude)), takes_tables=reading.takes_tables)
    homes: set[str] = set()
    remote, unseen = _find_remote([path for path in paths if path.startswith(REMOTE)], finds, is_all=len(paths) == 1)
    for path in paths:
        if not path.startswith(REMOTE):
            homes.update(_take(path, finds))
    walked = frozenset(finds.manifests)
    _add_manifests_above(homes, finds)
    raw_path = _namer(base)
    facts, problems = _read_manifests(finds, walked, raw_path)
    files = [
        _source_file(path, status, raw_path(path), facts.get(path, NO_FACTS)) for path, status in finds.files.items()
    ]
    files += [_source_file(address, status, address, NO_FACTS) for address, status in remote.items()]
    if reading != Reading():
        files = [replace(file, reading=reading) for file in files]
    return Discovery(
        files=tuple(sorted(files, key=_by_raw_path)),
        problems=tuple(_named_shortly(finds.problems, raw_path)) + unseen + problems,
        skipped=len(finds.skipped.difference(finds.files)),
    )


def _by_raw_path(file: SourceFile) -> str:
    return file.raw_path


def _find_remote(
    addresses: Sequence[str], finds: Finds, *, is_all: bool
) -> tuple[dict[str, Stat], tuple[Problem, ...]]:
    """Look in object stores; what they do not give is a problem, unless it is all that is asked for."""
    if not addresses:
        return {}, ()
    from newsclean.sources.remote import find_remote  # noqa: PLC0415  # pyarrow

    found: dict[str, Stat] = {}
    problems = []
    for address in addresses:
        try:
            objects = find_remote(address)
        except ConfigError as error:
            if is_all:
                raise
            message = str(error).removeprefix(f"{address}: ")
            problems.append(Problem(where=address, message=message, is_lost=True))
            continue
        for one in objects:
            if any(one.address.startswith(f"{place}/") for place in finds.excluded):
                continue
            name = one.address.rpartition("/")[2]
            if one.address == address or (finds.takes(name) and name != MANIFEST and not name.startswith(".")):
                found[one.address] = Stat(one.size_bytes, one.mtime_ns)
            else:
                finds.skipped.add(one.address)
    return found, tuple(problems)


def _source_file(path: str, status: Stat, raw_path: str, facts: ManifestFacts) -> SourceFile:
    return SourceFile(
        path=Path(path),
        raw_path=raw_path,
        size_bytes=status.size_bytes,
        mtime_ns=status.mtime_ns,
        url=facts.url,
        fetched_at=facts.fetched_at,
        status=facts.status,
        media_type=facts.media_type,
        charset=facts.charset,
        labels=facts.labels,
    )


def _namer(base: Path) -> Callable[[str], str]:
    """Return the function that gives a real path the name by which the dataset knows it."""
    root = _real(base).rstrip(os.sep) + os.sep

    def name(path: str) -> str:
        shown = path.removeprefix(root)
        if os.sep != "/":
            shown = shown.replace(os.sep, "/")
        return shown if shown.isascii() else shown.encode("utf-8", "backslashreplace").decode("utf-8")

    return name


def _real(path: Path) -> str:
    return str(path) if isinstance(path, StorePath) else os.path.realpath(path)


def _named_shortly(problems: Iterable[Problem], raw_path: Callable[[str], str]) -> list[Problem]:
    found = [replace(problem, where=raw_path(problem.where)) for problem in problems]
    return sorted(found, key=lambda problem: (problem.where, problem.message))


def _take(path: str, finds: Finds) -> set[str]:
    """Add what `path` names to `finds`; return the folders in and above which its manifests may lie."""
    try:
        status = os.stat(path)  # noqa: PTH116  (a path as typed: pathlib would mend it)
    except (OSError, ValueError) as error:
        if path and glob.has_magic(path) and not os.path.lexists(path):
            return _take_pattern(path, finds)
        raise ConfigError(_missing(path, error)) from error
    real = finds.real_path(path)
    if finds.excludes(real):
        raise ConfigError(f"{path}: this lies in the dataset, which is no source; name where the raw pages lie")
    return _take_named(path, real, status, finds)


def _take_named(path: str, real: str, status: os.stat_result, finds: Finds) -> set[str]:
    homes = {os.path.realpath(os.path.dirname(path))} if os.path.islink(path) else set()  # noqa: PTH114, PTH120
    if stat.S_ISDIR(status.st_mode):
        walk(real, finds)
        return {real, *homes}
    if not stat.S_ISREG(status.st_mode):
        message = "neither a file nor a folder (a pipe, a socket or a device), left out: save it to a file first"
        finds.problems.append(Problem(where=path, message=message))
    elif os.path.basename(path) != MANIFEST:  # noqa: PTH119  (one that a shell's `*` named)
        finds.files[real] = Stat(status.st_size, status.st_mtime_ns)
    return {os.path.dirname(real), *homes}  # noqa: PTH120


def _take_pattern(pattern: str, finds: Finds) -> set[str]:
    found = Finds(excluded=finds.excluded, takes_tables=finds.takes_tables)
    if "**" in Path(pattern).parts:
        homes = _take_deep_pattern(pattern, found)
    else:
        homes = set[str]().union(*(_take_match(match, found) for match in sorted(glob.iglob(pattern))))  # noqa: PTH207
    if not (homes or found.files or found.skipped or found.problems):
        raise ConfigError(f"{pattern}: no file or folder matches; looked from {Path.cwd()}")
    asked = [path for path in found.skipped if pattern.lower().endswith(suffix_of(path))]
    for path in asked:
        _take_named(path, path, os.stat(path), found)  # noqa: PTH116
    finds.add(found)
    return homes


def _take_match(match: str, found: Finds) -> set[str]:
    real = os.path.realpath(match)
    try:
        status = os.stat(real)  # noqa: PTH116
    except OSError as error:
        found.blame(match, error, LINK_REMEDY)
        return set()
    if found.excludes(real):
        return set()
    if stat.S_ISREG(status.st_mode) and os.path.basename(match) != MANIFEST and not found.takes(real):  # noqa: PTH119
        found.skipped.add(real)
        return {os.path.dirname(real)}  # noqa: PTH120
    return _take_named(match, real, status, found)


def _take_deep_pattern(pattern: str, found: Finds) -> set[str]:
    """Take a pattern with `**`: Python's own glob goes round symbolic link loops 2 to the 40th times."""
    parts = Path(pattern).parts
    fixed = next(at for at, part in enumerate(parts) if glob.has_magic(part))
    root = os.path.realpath(Path(*parts[:fixed]))
    if os.path.isdir(root):  # noqa: PTH112
        walk(root, found, accept=_matcher(parts[fixed:]))
    return {os.path.dirname(path) for path in found.files}  # noqa: PTH120


def _matcher(parts: Sequence[str]) -> Callable[[str], bool]:
    """Return the test whether a path, or a folder that it lies in, matches `parts`; `**` is any folders or none."""
    steps = [None if part == "**" else re.compile(fnmatch.translate(part)) for part in parts]

    def is_matched(path: str) -> bool:
        places = _skipping({0}, steps)
        for name in path.split("/"):
            places = _skipping(_moved(places, name, steps), steps)
            if len(steps) in places:
                return True
        return False

    return is_matched


def _moved(places: set[int], name: str, steps: Sequence[re.Pattern[str] | None]) -> set[int]:
    moved = set()
    for place in places.difference((len(steps),)):
        step = steps[place]
        if step is None:
            moved.add(place)
        elif step.match(name):
            moved.add(place + 1)
    return moved


def _skipping(places: set[int], steps: Sequence[re.Pattern[str] | None]) -> set[int]:
    for place in sorted(places):
        at = place
        while at < len(steps) and steps[at] is None:
            at += 1
            places.add(at)
    return places


def _missing(path: str, error: Exception) -> str:
    """Say what was looked for, where, and what is there that has nearly the same name."""
    if _WEB.match(path):
        return f"{path}: no page is fetched here; save it to a file, or let `newsclean crawl` archive the site"
    if isinstance(error, FileNotFoundError | NotADirectoryError) and path:
        folder = os.path.dirname(os.path.abspath(path))  # noqa: PTH100, PTH120
        try:
            names = [entry.name for entry in itertools.islice(os.scandir(folder), _NEIGHBOURS)]
        except OSError:
            names = []
        near = difflib.get_close_matches(os.path.basename(path), names, n=1)  # noqa: PTH119
        remedy = f'did you mean "{os.path.join(os.path.dirname(path), near[0])}"?' if near else f"looked in {folder}"  # noqa: PTH118, PTH120
        return f"{path}: no such file or folder; {remedy}"
    cause = error.strerror if isinstance(error, OSError) else str(error)
    return f"{path!r}: cannot be opened: {cause or 'no path'}; name a file, a folder or a pattern"


def _add_manifests_above(homes: Iterable[str], finds: Finds) -> None:
    """Look for manifests in `homes` and in the folders above them."""
    looked: set[str] = set()
    for home in homes:
        folder = home
        for _ in range(_ANCESTORS + 1):
            if folder not in looked and folder not in finds.manifests:
                looked.add(folder)
                path = os.path.join(folder, MANIFEST)  # noqa: PTH118
                if os.path.isfile(path):  # noqa: PTH113
                    finds.manifests[folder] = path
            folder = os.path.dirname(folder)  # noqa: PTH120


def _read_manifests(
    finds: Finds, walked: frozenset[str], raw_path: Callable[[str], str]
) -> tuple[dict[str, ManifestFacts], tuple[Problem, ...]]:
    """Read the nearest manifests last, so that their word counts; those above the walk must concern it."""
    facts: dict[str, ManifestFacts] = {}
    problems: list[Problem] = []
    for folder in sorted(finds.manifests, key=lambda folder: (folder.count(os.sep), folder)):
        path = finds.manifests[folder]
        reader = ManifestReader(folder=folder, where=raw_path(path), files=finds.files, is_whole=folder in walked)
        found, trouble = reader.read(path)
        if found or folder in walked:
            facts.update(found)
            problems.extend(trouble)
    return facts, tuple(problems)
