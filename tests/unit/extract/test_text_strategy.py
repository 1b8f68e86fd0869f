"""Text dumps read by line rules: where an article begins, what a line means, where it ends."""

from __future__ import annotations

import pytest

from newsclean.extract.profile import DropRule, HeadLine, TailLine, TextRules
from newsclean.extract.text_strategy import TextStrategy
from newsclean.model import RawPage, RemovalKind
from newsclean.page import PageView
from newsclean.text import squeeze

HEAD = (HeadLine(line="NEWS", rule="label"), HeadLine(field="title"))


def view(*lines):
    return PageView(RawPage(body="\n".join(lines).encode(), raw_path="page.txt"))


def read(rules, *lines):
    return TextStrategy(rules, site="courier.example").read(view(*lines))


def one(rules, *lines):
    (reading,) = read(rules, *lines)
    return reading


def bodies(readings):
    return [[block.text for block in reading.blocks] for reading in readings]


def rules_of(reading):
    return [removal.rule.removeprefix("courier.example:") for removal in reading.removals]


def test_a_head_is_matched_as_a_whole():
    """A word of the menu that looks like a head's first line must start nothing."""
    rules = TextRules(
        head=(HeadLine(line="World"), HeadLine(field="title"), HeadLine(line=r"\d+ May", field="published"))
    )
    reading = one(rules, "World", "Sport", "World", "A title", "5 May", "The text.")
    assert reading.found.one("title") == "A title"
    assert [block.text for block in reading.blocks] == ["The text."]
    assert rules_of(reading)[:2] == ["before-article", "before-article"]


def test_no_head_no_article():
    """A dump that no head matches gives nothing: it is of another layout."""
    assert read(TextRules(head=HEAD), "SPORT", "A title", "The text.") == ()


def test_head_lines_may_be_missing_or_repeat():
    """Optional lines are skipped and repeated ones taken, the longest run that lets the rest match first."""
    rules = TextRules(
        head=(
            HeadLine(line="NEWS", rule="label"),
            HeadLine(field="title"),
            HeadLine(field="standfirst", optional=True, most=3, unless=r"\d.*"),
            HeadLine(line=r"\d+ May", field="published"),
        )
    )
    with_both = one(rules, "NEWS", "A title", "One,", "two.", "5 May", "The text.")
    without = one(rules, "NEWS", "A title", "5 May", "The text.")
    assert with_both.found.one("standfirst") == "One, two."
    assert without.found.one("standfirst") is None
    assert bodies([with_both, without]) == [["The text."], ["The text."]]


def test_a_line_may_look_ahead():
    """`then` holds a line to what follows it: a standfirst is told by the dateline below it."""
    rules = TextRules(head=(*HEAD, HeadLine(field="standfirst", then="[A-Z]+ - .*", optional=True)))
    told = one(rules, "NEWS", "A title", "In short", "ROME - The text.")
    untold = one(rules, "NEWS", "A title", "The text.", "More text.")
    assert told.found.one("standfirst") == "In short"
    assert untold.found.one("standfirst") is None


def test_a_line_may_hang_on_an_earlier_one():
    """`after` lets an entry be there only where the one it names was."""
    rules = TextRules(
        head=(
            *HEAD,
            HeadLine(line=r"\d of \d", rule="counter", optional=True),
            HeadLine(field="captions", after="counter", optional=True),
        )
    )
    assert one(rules, "NEWS", "T", "1 of 2", "A lake", "The text.").found.all("captions") == ("A lake",)
    assert one(rules, "NEWS", "T", "The text.").found.all("captions") == ()


def test_a_line_may_have_several_forms():
    """`also` are further forms of one line, each with groups of its own for the same fields."""
    dated = HeadLine(line=r"By (?P<authors>\w+) \((?P<source>\w+)\)", also=(r"(?P<source>\w+) by (?P<authors>\w+)",))
    rules = TextRules(head=(*HEAD, dated))
    for line in ("By Ada (Wire)", "Wire by Ada"):
        found = one(rules, "NEWS", "T", line, "The text.").found
        assert (found.one("authors"), found.one("source")) == ("Ada", "Wire")


def test_lines_above_the_head_may_carry_fields():
    """`before` reads a date from the frame; what the head says itself comes first."""
    rules = TextRules(head=HEAD, before=(DropRule(line=r"date (?P<published>[\d-]+).*", rule="day"),))
    reading = one(rules, "date 2024-12-26 {{x}}", "Menu", "NEWS", "T", "The text.")
    assert reading.found.one("published") == "2024-12-26"
    assert [removal.moved_to for removal in reading.removals] == ["published_raw", None, None, "title"]


def test_several_articles_in_one_dump():
    """Each head starts an article; what lies before the first belongs to the first."""
    readings = read(TextRules(head=HEAD), "Menu", "NEWS", "One", "Text one.", "NEWS", "Two", "Text two.", "More.")
    assert [reading.found.one("title") for reading in readings] == ["One", "Two"]
    assert bodies(readings) == [["Text one."], ["Text two.", "More."]]


