"""From a cleaned `Extraction` to the `Article` that is published, with its identity."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from w3lib.url import canonicalize_url, url_query_cleaner

from newsclean.model import Article
from newsclean.text import count_words

if TYPE_CHECKING:
    from newsclean.model import Extraction, LanguageTag, Provenance

__all__ = ["article_of", "canonical", "registered_domain"]

_TRACKING = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "fbclid", "gclid", "yclid")


def article_of(
    found: Extraction,
    *,
    site: str | None,
    url: str | None,
    language: LanguageTag,
    provenance: Provenance,
    is_alone: bool,
) -> Article:
    """Make the article of an extraction.

    `site` is the profile's, else the registered domain of the URL is taken. `is_alone`: the page
    has no other article, so that its URL names this one.
    """
    canonical_url = canonical(found.canonical_url or url)
    site = site or registered_domain(canonical_url)
    body = "\n\n".join([block.text for block in found.blocks])
    utf8 = body.encode()
    return Article(
        article_id=_article_id(found, site, canonical_url if is_alone else None, provenance),
        site=site,
        publisher=found.publisher,
        url=url,
        canonical_url=canonical_url,
        title=found.title,
        standfirst=found.standfirst,
        body=body,
        captions=found.captions,
        byline=found.byline,
        authors=found.authors,
        agency=found.agency,
        dateline=found.dateline,
        section=found.section,
        topics=found.topics,
        persons=found.persons,
        places=found.places,
        place=found.place,
        published=found.published,
        published_raw=found.published_raw,
        modified=found.modified,
        modified_raw=found.modified_raw,
        language=language,
        word_count=count_words(body, utf8),
        body_sha256=hashlib.sha256(utf8).hexdigest(),
        flags=tuple(sorted(set(found.flags))),
        extraction_confidence=found.extraction_confidence,
        license=found.license,
        is_free=found.is_free,
        robots=found.robots,
        witnesses=found.witnesses,
        provenance=provenance,
    )


def _article_id(found: Extraction, site: str | None, canonical_url: str | None, provenance: Provenance) -> str:
    """Hash what identifies the story: site and its own key, else the canonical URL, else the raw page's place.

    The language belongs to a site's key: the same document number may stand for a translation.
    """
    if site and found.story_key:
        identity = ("key", site, found.declared_language or "", found.story_key)
    elif canonical_url:
        identity = ("url", site or "", canonical_url, "")
    else:
        identity = ("raw", site or "", provenance.raw_sha256, str(provenance.segment))
    return hashlib.sha256("\x1f".join(identity).encode()).hexdigest()[:32]


@lru_cache(maxsize=8192)
def canonical(url: str | None) -> str | None:
    """Return a URL without fragment and tracking parameters, its query in order; None for no web URL."""
    if not url or not url.startswith(("http://", "https://")):
        return None
    try:
        cleaned = url_query_cleaner(url, _TRACKING, remove=True)
        return str(canonicalize_url(cleaned))
    except ValueError:
        return None


@lru_cache(maxsize=8192)
def registered_domain(url: str | None) -> str | None:
    """Return the registered domain (eTLD+1) of a URL by the Public Suffix List."""
    try:
        host = urlsplit(url).hostname if url else None
    except ValueError:
        return None
    return _suffixes().privatesuffix(host) or host if host else None


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList as List  # noqa: PLC0415  (its list takes time to read)

    return List()


if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList
