"""Folders a site or month: safe names, the same rows, and everything that a dataset can do."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsclean.dataset import Dataset, FormChoice, held, verify
from newsclean.dataset.compaction import compact, steps
from newsclean.dataset.counts.overview import overview
from newsclean.dataset.export.exporting import Kind, export
from newsclean.dataset.export.selection import Selection
from newsclean.dataset.layout import Layout
from newsclean.dataset.parquet.partition import PARTITIONINGS, folder_name
from newsclean.dataset.staging import stage, take_name
from newsclean.errors import ConfigError
from newsclean.model import Moment, Precision

HOSTILE = (
    "../../etc",
    "..",
    ".",
    "a/b\\c",
    "море.рф",
    "海.example",
    "*?[x]#&=",
    " ",
    "CON",
    "Tass.com",
    "__none__",
    "%2e",
)


def of_site(samples, name, site, at=None):
    """A page with one article of a site, published at a time."""
    found = samples.outcome(f"raw/{name}.html", text=f"words of {name}")
    published = None if at is None else Moment(at=at, precision=Precision.DAY)
    return replace(found, site=site, articles=(replace(found.articles[0], site=site, published=published),))


def folders(dataset):
    """The folders in `articles`, each with how many files it has."""
    return {path.name: len(list(path.iterdir())) for path in (dataset.path / "articles").iterdir() if path.is_dir()}


@pytest.fixture
def by_site(tmp_path):
    with Dataset.open(tmp_path / "clean", create=True, choice=FormChoice(partition_by="site")) as opened:
        yield opened


# ---- names


@pytest.mark.parametrize(
    ("value", "folder"),
    [
        ("tass.com", "site_key=tass.com"),
        ("xn--p1ai.example-1.org", "site_key=xn--p1ai.example-1.org"),
        (None, "site_key=__none__"),
        ("", "site_key=__none__"),
        ("__none__", "site_key=%5f%5fnone%5f%5f"),
        ("../etc", "site_key=%2e%2e%2fetc"),
        (".a..b.", "site_key=%2ea%2e%2eb%2e"),
        ("Tass.com", "site_key=%54ass.com"),
        ("я", "site_key=%d1%8f"),
    ],
)
def test_names_are_plain_where_they_can_be_and_encoded_where_not(value, folder):
    """A site's host stands as it is; what a disk, a shell or a pattern would take otherwise is percent-encoded."""
    assert folder_name("site", value) == folder


def test_a_month_is_named_as_it_is_written():
    """Months are the year and the month, in order of time when sorted."""
    assert folder_name("month", "2024-05") == "published_month=2024-05"


@given(st.text(max_size=300))
def test_no_value_leads_anywhere_else(value):
    """Whatever a site is called, its folder is one name that is taken for a partition, and tells what it is of."""
    name = folder_name("site", value)
    assert PurePosixPath(name).parts == (name,)
    assert name.isascii()
    assert len(name) < 180
    assert name == name.lower()
    assert Layout(PurePosixPath("x")).is_part_name(f"articles/{name}/part-a.parquet", "articles", "a")
    encoded = name.partition("=")[2]
    if value and "__" not in encoded:
        assert unquote(encoded) == value


def test_long_names_are_cut_and_stay_apart():
    """Two sites that differ at their end only have folders of their own."""
    one, other = (folder_name("site", "я" * 100 + end) for end in "ab")
    assert one != other
    assert max(map(len, (one, other))) < 180


@pytest.mark.parametrize(
    "name",
    [
        *("articles/../part-a.parquet", "articles/x/part-a.parquet", "articles/site_key=a/b/part-a.parquet"),
        *(
            "/articles/part-a.parquet",
            "pages/part-a.parquet",
            "articles/part-b.parquet",
            "articles/SITE=a/part-a.parquet",
        ),
    ],
)
def test_only_our_names_are_names_of_parts(name):
    """What a damaged record names is not followed out of the folder."""
    assert not Layout(PurePosixPath("x")).is_part_name(name, "articles", "a")


# ---- writing and reading


