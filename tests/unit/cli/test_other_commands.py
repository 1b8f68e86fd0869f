"""`verify`, `explain` and `sites`: what they print and with which code they end."""

from __future__ import annotations

import json

import pytest

from newsclean.cli.exit_codes import ExitCode


def test_verify_of_a_sound_dataset_says_so(clean, newsclean):
    """Everything holds, and the raw pages that were compared are counted."""
    clean()
    result = newsclean("verify", "clean")
    assert (result.exit_code, result.output) == (0, "clean: everything holds; text compared with 3 raw pages\n")
    assert newsclean("verify", "clean", "-q").output == ""


def test_verify_quick_leaves_raw_pages_alone(clean, newsclean, folder):
    """Without raw pages the dataset is checked by itself."""
    clean()
    assert newsclean("verify", "clean", "--quick").output == "clean: everything holds\n"
    (folder / "raw" / "0.html").unlink()
    assert "text compared with 2 raw pages, left out: 1 vanished" in newsclean("verify", "clean").output


def test_verify_names_the_place_of_what_is_wrong(clean, newsclean, folder):
    """A file that somebody changed is named, and the exit code is not 0."""
    clean()
    (part,) = (folder / "clean" / "articles").iterdir()
    part.write_bytes(part.read_bytes()[:-1])
    result = newsclean("verify", "clean")
    assert result.exit_code == ExitCode.BROKEN
    assert f"articles/{part.name}: " in result.stdout


def test_verify_of_no_dataset_is_an_error(newsclean, folder):
    """A folder that holds none is said to be none."""
    result = newsclean("verify", "raw")
    assert result.exit_code == ExitCode.DATASET
    assert "no dataset" in result.stderr


def test_explain_shows_each_piece_with_its_fate(newsclean, folder):
    """Plain: + kept, > moved to a field, - removed, with the rule."""
    result = newsclean("explain", "raw/0.html", "--plain")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[1] == "read as html:one by lowmark.test"
    assert lines[2].startswith("article 1: Ferry 0 is back [no date, en, ")
    assert lines[3] == "  told by: title visible"
    assert [line[0] for line in lines[5:]] == ["-", ">", "+", "+"]
    assert "[title by " in lines[6]


def test_explain_colours_on_a_terminal(newsclean, folder):
    """On a terminal kept, moved and removed text have their colours."""
    from newsclean.cli.explain import _line
    from newsclean.run.explaining import Piece

    styles = {
        str(_line(Piece(where="L1", text="x", segment=0, **fate), is_rejected=False, is_plain=False).style)
        for fate in ({}, {"rule": "r", "moved_to": "title"}, {"rule": "r"})
    }
    assert len(styles) == 3


def test_explain_of_a_rejected_page_says_why(newsclean, folder):
    """The reason and its detail come first, then the page's text."""
    (folder / "raw" / "menu.txt").write_text("Home\nShare\n")
    result = newsclean("explain", "raw/menu.txt", "--plain")
    assert result.exit_code == 0
    assert "\nrejected: " in result.output
    assert "Home\nShare" in result.output


def test_explain_of_a_file_without_bytes_is_an_error(newsclean, folder):
    """An empty file has nothing to show; the error names it."""
    result = newsclean("explain", "raw/empty.txt")
    assert result.exit_code == ExitCode.USAGE
    assert result.stderr.startswith("newsclean: raw/empty.txt: empty: ")


def test_explain_of_what_is_not_there_says_what_was_looked_for(newsclean, folder):
    """A folder is no page; a name that is no file is sought in the dataset, and the error says so."""
    result = newsclean("explain", "raw")
    assert (result.exit_code, "raw: is a folder" in result.stderr) == (ExitCode.USAGE, True)
    result = newsclean("explain", "raw/lost.html")
    assert (result.exit_code, "raw/lost.html: no such file" in result.stderr) == (ExitCode.DATASET, True)


