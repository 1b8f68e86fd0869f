"""Opening a dataset, and shards entering and leaving it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from newsclean.dataset import Dataset, verify
from newsclean.errors import DatasetError, SchemaTooNew
from newsclean.model import Reason


def files(dataset):
    """The files in the data folders and among the commits."""
    found = [path for folder in ("articles", "pages", "removals") for path in (dataset.path / folder).rglob("*")]
    found += (dataset.path / "_newsclean" / "commits").iterdir()
    return sorted(path.relative_to(dataset.path).as_posix() for path in found)


def raw_paths(dataset, table="pages"):
    return sorted(row["raw_path"] for row in dataset.iter_rows(table, ["raw_path"]))


def is_sound(dataset):
    return list(verify(dataset.path)) == []


# ---- opening


def test_a_new_folder_becomes_a_dataset(tmp_path):
    """Opening with create makes the folder, its parents and what a reader may be pointed at."""
    with Dataset.open(tmp_path / "a" / "b", create=True) as opened:
        assert [path.name for path in sorted(opened.path.iterdir())] == ["_newsclean", "articles", "pages", "removals"]
        assert opened.reports.is_dir()
        assert opened.records() == {}


def test_a_folder_with_a_readme_only_becomes_a_dataset(tmp_path):
    """The files that a repository keeps in an empty folder are in nobody's way."""
    (tmp_path / "README.md").touch()
    (tmp_path / ".gitignore").touch()
    Dataset.open(tmp_path, create=True).close()
    assert is_sound(Dataset.open(tmp_path, create=False))


def test_a_cut_while_a_dataset_is_made_is_mended(tmp_path):
    """A folder that was left half made is finished by the next run; a reader is told that it is none yet."""
    (tmp_path / "clean" / "_newsclean" / "tmp").mkdir(parents=True)
    with pytest.raises(DatasetError, match=r"cannot be opened as a dataset: No such file .*dataset\.json"):
        Dataset.open(tmp_path / "clean", create=False)
    Dataset.open(tmp_path / "clean", create=True).close()
    assert is_sound(Dataset.open(tmp_path / "clean", create=False))


def test_a_file_is_no_dataset(tmp_path):
    """A path that is a file is refused with its name."""
    (tmp_path / "clean").touch()
    with pytest.raises(DatasetError, match=r"clean: is a file, .* give a folder"):
        Dataset.open(tmp_path / "clean", create=True)


@pytest.mark.parametrize("name", ["thesis.doc", "articles"])
def test_another_folder_is_left_alone(tmp_path, name):
    """A folder with things of somebody else is refused, with the name of one of them, and not touched."""
    (tmp_path / name).mkdir()
    with pytest.raises(DatasetError, match=rf"holds other things \({name}\) and no _newsclean/.*give an empty folder"):
        Dataset.open(tmp_path, create=True)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_nothing_is_made_for_a_reader(tmp_path):
    """Opening without create refuses a place without dataset and makes nothing there."""
    with pytest.raises(DatasetError, match="clean: no dataset is there; clean some pages into it first"):
        Dataset.open(tmp_path / "clean", create=False)
    assert not (tmp_path / "clean").exists()


def test_a_place_that_cannot_be_written_is_refused():
    """Where no folder can be made, the error says so, with the cause."""
    with pytest.raises(DatasetError, match=r"/proc/clean: cannot be opened as a dataset: .*give a folder that can be"):
        Dataset.open("/proc/clean", create=True)


def test_a_dataset_without_permission_is_refused(dataset, monkeypatch):
    """A dataset in which a folder cannot be written is refused before any work is done."""
    monkeypatch.setattr("os.access", lambda path, mode: path.name != "articles")
    with pytest.raises(DatasetError, match="articles: cannot be written to; change its permissions"):
        Dataset.open(dataset.path, create=True)
    Dataset.open(dataset.path, create=False)


def test_a_newer_dataset_is_refused(dataset):
    """A dataset of a newer schema is neither read nor written."""
    (dataset.path / "_newsclean" / "dataset.json").write_text('{"format": "newsclean dataset", "schema_version": 7}')
    for create in (True, False):
        with pytest.raises(SchemaTooNew, match=r"dataset\.json: written with schema version 7"):
            Dataset.open(dataset.path, create=create)


def test_lost_commit_records_are_not_taken_for_none(dataset, samples):
    """With the folder of records gone, a sweep would take all data away: the dataset is refused instead."""
    samples.commit(dataset, "s1", [samples.outcome()])
    (dataset.path / "_newsclean" / "commits" / "s1.json").unlink()
    (dataset.path / "_newsclean" / "commits").rmdir()
    with pytest.raises(DatasetError, match="commits: is gone, and with it what the dataset holds"):
        Dataset.open(dataset.path, create=True)


