"""What archives hold, as pages: the names and sizes of files in them, what is made of each, and of what is broken."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from newsclean.errors import Reason, UnreadablePage
from newsclean.model import PageFacts
from newsclean.sources.contained import StoredPage
from newsclean.sources.reading import unpacked

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsclean.errors import PageError
    from newsclean.sources.records import SourceFile

__all__ = ["broken_page", "check_size", "has_hostile_name", "member_page"]


def has_hostile_name(name: str) -> UnreadablePage | None:
    """Return the refusal of a name that leads out of its archive, None for any other."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or "\x00" in name:
        return UnreadablePage(Reason.UNREADABLE, f"refused: the name {name[:200]!r} leads out of the archive")
    return None


def check_size(size_bytes: int, max_bytes: int) -> None:
    """Raise UnreadablePage for a page that is larger than it may be."""
    if size_bytes > max_bytes:
        raise UnreadablePage(Reason.TOO_LARGE, f"{size_bytes:,} bytes; allowed are {max_bytes:,}")


def broken_page(file: SourceFile, offset: int, detail: str, *, source: str) -> StoredPage:
    """Return the rejection that stands at a place of an archive for all that cannot be read there."""
    facts = PageFacts(raw_path=file.raw_path, raw_offset=offset, source=source, labels=file.labels)
    return StoredPage(facts=facts, refusal=UnreadablePage(Reason.BROKEN_ARCHIVE, detail))


def member_page(
    file: SourceFile,
    offset: int,
    name: str,
    *,
    source: str,
    take: Callable[[int], bytes],
    refusal: PageError | None,
) -> StoredPage:
    """Return the page that a member is; its name is kept as the label `member`."""
    facts = PageFacts(raw_path=file.raw_path, raw_offset=offset, source=source, labels=(*file.labels, ("member", name)))

    def body(max_bytes: int) -> bytes:
        found = unpacked(take(max_bytes), max_bytes)
        if not found:
            raise UnreadablePage(Reason.EMPTY, "the member has no bytes")
        return found

    return StoredPage(facts=facts, take=body, refusal=refusal)
