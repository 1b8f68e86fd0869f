"""Archives as input of a run: each record is a page, and whatever holds for pages holds for records."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from newsclean.dataset import Dataset
from newsclean.run.options import Limits
from newsclean.sources import WarcFile

PAGE = (
    '<!doctype html><html lang="en"><head><title>Title {n}</title></head><body><h1>Title {n}</h1><article>'
    "<p>{text} The harbour master of Lowmark said on Monday that ferry {n} would sail again.</p>"
    "<p>Nobody on the island had expected the old ship to be back before the spring tide.</p></article></body></html>"
)


def archive(path, pages, *, media_type="text/html; charset=utf-8"):
    """Write or go on writing a WARC of (url, status, body)."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with path.open("ab") as stream:
        writer = WARCWriter(stream, gzip=True)
        for url, status, body in pages:
            head = StatusAndHeaders(f"{status} X", [("Content-Type", media_type)], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                url, "response", payload=io.BytesIO(body), length=len(body), http_headers=head
            )
            writer.write_record(record)
            request = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x")], is_http_request=True)
            writer.write_record(
                writer.create_warc_record(url, "request", payload=io.BytesIO(), length=0, http_headers=request)
            )
    return path


def story(number, text="Some words.", site="lowmark.test"):
    return (f"https://{site}/{number}", 200, PAGE.format(n=number, text=text).encode())


def sources(project):
    dataset = Dataset.open(project.output, create=False)
    return [source for record in dataset.records().values() for source in record.sources]


def ordered(project):
    return sorted(project.rows(), key=lambda row: (row["raw_path"], row["raw_offset"] or 0))


@pytest.fixture
def stored(project):
    """Return a project with an archive of six records, of which three are stories of two sites."""
    project.profile("lowmark.test")
    project.profile("highmark.test")
    archive(
        project.raw / "a.warc.gz",
        [
            story(1),
            ("https://lowmark.test/robots.txt", 200, b"User-agent: *\nDisallow:\n"),
            ("https://lowmark.test/moved", 301, b""),
            story(2, site="highmark.test"),
            ("https://lowmark.test/feed", 200, b"<?xml version='1.0'?><rss><channel></channel></rss>"),
            story(3),
        ],
    )
    archive(
        project.raw / "a.warc.gz", [("https://lowmark.test/a.css", 200, b"p { color: red }")], media_type="text/css"
    )
    return project


@pytest.mark.parametrize("workers", [0, 1])
def test_each_record_is_accounted_for(stored, workers):
    """Stories become articles, all else a rejection with its reason; the file's account adds up."""
    report = stored.run(workers=workers)
    rows = ordered(stored)
    assert [row["reason"] for row in rows] == [
        None,
        "not_an_article",
        "http_status",
        None,
        "not_an_article",
        None,
        "media_type",
    ]
    assert (report.files, report.pages, report.articles, report.rejections) == (1, 7, 3, 4)
    (source,) = sources(stored)
    assert (source.pages, source.articles, source.rejections) == (7, 3, 4)
    assert source.profile == "highmark.test lowmark.test"
    articles = stored.rows("articles")
    assert {row["raw_offset"] for row in articles} == {rows[at]["raw_offset"] for at in (0, 3, 5)}
    assert all(row["fetched_at"] and row["http_status"] == 200 for row in articles)
    assert stored.run().state == "nothing_to_do"


def test_a_record_gives_the_row_that_its_file_gives(project):
    """The same page as a file and in an archive: the articles differ in where they come from alone."""
    project.profile("lowmark.test")
    archive(project.raw / "a.warc.gz", [story(1)])
    url, _, body = story(1)
    project.page("one.html", body=body, url=url)
    project.run()
    own = {"raw_path", "raw_offset", "http_status", "fetched_at", "raw_media_type", "charset", "charset_source"}
    one, other = ({k: v for k, v in row.items() if k not in own} for row in project.rows("articles"))
    assert one == other


def test_an_archive_that_has_grown_is_cleaned_again(stored):
    """More records: the file's rows are replaced by those of all its records."""
    stored.run()
    archive(stored.raw / "a.warc.gz", [story(4)])
    report = stored.run()
    assert (report.planned, report.pages, report.dataset_pages) == ({"content": 1}, 8, 8)
    assert stored.run().state == "nothing_to_do"


def test_a_touched_archive_is_left_alone(stored):
    """Another time with the same bytes is noted, and nothing is cleaned."""
    import os

    stored.run()
    os.utime(stored.raw / "a.warc.gz", ns=(10**18, 10**18))
    assert stored.run().state == "nothing_to_do"
    assert sources(stored)[0].mtime_ns == 10**18


def test_a_changed_profile_of_any_of_its_sites_cleans_an_archive_again(stored):
    """The sites of an archive are known together, so that each one's profile counts."""
    stored.run()
    stored.profile("highmark.test", publisher="The New Courier")
    assert stored.run().planned == {"profile": 1}
    assert stored.run().state == "nothing_to_do"
    stored.profile("third.test")
    assert stored.run().planned == {"routing": 1}


