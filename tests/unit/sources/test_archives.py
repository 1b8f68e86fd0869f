"""Archives of every kind: the same pages, each by its place, however the file is cut into stretches."""

from __future__ import annotations

import gzip
import hashlib
import random
import zipfile
from itertools import pairwise

import making
import pytest

from newsclean.errors import PageError
from newsclean.sources import (
    Reading,
    SourceFile,
    archive_of,
    archive_or_bytes,
    is_archive,
    read_page,
    read_record,
    split,
    splitting,
)

MOST = 1_000_000
KINDS = sorted(making.all_kinds())
WITHOUT_ADDRESS = ("pages.zip", "pages.tar", "pages.tar.gz", "pages.tar.zst")


@pytest.fixture(scope="module")
def contents():
    return making.all_kinds()


@pytest.fixture
def finely_cut(monkeypatch):
    """Have every mark begin a stretch."""
    for name, value in {"_GRAIN": 1, "_LEAST_WEIGHT": 1, "_PIECES": 10_000}.items():
        monkeypatch.setattr(splitting, name, value)


def outcome(page):
    try:
        return page.read(max_bytes=MOST)
    except PageError as error:
        return str(error.reason), error.detail


def pages(file):
    return [(page.facts, outcome(page)) for page in archive_of(file, max_bytes=MOST).pages() if page]


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_gives_the_same_pages(tmp_path, contents, name):
    """Bytes, address, time and status are those that went in, and the file's hash is told at the end."""
    file = making.file_of(tmp_path, name, contents[name], labels=(("batch", "may"),))
    archive = archive_of(file, max_bytes=MOST)
    found = [page.read(max_bytes=MOST) for page in archive.pages() if page]
    assert [page.body for page in found] == [making.body(number) for number in range(making.COUNT)]
    if name not in WITHOUT_ADDRESS:
        assert [page.url for page in found] == [making.url(number) for number in range(making.COUNT)]
        assert {(page.fetched_at.isoformat(), page.status, page.media_type, page.charset) for page in found} == {
            ("2026-03-14T10:00:00+00:00", 200, "text/html", "utf-8")
        }
    else:
        assert [dict(page.labels)["member"] for page in found] == [one for one, _ in making.page_files()]
    assert all(page.labels[0] == ("batch", "may") for page in found)
    assert len({page.raw_offset for page in found}) == making.COUNT
    assert archive.sha256 == hashlib.sha256(contents[name]).hexdigest()


@pytest.mark.parametrize("name", KINDS)
def test_a_page_is_found_again_by_its_place(tmp_path, contents, name):
    """What a row says of its page's place is enough to read it again."""
    file = making.file_of(tmp_path, name, contents[name])
    places = [facts.raw_offset for facts, _ in pages(file)]
    if name == "together.warc.gz":  # its records share one member
        places = []
    for number, place in enumerate(places):
        assert read_record(file, place, max_bytes=MOST).body == making.body(number)
    with pytest.raises(PageError):
        read_record(file, 10**9, max_bytes=MOST)


@pytest.mark.parametrize("name", KINDS)
def test_stretches_give_what_the_whole_gives(tmp_path, contents, finely_cut, name):
    """Cut as finely as can be: the pages of the parts, in order, are those of the file, none lost, none twice."""
    file = making.file_of(tmp_path, name, contents[name])
    whole = pages(file)
    parts = split(file, max_bytes=MOST)
    assert len(parts) > (1 if name == "pages.parquet" else 5) or name == "pages.parquet"
    assert [found for part in parts for found in pages(part)] == whole
    assert {part.stretch.sha256 for part in parts} == {hashlib.sha256(contents[name]).hexdigest()}
    assert sum(part.stretch.pages for part in parts) == making.COUNT
    assert (parts[0].stretch.start, parts[-1].stretch.end) == (0, None)
    assert all(one.stretch.end == other.stretch.start for one, other in pairwise(parts))


