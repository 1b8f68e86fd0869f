"""The Python API: the names that are there, and that they do what the command does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import newsclean

if TYPE_CHECKING:
    from pathlib import Path

PAGE = """<!doctype html><html lang="en"><head><title>Ferry is back</title></head><body><h1>Ferry is back</h1>
<article><p>The harbour master of Lowmark said on Monday that the ferry would sail again before the week was out.</p>
<p>Nobody on the island had expected the old ship to be back before the spring tide, and many came to see it.</p>
<p>The ferry takes forty minutes to the mainland, and has done so since it was built more than sixty years ago.</p>
</article></body></html>"""


def test_all_names_what_is_there():
    """Every public name can be had, and there are no others in `__all__`."""
    assert set(newsclean.__all__) <= set(dir(newsclean))
    for name in newsclean.__all__:
        assert getattr(newsclean, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'claen'"):
        _ = newsclean.claen


def test_clean_and_verify(tmp_path: Path):
    """A folder in, a dataset out, and nothing wrong with it; a path may stand alone."""
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.html").write_text(PAGE)
    report = newsclean.clean(raw, tmp_path / "clean", workers=0, language_backend="langdetect")
    assert isinstance(report, newsclean.RunReport)
    assert (report.pages, report.articles) == (1, 1)
    assert newsclean.verify(tmp_path / "clean") == []
    assert newsclean.clean([raw], tmp_path / "clean", workers=0, language_backend="langdetect").pages == 0


def test_clean_works_in_a_script_without_a_main_guard(tmp_path: Path):
    """Workers do not run the script that started them: no guard is needed around the call."""
    import subprocess
    import sys

    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.html").write_text(PAGE)
    script = tmp_path / "script.py"
    script.write_text("import newsclean\nprint(newsclean.clean('raw', 'clean', workers=2).articles)\n")
    done = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


def test_a_page_may_be_text_already():
    """What a client has decoded is read as it is, whatever charset the page declares."""
    page = PAGE.replace("<head>", '<head><meta charset="windows-1251">').replace("the island", "острове")
    (article,) = newsclean.clean_page(page, url="https://lowmark.test/1", language_backend="langdetect").articles
    assert "острове" in article.body


def test_clean_page():
    """One page in memory: its article, or why there is none."""
    outcome = newsclean.clean_page(PAGE.encode(), url="https://lowmark.test/1", language_backend="langdetect")
    (article,) = outcome.articles
    assert article.title == "Ferry is back"
    assert article.language.language == "en"
    assert newsclean.clean_page(b"\x00\x01\x02" * 100).rejection is not None
