"""Recordings: what an archive answers when it stands for the network."""

from __future__ import annotations

import datetime as dt
import gzip

import pytest
from scrapy import Request
from scrapy.http import Response

from newsclean.crawl.archive import Archive, Original
from newsclean.crawl.replay import Recording
from newsclean.errors import ConfigError

AT = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


def record(archive, url, body, status=200, **more):
    answer = Response(url, status=status, body=body, headers={"Content-Type": "text/html"})
    return archive.write(Request(url), answer, fetched_at=AT, **more)


@pytest.fixture
def archive(tmp_path):
    made = Archive(tmp_path / "a", prefix="a", clock=lambda: AT)
    yield made
    made.close()


def test_an_address_is_answered_as_it_was(archive):
    """In the order of the recording, the last answer for good; `not modified` is no answer to who asks anew."""
    first = record(archive, "https://lowmark.test/1", b"", 503)
    for body in (b"one", b"two"):
        record(archive, "https://lowmark.test/1", body)
    record(archive, "https://lowmark.test/1", b"", 304)
    assert first.offset
    recording = Recording(archive.folder)
    found = [recording.answer("https://lowmark.test/1") for _ in range(4)]
    assert [(one.status, one.body) for one in found] == [(503, b""), (200, b"one"), (200, b"two"), (200, b"two")]
    assert recording.answer("https://lowmark.test/2") is None


def test_the_same_answer_comes_with_its_body(archive):
    """A revisit of an identical body is answered in full."""
    place = record(archive, "https://lowmark.test/1", b"one")
    record(archive, "https://lowmark.test/1", b"one", same_as=Original(place=place, fetched_at=AT))
    recording = Recording(archive.folder)
    assert [recording.answer("https://lowmark.test/1").body for _ in range(2)] == [b"one", b"one"]


def test_addresses_that_differ_in_spelling_alone_are_one(archive):
    """The order of a query and a fragment make no other address; the answer has the one that was asked."""
    place = record(archive, "https://lowmark.test/?b=2&a=1", b"one")
    found = Recording(archive.folder / place.file).answer("https://lowmark.test/?a=1&b=2#top")
    assert (found.body, found.url) == (b"one", "https://lowmark.test/?a=1&b=2#top")


def test_a_folder_is_read_with_all_below_in_order_of_time(tmp_path):
    """Archives of several crawls are one recording, the older first."""
    for hour in (2, 1):
        at = AT.replace(hour=hour)
        one = Archive(tmp_path / "a", prefix="a", clock=lambda at=at: at)
        record(one, "https://lowmark.test/1", b"%d" % hour)
        one.close()
    recording = Recording(tmp_path)
    assert [recording.answer("https://lowmark.test/1").body for _ in range(2)] == [b"1", b"2"]
    assert len(recording) == 1


@pytest.mark.parametrize(("content", "message"), [(None, "no response is recorded"), (b"<html>", "no WARC file")])
def test_what_is_no_recording_is_said(tmp_path, content, message):
    """A folder without archives, or another file, is a mistake."""
    if content:
        (tmp_path / "a.warc").write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        Recording(tmp_path)


def test_recordings_of_others_are_answered_too(shared):
    """Archives that other programs made serve as well."""
    recording = Recording(shared / "pages" / "warc" / "warcio" / "example.warc.gz")
    assert b"Example Domain" in gzip.decompress(recording.answer("http://example.com/").body)
    chunked = Recording(shared / "pages" / "warc" / "warcio" / "example-iana.org-chunked.warc")
    (url,) = (url for url in chunked._recorded)
    assert chunked.answer(url).body.rstrip().endswith(b"</html>")
