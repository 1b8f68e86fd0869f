"""What the rows of one run come to, by site and layout: figures small enough to be remembered for years."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

__all__ = ["FIELDS", "LayoutMeasures", "Measures", "Sample", "SiteMeasures"]

# What a column must be to count as filled: there and not empty; see `measuring`.
FIELDS: Final = (
    "title",
    "standfirst",
    "authors",
    "published_at",
    "section",
    "topics",
    "captions",
    "agency",
    "dateline",
    "place",
    "language",
    "confident",
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A page to look at; `str` gives the raw file, and the byte in it where it is an archive."""

    raw_path: str
    raw_offset: int | None = None

    def __str__(self) -> str:
        return self.raw_path if self.raw_offset is None else f"{self.raw_path} at byte {self.raw_offset}"


@dataclass(slots=True, kw_only=True)
class LayoutMeasures:
    """The articles of one site that were read by one layout (`html:2019`, `generic:html`).

    `filled` counts the articles with a value in each of FIELDS, `languages` them by language.
    `log_chars` and `log_chars_squared` are sums over the natural logarithms of body lengths.
    """

    articles: int = 0
    filled: dict[str, int] = field(default_factory=dict)
    languages: dict[str, int] = field(default_factory=dict)
    log_chars: float = 0.0
    log_chars_squared: float = 0.0

    def add(self, other: LayoutMeasures) -> None:
        """Add the figures of `other`."""
        self.articles += other.articles
        for mine, more in ((self.filled, other.filled), (self.languages, other.languages)):
            for name, count in more.items():
                mine[name] = mine.get(name, 0) + count
        self.log_chars += other.log_chars
        self.log_chars_squared += other.log_chars_squared

    @property
    def mean_log_chars(self) -> float:
        """Mean logarithm of body lengths."""
        return self.log_chars / max(self.articles, 1)

    @property
    def spread_log_chars(self) -> float:
        """Standard deviation of the logarithms of body lengths."""
        mean = self.mean_log_chars
        return math.sqrt(max(0.0, self.log_chars_squared / max(self.articles, 1) - mean * mean))


@dataclass(slots=True, kw_only=True)
class SiteMeasures:
    """One site in one run.

    `pages` leaves out what is no page of a story by its nature: answers without a body (not
    modified, redirects), feeds, robots.txt. `with_articles` of them gave `articles`, `reasons` counts
    the others. `fallback` articles were read by a generic extractor although the site has a profile,
    `future` ones are dated after they were fetched, `repeated` ones have a body that at least one
    other address has too (the most frequent one), and `identical` pages the same bytes as others.
    """

    pages: int = 0
    with_articles: int = 0
    articles: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    fallback: int = 0
    future: int = 0
    repeated: int = 0
    identical: int = 0
    layouts: dict[str, LayoutMeasures] = field(default_factory=dict)

    @property
    def whole(self) -> LayoutMeasures:
        """All layouts together."""
        total = LayoutMeasures()
        for layout in self.layouts.values():
            total.add(layout)
        return total


@dataclass(slots=True, kw_only=True)
class Measures:
    """All sites of a run. `samples` are some pages for each thing that may be found wrong; they are not remembered."""

    sites: dict[str, SiteMeasures] = field(default_factory=dict)
    samples: dict[tuple[str, ...], list[Sample]] = field(default_factory=dict)

    @property
    def articles(self) -> int:
        """Articles of all sites."""
        return sum(site.articles for site in self.sites.values())

    @property
    def pages(self) -> int:
        """Pages of all sites."""
        return sum(site.pages for site in self.sites.values())
