"""From values as found to the fields of an article: names, agencies, datelines, dates and whose they are."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from newsclean.extract.fields import (
    FoundFields,
    agency_name,
    author_names,
    column_of,
    extraction_fields,
    parse_dateline,
)
from newsclean.extract.profile import Layout, Profile, UrlRules
from newsclean.model import Caption, Dateline, Precision

FETCHED = dt.datetime(2024, 1, 10, 6, tzinfo=dt.UTC)


def profile(**more):
    return Profile(publisher="The Courier", layout=(Layout(name="x"),), timezone="Europe/Moscow", **more)


def found(**values):
    fields = FoundFields()
    for name, value in values.items():
        for one in value if isinstance(value, list) else [value]:
            fields.add(name, one)
    return fields


def read(fields, rules=None, url=None, fetched_at=None):
    return extraction_fields(fields, rules or profile(), url=url, fetched_at=fetched_at)


def test_a_single_field_keeps_its_first_value():
    """What was found first stands; empty values are no values."""
    fields = found(title=["", "  One \n title", "Another"])
    assert fields.one("title") == "One title"
    assert fields.has("title")
    assert not fields.has("byline")
    assert fields.one("byline") is None


def test_a_list_field_keeps_order_and_no_doubles():
    """Tags printed twice are one tag, in the order of the page."""
    assert found(topics=["b", "a", "b"]).all("topics") == ("b", "a")


def test_pieces_of_a_standfirst_are_joined():
    """A standfirst printed on two lines is one text."""
    assert read(found(standfirst=["One half", "and the other"]))["standfirst"] == "One half and the other"


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("By Ada Byron", ["Ada Byron"]),
        ("By ADA BYRON in London", ["ADA BYRON"]),
        ("by Ada Byron and Mary Shelley", ["Ada Byron", "Mary Shelley"]),
        ("By Ada Byron in London and Mary Shelley in Geneva", ["Ada Byron", "Mary Shelley"]),
        ("By Ada Byron and Mary Shelley in London and Geneva", ["Ada Byron", "Mary Shelley"]),
        (
            "Ada Byron, Mary Shelley; Jane Austen & Ann Radcliffe",
            ["Ada Byron", "Mary Shelley", "Jane Austen", "Ann Radcliffe"],
        ),
        ("Автор: Анна Иванова и Петр Сидоров", ["Анна Иванова", "Петр Сидоров"]),
        ("张三、李四", ["张三", "李四"]),
        ("", []),
    ],
)
def test_bylines_are_parted_into_names(printed, names):
    """Places, `By` and what joins names must go; each name stands once."""
    assert author_names([printed]) == tuple(names)


def test_agencies_and_the_paper_are_no_authors():
    """A byline `By Agencies` names nobody."""
    rules = profile(agencies={"Agencies": "", "Xinhua": "Xinhua"})
    assert read(found(authors="By Agencies"), rules)["authors"] == ()
    assert read(found(authors=["Ada Byron and Xinhua"]), rules)["authors"] == ("Ada Byron",)
    assert read(found(authors="The Courier"), rules)["authors"] == ()


@pytest.mark.parametrize(
    ("printed", "name"), [("ИТАР-ТАСС", "TASS"), (" xinhua ", "Xinhua"), ("Agencies", None), ("Bob", None)]
)
def test_a_wire_service_has_one_name(printed, name):
    """Forms of a service's name become one; what is no service by name becomes nothing."""
    rules = profile(agencies={"ИТАР-ТАСС": "TASS", "Xinhua": "Xinhua", "Agencies": ""})
    assert agency_name(printed, rules) == name


def test_a_source_that_is_a_wire_service_is_the_agency():
    """Only a source that the profile knows as a service is credited as one."""
    rules = profile(agencies={"Xinhua": "Xinhua"})
    assert read(found(source=["The Courier", "Xinhua"]), rules)["agency"] == "Xinhua"
    assert read(found(source="The Courier"), rules)["agency"] is None
    assert read(found(agency="Reuters"), rules)["agency"] == "Reuters"


def test_a_dateline_has_its_parts():
    """Place, month by name and day are read from the groups; the text is as printed."""
    pattern = re.compile(r"(?P<place>[A-Z ]+), (?P<month>[A-Z][a-z]+\.?) (?P<day>\d+)\. /X/\.")
    match = pattern.match("NOWHERE CITY, Sept. 5. /X/. A text.")
    assert match
    assert parse_dateline(match) == Dateline(text="NOWHERE CITY, Sept. 5. /X/.", place="NOWHERE CITY", month=9, day=5)


