"""Golden cases: what differs is named field by field."""

from __future__ import annotations

import json

import pytest

from newsclean.errors import ConfigError
from newsclean.extract.routing import load_router
from newsclean.run.cases import check_case, find_cases


@pytest.fixture
def case(project):
    """Return what writes a case of the project's site and gives its result."""
    project.profile()

    def check(expected, meta=None, page="page.html"):
        folder = project.root / "cases" / "lowmark.test" / "one"
        project.page(f"../cases/lowmark.test/one/{page}", title="Ferry is back")
        (folder / "expected.json").write_text(json.dumps(expected))
        (folder / "meta.json").write_text(json.dumps(meta or {"url": "https://lowmark.test/1"}))
        (found,) = find_cases(project.root / "cases")
        return check_case(found, load_router([project.sites]))

    return check


@pytest.fixture
def right(case):
    """Return the article that the page gives, as a case would spell it."""
    return {one.field.partition(".")[2]: one.found for one in case({"articles": [{}]}).differences}


def test_a_case_that_names_all_fields_rightly_has_no_differences(case, right):
    """Site, number of articles and every field are compared."""
    result = case({"articles": [right]})
    assert result.differences == ()
    assert result.compared == len(right) + 3
    assert right["title"] == "Ferry is back"


def test_a_wrong_a_missing_and_a_made_up_field_are_named(case, right):
    """Each field has its own verdict, with what was expected and what was found."""
    expected = {**right, "title": "Other", "byline": "By Ann Other"}
    del expected["publisher"]
    found = {one.field: (one.expected, one.found) for one in case({"articles": [expected]}).differences}
    assert found == {
        "articles[0].title": ("Other", "Ferry is back"),
        "articles[0].byline": ("By Ann Other", None),
        "articles[0].publisher": (None, "The Lowmark Courier"),
    }


def test_an_article_in_place_of_a_rejection_is_a_difference(case):
    """A page that should be rejected and is not, differs."""
    fields = [one.field for one in case({"rejection": "listing"}).differences]
    assert "rejection" in fields


@pytest.mark.parametrize(
    ("expected", "meta", "message"),
    [
        ({"articles": [{"titel": "x"}]}, None, r"articles\[0\].titel: unknown field; known are .*title"),
        ({}, None, 'either "articles", with one or more, or "rejection"'),
        ([], None, "a JSON object is needed"),
        ({"rejection": "listing"}, {"uri": "x"}, "meta.json: uri: unknown key; known are .*url"),
    ],
)
def test_a_case_that_says_nothing_sensible_is_an_error(case, expected, meta, message):
    """A case with unknown keys or without an outcome names its file and the way out."""
    with pytest.raises(ConfigError, match=message):
        case(expected, meta)


def test_a_case_has_one_page(case, project):
    """Two pages in a case, or none, are an error."""
    project.page("../cases/lowmark.test/one/page.txt")
    with pytest.raises(ConfigError, match="a case has one page"):
        case({"rejection": "listing"})
