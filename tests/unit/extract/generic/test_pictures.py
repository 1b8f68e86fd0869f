"""Captions that no name and no `<figure>` tells."""

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
CAPTION = "The old crane stands at the end of the northern quay and can be seen from the island."


def extract(text: str):
    html = (
        f"<html lang=en><head><title>Old crane to go</title></head><body><h1>Old crane to go</h1>{text}</body></html>"
    )
    (found,) = GenericHtml().extract(PageView(RawPage(body=html.encode(), raw_path="p.html")))
    return found


def read(text: str) -> list[str]:
    return [block.text for block in extract(text).blocks]


def story(*inserted: str) -> str:
    texts = [f"<p>{text}</p>" for text in SENTENCES]
    return f"<div>{''.join([*texts[:2], *inserted, *texts[2:]])}</div>"


@pytest.mark.parametrize(
    "box",
    [
        f"<div><img src=a.jpg><div>{CAPTION}</div></div>",
        f"<div><div><div><picture><img src=a.jpg></picture></div></div><div><p>{CAPTION}</p></div></div>",
        f"<div><img src=a.jpg><script>let where = 'a long line that nobody sees';</script><p>{CAPTION}</p></div>",
    ],
)
def test_what_stands_alone_with_a_picture_is_its_caption(box):
    """A short paragraph in an element that shows a picture and hardly another word goes to the captions."""
    found = extract(story(box))
    assert [block.text for block in found.blocks] == list(SENTENCES)
    assert CAPTION in [caption.text for caption in found.captions]


@pytest.mark.parametrize(
    "box",
    [
        f"<div><img src=a.jpg><h2>Where it stands</h2><p>{CAPTION}</p></div>",
        f"<div><p><img src=icon.png> {CAPTION}</p></div>",
        f"<div><div>{CAPTION}</div></div>",
    ],
)
def test_text_under_a_heading_or_without_a_picture_of_its_own_is_no_caption(box):
    """A section with a picture, a paragraph with an icon, a box without a picture: each stays in the story."""
    assert CAPTION in read(story(box))


def test_cards_with_a_picture_each_are_the_text():
    """Where a good part of the text stands with pictures, those are no captions."""
    cards = "".join(f"<div><img src=a.jpg><div>{text}</div></div>" for text in SENTENCES)
    assert read(f"<div>{cards}</div>") == list(SENTENCES)
