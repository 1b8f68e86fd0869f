"""One page to its outcome, whatever happens: the one place where any exception at all is caught."""

from __future__ import annotations

import re
import traceback
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from newsclean.errors import PageError
from newsclean.model import PageFacts, PageOutcome, Reason, Rejection
from newsclean.run.limits import memory_limit
from newsclean.run.pipeline import clean_page, facts_of, rejected
from newsclean.sources import read_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsclean.model import RawPage
    from newsclean.run.options import Limits
    from newsclean.run.pipeline import Toolbox
    from newsclean.sources import ContainedPage, SourceFile

__all__ = ["PageToClean", "Poison", "clean_raw", "page_of", "record_of", "unreadable"]

_PACKAGE: Final = Path(__file__).resolve().parents[1]
_ADDRESS: Final = re.compile(r"\b0x[0-9a-fA-F]+\b")
_MOST_CHARS: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Poison:
    """Why a page must not be cleaned: it stopped or killed a worker; not `may_read`: reading it did already."""

    reason: Reason
    detail: str
    may_read: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PageToClean:
    """A page that is not read yet: what is known of it, and how its bytes are had (`read` raises PageError)."""

    facts: PageFacts
    read: Callable[[], RawPage]

    def cleaned(self, tools: Toolbox, limits: Limits) -> PageOutcome:
        """Read and clean it; a fault in the code that reads it is a `crash`, too much memory is `memory`."""
        raw: RawPage | None = None

        def work() -> PageOutcome:
            nonlocal raw
            raw = self.read()
            return clean_page(raw, tools)

        try:
            outcome = _attempt(work, limits)
        except PageError as error:
            return unreadable(self.facts, error, tools)
        if isinstance(outcome, Poison):
            return _stopped(facts_of(raw) if raw else self.facts, outcome, tools)
        return outcome

    def poisoned(self, poison: Poison, tools: Toolbox) -> PageOutcome:
        """Return the rejection of a page that is not to be cleaned, with the hash of its bytes if it can be had."""
        if not poison.may_read:
            return _stopped(self.facts, poison, tools)
        try:
            return _stopped(facts_of(self.read()), poison, tools)
        except PageError as error:
            return unreadable(self.facts, error, tools)


def page_of(file: SourceFile, limits: Limits, packed: bytes | None = None) -> PageToClean:
    """Return the page that a file is; `packed` are its bytes, where they are read already."""
    facts = PageFacts(
        raw_path=file.raw_path,
        url=file.url,
        media_type=file.media_type,
        status=file.status,
        fetched_at=file.fetched_at,
        labels=file.labels,
    )
    refusal = file.reading.choice.refusal(facts)

    def read() -> RawPage:
        if refusal is not None:
            raise refusal
        return read_page(file, max_bytes=limits.max_page_bytes, packed=packed)

    return PageToClean(facts=facts, read=read)


def record_of(page: ContainedPage, limits: Limits) -> PageToClean:
    """Return the page that is one of an archive's."""
    return PageToClean(facts=page.facts, read=lambda: page.read(max_bytes=limits.max_page_bytes))


def unreadable(facts: PageFacts, error: PageError, tools: Toolbox) -> PageOutcome:
    """Return the rejection of a page whose bytes could not be had."""
    return rejected(facts, error, site=tools.router.site_of_url(facts.url))


def clean_raw(raw: RawPage, tools: Toolbox, limits: Limits) -> PageOutcome:
    """Clean a page that is in memory, as `PageToClean.cleaned` does."""
    outcome = _attempt(lambda: clean_page(raw, tools), limits)
    return _stopped(facts_of(raw), outcome, tools) if isinstance(outcome, Poison) else outcome


def _attempt(work: Callable[[], PageOutcome], limits: Limits) -> PageOutcome | Poison:
    try:
        with memory_limit(limits.max_page_memory_bytes):
            return work()
    except PageError:
        raise
    except MemoryError:
        limit = (limits.max_page_memory_bytes or 0) // 2**20
        return Poison(reason=Reason.MEMORY, detail=f"took more than {limit:,} MiB of memory")
    except Exception as error:  # noqa: BLE001  (no fault of an extractor may end a run)
        return Poison(reason=Reason.CRASH, detail=_crash_detail(error))


def _stopped(facts: PageFacts, poison: Poison, tools: Toolbox) -> PageOutcome:
    outcome = unreadable(facts, PageError(poison.reason, poison.detail), tools)
    return replace(outcome, rejection=Rejection(reason=poison.reason, stage="run", detail=poison.detail))


def _crash_detail(error: Exception) -> str:
    """Say what was raised and where, the same on every machine and in every run."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)]
    last = frames[-1]
    said = _ADDRESS.sub("0x…", f"{type(error).__name__}: {error}")[:_MOST_CHARS]
    place = f"{Path(last.filename).name}:{last.lineno} in {last.name}"
    if ours and ours[-1] is not last:
        within = Path(ours[-1].filename).relative_to(_PACKAGE).as_posix()
        place += f", called from newsclean/{within}:{ours[-1].lineno}"
    return f"{said} ({place})"
