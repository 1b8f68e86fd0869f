"""When two texts are one: shares of runs, and how much is enough."""

from __future__ import annotations

import random

import pytest

from newsclean.dedup.containment import Text, compare


def text(words, run_length=4):
    return Text(words=[hash(word) for word in words], run_length=run_length)


def story(count, seed=0):
    dice = random.Random(seed)
    return [f"w{dice.randint(0, 50_000)}" for _ in range(count)]


def test_equal_texts_are_copies():
    """A text is wholly in itself."""
    like = compare(text(story(50)), text(story(50)))
    assert (like.shared, like.kept, like.is_copy, like.is_close) == (1.0, 1.0, True, True)


def test_other_texts_share_nothing():
    """Two stories have no run in common."""
    like = compare(text(story(300)), text(story(300, seed=1)))
    assert (like.shared, like.kept, like.is_copy) == (0.0, 0.0, False)


def test_shares_are_told_apart():
    """`shared` is the share of the later text, `kept` that of the earlier."""
    like = compare(text(story(100)), text(story(100)[:70]))
    assert like.shared == 1.0
    assert like.kept == pytest.approx(67 / 97)
    assert like.is_copy
    assert like.is_close


@pytest.mark.parametrize(("count", "is_copy"), [(400, True), (120, False)])
def test_half_of_a_text_is_enough_only_where_it_is_long(count, is_copy):
    """Half a text in another is a copy if that half is long; a short one may be a formula, a list of those present."""
    half = story(count)[: count // 2]
    like = compare(text(story(count)), text(half + story(count // 2, seed=1)))
    assert like.is_copy is is_copy


def test_a_part_of_a_long_text_is_no_copy():
    """A roundup that has a whole story among others is not that story."""
    like = compare(text(story(150)), text(story(150) + story(600, seed=1)))
    assert like.kept == 1.0
    assert not like.is_copy


def test_a_short_text_with_changed_words_is_a_copy():
    """Every twentieth word changed: few runs are left, but the words are the same."""
    words = story(100)
    changed = [f"other{n}" if n % 13 == 0 else word for n, word in enumerate(words)]
    like = compare(text(words), text(changed))
    assert like.shared < 0.75
    assert like.is_copy


def test_a_few_words_are_no_copy():
    """Two captions that share a sentence are two captions."""
    assert not compare(text(story(20)), text([*story(18), "tall", "ship"])).is_copy


def test_scripts_are_not_compared_with_each_other():
    """A text by letters and a text by words have no runs to compare."""
    assert not compare(text(story(50)), text(story(50), run_length=6)).is_copy
