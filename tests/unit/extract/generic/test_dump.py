"""The generic extractor for text dumps: what is kept, what is moved, what is left out and why."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsclean.errors import NotAnArticle, PageError
from newsclean.extract.generic.dumps.extractor import GenericText
from newsclean.model import RawPage, RemovalKind
from newsclean.page import PageView

MENU = ["Home", "News", "Sport", "Weather", "Log in", "Subscribe"]
STORY = [
    "The council of Port Elmsworth voted on Tuesday to rebuild the old harbour bridge, which has been closed since the storm of last winter.",  # noqa: E501
    "Mayor Anna Lindqvist said that the work would begin in March and that it would cost some four million crowns, half of it paid by the state.",  # noqa: E501
    "“We have waited long enough,” she told reporters after the vote, “and the fishermen of this town have waited longer than anybody else.”",  # noqa: E501
    "Engineers found in January that two of the six pillars had moved, and that the bridge could not be opened to lorries without new foundations.",  # noqa: E501
]
FOOTER = [
    "Related articles",
    "Ferry timetable changes again",
    "Copyright 2024 The Elmsworth Post. All rights reserved.",
    "Privacy policy",
    "Contact us",
]
HEADLINE = "Council votes to rebuild the harbour bridge of Port Elmsworth"


def dump_of(*, menu=MENU, head=(HEADLINE, "By Ingrid Moss", "12 March 2024, 14:30"), story=STORY, footer=FOOTER):
    return "\n".join([*menu, *head, "", "\n\n".join(story), "", *footer])


def view_of(text, url=None):
    return PageView(RawPage(body=text.encode(), raw_path="page.txt", url=url))


def extracted(text, url=None):
    (found,) = GenericText().extract(view_of(text, url))
    return found


def test_body_is_the_story_and_nothing_else():
    """Menus above and footers below a story are no part of it."""
    assert [block.text for block in extracted(dump_of()).blocks] == STORY


def test_headline_date_and_byline_are_fields():
    """The lines between menu and story become title, date and author, and are listed as moved."""
    found = extracted(dump_of())
    assert found.title == HEADLINE
    assert found.authors == ("Ingrid Moss",)
    assert found.published is not None
    assert found.published.at.date() == dt.date(2024, 3, 12)
    assert {r.moved_to for r in found.removals if r.moved_to} == {"title", "byline", "published_raw"}


def test_cross_link_inside_is_left_out():
    """A pointer to another story in the middle of a text is removed as such."""
    story = [*STORY[:2], "Read more: Storm closes harbour bridge for the third time", *STORY[2:]]
    found = extracted(dump_of(story=story))
    assert [block.text for block in found.blocks] == STORY
    assert any(r.text.startswith("Read more") and r.kind is RemovalKind.RELATED for r in found.removals)


def test_copyright_line_says_why():
    """What is removed has a rule and a kind that a reader understands."""
    found = extracted(dump_of())
    (removal,) = [r for r in found.removals if r.text.startswith("Copyright")]
    assert (removal.rule, removal.kind) == ("generic-text:copyright-line", RemovalKind.COPYRIGHT)


def test_address_picks_the_headline_far_above():
    """A headline that stands far above the body is found when the page's address repeats its words."""
    menu = [HEADLINE, *(f"Section {n}" for n in range(60))]
    url = "https://news.example/2024/council-votes-to-rebuild-the-harbour-bridge-of-port-elmsworth"
    found = extracted(dump_of(menu=menu, head=("12 March 2024",)), url)
    assert found.title == HEADLINE


def test_listing_is_no_article():
    """A page of menu words and headlines is refused as a listing."""
    with pytest.raises(NotAnArticle):
        GenericText().extract(view_of("\n".join(f"{word} {n}" for n in range(30) for word in MENU)))


