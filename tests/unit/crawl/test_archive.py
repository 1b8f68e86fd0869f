"""The archive of a crawl: what is written can be read, by us and by others, and nothing of it is lost."""

from __future__ import annotations

import datetime as dt
import errno
import gzip
import io
import os
import random
import zlib

import pytest
from scrapy import Request
from scrapy.http import Headers, HtmlResponse, Response

from newsclean.crawl import gzips
from newsclean.crawl.archive import Archive, Original
from newsclean.crawl.state.store import Place
from newsclean.errors import DatasetError
from newsclean.sources import SourceFile, WarcFile

AT = dt.datetime(2026, 11, 22, 3, 4, 5, 678_000, tzinfo=dt.UTC)
URL = "https://lowmark.test/1"
BODY = gzip.compress(b"<html><p>The ferry sails again.</p></html>", mtime=0)


def response(body=BODY, status=200, url=URL, **headers):
    fields = {"Content-Type": "text/html; charset=utf-8", "Content-Encoding": "gzip", **headers}
    return Response(url, status=status, body=body, headers={k.replace("_", "-"): v for k, v in fields.items()})


@pytest.fixture
def archive(tmp_path):
    made = Archive(tmp_path / "lowmark.test", prefix="lowmark.test", clock=lambda: AT)
    yield made
    made.close()


def records(archive):
    """Return (type, headers, content) of all records of all files, as another reader reads them."""
    from warcio.archiveiterator import ArchiveIterator

    found = []
    for path in sorted(archive.folder.glob("*.warc.gz")):
        read = ArchiveIterator(io.BytesIO(path.read_bytes()))
        found += [(one.rec_type, dict(one.rec_headers.headers), one.raw_stream.read()) for one in read]
    return found


def test_a_fetch_is_three_records_that_any_reader_reads(archive):
    """Response, request and metadata say all of a fetch, and the file begins with what made it."""
    request = Request(URL, headers={"User-Agent": "x (+https://tests.example/)", "Accept": ["a", "b"]})
    place = archive.write(
        request, response(Set_Cookie=["a=1", "b=2"]), fetched_at=AT, robots="allowed", redirected_from="https://a.test/"
    )
    assert place.file == "lowmark.test-20261122T030405Z-00000.warc.gz"
    (info, first, asked, told) = records(archive)
    assert [one[0] for one in (info, first, asked, told)] == ["warcinfo", "response", "request", "metadata"]
    assert b"software: newsclean/" in info[2]
    assert first[1]["WARC-Target-URI"] == URL
    assert first[1]["WARC-Date"] == "2026-11-22T03:04:05.678000Z"
    assert first[2] == BODY
    assert asked[1]["WARC-Concurrent-To"] == told[1]["WARC-Concurrent-To"] == first[1]["WARC-Record-ID"]
    assert told[2] == b"via: https://a.test/\r\nrobots: allowed\r\n"
    assert archive.read(place).headers.getlist("Set-Cookie") == [b"a=1", b"b=2"]


