"""What a layout says of a page as a whole: that it is no article, its language, whose page it is; lists amid a text."""

from __future__ import annotations

import pytest

from newsclean.errors import NotAnArticle, Reason
from newsclean.extract.profile_loading import load_profile
from newsclean.extract.routing import Router
from newsclean.extract.selectors import compile_css
from newsclean.model import RawPage
from newsclean.page import PageView

PROFILE = r"""
publisher = "Courier"
[urls]
article = ['/news/(?P<key>\d+)']
[[signature]]
all = ['^THE COURIER$']
[[signature]]
kind = "html"
all = ['content="The Courier"']
[[layout]]
name = "photos"
reason = "gallery"
[layout.html]
evidence = ["div.photos"]
body = []
[layout.text]
head = [{ line = 'PHOTOS', rule = "label" }, { field = "title" }]
[[layout]]
name = "story"
language = "en"
[layout.html]
evidence = ["article"]
body = ["article"]
[layout.text]
head = [{ line = 'NEWS', rule = "label" }, { field = "title" }]
tail = [
    { line = 'Read also', rule = "read-also", kind = "related", entry_end = '\d+ May' },
    { line = 'Key: (?P<story_key>\d+)', rule = "key" },
    { line = 'Filed under: (?P<sections>.*)', rule = "filed", separator = "," },
    { line = 'Topics', rule = "topics", field = "topics", value = '[A-Z][^A-Z]*', unless = '\d+ more' },
]
"""


@pytest.fixture
def router(tmp_path):
    path = tmp_path / "courier.example.toml"
    path.write_text(PROFILE, encoding="utf-8")
    return Router([load_profile(path)])


def page(text, url=None):
    return PageView(RawPage(body=text.encode(), raw_path="page", url=url))


def body(found):
    return [block.text for block in found.blocks]


@pytest.mark.parametrize(
    "text",
    [
        '<html><head><meta content="The Courier"></head><body><div class="photos"><p>A lake.</p></div></body></html>',
        "THE COURIER\nPHOTOS\nA lake\nBy night",
    ],
)
def test_a_layout_with_a_reason_is_no_article(router, text):
    """Pages of such a layout must be left out for that reason, in markup and as text."""
    with pytest.raises(NotAnArticle) as error:
        router.extract(page(text))
    assert error.value.reason is Reason.GALLERY


def test_markup_without_a_url_is_known_by_its_signature(router):
    """A signature of kind html must be looked for in the source, and only there."""
    html = (
        '<html><head><meta content="The Courier"></head><body><article><p>The lake froze.</p></article></body></html>'
    )
    assert router.extract(page(html)).site == "courier.example"
    assert router.site_of(page('content="The Courier" is what the page said')) is None


def test_a_layouts_language_is_declared_where_nothing_else_says_it(router):
    """The frame's own words tell the language of a dump."""
    (found,) = router.extract(page("THE COURIER\nNEWS\nIce on the lake\nIt froze.")).extractions
    assert found.declared_language == "en"


def test_a_list_amid_the_text_ends_with_its_last_entry(router):
    """After the entries of a list the body must go on."""
    text = (
        "THE COURIER\nNEWS\nIce\nIt froze.\nRead also\nBoats\n3 May\nA long headline\nin two lines\n4 May\nIt thawed."
    )
    (found,) = router.extract(page(text)).extractions
    assert body(found) == ["It froze.", "It thawed."]


def test_a_zone_without_entries_lasts_to_the_next_one(router):
    """What has no entry of the list's form belongs to the zone to its end."""
    text = "THE COURIER\nNEWS\nIce\nIt froze.\nRead also\nAll of it\nAnd more\nAnd more again\nKey: 7"
    (found,) = router.extract(page(text)).extractions
    assert (body(found), found.story_key) == (["It froze."], "7")


def test_one_url_does_not_name_two_stories(router):
    """Where a page holds several stories its URL's key must go to none of them."""
    text = "NEWS\nIce\nIt froze.\nNEWS\nBoats\nThey sailed.\nKey: 9"
    found = router.extract(page(text, "http://courier.example/news/5")).extractions
    assert [one.story_key for one in found] == [None, "9"]
    (alone,) = router.extract(page("NEWS\nIce\nIt froze.", "http://courier.example/news/5")).extractions
    assert alone.story_key == "5"


def test_the_first_of_several_sections_is_the_section(router):
    """A story filed under several sections must be in the first."""
    (found,) = router.extract(page("THE COURIER\nNEWS\nIce\nIt froze.\nFiled under: Nature, Sport")).extractions
    assert found.section == "Nature"


def test_values_run_together_are_told_by_their_pattern(router):
    """A zone's line may hold several values, and lines that hold none."""
    (found,) = router.extract(
        page("THE COURIER\nNEWS\nIce\nIt froze.\nTopics\nLakes and ice Winter\n2 more")
    ).extractions
    assert found.topics == ("Lakes and ice", "Winter")


@pytest.mark.parametrize(
    ("selector", "texts"),
    [
        ("p:not([class])", ["two"]),
        ("p:not(.a)", ["two", "three"]),
        ("p:not(#x)", ["one", "two"]),
        ("p.b:not(.a)", ["three"]),
        ("p:not(p.a)", ["two", "three"]),
    ],
)
def test_negated_selectors(selector, texts):
    """`:not()` must leave out what it names, also where it falls back to XPath."""
    view = page('<html><body><p class="a">one</p><p>two</p><p id="x" class="b c">three</p></body></html>')
    assert [element.text for element in compile_css(selector)(view)] == texts
