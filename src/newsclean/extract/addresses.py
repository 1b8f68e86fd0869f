"""What URLs say: the host, the path that profiles match, and the URL that a page gives itself."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsclean.model import PageKind

if TYPE_CHECKING:
    from newsclean.page import PageView

__all__ = ["host_of", "page_url", "stated_url", "url_path"]


def host_of(url: str | None) -> str:
    """Return the host of a URL in lower case without `www.`, or the empty string."""
    try:
        host = urlsplit(url).hostname if url else None
    except ValueError:
        return ""
    return (host or "").removeprefix("www.").rstrip(".")


def url_path(url: str | None) -> str:
    """Return the path (with query) that a profile's URL patterns are matched against."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def stated_url(view: PageView) -> str | None:
    """Return the URL that a page's markup gives itself: link rel=canonical, else og:url."""
    for link in view.elements.get("link", ()):
        if (link.get("rel") or "").lower() == "canonical" and host_of(link.get("href")):
            return str(link.get("href")).strip()
    stated = view.meta.get("og:url")
    return stated if host_of(stated) else None


def page_url(view: PageView) -> str | None:
    """Return the URL that a page was fetched from, else the one it gives itself."""
    return view.raw.url or (stated_url(view) if view.kind is PageKind.HTML else None)
