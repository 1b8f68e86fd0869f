"""The parts of the generic extractor by themselves: names of elements, bylines, titles, hostile pages."""

from __future__ import annotations

import gc
import time
from contextlib import suppress

import pytest

from newsclean.errors import PageError
from newsclean.extract.generic.facts.names import names_in
from newsclean.extract.generic.html import GenericHtml
from newsclean.extract.generic.reading.evidence import NEUTRAL, Role, evidence_of
from newsclean.model import RawPage
from newsclean.page import PageView

SENTENCE = "<p>" + "This is a sentence of a story that goes on for a while, with commas. " * 3 + "</p>"


@pytest.mark.parametrize(
    ("classes", "noise"),
    [
        ("related-stories", "related"),
        ("c-social-share__list", "share"),
        ("AdSlot adslot", "advert"),
        ("commentList comments", "comments"),
        ("has-[.ad]:hidden", None),
        ("x0243ad1", None),
        ("headline-wrapper", None),
    ],
)
def test_class_names_are_read_as_words(classes, noise):
    """A name says noise where a whole word of it does; what build tools make says nothing."""
    assert evidence_of("div", classes, "", "").noise == noise


def test_a_heading_is_not_read_by_its_id():
    """The id of a heading is made from its text and says nothing of its make."""
    assert evidence_of("h2", "", "newsletter", "") is NEUTRAL


def test_captions_are_known_by_tag_and_name():
    """A figcaption is a caption, and so is what is named one."""
    assert evidence_of("figcaption", "", "", "").role is Role.CAPTION
    assert evidence_of("div", "image-caption", "", "").role is Role.CAPTION


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ada Brook and Ben Hill", ["Ada Brook", "Ben Hill"]),
        ("Von Ada Brook, dpa", ["Ada Brook", "dpa"]),
        ("Ada Brook, MS, RD", ["Ada Brook, MS, RD"]),
        ("By Ada Brook | 6 May 2024", ["Ada Brook"]),
        ("https://harbourpost.example/ada", []),
        ("By admin", []),
        ("by Ada BrookNovember 20, 2007", ["Ada Brook"]),
        ("Dec. 19, 2025 · Ada Brook on behalf of the crane group", ["Ada Brook"]),
        ("Dec 17, 2025Ada Brook", ["Ada Brook"]),
        ("Mo 6.5.24 | 14:07 Uhr | Von Ada Brook", ["Ada Brook"]),
        ("Von Ada Brook und Ben Hill, Bremen", ["Ada Brook", "Ben Hill"]),
        ("Authors: Ada Brook and Ben Hill, harbour educators", ["Ada Brook", "Ben Hill"]),
        ("(责编：张三、李四)", ["张三", "李四"]),
    ],
)
def test_bylines_are_read_as_names(line, names):
    """A byline gives names, without its dates, and with degrees left to their owner."""
    assert names_in(line) == names


HOSTILE = {
    "nested": "<div>" * 100_000 + SENTENCE,
    "nested-less": "<div>" * 2_000 + SENTENCE * 5,
    "headlines": "<h1>One and the same headline</h1>" * 5_000 + SENTENCE * 3,
    "long-paragraphs": "".join(f"<p>{f'Sentence {i} of a long one. ' * 100}</p>" for i in range(1_000)),
    "breaks": "<br>" * 100_000,
    "class": f'<div class="{"ad-related " * 50_000}">{SENTENCE * 5}</div>',
    "literal": '<script>"' + "\\\\" * 500_000 + "<p</script>",
    "json": '<script type="application/ld+json">' + "[" * 100_000 + "</script>" + SENTENCE * 5,
    "nested-menus": "<nav><div>" * 20_000 + SENTENCE * 5,
    "quotes": f"<blockquote>{SENTENCE}</blockquote>" * 2_000 + SENTENCE * 5,
    "titles": "<title>" + "a-b | " * 100_000 + "</title><h1>" + "w | " * 100_000 + "</h1>" + SENTENCE * 5,
    "microdata": '<div itemprop="author">' * 2_000 + "x " * 100_000 + "</div>" * 2_000 + SENTENCE * 5,
    "answers": "<h1>Old crane to go</h1>" + "<div>Re: Old crane to go</div>" * 20_000 + SENTENCE * 5,
    "bylines": '<div class="byline">By ' + "A and " * 20_000 + "</div>" + SENTENCE * 5,
    "dates": "<h1>One</h1>" + "<p>1 May 2 May 3 May </p>" * 5_000 + SENTENCE * 5,
    "separators": "<h1>" + " - a" * 20_000 + "</h1>" + SENTENCE * 5,
}


@pytest.mark.parametrize("inside", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_pages_are_answered_soon(inside):
    """A page built to hang its reader is answered in seconds, with an article or with an error of ours."""
    began = time.process_time()
    view = PageView(RawPage(body=f"<html><body>{inside}</body></html>".encode(), raw_path="page.html"))
    try:
        found = GenericHtml().extract(view)
    except PageError:
        found = ()
    assert len(found) <= 1
    assert time.process_time() - began < 20


def _built(text: str) -> PageView:
    return PageView(RawPage(body=f"<html><body>{text}</body></html>".encode(), raw_path="page.html"))


def _cpu_of(text: str) -> float:
    began = time.process_time()
    with suppress(PageError):
        GenericHtml().extract(_built(text))
    return time.process_time() - began


LARGE = {
    "attributes": lambda size: "<p " + " ".join(f"a{number}=1" for number in range(size)) + ">x</p>" + SENTENCE * 5,
    "paragraphs": lambda size: "".join(
        f"<p>Sentence {number} of a very long page, with a comma.</p>" for number in range(size)
    ),
    "links": lambda size: "".join(f"<li><a href='/author/{number}'>Ada Brook</a></li>" for number in range(size)),
    "columns": lambda size: (
        f"<table><tr>{f'<td colspan={2**53}>Some words in a cell.</td>' * size}</tr></table>" + SENTENCE * 5
    ),
    "entities": lambda size: "<p>" + "&amp;amp;&lt;" * size + "</p>" + SENTENCE * 5,
    "script": lambda size: "<script>" + "var a = '<p>" + "x" * 40 * size + "';</script>",
    "same-words": lambda size: "<p>" + "by by by, and " * size + "</p>" + SENTENCE * 5,
    "unclosed": lambda size: "<b><i><span class='related'>" * (size // 40) + SENTENCE * 5,
}


def _least_cpu_of(text: str) -> float:
    """CPU seconds of the best of three: what else the machine does makes a reading slower, never faster."""
    gc.collect()
    return min(_cpu_of(text) for _ in range(3))


@pytest.mark.slow
@pytest.mark.parametrize("make", LARGE.values(), ids=LARGE.keys())
def test_cost_grows_with_the_size_and_not_with_its_square(make):
    """A page eight times as large costs far less than its square's 64 times as much, whatever it is made of.

    All costs are in proportion but for the memory that a large page needs: what no longer fits into
    the processor's cache takes up to three times as long.
    """
    small, large = make(5_000), make(40_000)
    _cpu_of(small)
    assert _least_cpu_of(large) < 32 * max(_least_cpu_of(small), 0.02)


@pytest.mark.slow
def test_a_page_of_fifty_megabytes_is_answered():
    """The largest page that is read at all ends as an article or as an error of ours."""
    view = _built(SENTENCE * (50_000_000 // len(SENTENCE)))
    try:
        found = GenericHtml().extract(view)
    except PageError:
        return
    assert len(found) == 1
