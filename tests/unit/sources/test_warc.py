"""WARC files as input: every record a page or a rejection, whatever is damaged around it."""

from __future__ import annotations

import gzip
import hashlib
import io
import random
import zlib
from pathlib import Path

import pytest

from newsclean.errors import PageError
from newsclean.sources import SourceFile, WarcFile, archive_sha256, is_archive

PAGE = b"<html><body><p>The ferry to Lowmark sails again.</p></body></html>"
MOST = 1_000_000


def written(records, *, is_packed=True, version="1.1"):
    """Return a WARC made by warcio of (type, url, block or (status line, headers, body)), and where records begin."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=is_packed, warc_version=version)
    offsets = []
    for kind, url, given in records:
        offsets.append(out.tell())
        head, content = None, given
        if isinstance(given, tuple):
            status, headers, content = given
            head = StatusAndHeaders(status, headers, protocol="HTTP/1.1")
        record = writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(content),
            http_headers=head,
            warc_headers_dict={"WARC-Date": "2026-03-14T10:00:00Z"},
            length=len(content),
        )
        writer.write_record(record)
    return out.getvalue(), offsets


def html(number=0, body=PAGE, status="200 OK", **headers):
    fields = [("Content-Type", "text/html; charset=UTF-8"), *((k.replace("_", "-"), v) for k, v in headers.items())]
    return ("response", f"https://lowmark.test/{number}", (status, fields, body))


def file_of(folder, content, name="a.warc.gz"):
    path = Path(folder) / name
    path.write_bytes(content)
    return SourceFile(path=path, raw_path=name, size_bytes=len(content), mtime_ns=0, labels=(("batch", "may"),))


def read(file, max_bytes=MOST):
    """Return of each page its offset, URL, and its bytes or the reason and detail of its refusal."""
    archive = WarcFile(file, max_bytes=max_bytes)
    found = []
    for page in archive.pages():
        if page is not None:
            try:
                what = page.read(max_bytes=max_bytes).body
            except PageError as error:
                what = (str(error.reason), error.detail)
            found.append((page.facts.raw_offset, page.facts.url, what))
    assert archive.sha256 == hashlib.sha256(file.path.read_bytes()).hexdigest() == archive_sha256(file)
    return found


@pytest.mark.parametrize("is_packed", [True, False])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_each_response_is_a_page_with_all_that_its_record_says(tmp_path, is_packed, version):
    """Address, time, status, type, charset and place come from the record; requests and the like are no pages."""
    content, offsets = written(
        [
            ("warcinfo", None, b"software: tests\r\n"),
            ("request", "https://lowmark.test/1", b"GET /1 HTTP/1.1\r\n\r\n"),
            html(1),
            ("metadata", "https://lowmark.test/1", b"robots: allowed\r\n"),
            html(2, status="404 Not Found"),
            ("resource", "https://lowmark.test/3.txt", b"Plain words."),
        ],
        is_packed=is_packed,
        version=version,
    )
    file = file_of(tmp_path, content)
    assert is_archive(file)
    pages = [page.read(max_bytes=MOST) for page in WarcFile(file, max_bytes=MOST).pages() if page]
    assert [(page.raw_offset, page.url, page.status) for page in pages] == [
        (offsets[2], "https://lowmark.test/1", 200),
        (offsets[4], "https://lowmark.test/2", 404),
        (offsets[5], "https://lowmark.test/3.txt", None),
    ]
    first = pages[0]
    assert (first.body, first.media_type, first.charset, first.source) == (PAGE, "text/html", "utf-8", "warc")
    assert first.fetched_at.isoformat() == "2026-03-14T10:00:00+00:00"
    assert first.labels == (("batch", "may"),)


@pytest.mark.parametrize(
    ("content", "is_one"),
    [
        (b"WARC/1.0\r\nWARC-Type: warcinfo\r\n", True),
        (gzip.compress(b"WARC/1.1\r\n"), True),
        (b"WARC/peace is a novel", False),
        (PAGE, False),
        (gzip.compress(PAGE), False),
        (b"\x1f\x8b\x08 no gzip", False),
        (b"", False),
    ],
)
def test_an_archive_is_told_by_content(tmp_path, content, is_one):
    """The name has no say: a WARC is what begins with a record, in gzip or not."""
    for name in ("a.warc.gz", "a.html"):
        assert is_archive(file_of(tmp_path, content, name)) is is_one


def zstd(content, offsets):
    import zstandard

    ends = [*offsets[1:], len(content)]
    packer = zstandard.ZstdCompressor()
    return [packer.compress(content[start:end]) for start, end in zip(offsets, ends, strict=True)]


def test_zstd_archives_are_read_and_searched_as_gzip_is(tmp_path):
    """A frame a record, one frame for all, and a broken frame in between."""
    content, offsets = five(is_packed=False)
    frames = zstd(content, offsets[:-1])
    assert urls(read(file_of(tmp_path, b"".join(frames)))) == ["0", "1", "2", "3", "4"]
    assert urls(read(file_of(tmp_path, zstd(content, [0])[0]))) == ["0", "1", "2", "3", "4"]
    for cut in range(1, len(frames[2]), 11):
        found = read(file_of(tmp_path, b"".join([*frames[:2], frames[2][:cut], *frames[3:]])))
        assert urls(found) == ["0", "1", "3", "4"], cut
    found = read(file_of(tmp_path, b"".join(frames)[:-9]))
    assert found[-1][2][0] == "broken_archive"


def test_what_cannot_be_opened_is_no_archive(tmp_path):
    """A file that is gone is for the reader of pages to reject."""
    assert not is_archive(SourceFile(path=tmp_path / "no", raw_path="no", size_bytes=0, mtime_ns=0))


def deflated(data, wbits):
    packer = zlib.compressobj(wbits=wbits)
    return packer.compress(data) + packer.flush()


CHUNKED = b"20\r\n" + PAGE[:32] + b"\r\n%x;name=value\r\n" % len(PAGE[32:]) + PAGE[32:] + b"\r\n0\r\nTrailer: x\r\n\r\n"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content_Encoding": "gzip"}, gzip.compress(PAGE)),
        ({"Content_Encoding": "gzip"}, PAGE),
        ({"Content_Encoding": "deflate"}, deflated(PAGE, 15)),
        ({"Content_Encoding": "deflate"}, deflated(PAGE, -15)),
        ({"Content_Encoding": "deflate"}, PAGE),
        ({"Content_Encoding": "deflate, gzip"}, gzip.compress(deflated(PAGE, 15))),
        ({"Transfer_Encoding": "chunked"}, CHUNKED),
        ({"Transfer_Encoding": "chunked"}, PAGE),
        ({"Transfer_Encoding": "chunked"}, CHUNKED.replace(b"\r\n0\r\n", b"\r\n")[: -len(b"Trailer: x\r\n\r\n")]),
        ({}, gzip.compress(PAGE)),
    ],
)
def test_chunks_and_codings_are_undone(tmp_path, headers, body):
    """Whatever coding a body is in, or is said to be in and is not any more, the page's own bytes come out."""
    content, _ = written([html(1, body, **headers)])
    assert [what for _, _, what in read(file_of(tmp_path, content))] == [PAGE]


