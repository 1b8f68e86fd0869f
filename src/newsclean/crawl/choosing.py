"""Which of the addresses that sources name are worth asking for, and which of them are known already."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrapy import Request

from newsclean.crawl.discovery import PlaceKind
from newsclean.crawl.state.store import Kind

if TYPE_CHECKING:
    from newsclean.crawl.discovery import Places, Window
    from newsclean.crawl.state.store import SeenRow, State
    from newsclean.model import Moment

__all__ = ["Choice", "as_asked", "later"]

_PLAIN_URL = re.compile(r"https?://[a-z0-9.-]+(?::\d+)?/[A-Za-z0-9._~/=&?;:@,+-]*")
# What may stand at an address for it to be taken from such a source: feeds and sitemaps name pages on purpose.
_TAKEN = {
    Kind.FEED: {PlaceKind.ARTICLE, PlaceKind.UNKNOWN, PlaceKind.LISTING},
    Kind.SITEMAP: {PlaceKind.ARTICLE, PlaceKind.UNKNOWN},
    Kind.LISTING: {PlaceKind.ARTICLE},
    Kind.ARTICLE: {PlaceKind.ARTICLE},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a crawl wants: articles of a site's `places`, published in `window`, in `languages` (all, if none)."""

    places: Places
    window: Window
    languages: tuple[str, ...]

    def refusal(self, url: str | None, source: Kind, published: Moment | None) -> str | None:
        """Return why an address is not taken from such a source, None if it is."""
        if url is None:
            return "no_address"
        kind = self.places.kind(url)
        if kind not in _TAKEN[source] or (kind is not PlaceKind.ARTICLE and self.places.knows_articles(url)):
            return f"no_article/{kind}"
        if self.places.is_front(url):
            return "no_article/listing"
        if not self.is_wanted_language(url):
            return "language"
        return None if self.window.holds(published) else "outside_window"

    def is_wanted_language(self, url: str) -> bool:
        """Tell whether an article is in a language that is wanted, as far as its address says."""
        return not self.languages or (self.places.language(url) or self.languages[0]) in self.languages

    def known(self, address: str, state: State) -> SeenRow | None:
        """Return what is known of a story: by this address, its key, or the address that pages give themselves."""
        seen = state.seen_rows
        row = seen.get(as_asked(address))
        if row is not None:
            return row
        story = self.places.story(address)
        return (seen.of_story(story) if story else None) or seen.of_canonical(address)


def as_asked(url: str) -> str:
    """Return a URL in the form that a request gives it."""
    return url if _PLAIN_URL.fullmatch(url) else Request(url).url


def later(one: Moment | None, other: Moment | None) -> Moment | None:
    """Return the later of two moments, as far as they are known."""
    both = [moment for moment in (one, other) if moment]
    return max(both, key=lambda moment: moment.at) if both else None
