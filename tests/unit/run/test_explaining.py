"""A page taken apart: every piece is there, in the order of the page, with what became of it."""

from __future__ import annotations

import pytest

from newsclean.errors import ConfigError, UnreadablePage
from newsclean.run.explaining import explain_file


@pytest.fixture
def explained(project):
    def explain(name, **options):
        return explain_file(project.raw / name, sites=[project.sites], language_backend="langdetect", **options)

    project.profile()
    return explain


def test_pieces_stand_in_the_order_of_the_page(project, explained):
    """Navigation, title, body and footer of a page with markup come in that order, each with its fate."""
    project.page("a.html", title="Ferry is back", url="https://lowmark.test/1")
    explanation = explained("a.html")
    fates = [
        (piece.text.split(" ")[0], "kept" if piece.rule is None else piece.moved_to) for piece in explanation.pieces
    ]
    assert fates == [("Home", None), ("Ferry", "title"), ("Some", "kept"), ("Nobody", "kept"), ("All", None)]
    assert explanation.lost == ()


def test_lines_of_a_dump_stand_in_their_order(project, explained):
    """The lines of a text are shown by number."""
    project.page("a.txt", body=b"Home\n\nThe ferry to the island sails again after a week of storms, they say.\n" * 3)
    numbers = [int(piece.where.removeprefix("L").partition("-")[0]) for piece in explained("a.txt").pieces]
    assert numbers == sorted(numbers)


def test_a_url_can_be_given(project, explained):
    """A URL given by hand decides whose page it is."""
    project.page("a.html")
    assert explained("a.html", url="https://lowmark.test/9").outcome.extractor == "lowmark.test"


def test_a_rejected_page_says_why_and_shows_its_text(project, explained):
    """A page that gives no article has its reason and all its pieces, with no fate."""
    project.page("a.txt", body=b"Home\nShare\n")
    explanation = explained("a.txt")
    assert explanation.outcome.rejection is not None
    assert [piece.text for piece in explanation.pieces] == ["Home", "Share"]


def test_an_empty_or_missing_file_is_an_error(project, explained):
    """A file without bytes has nothing to show, and one that is not there is said to be missing."""
    project.page("empty.html", body=b"")
    with pytest.raises(UnreadablePage):
        explained("empty.html")
    with pytest.raises(ConfigError):
        explained("nowhere.html")