def test_brotli_is_undone(tmp_path):
    """A body packed with br is unpacked, bounded, and a broken one rejected."""
    brotli = pytest.importorskip("brotli")
    packed = brotli.compress(PAGE)
    bomb = brotli.compress(bytes(3 * MOST))
    records = [
        html(number, body, Content_Encoding="br") for number, body in enumerate((packed, bomb, packed[:-4], PAGE))
    ]
    content, _ = written(records)
    found = [what for _, _, what in read(file_of(tmp_path, content))]
    assert found[0] == found[3] == PAGE
    assert [what[0] for what in found[1:3]] == ["too_large", "broken_compression"]


@pytest.mark.parametrize("is_packed", [True, False])
def test_bodies_are_bounded(tmp_path, is_packed):
    """Bombs and bodies above the limit are `too_large`, whatever they are packed in; their neighbours are read."""
    big = random.Random(1).randbytes(MOST * 2)
    records = [
        html(1, gzip.compress(bytes(MOST * 3)), Content_Encoding="gzip"),
        html(2, deflated(bytes(MOST * 3), 15), Content_Encoding="deflate"),
        html(3, big),
        html(4, bytes(MOST * 2)),
        html(5, big, status="301 Moved"),
        html(6),
    ]
    content, _ = written(records, is_packed=is_packed)
    found = read(file_of(tmp_path, content))
    assert [what[0] if isinstance(what, tuple) else len(what) for _, _, what in found[:4]] == ["too_large"] * 4
    assert found[5][2] == PAGE


