"""The proof that no text got lost finds what is lost, and nothing else."""

from __future__ import annotations

import gzip

import pytest

from newsclean.model import RawPage
from newsclean.page import PageView
from newsclean.run.conservation import Coverage, check_conservation, lost_pieces

DUMP = "Home\nFerry is back\nThe ferry to Lowmark sails again.\nNobody had expected it.\nShare\nShare\n"
KEPT = ("The ferry to Lowmark sails again.\n\nNobody had expected it.", "Home", "Ferry is back", "Share", "Share")


def view_of(text):
    return PageView(RawPage(body=text.encode(), raw_path="a"))


def test_nothing_is_lost_where_every_line_is_kept():
    """Lines that are in a body or a removal, whatever white space is around them, are not lost."""
    assert lost_pieces(view_of(DUMP), KEPT) == []


@pytest.mark.parametrize("index", range(len(KEPT)))
def test_each_missing_piece_is_named(index):
    """Take away any one of the kept texts, be it one of two that are alike: what is missing is named."""
    (lost, *_) = lost_pieces(view_of(DUMP), [text for i, text in enumerate(KEPT) if i != index])
    assert lost.replace(" ", "") in KEPT[index].replace(" ", "").replace("\n", "") or lost in "".join(
        KEPT[index].split()
    )


def test_a_line_cut_at_seams_is_kept():
    """A flattened line that was cut into many pieces, short ones too, is not lost."""
    pieces = [
        "Events",
        "Meeting with the harbour master of Lowmark",
        "May 6",
        "14:20",
        "Lowmark",
        "Good afternoon to all.",
    ]
    assert lost_pieces(view_of(" ".join(pieces)), reversed(pieces)) == []


def test_a_sentence_cut_out_of_a_flattened_line_is_named():
    """Where a stretch of a long line is nowhere, the error begins with that stretch and not with the line."""
    pieces = [
        f"Sentence number {number} tells of the {name}." for number, name in enumerate("ferry harbour spring".split())
    ]
    (lost,) = lost_pieces(
        view_of(" ".join([*pieces[:1], "Quick brown foxes vex my jumpy wizards.", *pieces[1:]])), pieces
    )
    assert lost.startswith("Quickbrownfoxes")


def test_script_and_style_are_not_visible():
    """What a reader of the page does not see need not be kept."""
    page = "<!doctype html><html><head><title>x</title></head><body><script>var lost;</script><p>Seen</p></body></html>"
    assert lost_pieces(view_of(page), ["Seen"]) == []


def test_a_dataset_is_compared_with_its_raw_pages(project):
    """A sound dataset has no findings; raw pages that are gone or changed are left out and counted."""
    for name in ("a.html", "b.html", "c.html", "d.html"):
        project.page(name, f"Words of {name}.")
    project.page("rejected.html", body=b"")
    project.page(
        "packed.html.gz", body=gzip.compress(b"Packed. " * 40 + b"\nA second line that is long enough to stay.")
    )
    project.run()
    (project.raw / "b.html").unlink()
    project.page("c.html", "Other words.")
    coverage = Coverage()
    assert list(check_conservation(project.output, coverage)) == []
    assert coverage.skipped == {"vanished": 1, "changed": 1}
    assert coverage.compared == sum(reason is None for reason in project.reasons().values()) - 2


def test_a_file_whose_name_is_no_utf8_is_found_again(project):
    """The escapes that stand for bytes of its name in the dataset lead back to the file, and to no other."""
    for name in ("caf\udce9.html", r"caf\udcea.html"):
        project.page(name, f"Words of {name!a}.", title="Ferry")
    project.run()
    coverage = Coverage()
    assert list(check_conservation(project.output, coverage)) == []
    assert (coverage.compared, dict(coverage.skipped)) == (2, {})


def test_text_that_an_extractor_drops_is_found_with_its_page(project, monkeypatch):
    """A page whose extractor loses a paragraph is named, with the paragraph."""
    from newsclean.run import pipeline

    original = pipeline.cleaned
    monkeypatch.setattr(pipeline, "cleaned", lambda found: _without_last_block(original(found)))
    project.profile()
    project.page("a.html", url="https://lowmark.test/1")
    project.run()
    (finding,) = check_conservation(project.output)
    assert finding.where == "raw/a.html"
    assert "Nobodyontheislandhadexpected" in finding.message


def _without_last_block(found):
    from dataclasses import replace

    return replace(found, blocks=found.blocks[:-1])