@pytest.mark.parametrize("partition_by", ["site", "month"])
def test_rows_are_the_same_in_folders(tmp_path, samples, partition_by):
    """A partitioned dataset has the rows of a plain one, each in the folder of its value; verify says so."""
    times = [
        dt.datetime(1605, 9, 1, tzinfo=dt.UTC),
        dt.datetime(2024, 5, 31, 23, 59, 59, tzinfo=dt.UTC),
        samples.DAY,
        None,
    ]
    pages = [of_site(samples, str(at), site, times[at % 4]) for at, site in enumerate([*HOSTILE, None, "tass.com"])]
    found = {}
    for name in ("none", partition_by):
        with Dataset.open(tmp_path / name, create=True, choice=FormChoice(partition_by=name)) as dataset:
            samples.commit(dataset, "s", [*pages, samples.rejected()])
            found[name] = samples.content(dataset)
        assert list(verify(tmp_path / name)) == []
    assert found["none"] == found[partition_by]
    names = set(folders(dataset))
    if partition_by == "month":
        assert names == {f"published_month={month}" for month in ("1605-09", "2024-05", "__none__")}
    else:
        assert names == {folder_name("site", site) for site in (*HOSTILE, None, "tass.com")}
    assert not any(path.is_dir() for table in ("pages", "removals") for path in (dataset.path / table).iterdir())
    assert {path.name for path in tmp_path.iterdir()} == {"none", partition_by}


def test_no_value_and_an_empty_one_share_a_folder(by_site, samples):
    """An empty site is no site."""
    samples.commit(by_site, "s", [of_site(samples, "a", None), of_site(samples, "b", "")])
    assert folders(by_site) == {"site_key=__none__": 1}
    assert list(verify(by_site.path)) == []


def test_rows_in_the_wrong_folder_are_found(by_site, samples):
    """A file that was put elsewhere is found, though its record and its bytes agree."""
    samples.commit(by_site, "s", [of_site(samples, "a", "a.example")])
    articles = by_site.path / "articles"
    (articles / "site_key=a.example").rename(articles / "site_key=b.example")
    record = by_site.path / "_newsclean" / "commits" / "s.json"
    record.write_text(record.read_text().replace("site_key=a.example", "site_key=b.example"))
    [finding] = verify(by_site.path)
    assert finding.where == "articles/site_key=b.example/part-s.parquet"
    assert finding.message == "its rows belong in site_key=a.example, and it lies in site_key=b.example"


# ---- the choice


def test_the_choice_is_remembered(by_site, samples, tmp_path):
    """A later run without a choice follows the first; one with another is told how the dataset is changed."""
    by_site.close()
    with Dataset.open(by_site.path, create=True) as again:
        samples.commit(again, "s", [of_site(samples, "a", "a.example")])
        assert folders(again) == {"site_key=a.example": 1}
    marker = json.loads((tmp_path / "clean" / "_newsclean" / "dataset.json").read_bytes())
    assert marker["partition_by"] == "site"
    for create in (True, False):
        with pytest.raises(
            ConfigError,
            match=r"by site, not by month; leave the option out, or .*: newsclean compact .*clean --partition-by month",
        ):
            Dataset.open(by_site.path, create=create, choice=FormChoice(partition_by="month"))


def test_an_unknown_choice_is_answered_with_the_known():
    """The error names what there is."""
    with pytest.raises(ConfigError, match="partition_by: 'country' is unknown; known are none, site, month"):
        FormChoice(partition_by="country")


def test_a_marker_of_an_unknown_partition_is_refused(by_site):
    """A marker that somebody changed is not guessed at."""
    marker = by_site.path / "_newsclean" / "dataset.json"
    marker.write_text(marker.read_text().replace('"site"', '"colour"'))
    with pytest.raises(Exception, match=r"dataset\.json: this is no record of ours .*colour"):
        Dataset.open(by_site.path, create=False)


# ---- all that a dataset does


def test_a_shard_committed_again_leaves_no_folder_behind(by_site, samples):
    """Rows that moved to another site leave neither file nor folder where they were."""
    samples.commit(by_site, "s", [of_site(samples, "a", "a.example"), of_site(samples, "b", "b.example")])
    samples.commit(by_site, "s", [of_site(samples, "a", "c.example"), of_site(samples, "b", "b.example")])
    assert folders(by_site) == {"site_key=b.example": 1, "site_key=c.example": 1}
    samples.commit(
        by_site, "t", [of_site(samples, "a", "d.example"), of_site(samples, "b", "b.example")], replaces=["s"]
    )
    assert folders(by_site) == {"site_key=b.example": 1, "site_key=d.example": 1}
    assert list(verify(by_site.path)) == []


