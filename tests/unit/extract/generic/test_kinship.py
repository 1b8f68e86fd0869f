"""What a story's paragraphs are made as, where names of elements do not say it."""

from __future__ import annotations

import pytest

from newsclean.extract.generic.html import GenericHtml
from newsclean.model import RawPage
from newsclean.page import PageView

SENTENCES = (
    "The harbour office said on Monday that the old crane would be taken down before the winter storms arrive.",
    "Workers had found cracks in its northern leg in May, and the engineers advised against another season.",
    "A new crane, ordered from a yard across the bay, is to be delivered in spring and tested in the summer.",
    "The council has set money aside for the quay, which needs new piles before a heavier crane can stand there.",
    "Fishermen asked for a shelter as well, because the shed that they use now will go together with the crane.",
)
OTHER = "A ferry to the northern islands will leave from the other side of the bay in all of the coming weeks."
FILED = '{"@type": "NewsArticle", "headline": "Old crane to go"}'
HEAD = f'<title>Old crane to go</title><script type="application/ld+json">{FILED}</script>'


def read(text: str) -> list[str]:
    html = f"<html lang=en><head>{HEAD}</head><body><h1>Old crane to go</h1>{text}</body></html>"
    (found,) = GenericHtml().extract(PageView(RawPage(body=html.encode(), raw_path="p.html")))
    return [block.text for block in found.blocks]


@pytest.mark.parametrize("wrapper", ["<div class=cell>", "<div class='cell cell-{}'>", "<div class='row r{}'><div>"])
def test_paragraphs_each_in_an_element_of_its_own_are_known_by_what_is_around_them(wrapper):
    """The same wrapper elsewhere on the page does not make a text part of the story, and numbers do not part it."""
    close = "</div>" * wrapper.count("<")
    cells = [f"{wrapper.format(number)}<p>{text}</p>{close}" for number, text in enumerate((*SENTENCES, OTHER))]
    page = f"<div><section>{''.join(cells[:-1])}</section><section><h4>Ferries</h4><div class=n>{cells[-1]}</div>"
    assert read(f"{page}</section></div>") == list(SENTENCES)


def test_elements_without_a_class_are_known_by_those_around_them():
    """Two elements without a name are of one make only where what lies around them is."""
    story = "".join(f"<p>{text}</p>" for text in SENTENCES)
    page = f"<div class=a><div>{story}</div></div><div class=b><div><p>{OTHER}</p></div></div>"
    assert read(f"<div>{page}</div>") == list(SENTENCES)


def test_paragraphs_of_the_class_that_the_story_gives_its_own_are_kept_wherever_they_lie():
    """A fact box in the middle whose paragraphs bear the story's class is part of it; one of another class is not."""
    for dress, kept in (("text", [OTHER]), ("small", [])):
        box = f"<div class=related><div><p class={dress}>{OTHER}</p></div></div>"
        story = [f"<p class=text>{text}</p>" for text in SENTENCES]
        page = f"<div class=story>{''.join(story[:3])}{box}{''.join(story[3:])}</div>"
        assert read(page) == [*SENTENCES[:3], *kept, *SENTENCES[3:]]


def test_the_end_of_a_story_in_an_element_of_its_own_is_known_by_the_class_of_its_paragraphs():
    """Text set apart at the end, as walls do it, is no stranger where its paragraphs are the story's by class."""
    for dress, kept in (("text", [SENTENCES[-1]]), ("small", [])):
        story = "".join(f"<p class=text>{text}</p>" for text in SENTENCES[:-1])
        rest = f"<div class=rest><p class={dress}>{SENTENCES[-1]}</p></div>"
        assert read(f"<div><div class=open>{story}</div>{rest}</div>") == [*SENTENCES[:-1], *kept]