def test_importing_the_package_leaves_arrow_alone():
    """What only asks for records, or opens and closes, does not pay for pyarrow."""
    code = "import sys, newsclean.dataset; sys.exit('pyarrow' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


# ---- committing


def test_a_shard_is_in_its_files_and_its_record(dataset, samples):
    """A commit makes a part in each table with rows, and a record that tells them and the sources."""
    pages = [samples.outcome("raw/a.html", articles=2), samples.rejected("raw/b.html")]
    record = samples.commit(dataset, "s1", pages)
    assert files(dataset) == [
        "_newsclean/commits/s1.json",
        "articles/part-s1.parquet",
        "pages/part-s1.parquet",
        "removals/part-s1.parquet",
    ]
    assert {table: record.rows_of(table) for table in record.parts} == {"articles": 2, "pages": 2, "removals": 4}
    assert [(one.raw_path, one.pages, one.articles, one.rejections) for one in record.sources] == [
        ("raw/a.html", 1, 2, 0),
        ("raw/b.html", 1, 0, 1),
    ]
    assert Dataset.open(dataset.path, create=False).records() == {"s1": record}
    assert is_sound(dataset)


def test_a_shard_without_articles_has_its_pages(dataset, samples):
    """A table without rows gets no file; the pages are there all the same."""
    record = samples.commit(dataset, "s1", [samples.rejected()])
    assert list(record.parts) == ["pages"]
    assert dataset.read("articles").num_rows == 0
    assert raw_paths(dataset) == ["raw/menu.html"]
    assert is_sound(dataset)


def test_a_shard_of_nothing_is_remembered(dataset, samples):
    """A source without pages, such as an empty archive, has its record and no files."""
    empty = replace(samples.sources([samples.rejected()])[0], raw_path="raw/a.warc", pages=0, rejections=0)
    dataset.commit("s1", [], [empty], samples.stamp())
    assert files(dataset) == ["_newsclean/commits/s1.json"]
    assert is_sound(dataset)


def test_sources_may_be_filled_while_pages_pass(dataset, samples):
    """The sources are asked for after the last outcome."""
    told = []

    def pages():
        yield (page := samples.outcome())
        told.extend(samples.sources([page]))

    dataset.commit("s1", pages(), told, samples.stamp())
    assert [source.raw_path for source in dataset.records()["s1"].sources] == ["raw/a.html"]


def test_the_same_shard_twice_is_there_once(dataset, samples):
    """Committing a shard again puts the new rows in place of the old, in tables that it no longer has too."""
    samples.commit(dataset, "s1", [samples.outcome(text="old")])
    samples.commit(dataset, "s1", [samples.outcome(text="new", removals=())], "run-2")
    assert files(dataset) == ["_newsclean/commits/s1.json", "articles/part-s1.parquet", "pages/part-s1.parquet"]
    assert [row["body"].split(".")[0] for row in dataset.iter_rows("articles")] == ["The ferry to Lowmark Island, new"]
    assert is_sound(dataset)


def test_a_shard_takes_the_place_of_others(dataset, samples):
    """Replaced shards are gone with files and records; the others stay."""
    for name in "abc":
        samples.commit(dataset, name, [samples.outcome(f"raw/{name}.html")])
    samples.commit(dataset, "d", [samples.outcome(f"raw/{name}.html") for name in "ab"], replaces=["a", "b", "gone"])
    assert set(dataset.records()) == {"c", "d"}
    assert raw_paths(dataset) == ["raw/a.html", "raw/b.html", "raw/c.html"]
    assert is_sound(dataset)


def test_a_replaced_shard_may_come_back(dataset, samples):
    """A and B may replace each other in turn: the later one counts, now and after the next opening."""
    page = [samples.outcome()]
    samples.commit(dataset, "a", page)
    samples.commit(dataset, "b", page, replaces=["a"])
    samples.commit(dataset, "a", page, replaces=["b"])
    assert list(dataset.records()) == list(Dataset.open(dataset.path, create=False).records()) == ["a"]
    dataset.close()
    assert dataset.sweep().removed == ()