def test_explain_of_a_packed_page(newsclean, folder):
    """The only page of an archive needs no name, one of several is named by the file that it is."""
    import zipfile

    with zipfile.ZipFile(folder / "pages.zip", "w") as packed:
        packed.write(folder / "raw" / "0.html", "a.html")
    result = newsclean("explain", "pages.zip", "--plain")
    assert (result.exit_code, "Ferry 0 is back" in result.output) == (0, True)
    with zipfile.ZipFile(folder / "pages.zip", "a") as packed:
        packed.write(folder / "raw" / "1.html", "b.html")
    result = newsclean("explain", "pages.zip")
    assert result.exit_code == ExitCode.USAGE
    assert "an archive of 2 pages: name one of them by its address, for example --url a.html" in result.stderr
    assert "Ferry 1 is back" in newsclean("explain", "pages.zip", "--url", "b.html", "--plain").output
    (folder / "texts.jsonl").write_text('{"text": "One."}\n{"text": "Two."}\n')
    assert "they have no addresses" in newsclean("explain", "texts.jsonl").stderr


def test_sites_list_and_show_the_profiles_in_use(newsclean, folder):
    """Built-in profiles and those of the project are listed; one is shown with its file."""
    listed = newsclean("sites", "list").output
    assert "lowmark.test" in listed
    assert "kremlin.ru" in listed
    assert "one(html)" in listed
    shown = newsclean("sites", "show", "lowmark.test").output
    assert "sites/lowmark.test.toml" in shown
    assert 'publisher = "The Lowmark Courier"' in shown
    unknown = newsclean("sites", "show", "lowmark.tset")
    assert (unknown.exit_code, "kremlin.ru" in unknown.stderr) == (ExitCode.USAGE, True)


def test_sites_check_names_all_that_is_wrong(newsclean, folder):
    """Every bad profile has its message; good ones are counted."""
    assert newsclean("sites", "check").exit_code == 0
    (folder / "sites" / "a.test.toml").write_text("publisher = 3")
    (folder / "sites" / "b.test.toml").write_text('publisher = "B"\nhots = ["b.test"]\nlayout = []')
    result = newsclean("sites", "check", "sites")
    assert result.exit_code == ExitCode.USAGE
    assert "a.test.toml" in result.stderr
    assert 'did you mean "hosts"' in result.stderr
    assert "1 profiles are good: lowmark.test" in result.stdout


def test_sites_check_finds_two_profiles_for_one_host(newsclean, folder):
    """Profiles that are good by themselves may still want the same pages."""
    text = (folder / "sites" / "lowmark.test.toml").read_text()
    (folder / "sites" / "b.test.toml").write_text('hosts = ["lowmark.test"]\n' + text)
    result = newsclean("sites", "check", "sites")
    assert result.exit_code == ExitCode.USAGE
    assert "lowmark.test is taken by" in result.stderr


@pytest.fixture
def case(folder):
    place = folder / "tests" / "sites" / "lowmark.test" / "one"
    place.mkdir(parents=True)
    (place / "page.html").write_text((folder / "raw" / "0.html").read_text())
    (place / "meta.json").write_text(json.dumps({"url": "https://lowmark.test/0"}))

    def expect(**changes):
        body = [
            "The harbour master of Lowmark said on Monday that the ferry 0 would sail again this week.",
            "Nobody on the island had expected the old ship to be back before the spring tide of the year.",
        ]
        article = {
            "body": body,
            "declared_language": "en",
            "publisher": "The Lowmark Courier",
            "strategy": "html:one",
            "title": "Ferry 0 is back",
        }
        (place / "expected.json").write_text(json.dumps({"articles": [article | changes]}))

    return expect


def test_sites_test_runs_the_golden_cases(newsclean, case):
    """A case that holds is good, and the count of fields is told."""
    case()
    result = newsclean("sites", "test")
    assert result.exit_code == 0, result.output
    assert "good    lowmark.test/one" in result.output


def test_sites_test_says_which_field_broke(newsclean, case):
    """The report is by field: expected and found."""
    case(title="Ferry 1 is back")
    result = newsclean("sites", "test", "-q")
    assert result.exit_code == ExitCode.TROUBLE
    assert result.output.splitlines()[1:4] == [
        "    articles[0].title",
        '        expected "Ferry 1 is back"',
        '        found    "Ferry 0 is back"',
    ]


def test_sites_test_without_cases_is_an_error(newsclean, folder):
    """An empty folder does not pass for good."""
    result = newsclean("sites", "test", "raw")
    assert (result.exit_code, "no cases there" in result.stderr) == (ExitCode.USAGE, True)
