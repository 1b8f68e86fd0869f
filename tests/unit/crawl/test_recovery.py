"""After a crash: the whole fetches at the archive's end are found, and what is torn is cut off."""

from __future__ import annotations

import datetime as dt
import os

import pytest
from scrapy import Request
from scrapy.http import Response

from newsclean.crawl.archive import Archive
from newsclean.crawl.recovery import latest_files, recovered, torn_path
from newsclean.errors import DatasetError
from newsclean.sources import SourceFile, WarcFile

AT = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


@pytest.fixture
def crashed(tmp_path):
    """Return an archive's file with three fetches, and their places."""
    archive = Archive(tmp_path, prefix="a")
    places = []
    for number in range(3):
        url = f"https://lowmark.test/{number}"
        answer = Response(url, body=b"x" * 2_000, headers={"Content-Type": "text/html"})
        places.append(archive.write(Request(url), answer, fetched_at=AT, fingerprint=bytes([number] * 20)))
    archive.close()
    return tmp_path / places[0].file, places


def is_whole(path):
    file = SourceFile(path=path, raw_path="a", size_bytes=0, mtime_ns=0)
    return all(page is None or page.record for page in WarcFile(file, max_bytes=10**6).pages())


def test_fetches_that_the_state_does_not_know_are_found(crashed):
    """From a byte on, each response with the place and the fingerprint that it was written with."""
    path, places = crashed
    assert [(one.place, one.fingerprint[0]) for one in recovered(path)] == list(zip(places, range(3), strict=True))
    since = places[1].offset + places[1].length
    assert [one.place for one in recovered(path, since=since)] == places[2:]
    assert not torn_path(path).exists()


def test_a_torn_end_is_cut_off_and_kept_beside(crashed):
    """Cut anywhere: what is whole is found, the file can be read to its end, and no byte is lost."""
    path, places = crashed
    content = path.read_bytes()
    for cut in range(places[1].offset + 1, len(content), 41):
        path.write_bytes(content[:cut])
        torn_path(path).unlink(missing_ok=True)
        found = recovered(path)
        wanted = [place for place in places if place.offset + place.length <= cut]
        assert [one.place.offset for one in found] == [place.offset for place in wanted], cut
        assert is_whole(path)
        torn = torn_path(path).read_bytes() if torn_path(path).exists() else b""
        assert path.read_bytes() + torn == content[:cut]
        assert recovered(path) == found


def test_an_empty_file_is_nothing(tmp_path):
    """A process killed before the first record leaves an empty file."""
    path = tmp_path / "a.warc.gz"
    path.touch()
    assert recovered(path) == []


def test_the_files_of_the_process_that_wrote_last_are_looked_at(tmp_path):
    """By time, then by name; other files do not count."""
    assert latest_files(tmp_path) == []
    names = ("n-2-00000.warc.gz", "n-1-00001.warc.gz", "n-1-00000.warc.gz", "n-1-00002.warc.gz", "n-2-00001.txt")
    for number, name in enumerate(names):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (number // 2, number // 2))
    found = [path.name for path in latest_files(tmp_path)]
    assert found == ["n-1-00001.warc.gz", "n-1-00000.warc.gz", "n-1-00002.warc.gz"]


def test_what_cannot_be_read_is_an_error_that_names_it(tmp_path):
    """A folder in the file's place."""
    (tmp_path / "a.warc.gz").mkdir()
    with pytest.raises(DatasetError, match=r"a\.warc\.gz: the end of the archive cannot be looked at"):
        recovered(tmp_path / "a.warc.gz")
