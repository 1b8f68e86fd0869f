"""Markup read by the rules of a layout: what is body, what is a field, and what is neither."""

from __future__ import annotations

import pytest

from newsclean.extract.html_strategy import HtmlStrategy
from newsclean.extract.profile import DropRule, HtmlRules, RemoveRule, Source
from newsclean.model import RawPage, RemovalKind
from newsclean.page import PageView

PAGE = """<html><head><title>A bridge - Sport - Courier</title><meta name="Author" content="Ada">
<script type="application/ld+json">
{"@graph": [{"@type": "NewsArticle", "author": [{"name": "Bob"}, {"name": "Cid"}], "wordCount": 7}]}</script>
</head><body><nav>Menu</nav><h1>A bridge</h1><div class="lead"></div><p class="lead">In short</p>
<div class="info">By Dan | Wire | 5 May 2020</div><time datetime="2020-05-06">yesterday</time>
<div class="text"><p>One <a class="card">Bob<span class="tip">, 40, mason</span></a> said.</p><p>A lake [Photo]</p>
<div class="box"><p>Read also</p></div><p>Two.</p></div>
<ul><li class="tag">Sea</li><li class="tag">Ice</li></ul><p>Updated: 7 May 2020</p>
<footer>All rights</footer></body></html>"""


def view(markup=PAGE):
    return PageView(RawPage(body=markup.encode(), raw_path="page.html"))


def read(fields=None, *, body=(".text",), evidence=("h1",), markup=PAGE, **more):
    rules = HtmlRules(evidence=evidence, body=body, fields=fields or {}, **more)
    (reading,) = HtmlStrategy(rules, site="courier.example").read(view(markup))
    return reading


def texts(reading):
    return [block.text for block in reading.blocks]


@pytest.mark.parametrize(("evidence", "applies"), [(("h1", ".text"), True), (("h1", ".nosuch"), False)])
def test_all_evidence_must_be_there(evidence, applies):
    """A layout applies where each of its selectors finds something."""
    assert HtmlStrategy(HtmlRules(evidence=evidence, body=()), site="x").applies(view()) is applies


def test_the_first_body_that_is_there_is_the_body():
    """Body selectors are tried in turn, and all elements of the first that finds any are body."""
    assert texts(read(body=(".nosuch", ".text p", "p"))) == [
        "One Bob, 40, mason said.",
        "A lake [Photo]",
        "Read also",
        "Two.",
    ]


def test_removed_elements_are_no_body():
    """An element inside the body, also in the middle of a sentence, is taken out with a rule to its name."""
    reading = read(
        remove=(RemoveRule(css=".tip", rule="tooltip", kind=RemovalKind.TEMPLATE), RemoveRule(css=".box", rule="box"))
    )
    assert texts(reading) == ["One Bob said.", "A lake [Photo]", "Two."]
    taken = {(r.rule, r.text) for r in reading.removals if r.rule != "courier.example:outside-article"}
    assert taken == {("courier.example:tooltip", ", 40, mason"), ("courier.example:box", "Read also")}


def test_lines_are_told_by_their_text():
    """What has no class of its own is told by what it says: inside the body by `drop`, outside by `beside`."""
    reading = read(
        drop=(DropRule(line=r".*\[Photo\]", rule="caption", field="captions"),),
        beside=(DropRule(line=r"Updated: (?P<modified>.+)", rule="date"), DropRule(line="All .*", rule="footer")),
    )
    assert "A lake [Photo]" not in texts(reading)
    assert reading.found.all("captions") == ("A lake [Photo]",)
    assert reading.found.one("modified") == "7 May 2020"
    moved = {r.text: (r.rule, r.moved_to) for r in reading.removals}
    assert moved["A lake [Photo]"] == ("field:captions", "captions")
    assert moved["Updated: 7 May 2020"] == ("field:modified_raw", "modified_raw")
    assert moved["All rights"] == ("courier.example:footer", None)


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("css:h1", ("A bridge",)),
        ("css:.lead", ("In short",)),
        ("css:time@datetime", ("2020-05-06",)),
        ("css:.nosuch", ()),
        ("xpath://li", ("Sea",)),
        ("xpath:/html/head/title/text()", ("A bridge - Sport - Courier",)),
        ("xpath://time/@datetime", ("2020-05-06",)),
        ("meta:AUTHOR", ("Ada",)),
        ("meta:nosuch", ()),
        ("jsonld:author.name", ("Bob",)),
        ("jsonld:wordCount", ("7",)),
        ("jsonld:author.nosuch", ()),
        (Source(at="css:.tag", take="all"), ("Sea", "Ice")),
        (Source(at="jsonld:author.name", take="all"), ("Bob", "Cid")),
        (Source(at="xpath:/html/head/title/text()", pattern=r" - (.+) - "), ("Sport",)),
        (Source(at="css:.info", pattern=r"\d+ May"), ("5 May",)),
        (Source(at="css:.info", pattern="nosuch"), ()),
    ],
)
def test_values_are_read_from_their_source(source, values):
    """Elements with text, attributes, meta and JSON-LD give values; a pattern cuts one out."""
    assert read({"topics": (source,)}).found.all("topics") == values


def test_sources_are_tried_in_turn():
    """The first source that gives something fills the field."""
    assert read({"title": ("css:.nosuch", "meta:nosuch", "css:h1", "meta:author")}).found.one("title") == "A bridge"


def test_a_pattern_with_groups_fills_several_fields():
    """One printed line may carry byline, source and date."""
    info = Source(at="css:.info", pattern=r"(?P<byline>By (?P<authors>\w+)) \| (?P<source>\w+) \| (?P<modified>.+)")
    found = read({"modified": (info,)}).found
    assert [found.one(name) for name in ("byline", "authors", "source", "modified")] == [
        "By Dan",
        "Dan",
        "Wire",
        "5 May 2020",
    ]


def test_every_unit_goes_somewhere():
    """Each visible run of text is a block or a removal, in the order of the page, once."""
    reading = read({"title": ("css:h1",), "topics": (Source(at="css:.tag", take="all"),)})
    assert len(reading.blocks) + len(reading.removals) == len(list(read(body=(), evidence=()).removals))
    outside = {r.text for r in reading.removals if r.rule == "courier.example:outside-article"}
    assert {"Menu", "All rights"} <= outside
    assert not outside & {"A bridge", "Sea", "Ice"}
