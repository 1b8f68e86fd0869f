"""Which files are pages: each real file once, in a fixed order, and no way to run for ever."""

from __future__ import annotations

import os
import socket

import pytest

from newsclean.errors import ConfigError
from newsclean.sources import discover


@pytest.fixture
def raw(tmp_path):
    """A folder of pages, two of them nested, beside files that are none."""
    for name in ("b.html", "a.txt", "deep/er/c.html.gz", "deep/d", "deep/e.weird"):
        make(tmp_path / "raw" / name)
    for name in ("gold.jsonl", "README.md", "deep/x.json.gz", "pic.PNG", ".hidden.html", ".git/f.html"):
        make(tmp_path / "raw" / name)
    return tmp_path / "raw"


def make(path, text="text"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def names(found):
    return [file.raw_path for file in found.files]


PAGES = ["raw/a.txt", "raw/b.html", "raw/deep/d", "raw/deep/e.weird", "raw/deep/er/c.html.gz"]


def test_a_folder_gives_its_pages_in_order(raw):
    """Pages are found at any depth and sorted; hidden files and what is no page by its name are left out."""
    found = discover([str(raw)], base=raw.parent)
    assert names(found) == PAGES
    assert found.skipped == 4
    assert found.problems == ()


def test_size_and_time_are_those_of_the_file(raw):
    """Size and time of change come along, so that a changed file is known without being read."""
    os.utime(raw / "a.txt", ns=(1, 1_700_000_000_123_456_789))
    (file,) = discover([str(raw / "a.txt")], base=raw).files
    assert (file.path, file.size_bytes, file.mtime_ns) == (raw / "a.txt", 4, 1_700_000_000_123_456_789)
    assert (file.url, file.fetched_at, file.status, file.charset, file.labels) == (None, None, None, None, ())


@pytest.mark.parametrize(
    "ways", [["raw", "raw"], ["raw/b.html", "raw"], ["raw", "raw/deep"], ["raw/*", "./raw/../raw/"]]
)
def test_a_page_named_twice_is_one_page(raw, monkeypatch, ways):
    """However often and by whatever name a file is given, it is one page."""
    monkeypatch.chdir(raw.parent)
    found = discover(ways, base=raw.parent)
    assert names(found) == PAGES
    assert found.skipped == 4


def test_a_named_file_is_always_taken(raw):
    """A name that no walk would take is taken when the user names it."""
    found = discover([str(raw / "gold.jsonl"), str(raw / ".hidden.html"), str(raw)], base=raw)
    assert {"gold.jsonl", ".hidden.html"} < set(names(found))
    assert found.skipped == 3


def test_paths_outside_the_base_are_absolute(raw, tmp_path):
    """A page outside the dataset's parent folder is known by its full path."""
    (tmp_path / "other").mkdir()
    found = discover([str(raw / "a.txt")], base=tmp_path / "other")
    assert names(found) == [(raw / "a.txt").resolve().as_posix()]
    assert names(discover([str(raw / "a.txt")], base=tmp_path / "ra")) == names(found)


def test_the_dataset_itself_is_no_source(raw):
    """The output folder is passed over in a walk, and refused when it is named."""
    make(raw / "clean" / "articles" / "x.html")
    (raw / "link.html").symlink_to(raw / "clean" / "articles" / "x.html")
    assert names(discover([str(raw)], base=raw.parent, exclude=[raw / "clean"])) == PAGES
    assert names(discover([str(raw / "**")], base=raw.parent, exclude=[raw / "clean"])) == PAGES
    assert names(discover([str(raw / "*")], base=raw.parent, exclude=[raw / "clean"])) == PAGES
    for path in ("clean", "clean/articles/x.html"):
        with pytest.raises(ConfigError, match="lies in the dataset"):
            discover([str(raw / path)], base=raw.parent, exclude=[raw / "clean"])


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*", PAGES),
        ("*.html", ["raw/b.html"]),
        ("?.t[xy]t", ["raw/a.txt"]),
        ("*/er", ["raw/deep/er/c.html.gz"]),
        ("**", PAGES),
        ("**/*.html*", ["raw/b.html", "raw/deep/er/c.html.gz"]),
        ("**/er/**", ["raw/deep/er/c.html.gz"]),
        ("**/er", ["raw/deep/er/c.html.gz"]),
        ("deep/**/[cd]*", ["raw/deep/d", "raw/deep/er/c.html.gz"]),
        ("**/**/d", ["raw/deep/d"]),
        ("*.jsonl", ["raw/gold.jsonl"]),
        ("**/*.json.gz", ["raw/deep/x.json.gz"]),
        ("**/*.gz", ["raw/deep/er/c.html.gz"]),
    ],
)
def test_patterns_are_matched(raw, pattern, expected):
    """Patterns match as in a shell; a folder that matches is walked; a suffix asked for is taken."""
    assert names(discover([str(raw / pattern)], base=raw.parent)) == expected


