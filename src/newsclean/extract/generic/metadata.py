"""Dates, authors, topics and the rest, each by a vote of the page's witnesses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsclean.extract.dates import read_moment
from newsclean.extract.generic.evidence import Role
from newsclean.extract.generic.witness import strings
from newsclean.text import fold, squeeze

if TYPE_CHECKING:
    from newsclean.extract.generic.walk import Walked
    from newsclean.extract.generic.witness import Witness
    from newsclean.model import Moment
    from newsclean.page import PageView

__all__ = ["Authors", "Dates", "canonical_url", "publisher", "read_authors", "read_dates", "read_topics"]


@dataclass(frozen=True, slots=True)
class Dates:
    """When the story was published and changed, as printed and as understood."""

    published: Moment | None = None
    published_raw: str | None = None
    modified: Moment | None = None
    modified_raw: str | None = None


@dataclass(frozen=True, slots=True)
class Authors:
    """The byline as printed, and the names in it."""

    byline: str | None
    names: tuple[str, ...]


_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "pubdate",
    "publish-date",
    "publish_date",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "parsely-pub-date",
    "sailthru.date",
    "article.published",
    "published_time",
    "publication_date",
    "cxenseparse:recs:publishtime",
    "last-modified",
    "date.release",
    "citation_publication_date",
    "publishdate",
    "og:published_time",
    "citation_date",
    "created",
)
_MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "lastmod",
    "dcterms.modified",
    "last-modified",
    "article:modified",
)


def read_dates(witness: Witness, walked: Walked) -> Dates:
    """Read the dates of publication and of the last change."""
    published, raw = _first_moment(
        [
            witness.article_text("datePublished"),
            witness.said(*_PUBLISHED),
            witness.article_text("dateCreated", "uploadDate"),
        ]
    )
    modified, modified_raw = _first_moment([witness.article_text("dateModified"), witness.said(*_MODIFIED)])
    if published is None:
        published, raw = _first_moment(
            [*(_text_of(item, "datePublished") for item in witness.objects), *_visible(walked)]
        )
    return Dates(published, raw, modified, modified_raw)


def _text_of(item: dict[str, object], key: str) -> str | None:
    value = item.get(key)
    return value if isinstance(value, str) else None


def _first_moment(texts: list[str | None]) -> tuple[Moment | None, str | None]:
    for text in texts:
        if text and len(text) < 200:
            moment = read_moment(text, None)
            if moment:
                return moment, text
    return None, None


def _visible(walked: Walked) -> list[str]:
    found = []
    for frame in walked.frames:
        if frame.tag == "time" and frame.element.get("datetime"):
            found.append(frame.element.get("datetime"))
    for piece in walked.pieces:
        if piece.inline.role is Role.DATE or piece.frame.evidence.role is Role.DATE:
            found.append(piece.text)
    return found


_BY = re.compile(
    r"^\s*(?:written by|by|von|por|par|di|door|av|af|text|autor(?:in)?|author|posted by|byline|story by)\b[\s:]*",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:,|;|\||\band\b|\bund\b|\by\b|\bet\b|&|\n)\s*")


def read_authors(witness: Witness, walked: Walked, names: frozenset[str]) -> Authors:
    """Read who wrote the story: names only."""
    claimed = [name for name in strings(witness.article.get("author")) if not name.startswith("http")]
    byline = next(
        (p.text for p in walked.pieces if p.frame.evidence.role is Role.BYLINE or p.inline.role is Role.BYLINE), None
    )
    if not claimed:
        meta = witness.said(
            "author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl", "citation_author"
        )
        claimed = [meta] if meta and not meta.startswith("http") else []
    if not claimed and byline and len(byline) < 120:
        claimed = [byline]
    found: dict[str, str] = {}
    for claim in claimed:
        for part in _SPLIT.split(_BY.sub("", claim)):
            name = squeeze(part)
            if name and fold(name):
                found.setdefault(fold(name), name)
    return Authors(byline, tuple(found.values()))


def read_topics(witness: Witness) -> tuple[str, ...]:
    """The topics that the page names."""
    values = list(strings(witness.article.get("keywords")))
    if not values:
        values = [witness.said("news_keywords", "keywords", "article:tag") or ""]
    parts = values if len(values) > 1 else re.split(r"\s*[,;|]\s*", values[0]) if values else []
    return tuple(dict.fromkeys(part for part in (squeeze(p) for p in parts) if part))


def publisher(witness: Witness) -> str | None:
    """The publisher that the article names, else the site's name."""
    for name in strings(witness.article.get("publisher")):
        return name
    return witness.said("og:site_name")


def canonical_url(view: PageView, witness: Witness) -> str | None:
    """The address that the page gives as its own."""
    for link in view.tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and link.get("href", "").startswith("http"):
            return str(link.get("href"))
    return witness.said("og:url")
