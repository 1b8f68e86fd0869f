"""Pages made to take for ever, or to break what reads them: each is read through, or refused.

Nothing is asserted on time: a reading that grows with the square of these sizes does not end.
"""

from __future__ import annotations

import pytest
from lxml import etree, html

from newsclean.model import RawPage
from newsclean.page import PageView, units
from newsclean.text import count_chars


def view(body):
    return PageView(RawPage(body=body.encode(), raw_path="page.html"))


def marked(root):
    return {element: number % 3 for number, element in enumerate(root.iter("*")) if number % 2}


@pytest.mark.parametrize(
    ("name", "body", "chars"),
    [
        ("siblings", "<body>" + "<p>ab</p>" * 100_000, 200_000),
        ("unclosed bold", "<body>" + "<b><p>x" * 30_000, 30_000),
        ("unclosed links", "<body>" + "<a href=x>t " * 50_000, 50_000),
        ("breaks", "<body>x" + "<br>" * 300_000, 1),
        ("breaks and nothing", "<body>x<br>" + "<b> </b>" * 100_000 + "<br>y", 2),
        ("comments", "<body>" + "<!-- -->" * 300_000 + "x", 1),
        ("entities", "<body><p>" + "&amp;&eacute;&foo;&#x41;" * 100_000, 800_000),
        ("signs", "<html><body>" + "<" * 1_000_000, 1_000_000),
        ("white space", "<html>" + " " * 2_000_000 + "<p>x", 1),
        ("one class of many names", "<html><body><p class='" + "a b " * 500_000 + "'>x</p>", 1),
        ("long ids", "<html><body>" + f"<div id='{'i' * 100_000}'>" + "<p>x</p>" * 10_000, 10_000),
        ("deep as allowed", "<html><body>" + "<div>a" * 2_000 + "b</div>" * 2_000, 4_000),
        ("deep lines", "<html><body>" + "<i>a " * 2_000 + "b</i> " * 2_000, 4_000),
    ],
)
def test_a_hostile_page_is_read_through(name, body, chars):
    """Every reading of such a page ends, and holds all of its text, with marks too."""
    page = view(body)
    found = list(units(page.tree))
    assert sum(count_chars(unit.text) for unit in found) == chars
    assert sum(count_chars(unit.text) for unit in units(page.tree, marked(page.tree))) == chars
    assert max(len(unit.where) for unit in found) < 4_000
    assert page.elements["body"]
    assert page.declared_language is None


@pytest.mark.parametrize("tag", ["div", "span"])
def test_walking_does_not_recurse(tag):
    """A tree 20,000 elements deep is walked: the parser gives no such tree, and lxml takes long to build more."""
    root = at = html.Element("body")
    for _ in range(20_000):
        at = etree.SubElement(at, tag)
        at.text = "a "
        at.tail = "b "
    for marks in ({}, marked(root)):
        found = list(units(root, marks))
        assert sum(count_chars(unit.text) for unit in found) == 40_000
        assert max(len(unit.where) for unit in found) < 4_000
    for element in list(root):
        root.remove(element)


@pytest.mark.slow
def test_a_page_of_fifty_megabytes_is_read_through():
    """The largest page that is let in has all of its units."""
    page = view("<html><body>" + "<div class='a b'><p>A <b>bold</b> word of a long page.</p></div>\n" * 700_000)
    assert sum(1 for _ in units(page.tree)) == 700_000


def test_real_pages_lose_nothing(shared):
    """On real pages, units hold the visible text to the character, whatever is marked."""
    import gzip

    from newsclean.page.visible import count_visible_chars

    for path in sorted((shared / "pages" / "publishers").rglob("*.gz"))[::10]:
        page = PageView(RawPage(body=gzip.decompress(path.read_bytes()), raw_path=path.name))
        chars = count_visible_chars(page)
        for marks in ({}, marked(page.tree)):
            assert sum(count_chars(unit.text) for unit in units(page.tree, marks)) == chars, path