def test_a_relative_pattern_is_looked_up_from_here(raw, monkeypatch):
    """Patterns without a folder start in the working directory."""
    monkeypatch.chdir(raw)
    assert names(discover(["**/*.html"], base=raw)) == ["b.html"]
    assert names(discover(["*.html"], base=raw)) == ["b.html"]


def test_a_file_with_signs_of_a_pattern_in_its_name_is_a_file(raw):
    """A name that exists is that file, brackets or not."""
    make(raw / "page[1]*.html")
    assert names(discover([str(raw / "page[1]*.html")], base=raw)) == ["page[1]*.html"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("rav", 'did you mean ".*raw"'),
        ("nowhere/x.html", "no such file or folder; looked in .*nowhere"),
        ("raw/b.html/x", "no such file"),
        ("raw/*.nothing", "no file or folder matches"),
        ("raw/**/*.nothing", "no file or folder matches"),
        ("nowhere/**", "no file or folder matches"),
        ("raw/\0", "embedded null"),
        ("", "name a file"),
    ],
)
def test_a_path_that_matches_nothing_is_an_error(raw, path, words):
    """What cannot be found is said with the place that was searched, or the name that was meant."""
    with pytest.raises(ConfigError, match=words):
        discover([f"{raw.parent}/{path}" if path else ""], base=raw)


def test_an_empty_folder_is_no_error(tmp_path):
    """A folder in which no page lies yet is simply empty."""
    assert names(discover([str(tmp_path)], base=tmp_path)) == []


def test_symbolic_links_are_followed_once(raw, tmp_path):
    """Linked files and folders are read by their real names, and only once."""
    make(tmp_path / "store" / "far.html")
    (raw / "folder").symlink_to(tmp_path / "store")
    (raw / "twin").symlink_to(tmp_path / "store", target_is_directory=True)
    (raw / "near.html").symlink_to(raw / "b.html")
    (raw / "a-near.html").symlink_to("b.html")
    (raw / "far-away.html").symlink_to(tmp_path / "store" / "far.html")
    found = discover([str(raw)], base=tmp_path)
    assert names(found) == [*PAGES, "store/far.html"]
    assert found.problems == ()


@pytest.mark.parametrize("pattern", ["", "**", "**/*.html", "*/*"])
def test_link_loops_end(raw, pattern):
    """Folders that link to themselves and to each other, many times over, are walked once."""
    for number in range(20):
        (raw / f"loop{number}").symlink_to(raw)
        (raw / "deep" / f"up{number}").symlink_to("..")
        (raw / "deep" / "er" / f"top{number}").symlink_to("../..")
    found = discover([str(raw / pattern)], base=raw.parent)
    assert set(names(found)) <= set(PAGES)
    assert "raw/deep/er/c.html.gz" in names(found) or pattern == "**/*.html"


def test_a_pattern_reaches_through_links(raw, tmp_path):
    """A pattern speaks of names as they are seen, links among them."""
    make(tmp_path / "store" / "far.html")
    (raw / "news").symlink_to(tmp_path / "store")
    assert names(discover([str(raw / "**/news/*.html")], base=tmp_path)) == ["store/far.html"]
    assert names(discover([str(raw / "news")], base=tmp_path)) == ["store/far.html"]
    assert names(discover([str(raw / "ne*")], base=tmp_path)) == ["store/far.html"]


