"""When a story was published and changed: what the page files with it, else what it prints beside the headline."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from newsclean.extract.generic.facts.printed_dates import date_span, moment_in
from newsclean.extract.generic.facts.shown_names import end_of_top
from newsclean.extract.generic.reading.evidence import Role
from newsclean.extract.generic.reading.pieces import role_of
from newsclean.extract.generic.reading.witness import microdata
from newsclean.model import BlockKind, Moment, Precision
from newsclean.text import lowered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsclean.extract.generic.reading.pieces import Piece
    from newsclean.extract.generic.reading.witness import Witness
    from newsclean.page import PageView

__all__ = ["Dates", "read_dates"]

# Members of enumerations that are asked for with every piece: to look one up there takes longer than all the rest.
_DATE_ROLE: Final = Role.DATE
_CAPTION_KIND: Final = BlockKind.CAPTION
_CAPTION_ROLE: Final = Role.CAPTION
_BYLINE_ROLE: Final = Role.BYLINE


class _Found(NamedTuple):
    """A date, the text that it was read from, and the witness that gave it."""

    moment: Moment
    raw: str
    by: str


@dataclass(frozen=True, slots=True)
class Dates:
    """When the story was published and changed, as printed and as understood, and who says so."""

    published: Moment | None = None
    published_raw: str | None = None
    published_by: str = ""
    modified: Moment | None = None
    modified_raw: str | None = None
    modified_by: str = ""


_PUBLISHED: Final = tuple(
    "article:published_time og:article:published_time datepublished pubdate publish-date publish_date published-date "
    "published_date "
    "date dc.date dc.date.issued dcterms.created dcterms.date dcterms.issued parsely-pub-date sailthru.date "
    "article.published "
    "published_time published-time publication_date cxenseparse:recs:publishtime date.release "
    "citation_publication_date "
    "publishdate publicationdate og:published_time citation_date created article_date_original originalpublicationdate "
    "rnews:datepublished".split()
)
_MODIFIED: Final = tuple(
    "article:modified_time og:updated_time datemodified lastmod dcterms.modified last-modified article:modified "
    "modified-date "
    "modified-time revised dc.date.modified".split()
)
_PUBLISHES: Final = re.compile(r"publi(?!sher)|pub[-_]?date|(?:^|[-_.:])(?:posted|issued|datum|dateline|firstpub)")
_IN_DATA: Final = re.compile(
    r"(?:datePublished|publishedAt|published_at|publishDate|publish_date|publishedDate|firstPublished(?:At|Date)?|"
    r"first_published_at|publicationDate|pub_date|datetime_published|post_date|displayDate|first_publish_date)"
    r"""(?:\\{0,3}"|&quot;)\s{0,9}:\s{0,9}(?:\\{0,3}"|&quot;)((?:19|20)\d\d-\d\d-\d\d[^"\\&]{0,20})"""
)
# Each name of the pattern has one of these in it.
_NAMES_IN_DATA: Final = (
    *("datePublished", "publishedAt", "published_at", "publishDate", "publish_date", "publishedDate"),
    *("firstPublished", "publicationDate", "pub_date", "datetime_published", "post_date", "displayDate"),
)
_IN_URL: Final = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?:[/_-]|$)")
_IN_URL_SOLID: Final = re.compile(r"[/_-]((?:20)\d\d)([01]\d)([0-3]\d)(?!\d)")
_IN_URL_KEY: Final = re.compile(
    r"[/_-][A-Za-z]{0,3}(20[0-3]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{2,14}(?:[/._?-]|$)"
)
# For `lowered` texts.
_UPDATED: Final = re.compile(
    r"updat|modifi|aktualis|aktualiz|actualiza|actualis|güncel|обновл|оновл|last reviewed|zuletzt|oppdater|opdater|"
    r"uppdater|päivit|bijgewerkt|gewijzigd|aggiorna|mise? à jour|frissít|ažurir|актуализ|更新|수정|업데이트|diperbarui|"
    r"cập nhật|ενημέρ|تحديث|atualiza|změn|geändert|edited\b|עודכן"
)
_LABELLED: Final = re.compile(
    r"\W*(?:published|posted|first published|date|datum|veröffentlicht|erschienen|publié|publicado|publicada|"
    r"pubblicato|gepubliceerd|publicerad|publisert|udgivet|julkaistu|opublikowano|data publikacji|publikováno|"
    r"zverejnené|megjelent|publicat|objavljeno|опубликовано|дата публикации|опубліковано|публикувано|δημοσίευση|"
    r"yayınlanma|yayın tarihi|giriş|oluşturulma|diterbitkan|ngày đăng|发布时间|发表时间|公開日|入力|입력|등록|"
    r"نُشر|نشر|تاريخ النشر|פורסם|प्रकाशित|เผยแพร่)"
)
_ENDS: Final = re.compile(  # how long a thing is there, for `lowered` texts
    r"\b(?:bis|until|till|through|expires?|hasta|jusqu.au|jusqu.à|fino al|até|до|t/m|tot|saakka|asti)"
    r"(?: (?:zum|el|le|dne|en met|on))? \d"
)
_DIGIT: Final = re.compile(r"\d")
_FEW_RUNS: Final = 4
_NEAR_BEFORE: Final = 8
_NEAR_AFTER: Final = 25
_NEAR_TOP: Final = 150
_BARE: Final = 40
_LONGEST: Final = 160
_SENTENCES: Final = 400
_MOST_BESIDE: Final = 32  # characters beside a date that are no sentence yet
_DATA_CHARS: Final = 3_000_000
_FIRST: Final = re.compile(r"(?:originally|first) published (?:on |in )?(?=[^\W\d_]|\d)", re.IGNORECASE)
_JUST_BEFORE: Final = 2
_JUST_AFTER: Final = 5
_SAME: Final = dt.timedelta(hours=36)  # apart by no more than a time zone
# No reading but one.
_WORDED: Final = re.compile(r"[^\W\d_]{3,}\.?,? ?\d|\d\.? ?[^\W\d_]{3,}|(?:19|20)\d\d-\d\d-\d\d|[年년]")


