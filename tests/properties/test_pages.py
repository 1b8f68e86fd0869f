"""What must hold for any page whatsoever: one outcome, no text lost, cleaning twice is cleaning once."""

from __future__ import annotations

from collections import Counter

import pytest
from fragments import DOCUMENTS, DUMPS, URLS
from hypothesis import HealthCheck, given, settings

from newsclean.cleaning import cleaned
from newsclean.errors import PageError
from newsclean.extract.routing import load_router
from newsclean.model import PageKind, PageOutcome, RawPage
from newsclean.page import PageView, units
from newsclean.run.pipeline import Toolbox, clean_page

ANY_PAGE = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def tools() -> Toolbox:
    return Toolbox(router=load_router(), language_backend="langdetect")


def raw_page(text: str, url: str | None) -> RawPage:
    return RawPage(body=text.encode("utf-8", "replace"), raw_path="page", url=url)


def letters(texts: list[str]) -> Counter[str]:
    return Counter("".join("".join(texts).replace("\u00ad", "").replace("\u200b", "").split()))


def visible_texts(view: PageView) -> list[str]:
    if view.kind is PageKind.TEXT:
        return [line.text for line in view.lines]
    return [unit.text for unit in units(view.tree)]


def check_one_outcome_and_conservation(outcome: PageOutcome, view: PageView) -> None:
    assert bool(outcome.articles) != bool(outcome.rejection)
    if outcome.rejection:
        assert outcome.rejection.detail
        return
    kept = [article.body for article in outcome.articles]
    removed = [removal.text for part in outcome.removals for removal in part]
    missing = letters(visible_texts(view)) - letters(kept + removed)
    assert not missing, f"lost: {missing}"
    assert len(outcome.removals) == len(outcome.articles)
    assert outcome.kept_chars + outcome.removed_chars >= outcome.visible_chars


@ANY_PAGE
@given(text=DUMPS, url=URLS)
def test_every_dump_has_one_outcome_and_loses_no_text(tools, text, url):
    """A text dump of any lines ends as articles or one rejection, and each letter is kept, moved or removed."""
    raw = raw_page(text, url)
    check_one_outcome_and_conservation(clean_page(raw, tools), PageView(raw))


@ANY_PAGE
@given(text=DOCUMENTS, url=URLS)
def test_every_document_has_one_outcome_and_loses_no_text(tools, text, url):
    """An HTML page of any fragments ends as articles or one rejection, and each letter is kept, moved or removed."""
    raw = raw_page(text, url)
    check_one_outcome_and_conservation(clean_page(raw, tools), PageView(raw))


@ANY_PAGE
@given(text=DOCUMENTS | DUMPS, url=URLS)
def test_the_same_page_gives_the_same_outcome(tools, text, url):
    """Nothing but the page decides: two runs over the same bytes agree in everything but the time they took."""
    first, second = (clean_page(raw_page(text, url), tools) for _ in range(2))
    assert (first.page, first.articles, first.rejection, first.removals) == (
        second.page,
        second.articles,
        second.rejection,
        second.removals,
    )


@ANY_PAGE
@given(text=DOCUMENTS | DUMPS, url=URLS)
def test_cleaning_a_cleaned_body_changes_nothing(tools, text, url):
    """The cleaning steps are idempotent."""
    try:
        extracted = tools.router.extract(PageView(raw_page(text, url)))
    except PageError:
        return
    for found in extracted.extractions:
        once = cleaned(found)
        assert cleaned(once) == once


@ANY_PAGE
@given(text=DOCUMENTS | DUMPS)
def test_an_extracted_body_never_holds_an_empty_or_blank_lined_block(tools, text):
    """Blocks are parted by one blank line in `body`, so no block is empty or holds one itself."""
    outcome = clean_page(raw_page(text, None), tools)
    for article in outcome.articles:
        for block in article.body.split("\n\n"):
            assert block.strip() or not article.body
            assert block == block.strip()
