"""Numbers as a sentence has them."""

from __future__ import annotations

from newsclean.cli.counting import counted


def test_one_thing_is_no_things():
    """One is one, none and many are many."""
    assert [counted(number, "page") for number in (0, 1, 2, 1200)] == ["0 pages", "1 page", "2 pages", "1,200 pages"]
