"""Conditions and columns in a run: what is not asked for is in the ledger, and another choice is another run."""

from __future__ import annotations

import json

import making

from newsclean.run.options import RunOptions
from newsclean.sources import Choice, Reading


def run(project, reading=None):
    from newsclean.run.api import run as run_it

    options = RunOptions(workers=0, language_backend="langdetect", reading=reading or Reading())
    return run_it([project.raw], project.output, sites=[project.sites], options=options)


def test_pages_that_are_not_asked_for_are_accounted_for(project):
    """Records and loose files: `filtered`, and cleaned once they are asked for."""
    project.page("a.html", url="https://lowmark.test/a")
    project.page("b.html", url="https://highmark.test/b")
    (project.raw / "c.warc.gz").write_bytes(making.packed(making.warc_records()))
    lowmark = Reading(choice=Choice(hosts=("highmark.test",)))
    report = run(project, lowmark)
    assert (report.pages, report.by_reason["filtered"]) == (2 + making.COUNT, 1 + making.COUNT)
    assert report.trouble_count == 0
    assert run(project, lowmark).state == "nothing_to_do"
    report = run(project)
    assert report.planned == {"manifest": 3}
    assert "filtered" not in report.by_reason


def test_columns_are_part_of_the_run(project):
    """JSONL of text by a column's name: each line a page of text."""
    words = "The harbour master said on Monday that the ferry would sail again. " * 8
    lines = [
        {"words": f"Ferry {n} is back\n\n{words}\n\n{words}", "url": f"https://lowmark.test/{n}"} for n in range(3)
    ]
    (project.raw / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert run(project).files == 0
    report = run(project, Reading(text_column="words"))
    assert (report.files, report.pages) == (1, 3)
    assert {(row["kind"], row["raw_media_type"], row["url"][-1]) for row in project.rows()} == {
        ("text", "text/plain", str(n)) for n in range(3)
    }
