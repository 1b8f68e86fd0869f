"""What a response says by its request and its headers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsclean.crawl.requests import Facts, facts_of
from newsclean.crawl.state.store import Gap, Kind

if TYPE_CHECKING:
    from scrapy.http import Response

__all__ = ["asked_url", "declared_charset", "facts_of_response", "gap_of"]


def facts_of_response(response: Response, kind: Kind) -> Facts:
    """Return what a response's request was for; one that does not say was for a page of this `kind`."""
    facts = facts_of(response.request) if response.request else Facts()
    return replace(facts, kind=kind) if facts.kind is Kind.OTHER else facts


def asked_url(response: Response) -> str:
    """Return the URL that a response is known by: that of its request."""
    return response.request.url if response.request else response.url


def gap_of(facts: Facts, feed: str) -> Gap | None:
    """Return the gap of `feed` that a request was to fill, if it was."""
    return Gap(number=facts.gap, feed=feed, since=facts.gap_since, until=None) if facts.gap else None


def declared_charset(response: Response) -> str | None:
    """Return the charset that the server declares."""
    content_type = response.headers.get("Content-Type") or b""
    label = content_type.decode("latin-1").lower().partition("charset=")[2]
    return label.split(";")[0].strip(" \"'") or None
