"""Lines that a link broke are joined, and nothing else is."""

from __future__ import annotations

import pytest

from newsclean.extract.inline_breaks import close_up_marks, join_inline_breaks
from newsclean.model import Block, Extraction, Removal, RemovalKind

LONG = "Taking part in the talks on the lower river were the mayors of nine towns and the head of the Water Survey"


def extraction(*texts, gap=1):
    blocks = tuple(Block(text=text, where=f"L{1 + i * gap}") for i, text in enumerate(texts))
    return Extraction(strategy="text:a", blocks=blocks)


def joined(*texts, gap=1):
    return [block.text for block in join_inline_breaks(extraction(*texts, gap=gap)).blocks]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["Warden Boris Klyuev", ", head of the survey"], "Warden Boris Klyuev, head of the survey"),
        (["Boris Klyuev", ": Good afternoon."], "Boris Klyuev: Good afternoon."),
        (["the Water Survey", "and the towns"], "the Water Survey and the towns"),
        (["as part of the Water Survey", ".”"], "as part of the Water Survey.”"),
        (["the Water Survey", "(WS) members"], "the Water Survey (WS) members"),
        (["главный смотритель Борис Клюев", ", хранители постов"], "главный смотритель Борис Клюев, хранители постов"),
    ],
)
def test_a_line_that_goes_on_in_the_next_is_joined(lines, text):
    """What begins with a closing mark or a small letter must go on the line before it."""
    assert joined(*lines) == [text]


def test_many_breaks_in_one_sentence_are_joined():
    """A list of linked names must become the one paragraph that it was."""
    assert joined("Anna Rekina", ", Boris Klyuev", ", Vera Orlova", "and others met.") == [
        "Anna Rekina, Boris Klyuev, Vera Orlova and others met."
    ]


def test_a_joined_paragraph_names_all_its_lines():
    """The place of a joined paragraph must span the lines that it came from."""
    (block,) = join_inline_breaks(extraction("Anna Rekina", ", Boris Klyuev", "met.")).blocks
    assert block.where == "L1-3"


def test_a_long_line_that_breaks_off_at_a_name_is_joined_to_a_capital():
    """The link may stand right before a name."""
    assert joined(LONG, "Boris Klyuev spoke first.") == [f"{LONG} Boris Klyuev spoke first."]


@pytest.mark.parametrize(
    "lines",
    [
        ["The ice went out.", "and so on."],
        ["Friends,", "I am glad to see you."],
        ["The message reads, in part:", "your lamps were seen."],
        ["* * *", "remarks at the opening"],
        ["<…>", "and the gauges"],
        ["Remarks at the opening", "Boris Klyuev: Good afternoon."],
        [LONG, "Boris Klyuev: Good afternoon."],
        [f"{LONG} made", "Yes, we know that."],
        ["– the Water Survey", "the towns"],
    ],
)
def test_what_may_stand_alone_is_left_alone(lines):
    """Vocatives, headings, speakers' turns, list items and finished sentences must stay on their own."""
    assert joined(*lines) == lines


def test_a_blank_line_parts_paragraphs():
    """Where a dump has blank lines between paragraphs a small letter joins nothing, a closing mark does."""
    assert joined("the Water Survey", "and the towns", gap=2) == ["the Water Survey", "and the towns"]
    assert joined("the Water Survey", ", and the towns", gap=2) == ["the Water Survey, and the towns"]


def test_nothing_to_join_gives_the_same_extraction():
    """An extraction without broken lines must come back as it is."""
    found = extraction("One.", "Two.")
    assert join_inline_breaks(found) is found


def test_loose_marks_are_closed_up_only_in_lines_that_were_cut():
    """Spaces before closing marks must go where pieces were taken out of a line, and stay elsewhere."""
    blocks = (Block(text="Anna Rekina , head of ( the ) survey : yes", where="L1"), Block(text="a , b", where="L2"))
    removal = Removal(rule="x:y", kind=RemovalKind.OTHER, where="L1", text="card")
    found = close_up_marks(Extraction(strategy="text:a", blocks=blocks, removals=(removal,)))
    assert [block.text for block in found.blocks] == ["Anna Rekina, head of (the) survey: yes", "a , b"]