def test_a_record_without_body_is_empty_and_a_revisit_says_what_it_is(tmp_path):
    """No body is `empty`, but for a status that decides; a revisit is `revisit`."""
    content, _ = written([html(1, b""), html(2, b"", "302 Found"), ("revisit", "https://lowmark.test/3", b"")])
    found = [what for _, _, what in read(file_of(tmp_path, content))]
    assert found[1] == b""
    assert [found[0][0], found[2][0]] == ["empty", "revisit"]


def test_several_records_in_one_gzip_member_are_all_read(tmp_path):
    """A WARC that was packed as a whole gives every page, each under a place of its own."""
    content, _ = written([html(1), html(2), ("request", "https://lowmark.test/3", b"GET"), html(3)], is_packed=False)
    found = read(file_of(tmp_path, gzip.compress(content)))
    assert [(offset, url[-1], what) for offset, url, what in found] == [(0, "1", PAGE), (1, "2", PAGE), (3, "3", PAGE)]


def five(*, is_packed=True):
    records = [html(number, PAGE + random.Random(number).randbytes(300).hex().encode()) for number in range(5)]
    content, offsets = written(records, is_packed=is_packed)
    return content, [*offsets, len(content)]


def urls(found):
    return [url[-1] for _, url, what in found if isinstance(what, bytes)]


@pytest.mark.parametrize("is_packed", [True, False])
def test_a_cut_last_record_is_a_rejection_with_its_place(tmp_path, is_packed):
    """Cut anywhere in the last record, the four before are read, and the fifth is named with its bytes."""
    content, offsets = five(is_packed=is_packed)
    for cut in range(offsets[4] + 1, offsets[5] - 4, 37):
        found = read(file_of(tmp_path, content[:cut]))
        assert urls(found) == ["0", "1", "2", "3"], cut
        offset, _, (reason, detail) = found[4]
        assert (len(found), offset, reason) == (5, offsets[4], "broken_archive")
        assert detail.startswith(f"bytes {offsets[4]:,} to {cut:,} cannot be read")


@pytest.mark.parametrize("is_packed", [True, False])
def test_a_cut_record_in_the_middle_costs_itself_alone(tmp_path, is_packed):
    """Where a writer died and another went on after it, the records after the torn one are read."""
    content, offsets = five(is_packed=is_packed)
    for cut in range(offsets[2] + 1, offsets[3] - 4, 29):
        found = read(file_of(tmp_path, content[:cut] + content[offsets[3] :]))
        assert urls(found) == ["0", "1", "3", "4"], cut
        assert [offset for offset, _, what in found if isinstance(what, tuple)] == [offsets[2]]


def test_a_flipped_bit_in_a_member_costs_its_record_alone(tmp_path):
    """Gzip's checksum decides: the record is rejected, with its address where its head can be read."""
    content, offsets = five()
    for at in range(offsets[1] + 12, offsets[2], 17):
        broken = bytearray(content)
        broken[at] ^= 0x10
        found = read(file_of(tmp_path, bytes(broken)))
        assert urls(found) == ["0", "2", "3", "4"], at
        bad = [(offset, what[0]) for offset, _, what in found if isinstance(what, tuple)]
        assert bad == [(offsets[1], "broken_archive")], at


@pytest.mark.parametrize("is_packed", [True, False])
@pytest.mark.parametrize("junk", [b"\x00" * 5000, b"junk " * 400_000, random.Random(3).randbytes(100_000)])
def test_junk_between_records_is_one_rejection(tmp_path, is_packed, junk):
    """Bytes that are no record are named once with their range; padding with zeros between members is none."""
    content, offsets = five(is_packed=is_packed)
    found = read(file_of(tmp_path, content[: offsets[2]] + junk + content[offsets[2] :]))
    assert urls(found) == ["0", "1", "2", "3", "4"]
    bad = [what[1] for _, _, what in found if isinstance(what, tuple)]
    start, end = offsets[2], offsets[2] + len(junk)
    wanted = [] if is_packed and not any(junk) else [f"bytes {start:,} to {end:,} cannot be read"]
    assert [detail.partition(":")[0] for detail in bad] == wanted


