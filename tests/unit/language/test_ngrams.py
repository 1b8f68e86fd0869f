"""Fitting a text to n-gram profiles."""

from __future__ import annotations

import math

import pytest

from newsclean.language.ngrams import Profiles

FLOOR = 0.001
FREQUENCIES = {"a": [0.5, 0.1], "b": [0.1, 0.5], "ab": [0.2, 0.0], "abc": [0.0, 0.3]}


def test_fit_is_the_mean_log_likelihood():
    """Lead and deficit are those of a plain naive Bayes sum, and `ngrams` counts the known ones."""
    fit = Profiles(["xx", "yy"], FREQUENCIES, floor=FLOOR).fit(" ab a ")
    first = sum(math.log1p(FREQUENCIES[ngram][0] / FLOOR) for ngram in ("a", "b", "ab", "a")) / 4
    second = sum(math.log1p(FREQUENCIES[ngram][1] / FLOOR) for ngram in ("a", "b", "ab", "a")) / 4
    typical = sum(row[0] * math.log1p(row[0] / FLOOR) for row in FREQUENCIES.values()) / 0.8
    assert fit is not None
    assert (fit.language, fit.ngrams) == ("xx", 4)
    assert fit.lead == pytest.approx(first - second, abs=1e-4)
    assert fit.deficit == pytest.approx(typical - first, abs=1e-4)


def test_lanes_do_not_run_over():
    """The sum of 100,000 n-grams of the greatest likelihood stays in its language's lane."""
    fit = Profiles(["xx", "yy"], {"a": [1.0, 0.0]}, floor=5e-5).fit("a" * 100_000)
    assert fit is not None
    assert fit.ngrams == 100_000
    assert fit.lead == pytest.approx(math.log1p(1 / 5e-5), abs=1e-4)


def test_a_step_reads_the_ngrams_at_each_kth_character():
    """With a step of 3 only the n-grams that begin at the characters 0, 3, 6 ... are rated."""
    profiles = Profiles(["xx", "yy"], FREQUENCIES, floor=FLOOR)
    fit = profiles.fit("abczzzb", step=3)
    first = sum(math.log1p(FREQUENCIES[ngram][0] / FLOOR) for ngram in ("a", "ab", "abc", "b")) / 4
    second = sum(math.log1p(FREQUENCIES[ngram][1] / FLOOR) for ngram in ("a", "ab", "abc", "b")) / 4
    assert fit is not None
    assert (fit.language, fit.ngrams) == ("yy", 4)
    assert fit.lead == pytest.approx(second - first, abs=1e-4)


def test_nothing_known_is_no_fit():
    """A text without a known n-gram fits nothing."""
    assert Profiles(["xx", "yy"], FREQUENCIES, floor=FLOOR).fit(" zz ") is None


def test_ties_are_broken_by_name():
    """Two languages that fit alike are taken in the order of their names, not of their profiles."""
    rows = {"a": [0.5, 0.5]}
    for names in (["xx", "yy"], ["yy", "xx"]):
        fit = Profiles(names, rows, floor=FLOOR).fit("a")
        assert fit is not None
        assert fit.language == "xx"
