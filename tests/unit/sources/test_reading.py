"""A page's bytes: unpacked by what they are, bounded, and whole or not at all."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import os
import zlib

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsclean.errors import Reason, UnreadablePage
from newsclean.sources import SourceFile, discover, read_page

TEXT = b"<p>The mayor opened the bridge.</p>\n" * 200


def packed(data: bytes) -> bytes:
    """Compress without the time of day: what names a test must not change between workers."""
    return gzip.compress(data, mtime=0)


def source(path, **more):
    return SourceFile(path=path, raw_path="raw/page.html", size_bytes=0, mtime_ns=0, **more)


def body_of(tmp_path, stored, **options):
    path = tmp_path / "page.html"
    path.write_bytes(stored)
    return read_page(source(path), **options).body


def reason_of(tmp_path, stored, **options):
    with pytest.raises(UnreadablePage) as caught:
        body_of(tmp_path, stored, **options)
    return caught.value.reason


def zstd(data, *, known_size=True):
    if known_size:
        return zstandard.ZstdCompressor().compress(data)
    stream = io.BytesIO()
    with zstandard.ZstdCompressor().stream_writer(stream, closefd=False) as writer:
        writer.write(data)
    return stream.getvalue()


SKIPPABLE = b"\x50\x2a\x4d\x18\x04\x00\x00\x00skip"


@pytest.mark.parametrize(
    "stored",
    [
        TEXT,
        packed(TEXT),
        packed(TEXT[:100]) + packed(b"") + packed(TEXT[100:]),
        packed(TEXT) + b"\x00" * 512,
        packed(packed(TEXT)),
        zstd(TEXT),
        zstd(TEXT, known_size=False),
        zstd(TEXT[:100]) + zstd(TEXT[100:], known_size=False),
        SKIPPABLE + zstd(TEXT) + SKIPPABLE,
        packed(zstd(TEXT)),
    ],
    ids=["plain", "gz", "members", "padded", "gz in gz", "zst", "no size", "frames", "skippable", "zst in gz"],
)
def test_pages_are_unpacked_by_what_they_are(tmp_path, stored):
    """Compression is told by the first bytes, all members and frames are read, whatever the name says."""
    assert body_of(tmp_path, stored) == TEXT


def test_a_name_does_not_make_a_file_gzip(tmp_path):
    """A plain file called `.html.gz` is read as it is."""
    path = tmp_path / "page.html.gz"
    path.write_bytes(TEXT)
    assert read_page(source(path)).body == TEXT


@pytest.mark.parametrize(
    "stored",
    [
        packed(TEXT)[:-1],
        packed(TEXT)[:-8],
        packed(TEXT)[:40],
        packed(TEXT)[:5],
        b"\x1f\x8b",
        packed(TEXT)[:-8] + b"12345678",
        packed(TEXT)[:30] + b"\xff" * 30 + packed(TEXT)[60:],
        packed(TEXT) + b"<p>garbage",
        packed(TEXT) + packed(TEXT)[:30],
        zstd(TEXT)[:-1],
        zstd(TEXT, known_size=False)[:-3],
        zstd(TEXT)[:6],
        b"\x28\xb5\x2f\xfd",
        zstd(TEXT) + b"garbage",
        zstd(TEXT) + zstd(TEXT)[:10],
        SKIPPABLE[:10],
        packed(packed(TEXT)[:-9]),
    ],
)
def test_broken_compression_gives_nothing(tmp_path, stored):
    """Text before a break is not used as if it were the page."""
    assert reason_of(tmp_path, stored) is Reason.BROKEN_COMPRESSION


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 255), st.sampled_from([packed(TEXT), zstd(TEXT)]))
def test_a_changed_byte_never_passes_for_another_page(tmp_path, place, change, stored):
    """Whichever byte of a packed page is damaged, the page comes out whole or not at all."""
    damaged = bytearray(stored)
    damaged[place % len(damaged)] ^= change
    is_gzip = stored.startswith(b"\x1f\x8b")
    try:
        body = body_of(tmp_path, bytes(damaged))
    except UnreadablePage as error:
        assert error.reason in {Reason.BROKEN_COMPRESSION, Reason.TOO_LARGE}  # noqa: PT017
    else:
        # The first bytes tell that it is packed at all; zstd as written here has no checksum.
        assert body == TEXT or place % len(damaged) < 4 or not is_gzip


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstd, lambda data: zstd(data, known_size=False)])
def test_size_is_bounded_to_the_byte(tmp_path, pack):
    """A page may be as large as allowed, and not a byte larger, packed or not."""
    assert len(body_of(tmp_path, pack(TEXT), max_bytes=len(TEXT))) == len(TEXT)
    assert reason_of(tmp_path, pack(TEXT), max_bytes=len(TEXT) - 1) is Reason.TOO_LARGE


def test_a_large_file_is_not_read(tmp_path, monkeypatch):
    """A file beyond the limit is refused by its size: none of it comes into memory."""
    path = tmp_path / "page.html"
    with path.open("wb") as stream:
        stream.truncate(200_000_000)
    limits = []
    monkeypatch.setattr("newsclean.sources.reading.unpacked", lambda body, _: limits.append(len(body)) or body)
    with pytest.raises(UnreadablePage, match="200,000,000 bytes; allowed are 50,000,000") as caught:
        read_page(source(path))
    assert caught.value.reason is Reason.TOO_LARGE
    assert limits == []


@pytest.mark.parametrize(
    "bomb",
    [
        packed(bytes(200_000_000)),
        zstd(bytes(200_000_000)),
        packed(packed(bytes(200_000_000))),
        packed(b"a" * 1_000_000) * 200,
        zstd(b"a" * 1_000_000) * 200,
    ],
)
def test_a_bomb_is_defused(tmp_path, bomb):
    """What unpacks to more than allowed is refused once that is known, long before all is unpacked."""
    import tracemalloc

    tracemalloc.start()
    try:
        assert reason_of(tmp_path, bomb, max_bytes=1_000_000) is Reason.TOO_LARGE
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("stored", [b"", packed(b""), zstd(b""), SKIPPABLE])
def test_nothing_is_empty(tmp_path, stored):
    """A file without a byte, packed or not, is an empty page."""
    assert reason_of(tmp_path, stored) is Reason.EMPTY


def test_a_file_that_vanished_is_told_from_one_that_cannot_be_read(tmp_path):
    """A file or folder that is gone since discovery has a reason of its own."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "page.html").write_bytes(TEXT)
    (file,) = discover([str(tmp_path)], base=tmp_path).files
    (tmp_path / "deep" / "page.html").unlink()
    for _ in range(2):
        with pytest.raises(UnreadablePage) as caught:
            read_page(file)
        assert caught.value.reason is Reason.VANISHED
        if (tmp_path / "deep").is_dir():
            (tmp_path / "deep").rmdir()
            (tmp_path / "deep").write_bytes(b"now a file")


