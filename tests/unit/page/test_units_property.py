"""Whatever tree, whatever marks: all visible text is in the units, once, in order."""

from __future__ import annotations

import re
from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from newsclean.page import units
from newsclean.page.tree import parse_html
from newsclean.page.units import INLINE_TAGS, INVISIBLE_TAGS
from newsclean.text import squeeze

_VOID = ("br", "hr", "img", "wbr", "input")
_TAGS = ("div", "p", "section", "ul", "li", "table", "h2", "blockquote", "pre", "b", "i", "a", "span", "td", "button")
_HIDDEN = ("script", "style", "svg", "noscript")
_WORDS = st.text(st.sampled_from("abc漢ж.,!?;:)’ \n\t\u00a0\u200b\u00ad"), max_size=8)
_FRAGMENTS = st.recursive(
    st.one_of(
        _WORDS,
        st.sampled_from([f"<{tag}>" for tag in _VOID]),
        st.sampled_from([f"<{tag}>x</{tag}>" for tag in _HIDDEN]),
        st.just("<!-- x -->"),
        st.sampled_from(
            ["<br><br>", "a<br> \n<br>b", "a<br><b> </b><br>b", "a<br><i></i>&nbsp;<br>b", "<b>a<br></b><br>b"]
        ),
    ),
    lambda inside: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", st.sampled_from(_TAGS), st.lists(inside, max_size=5)
    ),
    max_leaves=30,
)
_ENDS = re.compile(r"\x01|\x00[\s\u200b\u00ad]*\x00")  # an edge, or two breaks with nothing visible between
_PAGES = st.lists(_FRAGMENTS, max_size=6).map(
    lambda parts: parse_html(f"<html><body>{''.join(parts)}</body></html>").root
)


def dense(text):
    """Return what is to be seen of a text, without white space."""
    return "".join(one for one in text if not one.isspace() and one not in "\u00ad\u200b\u2060\ufeff")


def visible(root, marks):
    """Yield the visible text nodes in document order, each with the mark that holds for it: a plain recursion."""

    def below(element, mark):
        mark = marks.get(element, mark)
        if element.text:
            yield element.text, mark
        for child in element:
            if isinstance(child.tag, str) and child.tag not in INVISIBLE_TAGS:
                yield from below(child, mark)
            if child.tail:
                yield child.tail, mark

    return below(root, None)


_BREAK, _CUT = "\x00", "\x01"


def tokens(element):
    """Yield the texts below `element`, `_BREAK` for each `<br>` and `_CUT` at the edges of blocks."""
    yield element.text or ""
    for child in element:
        if child.tag == "br":
            yield _BREAK
        elif isinstance(child.tag, str) and child.tag not in INVISIBLE_TAGS:
            edge = "" if child.tag in INLINE_TAGS else _CUT
            yield edge
            yield from tokens(child)
            yield edge
        yield child.tail or ""


def lines(root):
    """Return the runs of an unmarked page: an independent reading of the rules, by splitting one string."""
    stream = "".join(tokens(root))
    return [line for run in _ENDS.split(stream) if (line := squeeze(run.replace(_BREAK, " ")))]


@settings(deadline=None)
@given(_PAGES)
def test_no_text_is_lost_or_doubled(root):
    """Without marks, units hold all visible text in document order."""
    found = "".join(dense(unit.text) for unit in units(root))
    assert found == dense("".join(text for text, _ in visible(root, {})))


@settings(deadline=None)
@given(_PAGES)
def test_runs_are_cut_as_a_plain_recursion_cuts_them(root):
    """Without marks and preformatted text, units are the lines of an independent reading of the rules."""
    if next(root.iter("pre"), None) is None:
        assert [unit.text for unit in units(root)] == lines(root)


@settings(deadline=None)
@given(_PAGES, st.data())
def test_marks_part_text_and_lose_none(root, data):
    """With random marks, the text of each mark is whole and in document order, and units follow their marks."""
    marked = data.draw(st.lists(st.sampled_from([*root.iter("*")]), max_size=6, unique_by=id))
    marks = {element: number for number, element in enumerate(marked)}
    expected, found = defaultdict(str), defaultdict(str)
    for text, mark in visible(root, marks):
        expected[mark] += text
    for unit in units(root, marks):
        found[unit.mark] += unit.text
    for mark, text in expected.items():
        assert dense(found[mark]) == dense(text)
    assert {mark for mark, text in found.items() if text} <= set(expected)


@settings(deadline=None)
@given(_PAGES, st.data())
def test_few_marks_for_many_elements_lose_nothing(root, data):
    """Marks that many elements share, None among them, lose no character."""
    marks = {element: data.draw(st.sampled_from(["a", "b", None])) for element in root.iter("*")}
    expected = sorted(dense("".join(text for text, _ in visible(root, marks))))
    assert sorted("".join(dense(unit.text) for unit in units(root, marks))) == expected


@settings(deadline=None)
@given(_PAGES)
def test_units_are_squeezed_and_placed(root):
    """Every unit has text on one line, an element of the page, and a place no other unit of its element has."""
    elements = set(root.iter("*"))
    places = set()
    for unit in units(root):
        assert unit.text == squeeze(unit.text) != ""
        assert unit.element in elements
        assert (unit.element, unit.where) not in places
        places.add((unit.element, unit.where))
