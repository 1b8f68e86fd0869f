"""The string functions that every layer leans on."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsclean.text import (
    count_chars,
    count_words,
    fold,
    lowered,
    may_fold_alike,
    may_fold_to,
    squeeze,
    squeezed_lines,
)

_INVISIBLE = "\u00ad\u200b\u2060\ufeff"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("  plain  text \n", "plain text"),
        ("one\u00a0two\u2003three\u2028four", "one two three four"),
        ("tab\tfeed\x0cvertical\x0bnext\x85line", "tab feed vertical next line"),
        ("hy\u00adphen zero\u200bwidth", "hy\u00adphen zerowidth"),
        ("\ufeff\u200b mark \u00ad", "mark"),
        ("\u200b", ""),
        ("\u00adпере\u00adнос", "пере\u00adнос"),
    ],
)
def test_squeeze_gives_one_line(text, expected):
    """White space of every sort becomes single spaces; what nobody can see goes at the ends."""
    assert squeeze(text) == expected


@settings(deadline=None)
@given(st.text())
def test_squeezing_twice_changes_nothing(text):
    """A squeezed text is squeezed already."""
    assert squeeze(squeeze(text)) == squeeze(text)


@settings(deadline=None)
@given(st.text(), st.text())
def test_characters_add_up(left, right):
    """Counts of two texts add up to that of both: conservation sheets rest on it."""
    assert count_chars(left) + count_chars(right) == count_chars(left + right)


@settings(deadline=None)
@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(_INVISIBLE + " \u00a0\n"))))
def test_squeeze_loses_no_visible_character(text):
    """What squeeze leaves out is white space or invisible, nothing else."""
    assert count_chars(squeeze(text)) == count_chars(text)
    squeezed = "".join(one for one in squeeze(text) if one not in _INVISIBLE + " ")
    assert squeezed == "".join(one for one in text if one not in _INVISIBLE and not one.isspace())


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("The  Quick, Brown!", "the quick brown"),
        ("Ｗｉｄｅ letters", "wide letters"),
        ("STRASSE", "straße"),
        ("ministers’ talks", "ministers' talks"),
        ("«Цитата»", "цитата"),
    ],
)
def test_fold_makes_the_same_of_what_reads_the_same(left, right):
    """Case, punctuation and width do not part two strings."""
    assert fold(left) == fold(right)


def test_fold_keeps_different_words_apart():
    """Folding does not join words."""
    assert fold("a b") != fold("ab")


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("One two, three.", 3), ("Это — слова", 3), ("今日は2026年", 5), ("COVID-19", 1)],
)
def test_words_are_counted_in_any_script(text, words):
    """Words are what white space parts; scripts without spaces count one word a character."""
    assert count_words(text) == words


SPACED = st.text(
    st.sampled_from("ab\u0411\u4e2d\uac00 \t\n\r\x1c\u0085\u00a0\u2003\u3000\u00ad\u200b\ufeff."), max_size=16
)


@given(SPACED)
def test_lines_are_squeezed_one_as_all(text):
    """The lines of a whole text are what `squeeze` makes of each."""
    assert squeezed_lines(text) == [squeeze(line) for line in text.split("\n")]


@given(st.text(st.sampled_from("ab\u0411 \t\n\x1c\u0085\u00a0\u2003\u3000.-"), max_size=16))
def test_words_are_what_white_space_parts(text):
    """Whatever the white space is."""
    assert count_words(text) == len(text.split())


@given(
    *[
        st.text(
            st.sampled_from("aA\u00df\ufb01\u00b2\u0130\u0411\u1100\u1161\u4e2d\ufdfa\u0301\u00ad\u2019_ ."), max_size=4
        )
    ]
    * 2
)
def test_what_folds_to_a_beginning_may_do_so(text, other):
    """The quick look never says no where the folded text begins with the letter."""
    folded = fold(other)
    if folded and fold(text).startswith(folded[0]):
        assert may_fold_to(text, folded[0])
    assert may_fold_alike(text, other) or fold(text) != folded


@pytest.mark.parametrize("text", ["Güncelleme", "İSTANBUL, 3 MAYIS", "ΣΥΝΤΆΚΤΗΣ", "Straße", "ŽIVÉ", "作者", ""])
def test_lowered_text_keeps_each_character_in_its_place(text):
    """Places found in the lowered text are places in the text itself."""
    lower = lowered(text)
    assert len(lower) == len(text)
    assert lower == lowered(lower)
    assert not any(map(str.isupper, lower))