def test_a_sweep_cleans_folders_too(by_site, samples):
    """Parts without a record go, and folders that are empty; files of others stay where they are."""
    samples.commit(by_site, "s", [of_site(samples, "a", "a.example")])
    articles = by_site.path / "articles"
    for folder in ("site_key=a.example", "site_key=gone.example", "site_key=empty.example", "mine"):
        (articles / folder).mkdir(exist_ok=True)
    for name in ("site_key=a.example/part-x.parquet", "site_key=gone.example/part-y.parquet", "mine/part-x.parquet"):
        (articles / name).write_bytes(b"torn")
    (by_site.path / "_newsclean" / "tmp" / "x.articles.7.parquet").write_bytes(b"torn")
    assert by_site.sweep().removed == (
        "_newsclean/tmp/x.articles.7.parquet",
        "articles/site_key=a.example/part-x.parquet",
        "articles/site_key=gone.example/part-y.parquet",
    )
    assert set(folders(by_site)) == {"site_key=a.example", "mine"}


def test_a_lost_file_of_many_is_damage(by_site, samples):
    """A shard lacking one of its files is told as damaged."""
    samples.commit(by_site, "s", [of_site(samples, "a", "a.example"), of_site(samples, "b", "b.example")])
    (by_site.path / "articles" / "site_key=b.example" / "part-s.parquet").unlink()
    assert by_site.sweep().damaged == ("s",)


def test_an_attempt_takes_the_name_of_its_shard(by_site, samples):
    """What was staged under a name of its own is committed in the folders of its rows."""
    by_site.sweep()
    pages = [of_site(samples, "a", "a.example"), of_site(samples, "b", None)]
    staged = stage(by_site.path, "attempt", iter(pages), samples.sources(pages), samples.stamp())
    by_site.commit_staged(take_name(by_site.path, staged, "s"), samples.stamp())
    assert folders(by_site) == {"site_key=a.example": 1, "site_key=__none__": 1}
    assert list(verify(by_site.path)) == []


def test_readers_of_ours_take_it(by_site, samples, tmp_path):
    """Reports count all rows, exports choose among them, tables come in whole."""
    samples.commit(by_site, "s", [of_site(samples, str(at), f"{at % 3}.example") for at in range(7)])
    samples.commit(by_site, "t", [of_site(samples, "x", "0.example")])
    assert overview(by_site).articles == 8
    assert by_site.read("articles").num_rows == len(list(by_site.rows_of("s", "articles"))) + 1 == 8
    file = tmp_path / "out.jsonl"
    export(by_site.path, file, Kind.JSONL, Selection(where="site = '0.example'", latest=True))
    assert len(file.read_text().splitlines()) == 4


def test_held_rows_come_back_in_folders(by_site, samples):
    """A batch of a partitioned dataset is partitioned, and its files go over as they are."""
    by_site.sweep()
    pages = [of_site(samples, "a", "a.example"), of_site(samples, "b", "b.example")]
    staged = stage(by_site.path, "s", iter(pages), samples.sources(pages), samples.stamp())
    note = held.BatchNote(state=held.BatchState.HELD, begun_at=samples.DAY)
    with held.open_batch(by_site, "b", note) as batch:
        held.hold_staged(by_site, batch, staged, samples.stamp())
        assert batch.form == by_site.form
        assert set(folders(batch)) == {"site_key=a.example", "site_key=b.example"}
    assert list(verify(by_site.path)) == []
    assert held.find_batch(by_site, "b").articles == 2
    held.release(by_site, "b")
    assert set(folders(by_site)) == {"site_key=a.example", "site_key=b.example"}
    assert list(verify(by_site.path)) == []


# ---- compaction


@pytest.mark.parametrize("target_bytes", [1, 2**27])
def test_compaction_changes_the_folders_and_no_row(tmp_path, samples, target_bytes):
    """From plain to sites, months and back: the rows stay, all shards follow, large ones too, and what is held back."""
    with Dataset.open(tmp_path / "clean", create=True) as dataset:
        for name in "abc":
            samples.commit(
                dataset, name, [of_site(samples, f"{name}{at}", f"{at}.example", samples.DAY) for at in range(2)]
            )
        pages = [of_site(samples, "held", "held.example")]
        staged = stage(dataset.path, "held", iter(pages), samples.sources(pages), samples.stamp())
        note = held.BatchNote(state=held.BatchState.HELD, begun_at=samples.DAY)
        with held.open_batch(dataset, "b", note) as batch:
            held.hold_staged(dataset, batch, staged, samples.stamp())
        before = samples.content(dataset)
        for partition_by, count in (("site", 2), ("month", 1), ("none", 0)):
            choice = FormChoice(partition_by=partition_by)
            planned = steps(dataset, target_bytes=target_bytes, choice=choice)
            done = list(compact(dataset, target_bytes=target_bytes, choice=choice))
            assert [step.shard_id for step in done] == [step.shard_id for step in planned] != []
            assert len(folders(dataset)) == count
            assert samples.content(dataset) == before
            assert {record.form for record in dataset.records().values()} == {dataset.form}
            assert list(verify(dataset.path)) == []
            assert list(compact(dataset, target_bytes=target_bytes)) == []
        held.release(dataset, "b")
    assert list(verify(dataset.path)) == []


