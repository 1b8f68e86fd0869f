"""What every kind of archive gives: pages that are read one by one, and marks by which it can be split."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from newsclean.model import PageFacts, RawPage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsclean.errors import PageError

__all__ = ["Archive", "ContainedPage", "Mark", "StoredPage", "raw_page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place where a stretch may begin: the page at `start`, come by from `entry`.

    Up to the next mark there are `pages` pages of `size_bytes` unpacked.
    """

    start: int
    entry: int
    size_bytes: int
    pages: int


class ContainedPage(Protocol):
    """One page of an archive: what is known of it, and its bytes on demand."""

    @property
    def facts(self) -> PageFacts:
        """What its archive says of it."""

    def read(self, *, max_bytes: int) -> RawPage:
        """Return the page with its bytes, unpacked; raises `PageError`."""


class Archive(Protocol):
    """A file of many pages; `sha256` is that of the file, once all its pages or all its marks have been drawn."""

    sha256: str | None

    def pages(self) -> Iterator[ContainedPage | None]:
        """Yield the pages of the file's stretch, in order; None is a sign of life. Raises `UnreadablePage`."""

    def marks(self) -> Iterator[Mark | None]:
        """Yield where the file can be split, from the stretch's entry on, in order. Raises `UnreadablePage`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPage:
    """A page whose bytes `take(max_bytes)` returns, or which is refused."""

    facts: PageFacts
    take: Callable[[int], bytes] | None = None
    refusal: PageError | None = None

    def read(self, *, max_bytes: int) -> RawPage:
        """Return the page; raises `PageError`."""
        if self.refusal is not None:
            raise self.refusal
        assert self.take is not None
        return raw_page(self.facts, self.take(max_bytes))


def raw_page(facts: PageFacts, body: bytes) -> RawPage:
    """Return the page of which `facts` are known and that has these bytes."""
    return RawPage(
        body=body,
        raw_path=facts.raw_path,
        raw_offset=facts.raw_offset,
        url=facts.url,
        media_type=facts.media_type,
        charset=facts.charset,
        status=facts.status,
        fetched_at=facts.fetched_at,
        source=facts.source,
        labels=facts.labels,
    )
