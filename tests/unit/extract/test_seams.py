"""Lines are cut at the seams that a layout names."""

from __future__ import annotations

import pytest

from newsclean.extract.profile import FlatRules, HeadLine, TextRules
from newsclean.extract.seams import Seam, Seams

HEAD = (HeadLine(field="title"),)


@pytest.mark.parametrize(
    ("pattern", "text", "parts"),
    [
        (r"(?<=end)(?=News)", "The endNews again", ["The end", "News again"]),
        (r"end ", "The end News", ["The end", "News"]),
        (r"(Topics) (?=[A-Z])", "text Topics Rivers", ["text", "Topics", "Rivers"]),
        (r"^(News) (?:(\d+) )?(.+)$", "News 12 Flood", ["News", "12", "Flood"]),
        (r"^(News) (?:(\d+) )?(.+)$", "News Flood", ["News", "Flood"]),
        (r"(?P<word>\w+) - (?P=word) (rest)", "a - a rest of it", ["a - a", "rest", "of it"]),
        (r"(Topics)", "nothing here", ["nothing here"]),
        (r"(\*)", "a * b * c", ["a", "*", "b", "*", "c"]),
    ],
)
def test_a_line_is_cut_around_unnamed_groups(pattern, text, parts):
    """Unnamed groups that took part are parts of their own; without any the match's end is the cut."""
    assert Seam(pattern).cut(text) == parts


def test_seams_for_flat_lines_leave_others_alone():
    """A line that does not hold a whole page must be cut at the layout's general seams only."""
    rules = TextRules(head=HEAD, seams=(r"(;)",), flat=FlatRules(line="Status Published", seams=(r"(Status)",)))
    seams = Seams(rules)
    assert seams.parts("a; Status b") == ["a", ";", "Status b"]
    assert seams.parts("a; Status Published") == ["a", ";", "Status", "Published"]


def test_a_layout_may_have_no_seams():
    """Without seams a line is one part."""
    seams = Seams(TextRules(head=HEAD))
    assert not seams
    assert seams.parts("a b") == ["a b"]
