"""Bylines, datelines and dates of dumps, each on its own."""

from __future__ import annotations

import pytest

from newsclean.extract.dates import read_moment
from newsclean.extract.generic.dumps.bylines import byline_in, names_in
from newsclean.extract.generic.dumps.datelines import wire_in
from newsclean.extract.generic.dumps.dates import in_english
from newsclean.extract.generic.dumps.fields import read_head
from newsclean.extract.generic.dumps.lines import look_at

HEADLINE = "Council votes to rebuild the harbour bridge of Port Elmsworth"
STORY = "The council of Port Elmsworth voted on Tuesday to rebuild the old harbour bridge, closed since the storm."


def byline_of(*head, below=()):
    texts = [HEADLINE, *head, STORY, STORY, *below]
    looks = [look_at(text, wide_page=False) for text in texts]
    begin = 1 + len(head)
    found = byline_in(looks, 0, begin, begin + 2, frozenset((0, begin, begin + 1)), looks[begin].rare)
    return found.names if found else ()


@pytest.mark.parametrize(
    ("head", "names"),
    [
        (["By Ingrid Moss and Piet van der Berg"], ("Ingrid Moss", "Piet van der Berg")),
        (["By", "Ingrid Moss", "Piet Berg"], ("Ingrid Moss", "Piet Berg")),
        (["Von Ingrid Moss, dpa"], ("Ingrid Moss", "dpa")),
        (["Ingrid Moss", "12 March 2024, 14:30"], ("Ingrid Moss",)),
        (["Ingrid Moss · The Post · Posted: Mar 12, 2024"], ("Ingrid Moss",)),
        (["Ingrid Moss Deputy Harbour Editor"], ("Ingrid Moss",)),
        (["By", "Ingrid MossNews Reporter"], ("Ingrid Moss",)),
        (["Mar 12, 2024Ingrid Moss"], ("Ingrid Moss",)),
        (["AFP", "12 March 2024, 14:30"], ("AFP",)),
        (["By Maria E. Santos"], ("Maria E. Santos",)),
        (["이몽룡 기자"], ("이몽룡",)),
        (["Harbour News", "12 March 2024"], ()),
        (["Read More", "Key Points"], ()),
    ],
)
def test_bylines_of_many_makes(head, names):
    """A byline is told by its label, by what stands in it or by what stands beside it; menus are none."""
    assert byline_of(*head) == names


@pytest.mark.parametrize(
    ("line", "is_date"),
    [
        ("The old harbour bridge of Port Elmsworth on the day of its opening (Lowmark, 6.12.2010)", False),
        ("Workers on the new bridge of the harbour in the storm, 24 April 2023", False),
        ("First published in the print edition of The Harbour Post on 24 April 2023", True),
        ("The Harbour Post · News of the day from Port Elmsworth · 24 April 2023", True),
        ("By Ingrid Moss, our correspondent in the old harbour of Lowmark, 24 April 2023", True),
        ("24 April 2023, 14:30", True),
    ],
)
def test_date_of_a_caption_is_not_the_pages(line, is_date):
    """A line of many words that ends in a date tells of that day, unless it says who wrote or when it was published."""
    looks = [look_at(text, wide_page=False) for text in (HEADLINE, line, STORY, STORY)]
    found = read_head(looks, 0, 2, 4, frozenset((0, 2, 3)), looks[2].rare)
    assert (found.published is not None) is is_date


def test_note_below_names_the_author():
    """A label below the text names the author where nothing does above."""
    assert byline_of("Share", below=("Share", "Written by", "Ingrid Moss")) == ("Ingrid Moss",)


def test_names_end_where_roles_and_places_begin():
    """What follows a name in its line is no part of it."""
    assert names_in("Anna Lindqvist for the Post") == ("Anna Lindqvist",)
    assert names_in("our own reporters") == ()


@pytest.mark.parametrize(
    ("opening", "place", "month", "day", "agency"),
    [
        ("PORT ELMSWORTH, November 28. /TASS/. The bridge", "PORT ELMSWORTH", 11, 28, "TASS"),
        ("BEIJING, Oct. 9 (Xinhua) -- The bridge", "BEIJING", 10, 9, "Xinhua"),
        ("PORT ELMSWORTH, Nov 22 — The bridge", "PORT ELMSWORTH", 11, 22, None),
        ("Berlin (dpa) - Die Brücke", "Berlin", None, None, "dpa"),
        ("FLUSHING MEADOWS — The bridge", "FLUSHING MEADOWS", None, None, None),
        ("新华社北京11月5日电 大桥", "北京", 11, 5, "Xinhua"),
    ],
)
def test_datelines_of_many_agencies(opening, place, month, day, agency):
    """Place, date and agency of a dateline are read, whatever agency's form it has."""
    wire = wire_in([opening])
    assert wire is not None
    assert (wire.dateline.place, wire.dateline.month, wire.dateline.day, wire.agency) == (place, month, day, agency)
    assert opening.startswith(wire.dateline.text)


@pytest.mark.parametrize(
    "opening",
    [
        "Julia Moss (CDU) - the mayor - said",
        "The bridge (closed since May) - an eyesore",
        "Search tools (SEO) continue",
        "",
    ],
)
def test_brackets_alone_are_no_dateline(opening):
    """A party or a remark in brackets makes no dateline."""
    assert wire_in([opening]) is None


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("Posted on June 29, 2020November 12, 2021", "2020-06-29"),
        ("EditorialNovember 22, 2018", "2018-11-22"),
        ("October 17, 20236:01 PM ET", "2023-10-17"),
        ("Updated on 19-Dec-2025", "2025-12-19"),
        ("입력 2026.07.12 22:09", "2026-07-12"),
    ],
)
def test_dates_glued_to_their_neighbours(printed, day):
    """A date is read where the line ends between elements were lost."""
    moment = read_moment(in_english(printed), None)
    assert moment is not None
    assert moment.at.date().isoformat() == day
