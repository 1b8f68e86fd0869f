"""Pages made to hang or break their reader: each has an outcome of its own, within the deadline and memory of a page.

NEWSCLEAN_HOSTILE adds those of fifty megabytes.
"""

from __future__ import annotations

import os

import pytest

import newsclean
from newsclean.dataset import Dataset

STORY = "<p>" + "The harbour master said on Monday that the ferry would sail again, after a long winter. " * 3 + "</p>"
MILLION = 1_000_000
# Entities of entities: ten to the tenth letters, were they ever written out.
_ENTITIES = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
BOMB = f"<!DOCTYPE html [<!ENTITY a0 'aaaaaaaaaa'>{_ENTITIES}]>"
HOSTILE = {
    "nested-tags": "<div>" * 100_000 + STORY * 3,
    "nested-inline": "<b><i>" * 50_000 + STORY * 3,
    "nested-as-deep-as-allowed": "<div class=story>" * 2_000 + STORY * 50,
    "one-tag-of-a-million-attributes": "<p " + " ".join(f"a{n}=1" for n in range(MILLION)) + ">x</p>" + STORY * 3,
    "a-million-attributes": "<p a=1 b=2 c=3 d=4 e=5 f=6 g=7 h=8 i=9 j=10>x</p>" * (MILLION // 10) + STORY * 3,
    "a-class-of-a-million-names": f"<div class='{'ad related ' * (MILLION // 2)}'>{STORY * 3}</div>",
    "endless-columns": f"<table><tr>{f'<td colspan={2**53} rowspan={2**53}>cell</td>' * 2_000}</table>" + STORY * 3,
    "pattern-bomb-byline": "<h1>A headline</h1><p class=byline>" + "By By and " * 50_000 + "</p>" + STORY * 3,
    "pattern-bomb-title": "<title>" + " - a | " * 50_000 + "</title><h1>" + " - a | " * 50_000 + "</h1>" + STORY * 3,
    "pattern-bomb-dates": "<h1>A headline</h1>" + "<p>1/1/1/1 1. 1. May May 2024</p>" * 10_000 + STORY * 3,
    "pattern-bomb-letters": "<p>" + "a" * MILLION + "!</p><p>" + "((((" * 100_000 + "</p>" + STORY * 3,
    "pattern-bomb-script": '<script>x="' + "\\\\" * MILLION + "<p</script>" + STORY,
    "entity-bomb": BOMB + "<body><p>&a9;&a9;</p>" + STORY * 3,
    "entities-of-entities": "<p>" + "&amp;amp;lt;&#38;#38;" * 100_000 + "</p>" + STORY * 3,
    "script-only": "<script>" + "var a = '<p>word</p>';\n" * 100_000 + "</script>",
    "data-only": '<script type="application/ld+json">{"@type": "NewsArticle", "a": "' + "x" * MILLION + '"}</script>',
    "nested-data": '<script type="application/ld+json">' + '{"@graph": [' * 100_000 + "</script>" + STORY * 3,
    "comments": "<!--" * 200_000 + STORY,
    "signs": "<" * MILLION + STORY,
}
LARGE = {
    "fifty-megabytes-of-text": STORY * (49 * MILLION // len(STORY)),
    "fifty-megabytes-of-links": "<li><a href=/a>A word</a></li>\n" * (49 * MILLION // 31),
    "fifty-megabytes-in-one-paragraph": "<p>" + "A word, and one more. " * (49 * MILLION // 22),
    "fifty-megabytes-of-script": "<script>" + "var a = '<p>word</p>';\n" * (49 * MILLION // 23) + "</script>" + STORY,
}
UNANSWERED = ("timeout", "crash", "memory")


def outcomes(pages, folder):
    """Clean the pages in a worker with the limits that a run has by default; return the reasons, None for articles."""
    raw = folder / "raw"
    raw.mkdir()
    for name, body in pages.items():
        (raw / f"{name}.html").write_text(f"<html><body>{body}</body></html>")
    newsclean.clean(raw, folder / "clean", workers=1, language_backend="langdetect")
    rows = Dataset.open(folder / "clean", create=False).iter_rows("pages", ["raw_path", "reason"])
    return {row["raw_path"].rpartition("/")[2].removesuffix(".html"): row["reason"] for row in rows}


def test_each_hostile_page_is_answered(tmp_path):
    """A hostile page ends as an article, or is rejected for what it is; it takes neither the deadline nor a worker."""
    found = outcomes(HOSTILE, tmp_path)
    assert found.keys() == HOSTILE.keys()
    assert {name: reason for name, reason in found.items() if reason in UNANSWERED} == {}


@pytest.mark.skipif("NEWSCLEAN_HOSTILE" not in os.environ, reason="takes minutes; NEWSCLEAN_HOSTILE=1 runs it")
@pytest.mark.parametrize("name", LARGE)
def test_each_page_of_fifty_megabytes_is_answered(name, tmp_path):
    """The largest pages that are let in have an outcome of their own too; a deadline may be that."""
    found = outcomes({name: LARGE[name]}, tmp_path)
    assert found.keys() == {name}
    assert found[name] != "crash"