def test_a_gzip_member_of_something_else_is_a_rejection(tmp_path):
    """A member that holds no record is named, and the next one is read."""
    content, offsets = five()
    other = gzip.compress(b"something else " * 100)
    found = read(file_of(tmp_path, content[: offsets[1]] + other + content[offsets[1] :]))
    assert urls(found) == ["0", "1", "2", "3", "4"]
    assert found[1][2][1] == (
        f"bytes {offsets[1]:,} to {offsets[1] + len(other):,} cannot be read: no record begins here"
    )


def test_a_length_that_lies_costs_its_record_alone(tmp_path):
    """A Content-Length that reaches into the next record is noticed, and the next record is read."""
    content, offsets = five(is_packed=False)
    for change in (1, 40, 400, 10**9):
        record = content[offsets[1] : offsets[2]]
        length = int(record.split(b"Content-Length: ")[-2 if record.count(b"Content-Length: ") > 1 else -1].split()[0])
        broken = record.replace(b"Content-Length: %d" % length, b"Content-Length: %d" % (length + change), 1)
        found = read(file_of(tmp_path, content[: offsets[1]] + broken + content[offsets[2] :]))
        assert urls(found) in (["0", "2", "3", "4"], ["0", "1", "2", "3", "4"]), change
        assert {"0", "2", "3", "4"} <= set(urls(found))


@pytest.mark.parametrize("head", [b"WARC/1.0\r\nContent-Length: x\r\n\r\n", b"WARC/1.0\r\n" + b"A: b\r\n" * 99_999])
def test_a_head_that_is_none_is_a_rejection(tmp_path, head):
    """Without a length, or without an end, a record cannot be read; what comes after it can."""
    content, _ = written([html(1)], is_packed=False)
    found = read(file_of(tmp_path, head + b"\r\n" + content))
    assert found[0][2][0] == "broken_archive"
    assert urls(found) == ["1"]


def test_no_byte_of_a_damaged_archive_makes_the_reader_stumble(tmp_path):
    """Random damage of any kind: no exception, every place once, and all records outside of it are read."""
    dice = random.Random(7)
    for is_packed in (True, False):
        content, _ = five(is_packed=is_packed)
        for _ in range(150):
            broken = bytearray(content)
            for _ in range(dice.randrange(1, 4)):
                at = dice.randrange(len(broken))
                kind = dice.randrange(3)
                if kind == 0:
                    broken[at] = dice.randrange(256)
                elif kind == 1:
                    del broken[at : at + dice.randrange(1, 300)]
                else:
                    broken[at:at] = dice.randbytes(dice.randrange(1, 300))
            file = file_of(tmp_path, bytes(broken))
            places = [offset for offset, _, _ in read(file)] if is_archive(file) else []
            assert len(places) == len(set(places))


def test_memory_stays_bounded_by_the_largest_page(tmp_path):
    """A record of 200 MB passes through in pieces."""
    import tracemalloc

    content, _ = written([html(1, bytes(200_000_000)), html(2)])
    file = file_of(tmp_path, content)
    del content
    tracemalloc.start()
    pages = [page.facts.url for page in WarcFile(file, max_bytes=MOST).pages() if page]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(pages) == 2
    assert peak < 10_000_000


def test_real_archives_are_read_as_the_reference_reader_does(shared):
    """All sound archives give the addresses and bodies that warcio gives; none raises."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    compared = 0
    for path in sorted((shared / "pages" / "warc").rglob("*.warc*")):
        file = SourceFile(path=path, raw_path=path.name, size_bytes=0, mtime_ns=0)
        if not is_archive(file):
            continue
        pages = [page for page in WarcFile(file, max_bytes=10**8).pages() if page]
        if any(page.record is None for page in pages):
            continue
        try:
            with path.open("rb") as stream:
                wanted = [
                    (record.rec_headers.get_header("WARC-Target-URI"), record.rec_type)
                    for record in ArchiveIterator(stream)
                    if record.rec_type not in {"request", "metadata", "warcinfo"}
                ]
        except ArchiveLoadFailed:
            continue  # packed as a whole, which it does not read
        found = [(page.facts.url, page.record.headers["warc-type"]) for page in pages]
        assert found == wanted, path
        compared += len(found)
    assert compared > 200
