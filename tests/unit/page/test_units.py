"""From a tree to visible runs of text: nothing lost, nothing doubled, sentences whole."""

from __future__ import annotations

import pytest
from lxml import html

from newsclean.model import BlockKind
from newsclean.page import units
from newsclean.page.tree import parse_html


def tree(body):
    return parse_html(f"<html><head><title>No text</title></head><body>{body}</body></html>").root


def texts(body, marks=None):
    root = tree(body)
    found = {root.get_element_by_id(name): mark for name, mark in (marks or {}).items()}
    return [unit.text if unit.mark is None else (unit.mark, unit.text) for unit in units(root, found)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>One.</p><p>Two.</p>", ["One.", "Two."]),
        ("bare<p>One.</p>between<p>Two.</p>after", ["bare", "One.", "between", "Two.", "after"]),
        ("<p>A <b>bold <i>and</i></b> word<u>s</u>.</p>", ["A bold and words."]),
        ("<div>a<div>b<div>c</div>d</div>e</div>", list("abcde")),
        ("<p>one<!-- no -->two<script>no</script>three<style>no</style>four</p>", ["onetwothreefour"]),
        ("<p>one <!-- no --> two</p><!-- no -->tail", ["one two", "tail"]),
        ("<p>one<br>two</p>", ["one two"]),
        ("<p>one<br><br>two</p>", ["one", "two"]),
        ("<p>one<br> \n <br>&nbsp;<br>two</p>", ["one", "two"]),
        ("<p>one<br><b></b><br>two</p>", ["one", "two"]),
        ("<p>one<br><b>and</b><br>two</p>", ["one and two"]),
        ("<p><b>one<br></b><br>two</p>", ["one", "two"]),
        ("<p>one<br><!-- no --><br>two</p>", ["one", "two"]),
        ("<p>one<br></p><p><br>two<br></p>", ["one", "two"]),
        ("<p>one<hr>two</p>", ["one", "two"]),
        ("<div>a <span><div>b</div></span> c</div>", list("abc")),
        ("<div>x<a href='#'><div>card</div><h3>head</h3></a>y</div>", ["x", "card", "head", "y"]),
        ("<ul><li>one<li>two <p>more</p></ul>", ["one", "two", "more"]),
        ("<dl><dt>term</dt><dd>meaning</dd></dl>", ["term", "meaning"]),
        ("<table><tr><th>a</th><td>b <i>c</i></td></tr><tr><td>d</td></tr></table>", ["a", "b c", "d"]),
        ("<p>AT&amp;T &lt;b&gt; caf&eacute; &#8217;x&#x2019; &unknown;</p>", ["AT&T <b> café ’x’ &unknown;"]),
        ("<p>one&nbsp;two&nbsp;</p><p>&nbsp;</p>", ["one two"]),
        ("<p>  \n white \t space \n </p>\n\n", ["white space"]),
        ("<p>&shy;soft&shy;en ze\u200bro</p>", ["soft\u00aden zero"]),
        ("<p><img alt='no'>a<input value='no'>b</p>", ["a", "b"]),
        ("<noscript>no</noscript><template>no</template><svg><text>no</text></svg><p>yes</p>", ["yes"]),
        ("<title>no</title><datalist><option>no</datalist><p>yes</p>", ["yes"]),
        ("<p>漢<ruby>字<rt>じ</rt></ruby>。</p>", ["漢字じ。"]),
        ("<p>a<wbr>b<br></p>", ["ab"]),
        ("<custom-card>a</custom-card><custom-card>b</custom-card>", ["a", "b"]),
        ("<p>a\x0bb\x0cc\x1cd&#x85;e</p>", ["a b c d…e"]),
        ("", []),
    ],
)
def test_runs_are_what_a_reader_sees_on_lines_of_its_own(body, expected):
    """Blocks, rules and double breaks end a run; inline elements, comments and single breaks do not."""
    assert texts(body) == expected