def test_what_took_the_place_of_a_file_is_not_waited_for(tmp_path):
    """A folder or a pipe in a file's place is unreadable, and nothing hangs."""
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("folder", "pipe"):
        with pytest.raises(UnreadablePage) as caught:
            read_page(source(tmp_path / name))
        assert caught.value.reason is Reason.UNREADABLE


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_unreadable(tmp_path):
    """A file that may not be read is rejected as unreadable."""
    path = tmp_path / "page.html"
    path.write_bytes(TEXT)
    path.chmod(0)
    with pytest.raises(UnreadablePage) as caught:
        read_page(source(path))
    assert caught.value.reason is Reason.UNREADABLE


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(5, "Input/output error")])
def test_an_error_of_the_system_is_unreadable(tmp_path, monkeypatch, error):
    """What the system says of a file that cannot be opened is passed on."""

    def refuse(*_):
        raise error

    monkeypatch.setattr("newsclean.sources.opening.os.open", refuse)
    with pytest.raises(UnreadablePage, match=error.strerror) as caught:
        read_page(source(tmp_path / "page.html"))
    assert caught.value.reason is Reason.UNREADABLE


def test_a_page_carries_what_its_file_says(tmp_path):
    """All facts of the manifest are on the page, and its hash is that of the unpacked bytes."""
    path = tmp_path / "page.html"
    path.write_bytes(packed(TEXT))
    moment = dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC)
    facts = {"url": "u", "fetched_at": moment, "status": 200, "media_type": "text/html", "charset": "koi8-r"}
    page = read_page(source(path, **facts, labels=(("a", "b"),)))
    assert {name: getattr(page, name) for name in facts} == facts
    assert (page.raw_path, page.labels, page.source, page.raw_offset) == ("raw/page.html", (("a", "b"),), "file", None)
    path.write_bytes(TEXT)
    assert read_page(source(path)).sha256 == page.sha256


@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_a_page_or_a_refusal(tmp_path, rest):
    """No bytes behind the marks of a compression raise anything but the one error."""
    for mark in (b"", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"\x51\x2a\x4d\x18"):
        try:
            assert body_of(tmp_path, mark + rest)
        except UnreadablePage as error:
            assert error.reason in {Reason.BROKEN_COMPRESSION, Reason.EMPTY, Reason.TOO_LARGE}  # noqa: PT017


def test_zlib_streams_are_no_gzip(tmp_path):
    """Only what has the mark of a compression is unpacked; other bytes are the page's own."""
    packed = zlib.compress(TEXT)
    assert body_of(tmp_path, packed) == packed
