"""Words and runs: the same in every dress, in every script."""

from __future__ import annotations

import pytest

from newsclean.dedup.words import has_enough, run_length, runs_of, words_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“The ferry’s back,” she said.", '"THE FERRY\'S BACK" — she said'),
        ("Ｔｈｅ ｆｅｒｒｙ 12", "the ferry 12"),
        ("co\u00adoperate\u200b now", "cooperate now"),
        ("Паром вернулся.", "ПАРОМ вернулся"),
        ("渡轮回来了。", "渡轮，回来了"),
        ("plain ascii text", "plain, ascii; text"),
    ],
)
def test_texts_that_read_the_same_have_the_same_words(one, other):
    """Case, width, punctuation and invisible characters make no difference."""
    assert words_of(one) == words_of(other)


def test_letters_of_scripts_without_spaces_are_words():
    """Chinese and Thai texts are compared letter by letter, in longer runs."""
    assert words_of("渡轮 back") == ["渡", "轮", "back"]
    assert run_length(words_of("渡轮回来了，岛上的人们很高兴")) == 6
    assert run_length(words_of("เรือเฟอร์รี่กลับมาแล้ว")) == 6
    assert run_length(words_of("the ferry is back")) == 4


def test_vowel_signs_belong_to_their_words():
    """A Hindi word is one word."""
    assert words_of("हिन्दी में") == ["हिन्दी", "में"]


def test_runs_are_of_neighbours():
    """Runs go through the text word by word; a text shorter than one has none."""
    assert list(runs_of("a b c d e".split())) == [("a", "b", "c", "d"), ("b", "c", "d", "e")]
    assert list(runs_of(["a", "b"])) == []


def test_a_short_paragraph_tells_nothing():
    """Subheads and stock phrases are no paragraphs to find copies by; Chinese needs twice as many letters."""
    assert not has_enough(["word"] * 11)
    assert has_enough(["word"] * 12)
    assert not has_enough(list("渡轮回来了岛上的人们很高兴今天"))
