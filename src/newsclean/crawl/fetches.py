"""What a response means for what is known of its URL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsclean.crawl.delta import Fetch, Revisits, payload_sha256, seen_after
from newsclean.crawl.requests import facts_of

if TYPE_CHECKING:
    import datetime as dt

    from scrapy.http import Response
    from scrapy.settings import BaseSettings

    from newsclean.crawl.state.store import Place, SeenRow

__all__ = ["fetch_row", "revisits_of"]


def revisits_of(settings: BaseSettings) -> Revisits:
    """Return the schedule of visits that the settings ask for."""
    text = settings.get("NEWSCLEAN_REVISIT")
    return Revisits() if text is None else Revisits.of_text(text)


def fetch_row(
    response: Response,
    *,
    before: SeenRow | None,
    revisits: Revisits,
    fetched_at: dt.datetime,
    place: Place | None = None,
) -> SeenRow:
    """Return the row that a response (as served, its content coding not yet undone) makes of its URL's, `before`."""
    request = response.request
    if request is None:
        raise ValueError(f"{response.url}: a response without its request")
    facts = facts_of(request)
    coding = _header(response, "Content-Encoding")
    fetch = Fetch(
        url=request.url,
        kind=facts.kind,
        status=response.status,
        fetched_at=fetched_at,
        etag=_header(response, "ETag"),
        last_modified=_header(response, "Last-Modified"),
        sha256=payload_sha256(response.body, coding),
        story_key=facts.story,
        published_at=facts.published_at,
        found_in=facts.found_in,
        place=place,
    )
    return seen_after(fetch, before, revisits)


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
