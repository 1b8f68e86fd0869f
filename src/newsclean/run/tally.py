"""What became of pages, counted: by site, by reason, by strategy, and the pages that had bad luck."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from newsclean.errors import RunError
from newsclean.model import Reason
from newsclean.sources import foreign_suffix

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsclean.model import PageOutcome

__all__ = ["NO_SITE", "POISON_REASONS", "TROUBLE_REASONS", "SiteCount", "Tally", "Trouble"]

NO_SITE: Final = "(no site)"

# The run, not the page alone, decided these: they are not tried again before something changes.
POISON_REASONS: Final = frozenset({Reason.TIMEOUT, Reason.MEMORY, Reason.CRASH})
# What somebody should look at.
TROUBLE_REASONS: Final = POISON_REASONS | {
    *(Reason.UNREADABLE, Reason.VANISHED, Reason.TOO_LARGE),
    *(Reason.BROKEN_COMPRESSION, Reason.BROKEN_ARCHIVE),
}
_OF_ANOTHER_TRADE: Final = frozenset({Reason.MEDIA_TYPE, Reason.BINARY})
_MOST_TROUBLES: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A page that could not be read, crashed, took too much time or memory, or is a named file that is none."""

    raw_path: str
    reason: str
    detail: str


@dataclass(slots=True)
class SiteCount:
    """Pages of one site, the articles they gave and how many were rejected."""

    pages: int = 0
    articles: int = 0
    rejections: int = 0

    def add(self, other: SiteCount) -> None:
        """Add the counts of `other`."""
        self.pages += other.pages
        self.articles += other.articles
        self.rejections += other.rejections


@dataclass(slots=True)
class Tally:
    """Counts of outcomes and of the files they are from.

    `with_articles` are the pages that gave at least one, `troubles` the first hundred.
    """

    total: SiteCount = field(default_factory=SiteCount)
    files: int = 0
    with_articles: int = 0
    by_site: dict[str, SiteCount] = field(default_factory=dict)
    by_reason: Counter[str] = field(default_factory=Counter)
    by_strategy: Counter[str] = field(default_factory=Counter)
    trouble_count: int = 0
    troubles: list[Trouble] = field(default_factory=list)

    def count(self, outcome: PageOutcome) -> None:
        """Count one page."""
        one = SiteCount(1, len(outcome.articles), int(outcome.rejection is not None))
        self.total.add(one)
        self.by_site.setdefault(outcome.site or NO_SITE, SiteCount()).add(one)
        self.with_articles += bool(outcome.articles)
        if outcome.articles:
            self.by_strategy[f"{outcome.extractor} {outcome.strategy}"] += 1
        if outcome.rejection is not None:
            self.by_reason[str(outcome.rejection.reason)] += 1
            if outcome.rejection.reason in TROUBLE_REASONS or _is_of_another_trade(outcome):
                rejection = outcome.rejection
                trouble = Trouble(raw_path=outcome.page.raw_path, reason=str(rejection.reason), detail=rejection.detail)
                self._keep(1, [trouble])

    def add(self, other: Tally) -> None:
        """Add the counts of `other`."""
        self.total.add(other.total)
        self.files += other.files
        self.with_articles += other.with_articles
        for site, count in other.by_site.items():
            self.by_site.setdefault(site, SiteCount()).add(count)
        self.by_reason.update(other.by_reason)
        self.by_strategy.update(other.by_strategy)
        self._keep(other.trouble_count, other.troubles)

    def check(self, *, planned: int) -> None:
        """Raise RunError unless each of the `planned` files was read and each page in them came to one end."""
        pages, rejections = self.total.pages, self.total.rejections
        if self.files != planned or pages != self.with_articles + rejections:
            raise RunError(
                f"the counts do not add up: {planned} files were to be read, {self.files} were; of {pages} pages in "
                f"them {self.with_articles} gave articles and {rejections} were rejected; this is a fault of "
                "newsclean: check with `newsclean verify`"
            )

    def _keep(self, count: int, troubles: Iterable[Trouble]) -> None:
        self.trouble_count += count
        self.troubles.extend(troubles)
        del self.troubles[_MOST_TROUBLES:]


def _is_of_another_trade(outcome: PageOutcome) -> bool:
    """Tell whether a file was rejected that no folder gives, so that somebody must have named it for a page."""
    page, rejection = outcome.page, outcome.rejection
    if rejection is None or page.raw_offset is not None or page.media_type is not None:
        return False
    return rejection.reason in _OF_ANOTHER_TRADE and foreign_suffix(page.raw_path) is not None
