"""Typewritten lines become paragraphs again by their indents."""

from __future__ import annotations

from newsclean.extract.hard_wraps import unwrapped


def test_a_line_without_an_indent_goes_on():
    """The first line of a paragraph is indented, the others are not."""
    text = "     One  two\nthree.\n     Four\nfive.\n     Six."
    assert list(unwrapped(text)) == [("L1-2", "One two three."), ("L3-4", "Four five."), ("L5", "Six.")]


def test_lines_of_a_centred_heading_are_one():
    """Lines set further in than paragraphs are a heading, to the next blank line."""
    text = "          On the rivers\n      of the\n            north\n\n     One.\n     Two.\n     Three."
    assert [t for _, t in unwrapped(text)] == ["On the rivers of the north", "One.", "Two.", "Three."]


def test_a_blank_line_parts():
    """Nothing is joined over a blank line."""
    assert [t for _, t in unwrapped("     One\n\ntwo")] == ["One", "two"]


def test_lines_without_any_indent_are_one_paragraph():
    """A text without indents has paragraphs only where blank lines are."""
    assert list(unwrapped("one\ntwo\n\nthree\n")) == [("L1-2", "one two"), ("L4", "three")]


def test_nothing_gives_nothing():
    """An empty text has no paragraphs."""
    assert list(unwrapped("\n \n")) == []
