"""The requests that a spider makes: for sources, and for the articles in them that are worth fetching."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scrapy import Request

from newsclean.crawl.choosing import later
from newsclean.crawl.delta import conditional_headers, reason_to_fetch
from newsclean.crawl.requests import FACTS, Facts
from newsclean.crawl.state.store import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsclean.crawl.choosing import Choice
    from newsclean.crawl.state.store import Gap, SeenRow, State
    from newsclean.model import Moment

__all__ = ["Asking"]

_PRIORITY = {Kind.FEED: 40, Kind.SITEMAP: 30, Kind.LISTING: 20, Kind.ARTICLE: 0}
_NOT_MODIFIED = 304


@dataclass(kw_only=True)
class Asking:
    """Makes the requests of one crawl, answered by `callbacks`; why one is not made is counted by `count`.

    `limit` is how many articles may be asked for, `crawl` the crawl's number in the state. Known articles are
    asked for again with `revisits`; sources are asked conditionally if all they had was taken (`is_conditional`).
    """

    choice: Choice
    state: State
    callbacks: Mapping[Kind, Callable[..., Any]]
    count: Callable[[str], None]
    crawl: int
    limit: int | None
    revisits: bool
    is_conditional: bool

    def source(
        self, url: str, kind: Kind, *, page: int = 1, found_in: str | None = None, gap: Gap | None = None
    ) -> Request:
        """Return the request for a feed, sitemap or listing; for a gap it is asked again, and in full."""
        facts = Facts(
            kind=kind, page=page, found_in=found_in, gap=gap.number if gap else 0, gap_since=gap.since if gap else None
        )
        return self._request(url, facts, is_conditional=gap is None and self.is_conditional, again=gap is not None)

    def _request(self, url: str, facts: Facts, *, is_conditional: bool, again: bool = False) -> Request:
        request = Request(
            url,
            callback=self.callbacks[facts.kind],
            priority=_PRIORITY[facts.kind],
            meta={FACTS: facts.meta()},
            dont_filter=again,
        )
        headers = conditional_headers(self.state.seen(request.url)) if is_conditional else {}
        if headers:
            request.headers.update(headers)
            request.meta["handle_httpstatus_list"] = [_NOT_MODIFIED]
        return request

    def article(
        self,
        url: str,
        source: Facts,
        *,
        found_in: str,
        published: Moment | None = None,
        modified: Moment | None = None,
    ) -> Request | None:
        """Return the request for an article that a source names, None (and the reason counted) if it is not wanted."""
        address = self.choice.places.clean(url)
        published = published or (self.choice.places.published(address) if address else None)
        refusal = self.choice.refusal(address, source.kind, published)
        if address is None or refusal:
            self.count(f"skipped/{refusal or 'no_address'}")
            return None
        row = self.choice.known(address, self.state)
        why = reason_to_fetch(row, now=self.state.clock(), modified=later(published, modified))
        if why is None or (row is not None and not self.revisits):
            self.count("skipped/known")
            return None
        if why == "new" and not self._has_room():
            return None
        if source.gap:
            self.state.fill_gap(source.gap, source=found_in, articles=1)
        return self.known(row.url if row else address, row, found_in=found_in, why=why, published=published)

    def _has_room(self) -> bool:
        if self.limit is None:
            return True
        if self._taken >= self.limit:
            if self._taken == self.limit:
                self.state.begin()
                self.state.crawls.set_limited(self.crawl)
                self._taken += 1  # noted
            self.count("skipped/limit")
            return False
        self._taken += 1
        return True

    @cached_property
    def _taken(self) -> int:
        """How many articles this crawl has asked for already, before it was cut."""
        return self.state.frontier.count_kind(Kind.ARTICLE)

    def known(
        self, url: str, row: SeenRow | None, *, found_in: str | None, why: str, published: Moment | None = None
    ) -> Request:
        """Return the request for an article that is wanted, `why` being counted."""
        self.count(f"asked/{why}")
        at = published.at if published else row.published_at if row else None
        facts = Facts(kind=Kind.ARTICLE, story=self.choice.places.story(url), published_at=at, found_in=found_in)
        return self._request(url, facts, is_conditional=True)
