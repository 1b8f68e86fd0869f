"""CSS selectors from the page's index of elements: the same elements as a walk through the tree finds."""

from __future__ import annotations

import pytest
from cssselect import HTMLTranslator

from newsclean.extract.selectors import SelectorError, compile_css
from newsclean.model import RawPage
from newsclean.page import PageView

PAGE = """<html lang="en"><head><title>t</title><meta name="a" content="b"></head><body>
<div id="top" class="box wide"><p>1</p><div class="box"><p>2</p><a href="/x" class="more link">3</a></div><p>4</p></div>
<div class="boxer" data-kind="story lead"><P>5</P><ul><li><a>6</a></li><li class="box"><p>7</p></li></ul></div>
<article id="event-9"><h1>8</h1><section>
<div class="text-include_news">9</div><p class="Paragraph__a1">10</p></section></article>
<p>11</p></body></html>"""

SELECTORS = [
    "p",
    ".box",
    "#top",
    "div.box",
    "div#top.box.wide",
    "P",
    "div p",
    "div > p",
    "#top p",
    "#top > p",
    ".box > p",
    ".box p",
    "div div p",
    "body div > p",
    "#top .box p",
    "ul > li > a",
    "ul a",
    "a[href]",
    "a[href='/x']",
    "article[id^=event-]",
    "article[id^=event-] p",
    "article p[class^=Paragraph]",
    "article div[class^=text-include]",
    "div[data-kind~=lead]",
    "div[class*=xer]",
    "p[class$=a1]",
    "h1, p, #top",
    "li.box, .box",
    "li:first-child",
    "p + div",
    "div ~ article p",
    "*",
    "nosuch, .nosuch, #nosuch",
]


@pytest.fixture(scope="module")
def view():
    return PageView(RawPage(body=PAGE.encode(), raw_path="page.html"))


@pytest.mark.parametrize("selector", SELECTORS)
def test_finds_what_xpath_finds(view, selector):
    """Each selector must give the elements, and the order, of its translation to XPath."""
    expected = view.tree.xpath(HTMLTranslator().css_to_xpath(selector))
    assert compile_css(selector)(view) == expected


def test_children_of_nested_boxes_stand_in_document_order(view):
    """Children of an outer box that follow those of an inner one must come after them."""
    assert [element.text for element in compile_css(".box > p")(view)] == ["1", "2", "4", "7"]


def test_what_is_no_selector_is_refused():
    """A broken selector must be an error when it is compiled, not when a page is read."""
    with pytest.raises(SelectorError):
        compile_css("div[")