def test_a_damaged_archive_costs_what_is_damaged(stored):
    """A torn end is one rejection that names its bytes, and somebody is told to look."""
    path = stored.raw / "a.warc.gz"
    path.write_bytes(path.read_bytes()[:-30])
    report = stored.run()
    assert report.by_reason["broken_archive"] == 1
    bad = ordered(stored)[-1]
    assert bad["reason"] == "broken_archive"
    assert bad["detail"].startswith(f"bytes {bad['raw_offset']:,} to {path.stat().st_size:,} cannot be read: the file ")
    assert [(trouble.raw_path, trouble.reason) for trouble in report.troubles] == [("raw/a.warc.gz", "broken_archive")]


def test_archives_and_files_in_one_shard(stored):
    """Pages before and after an archive are cleaned as ever."""
    for name in ("0.html", "z.html"):
        stored.page(name)
    assert stored.run(workers=1).articles == 5
    assert len(sources(stored)) == 3


def test_an_archive_without_pages_is_done(project):
    """No page in it: its record says so, and the next run has nothing to do."""
    from warcio.warcwriter import WARCWriter

    with (project.raw / "empty.warc.gz").open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        writer.write_record(writer.create_warcinfo_record("empty", {"software": "tests"}))
    report = project.run()
    assert (report.files, report.pages) == (1, 0)
    assert project.run().state == "nothing_to_do"


@pytest.mark.parametrize("word", ["SLEEP", "SEGFAULT", "RAISE"])
def test_a_record_that_stops_its_worker_costs_itself(poisonous, word):
    """Poison is known by the page's number, across the files of a shard; its neighbours are cleaned."""
    poisonous.page("0.html", url="https://poison.test/0")
    archive(
        poisonous.raw / "a.warc.gz",
        [story(1, site="poison.test"), story(2, word, site="poison.test"), story(3, site="poison.test")],
    )
    archive(poisonous.raw / "b.warc.gz", [story(4, site="poison.test"), story(5, word, site="poison.test")])
    report = poisonous.run(workers=1, limits=Limits(page_timeout_s=6.0))
    reason = "timeout" if word == "SLEEP" else "crash"
    assert [(row["url"][-1], row["reason"]) for row in ordered(poisonous)] == [
        *(("0", None), ("1", None), ("2", reason), ("3", None), ("4", None), ("5", reason))
    ]
    assert all(row["raw_sha256"] for row in ordered(poisonous))
    assert report.trouble_count == 2


def test_an_archive_that_fails_midway_keeps_what_was_read(stored, monkeypatch):
    """A disk error in the midst of an archive is one rejection, and it is tried again when it can be read."""
    pages = WarcFile.pages

    def failing(self):
        from newsclean.errors import Reason, UnreadablePage

        for count, page in enumerate(pages(self)):
            if count == 5:
                raise UnreadablePage(Reason.UNREADABLE, "the file cannot be read: no luck")
            yield page

    with monkeypatch.context() as patch:
        patch.setattr(WarcFile, "pages", failing)
        report = stored.run()
        assert report.by_reason["unreadable"] == 1
        assert report.articles == 1
    assert stored.run().planned == {"readable": 1}
    assert stored.run().state == "nothing_to_do"
    assert len(stored.rows()) == 7


def test_the_text_of_an_archive_is_proven_kept(stored):
    """Each record is read again by its place, and compared with its own rows alone."""
    from newsclean.run.conservation import Coverage, check_conservation

    stored.run()
    coverage = Coverage()
    assert not list(check_conservation(stored.output, coverage))
    assert (coverage.compared, coverage.skipped) == (3, {})


def test_a_page_of_an_archive_is_explained_by_its_address(stored):
    """The address picks the record; without one that is there, the message names the nearest."""
    from newsclean.errors import ConfigError
    from newsclean.run.explaining import explain_file

    path = stored.raw / "a.warc.gz"
    explained = explain_file(path, url="https://lowmark.test/3", sites=[stored.sites])
    assert explained.outcome.articles[0].title == "Title 3"
    with pytest.raises(ConfigError, match=r"an archive of 7 pages: .* --url https://lowmark.test/1$"):
        explain_file(path)
    with pytest.raises(ConfigError, match=r"--url https://highmark.test/2$"):
        explain_file(path, url="https://highmark.test/22")


def test_real_archives_of_all_kinds_go_through(shared, project):
    """The sample archives, damaged ones too: every record ends in the ledger, and the dataset verifies."""
    from newsclean.dataset.checks.verify import verify

    report = project.run(Path(shared) / "pages" / "warc", workers=2)
    assert report.state == "done"
    assert report.articles > 60
    assert report.by_reason["broken_archive"] > 5
    assert report.by_reason["revisit"] > 50
    assert not list(verify(project.output))