def read_dates(view: PageView, witness: Witness, pieces: Sequence[Piece], title_at: int | None) -> Dates:
    """Read the dates of publication and of the last change; None where the page does not say."""
    modified = _first(_filed_changes(witness))
    published = _first(_filed(witness))
    if not witness.is_news:
        printed = (published is None and _first(_first_of_all(pieces))) or _beside_headline(pieces, title_at)
        if printed is not None and (published is None or abs(printed.moment.at - published.moment.at) > _SAME):
            published = printed
    if published is None:
        published = _first((value, "microdata:datePublished") for value in microdata(view, "datePublished"))
    if published is None:
        late: list[tuple[str, str]] = []
        url = view.raw.url or witness.said("og:url") or ""
        published = _first(_printed(view, pieces, title_at, late)) or _first(_addressed(url))
        published = published or _first(late) or _first(_hidden(view, witness, url))
    return Dates(
        published.moment if published else None,
        published.raw if published else None,
        published.by if published else "",
        modified.moment if modified else None,
        modified.raw if modified else None,
        modified.by if modified else "",
    )


def _filed(witness: Witness) -> Iterator[tuple[str | None, str]]:
    """What the page files as the date of publication, the surest first."""
    if not witness.is_news:
        yield witness.said("article:published_time"), "meta:article:published_time"
    yield witness.article_text("datePublished"), "jsonld:datePublished"
    yield witness.told(*_PUBLISHED)
    yield witness.article_text("dateCreated", "uploadDate"), "jsonld:dateCreated"
    for item in witness.objects:
        if isinstance(item.get("datePublished"), str):
            yield item["datePublished"], "jsonld:datePublished"


def _filed_changes(witness: Witness) -> Iterator[tuple[str | None, str]]:
    yield witness.article_text("dateModified"), "jsonld:dateModified"
    yield witness.told(*_MODIFIED)


def _first(texts: Iterable[tuple[str | None, str]]) -> _Found | None:
    for text, by in texts:
        if text and len(text) <= _LONGEST:
            moment = moment_in(text)
            if moment:
                return _Found(moment, text, by)
    return None


def _beside_headline(pieces: Sequence[Piece], title_at: int | None) -> _Found | None:
    """The date that stands beside the headline and speaks of no update: what readers of redone pages are told.

    What such a page files as its publication is often that of its first version, years before.
    """
    if title_at is None:
        return None
    for index in range(max(0, title_at - _JUST_BEFORE), min(len(pieces), title_at + _JUST_AFTER)):
        text = pieces[index].text
        if len(text) > _BARE * 2 or pieces[index].frame.noise or not _DIGIT.search(text):
            continue
        if not _WORDED.search(text) or _is_other_date(lowered(text)) or not _is_bare(pieces[index]):
            continue
        moment = moment_in(text)
        if moment is not None and moment.precision is not Precision.MONTH:
            return _Found(moment, text, "visible")
    return None


def _is_other_date(lower: str) -> bool:
    """Whether a text in lower case speaks of an update or of an end."""
    return bool(_UPDATED.search(lower) or _ENDS.search(lower))