@pytest.mark.parametrize("name", KINDS)
def test_a_stretch_can_be_cut_again(tmp_path, contents, finely_cut, name):
    """A gap between committed parts is cut as the file is, and reading may begin before it."""
    file = making.file_of(tmp_path, name, contents[name])
    parts = split(file, max_bytes=MOST)
    if len(parts) < 5:
        pytest.skip("few parts")
    from dataclasses import replace

    wide = replace(parts[2].stretch, end=parts[4].stretch.end, entry=parts[1].stretch.entry)
    again = split(replace(file, stretch=wide), max_bytes=MOST)
    assert [found for part in again for found in pages(part)] == [found for part in parts[2:5] for found in pages(part)]


@pytest.mark.parametrize("name", KINDS)
def test_damage_is_told_and_does_not_depend_on_the_cut(tmp_path, contents, finely_cut, name):
    """Whatever is broken: no exception, each place once, and the same pages from the parts as from the whole."""
    dice = random.Random(name)
    for _ in range(25):
        broken = bytearray(contents[name])
        at = dice.randrange(len(broken))
        kind = dice.randrange(3)
        if kind == 0:
            broken[at] ^= 1 << dice.randrange(8)
        elif kind == 1:
            del broken[at : at + dice.randrange(1, 400)]
        else:
            del broken[at:]
        file = making.file_of(tmp_path, name, bytes(broken))
        if archive_of(file, max_bytes=MOST) is None:
            continue
        whole = pages(file)
        places = [facts.raw_offset for facts, _ in whole]
        assert len(places) == len(set(places))
        assert [found for part in split(file, max_bytes=MOST) for found in pages(part)] == whole


def test_a_page_is_opened_once(tmp_path):
    """The look that tells a page from an archive gives its bytes, as they lie, and they are a page without the file."""
    packed = gzip.compress(b"<p>The mayor opened the bridge.</p>", mtime=0)
    file = making.file_of(tmp_path, "page.html", packed)
    found = archive_or_bytes(file, max_bytes=MOST)
    file.path.unlink()
    assert found == packed
    assert read_page(file, packed=found).body == gzip.decompress(packed)


@pytest.mark.parametrize(("stored", "allowed"), [(b"x" * 101, 100), (b"x" * (2**20 + 1), 2**30)])
def test_a_large_page_is_not_read_to_look_at_it(tmp_path, stored, allowed):
    """What is too large, or large, is read by the reader that has the limit, as is a file that has grown."""
    file = making.file_of(tmp_path, "page.html", stored)
    assert archive_or_bytes(file, max_bytes=allowed) is None
    small = making.file_of(tmp_path, "page.html", b"x")
    small.path.write_bytes(b"grown")
    assert archive_or_bytes(small, max_bytes=MOST) is None
    assert read_page(small).body == b"grown"


@pytest.mark.parametrize("name", KINDS)
def test_a_cut_file_says_so(tmp_path, contents, name):
    """The last third is missing: what is there is read, and a rejection names what is not."""
    content = contents[name]
    file = making.file_of(tmp_path, name, content[: len(content) * 2 // 3])
    if name in ("dictionary.warc.zst", "pages.tar.zst"):  # so short that nothing of the content is left
        assert archive_of(file, max_bytes=MOST) is None
        return
    found = [what for _, what in pages(file)]
    bad = [what for what in found if isinstance(what, tuple)]
    assert bad, "nothing said"
    assert {reason for reason, _ in bad} <= {"broken_archive", "unreadable"}
    good = [what.body for what in found if not isinstance(what, tuple)]
    assert good == [making.body(number) for number in range(len(good))]
    if name not in ("pages.zip", "pages.parquet", "pages.ndjson.zst", "packed.wacz"):
        assert good, "nothing used"


def test_a_large_archive_is_cut_by_work(tmp_path):
    """Some megabytes make some parts of much the same size, a small file none."""
    records = making.warc_records(3_000)
    file = making.file_of(tmp_path, "a.warc.gz", making.packed(records))
    parts = split(file, max_bytes=MOST)
    sizes = [part.stretch.pages for part in parts]
    assert len(parts) >= 4
    assert sum(sizes) == 3_000
    small = making.file_of(tmp_path, "b.warc.gz", making.packed(records[:50]))
    (whole,) = split(small, max_bytes=MOST)
    assert whole.stretch.is_whole


def test_a_wish_to_stop_leaves_the_file_whole(tmp_path, contents, finely_cut):
    """Looking through a large file can be interrupted."""
    file = making.file_of(tmp_path, "a.warc.gz", contents["packed.warc.gz"])
    assert split(file, max_bytes=MOST, should_stop=lambda: True) == (file,)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", making.body(1)),
        ("a.html.gz", gzip.compress(making.body(1))),
        ("not.warc", b"This is no WARC at all, only words.\n"),
        ("empty.warc.gz", b""),
        ("letter.docx", making.zipped([("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>")])),
        ("book.zip", making.zipped([("mimetype", b"application/epub+zip"), ("a.html", b"<p>x")])),
    ],
)
def test_what_is_one_page_is_no_archive(tmp_path, name, content):
    """Pages, documents that are packed as zip, and files that only have an archive's name stay one page."""
    assert not is_archive(making.file_of(tmp_path, name, content))