OTHER_HEADLINE = "Ferry company of Elmsworth buys two electric boats for the summer"
OTHER_STORY = [
    "The ferry company of Elmsworth has bought two electric boats, which will carry four hundred passengers each from next summer on.",  # noqa: E501
    "They were built in a yard on the west coast and need forty minutes to charge, the company's director Olaf Brandt told this newspaper.",  # noqa: E501
    "The old boats, in service since the seventies, will be sold to a museum that wants to show one of them in its harbour.",  # noqa: E501
    "Tickets will not cost more, Brandt said, because electricity costs the company less than half of what it has paid for oil.",  # noqa: E501
]
OTHER = {"head": (OTHER_HEADLINE, "By Piet Berg", "14 May 2024, 09:15"), "story": OTHER_STORY}


def stories_of(text):
    return GenericText().extract(view_of(text))


@pytest.mark.parametrize("footer", [FOOTER, ["Contact us"]])
def test_two_dumps_run_together_are_two_stories(footer):
    """A dump in which the site's menu, a headline, a date and a text come twice is two, each with its own fields."""
    found = stories_of(dump_of(footer=footer) + "\n" + dump_of(**OTHER, footer=footer))
    assert [one.title for one in found] == [HEADLINE, OTHER_HEADLINE]
    assert [[block.text for block in one.blocks] for one in found] == [STORY, OTHER_STORY]
    assert [one.authors for one in found] == [("Ingrid Moss",), ("Piet Berg",)]


def test_three_dumps_of_three_sites_are_three_stories():
    """A notice of copyright between them parts dumps that have no line in common."""
    third = [text.replace("ferry", "tram").replace("boats", "trams").replace("The", "This") for text in OTHER_STORY]
    pages = [
        dump_of(),
        dump_of(menu=[f"Thema {n}" for n in range(9)], **OTHER),
        dump_of(
            menu=[f"Sujet {n}" for n in range(9)], head=("Trams of the town to be sold", "2 June 2024"), story=third
        ),
    ]
    assert [one.title for one in stories_of("\n".join(pages))] == [
        HEADLINE,
        OTHER_HEADLINE,
        "Trams of the town to be sold",
    ]


@pytest.mark.parametrize(
    "text",
    [
        dump_of(footer=[*FOOTER, *MENU]),
        dump_of(footer=[*FOOTER, *MENU, *OTHER_STORY]),
        dump_of() + "\n" + dump_of(),
        dump_of(story=[*STORY, "© 2024 The Elmsworth Post", *OTHER_STORY]),
    ],
)
def test_one_page_is_never_split(text):
    """A menu or a notice that comes again, text without a headline of its own, or the same story make no second."""
    assert len(stories_of(text)) == 1


def test_a_page_full_of_notices_takes_no_longer():
    """Where a hundred notices of copyright part as many texts, none is taken for the end of a page."""
    text = "\n".join([dump_of(), dump_of(**OTHER), *("\n".join(["© 2024", *STORY]) for _ in range(100))])
    assert len(stories_of(text)) == 1


def test_same_dump_same_extraction():
    """Nothing but the page decides."""
    assert extracted(dump_of()) == extracted(dump_of())


_LINE = st.one_of(
    st.sampled_from(
        [
            *MENU,
            *STORY,
            *FOOTER,
            HEADLINE,
            "",
            "",
            "By Ingrid Moss",
            "12.03.2024",
            "記者 山田",
            "اقرأ أيضا",
            "\u200b",
            "|",
        ]
    ),
    st.text(max_size=60).filter(lambda text: "<" not in text),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_LINE, max_size=60))
def test_every_line_is_kept_or_listed(lines):
    """Each line with visible text is in the blocks or in the removals, once and in order."""
    view = view_of("\n".join(lines))
    try:
        (found,) = GenericText().extract(view)
    except PageError:
        return
    places = [int(piece.where[1:]) for piece in (*found.blocks, *found.removals)]
    with_text = [line.number for line in view.lines if line.text.strip("\u00ad\u200b\u2060\ufeff \u00a0")]
    assert len(places) == len(set(places))
    assert set(with_text) <= set(places)
    assert [int(b.where[1:]) for b in found.blocks] == sorted(int(b.where[1:]) for b in found.blocks)