def _printed(
    view: PageView, pieces: Sequence[Piece], title_at: int | None, late: list[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Dates that a reader sees by the headline; those that speak of an update go to `late`."""
    for element in view.telling["time"]:
        stamp = element.get("datetime")
        if stamp and not _is_of_comment(element):
            if _speaks_of_update(element):
                late.append((stamp, "markup:time"))
            else:
                yield stamp, "markup:time"
    yield from _first_of_all(pieces)
    first = 0 if title_at is None else max(0, title_at - _NEAR_BEFORE)
    around = pieces[
        first : _NEAR_TOP if title_at is None else max(title_at + _NEAR_AFTER, end_of_top(pieces, title_at))
    ]
    bare, among, updates = _sorted_by_care([piece for piece in around if _may_date(piece)])
    late.extend((text, "visible") for text in updates)
    yield from ((text, "visible") for text in bare)
    anywhere = [piece for piece in pieces if len(piece.text) < _BARE * 2 and _DIGIT.search(piece.text)]
    yield from ((piece.text, "visible") for piece in anywhere if _LABELLED.match(lowered(piece.text)))
    yield from ((text, "visible") for text in among)
    late.extend((piece.text, "visible") for piece in anywhere if _UPDATED.search(lowered(piece.text)))
    if updates:
        return
    for piece in pieces:
        if len(piece.text) <= _LONGEST and not piece.frame.noise and role_of(piece) is _DATE_ROLE:
            yield piece.text, "visible"


def _speaks_of_update(element: Any) -> bool:
    """Whether a `<time>`, by its names or by the words in it or right before it, is that of a change."""
    names = (element.get("class") or "") + (element.get("itemprop") or "")
    if "published" in names:
        names = ""
    before, outer = element.getprevious(), element.getparent()
    said = (before.tail or before.text) if before is not None else outer.text if outer is not None else ""
    words = f"{names} {(said or '')[-_BARE:]} {''.join(islice(element.itertext(), _FEW_RUNS))[:_BARE]}"
    return bool(_UPDATED.search(lowered(words)))


def _is_of_comment(element: Any) -> bool:
    """Whether a `<time>` is the link to a comment."""
    outer = element.getparent()
    return outer is not None and outer.tag == "a" and "#comment" in (outer.get("href") or "")


def _may_date(piece: Piece) -> bool:
    return (
        len(piece.text) <= _LONGEST
        and piece.kind is not _CAPTION_KIND
        and _DIGIT.search(piece.text) is not None
        and role_of(piece) is not _CAPTION_ROLE
    )


def _is_bare(piece: Piece) -> bool:
    """Whether a piece says the date and little else, or is there to say it."""
    text = piece.text
    if len(text) - date_span(text) <= _MOST_BESIDE or _LABELLED.match(lowered(text)):
        return True
    return role_of(piece) in (_DATE_ROLE, _BYLINE_ROLE)


def _sorted_by_care(around: Sequence[Piece]) -> tuple[list[str], list[str], list[str]]:
    """Texts with a date and little else, those where it stands in a sentence, and those of an update."""
    bare: list[str] = []
    among: list[str] = []
    late: list[str] = []
    for piece in around:
        text = piece.text
        if end := _ENDS.search(lowered(text)):
            text = text[: end.start()]
        if moment_in(text) is None:
            continue
        update = _UPDATED.search(lowered(text))
        if update and _DIGIT.search(text[: update.start()]):
            text, update = text[: update.start()], None
        (late if update else bare if _is_bare(piece) else among).append(text)
    return bare, among, late


def _first_of_all(pieces: Sequence[Piece]) -> Iterator[tuple[str, str]]:
    """Dates that a sentence calls those of the first publication."""
    for piece in pieces:
        if "ublished" in piece.text and len(piece.text) < _SENTENCES and (match := _FIRST.search(piece.text)):
            yield piece.text[match.end() : match.end() + _BARE], "visible"


def _addressed(url: str) -> Iterator[tuple[str, str]]:
    """The date that an address has in its path."""
    for pattern in (_IN_URL, _IN_URL_SOLID):
        match = pattern.search(url)
        if match:
            yield "-".join(match.groups()), "url"


def _hidden(view: PageView, witness: Witness, url: str) -> Iterator[tuple[str, str]]:
    """Dates under names of no standard, in the data that the page's own scripts work on, in a key in the address."""
    for name, value in witness.meta.items():
        if len(value) < _BARE and _PUBLISHES.search(name) and not _UPDATED.search(name):
            yield value, f"meta:{name}"
    data = view.text[:_DATA_CHARS]
    # Looking for the names one by one takes a fifth of the time that the pattern takes for all of a page.
    if any(name in data for name in _NAMES_IN_DATA) and (match := _IN_DATA.search(data)):
        yield match[1], "script"
    if match := _IN_URL_KEY.search(url):
        yield "-".join(match.groups()), "url"
