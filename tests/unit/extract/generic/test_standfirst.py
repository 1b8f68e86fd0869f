"""Standfirsts: what stands between headline and story, told by the page's own description."""

from __future__ import annotations

import json

from newsclean.extract.generic.html import GenericHtml
from newsclean.model import RawPage
from newsclean.page import PageView

SENTENCES = (
    "The harbour office said on Monday that the old crane would be taken down before the winter storms arrive.",
    "Workers had found cracks in its northern leg in May, and the engineers advised against another season.",
    "A new crane, ordered from a yard across the bay, is to be delivered in spring and tested in the summer.",
)
BODY = "".join(f"<p>{text}</p>" for text in SENTENCES)
LEAD = "The crane of 1921 is no longer safe, and its quay will be closed until the spring."


def read(above: str, said: str, *, headline: str = "Old crane to go"):
    filed = json.dumps({"@type": "NewsArticle", "headline": headline})
    head = f'<title>{headline}</title><meta property="og:description" content="{said}">'
    head += f'<meta property="og:title" content="{headline}"><script type="application/ld+json">{filed}</script>'
    html = f"<html lang=en><head>{head}</head><body><article><h1>{headline}</h1>"
    html += f"<div class=top>{above}</div><div class=text>{BODY}</div></article></body></html>"
    return GenericHtml().extract(PageView(RawPage(body=html.encode(), raw_path="p.html")))[0]


def test_pieces_that_are_the_description_together_are_the_standfirst():
    """A summary in several paragraphs is taken whole."""
    said = "The crane goes. Its quay is closed. Boats wait in the bay until the spring comes."
    above = "<p>The crane goes.</p><p>Its quay is closed.</p><p>Boats wait in the bay until the spring comes.</p>"
    found = read(above, said)
    assert found.standfirst == said
    assert [block.text for block in found.blocks] == list(SENTENCES)


def test_a_short_sentence_may_be_a_standfirst():
    """Two words and a full stop are one, if the page describes itself so; a name is none."""
    assert read("<p>A preventable loss.</p>", "A preventable loss.").standfirst == "A preventable loss."
    assert read("<p>ADA HILL BROOK</p>", "ADA HILL BROOK").standfirst is None


def test_place_and_byline_are_no_part_of_it():
    """What stands before or after the summary in the same paragraph is cut off."""
    assert read(f"<p>Bay City · {LEAD}</p>", LEAD).standfirst == LEAD
    assert read(f"<p>{LEAD} By Ada Brook</p>", f"{LEAD} By Ada Brook").standfirst == LEAD


def test_the_headline_with_a_kicker_is_no_standfirst():
    """A line that ends in the headline says it again."""
    above = "<p>Harbours of the north and their long and stormy winters Old crane to go at last</p>"
    assert read(above, "Something else entirely.", headline="Old crane to go at last").standfirst is None


def test_a_lone_paragraph_under_the_headline_needs_no_description():
    """Without metadata and names that mean something, a summary is told by its place and its make."""
    html = f"<html lang=en><body><div><div class=aq><h1>Old crane to go</h1><p>{LEAD}</p><div>12 May</div></div>"
    more = " ".join(sorted(SENTENCES))
    html += f"<div class=bx>{BODY}<p>{more}</p></div></div></body></html>"
    found = GenericHtml().extract(PageView(RawPage(body=html.encode(), raw_path="p.html")))[0]
    assert found.standfirst == LEAD
    assert [block.text for block in found.blocks] == [*SENTENCES, more]


def shown(above: str, *, first: str = "", head: str = "") -> str | None:
    """The standfirst of a page without metadata, with names of no meaning; the story's own paragraphs have none."""
    html = f"<html lang=en><head><title>Old crane to go</title>{head}</head><body><div><div class=aq>"
    html += (
        f"<h1>Old crane to go</h1>{above}</div><div class=bx>{first}{BODY}{BODY.replace('crane', 'old crane')}</div>"
    )
    page = RawPage(body=f"{html}</div></body></html>".encode(), raw_path="p.html")
    return GenericHtml().extract(PageView(page))[0].standfirst


def test_where_nothing_is_filed_the_place_under_the_headline_tells():
    """A paragraph, a long heading or an element of its own between headline and story is the summary."""
    assert shown(f"<div>12 May</div><p class=ux>{LEAD}</p>") == LEAD
    assert shown(f"<div>By Ada Hill</div><div class=ux>{LEAD}</div>") == LEAD
    assert shown(f"<h2>{LEAD}</h2>") == LEAD
    assert shown("<p>Why the quay is closed until spring</p><p>By Ada Brook</p>") is None


def test_a_paragraph_is_likelier_than_a_second_headline():
    """Under two headlines comes the summary; a long one in large letters is the summary itself."""
    second = "<h2>The harbour says farewell to its oldest crane in the spring</h2>"
    assert shown(f"{second}<p class=ux>{LEAD}</p>") == LEAD
    assert shown(second, first=f"<p class=ux>{LEAD}</p>") == LEAD
    long = f"{LEAD} Boats that come from the north are to use the new quay."
    assert shown("<div>12 May</div>", first=f"<h2>{long}</h2>") == long
    assert shown(f"<h2>{LEAD} Boats that come from the north are to use the new quay.</h2>").startswith(LEAD)


def test_what_is_no_summary_is_not_taken_for_one():
    """Bylines, dates, forms, links and lists under the headline are none."""
    for above in (
        "<div>Ada Brook · The Harbour Post · Posted on the twelfth of May in Bay City</div>",
        "<div>By Ada Brook, correspondent of the Harbour Post in Bay City and the north</div>",
        "<div>Published May 12, 2025 10:15 AM, updated May 14, 2025 11:30 PM EST</div>",
        "<div>All the news of the harbour and its cranes, each day in your inbox.</div>",
        f'<div><a href="/x">{LEAD}</a></div>',
        f"<ul><li>{LEAD}</li></ul>",
    ):
        assert shown(above) is None


def test_a_page_that_describes_itself_is_taken_at_its_word():
    """With a description, what stands under the headline is no summary by its place alone."""
    head = '<meta name="description" content="All the news of the harbour, its boats and its people.">'
    assert shown(f"<h2>{LEAD}</h2>", head=head) is None


def test_a_place_before_a_shown_summary_is_cut():
    """The place that a sign sets off is no part of it."""
    assert shown(f"<p class=ux>Bay City · {LEAD}</p>") == LEAD


def test_a_summary_named_as_such_is_no_teaser():
    """An element whose names say both teaser and standfirst, under the headline, is the standfirst."""
    assert shown(f'<div class="related standfirst">{LEAD}</div>') == LEAD
