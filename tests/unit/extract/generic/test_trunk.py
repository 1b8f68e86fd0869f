"""Where a story ends on pages whose elements have no names, or the same ones for everything."""

from __future__ import annotations

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
FERRY = "A ferry to the northern islands will leave from the other side of the bay in all of the coming weeks."
BOATS = "Two boats were sold at auction for less than their owners had hoped, as buyers stayed away in the rain."
STORY = "".join(f"<p>{text}</p>" for text in SENTENCES)


def read(text: str) -> list[str]:
    html = f"<html lang=en><head><title>Old crane to go</title></head><body>{text}</body></html>"
    (found,) = GenericHtml().extract(PageView(RawPage(body=html.encode(), raw_path="p.html")))
    return [block.text for block in found.blocks]


def page(story: str, after: str, before: str = "") -> str:
    return f"<div><div><h1>Old crane to go</h1></div>{before}<div>{story}</div>{after}</div>"


def test_what_stands_after_the_element_that_holds_the_story_is_none_of_it():
    """Summaries of other stories are dropped by their place alone."""
    after = f"<div><div><div>{FERRY}</div></div><div><div>{BOATS}</div></div></div>"
    assert read(page(STORY, after)) == list(SENTENCES)


def test_names_of_a_page_builder_do_not_make_all_that_it_holds_one_story():
    """With nearly all of the text in one element, another one of the same class is no more of it."""
    story = "".join(f"<p>{text}</p>" for text in (*SENTENCES, *(f"Again: {text}" for text in SENTENCES)))
    wide = f"<section><div class=widget>{story}</div></section>"
    other = f"<section><div class=widget><p>{FERRY}</p></div></section>"
    assert FERRY not in read(f"<div><h1>Old crane to go</h1>{wide}{other}</div>")


def test_a_text_that_goes_on_around_the_trunk_is_kept():
    """Paragraphs beside an element that holds most of a text are its story when it began there."""
    before, after = f"<p>{SENTENCES[0]}</p>", f"<p>{FERRY}</p>"
    assert read(page("".join(f"<p>{text}</p>" for text in SENTENCES[1:]), after, before))[-1] == FERRY


def test_a_second_section_of_the_same_make_is_kept():
    """Sections that lie as deep as the first are parts of one story, unless nearly all of it is in that one."""
    section = f"<section><h2>Ferries</h2><p>{FERRY}</p><p>{BOATS}</p></section>"
    found = read(f"<div><h1>Old crane to go</h1><section>{STORY}</section>{section}</div>")
    assert found == [*SENTENCES, "Ferries", FERRY, BOATS]


def test_what_stands_outside_the_article_of_the_trunk_is_dropped_whatever_its_depth():
    """An `<article>` around most of the text says where the story ends."""
    other = f"<section><div><p>{FERRY}</p><p>{BOATS}</p></div></section>"
    found = read(f"<div><h1>Old crane to go</h1><article><div>{STORY}</div></article>{other}</div>")
    assert found == list(SENTENCES)


def test_a_list_in_columns_is_read_to_its_end():
    """A list that is cut in two by columns goes on in the second."""
    items = [f"Part number {number} of the crane, with bolts and nuts" for number in range(6)]
    first, second = ("".join(f"<li>{item}</li>" for item in half) for half in (items[:3], items[3:]))
    found = read(page(f"{STORY}<ul>{first}</ul>", f"<div><div><ul>{second}</ul><p>{FERRY}</p></div></div>"))
    assert found == [*SENTENCES, *items, FERRY]


def test_questions_with_answers_are_kept():
    """Answers to questions on the matter belong to an article."""
    asked = ["Who pays for the crane?", "When will it be tested?", "What about the shed?"]
    answers = "".join(f"<div><h3>{text}</h3><div>{FERRY} ({number})</div></div>" for number, text in enumerate(asked))
    found = read(page(STORY, f"<div><div>{answers}</div></div>"))
    assert found[len(SENTENCES)] == asked[0]
    assert found[-1] == f"{FERRY} (2)"
