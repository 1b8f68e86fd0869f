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

    from newsclean.extract.generic.pieces import Piece
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
_IN_DATA = re.compile(
    r"(?:datePublished|publishedAt|published_at|publishDate|publish_date|publishedDate|firstPublished(?:At|Date)?|"
    r"first_published_at|publicationDate|pub_date|datetime_published|post_date|displayDate|first_publish_date)"
    r"""(?:\\{0,3}"|&quot;)\s{0,9}:\s{0,9}(?:\\{0,3}"|&quot;)((?:19|20)\d\d-\d\d-\d\d[^"\\&]{0,20})"""
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
_SENTENCES = 400
_DATA_CHARS = 3_000_000
_FIRST = re.compile(r"(?:originally|first) published (?:on |in )?(?=[^\W\d_]|\d)", re.IGNORECASE)
_JUST_BEFORE, _JUST_AFTER = 2, 5
_SAME = dt.timedelta(hours=36)  # apart by no more than a time zone
_WORDED = re.compile(r"[^\W\d_]{3,}\.?,? ?\d|\d\.? ?[^\W\d_]{3,}|(?:19|20)\d\d-\d\d-\d\d")  # no reading but one


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
    printed = None if witness.is_news else _beside_headline(pieces, title_at)
    if printed is not None and (published is None or abs(printed[0].at - published.at) > _SAME):
        published, raw = printed
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


def _beside_headline(pieces: Sequence[Piece], title_at: int | None) -> tuple[Moment, str] | None:
    """The date that stands beside the headline and speaks of no update: what readers of redone pages are told.

    What such a page files as its publication is often that of its first version, years before.
    """
    if title_at is None:
        return None
    for index in range(max(0, title_at - _JUST_BEFORE), min(len(pieces), title_at + _JUST_AFTER)):
        text = pieces[index].text
        if len(text) > _BARE * 2 or pieces[index].frame.noise or not any(letter.isdigit() for letter in text):
            continue
        if _UPDATED.search(text) or not _WORDED.search(text):
            continue
        moment, _ = _first((text,))
        if moment is not None and moment.precision is not Precision.MONTH:
            return moment, text
    return None


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
    yield from _first_of_all(pieces)
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


def _first_of_all(pieces: Sequence[Piece]) -> Iterator[str]:
    """Dates that a sentence calls those of the first publication."""
    for piece in pieces:
        if len(piece.text) < _SENTENCES and (match := _FIRST.search(piece.text)):
            yield piece.text[match.end() : match.end() + _BARE]


def _hidden(view: PageView) -> Iterator[str]:
    """Dates in the address and in the data that the page's own scripts work on."""
    url = view.raw.url or view.meta.get("og:url") or ""
    for pattern in (_IN_URL, _IN_URL_SOLID):
        match = pattern.search(url)
        if match:
            yield "-".join(match.groups())
    for match in _IN_DATA.finditer(view.text[:_DATA_CHARS]):
        yield match[1]
        break
