"""What pages and names hold reaches a terminal as text alone."""

from __future__ import annotations

from newsclean.cli.escaping import shown, shown_name
from newsclean.cli.exit_codes import ExitCode

_RED = "\x1b[31m"


def test_controls_and_surrogates_are_shown_as_escapes():
    """Text stays text: no control character but the tab and the line feed, and nothing that cannot be encoded."""
    assert shown(f"a{_RED}b\x07\x9b\udce9\tc\nПарк") == "a\\x1b[31mb\\x07\\x9b\\udce9\tc\nПарк"
    assert shown_name("a\nb\tc ü") == "a\\nb\\tc ü"


def test_a_page_does_not_colour_the_terminal_of_who_reads_it(newsclean, folder):
    """Neither a page's text nor its file's name brings control characters to the terminal."""
    page = folder / "raw" / f"ferry{_RED}\n.html"
    page.write_text((folder / "raw" / "0.html").read_text().replace("Nobody", f"{_RED}Nobody"))
    result = newsclean("explain", page, "--plain")
    assert result.exit_code == 0, result.stderr
    assert "\x1b" not in result.output
    assert "ferry\\x1b[31m\\n.html  (html" in result.output
    assert "\\x1b[31mNobody" in result.output
    result = newsclean("explain", f"no{_RED}where", "--dataset", folder)
    assert (result.exit_code, "\x1b" in result.stderr) == (ExitCode.DATASET, False)


def test_a_file_in_trouble_is_told_on_one_line(newsclean, folder):
    """A line is a finding, whatever stands in a file's name."""
    (folder / "raw" / f"cut{_RED}\n.html.gz").write_bytes(b"\x1f\x8b\x08\x00")
    result = newsclean("clean", "raw", "-o", "clean", "-q", "--workers", 0, "--language-backend", "langdetect")
    assert result.exit_code == ExitCode.TROUBLE
    assert result.stderr.startswith("raw/cut\\x1b[31m\\n.html.gz: broken_compression: ")
    assert result.stderr.count("\n") == 1
