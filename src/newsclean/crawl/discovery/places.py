"""What a URL is: an article, a listing, or neither. A site's profile decides, else the look of the URL."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from newsclean.cleaning.publishing import canonical, registered_domain
from newsclean.crawl.discovery.dates import read_when
from newsclean.extract.addresses import host_of, url_path
from newsclean.extract.routing import load_router

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from newsclean.extract.profile import Profile
    from newsclean.extract.routing import Router
    from newsclean.extract.site import SiteExtractor
    from newsclean.model import Moment

__all__ = ["PlaceKind", "Places", "load_places"]

# The look of an article's URL where no profile knows the site: a number, a date, a long slug.
_NUMBER = re.compile(r"(?:^|[^\d])\d{4,}(?:\D|$)|[0-9a-f]{16,}", re.IGNORECASE)
_DAY = re.compile(
    r"/(?P<year>20\d\d|19\d\d)[/_-]?(?P<month>0[1-9]|1[0-2])[/_-]?(?P<day>0[1-9]|[12]\d|3[01])(?=[/_.-]|\d*/|$)"
)
_MONTH_FOLDER = re.compile(r"/20\d\d/[01]?\d/(?:[0-3]?\d/)?[^/]+")
_NUMBERED_QUERY = re.compile(
    r"(?:^|&)(?:\w*id|article|news|story|item)=\d+(?:&|$)|(?:^|&)[pa]=\d{3,}(?:&|$)", re.IGNORECASE
)
_MIN_SLUG_WORDS = 4
_HOSTS_KEPT = 4_096
_NO_ARTICLE = re.compile(
    r"(?:^|/)(?:tags?|categor(?:y|ies)|topics?|authors?|people|search|login|signin|signup|register|subscribe|account"
    r"|feeds?|rss|about|contacts?|privacy|terms|advertis\w+|help|faq|jobs|newsletters?|archives?|wp-admin|wp-json"
    r"|comments?|share|print|email|cdn-cgi|page)(?:/|$)|(?:^|/)(?:index|default|page[_-]?\d+|list[_-]?\d*|node_\d+)\.\w+$",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|ico|css|js|json|xml|rss|atom|pdf|docx?|xlsx?|pptx?|zip|gz|rar|7z|mp[34]|m4[av]|avi|mov"
    r"|webm|wav|ogg|apk|exe|dmg|txt|ics|woff2?)$",
    re.IGNORECASE,
)


class PlaceKind(StrEnum):
    """What stands at a URL, as far as the URL says."""

    ARTICLE = "article"
    LISTING = "listing"
    OTHER = "other"
    UNKNOWN = "unknown"


class Places:
    """Reads URLs by the profiles of sites."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._by_host: dict[str, SiteExtractor | None] = {}
        self._names: dict[str, str] = {}

    def warm(self) -> None:
        """Read now what takes time to read, and not at the first link."""
        registered_domain("https://news.example/")

    def _site(self, url: str) -> SiteExtractor | None:
        """Return the site that a URL is at, looked up once a host."""
        host = _netloc(url)
        if host not in self._by_host:
            if len(self._by_host) >= _HOSTS_KEPT:
                self._by_host.clear()
            self._by_host[host] = self._router.site_of_url(url)
        return self._by_host[host]

    def site_name(self, url: str) -> str:
        """Return the name that a site's archive and state go by: its profile's, else the registered domain."""
        host = _netloc(url)
        if host not in self._names:
            if len(self._names) >= _HOSTS_KEPT:
                self._names.clear()
            self._names[host] = self._new_name(url)
        return self._names[host]

    def _new_name(self, url: str) -> str:
        site = self._site(url)
        if site:
            return site.site
        host = host_of(url)
        return (host if _is_number(host) else registered_domain(url) or host).replace(":", "-")

    def profile(self, url: str) -> Profile | None:
        """Return the profile of the site that a URL is at."""
        site = self._site(url)
        return site.profile if site else None

    def same_site(self, url: str, other: str) -> bool:
        """Tell whether two URLs are of one site: of one profile, else of one registered domain."""
        return bool(host_of(url)) and self.site_name(url) == self.site_name(other)

    def kind(self, url: str) -> PlaceKind:
        """Tell what a URL leads to; where a profile has article patterns, they decide."""
        if not url.startswith(("http://", "https://")):
            return PlaceKind.OTHER
        site = self._site(url)
        if site is None or not site.profile.urls.article:
            return _kind_by_look(url)
        return _kind_by_profile(site.profile, url_path(url))

    def knows_articles(self, url: str) -> bool:
        """Tell whether a profile says what the articles of a URL's site look like."""
        profile = self.profile(url)
        return profile is not None and bool(profile.urls.article)

    def is_front(self, url: str) -> bool:
        """Tell whether a URL is a site's front page."""
        return url_path(url) in {"", "/"}

    def language(self, url: str) -> str | None:
        """Return the language that the profile states for a URL."""
        profile = self.profile(url)
        if profile is None:
            return None
        host_and_path = url.partition("://")[2]
        by_prefix = (code for prefix, code in profile.languages.items() if host_and_path.startswith(prefix))
        return next(by_prefix, profile.language)

    def story(self, url: str) -> str | None:
        """Return what is the same for all addresses of one story: site, language and the profile's key, else None."""
        site = self._site(url)
        key = _story_key(site, url_path(url)) if site else None
        return f"{site.site}/{self.language(url) or ''}/{key}" if site and key else None

    def published(self, url: str) -> Moment | None:
        """Return the day of publication that a URL names."""
        profile = self.profile(url)
        pattern = profile.urls.date if profile else None
        match = re.search(pattern, url_path(url)) if pattern else _DAY.search(url_path(url))
        return read_when(f"{match['year']}-{match['month']}-{match['day']}") if match else None

    def clean(self, url: str) -> str | None:
        """Return a URL without fragment and tracking parameters, None for what is no web address.

        Its path and the rest of its query stay as they are: servers care.
        """
        url = url.strip()
        if "#" in url:
            url = url.partition("#")[0]
        if not url.startswith(("http://", "https://")) or not host_of(url):
            return None
        return canonical(url) if "?" in url else url


