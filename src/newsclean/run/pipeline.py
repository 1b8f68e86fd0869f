"""`clean_page`: from one raw page to its one outcome. Pure: same page and toolbox, same outcome."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from newsclean.cleaning import article_of, cleaned
from newsclean.errors import NotAnArticle, PageError, UndecodablePage, UnreadablePage
from newsclean.language import conflicts, identify
from newsclean.model import (
    LanguageTag,
    PageFacts,
    PageKind,
    PageOutcome,
    Provenance,
    Reason,
    Rejection,
)
from newsclean.page import PageView
from newsclean.page.collector import collector_at_rest
from newsclean.page.kind import not_a_page
from newsclean.page.visible import count_visible_chars
from newsclean.sources import foreign_suffix
from newsclean.text import count_chars

if TYPE_CHECKING:
    from newsclean.extract.routing import Extracted, Router
    from newsclean.extract.site import SiteExtractor
    from newsclean.model import Article, Extraction, RawPage

__all__ = ["Toolbox", "clean_page", "facts_of", "rejected"]

_OK_STATUS = range(200, 300)
# What would pass for a text by its bytes, or is not worth looking at them.
_NO_PAGE = re.compile(
    r"(?:image|audio|video|font)/.*|text/(?:css|javascript|ecmascript|dns|calendar|vcard|csv)"
    r"|application/(?:(?:x-|ld\+)?(?:javascript|json)|ecmascript|manifest\+json|wasm|pdf|x-font.*|font.*)"
)
_READ = (
    "read are HTML (.html, .htm, .xhtml), text dumps (.txt, or no suffix) and archives (.warc, .zip, .tar, .jsonl, "
    ".parquet, ...): rename it if it is a text dump, else leave it out"
)
_TABLES = (".csv", ".tsv")
_NO_CSV = (
    "tables are read as Parquet or JSON lines: convert it, as in duckdb -c \"copy 'pages.csv' to 'pages.parquet'\", "
    "and see --html-column"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Toolbox:
    """What a run cleans with: the extractors and the name of the language backend."""

    router: Router
    language_backend: str = "auto"


@collector_at_rest()
def clean_page(raw: RawPage, tools: Toolbox) -> PageOutcome:
    """Return what becomes of a page; never raises for what a page may hold."""
    started = time.process_time()
    view = PageView(raw)
    facts = facts_of(raw)
    try:
        _check_status(raw)
        _check_media_type(raw)
        facts = msgspec.structs.replace(facts, kind=view.kind, charset=view.charset, charset_source=view.charset_source)
        _check_kind(view)
        return _published(tools.router.extract(view), view, facts, tools, started)
    except PageError as error:
        outcome = rejected(facts, error, site=_site_of(view, tools))
    return replace(outcome, cpu_ms=_cpu_ms_since(started))


def _cpu_ms_since(started: float) -> float:
    return (time.process_time() - started) * 1000


def facts_of(raw: RawPage) -> PageFacts:
    """Return what a page's source says of it, and the hash of its bytes."""
    return PageFacts(
        raw_path=raw.raw_path,
        raw_offset=raw.raw_offset,
        url=raw.url,
        sha256=raw.sha256,
        size_bytes=len(raw.body),
        media_type=raw.media_type,
        status=raw.status,
        fetched_at=raw.fetched_at,
        source=raw.source,
        labels=raw.labels,
    )


def rejected(facts: PageFacts, error: PageError, *, site: SiteExtractor | None) -> PageOutcome:
    """Return the outcome of a page that `error` keeps from becoming an article; `site`: whose page it is, if known."""
    return PageOutcome(
        page=facts,
        site=site.site if site else None,
        profile_sha256=site.sha256 if site else None,
        rejection=Rejection(reason=error.reason, stage=_stage_of(error), detail=error.detail),
    )


def _site_of(view: PageView, tools: Toolbox) -> SiteExtractor | None:
    """Return the site whose profile had a say, so that a better profile gives the page another chance."""
    try:
        return tools.router.site_of(view)
    except PageError:
        return tools.router.site_of_url(view.raw.url)


def _stage_of(error: PageError) -> str:
    if isinstance(error, UnreadablePage):
        return "read"
    return "decode" if isinstance(error, UndecodablePage) else "extract"


def _check_status(raw: RawPage) -> None:
    if raw.status is not None and raw.status not in _OK_STATUS:
        raise NotAnArticle(Reason.HTTP_STATUS, f"the server answered with status {raw.status}")


def _check_media_type(raw: RawPage) -> None:
    if raw.media_type is not None and _NO_PAGE.fullmatch(raw.media_type):
        raise NotAnArticle(Reason.MEDIA_TYPE, f"declared as {raw.media_type}, which is no page")


def _check_kind(view: PageView) -> None:
    _check_name(view)
    other = not_a_page(view.text) if view.kind is PageKind.TEXT else None
    if other:
        raise NotAnArticle(Reason.NOT_AN_ARTICLE, f"this is {other}, no page")


def _check_name(view: PageView) -> None:
    """Refuse a file of another trade: a settings file or a program has lines enough to pass for a text."""
    raw = view.raw
    if raw.raw_offset is not None or raw.media_type is not None or not (suffix := foreign_suffix(raw.raw_path)):
        return
    if suffix in _TABLES and not raw.body.lstrip().startswith(b"<"):
        raise NotAnArticle(Reason.MEDIA_TYPE, f"{suffix} is a table of pages or of something else; {_NO_CSV}")
    if view.kind is not PageKind.HTML:
        raise NotAnArticle(Reason.MEDIA_TYPE, f"{suffix} is no page by its name, and no HTML is in it; {_READ}")


def _published(extracted: Extracted, view: PageView, facts: PageFacts, tools: Toolbox, started: float) -> PageOutcome:
    found = tuple(cleaned(one) for one in extracted.extractions)
    articles = tuple(
        _article(one, segment, extracted, view, facts, tools, is_alone=len(found) == 1)
        for segment, one in enumerate(found)
    )
    return PageOutcome(
        page=facts,
        site=articles[0].site,
        extractor=extracted.extractor,
        strategy=found[0].strategy,
        profile_sha256=extracted.profile_sha256,
        articles=articles,
        removals=tuple(one.removals for one in found),
        visible_chars=count_visible_chars(view),
        kept_chars=sum(count_chars(article.body) for article in articles),
        removed_chars=count_chars("\n".join([removal.text for one in found for removal in one.removals])),
        cpu_ms=_cpu_ms_since(started),
    )


def _article(  # the one place where all that is known of an article meets
    found: Extraction,
    segment: int,
    extracted: Extracted,
    view: PageView,
    facts: PageFacts,
    tools: Toolbox,
    *,
    is_alone: bool,
) -> Article:
    text = "\n".join(block.text for block in found.blocks) or found.standfirst or found.title or ""
    told = identify(text, backend=tools.language_backend)
    language = LanguageTag(
        language=told.language, confidence=told.confidence, source=told.source, declared=found.declared_language
    )
    if conflicts(language):
        found = replace(found, flags=(*found.flags, "language_conflict"))
    provenance = Provenance(
        raw_path=facts.raw_path,
        raw_offset=facts.raw_offset,
        segment=segment,
        raw_sha256=facts.sha256 or "",
        raw_media_type=facts.media_type,
        charset=facts.charset,
        http_status=facts.status,
        fetched_at=facts.fetched_at,
        extractor=extracted.extractor,
        strategy=found.strategy,
        profile_sha256=extracted.profile_sha256,
    )
    return article_of(
        found, site=extracted.site, url=view.raw.url, language=language, provenance=provenance, is_alone=is_alone
    )