def test_broken_lines_are_told_by_number(tmp_path):
    """Each line that is no page is a rejection with its number, also behind the first stretch."""
    lines = making.json_lines().splitlines(keepends=True)
    lines[2:2] = [b"{broken\n", b"\n", b"[1, 2]\n", b'{"url": "https://lowmark.test/x"}\n', b'{"html": null}\n']
    file = making.file_of(tmp_path, "a.jsonl", b"\xef\xbb\xbf" + b"".join(lines))
    bad = [what for _, what in pages(file) if isinstance(what, tuple)]
    assert [reason for reason, _ in bad] == ["broken_archive", "broken_archive", "unreadable", "empty"]
    assert bad[0][1].startswith("line 3: no JSON (")
    assert bad[1][1].startswith("line 5: no JSON object")
    assert bad[2][1].startswith("no column html or text in it: name one of url by --html-column")


def test_line_numbers_do_not_depend_on_the_cut(tmp_path, finely_cut):
    """A broken line far behind is told by the number that an editor shows, whoever reads it."""
    lines = making.json_lines().splitlines(keepends=True)
    lines[9:9] = [b"{broken\n"]
    for name, content in (("a.jsonl", b"".join(lines)), ("b.jsonl.gz", gzip.compress(b"".join(lines)))):
        parts = split(making.file_of(tmp_path, name, content), max_bytes=MOST)
        bad = [what[1] for part in parts for _, what in pages(part) if isinstance(what, tuple)]
        assert [detail.partition(":")[0] for detail in bad] == ["line 10"]


def test_a_line_without_end_is_one_rejection(tmp_path):
    """A line that is longer than a page may be is not kept in memory, and the next one is read."""
    long = b'{"html": "' + b"x" * 8_000_000 + b'"}\n'
    file = making.file_of(tmp_path, "a.jsonl", long + making.json_lines())
    found = pages(SourceFile(path=file.path, raw_path="a.jsonl", size_bytes=1, mtime_ns=0))
    assert found[0][1][0] == "broken_archive"
    assert "8,000,012 bytes long" in found[0][1][1]
    assert len(found) == making.COUNT + 1


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_the_column_of_the_pages_can_be_named(tmp_path, kind):
    """HTML or text, under any name; short values besides become labels, a time without zone too."""
    import json

    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [{"page": "Plain words.", "url": "https://lowmark.test/1", "fetched_at": "2026-03-14T10:00:00", "n": 7}]
    path = tmp_path / f"a.{kind}"
    if kind == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    else:
        pq.write_table(pa.Table.from_pylist(rows), path)
    file = SourceFile(path=path, raw_path=path.name, size_bytes=9, mtime_ns=0, reading=Reading(text_column="page"))
    ((facts, page),) = pages(file)
    assert (page.body, page.media_type, page.charset) == (b"Plain words.", "text/plain", "utf-8")
    assert dict(facts.labels) == {"fetched_at": "2026-03-14T10:00:00", "n": "7"}
    wrong = SourceFile(path=path, raw_path=path.name, size_bytes=9, mtime_ns=0, reading=Reading(html_column="nope"))
    ((_, (reason, detail)),) = pages(wrong)
    assert reason == "unreadable"
    assert "no column nope in it: name one of page, url, fetched_at, n by --html-column or --text-column" in detail


