"""A large archive is cleaned in parts: which of them are committed, and what is missing between."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from newsclean.sources import Stretch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.dataset import SourceRecord
    from newsclean.sources import SourceFile

__all__ = ["are_in_line", "gaps", "is_touched", "part_of"]


def is_touched(file: SourceFile, source: SourceRecord) -> bool:
    """Tell whether a file has another size or time than when it was cleaned."""
    return (file.size_bytes, file.mtime_ns) != (source.size_bytes, source.mtime_ns)


def part_of(file: SourceFile, source: SourceRecord) -> SourceFile:
    """Return the part of a file that a committed source is."""
    if source.start == 0 and source.end is None:
        return file
    stretch = Stretch(start=source.start, end=source.end, entry=source.entry, pages=source.pages, sha256=source.sha256)
    return replace(file, stretch=stretch)


def are_in_line(sources: Sequence[SourceRecord]) -> bool:
    """Tell whether parts of one file, by place, were cut from the same bytes and none lies over another."""
    pairs = pairwise(sources)
    return all(one.end is not None and one.end <= other.start and one.sha256 == other.sha256 for one, other in pairs)


def gaps(file: SourceFile, sources: Sequence[SourceRecord]) -> list[SourceFile]:
    """Return the parts of a file that lie between, before and behind those that are committed."""
    found = []
    at, entry = 0, 0
    for source in sources:
        if source.start > at:
            found.append(Stretch(start=at, end=source.start, entry=entry, sha256=source.sha256))
        if source.end is None:
            break
        # Where reading has to begin for what comes next is not known; from here on it is on the way.
        at, entry = source.end, source.entry
    else:
        found.append(Stretch(start=at, entry=entry, sha256=sources[-1].sha256))
    return [replace(file, stretch=stretch) for stretch in found]
