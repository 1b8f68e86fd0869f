"""Lists of words that a profile's patterns name."""

from __future__ import annotations

from newsclean.extract.profile_words import with_words


def test_a_name_in_braces_stands_for_its_list():
    """Patterns anywhere in the profile must have the list spelt out, in its order."""
    data = {"words": {"town": ["Tver", "Old Tver"]}, "layout": [{"text": {"head": [{"line": "{town}, x{1,3}"}]}}]}
    assert with_words(data)["layout"][0]["text"]["head"][0]["line"] == "(?:Tver|Old Tver), x{1,3}"


def test_a_list_may_name_those_before_it():
    """Lists are built from lists."""
    data = {"words": {"day": [r"\d\d"], "date": ["{day} May"]}, "dateline": "{date}"}
    assert with_words(data)["dateline"] == r"(?:(?:\d\d) May)"


def test_other_braces_stay():
    """What names no list must stay as written."""
    data = {"words": {"town": ["Tver"]}, "line": "{{item}} {name} {2,}"}
    assert with_words(data)["line"] == "{{item}} {name} {2,}"


def test_a_profile_without_words_is_as_it_was():
    """Nothing is touched where there are no lists."""
    data = {"line": "{town}"}
    assert with_words(data) is data
    wrong = {"words": 3, "line": "{town}"}
    assert with_words(wrong) is wrong
