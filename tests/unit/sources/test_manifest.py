"""What a manifest says reaches the page it speaks of; bad rows are problems, and the rest counts."""

from __future__ import annotations

import datetime as dt
import json
import os

import pytest

from newsclean.sources import discover


def make(path, text="text"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def write(folder, *rows):
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    return make(folder / "manifest.jsonl", "\n".join(lines) + "\n")


def one(path, base=None):
    found = discover([str(path)], base=base or path)
    (file,) = found.files
    return file, found.problems


def test_a_row_describes_its_file(tmp_path):
    """All known keys are read, and every other key is a label, in the row's order."""
    make(tmp_path / "at" / "a.html")
    write(
        tmp_path,
        {
            "url": " https://herald.example/a ",
            "country": "at",
            "file": "at/a.html",
            "fetched_at": "2026-02-03T10:30:00+02:00",
            "status": 200,
            "media_type": "text/html",
            "charset": "windows-1252",
            "rank": 3,
            "paid": True,
            "share": 0.5,
            "tags": ["a", "ж"],
            "more": {"b": None},
            "nothing": None,
        },
    )
    file, problems = one(tmp_path)
    assert problems == ()
    assert file.raw_path == "at/a.html"
    assert file.url == "https://herald.example/a"
    assert file.fetched_at == dt.datetime(2026, 2, 3, 8, 30, tzinfo=dt.UTC)
    assert (file.status, file.media_type, file.charset) == (200, "text/html", "windows-1252")
    assert file.labels == (
        *(("country", "at"), ("rank", "3"), ("paid", "true"), ("share", "0.5")),
        *(("tags", '["a","ж"]'), ("more", '{"b":null}')),
    )


def test_the_manifest_is_no_page(tmp_path):
    """No `manifest.jsonl` is a page, not even one that a shell's pattern names."""
    make(tmp_path / "a.html")
    manifest = write(tmp_path, {"file": "a.html", "url": "u"})
    for paths in ([tmp_path], [manifest, tmp_path / "a.html"], [tmp_path / "*"], [tmp_path / "**"]):
        found = discover([str(path) for path in paths], base=tmp_path)
        assert [(file.raw_path, file.url) for file in found.files] == [("a.html", "u")]
        assert found.skipped == 0


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("no json", "no JSON"),
        ('{"file": "a.html"', "no JSON"),
        ('{"file": "\ud800"}'.encode("utf-8", "surrogatepass").decode("latin-1"), "no file"),
        ('{"file": "\\ud800"}', "no JSON"),
        ("[1]", "no JSON object"),
        ("3", "no JSON object"),
        ("[" * 10_000, "no JSON"),
        ({"url": "u"}, 'no "file"'),
        ({"file": ""}, 'no "file"'),
        ({"file": 3}, 'no "file"'),
        ({"file": "a\0b"}, 'no "file"'),
        ({"file": "b.html"}, 'no file "b.html"'),
        ({"file": "../a.html"}, "not below this folder"),
        ({"file": "/etc/passwd"}, "not below this folder"),
        ({"file": "."}, "not below this folder"),
        ({"file": "a.html", "url": "other"}, "described otherwise on line 1"),
    ],
)
def test_a_row_that_cannot_be_used_is_a_problem(tmp_path, row, words):
    """The problem names the line and the way out, and the rows around it are used."""
    make(tmp_path / "a.html")
    make(tmp_path / "z.html")
    write(tmp_path, {"file": "a.html", "url": "u"}, "", row, {"file": "z.html", "url": "w"})
    found = discover([str(tmp_path)], base=tmp_path.parent)
    assert [file.url for file in found.files] == ["u", "w"]
    (problem,) = found.problems
    assert problem.where == f"{tmp_path.name}/manifest.jsonl:3"
    assert words in problem.message
    assert problem.message.endswith("; the row is not used")


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("fetched_at", "2026-02-03", "has no time zone"),
        ("fetched_at", "2026-02-03T10:30:00", "has no time zone"),
        ("fetched_at", "2026-02-03 10:30", 'write it as "2026-02-03T10:30:00Z" if it is UTC, else with its offset'),
        ("fetched_at", "yesterday", "no date and time"),
        ("fetched_at", "", "no date and time"),
        ("fetched_at", 1_700_000_000, "no date and time"),
        ("fetched_at", "2026-02-30T10:00:00Z", "no date and time"),
        ("fetched_at", "0001-01-01T00:00:00+05:00", "out of time"),
        ("status", 99, "no HTTP status"),
        ("status", True, "no HTTP status"),
        ("status", "ok", "no HTTP status"),
        ("status", 200.5, "no HTTP status"),
        ("url", 5, "url is no string"),
        ("charset", ["utf-8"], "charset is no string"),
        ("media_type", {}, "media_type is no string"),
    ],
)
def test_a_bad_value_is_a_problem_and_nothing_is_guessed(tmp_path, key, value, words):
    """What a value does not say is not made up: the field is empty, and the rest of the row is used."""
    make(tmp_path / "a.html")
    write(tmp_path, {"file": "a.html", "country": "at", key: value})
    file, (problem,) = one(tmp_path)
    assert getattr(file, key) is None
    assert file.labels == (("country", "at"),)
    assert problem.where == "manifest.jsonl:1"
    assert words in problem.message
    assert problem.message.endswith("; the row is used without it")


