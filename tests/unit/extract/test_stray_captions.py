"""Captions among the paragraphs of a dump are told from the text."""

from __future__ import annotations

import pytest

from newsclean.extract.stray_captions import is_verbless, stray_captions
from newsclean.model import Block, Caption, Extraction

BODY = "The council discussed the spring flood."
MORE = "It will meet again in June."


def sorted_out(*texts, title="Meeting of the Council of River Wardens", captions=()):
    blocks = tuple(Block(text=text, where=f"L{i}") for i, text in enumerate(texts, 1))
    found = stray_captions(Extraction(strategy="text:a", blocks=blocks, title=title, captions=captions))
    return [block.text for block in found.blocks], [caption.text for caption in found.captions]


@pytest.mark.parametrize(
    "caption",
    [
        "Chief warden Boris Klyuev and keepers of the upper gauges.",
        "With the mayor of Veliky Ustyug.",
        "President Klyuev addressing the reception in Tver.",
        "Chief warden Boris Klyuev accompanied by Anna Rekina.",
        "Press service head Anna Rekina at a meeting devoted to Water Day.",
        "At a meeting with US Secretary Jane Doe.",
        "С главным смотрителем Борисом Клюевым.",
    ],
)
def test_a_phrase_without_a_verb_that_opens_the_body_is_a_caption(caption):
    """The lone caption above the text is known by its lack of a verb."""
    assert sorted_out(caption, BODY) == ([BODY], [caption])


@pytest.mark.parametrize(
    "sentence",
    [
        "Chief warden Boris Klyuev reported to the council on the flood in Tver.",
        "Boris Klyuev opens the museum in Tver.",
        "The museum in Vologda, with a garden.",
        "Boris Klyuev: Good afternoon.",
        "Good morning, Boris Klyuev.",
        "Dear colleagues in Tver.",
        "I greet the wardens of Tver.",
        "Speech at the Council of River Wardens",
        "Борис Клюев поблагодарил смотрителей Вологды.",
        "Рассмотрены вопросы охраны рек Вологды.",
        "Состоялся разговор с Борисом Клюевым.",
    ],
)
def test_a_sentence_that_opens_the_body_is_none(sentence):
    """A sentence with a verb, a turn of speech and a heading without a full stop must stay."""
    assert sorted_out(sentence, BODY) == ([sentence, BODY], [])


@pytest.mark.parametrize(
    "caption",
    [
        "Meeting of the Council of River Wardens.",
        "Meeting of the Council of River Wardens",
        "Meeting of the Council of River Wardens. With mayor Anna Rekina.",
        "With keeper Anna Rekina (left).",
        "Before the talks with Anna Rekina and Boris Klyuev.",
        "On the upper river. Photo: Lidia Orlova, TASS",
    ],
)
def test_a_caption_in_the_middle_is_told_by_more_than_its_lack_of_a_verb(caption):
    """The headline said again, who stands where, the scene or a photo credit make a caption anywhere."""
    assert sorted_out(BODY, caption, MORE) == ([BODY, MORE], [caption])


@pytest.mark.parametrize("line", ["Anna Rekina, Northern Courier.", "A very important point.", "Meeting of wardens."])
def test_a_short_phrase_in_the_middle_is_left_in_the_text(line):
    """People in a transcript speak in phrases: one of those alone must stay."""
    assert sorted_out(BODY, line, MORE) == ([BODY, line, MORE], [])


def test_a_line_that_comes_with_each_picture_is_a_caption():
    """A phrase printed several times must go, each time, and be one caption."""
    line = "Press secretary of the survey Anna Rekina."
    assert sorted_out(BODY, line, MORE, line, BODY) == ([BODY, MORE, BODY], [line])


def test_the_line_below_a_slide_counter_is_a_caption():
    """A slide counter must go, and the sentence below it to the captions."""
    line = "Boris Klyuev opens the museum."
    assert sorted_out(BODY, "2 of 7", line, MORE) == ([BODY, MORE], [line])


def test_captions_that_are_known_stay_first_and_come_once():
    """New captions go behind those that the layout found, and none comes twice."""
    known = (Caption(text="With keeper Anna Rekina (left)."), Caption(text="Lake."))
    texts = sorted_out(BODY, "With keeper Anna Rekina (left).", MORE, captions=known)[1]
    assert texts == ["With keeper Anna Rekina (left).", "Lake."]


def test_a_body_is_never_emptied():
    """A text that is nothing but what looks like a caption is a text."""
    assert sorted_out("Chief warden Boris Klyuev and keepers of the gauges.")[1] == []


def test_what_moves_is_accounted_for():
    """Each moved line must become a removal that names the column, each counter one that names none."""
    blocks = tuple(Block(text=text, where=f"L{i}") for i, text in enumerate((BODY, "1 of 2", "Lake.", MORE)))
    found = stray_captions(Extraction(strategy="text:a", blocks=blocks, title="T"))
    assert [(r.text, r.moved_to) for r in found.removals] == [("1 of 2", None), ("Lake.", "captions")]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("a meeting attended by many", True),
        ("the expanded session", True),
        ("the warden resigned", False),
        ("it is so", False),
    ],
)
def test_participles_are_no_verbs(text, answer):
    """`attended by` and `the expanded` are no finite verbs."""
    assert is_verbless(text) is answer
