"""Echoes: what a field already says is not said again by the body."""

from __future__ import annotations

from newsclean.cleaning import without_echoes
from newsclean.model import Block, Extraction, RemovalKind


def extraction(*texts: str, **fields: str) -> Extraction:
    blocks = tuple(Block(text=text, where=f"L{i}") for i, text in enumerate(texts, 1))
    return Extraction(strategy="text:test", blocks=blocks, **fields)


def test_the_headline_above_the_text_is_removed_and_accounted_for():
    """A first block that repeats the title, in whatever case and quotes, becomes a metadata_echo."""
    found = without_echoes(extraction("“RIVER” rises", "It rose.", title='"River" rises'))
    assert [block.text for block in found.blocks] == ["It rose."]
    assert [(r.kind, r.where, r.text) for r in found.removals] == [(RemovalKind.METADATA_ECHO, "L1", "“RIVER” rises")]


def test_the_headline_in_the_middle_of_the_text_stays():
    """Only the opening is looked at: later a sentence may well be the headline's."""
    found = extraction("One.", "Two.", "Three.", "River rises", title="River rises")
    assert without_echoes(found) is found


def test_a_body_of_nothing_but_echoes_stays():
    """The last of the text is never taken."""
    found = extraction("River rises", title="River rises")
    assert without_echoes(found) is found


def test_echoes_that_move_up_into_the_opening_are_taken_too():
    """One pass leaves nothing for a second one."""
    once = without_echoes(extraction("A", "A", "A", "the", "A", title="A"))
    assert [block.text for block in once.blocks] == ["the"]
    assert without_echoes(once) == once