def test_rows_are_carried_over_unchanged(dataset, samples):
    """Cleaning one file of a shard again leaves the rows of the others as they were, run and all."""
    samples.commit(
        dataset, "a", [samples.outcome(f"raw/{n}.html") for n in range(3)] + [samples.rejected("raw/3.html")]
    )
    before = {row["raw_path"]: row for row in dataset.iter_rows("articles")}
    kept = frozenset({"raw/0.html", "raw/3.html"})
    again = [samples.outcome("raw/1.html", text="again")]
    record = samples.commit(dataset, "b", again, "run-2", replaces=["a"], carry=[("a", kept)])
    after = {row["raw_path"]: row for row in dataset.iter_rows("articles")}
    assert set(after) == {"raw/0.html", "raw/1.html"}
    assert after["raw/0.html"] == before["raw/0.html"]
    assert (after["raw/0.html"]["run_id"], after["raw/1.html"]["run_id"]) == ("run-1", "run-2")
    assert [(one.raw_path, one.retry) for one in record.sources] == [
        ("raw/0.html", False),
        ("raw/1.html", False),
        ("raw/3.html", False),
    ]
    assert is_sound(dataset)


def test_a_shard_may_carry_from_itself(dataset, samples):
    """Rows can be carried over into the same shard id."""
    samples.commit(dataset, "a", [samples.outcome("raw/0.html"), samples.outcome("raw/1.html")])
    carry = [("a", frozenset({"raw/0.html"}))]
    samples.commit(dataset, "a", [samples.outcome("raw/1.html", text="again")], "run-2", carry=carry)
    assert [(row["raw_path"], row["run_id"]) for row in dataset.iter_rows("pages")] == [
        ("raw/0.html", "run-1"),
        ("raw/1.html", "run-2"),
    ]
    assert is_sound(dataset)


def test_rows_carried_from_other_code_ask_to_be_cleaned(dataset, samples):
    """A record speaks for the code of all its rows: what it has from other code is to be tried again."""
    samples.commit(dataset, "a", [samples.outcome("raw/0.html"), samples.outcome("raw/1.html")])
    page = [samples.outcome("raw/1.html")]
    newer = samples.stamp("run-2", code_sha256="newer")
    carry = [("a", frozenset({"raw/0.html"}))]
    record = dataset.commit("b", page, samples.sources(page), newer, replaces=["a"], carry=carry)
    assert [(source.raw_path, source.retry) for source in record.sources] == [
        ("raw/0.html", True),
        ("raw/1.html", False),
    ]


@pytest.mark.parametrize("carry", [("gone", frozenset({"raw/0.html"})), ("a", frozenset({"raw/other.html"}))])
def test_nothing_is_carried_from_nowhere(dataset, samples, carry):
    """Carrying what is not there is an error, and changes nothing."""
    samples.commit(dataset, "a", [samples.outcome("raw/0.html")])
    before = samples.content(dataset)
    with pytest.raises(DatasetError, match="carry"):
        samples.commit(dataset, "b", [], replaces=["a"], carry=[carry])
    assert samples.content(dataset) == before


def test_rows_can_be_replaced_by_nothing(dataset, samples):
    """A shard may be replaced by an empty one: that is how rows leave a dataset."""
    samples.commit(dataset, "a", [samples.outcome()])
    samples.commit(dataset, "b", [], replaces=["a"])
    assert samples.content(dataset) == {"articles": [], "pages": [], "removals": []}
    assert is_sound(dataset)


# ---- what is refused


def refused(dataset, samples, match, pages, told, **options):
    before = samples.content(dataset)
    with pytest.raises(DatasetError, match=match):
        dataset.commit("new", pages, told, samples.stamp(), **options)
    assert samples.content(dataset) == before
    assert list((dataset.path / "_newsclean" / "tmp").iterdir()) == []
    assert is_sound(dataset)


def test_counts_must_agree(dataset, samples):
    """A shard whose sources tell other counts than its outcomes is refused."""
    pages = [samples.outcome("raw/a.html"), samples.rejected("raw/b.html")]
    right = samples.sources(pages)
    extra = replace(right[0], raw_path="raw/c.html")
    refused(dataset, samples, r"raw/a\.html is not listed, its outcomes are 1 pages, 1 art", pages, right[1:])
    refused(dataset, samples, r"raw/c\.html is listed with 1 pages.* are 0 pages", pages, [*right, extra])
    refused(dataset, samples, r"raw/b\.html is listed with 2 pages", pages, [right[0], replace(right[1], pages=2)])
    refused(dataset, samples, r"raw/a\.html is listed twice", pages, [right[0], *right])


def test_a_page_comes_once(dataset, samples):
    """The same page twice in a shard is refused; two records of one archive are two pages."""
    pages = [samples.outcome("raw/a.warc", 0), samples.outcome("raw/a.warc", 900)]
    refused(dataset, samples, r"raw/a\.warc at byte 0 comes twice", [*pages, pages[0]], samples.sources(pages))
    samples.commit(dataset, "s1", pages)


