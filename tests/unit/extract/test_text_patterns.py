"""Patterns searched in a whole text: the quick look must never change the answer."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsclean.extract.text_patterns import LineTest, TextPattern

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
    found = bool(re.search(pattern, text, re.MULTILINE))
    assert TextPattern(pattern).found_in(text) == found
    assert TextPattern(pattern).found_in(text, frozenset(text.split("\n"))) == found


LINES = [
    "Events",
    "Documents|See also",
    "(?:Events|Documents)",
    "(?P<word>Events?)",
    r"Share\.{3}",
    r"Share\.\.\.",
    "Last updated at (?P<when>.*)",
    "Event|Last .*",
    "(?i:share).*",
    "(?i)events",
    "(Last )?updated.*",
    "(?:Last)+ updated",
    ".*d",
    "[ES].*",
    "Evens?t*s",
    "",
]
SEEN = ["Events", "events", "Event", "Documents", "See also", "Share...", "Share it", "Last updated at 4", ""]


@given(st.lists(st.sampled_from(LINES), max_size=4), st.lists(st.sampled_from(SEEN), max_size=8), st.integers(0, 3))
def test_tests_lines_as_the_expressions_do(patterns, lines, first):
    """A line fits where one of the expressions matches the whole of it, one by one or among others."""
    patterns = patterns[:1] if "(?i)events" in patterns else patterns
    wanted = [any(re.fullmatch(pattern, line) for pattern in patterns) for line in lines]
    test = LineTest(patterns)
    assert [test.fits(line) for line in lines] == wanted
    assert test.among(lines, first) == [at for at, fits in enumerate(wanted, first) if fits]


@pytest.mark.parametrize("pattern", ["(Events", "Events)", "(?:Events|[a-", "Ev(ents|Documents"])
def test_refuses_what_is_no_expression(pattern):
    """A pattern that does not compile is an error, however much of it is plain words."""
    with pytest.raises(re.error):
        LineTest([pattern])
