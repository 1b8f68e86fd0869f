"""The formulas of a score, each by hand on texts short enough to count."""

from __future__ import annotations

import datetime as dt

import pytest

from newsclean.report.comparing import days_of, folded, names_of, overlap
from newsclean.report.gold import GoldPage
from newsclean.report.scoring import score


def page(*articles, file="raw/one.html"):
    return GoldPage(file=file, articles=articles)


def row(body, **fields):
    empty = {"segment": 0, "title": None, "standfirst": None, "authors": [], "published_at": None, "modified_at": None}
    return {
        **empty,
        "raw_path": "/somewhere/raw/one.html",
        "body": body,
        "language": "en",
        "agency": None,
        "captions": [],
        "topics": [],
        **fields,
    }


def test_overlap_counts_shingles_of_four_tokens():
    """Of two shingles found one is gold's, of three of gold's one is found."""
    assert overlap("a b c d e f", "A, b; c - d x") == (1 / 2, 1 / 3)


def test_overlap_of_unspaced_script_counts_characters():
    """Each Chinese character is a token, so that five of them are two shingles."""
    assert overlap("海上渡轮恢", "海上渡轮") == (1.0, 1 / 2)


def test_overlap_of_texts_without_tokens():
    """Two empty texts are the same; an empty one against a full one has nothing right."""
    assert overlap("...", "") == (1.0, 1.0)
    assert overlap("one two", "") == (0.0, 0.0)


def test_folding_takes_case_signs_and_width():
    """What a reader takes for the same headline is the same."""
    assert folded("The Ferry’s back! ") == folded("THE FERRY'S BACK")


def test_names_come_from_lists_and_from_lines():
    """A line of names is parted as a list of them would be."""
    assert names_of("Ann Other; Bo Else") == names_of(["bo else", "Ann  Other"])


def test_a_moment_is_its_day_in_all_zones():
    """A date counts as right if it is that day somewhere on earth."""
    late = dt.datetime(2024, 3, 5, 23, 0, tzinfo=dt.UTC)
    assert days_of(late) == {"2024-03-05", "2024-03-06"}
    assert days_of("2024-03-05T10:00") == {"2024-03-05"}


def test_exact_bodies_and_fields_are_counted():
    """A body equal block by block is exact; each field that gold has is its own share."""
    gold = page({"title": "Ferry back", "body": ["One two three four.", "Five."], "standfirst": None, "language": "en"})
    found = score([gold], [row("One two  three four.\n\nFive.", title="Ferry back!", standfirst="Soon.")])
    assert found.body.f1 == 1.0
    assert found.shares == {"exact": 1.0, "title": 1.0, "standfirst": 0.0, "language": 1.0, "articles": 1.0}
    assert found.lead.f1 < 1.0


def test_a_missing_row_has_nothing_right():
    """A page without a row costs recall and every field, and precision too."""
    found = score([page({"title": "Ferry back", "body": ["One two three four."], "agency": None})], [])
    assert (found.body.f1, found.bad) == (0.0, 1.0)
    assert found.shares == {"exact": 0.0, "title": 0.0, "agency": 0.0, "articles": 0.0}


def test_pages_that_are_no_articles_must_give_no_row():
    """Such a page counts for `no_article` alone."""
    found = score([page(), page(file="raw/two.html")], [row("x", raw_path="raw/two.html")])
    assert found.shares == {"no_article": 0.5}
    assert found.figures == {"no_article": 0.5}


def test_rows_of_other_folders_are_not_the_pages():
    """A page is told by the end of its path, not by its file name alone."""
    found = score([page({"body": ["One two three four."]})], [row("One two three four.", raw_path="other/one.html")])
    assert found.body.f1 == 0.0


@pytest.mark.parametrize(
    ("gold", "fields", "is_right"),
    [
        ({"date": "2024-03-05"}, {"published_at": dt.datetime(2024, 3, 5, 9, tzinfo=dt.UTC)}, True),
        ({"modified_at": "2024-03-05T01:00:00Z"}, {"modified_at": dt.datetime(2024, 3, 5, 1, tzinfo=dt.UTC)}, True),
        ({"date": "2024-03-05"}, {"modified_at": dt.datetime(2024, 3, 5, 1, tzinfo=dt.UTC)}, False),
        ({"published_at": None}, {}, True),
        ({"published_at": None}, {"published_at": dt.datetime(2024, 3, 5, 9, tzinfo=dt.UTC)}, False),
    ],
)
def test_dates_are_right_or_rightly_missing(gold, fields, is_right):
    """A date that the page does not state must not be made up."""
    found = score([page({"body": ["One."], **gold})], [row("One.", **fields)])
    assert found.shares["date"] == float(is_right)


def test_captions_topics_and_snippets():
    """Captions are compared in order, topics as a set, snippets in the body."""
    gold = {
        "body": ["One two."],
        "captions": ["A boat"],
        "topics": ["Sea", "Isles"],
        "with": ["two"],
        "without": ["One"],
    }
    found = score(
        [page(gold)], [row("One two.", captions=[{"text": "A boat.", "credit": None}], topics=["isles", "sea"])]
    )
    assert (found.shares["captions"], found.shares["topics"]) == (1.0, 1.0)
    assert found.snippets == {"with": 1.0, "without": 1.0}


def test_segments_are_taken_in_order():
    """The second article of a page is compared with the second row."""
    gold = page({"body": ["One two three four."]}, {"body": ["Five six seven eight."]})
    rows = [row("Five six seven eight.", segment=1), row("One two three four.")]
    assert score([gold], rows).body.f1 == 1.0
