"""When a story was published and changed: what the page files with it, else what it prints beside the headline."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsclean.extract.dates import MONTHS, read_date, read_moment
from newsclean.extract.generic.evidence import Role
from newsclean.extract.generic.fates import role_of
from newsclean.model import Moment, Precision

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsclean.extract.generic.walk import Piece
    from newsclean.extract.generic.witness import Witness
    from newsclean.page import PageView

__all__ = ["Dates", "read_dates"]


@dataclass(frozen=True, slots=True)
class Dates:
    """When the story was published and changed, as printed and as understood."""

    published: Moment | None = None
    published_raw: str | None = None
    modified: Moment | None = None
    modified_raw: str | None = None


_PUBLISHED = tuple(
    "article:published_time og:article:published_time datepublished pubdate publish-date publish_date published-date "
    "published_date "
    "date dc.date dc.date.issued dcterms.created dcterms.date dcterms.issued parsely-pub-date sailthru.date "
    "article.published "
    "published_time published-time publication_date cxenseparse:recs:publishtime date.release "
    "citation_publication_date "
    "publishdate publicationdate og:published_time citation_date created article_date_original originalpublicationdate "
    "rnews:datepublished".split()
)
_MODIFIED = tuple(
    "article:modified_time og:updated_time datemodified lastmod dcterms.modified last-modified article:modified "
    "modified-date "
    "modified-time revised dc.date.modified".split()
)
_IN_SCRIPT = re.compile(
    r'\\?"(?:datePublished|publishedAt|published_at|publishDate|publish_date|publishedDate|firstPublished(?:At|Date)?|first_published_at|'
    r'publicationDate|pub_date|datetime_published|post_date|displayDate|first_publish_date)\\?"\s*:\s*\\?"((?:19|20)\d\d-\d\d-\d\d[^"\\]{0,20})'
)
_IN_URL = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?:[/_-]|$)")
_IN_URL_SOLID = re.compile(r"[/_-]((?:20)\d\d)([01]\d)([0-3]\d)(?!\d)")
_MONTH_DAY = re.compile(
    r"(?<![\d/])(0?[1-9]|1[0-2])/(1[3-9]|2\d|3[01])/((?:19|20)\d\d)(?!\d)"
)  # no other reading is possible
_MONTH_YEAR = re.compile(r"(?:^|[:|·•]\s*)([^\W\d_]{3,12})\.?,?\s+((?:19|20)\d\d)$")
_UPDATED = re.compile(r"updat|modifi|aktualis|actuali|güncel|обновл|last reviewed|zuletzt", re.IGNORECASE)
_NEAR_BEFORE = 8
_NEAR_AFTER = 25
_NEAR_TOP = 90
_BARE = 40
_LONGEST = 160
_SCRIPT_CHARS = 400_000


def read_dates(view: PageView, witness: Witness, pieces: Sequence[Piece], title_at: int | None) -> Dates:
    """Read the dates of publication and of the last change; None where the page does not say."""
    modified, modified_raw = _first((witness.article_text("dateModified"), witness.said(*_MODIFIED)))
    filed = (
        None if witness.is_news else witness.said("article:published_time"),
        witness.article_text("datePublished"),
        witness.said(*_PUBLISHED),
        witness.article_text("dateCreated", "uploadDate"),
    )
    published, raw = _first(filed)
    if published is None:
        published, raw = _first(
            item["datePublished"] for item in witness.objects if isinstance(item.get("datePublished"), str)
        )
    if published is None:
        published, raw = _first(_printed(view, pieces, title_at))
    if published is None:
        published, raw = _first(_hidden(view))
    return Dates(published, raw, modified, modified_raw)


def _first(texts: Any) -> tuple[Moment | None, str | None]:
    for text in texts:
        if text and len(text) <= _LONGEST:
            moment = read_moment(_MONTH_DAY.sub(r"\3-\1-\2", text), None) or _month_of(text)
            if moment:
                return moment, text
    return None, None


def _month_of(text: str) -> Moment | None:
    """A month and a year that stand alone."""
    match = _MONTH_YEAR.search(text)
    month = MONTHS.get(match[1].lower()) if match else None
    return (
        Moment(at=dt.datetime(int(match[2]), month, 1, tzinfo=dt.UTC), precision=Precision.MONTH)
        if match and month
        else None
    )


def _printed(view: PageView, pieces: Sequence[Piece], title_at: int | None) -> Iterator[str]:
    """Dates that a reader sees by the headline; those that speak of an update come last."""
    for element in view.tree.iter("time"):
        stamp = element.get("datetime")
        if stamp and not _UPDATED.search((element.get("class") or "") + (element.get("itemprop") or "")):
            yield stamp
    late = []
    first = 0 if title_at is None else max(0, title_at - _NEAR_BEFORE)
    around = range(first, min(len(pieces), _NEAR_TOP if title_at is None else title_at + _NEAR_AFTER))
    for index in around:
        text = pieces[index].text
        if len(text) <= _LONGEST and any(letter.isdigit() for letter in text):
            parts = read_date(_MONTH_DAY.sub(r"\3-\1-\2", text))
            if (parts is not None and parts.year is not None) or (len(text) < _BARE and _month_of(text)):
                if _UPDATED.search(text):
                    late.append(text)
                else:
                    yield text
    yield from late
    for piece in pieces:
        if len(piece.text) <= _LONGEST and not piece.frame.noise and role_of(piece) is Role.DATE:
            yield piece.text


def _hidden(view: PageView) -> Iterator[str]:
    """Dates in the address and in the data that the page's own scripts work on."""
    url = view.raw.url or view.meta.get("og:url") or ""
    for pattern in (_IN_URL, _IN_URL_SOLID):
        match = pattern.search(url)
        if match:
            yield "-".join(match.groups())
    for script in view.tree.iter("script"):
        text = script.text
        if text and len(text) < _SCRIPT_CHARS:
            match = _IN_SCRIPT.search(text)
            if match:
                yield match[1]