def test_a_dateline_may_say_less():
    """A dateline of a place alone, or of a numeric month, is a dateline."""
    place = re.match(r"(?P<place>[A-Z]+) --", "KIGALI -- A bus")
    numeric = re.match(r"(?P<place>\w)(?P<month>\d+)月(?P<day>\d+)日电", "京9月3日电")
    assert place
    assert numeric
    assert parse_dateline(place) == Dateline(text="KIGALI --", place="KIGALI")
    assert parse_dateline(numeric) == Dateline(text="京9月3日电", place="京", month=9, day=3)


def test_a_printed_date_is_the_publication_date():
    """Date and time printed apart are one moment on the site's clock."""
    values = read(found(published="March 1, 2021", published_time="09:30"))
    assert values["published_raw"] == "March 1, 2021, 09:30"
    assert values["published"].at == dt.datetime(2021, 3, 1, 6, 30, tzinfo=dt.UTC)
    assert values["flags"] == ()


def test_a_date_without_a_year_stays_one_without_evidence():
    """No URL and no fetch time: what is printed is kept, and no moment is made of it."""
    values = read(found(published="May 22, 18:23 UTC+3"))
    assert (values["published_raw"], values["published"], values["flags"]) == ("May 22, 18:23 UTC+3", None, ())


@pytest.mark.parametrize(
    ("printed", "year"), [("January 9, 14:02", 2024), ("January 11, 8:00", 2024), ("May 22", 2023)]
)
def test_the_fetch_gives_the_year_and_says_so(printed, year):
    """The year is the last one in which that day was not after the fetch, with a day's grace, and a flag tells it."""
    values = read(found(published=printed), fetched_at=FETCHED)
    assert values["published"].at.year == year
    assert values["flags"] == ("year_from_fetched_at",)


def test_a_profile_may_forbid_the_year_of_the_fetch():
    """Where pages are refetched years later, the fetch says nothing of the year."""
    assert read(found(published="May 22"), profile(year_from_fetch=False), fetched_at=FETCHED)["published"] is None


def test_the_url_gives_the_year_or_the_day():
    """A URL's day completes a printed date of the same day, or stands in for one, each with its flag."""
    rules = profile(urls=UrlRules(date=r"/(?P<year>\d{4})/(?P<month>\d\d)/(?P<day>\d\d)/"))
    url = "https://a.example/2023/05/22/x"
    completed = read(found(published="May 22, 10:00"), rules, url)
    alone = read(found(), rules, url)
    other = read(found(published="May 23, 10:00"), rules, url)
    assert completed["published"].at == dt.datetime(2023, 5, 22, 7, tzinfo=dt.UTC)
    assert completed["flags"] == ("year_from_url",)
    assert alone["published"].precision is Precision.DAY
    assert alone["flags"] == ("published_from_url",)
    assert other["published"].at == dt.datetime(2023, 5, 22, tzinfo=dt.UTC)


def test_an_update_time_is_no_publication_date():
    """A page that prints only when it was updated says so in published_raw, and has no publication date by it."""
    values = read(found(modified="Updated: 2019-11-29 10:36"))
    assert values["published"] is None
    assert values["published_raw"] == values["modified_raw"] == "Updated: 2019-11-29 10:36"
    assert values["modified"].at == dt.datetime(2019, 11, 29, 7, 36, tzinfo=dt.UTC)


def test_a_caption_has_its_credit():
    """The first pattern that finds a credit gives it; the caption's text stays whole."""
    rules = profile(credit=(r"\[Photo/(?P<credit>[^\]]+)\]", r"© (?P<credit>.+)"))
    captions = read(found(captions=["A bridge. [Photo/Ada]", "A mill © Bob", "A lake"]), rules)["captions"]
    assert captions == (
        Caption(text="A bridge. [Photo/Ada]", credit="Ada"),
        Caption(text="A mill © Bob", credit="Bob"),
        Caption(text="A lake"),
    )


def test_a_story_has_the_key_of_its_url():
    """The first article pattern with a group `key` names the story; a key found on the page comes first."""
    rules = profile(urls=UrlRules(article=(r"/draft/\d+", r"/(?P<key>\d+)$")))
    assert read(found(), rules, "https://a.example/news/77")["story_key"] == "77"
    assert read(found(), rules, "https://a.example/news/")["story_key"] is None
    assert read(found(story_key="WS1"), rules, "https://a.example/news/77")["story_key"] == "WS1"


@pytest.mark.parametrize(
    ("fields", "column"),
    [
        (["title"], "title"),
        (["published", "place"], "published_raw"),
        (["source", "modified"], "modified_raw"),
        (["source"], "agency"),
        (["sections"], "section"),
        ([], None),
    ],
)
def test_a_removal_names_the_column(fields, column):
    """What a text became is named by the dataset's column, not by the profile's word for it."""
    assert column_of(fields) == column
