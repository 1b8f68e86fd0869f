"""Patterns searched in a whole text: the quick look must never change the answer."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsclean.extract.text_patterns import TextPattern

TEXT = "Select the city\nCurrency converter\nMOSCOW, May 2. /TASS/. A text.\nAll news"
PATTERNS = [
    "^Select the city$",
    "^All news$",
    "^Currency",
    "^Currency convert(?:er|ible)$",
    "^Selected?",
    "^Selec{2}",
    "^nothing|^All news",
    "^(?:nothing|All news)$",
    r"^[A-Z|]+, May",
    r"^All\snews",
    "^Al+ news",
    "/TASS/",
    "^city",
    "converter$",
    "^$",
    "^.{2,40}/TASS/",
    r"\AAll",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_finds_what_the_expression_finds(pattern):
    """The answer must be that of the regular expression with `^` and `$` at every line."""
    assert TextPattern(pattern).found_in(TEXT) == bool(re.search(pattern, TEXT, re.MULTILINE))


@given(st.sampled_from(PATTERNS), st.lists(st.sampled_from([*TEXT.split("\n"), "", "Al news", "Selecc"]), max_size=6))
def test_finds_the_same_in_any_lines(pattern, lines):
    """Also where lines stand in another order, are missing or begin the text."""
    text = "\n".join(lines)
    assert TextPattern(pattern).found_in(text) == bool(re.search(pattern, text, re.MULTILINE))
