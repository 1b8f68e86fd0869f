"""The records that travel through newsclean, all frozen: a step returns a new one.

    RawPage ──> PageView ──> Extraction ──> Article
                   │             │
                   └─ Rejection  └─ Removal (every piece of text that is not in a body)

`Extraction` holds what was seen on the page, `Article` what is published. `Block` and `Removal`, of which
a page has a hundred, and `PageFacts`, which are made anew at every step, are msgspec's structs (changed by
`msgspec.structs.replace`): a frozen dataclass takes ten times as long to make, a tenth of all the time that
a dump takes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from newsclean.errors import Reason as Reason  # noqa: PLC0414, TC001  (records carry it, users look for it here)

if TYPE_CHECKING:
    import datetime as dt


class PageKind(StrEnum):
    """What a page's bytes are, told by the bytes and not by a file name."""

    HTML = "html"
    TEXT = "text"


class BlockKind(StrEnum):
    """What part of a text a block is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    CAPTION = "caption"
    PREFORMATTED = "preformatted"


class RemovalKind(StrEnum):
    """Why a piece of text is in no body; `field` and `caption` are those that a column holds."""

    NAVIGATION = "navigation"
    RELATED = "related"
    SHARE = "share"
    ADVERT = "advert"
    COPYRIGHT = "copyright"
    NEWSLETTER = "newsletter"
    TEMPLATE = "template"
    CAPTION = "caption"
    METADATA_ECHO = "metadata_echo"
    FIELD = "field"
    OTHER = "other"


class Precision(StrEnum):
    """The finest part of a date that the page states."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPage:
    """One page as it came: bytes and what its source knows of them.

    `charset` and `media_type` are what the source declares (an HTTP header, a manifest), not
    what was found out. `raw_offset` is the byte offset of a record in an archive, else None.
    `labels` are the further columns of a manifest row, in its order.
    """

    body: bytes = field(repr=False)
    raw_path: str
    raw_offset: int | None = None
    url: str | None = None
    media_type: str | None = None
    charset: str | None = None
    status: int | None = None
    fetched_at: dt.datetime | None = None
    source: str = "file"
    labels: tuple[tuple[str, str], ...] = ()

    @property
    def sha256(self) -> str:
        """SHA-256 of the body, in hexadecimal."""
        return hashlib.sha256(self.body).hexdigest()


