"""What a shard is made of: its outcomes, its sources and what it carries over, counted both ways."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from newsclean.dataset.record import storable
from newsclean.errors import DatasetError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsclean.dataset.form import Form
    from newsclean.dataset.record import PartRecord, SourceRecord
    from newsclean.model import PageOutcome

_CHUNK_PAGES: Final = 256
_CHUNK_CHARS: Final = 2**25


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """Rows of a committed shard that stay, as rows of another: those of the raw files in `raw_paths`.

    `is_current`: cleaning them again would give the same rows; otherwise the next run does so.
    """

    shard_id: str
    raw_paths: frozenset[str]
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """The rows of a shard, written in that form and not committed yet; the sources in order."""

    shard_id: str
    parts: dict[str, tuple[PartRecord, ...]]
    sources: tuple[SourceRecord, ...]
    form: Form


@dataclass(slots=True)
class Tally:
    """Counts the outcomes of one shard as they pass, a raw file at a time."""

    shard_id: str
    seen: set[tuple[str, int | None]] = field(default_factory=set)
    counts: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    def add(self, outcome: PageOutcome) -> None:
        """Count one outcome; the same page twice is a DatasetError."""
        key = (storable(outcome.page.raw_path), outcome.page.raw_offset)
        if key in self.seen:
            raise self._error(f"{_place(key)} comes twice")
        self.seen.add(key)
        pages, articles, rejections = self.counts.get(key[0], (0, 0, 0))
        rejected = int(outcome.rejection is not None)
        self.counts[key[0]] = (pages + 1, articles + len(outcome.articles), rejections + rejected)

    def check(self, sources: Iterable[SourceRecord]) -> None:
        """Raise DatasetError unless `sources` and the outcomes tell the same counts."""
        told: dict[str, tuple[int, int, int]] = {}
        keys = set()
        for source in sources:
            if source.key in keys:
                raise self._error(f"{source.raw_path} is listed twice")
            keys.add(source.key)
            told[source.raw_path] = summed(told.get(source.raw_path), source)
        for raw_path in told | self.counts:
            stated, counted = told.get(raw_path), self.counts.get(raw_path, (0, 0, 0))
            if stated != counted:
                told_as = "is not listed" if stated is None else f"is listed with {_counts(stated)}"
                raise self._error(f"{raw_path} {told_as}, its outcomes are {_counts(counted)}")

    def _error(self, message: str) -> DatasetError:
        return DatasetError(f"shard {self.shard_id}: {message}; nothing of the shard was written")


def in_chunks(outcomes: Iterable[PageOutcome], tally: Tally) -> Iterator[list[PageOutcome]]:
    """Yield the outcomes, counted, in lists that are small enough to turn into columns at once."""
    chunk: list[PageOutcome] = []
    size = 0
    for outcome in outcomes:
        tally.add(outcome)
        chunk.append(outcome)
        size += sum(len(article.body) for article in outcome.articles) + outcome.removed_chars
        if len(chunk) >= _CHUNK_PAGES or size >= _CHUNK_CHARS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def summed(counts: tuple[int, int, int] | None, source: SourceRecord) -> tuple[int, int, int]:
    """Return `counts` (pages, articles, rejections) with those of a source added."""
    pages, articles, rejections = counts or (0, 0, 0)
    return pages + source.pages, articles + source.articles, rejections + source.rejections


def stored_sources(sources: Iterable[SourceRecord]) -> tuple[SourceRecord, ...]:
    """Return the sources by path, as they can be stored."""
    return tuple(sorted(map(_stored, sources), key=lambda source: source.key))


def _stored(source: SourceRecord) -> SourceRecord:
    raw_path = storable(source.raw_path)
    return source if raw_path == source.raw_path else replace(source, raw_path=raw_path)


def _counts(counts: tuple[int, int, int]) -> str:
    return "{} pages, {} articles, {} rejections".format(*counts)


def _place(key: tuple[str, int | None]) -> str:
    return key[0] if key[1] is None else f"{key[0]} at byte {key[1]}"