@pytest.mark.parametrize("name", ["../../etc/passwd.html", "/outside/x.html", "a/../../x.html", "..\\x.html"])
def test_names_that_lead_out_of_an_archive_are_refused(tmp_path, name):
    """In a zip, a tar and a WACZ: the member is a rejection, the others are read, nothing is written."""
    members = [(name, b"<p>bad"), ("good.html", making.body(1))]
    for file in (
        making.file_of(tmp_path, "a.zip", making.zipped(members)),
        making.file_of(tmp_path, "a.tar", making.tarred(members)),
    ):
        refused, good = (what for _, what in pages(file))
        assert refused[0] == "unreadable"
        assert "leads out of the archive" in refused[1]
        assert good.body == making.body(1)
    warcs = [
        ("datapackage.json", b"{}"),
        (f"{name}.warc.gz", b"x"),
        ("a.warc.gz", making.packed(making.warc_records())),
    ]
    found = [what for _, what in pages(making.file_of(tmp_path, "a.wacz", making.zipped(warcs, zipfile.ZIP_STORED)))]
    assert "leads out of the archive" in found[0][1]
    assert len(found) == making.COUNT + 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tar", "a.wacz", "a.zip"]


def test_bombs_in_archives_are_bounded(tmp_path):
    """A member that unpacks to too much, and one that claims it, are `too_large`; their neighbours are read."""
    members = [("bomb.html", bytes(5 * MOST)), ("good.html", making.body(1))]
    twice = [("bomb.html", gzip.compress(bytes(5 * MOST))), ("good.html", making.body(1))]
    for content in (members, twice):
        for name, made in (("a.zip", making.zipped), ("a.tar", making.tarred)):
            found = [what for _, what in pages(making.file_of(tmp_path, name, made(content)))]
            assert (found[0][0], found[1].body) == ("too_large", making.body(1))
    tar = gzip.compress(making.tarred(members))
    assert pages(making.file_of(tmp_path, "a.tar.gz", tar))[0][1][0] == "too_large"


def test_a_record_that_claims_ten_gigabytes_costs_itself(tmp_path):
    """The claim is no reason to take memory: the record is told with its place, and the next one is read."""
    import tracemalloc

    records = making.warc_records()
    liar = records[3].replace(b"Content-Length: ", b"Content-Length: 10000000000\r\nX: ", 1)
    for name, content in (
        ("a.warc", b"".join([*records[:3], liar, *records[4:]])),
        ("a.warc.gz", making.packed([*records[:3], liar, *records[4:]])),
    ):
        file = making.file_of(tmp_path, name, content)
        tracemalloc.start()
        found = pages(file)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 10_000_000
        bad = [(facts.url, what) for facts, what in found if isinstance(what, tuple)]
        assert [(url, reason) for url, (reason, _) in bad] == [(making.url(2), "broken_archive")]
        assert "bytes too early" in bad[0][1][1]
        assert len(found) == making.COUNT


def test_conversions_are_pages_of_text(tmp_path):
    """A WET record is text in UTF-8, as the format says, and its language can be asked for."""
    from newsclean.sources import Choice

    text = "Il traghetto è tornato."
    block = text.encode()
    head = "WARC-Type: conversion\r\nWARC-Target-URI: https://lowmark.test/1\r\nWARC-Date: 2026-03-14T10:00:00Z\r\n"
    head += f"WARC-Identified-Content-Language: ita\r\nContent-Type: text/plain\r\nContent-Length: {len(block)}\r\n\r\n"
    content = b"WARC/1.0\r\n" + head.encode() + block + b"\r\n\r\n"
    ((facts, page),) = pages(making.file_of(tmp_path, "a.warc.wet.gz", gzip.compress(content)))
    assert (page.body, facts.media_type, facts.charset) == (block, "text/plain", "utf-8")
    reading = Reading(choice=Choice(languages=("eng",)))
    ((_, (reason, detail)),) = pages(making.file_of(tmp_path, "b.warc.wet", content, reading=reading))
    assert (reason, detail) == ("filtered", "not asked for: language ita")
