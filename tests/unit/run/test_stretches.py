"""A large archive in parts: the same rows however it is cut, and only what is missing is done again."""

from __future__ import annotations

import gzip
import os

import making
import pytest

from newsclean.dataset import Dataset
from newsclean.run import batching
from newsclean.sources import splitting

STORY = (
    b'<!doctype html><html lang="en"><head><title>Ferry %d</title></head><body><h1>Ferry %d</h1><article>'
    b"<p>The harbour master of Lowmark said on Monday that ferry %d would sail again.</p>"
    b"<p>Nobody on the island had expected the old ship to be back before the spring tide.</p></article></body></html>"
)


@pytest.fixture
def finely_cut(monkeypatch):
    """Have small archives be cut too, into some parts."""
    for name, value in {"_SMALL_BYTES": 1, "_GRAIN": 1, "_LEAST_WEIGHT": 150_000}.items():
        monkeypatch.setattr(splitting, name, value)


def records(numbers):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    for number in numbers:
        block = head + STORY % (number, number, number)
        fields = f"WARC-Type: response\r\nWARC-Target-URI: https://lowmark.test/{number}\r\n".encode()
        fields += b"WARC-Date: 2026-03-14T10:00:00Z\r\n"
        yield b"WARC/1.0\r\n%sContent-Length: %d\r\n\r\n%s\r\n\r\n" % (fields, len(block), block)


@pytest.fixture
def large(project):
    """Return a project with an archive of forty stories and a page beside it."""
    project.profile("lowmark.test")
    (project.raw / "a.warc.gz").write_bytes(making.packed(records(range(40))))
    project.page("b.html")
    return project


def state(project):
    return [project.rows(table) for table in ("pages", "articles", "removals")]


def shards(project):
    return Dataset.open(project.output, create=False).records()


def undisturbed(project, make_project, tmp_path):
    """Return the rows of one run over the project's input from nothing, not cut."""
    folder = tmp_path / "undisturbed"
    folder.mkdir()
    other = make_project(folder)
    for path in [*project.raw.iterdir(), *project.sites.iterdir()]:
        (folder / path.relative_to(project.root)).write_bytes(path.read_bytes())
    other.run()
    return state(other)


def test_rows_are_the_same_cut_or_whole(large, make_project, tmp_path, finely_cut, monkeypatch):
    """The cut is a matter of who does the work; no row tells of it."""
    report = large.run(workers=2)
    assert (report.files, report.planned, report.pages) == (2, {"new": 2}, 41)
    assert len(shards(large)) > 5
    monkeypatch.undo()
    assert state(large) == undisturbed(large, make_project, tmp_path)
    assert large.run().state == "nothing_to_do"


def test_every_kind_of_archive_is_cleaned_in_parts(project, finely_cut):
    """All kinds of archives, cut where they can be, give the same texts; the dataset verifies."""
    from newsclean.dataset.checks.verify import verify
    from newsclean.run.conservation import Coverage, check_conservation

    kinds = making.all_kinds()
    for name, content in kinds.items():
        (project.raw / name).write_bytes(content)
    paths = [project.raw / name for name in kinds]
    report = project.run(*paths)
    assert report.pages == len(kinds) * making.COUNT
    by_file = {}
    for row in project.rows():
        by_file.setdefault(row["raw_path"], []).append(row["raw_sha256"])
    assert len({tuple(sorted(found)) for found in by_file.values()}) == 1
    assert not list(verify(project.output))
    coverage = Coverage()
    assert not list(check_conservation(project.output, coverage))
    assert coverage.compared or report.articles == 0
    assert project.run(*paths).state == "nothing_to_do"


def test_a_run_that_was_stopped_goes_on_with_the_parts_that_are_missing(large, make_project, tmp_path, finely_cut):
    """Parts that are committed stay; the gaps between them are cleaned, and nothing else."""
    whole = undisturbed(large, make_project, tmp_path)
    done = []
    report = large.run(on_progress=lambda p: done.append(p.pages), should_stop=lambda: bool(done and done[-1] > 12))
    assert report.state == "interrupted"
    assert 12 < report.pages < 41
    before = set(shards(large))
    again = large.run()
    assert again.pages == 41 - report.pages
    assert before < set(shards(large))
    assert state(large) == whole
    assert large.run().state == "nothing_to_do"


def test_a_lost_part_in_the_middle_is_done_again(large, make_project, tmp_path, finely_cut):
    """Whichever shards are gone: the rest is left alone, and the rows end up as they were."""
    large.run()
    wanted = state(large)
    for gone in (1, 3):
        found = shards(large)
        names = sorted(name for name, record in found.items() if record.sources[0].start or record.sources[0].end)
        for name in names[:gone]:
            for path in large.output.rglob(f"*{name}*"):
                path.unlink()
        report = large.run()
        assert report.planned == {"new": 1}
        assert 0 < report.pages < 40
        assert state(large) == wanted


