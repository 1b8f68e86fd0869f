"""Invented pages, articles and shards to fill datasets with; a plain module, so that scripts can use it too."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace

import msgspec

from newsclean.dataset import RunStamp, SourceRecord
from newsclean.model import (
    Article,
    Caption,
    Dateline,
    LanguageTag,
    Moment,
    PageFacts,
    PageKind,
    PageOutcome,
    Precision,
    Provenance,
    Reason,
    Rejection,
    Removal,
    RemovalKind,
)
from newsclean.text import count_chars, count_words

DAY = dt.datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=dt.UTC)


def sha256(text):
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def stamp(run_id="run-1", **changes):
    return replace(
        RunStamp(
            run_id=run_id,
            cleaned_at=DAY,
            newsclean_version="0.1.0",
            code_sha256="c0de",
            language_backend="test-1",
            routing_sha256="r0",
        ),
        **changes,
    )


def article(raw_path="raw/a.html", segment=0, raw_offset=None, text="first words", **changes):
    body = f"The ferry to Lowmark Island, {text}.\n\nIt will sail again on Monday."
    body = changes.pop("body", body)
    made = Article(
        article_id=sha256(f"{raw_path} {raw_offset} {segment}")[:32],
        site="example.org",
        publisher="The Lowmark Courier",
        url="https://example.org/ferry",
        canonical_url=None,
        title="Ferry is back",
        standfirst="After two weeks",
        body=body,
        captions=(Caption(text="The pier", credit="A. Painter"), Caption(text="The sea")),
        byline="By Ann Other and Bo Third",
        authors=("Ann Other", "Bo Third"),
        agency=None,
        dateline=Dateline(text="LOWMARK, May 6.", place="LOWMARK", month=5, day=6),
        section="Islands",
        topics=("ferries", "море", "海"),
        persons=(),
        places=("Lowmark",),
        place=None,
        published=Moment(at=DAY, precision=Precision.SECOND),
        published_raw="6 May 2024",
        modified=None,
        modified_raw=None,
        language=LanguageTag(language="en", confidence=0.9999, source="langdetect", declared="en"),
        word_count=count_words(body),
        body_sha256=sha256(body),
        flags=("short",),
        extraction_confidence=0.9,
        license="https://license.example/by",
        is_free=True,
        robots="noai",
        witnesses=(("title", "jsonld:headline"), ("published_at", "visible")),
        provenance=Provenance(
            raw_path=raw_path,
            raw_offset=raw_offset,
            segment=segment,
            raw_sha256=sha256(raw_path),
            raw_media_type="text/html",
            charset="utf-8",
            http_status=200,
            fetched_at=DAY,
            extractor="GenericHtml",
            strategy="generic:html",
            profile_sha256=None,
        ),
    )
    return replace(made, **changes)


def removal(text="Share this", rule="generic:share-bar", **changes):
    return Removal(**{"rule": rule, "kind": RemovalKind.SHARE, "where": "L3", "text": text} | changes)


def page_facts(raw_path="raw/a.html", raw_offset=None, **changes):
    return msgspec.structs.replace(
        PageFacts(
            raw_path=raw_path,
            raw_offset=raw_offset,
            url="https://example.org/ferry",
            sha256=sha256(raw_path),
            size_bytes=4321,
            media_type="text/html",
            kind=PageKind.HTML,
            charset="utf-8",
            charset_source="header",
            status=200,
            fetched_at=DAY,
            labels=(("country", "Lowmark"),),
        ),
        **changes,
    )


def outcome(raw_path="raw/a.html", raw_offset=None, *, text="first words", articles=1, removals=None, **changes):
    """A page with that many articles, two removals each, and figures that add up."""
    made = tuple(article(raw_path, segment, raw_offset, text) for segment in range(articles))
    removed = tuple((removal(), removal("Home", "generic:menu")) for _ in made) if removals is None else removals
    return told(
        PageOutcome(
            page=page_facts(raw_path, raw_offset),
            site="example.org",
            extractor="GenericHtml",
            strategy="generic:html",
            articles=made,
            removals=removed,
            cpu_ms=1.25,
        ),
        **changes,
    )


def told(found, **changes):
    """The outcome with the counts of its texts."""
    kept = sum(count_chars(one.body) for one in found.articles)
    removed = sum(count_chars(one.text) for part in found.removals for one in part)
    found = replace(found, visible_chars=kept + removed, kept_chars=kept, removed_chars=removed)
    return replace(found, **changes)


def rejected(raw_path="raw/menu.html", raw_offset=None, reason=Reason.LISTING):
    return PageOutcome(
        page=page_facts(raw_path, raw_offset),
        rejection=Rejection(reason=reason, stage="extract", detail="a page of links"),
    )


def sources(outcomes, **changes):
    """The source records that tell what the outcomes are."""
    found = {}
    for one in outcomes:
        found.setdefault(one.page.raw_path, []).append(one)
    return [
        replace(
            SourceRecord(
                raw_path=raw_path,
                size_bytes=4321,
                mtime_ns=1_700_000_000_000_000_000,
                sha256=None,
                facts_sha256="fac75",
                profile=None,
                profile_sha256=None,
                pages=len(pages),
                articles=sum(len(page.articles) for page in pages),
                rejections=sum(page.rejection is not None for page in pages),
            ),
            **changes,
        )
        for raw_path, pages in found.items()
    ]


def commit(dataset, shard_id, outcomes, run_id="run-1", **options):
    return dataset.commit(shard_id, iter(outcomes), sources(outcomes), stamp(run_id), **options)


def content(dataset):
    """Everything in a dataset, in an order of its own."""
    return {table: sorted(map(repr, dataset.iter_rows(table))) for table in ("articles", "pages", "removals")}
