"""Fitting a text to n-gram profiles."""

from __future__ import annotations

import math

import pytest

from newsclean.language.ngrams import Profiles

FLOOR = 0.001
FREQUENCIES = {"a": [0.5, 0.1], "b": [0.1, 0.5], "ab": [0.2, 0.0], "abc": [0.0, 0.3]}


def profiles(names, frequencies, floor=FLOOR):
    """Give `Profiles` the shares that are any, by language."""
    shares = {name: {ngram: row[at] for ngram, row in frequencies.items() if row[at]} for at, name in enumerate(names)}
    return Profiles(shares, floor=floor)


def test_fit_is_the_mean_log_likelihood():
    """Lead and deficit are those of a plain naive Bayes sum, and `ngrams` counts the known ones."""
    fit = profiles(["xx", "yy"], FREQUENCIES).fit(" ab a ")
    first = sum(math.log1p(FREQUENCIES[ngram][0] / FLOOR) for ngram in ("a", "b", "ab", "a")) / 4
    second = sum(math.log1p(FREQUENCIES[ngram][1] / FLOOR) for ngram in ("a", "b", "ab", "a")) / 4
    typical = sum(row[0] * math.log1p(row[0] / FLOOR) for row in FREQUENCIES.values()) / 0.8
    assert fit is not None
    assert (fit.language, fit.ngrams) == ("xx", 4)
    assert fit.lead == pytest.approx(first - second, abs=1e-4)
    assert fit.deficit == pytest.approx(typical - first, abs=1e-4)


def test_lanes_do_not_run_over():
    """The sum over as many n-grams of the greatest likelihood as are read stays in its language's lane."""
    fit = profiles(["xx", "yy"], {"a" * n: [1.0, 0.0] for n in (1, 2, 3)}, floor=5e-5).fit("a" * 100_000)
    assert fit is not None
    assert fit.ngrams == 2_184 * 3 - 3
    assert fit.lead == pytest.approx(math.log1p(1 / 5e-5), abs=1e-4)


def test_a_glance_reads_trigrams_all_over_the_text():
    """With 2 places in 8 characters the trigrams at the characters 0 and 4 are rated, against typical trigrams."""
    frequencies = {"abc": [0.2, 0.0], "bca": [0.1, 0.5], "a": [0.5, 0.5]}
    fit = profiles(["xx", "yy"], frequencies).glance("abczbcaz", 2)
    gains = {ngram: [math.log1p(share / FLOOR) for share in row] for ngram, row in frequencies.items()}
    first, second = (sum(gains[ngram][at] for ngram in ("abc", "bca")) / 2 for at in (0, 1))
    typical = (0.2 * gains["abc"][0] + 0.1 * gains["bca"][0]) / 0.3
    assert fit is not None
    assert (fit.language, fit.ngrams) == ("xx", 2)
    assert fit.lead == pytest.approx(first - second, abs=1e-4)
    assert fit.deficit == pytest.approx(typical - first, abs=1e-4)


def test_a_short_text_has_no_glance():
    """Where the places would be all n-grams, a glance saves nothing."""
    assert profiles(["xx", "yy"], FREQUENCIES).glance("abcabc", 4) is None


def test_nothing_known_is_no_fit():
    """A text without a known n-gram fits nothing."""
    assert profiles(["xx", "yy"], FREQUENCIES).fit(" zz ") is None


def test_ties_are_broken_by_name():
    """Two languages that fit alike are taken in the order of their names, not of their profiles."""
    rows = {"a": [0.5, 0.5]}
    for names in (["xx", "yy"], ["yy", "xx"]):
        fit = profiles(names, rows).fit("a")
        assert fit is not None
        assert fit.language == "xx"