def test_a_link_that_leads_nowhere_is_a_problem(raw):
    """A dangling link and one to itself are named, with what to do, and the rest is found."""
    (raw / "gone.html").symlink_to(raw / "no.html")
    (raw / "self.html").symlink_to(raw / "self.html")
    for path in (raw, raw / "*", raw / "**"):
        found = discover([str(path)], base=raw.parent)
        assert names(found) == PAGES
        assert [problem.where for problem in found.problems] == ["raw/gone.html", "raw/self.html"]
        assert all("leads nowhere; delete it" in problem.message for problem in found.problems)


def test_what_is_no_file_is_not_opened(raw):
    """Pipes and sockets, on which reading would wait, are passed over, and named ones are a problem."""
    os.mkfifo(raw / "pipe.html")
    (raw / "pipe-link.html").symlink_to(raw / "pipe.html")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(os.path.relpath(raw / "socket.html"))
    listener.close()
    found = discover([str(raw)], base=raw.parent)
    assert names(found) == PAGES
    assert found.skipped == 6
    (problem,) = discover([str(raw / "pipe.html")], base=raw.parent).problems
    assert "neither a file nor a folder" in problem.message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission_is_a_problem(raw):
    """A folder that may not be read is a problem, and the rest is found."""
    (raw / "deep").chmod(0)
    try:
        found = discover([str(raw)], base=raw.parent)
    finally:
        (raw / "deep").chmod(0o755)
    assert names(found) == ["raw/a.txt", "raw/b.html"]


def test_an_unreadable_folder_is_a_problem(raw, monkeypatch):
    """A folder that cannot be opened is named with what to do, and the rest is found."""
    opened = os.scandir

    def refuse(path):
        if str(path).endswith("deep"):
            raise PermissionError(13, "Permission denied", path)
        return opened(path)

    monkeypatch.setattr("newsclean.sources.walking.os.scandir", refuse)
    found = discover([str(raw)], base=raw.parent)
    assert names(found) == ["raw/a.txt", "raw/b.html"]
    (problem,) = found.problems
    assert problem.where == "raw/deep"
    assert "Permission denied" in problem.message
    assert "change its permissions" in problem.message
    assert problem.is_lost


def test_a_name_that_is_no_utf8_can_be_written_down(tmp_path):
    """Bytes of a name that are no UTF-8 are escaped in the page's name, and the file still opens."""
    name = os.fsdecode(b"caf\xe9.html")
    try:
        make(tmp_path / name)
    except OSError:
        pytest.skip("this file system has UTF-8 names only")
    (file,) = discover([str(tmp_path)], base=tmp_path).files
    assert file.raw_path == r"caf\udce9.html"
    assert file.path.read_bytes() == b"text"


def test_order_does_not_depend_on_the_order_of_paths(raw):
    """The same files give the same list, however they are named."""
    paths = [str(raw / "deep"), str(raw / "b.html"), str(raw / "a.txt")]
    assert discover(paths, base=raw.parent) == discover(paths[::-1], base=raw.parent)


def test_real_folders_are_found(shared):
    """The real pages are all found, with their manifest, by folder, by part of it, by pattern and by name."""
    pages = shared / "pages"
    whole = discover([str(pages / "publishers")], base=pages)
    assert len(whole.files) == 150
    assert all(file.url for file in whole.files)
    for path in ("publishers/at", "publishers/at/*", "publishers/**/at/*.gz"):
        part = discover([str(pages / path)], base=pages)
        assert part.files == tuple(file for file in whole.files if file.raw_path.startswith("publishers/at/"))
    one = discover([str(whole.files[0].path)], base=pages)
    assert one.files == whole.files[:1]


def test_reports_of_datasets_are_no_pages(tmp_path):
    """What `newsclean report` writes beside a dataset is left out; a page that is merely named so is not."""
    (tmp_path / "clean" / "_newsclean" / "reports").mkdir(parents=True)
    (tmp_path / "clean" / "_newsclean" / "reports" / "run.html").write_text("<p>A report.</p>")
    for name in ("clean-report.html", "harbour-report.html"):
        (tmp_path / name).write_text("<p>The ferry is late.</p>")
    found = discover([str(tmp_path)], base=tmp_path)
    assert [file.raw_path for file in found.files] == ["harbour-report.html"]