class Block(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A paragraph-like piece of text; `where` is a line number (`L12`, `L12-14`) or a DOM path."""

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    where: str


class Removal(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A visible piece of a page that is in no body, and the rule that took it.

    `moved_to` names the column that the text went to (`title`, `captions`, ...); None means that
    it was thrown away. `rule` is `<owner>:<name>`, for example `tass.com:share-bar`.
    """

    rule: str
    kind: RemovalKind
    where: str
    text: str
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """A picture's caption; `credit` is the photographer or agency it names, as printed."""

    text: str
    credit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """The place and date that open a wire story (`BISHKEK, November 28. /TASS/.`).

    It is no publication date: a dateline has no year. `text` is the dateline as printed.
    """

    text: str
    place: str | None = None
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A point in time (`at`, aware, UTC) known down to `precision`."""

    at: dt.datetime
    precision: Precision

    def __post_init__(self) -> None:
        """Refuse a time without a zone: it would stand for another moment on another machine."""
        if self.at.tzinfo is None:
            msg = f"{self.at.isoformat()}: a moment needs a time zone"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageTag:
    """The language of a body: ISO 639-1 where there is one, `und` for undetermined.

    `confidence` is the backend's own, 0 to 1; `source` names what decided (`script`, `words`,
    `langdetect`, `py3langid`, `none`); `declared` is what the page or its profile says, as a primary subtag.
    """

    language: str
    confidence: float
    source: str
    declared: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What an extractor saw: body blocks in order, fields, and every other piece as a removal.

    `strategy` is `<html|text>:<layout>` or `generic:<name>`. `published_raw` is what the page
    printed, `published` what it means (None where the page does not say). `extraction_confidence` is
    how sure a generic extractor is of its body, 0 to 1; a profile has none. `license`, `is_free` and
    `robots` (`noindex`, `noai`, `tdm-reservation`, ... as declared) are the page's own word. `witnesses` are pairs of
    column and what on the page gave its value (`jsonld:headline`, `meta:og:title`, `visible`, `url`, ...).
    `story_key` is the site's own key of the story (a document number), stable over mirrors and page forms.
    """

    strategy: str
    blocks: tuple[Block, ...]
    removals: tuple[Removal, ...] = ()
    title: str | None = None
    standfirst: str | None = None
    captions: tuple[Caption, ...] = ()
    byline: str | None = None
    authors: tuple[str, ...] = ()
    agency: str | None = None
    dateline: Dateline | None = None
    section: str | None = None
    topics: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    place: str | None = None
    published: Moment | None = None
    published_raw: str | None = None
    modified: Moment | None = None
    modified_raw: str | None = None
    canonical_url: str | None = None
    story_key: str | None = None
    publisher: str | None = None
    declared_language: str | None = None
    flags: tuple[str, ...] = ()
    extraction_confidence: float | None = None
    license: str | None = None
    is_free: bool | None = None
    robots: str | None = None
    witnesses: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where an article comes from and what made it."""

    raw_path: str
    raw_offset: int | None
    segment: int
    raw_sha256: str
    raw_media_type: str | None
    charset: str | None
    http_status: int | None
    fetched_at: dt.datetime | None
    extractor: str
    strategy: str
    profile_sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What is published: one row of `articles/`, but for the run's own columns."""

    article_id: str
    site: str | None
    publisher: str | None
    url: str | None
    canonical_url: str | None
    title: str | None
    standfirst: str | None
    body: str
    captions: tuple[Caption, ...]
    byline: str | None
    authors: tuple[str, ...]
    agency: str | None
    dateline: Dateline | None
    section: str | None
    topics: tuple[str, ...]
    persons: tuple[str, ...]
    places: tuple[str, ...]
    place: str | None
    published: Moment | None
    published_raw: str | None
    modified: Moment | None
    modified_raw: str | None
    language: LanguageTag
    word_count: int
    body_sha256: str
    flags: tuple[str, ...]
    extraction_confidence: float | None
    license: str | None
    is_free: bool | None
    robots: str | None
    provenance: Provenance
    witnesses: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why a page gives no article: `stage` is read, decode, extract, clean or run."""

    reason: Reason
    stage: str
    detail: str


class PageFacts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is known of a raw page without its bytes (`sha256` and `size_bytes` None: never read)."""

    raw_path: str
    raw_offset: int | None = None
    url: str | None = None
    sha256: str | None = None
    size_bytes: int | None = None
    media_type: str | None = None
    kind: PageKind | None = None
    charset: str | None = None
    charset_source: str | None = None
    status: int | None = None
    fetched_at: dt.datetime | None = None
    source: str = "file"
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOutcome:
    """What became of one raw page: its articles (one or more), or one rejection, never both.

    `removals` are parted by segment: entry i belongs to article i. Character counts leave white
    space out: `visible_chars` = those of all visible text, `kept_chars` + `removed_chars` add up
    to at least it. `cpu_ms` is the processor time spent, the only figure that is not a function
    of the input.
    """

    page: PageFacts
    site: str | None = None
    extractor: str | None = None
    strategy: str | None = None
    profile_sha256: str | None = None
    articles: tuple[Article, ...] = ()
    rejection: Rejection | None = None
    removals: tuple[tuple[Removal, ...], ...] = ()
    visible_chars: int = 0
    kept_chars: int = 0
    removed_chars: int = 0
    cpu_ms: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a page with two outcomes or none: the first invariant of the dataset."""
        if bool(self.articles) == (self.rejection is not None):
            msg = f"{self.page.raw_path}: a page ends as articles or as one rejection, not both or none"
            raise ValueError(msg)