@pytest.mark.parametrize(
    ("seam", "line"), [("(?<=end)(?=NEWS)", "Text one. The endNEWS"), ("(NEWS)$", "Text one. The endNEWS")]
)
def test_a_seam_parts_a_line(seam, line):
    """Two documents run together within a line are two, and both parts keep the line's number."""
    readings = read(TextRules(head=HEAD, seams=(seam,)), "NEWS", "One", line, "Two", "Text two.")
    assert bodies(readings) == [["Text one. The end"], ["Text two."]]
    assert readings[0].blocks[-1].where == readings[1].removals[0].where == "L3"


def test_a_tail_line_ends_the_body():
    """Everything below it is of its zone, until the next such line."""
    rules = TextRules(
        head=HEAD,
        tail=(
            TailLine(line="Tags", rule="tags", field="topics"),
            TailLine(line="Most read", rule="lists", kind=RemovalKind.RELATED),
        ),
    )
    reading = one(rules, "NEWS", "T", "The text.", "Tags", "Sea", "Ice", "Most read", "Another story.")
    assert bodies([reading]) == [["The text."]]
    assert reading.found.all("topics") == ("Sea", "Ice")
    assert [(r.text, r.moved_to) for r in reading.removals[-4:]] == [
        ("Sea", "topics"),
        ("Ice", "topics"),
        ("Most read", None),
        ("Another story.", None),
    ]


def test_a_zone_may_end_within_the_body():
    """A box of other stories amid the text ends with the first line that can only be text."""
    also = TailLine(line="Read also", rule="box", resume=r".{20,}\.")
    rules = TextRules(head=HEAD, tail=(also, TailLine(line="Tags", rule="tags", field="topics")))
    text = "This is the text, and it goes on."
    reading = one(
        rules, "NEWS", "T", text, "Read also", "A headline", text, "Tags", "Sea", "Read also", "Headline", text
    )
    assert bodies([reading]) == [[text, text]]
    assert reading.found.all("topics") == ("Sea",)


def test_a_zone_may_reach_up():
    """Headlines that stand above their own heading go with it, up to a number and never the whole body."""
    reach = TailLine(line="Most popular", rule="lists", reach=r"[^.]+", reach_most=2)
    rules = TextRules(head=HEAD, tail=(reach,))
    reading = one(rules, "NEWS", "T", "The text.", "No stop", "One headline", "Two headline", "Most popular")
    alone = one(rules, "NEWS", "T", "All the text", "Most popular")
    assert bodies([reading, alone]) == [["The text.", "No stop"], ["All the text"]]
    assert [r.text for r in reading.removals[-3:]] == ["One headline", "Two headline", "Most popular"]


def test_an_echo_ends_the_body():
    """A date line printed once more below the text ends it."""
    rules = TextRules(
        head=(*HEAD, HeadLine(field="published", line=r"\d+ May")), tail=(TailLine(echo="published", rule="echo"),)
    )
    assert bodies([one(rules, "NEWS", "T", "5 May", "The text.", "6 May", "5 May", "Footer")]) == [
        ["The text.", "6 May"]
    ]


def test_dropped_lines_are_accounted_for():
    """A line within the body that is none of it is removed by its rule or moved to its field."""
    rules = TextRules(
        head=HEAD,
        drop=(
            DropRule(line="Share", rule="share", kind=RemovalKind.SHARE),
            DropRule(line=r".*\[Photo\]", rule="caption", field="captions"),
        ),
    )
    reading = one(rules, "NEWS", "T", "Share", "One.", "A lake [Photo]", "Share this.", "Two.")
    assert bodies([reading]) == [["One.", "Share this.", "Two."]]
    assert [(r.rule, r.kind, r.moved_to) for r in reading.removals[-2:]] == [
        ("courier.example:share", RemovalKind.SHARE, None),
        ("field:captions", RemovalKind.CAPTION, "captions"),
    ]


def test_every_line_goes_somewhere():
    """Blocks and removals together hold each line that is not blank exactly once."""
    rules = TextRules(
        head=HEAD,
        tail=(TailLine(line="Tags", rule="tags", field="topics"), TailLine(line="End", rule="end", reach="[a-z]+")),
        drop=(DropRule(line="Share", rule="share"),),
    )
    lines = ["Menu", "", "NEWS", "T", "Share", "  Text   one. ", "word", "End", "x", "NEWS", "U", "Text", "Tags", "Sea"]
    parts = [(p.where, p.text) for r in read(rules, *lines) for p in (*r.blocks, *r.removals)]
    expected = [(f"L{n}", squeeze(line)) for n, line in enumerate(lines, 1) if line]
    assert sorted(parts) == sorted(expected)


def test_evidence_decides_whether_a_layout_applies():
    """All evidence must be in the text, `^` and `$` at its lines."""
    strategy = TextStrategy(TextRules(head=HEAD, evidence=("^NEWS$", "end")), site="courier.example")
    assert strategy.applies(view("Menu", " NEWS ", "the end").dense_text)
    assert not strategy.applies(view("NEWS of today", "the end").dense_text)