@pytest.mark.parametrize(
    ("stated", "hour"), [("2026-02-03T10:30:00Z", 10), ("20260203T103000+0130", 9), ("2026-02-03 10:30:00.5-01:00", 11)]
)
def test_moments_with_a_zone_are_read(tmp_path, stated, hour):
    """ISO 8601 in its usual forms is read, and given in UTC."""
    make(tmp_path / "a.html")
    write(tmp_path, {"file": "a.html", "fetched_at": stated})
    file, problems = one(tmp_path)
    assert problems == ()
    assert (file.fetched_at.hour, file.fetched_at.utcoffset()) == (hour, dt.timedelta(0))


def test_status_may_be_digits_in_quotes(tmp_path):
    """A status that a script wrote as a string is a status."""
    make(tmp_path / "a.html")
    write(tmp_path, {"file": "a.html", "status": "404"})
    assert one(tmp_path)[0].status == 404


def test_the_same_row_twice_is_no_problem(tmp_path):
    """A row repeated word for word says nothing new."""
    make(tmp_path / "a.html")
    write(tmp_path, {"file": "a.html", "url": "u"}, {"url": "u", "file": "./a.html"})
    assert one(tmp_path)[1] == ()


def test_many_rows_with_one_fault_are_summed_up(tmp_path):
    """Five rows with the same fault are named, the others counted."""
    make(tmp_path / "a.html")
    write(tmp_path, *["{"] * 100, {"file": "a.html", "url": "u"}, *[{"url": "u"}] * 6)
    file, problems = one(tmp_path)
    assert file.url == "u"
    assert len(problems) == 12
    assert [problem.message for problem in problems if problem.where == "manifest.jsonl"] == [
        "95 more rows with this fault: no JSON",
        "1 more rows with this fault: no file",
    ]


def test_a_mark_and_windows_line_ends_are_no_fault(tmp_path):
    """A manifest saved by a Windows editor is read."""
    make(tmp_path / "a.html")
    (tmp_path / "manifest.jsonl").write_bytes(b'\xef\xbb\xbf{"file": "a.html", "url": "u"}\r\n\r\n')
    file, problems = one(tmp_path)
    assert (file.url, problems) == ("u", ())


@pytest.mark.parametrize(
    "path", ["a/b/c/page.html", "a/b/c", "a/b", "a", "", "a/b/c/*.html", "a/**/page.html", "a/*/c"]
)
def test_a_manifest_above_what_is_named_counts(tmp_path, path):
    """A manifest is found from its own folder, from folders below it, and from a file three folders down."""
    make(tmp_path / "a" / "b" / "c" / "page.html")
    write(tmp_path, {"file": "a/b/c/page.html", "url": "u"}, {"file": "a/other.html", "url": "w"})
    make(tmp_path / "a" / "other.html")
    found = discover([str(tmp_path / path)], base=tmp_path)
    assert {file.raw_path: file.url for file in found.files}["a/b/c/page.html"] == "u"
    assert found.problems == ()


