"""Text becomes a tree, whole or not at all."""

from __future__ import annotations

import pytest
from lxml import html

from newsclean.errors import Reason, UndecodablePage
from newsclean.page.tree import parse_html


def test_every_element_is_an_html_element():
    """All elements have the methods of lxml.html, whichever way they are reached."""
    root = parse_html("<body><form><input><label>x</label></form><p>y</p><!-- z -->").root
    assert all(isinstance(element, html.HtmlElement) for element in root.iter("*"))
    assert root.find(".//p").text_content() == "y"
    assert root.cssselect("form > input")


@pytest.mark.parametrize("text", ["<!DOCTYPE html>", "<!-- only a comment -->", "<?xml version='1.0'?>", "\n"])
def test_no_element_is_no_tree(text):
    """A lone doctype, comment or declaration is refused with a word."""
    with pytest.raises(UndecodablePage, match="no HTML tree") as caught:
        parse_html(text)
    assert caught.value.reason is Reason.UNPARSEABLE


@pytest.mark.parametrize(
    "head",
    [
        '<?xml version="1.0" encoding="windows-1251"?>',
        '\n <?xml version="1.0" encoding="no-such-charset"?>\n',
        '<meta charset="windows-1251">',
        '<meta http-equiv="content-type" content="text/html; charset=utf-16">',
    ],
)
def test_what_the_markup_says_of_its_charset_no_longer_counts(head):
    """Text is text: a charset named in it changes no letter."""
    assert parse_html(f"{head}<html><body><p>Мост открыт</p></body></html>").root.find(".//p").text == "Мост открыт"


def test_nesting_deeper_than_usual_is_kept():
    """Elements 2,000 deep are all there: libxml2 by itself stops at 256 without a word."""
    root = parse_html("<body>" + "<div>" * 2_000 + "deep" + "</div>" * 2_000 + "<p>after</p>").root
    assert root.text_content() == "deepafter"


@pytest.mark.parametrize("text", ["<div>" * 100_000 + "x", "<table><tr><td>x" * 30_000, "<span>x " * 5_000])
def test_a_tree_that_would_be_cut_is_refused(text):
    """Nesting beyond what the parser takes is an error, not a page without its end."""
    with pytest.raises(UndecodablePage, match="no whole HTML tree: Excessive depth") as caught:
        parse_html("<p>before</p>" + "<p>&bad;<b></i></p>" * 200 + text)
    assert caught.value.reason is Reason.UNPARSEABLE


def test_a_tag_with_a_million_attributes_is_refused():
    """A tag made to keep the parser busy for half an hour is refused at once."""
    with pytest.raises(UndecodablePage, match="attributes"):
        parse_html("<p " + " ".join(f"a{number}=1" for number in range(1_000_000)) + ">x</p>")


def test_long_attributes_are_no_many_attributes():
    """A picture or data of 200 kB within a tag is common, and read."""
    words = "word " * 60_000
    root = parse_html(
        f'<p data-json="{words}">x</p><img src="data:image/png;base64,{"A" * 200_000}"><script>{words}</script>'
    ).root
    assert root.find(".//p").get("data-json") == words


def test_entity_declarations_are_not_unfolded():
    """HTML has no entities of its own making, so a bomb of them is a little text."""
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    root = parse_html(f'<!DOCTYPE html [<!ENTITY a0 "aaaaaaaaaa">{levels}]><html><body><p>&a11;</p></body></html>').root
    assert root.find(".//p").text == "&a11;"


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\ud800"])
def test_odd_characters_do_not_cut_the_page(sign):
    """Characters that a parser may stumble over cost themselves at most."""
    root = parse_html(f"<body><p>one{sign}two</p><p>three</p>").root
    assert [element.text[-5:] for element in root.iter("p")][1] == "three"
    assert root.find(".//p").text.startswith("one")
    assert root.find(".//p").text.endswith("two")


@pytest.mark.parametrize("end", ["</body></html>", "</html>", "</BODY>\n</HTML >\n", "</Html>"])
def test_the_end_of_the_page_may_come_before_its_end(end):
    """What stands after an early `</html>` is in the body, as in a browser; libxml2 would drop it without a word."""
    root = parse_html(
        f"<html><body><header>menu</header>{end}<p>story</p>{end}<footer>foot</footer></body></html>"
    ).root
    assert [(element.text, element.getparent().tag) for element in root.iter("p", "footer")] == [
        ("story", "body"),
        ("foot", "body"),
    ]


def test_scripts_after_the_end_change_nothing():
    """A page whose end is its end is read as it is, with what servers add behind it."""
    page = "<html><body><p>story</p></body></html>\n<!-- a --><script>b</script><!-- cached -->\n"
    assert [child.tag for child in parse_html(page).root] == ["body"]


@pytest.mark.parametrize("name", ["template", "noscript"])
def test_what_is_not_read_swallows_nothing(name):
    """A part that browsers leave unread ends at its end tag, even with an element open in it, and comments aside."""
    story = "<p>" + "The ferry sails again. " * 20 + "</p>"
    root = parse_html(
        f"<body><ul><{name}><li><div>card</li></{name}><li>menu</li></ul><!-- <{name}> --><script>'<{name}>'</script>"
        f"{story}<{name.upper()}><{name}>in</{name}>out</{name}>{story}</body>"
    ).root
    assert [element.getparent().tag for element in root.iter("p")] == ["body", "body"]
    assert [element.tag for element in root.find(".//li").iterancestors()] == ["ul", "body", "html"]


def test_a_template_that_never_ends_is_left_alone():
    """Without an end tag nobody knows what belongs to it: all stays where it is."""
    text = "word " * 100
    assert parse_html(f"<body><template><p>{text}</p></body>").root.find(".//template/p").text == text


def test_elements_that_speak_of_the_page_are_found_by_tag_in_their_order():
    """Wherever they stand, inside each other and inside what is not shown too; other elements are not among them."""
    tree = parse_html(
        "<title>t</title><meta name=a><body><noscript><meta name=b><a href=1>x</a></noscript><time>3</time>"
        "<p><a href=2>y</a><script>z</script></p><svg><title>u</title></svg>"
    )
    assert [element.get("name") for element in tree.telling["meta"]] == ["a", "b"]
    assert [element.get("href") for element in tree.telling["a"]] == ["1", "2"]
    assert [element.text for tag in ("title", "time", "script") for element in tree.telling[tag]] == [
        "t",
        "u",
        "3",
        "z",
    ]
    assert "p" not in tree.telling
