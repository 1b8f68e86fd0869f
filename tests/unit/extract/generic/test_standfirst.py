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