def test_a_manifest_four_folders_up_does_not_count(tmp_path):
    """The search upwards ends after three folders."""
    make(tmp_path / "a" / "b" / "c" / "d" / "page.html")
    write(tmp_path, {"file": "a/b/c/d/page.html", "url": "u"})
    assert one(tmp_path / "a" / "b" / "c" / "d" / "page.html")[0].url is None
    assert one(tmp_path / "a" / "b" / "c")[0].url == "u"


def test_the_nearest_manifest_counts(tmp_path):
    """Where two manifests describe a file, that nearer to it is the one."""
    make(tmp_path / "a" / "page.html")
    write(tmp_path, {"file": "a/page.html", "url": "far", "status": 200})
    write(tmp_path / "a", {"file": "page.html", "url": "near"})
    for path in (tmp_path, tmp_path / "a", tmp_path / "a" / "page.html"):
        file, problems = one(path)
        assert (file.url, file.status, problems) == ("near", None, ())


def test_a_manifest_above_that_speaks_of_other_files_is_not_heard(tmp_path):
    """Faults of a manifest that has nothing to do with what is named are nobody's business."""
    make(tmp_path / "a" / "page.html")
    write(tmp_path, "broken", {"file": "elsewhere.html"}, {"name": "another tool's"})
    assert one(tmp_path / "a")[1] == ()
    assert len(discover([str(tmp_path)], base=tmp_path).problems) == 3


def test_rows_for_files_that_are_there_and_not_asked_for_are_no_problem(tmp_path):
    """A row for a file that is hidden, no page by name or not matched is no fault."""
    for name in (".hidden.html", "data.json", "a.html", "b.html"):
        make(tmp_path / name)
    write(tmp_path, *({"file": name, "url": name} for name in (".hidden.html", "data.json", "a.html", "b.html")))
    assert discover([str(tmp_path)], base=tmp_path).problems == ()
    assert one(tmp_path / "a.html")[1] == ()
    assert discover([str(tmp_path / "**/a*")], base=tmp_path).problems == ()


def test_links_are_described_by_either_name(tmp_path):
    """A row may name a file by a link to it or to its folder, and a manifest may be a link."""
    make(tmp_path / "store" / "real" / "one.html")
    make(tmp_path / "store" / "two.html")
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "sub").symlink_to(tmp_path / "store" / "real")
    (tmp_path / "raw" / "two-link.html").symlink_to(tmp_path / "store" / "two.html")
    rows = write(tmp_path / "elsewhere", {"file": "sub/one.html", "url": "1"}, {"file": "two-link.html", "url": "2"})
    (tmp_path / "raw" / "manifest.jsonl").symlink_to(rows)
    for paths in (["raw"], ["raw/sub", "raw/two-link.html"]):
        found = discover([str(tmp_path / path) for path in paths], base=tmp_path)
        assert [(file.raw_path, file.url) for file in found.files] == [
            ("store/real/one.html", "1"),
            ("store/two.html", "2"),
        ]
        assert found.problems == ()


def test_a_manifest_that_cannot_be_read_is_a_problem(tmp_path, monkeypatch):
    """Without its manifest a page is still a page."""
    make(tmp_path / "a.html")
    write(tmp_path, {"file": "a.html", "url": "u"})

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("newsclean.sources.manifest.open", refuse, raising=False)
    file, (problem,) = one(tmp_path)
    assert file.url is None
    assert "Permission denied" in problem.message


def test_facts_have_a_hash_of_their_own(tmp_path):
    """The hash changes with what the manifest says, and with nothing else."""

    def facts(row, text="text"):
        make(tmp_path / "a.html", text)
        os.utime(tmp_path / "a.html", (len(text), len(text)))
        write(tmp_path, {"file": "a.html", **row})
        return one(tmp_path)[0].facts_sha256

    same = {facts({"url": "u", "x": 1}), facts({"x": 1, "url": "u"}), facts({"url": "u", "x": 1}, "another text")}
    assert len(same) == 1
    moment = {facts({"fetched_at": "2026-01-01T00:00:00Z"}), facts({"fetched_at": "2026-01-01T01:00:00+01:00"})}
    assert len(moment) == 1
    others = [
        facts(row) for row in ({}, {"url": "v", "x": 1}, {"url": "u", "x": 2}, {"url": "u", "y": 1}, {"status": 200})
    ]
    assert len({*same, *moment, *others}) == 7