def test_a_raw_file_is_in_one_shard(dataset, samples):
    """A raw file of another shard is refused, unless that shard is replaced."""
    pages = [samples.outcome("raw/a.html")]
    samples.commit(dataset, "old", pages)
    refused(dataset, samples, r"raw/a\.html is in shard old already", pages, samples.sources(pages))
    carry = [("old", frozenset({"raw/a.html"}))]
    refused(
        dataset, samples, r"raw/a\.html is twice in it", pages, samples.sources(pages), replaces=["old"], carry=carry
    )
    samples.commit(dataset, "new", pages, replaces=["old"])


def test_an_error_in_the_pages_leaves_nothing_behind(dataset, samples):
    """An error of the caller's own passes through and leaves the dataset as it was."""

    def pages():
        yield samples.outcome()
        raise PermissionError(13, "no", "raw/b.html")

    with pytest.raises(PermissionError):
        dataset.commit("s1", pages(), [], samples.stamp())
    assert files(dataset) == []
    assert list((dataset.path / "_newsclean" / "tmp").iterdir()) == []


@pytest.mark.parametrize("shard_id", ["", "A", "a/b", "../a", "a.b", "-a", "a" * 101])
def test_a_shard_id_can_name_a_file(dataset, samples, shard_id):
    """An id that could lead out of the folder, or clash where case does not count, is refused."""
    with pytest.raises(ValueError, match="is no shard id"):
        samples.commit(dataset, shard_id, [])


def test_odd_file_names_are_stored(dataset, samples):
    """A file name that is no UTF-8 is stored with its escape, in rows and record alike, and can be carried."""
    samples.commit(
        dataset, "a", [samples.outcome("raw/caf\udce9.html"), samples.rejected("raw/b.html", None, Reason.EMPTY)]
    )
    samples.commit(dataset, "b", [], replaces=["a"], carry=[("a", frozenset({"raw/caf\udce9.html"}))])
    assert raw_paths(dataset) == [r"raw/caf\udce9.html"]
    assert dataset.records()["b"].sources[0].raw_path == r"raw/caf\udce9.html"
    assert is_sound(dataset)


# ---- reading


def test_reading_gives_columns_in_the_asked_order(dataset, samples):
    """Some columns can be asked for; a dataset without rows has the columns too."""
    assert dataset.read("articles", ["title", "site"]).schema.names == ["title", "site"]
    samples.commit(dataset, "s1", [samples.outcome()])
    assert dataset.read("articles", ["title", "site"]).to_pylist() == [
        {"title": "Ferry is back", "site": "example.org"}
    ]
    assert list(dataset.iter_rows("articles", ["site"])) == [{"site": "example.org"}]
    assert dataset.read("pages").schema.metadata[b"newsclean.table"] == b"pages"


def test_unknown_names_are_answered_with_the_known(dataset, samples):
    """A table or column that is not there is an error that lists those that are."""
    samples.commit(dataset, "s1", [samples.outcome()])
    with pytest.raises(ValueError, match="no table 'page'; there are articles, pages, removals"):
        dataset.read("page")
    with pytest.raises(ValueError, match=r"removals has no column boddy; it has raw_path, .*"):
        dataset.read("removals", ["boddy"])


@pytest.mark.parametrize(("content", "match"), [(None, "it is not there"), (b"PAR1 torn", "no readable Parquet file")])
def test_a_lost_or_torn_part_is_named(dataset, samples, content, match):
    """Reading over a part that is gone or torn names the file and the way out."""
    samples.commit(dataset, "s1", [samples.outcome()])
    part = dataset.path / "articles" / "part-s1.parquet"
    part.write_bytes(content) if content else part.unlink()
    with pytest.raises(DatasetError, match=rf"part-s1\.parquet: .*{match}.*put it back from a backup"):
        dataset.read("articles")


def test_empty_folders_may_be_lost(dataset, samples):
    """A copy that left them out, as stores and version control do, is read, verified and written to all the same."""
    samples.commit(dataset, "a", [samples.outcome(removals=())])
    wanted = samples.content(dataset)
    dataset.close()
    for folder in sorted(dataset.path.rglob("*"), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    assert not (dataset.path / "removals").exists()
    assert list(verify(dataset.path)) == []
    with Dataset.open(dataset.path, create=False) as copy:
        assert samples.content(copy) == wanted
        samples.commit(copy, "b", [samples.outcome("raw/b.html")])
    assert list(verify(dataset.path)) == []