def test_an_archive_that_has_grown_is_cut_anew(large, make_project, tmp_path, finely_cut):
    """Other bytes: the parts of the old ones go as those of the new ones come, however far a run gets."""
    large.run()
    (large.raw / "a.warc.gz").write_bytes(making.packed(records([*range(3, 30), *range(100, 140)])))
    whole = undisturbed(large, make_project, tmp_path)
    done = []
    report = large.run(on_progress=lambda p: done.append(p.pages), should_stop=lambda: bool(done and done[-1] > 12))
    assert report.planned == {"content": 1}
    rows = large.rows()
    assert len({(row["raw_path"], row["raw_offset"]) for row in rows}) == len(rows)
    large.run()
    assert state(large) == whole
    assert large.run().state == "nothing_to_do"


def test_an_archive_that_shrinks_to_one_part_and_grows_again(large, make_project, tmp_path, finely_cut):
    """From many parts to one, to many: no row of an older state stays."""
    path = large.raw / "a.warc.gz"
    for count in (40, 1, 30, 2):
        path.write_bytes(making.packed(records(range(count))))
        os.utime(path, ns=(count, count))
        large.run()
        assert len(large.rows()) == count + 1
        assert large.run().state == "nothing_to_do"
    assert state(large) == undisturbed(large, make_project, tmp_path)


def test_a_touched_archive_is_read_once_and_left_alone(large, finely_cut):
    """Another time with the same bytes is noted in all parts."""
    large.run()
    os.utime(large.raw / "a.warc.gz", ns=(10**18, 10**18))
    assert large.run().state == "nothing_to_do"
    sources = [source for record in shards(large).values() for source in record.sources]
    assert {source.mtime_ns for source in sources if "warc" in source.raw_path} == {10**18}


def test_a_changed_profile_cleans_the_parts_that_it_concerns(large, finely_cut):
    """The parts keep their borders, each takes its own place."""
    large.run()
    before = {source.key for record in shards(large).values() for source in record.sources}
    large.profile("lowmark.test", publisher="The New Courier")
    report = large.run()
    assert report.planned == {"profile": 1}
    assert {source.key for record in shards(large).values() for source in record.sources} == before
    assert {row["publisher"] for row in large.rows("articles") if row["url"]} == {"The New Courier"}
    assert large.run().state == "nothing_to_do"


def test_a_damaged_archive_is_accounted_for_in_parts(large, make_project, tmp_path, finely_cut):
    """Damage in the midst and at the end: the same rejections as from the whole."""
    path = large.raw / "a.warc.gz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x20
    path.write_bytes(content[:-20])
    report = large.run()
    assert report.by_reason["broken_archive"] == 2
    assert len(shards(large)) > 5
    assert state(large) == undisturbed(large, make_project, tmp_path)


def test_poison_in_a_part_costs_one_page(poisonous, finely_cut):
    """A page that kills its worker is known by its number in its part."""
    pages = [record.replace(b"lowmark.test", b"poison.test") for record in records(range(30))]
    pages[17] = pages[17].replace(b"ferry 17 would", b"SEGFAULT      ")
    (poisonous.raw / "a.warc.gz").write_bytes(making.packed(pages))
    report = poisonous.run(workers=1)
    assert (report.pages, report.by_reason) == (30, {"crash": 1})


def test_parts_are_shards_of_their_own(large, finely_cut):
    """Small files are put together; a part of an archive stands alone."""
    large.run()
    for record in shards(large).values():
        keys = [source.raw_path for source in record.sources]
        assert len(keys) == 1 or "raw/a.warc.gz" not in keys
    assert batching.expected_pages is not None


def test_progress_counts_what_is_in_the_parts(large, finely_cut):
    """How many pages there are is known before the first one is cleaned."""
    seen = []
    large.run(on_progress=seen.append)
    assert seen[0].of_pages == 41
    assert seen[-1].pages == 41


def test_a_gz_that_is_one_member_is_cut_by_its_records(project, make_project, tmp_path, finely_cut):
    """A WARC packed as a whole has no places to jump to; its parts are found by counting."""
    (project.raw / "a.warc.gz").write_bytes(gzip.compress(b"".join(records(range(30)))))
    report = project.run()
    assert report.pages == 30
    assert len(shards(project)) > 5
    assert state(project) == undisturbed(project, make_project, tmp_path)


def test_parts_that_were_compacted_are_kept_told_apart_and_replaced(large, make_project, tmp_path, finely_cut):
    """Many parts in one shard, beside other files: nothing to do; a changed file takes the place of all its parts."""
    from newsclean.dataset.checks.verify import verify
    from newsclean.dataset.compaction import compact

    large.run()
    wanted = state(large)
    with Dataset.open(large.output, create=False) as dataset:
        list(compact(dataset))
    assert len(shards(large)) == 1
    assert state(large) == wanted
    assert not list(verify(large.output))
    assert large.run().state == "nothing_to_do"
    large.profile("lowmark.test", publisher="The New Courier")
    large.run()
    assert {row["publisher"] for row in large.rows("articles") if row["url"]} == {"The New Courier"}
    assert state(large) == undisturbed(large, make_project, tmp_path)
    with Dataset.open(large.output, create=False) as dataset:
        list(compact(dataset))
    (large.raw / "a.warc.gz").write_bytes(making.packed(records(range(5, 33))))
    large.run()
    assert len(large.rows()) == 29
    assert not list(verify(large.output))
    assert large.run().state == "nothing_to_do"