@pytest.mark.parametrize("size", [0, 1, 65_535, 200_000])
@pytest.mark.parametrize("coding", ["gzip", "br", "identity"])
def test_a_body_is_packed_once(archive, size, coding):
    """What is packed already lies in its record as it is, all else is packed, whatever the server says of it."""
    noise = random.Random(size).randbytes(size)
    body = {"gzip": gzip.compress(noise, mtime=0), "br": noise, "identity": b"the ferry " * (size // 10)}[coding]
    place = archive.write(Request(URL), response(body, Content_Encoding=coding), fetched_at=AT)
    assert [content for kind, _, content in records(archive) if kind == "response"] == [body]
    assert archive.read(place).body == body
    least = 0 if coding == "identity" else len(body)
    assert least < place.length < least + len(body) // 50 + 1_000
    whole = gzip.decompress((archive.folder / place.file).read_bytes())  # checks sums and sizes
    assert body in whole


def test_secrets_of_a_request_are_not_kept(archive):
    """Passwords and cookies that we sent are nobody's business."""
    secrets = {"Authorization": "Basic s3cr3t", "Cookie": "id=s3cr3t", "Proxy-Authorization": "s3cr3t"}
    archive.write(Request("https://user:s3cr3t@lowmark.test/", headers=secrets), response(), fetched_at=AT)
    (path,) = archive.folder.iterdir()
    sent = [content for kind, _, content in records(archive) if kind == "request"]
    assert len(sent) == 1
    assert b"s3cr3t" not in b"".join(sent)
    assert path.stat().st_size


@pytest.mark.parametrize("status", [200, 301, 404, 500, 999])
def test_what_is_written_is_read_as_it_was(archive, status):
    """Status, headers and body come back byte for byte, content coding and all; the class is the downloader's."""
    places = [archive.write(Request(URL), response(b"x" * n, status), fetched_at=AT) for n in (0, 1, 90_000)]
    for number, place in zip((0, 1, 90_000), places, strict=True):
        found = archive.read(place)
        assert (found.status, found.body, found.url) == (status, b"x" * number, URL)
        assert found.headers == Headers(response().headers)
    html = archive.write(Request(URL), Response(URL, headers={"Content-Type": "text/html"}), fetched_at=AT)
    assert isinstance(archive.read(html), HtmlResponse)


def test_an_answer_that_nothing_changed_is_a_revisit(archive):
    """304 has no body: it is a revisit, and is read as the 304 it was."""
    place = archive.write(Request(URL), response(b"", 304), fetched_at=AT)
    assert records(archive)[1][0] == "revisit"
    assert archive.read(place).status == 304


def test_the_same_body_is_kept_once_and_read_at_both_places(archive):
    """A revisit names the response that it is the same as; whoever reads it gets that one's body."""
    first = archive.write(Request(URL), response(), fetched_at=AT)
    again = archive.write(
        Request(URL), response(ETag='"2"'), fetched_at=AT, same_as=Original(place=first, fetched_at=AT)
    )
    found = archive.read(again)
    assert (found.body, found.headers["ETag"]) == (BODY, b'"2"')
    assert (archive.original(again).offset, archive.original(first)) == (first.offset, first)
    kind, headers, content = records(archive)[4]
    assert (kind, content) == ("revisit", b"")
    assert headers["WARC-Refers-To-Target-URI"] == URL
    assert headers["WARC-Refers-To-Date"] == "2026-11-22T03:04:05.678000Z"


def test_a_full_file_is_followed_by_another(tmp_path):
    """Files are closed at their size, each with its own warcinfo, and no name is taken twice."""
    archive = Archive(tmp_path, prefix="a", max_bytes=3_000, clock=lambda: AT)
    places = [archive.write(Request(URL), response(), fetched_at=AT) for _ in range(20)]
    other = Archive(tmp_path, prefix="a", max_bytes=3_000, clock=lambda: AT)
    places.append(other.write(Request(URL), response(), fetched_at=AT))
    for one in (archive, other):
        one.close()
    files = sorted(tmp_path.iterdir())
    assert len(files) > 4
    assert {place.file for place in places} == {path.name for path in files}
    assert [kind for kind, _, _ in records(archive)].count("warcinfo") == len(files)
    assert all(archive.read(place).body == BODY for place in places)


def test_fetches_that_are_added_lie_where_they_were_said_to(tmp_path):
    """What waits is written by one sync, in its order; a file that is full then is followed by another."""
    archive = Archive(tmp_path, prefix="a", max_bytes=3_000, clock=lambda: AT)
    bodies = [gzip.compress(b"%d" % number, mtime=0) for number in range(20)]
    places = []
    for number, body in enumerate(bodies):
        places.append(archive.add(archive.pack(Request(URL), response(body), fetched_at=AT)))
        if number % 3 == 2:
            archive.sync()
            assert [archive.read(place).body for place in places] == bodies[: number + 1]
    archive.close()
    assert len({place.file for place in places}) > 3
    assert [archive.read(place).body for place in places] == bodies
    own = [headers["WARC-Record-ID"] for kind, headers, _ in records(archive) if kind == "warcinfo"]
    assert len(set(own)) == len(own) == len({place.file for place in places})


class Failing:
    """A file on a disk that is full."""

    def __init__(self, file):
        self._file = file

    def __getattr__(self, name):
        return getattr(self._file, name)

    def write(self, content):
        self._file.write(content[:50])
        raise OSError(errno.ENOSPC, "No space left on device")


def test_what_a_close_could_not_write_is_told_by_the_next_sync(archive, monkeypatch):
    """Whoever added it waits for a sync, not for the close that came between."""
    archive.write(Request(URL), response(), fetched_at=AT)
    with monkeypatch.context() as patch:
        patch.setattr(archive._files, "_file", Failing(archive._files._file))
        archive.add(archive.pack(Request(URL), response(), fetched_at=AT))
        for end in (archive.close, archive.sync):
            with pytest.raises(OSError, match="No space"):
                end()
    archive.sync()
    assert [kind for kind, _, _ in records(archive)].count("response") == 1


def test_a_disk_that_is_full_from_the_first_leaves_no_file(archive, monkeypatch):
    """A file without its first record would be no archive; the next one has it."""
    archive.add(archive.pack(Request(URL), response(), fetched_at=AT))
    with monkeypatch.context() as patch:
        patch.setattr(archive._files, "_file", Failing(archive._files._file))
        with pytest.raises(OSError, match="No space"):
            archive.sync()
    archive._files._file = None
    assert not list(archive.folder.iterdir())
    archive.write(Request(URL), response(), fetched_at=AT)
    assert [kind for kind, _, _ in records(archive)] == ["warcinfo", "response", "request", "metadata"]


def added(archive, *sizes):
    """Add bodies of these many bytes that cannot be packed, and return their places."""
    bodies = (random.Random(size).randbytes(size) for size in sizes)
    return [archive.add(archive.pack(Request(URL), response(b"\x1f\x8b" + one), fetched_at=AT)) for one in bodies]


MB = 2**20


def test_what_waits_is_little_however_large_the_pages_are(tmp_path):
    """Large pages are written before the batch ends, and a file that they fill is followed by another."""
    archive = Archive(tmp_path, prefix="a", max_bytes=20 * MB, clock=lambda: AT)
    places = []
    for _ in range(5):
        places += added(archive, 9 * MB)
        on_disk = sum(path.stat().st_size for path in tmp_path.iterdir())
        assert on_disk > 9 * MB * len(places)
    archive.sync()
    archive.close()
    assert [place.file[-11:-8] for place in places] == ["000", "000", "000", "001", "001"]
    assert {len(archive.read(place).body) for place in places} == {9 * MB + 2}


def test_a_failure_in_the_middle_of_a_batch_is_told_to_all_of_it(archive, monkeypatch):
    """Nothing of the batch is kept, neither what came before the failure nor what came after it."""
    added(archive, 100)
    archive.sync()
    (path,) = archive.folder.iterdir()
    before = path.read_bytes()
    added(archive, 9 * MB, 100)
    with monkeypatch.context() as patch:
        patch.setattr(archive._files, "_file", Failing(archive._files._file))
        added(archive, 9 * MB)
    for attempt in (lambda: added(archive, 1), archive.sync):
        with pytest.raises(OSError, match="No space"):
            attempt()
    assert path.read_bytes() == before
    (place,) = added(archive, 200)
    archive.sync()
    assert (place.offset, len(archive.read(place).body)) == (len(before), 202)


def test_what_cannot_be_synced_is_taken_back(archive, monkeypatch):
    """Whoever added it is told that it is not kept, so it must not be there."""
    added(archive, 100)
    archive.sync()
    (path,) = archive.folder.iterdir()
    before = path.read_bytes()
    added(archive, 200)

    def fail(_):
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(OSError, match="Input/output"):
            archive.sync()
    assert path.read_bytes() == before
    archive.sync()
    assert path.read_bytes() == before


def test_a_file_that_cannot_be_cut_is_left_and_another_begun(archive):
    """Where its end is cannot be known, and places in it would be wrong."""
    first = archive.write(Request(URL), response(), fetched_at=AT)

    class Stuck(Failing):
        def truncate(self, _):
            raise OSError(errno.EIO, "Input/output error")

    archive._files._file = Stuck(archive._files._file)
    with pytest.raises(OSError, match="No space"):
        archive.write(Request(URL), response(), fetched_at=AT)
    second = archive.write(Request(URL), response(), fetched_at=AT)
    assert first.file != second.file
    assert archive.read(first).body == archive.read(second).body == BODY


@pytest.mark.parametrize("body", [b"", b"the ferry " * 40_000, gzip.compress(b"the ferry")])
def test_records_are_the_same_without_the_faster_packer(archive, monkeypatch, body):
    """Where there is none for the machine, zlib packs; both are read back by anybody."""
    for packer in (gzips._packer, zlib):
        monkeypatch.setattr(gzips, "_packer", packer)
        archive.write(Request(URL), response(body, Content_Encoding="identity"), fetched_at=AT)
    assert [content for kind, _, content in records(archive) if kind == "response"] == [body] * 2


def test_no_file_is_made_before_there_is_something_to_keep(tmp_path):
    """A crawl that fetched nothing leaves nothing."""
    archive = Archive(tmp_path / "a", prefix="a")
    archive.close()
    assert not (tmp_path / "a").exists()


def test_each_fetch_is_with_the_system_when_it_is_written(archive):
    """Without a close, what was written is in the file."""
    place = archive.write(Request(URL), response(), fetched_at=AT)
    assert Archive(archive.folder, prefix="other").read(place).body == BODY


def test_a_full_disk_leaves_the_file_whole(archive, monkeypatch):
    """A write that fails midway is taken back, and the error goes to the caller."""
    archive.write(Request(URL), response(), fetched_at=AT)
    file = archive._files._file
    before = file.tell()
    with monkeypatch.context() as patch:
        patch.setattr(archive._files, "_file", Failing(file))
        with pytest.raises(OSError, match="No space"):
            archive.write(Request(URL), response(), fetched_at=AT)
    assert file.tell() == before
    archive.write(Request(URL), response(), fetched_at=AT)
    assert [kind for kind, _, _ in records(archive)].count("response") == 2


@pytest.mark.parametrize(
    "place", [Place(file="none.warc.gz", offset=0), Place(file="{}", offset=7), Place(file="{}", offset=10**9)]
)
def test_a_place_where_nothing_is_says_so(archive, place):
    """A file that is gone, or a byte at which nothing begins, is an error that names them."""
    name = archive.write(Request(URL), response(), fetched_at=AT).file
    with pytest.raises(DatasetError, match=name if place.file == "{}" else "none.warc.gz"):
        archive.read(Place(file=place.file.format(name), offset=place.offset))


def test_a_header_cannot_break_out_of_its_line(archive):
    """Line ends in what a server sends stay inside the block that they are in."""
    archive.write(
        Request(URL), response(X_Evil="a"), fetched_at=AT, robots="x\r\nWARC-Type: response", redirected_from="a\nb"
    )
    assert [kind for kind, _, _ in records(archive)] == ["warcinfo", "response", "request", "metadata"]
    assert b"robots: x WARC-Type: response\r\n" in records(archive)[3][2]


def test_the_archive_is_input_of_clean(archive):
    """Our own reader of pages takes the article out of what was archived as it was served."""
    archive.write(Request(URL), response(), fetched_at=AT)
    (path,) = archive.folder.iterdir()
    file = SourceFile(path=path, raw_path="a", size_bytes=0, mtime_ns=0)
    (page,) = [page.read(max_bytes=10**6) for page in WarcFile(file, max_bytes=10**6).pages() if page]
    assert (page.body, page.url, page.fetched_at, page.charset) == (gzip.decompress(BODY), URL, AT, "utf-8")