def _netloc(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]


def _is_number(host: str) -> bool:
    """Tell an IP address, which has no registered domain."""
    return ":" in host or host.replace(".", "").isdigit()


def _kind_by_profile(profile: Profile, path: str) -> PlaceKind:
    for rule in profile.urls.not_article:
        if re.search(rule.pattern, path):
            return PlaceKind.LISTING if rule.reason == "listing" else PlaceKind.OTHER
    if any(re.search(pattern, path) for pattern in profile.urls.article):
        return PlaceKind.ARTICLE
    return PlaceKind.UNKNOWN


def _story_key(site: SiteExtractor, path: str) -> str | None:
    for pattern in site.profile.urls.article:
        match = re.search(pattern, path)
        if match and "key" in match.re.groupindex:
            return match["key"]
    return None


def _kind_by_look(url: str) -> PlaceKind:
    try:
        parts = urlsplit(url)
    except ValueError:
        return PlaceKind.OTHER
    path = unquote(parts.path)
    if _FILE.search(path):
        return PlaceKind.OTHER
    if path.rstrip("/") in {"", "/index"} and not _NUMBERED_QUERY.search(parts.query):
        return PlaceKind.LISTING
    if _NO_ARTICLE.search(path):
        return PlaceKind.LISTING
    return PlaceKind.ARTICLE if _looks_like_article(path, parts.query) else PlaceKind.UNKNOWN


def _looks_like_article(path: str, query: str) -> bool:
    last = path.rstrip("/").rpartition("/")[2]
    words = [word for word in re.split(r"[-_+ ]", last.partition(".")[0]) if word]
    has_date = bool(_MONTH_FOLDER.search(path) or (_DAY.search(path) and not last.isdigit()))
    return bool(_NUMBER.search(last) or has_date or len(words) >= _MIN_SLUG_WORDS or _NUMBERED_QUERY.search(query))


@lru_cache(maxsize=4)
def load_places(folders: Iterable[Path] = ()) -> Places:
    """Return the places by the built-in profiles and those of `folders`."""
    return Places(load_router(folders))
