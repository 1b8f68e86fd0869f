"""`newsclean sites suggest` and `newsclean sites new`: what they print and write, and what they refuse."""

from __future__ import annotations

import json

import pytest

from newsclean.cli.exit_codes import ExitCode

PAGE = """<!doctype html><html lang="en"><head><title>{title}</title></head><body><nav>Home</nav>
<h1 class="head">{title}</h1>
<div class="story"><p>The harbour master of Farmark said on Monday that ferry {number} would sail again this week.</p>
<p>Nobody on the island had expected the old ship {number} to be back before the spring tide of the year.</p></div>
</body></html>"""


@pytest.fixture
def pages(folder):
    """Write three pages of a site without a profile."""
    place = folder / "pages"
    place.mkdir()
    rows = []
    for number in range(3):
        (place / f"{number}.html").write_text(PAGE.format(title=f"Ferry {number} is back again", number=number))
        rows.append(json.dumps({"file": f"{number}.html", "url": f"https://www.farmark.test/news/{number}"}))
    (place / "manifest.jsonl").write_text("\n".join(rows))
    return place


def test_suggest_prints_a_profile_and_writes_nothing(newsclean, folder, pages):
    """The profile goes to standard output; no file is made."""
    before = sorted(folder.rglob("*"))
    result = newsclean("sites", "suggest", "pages")
    assert result.exit_code == 0
    assert "body = ['div.story']" in result.stdout
    assert sorted(folder.rglob("*")) == before


def test_suggest_writes_only_a_new_file(newsclean, folder, pages):
    """`--output` writes once, and what it wrote is a good profile."""
    assert newsclean("sites", "suggest", "farmark.test", "--from", "pages", "-o", "farmark.test.toml").exit_code == 0
    assert newsclean("sites", "check", "farmark.test.toml").exit_code == 0
    result = newsclean("sites", "suggest", "pages", "-o", "farmark.test.toml")
    assert result.exit_code == ExitCode.USAGE
    assert "nothing is overwritten" in result.stderr
    assert newsclean("sites", "suggest", "pages", "-o", "none/x.toml").exit_code == ExitCode.USAGE


def test_new_writes_a_profile_and_cases_that_hold(newsclean, folder, pages):
    """After `new`, `sites check` and `sites test` pass, and the next steps are printed."""
    result = newsclean("sites", "new", "farmark.test", "pages")
    assert result.exit_code == 0, result.output
    assert "Next:" in result.stdout
    assert (folder / "sites" / "farmark.test.toml").exists()
    case = folder / "tests" / "sites" / "farmark.test" / "0_html"
    assert sorted(path.name for path in case.iterdir()) == ["expected.json", "meta.json", "page.html"]
    (article,) = json.loads((case / "expected.json").read_text())["articles"]
    assert article["title"] == "Ferry 0 is back again"
    assert newsclean("sites", "check").exit_code == 0
    tested = newsclean("sites", "test")
    assert tested.exit_code == 0, tested.output
    assert "good    farmark.test/0_html" in tested.stdout


def test_new_refuses_to_overwrite(newsclean, folder, pages):
    """A profile or cases that are there stay as they are."""
    newsclean("sites", "new", "farmark.test", "pages")
    profile = folder / "sites" / "farmark.test.toml"
    profile.write_text("mine")
    result = newsclean("sites", "new", "farmark.test", "pages")
    assert result.exit_code == ExitCode.USAGE
    assert "nothing is overwritten" in result.stderr
    assert profile.read_text() == "mine"


def test_new_outside_of_a_project_names_the_folder(newsclean, folder, pages):
    """Where the folder of profiles is not used by itself, the next steps say how to name it."""
    (folder / "newsclean.toml").unlink()
    result = newsclean("sites", "new", "farmark.test", "pages/1.html")
    assert "--sites sites" in result.stdout
    assert newsclean("sites", "test", "--sites", "sites").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Farmark", "pages"], "no registered domain"),
        (["lowmark.test", "pages"], "is there already"),
        (["other.test", "pages"], "the pages are of farmark.test"),
        (["farmark.test", "pages", "--url", "https://farmark.test/1"], "there are 3; write a manifest"),
        (["farmark.test", "lone.html"], "neither a URL nor a signature"),
    ],
)
def test_new_refuses_what_would_not_work(newsclean, folder, pages, arguments, message):
    """Each refusal says what to do, and leaves nothing behind."""
    (folder / "lone.html").write_text((pages / "0.html").read_text())
    result = newsclean("sites", "new", *arguments)
    assert result.exit_code == ExitCode.USAGE
    assert message in result.stderr
    assert not (folder / "tests").exists()


def test_new_takes_the_address_of_a_lone_page(newsclean, folder, pages):
    """`--url` says where the one page is from."""
    (folder / "lone.html").write_text((pages / "0.html").read_text())
    result = newsclean("sites", "new", "farmark.test", "lone.html", "--url", "https://farmark.test/news/9")
    assert result.exit_code == 0, result.output
    meta = json.loads((folder / "tests/sites/farmark.test/lone_html/meta.json").read_text())
    assert meta == {"url": "https://farmark.test/news/9"}
