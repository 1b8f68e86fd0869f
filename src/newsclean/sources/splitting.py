"""Cut a large archive into stretches of much the same work, at places where its reader may begin.

The places come from reading the archive itself, so that pages are the same however it is cut; and
they depend on nothing but its content.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from newsclean.errors import PageError
from newsclean.sources.archives import archive_of
from newsclean.sources.records import Stretch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from newsclean.sources.contained import Mark
    from newsclean.sources.records import SourceFile

__all__ = ["is_worth_splitting", "split"]

_SMALL_BYTES: Final = 1 << 20
# What a page costs besides its bytes, as so many bytes more.
_PAGE_WEIGHT: Final = 30_000
# A worker has so much in work for half a minute to two, and its rows in memory.
_MOST_WEIGHT: Final = 240_000_000
_LEAST_WEIGHT: Final = 24_000_000
_PIECES: Final = 16
_GRAIN: Final = 1_000_000


@dataclass(slots=True)
class _Grain:
    """Some marks taken together: where the first lies, and what all weigh."""

    start: int
    entry: int
    weight: int = 0
    pages: int = 0


def is_worth_splitting(file: SourceFile) -> bool:
    """Tell whether a file is so large that it may be more work than one worker should get."""
    return file.size_bytes >= _SMALL_BYTES


def split(
    file: SourceFile, *, max_bytes: int, should_stop: Callable[[], bool] = lambda: False
) -> tuple[SourceFile, ...]:
    """Return the file's stretch in parts that are much the same work, in order; itself where it is a page or small.

    Reads the archive once. `should_stop` is asked meanwhile: then the file is left as it is, as is
    one that cannot be read to its end.
    """
    archive = archive_of(file, max_bytes=max_bytes)
    if archive is None:
        return (file,)
    try:
        grains = list(_grains(archive.marks(), file.stretch, should_stop))
    except PageError:
        return (file,)
    if should_stop():
        return (file,)
    heads = list(_heads(grains))
    found = list(_stretches(heads, file.stretch, archive.sha256))
    return tuple(replace(file, stretch=stretch) for stretch in found) or (file,)


def _grains(marks: Iterator[Mark | None], stretch: Stretch, should_stop: Callable[[], bool]) -> Iterator[_Grain]:
    grain: _Grain | None = None
    for mark in marks:
        if should_stop() or (mark and stretch.ends_before(mark.start)):
            break
        if mark is None or not stretch.has(mark.start):
            continue
        if grain is None or grain.weight >= _GRAIN:
            if grain is not None:
                yield grain
            grain = _Grain(mark.start, mark.entry)
        grain.weight += mark.size_bytes + _PAGE_WEIGHT * mark.pages
        grain.pages += mark.pages
    if grain is not None:
        yield grain


def _heads(grains: Sequence[_Grain]) -> Iterator[_Grain]:
    """Yield the grains put together to stretches."""
    total = sum(grain.weight for grain in grains)
    most = min(_MOST_WEIGHT, max(_LEAST_WEIGHT, total // _PIECES))
    head: _Grain | None = None
    for grain in grains:
        if head is not None and head.weight + grain.weight <= most:
            head.weight += grain.weight
            head.pages += grain.pages
            continue
        if head is not None:
            yield head
        head = replace(grain)
    if head is not None:
        yield head


def _stretches(heads: Sequence[_Grain], whole: Stretch, sha256: str | None) -> Iterator[Stretch]:
    for number, head in enumerate(heads):
        is_first, is_last = number == 0, number == len(heads) - 1
        yield Stretch(
            # What lies before the first mark, be it damaged, belongs to the first stretch.
            start=whole.start if is_first else head.start,
            end=whole.end if is_last else heads[number + 1].start,
            entry=whole.entry if is_first and head.start != whole.start else head.entry,
            pages=head.pages,
            sha256=sha256 or whole.sha256,
        )