def test_a_cut_change_of_form_is_told_and_finished(tmp_path, samples):
    """Shards in the old form are readable and named by verify; the next compaction, without a choice, does the rest."""
    with Dataset.open(tmp_path / "clean", create=True) as dataset:
        for name in "ab":
            samples.commit(dataset, name, [of_site(samples, name, f"{name}.example")])
        before = samples.content(dataset)
        next(iter(compact(dataset, target_bytes=1, choice=FormChoice(partition_by="site"))))
        assert samples.content(dataset) == before
        assert [finding.where for finding in verify(dataset.path)] == ["shard b"]
        assert [step.shard_id for step in compact(dataset, target_bytes=1)] == ["b"]
    assert list(verify(dataset.path)) == []


# ---- Bloom filters


def test_bloom_filters_are_written_and_used(tmp_path, samples):
    """A reader that knows them rules out row groups by them; the rows are the same, and the choice is remembered."""
    import duckdb

    paths = {}
    for name, columns in (("plain", ()), ("bloom", ("article_id", "url"))):
        with Dataset.open(tmp_path / name, create=True, choice=FormChoice(bloom_filters=columns)) as dataset:
            samples.commit(dataset, "s", [samples.outcome(f"raw/{at}.html") for at in range(50)])
            paths[name] = dataset.parts("articles")[0]
            assert list(verify(dataset.path)) == []
    assert pq.read_table(paths["plain"]).equals(pq.read_table(paths["bloom"]))
    probe = "select bool_and(bloom_filter_excludes) from parquet_bloom_probe(?, 'article_id', ?)"
    ids = pc.unique(pq.read_table(paths["bloom"])["article_id"]).to_pylist()
    with duckdb.connect() as connection:
        found = connection.execute(
            "select path_in_schema, bloom_filter_offset is not null from parquet_metadata(?)", [str(paths["bloom"])]
        ).fetchall()
        assert {name for name, has in found if has} == {"article_id", "url"}
        assert connection.execute(probe, [str(paths["bloom"]), "no such id"]).fetchall() == [(True,)]
        assert [connection.execute(probe, [str(paths["bloom"]), one]).fetchall() for one in ids] == [[(False,)]] * len(
            ids
        )
    with pytest.raises(
        ConfigError, match=r"has Bloom filters on article_id,url, not on url; .* compact .* --bloom-filter url"
    ):
        Dataset.open(tmp_path / "bloom", create=True, choice=FormChoice(bloom_filters=("url",)))


def test_compaction_adds_and_removes_bloom_filters(dataset, samples):
    """All shards get them, those that are large enough too, and lose them again."""
    samples.commit(dataset, "a", [samples.outcome()])
    plain = dataset.parts("articles")[0].stat().st_size
    list(compact(dataset, target_bytes=1, choice=FormChoice(bloom_filters=("url",))))
    assert dataset.parts("articles")[0].stat().st_size > plain
    assert dataset.form.bloom_filters == ("url",)
    list(compact(dataset, target_bytes=1, choice=FormChoice(bloom_filters=())))
    assert dataset.parts("articles")[0].stat().st_size == plain


@pytest.mark.parametrize("column", ["boddy", "topics", "is_free"])
def test_columns_without_filters_are_refused(column):
    """A column that is not there, a list, and yes or no cannot have one: the error names those that can."""
    with pytest.raises(ConfigError, match=rf"no column {column} that can have one; there are .*article_id"):
        FormChoice(bloom_filters=(column,))


def test_a_pyarrow_that_cannot_write_them_is_named(monkeypatch):
    """An older pyarrow is an error with the way out, and no file without filters."""

    class Older:
        def __init__(self, where, schema):
            """Know nothing of filters."""

    monkeypatch.setattr("newsclean.dataset.parquet.blooming.pq.ParquetWriter", Older)
    with pytest.raises(ConfigError, match=rf"pyarrow {pa.__version__} cannot write them; install a newer one: pip"):
        FormChoice(bloom_filters=("url",))


def test_a_moved_dataset_is_the_same(by_site, samples, tmp_path):
    """Nothing in it says where it lies."""
    samples.commit(by_site, "s", [of_site(samples, "a", "a.example")])
    by_site.close()
    shutil.copytree(by_site.path, tmp_path / "copy")
    assert list(verify(tmp_path / "copy")) == []
    assert PARTITIONINGS == ("none", "site", "month")