def test_blank_lines_part_preformatted_text():
    """In `<pre>` a blank line ends a run, as two `<br>` do elsewhere; a line end is white space."""
    body = "<pre>First line\nsecond line.\n \t\nNext <b>para</b>graph.\n\n\n</pre>"
    assert texts(body) == ["First line second line.", "Next paragraph."]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>The <a id=m>[?]</a> mayor.</p>", ["The mayor.", ("m", "[?]")]),
        ("<p>The mayor<a id=m>[?]</a> came.</p>", ["The mayor came.", ("m", "[?]")]),
        ("<p>The may<a id=m>[?]</a>or came.</p>", ["The mayor came.", ("m", "[?]")]),
        ("<p>The mayor <a id=m>[?]</a>, she said, came.</p>", ["The mayor, she said, came.", ("m", "[?]")]),
        ("<p>The mayor <a id=m>[?]</a>came.</p>", ["The mayor came.", ("m", "[?]")]),
        ("<p>The mayor <b> </b> <a id=m>[?]</a>.</p>", ["The mayor.", ("m", "[?]")]),
        ("<p>She paid <a id=m>[?]</a> (all).</p>", ["She paid (all).", ("m", "[?]")]),
        ("<p>A<br><a id=m>[?]</a>, B</p>", ["A , B", ("m", "[?]")]),
        ("<p><a id=m>[?]</a>The mayor.</p>", ["The mayor.", ("m", "[?]")]),
        ("<p><a id=m>Read more</a></p>", [("m", "Read more")]),
        ("<p>One <i id=m>x <b>y</b></i> two<br><br>three</p>", ["One two", ("m", "x y"), "three"]),
        (
            "<p>One <i id=m>x<div>box</div>y</i> two</p><p>end</p>",
            ["One two", ("m", "x"), ("m", "box"), ("m", "y"), "end"],
        ),
        ("<p>One <i id=m>x<b id=n>z</b>y</i> two</p>", ["One two", ("m", "xy"), ("n", "z")]),
        ("<p>a<br><i id=m>x</i><br>b</p>", ["a", ("m", "x"), "b"]),
        ("<div id=m>a<p id=n>b</p>c</div>d", [("m", "a"), ("n", "b"), ("m", "c"), "d"]),
    ],
)
def test_a_marked_inline_element_leaves_its_sentence_whole(body, expected):
    """What is marked inside a sentence is a unit of its own after it; spaces stand where they belong."""
    assert texts(body, {"m": "m", "n": "n"} if "id=n" in body else {"m": "m"}) == expected


def test_a_mark_may_be_taken_back():
    """An element marked None inside a marked one is as if unmarked."""
    root = tree("<div id=m>a<p id=n>b</p></div>")
    marks = {root.get_element_by_id("m"): "m", root.get_element_by_id("n"): None}
    assert [(unit.text, unit.mark) for unit in units(root, marks)] == [("a", "m"), ("b", None)]


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        ("<h2>a</h2><p>b</p>", [BlockKind.HEADING, BlockKind.PARAGRAPH]),
        ("<blockquote><p>a</p><footer>b</footer></blockquote>", [BlockKind.QUOTE] * 2),
        ("<ul><li><p>a</p><h3>b</h3></ul>", [BlockKind.LIST_ITEM, BlockKind.HEADING]),
        ("<figure><img><figcaption><span>a</span></figcaption></figure>", [BlockKind.CAPTION]),
        ("<table><caption>a</caption><td>b</table>", [BlockKind.CAPTION, BlockKind.PARAGRAPH]),
        ("<pre>a</pre><dl><dt>b<dd>c</dl>", [BlockKind.PREFORMATTED, BlockKind.LIST_ITEM, BlockKind.LIST_ITEM]),
    ],
)
def test_kinds_hold_for_what_is_inside(body, kinds):
    """A unit's kind is that of the nearest element that has one."""
    assert [unit.kind for unit in units(tree(body))] == kinds


def test_an_aside_has_the_kind_of_its_sentence():
    """A marked inline element in a list item is part of the list."""
    root = tree("<ul><li>a <i id=m>b</i></ul>")
    assert {unit.kind for unit in units(root, {root.get_element_by_id("m"): 1})} == {BlockKind.LIST_ITEM}


def test_places_are_paths_with_ordinals():
    """`where` names elements by id or first class, and counts what is alike."""
    root = tree("<div class='a b'><p>x</p><p>y<br><br>z</p></div><div id=box>q<span><div>r</div></span></div>")
    assert [unit.where for unit in units(root)] == [
        "html/body/div.a/p",
        "html/body/div.a/p[2]",
        "html/body/div.a/p[2]#2",
        "html/body/div#box",
        "html/body/div#box/span/div",
    ]


def test_the_element_of_a_unit_is_the_block_around_it():
    """`element` is the nearest block element, of an aside the marked element."""
    root = tree("<p>a <b>b</b> <i id=m>c</i></p>")
    assert [unit.element.tag for unit in units(root, {root.get_element_by_id("m"): 1})] == ["p", "i"]


def test_any_element_may_be_the_root():
    """Units of an element do not take in its tail, and its paths begin with it."""
    root = tree("<p>before <b>in <i>side</i></b> after</p>")
    assert [(unit.text, unit.where) for unit in units(root.find(".//b"))] == [("in side", "b")]


def test_a_page_may_be_walked_twice():
    """Walking changes nothing on the tree."""
    root = tree("<div>a<p>b</p><i>c</i></div>")
    before = html.tostring(root)
    assert list(units(root)) == list(units(root))
    assert html.tostring(root) == before
