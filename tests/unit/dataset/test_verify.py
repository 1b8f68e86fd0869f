"""What must always be true of a dataset, and that its breach is found and named."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from newsclean.dataset import durable, verify
from newsclean.dataset.parquet.schema import SCHEMAS
from newsclean.dataset.record import encode
from newsclean.errors import DatasetError


def found(dataset):
    return [f"{finding.where}: {finding.message}" for finding in verify(dataset.path)]


def rewrite(dataset, shard_id, **changes):
    """Put a changed commit record in place of the shard's."""
    record = replace(dataset.records()[shard_id], **changes)
    (dataset.path / "_newsclean" / "commits" / f"{shard_id}.json").write_bytes(encode(record))


def forge(dataset, table, change):
    """Put a changed part in place of that of shard s1, and let its record say that it is right."""
    path = dataset.path / table / "part-s1.parquet"
    pq.write_table(change(pq.read_table(path, schema=SCHEMAS[table])), path)
    parts = dict(dataset.records()["s1"].parts)
    rows = pq.read_metadata(path).num_rows
    part = replace(parts[table][0], rows=rows, size_bytes=path.stat().st_size, sha256=durable.sha256_of(path))
    rewrite(dataset, "s1", parts=parts | {table: (part,)})


def test_a_sound_dataset_has_no_findings(dataset, samples):
    """Pages with several articles, rejections, archives and several shards are all in order."""
    samples.commit(dataset, "s1", [samples.outcome(articles=3), samples.rejected(), samples.outcome("raw/b.html")])
    samples.commit(dataset, "s2", [samples.outcome("raw/c.warc", at) for at in range(5)])
    assert found(dataset) == []


def test_an_empty_dataset_has_no_findings(dataset):
    """A dataset without a run yet is in order."""
    assert found(dataset) == []


def test_only_a_dataset_can_be_checked(tmp_path):
    """A folder that is no dataset is an error, not a list of findings."""
    with pytest.raises(DatasetError, match="no dataset is there"):
        list(verify(tmp_path))


# ---- files


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "a commit record names this file, and it is not there"),
        (b"PAR1", "has 4 bytes, "),
        ("same size", "is not the file that was committed: its SHA-256 differs"),
    ],
)
def test_a_changed_part_is_found(dataset, samples, content, message):
    """A part that is gone, cut or changed is found, and its rows are not judged."""
    samples.commit(dataset, "s1", [samples.outcome()])
    part = dataset.path / "articles" / "part-s1.parquet"
    if content is None:
        part.unlink()
    else:
        part.write_bytes(b"x" * part.stat().st_size if content == "same size" else content)
    [finding] = found(dataset)
    assert finding.startswith(f"articles/part-s1.parquet: {message}")


def test_a_part_that_was_torn_when_committed_is_found(dataset, samples):
    """A part with the right bytes that is no Parquet file is found."""
    samples.commit(dataset, "s1", [samples.outcome()])
    path = dataset.path / "articles" / "part-s1.parquet"
    path.write_bytes(b"PAR1 torn")
    parts = dict(dataset.records()["s1"].parts)
    part = replace(parts["articles"][0], size_bytes=9, sha256=durable.sha256_of(path))
    rewrite(dataset, "s1", parts=parts | {"articles": (part,)})
    [finding] = found(dataset)
    assert finding.startswith("articles/part-s1.parquet: is no readable Parquet file: ")


def test_other_columns_are_found(dataset, samples):
    """A part with a column of another type, or without our metadata, is found."""
    samples.commit(dataset, "s1", [samples.outcome()])
    forge(dataset, "pages", lambda table: table.replace_schema_metadata(None))
    assert found(dataset) == ["pages/part-s1.parquet: its columns or metadata are not those of pages"]


def test_a_record_of_other_rows_or_names_is_found(dataset, samples):
    """A record that tells another number of rows, or a file that is no part of the shard, is found."""
    parts = samples.commit(dataset, "s1", [samples.outcome()]).parts
    wrong = {
        "articles": (replace(parts["articles"][0], rows=7),),
        "pages": (replace(parts["pages"][0], file="../x.parquet"),),
    }
    rewrite(dataset, "s1", parts=parts | wrong)
    assert found(dataset) == [
        "pages/part-s1.parquet: no commit record names this file; the next run removes it",
        "articles/part-s1.parquet: has 1 rows, 7 were committed",
        "../x.parquet: is not the name of a part of pages in shard s1",
    ]


def test_files_without_a_record_are_found(dataset, samples):
    """What no record names is found: left from a cut run, or somebody else's."""
    samples.commit(dataset, "s1", [samples.outcome()])
    (dataset.path / "articles" / "part-s2.parquet").touch()
    (dataset.path / "pages" / ".hidden.tmp").touch()
    assert found(dataset) == [
        "articles/part-s2.parquet: no commit record names this file; the next run removes it",
        "pages/.hidden.tmp: no commit record names this file; it is none of ours: move it out of the dataset",
    ]


def test_a_source_in_two_shards_is_found(dataset, samples):
    """The same raw file in two shards is a page twice."""
    samples.commit(dataset, "s1", [samples.outcome()])
    commits = dataset.path / "_newsclean" / "commits"
    twin = replace(dataset.records()["s1"], shard_id="s2", parts={}, sources=dataset.records()["s1"].sources)
    (commits / "s2.json").write_bytes(encode(twin))
    assert "raw/a.html: is in shard s1 and in shard s2: its pages are there twice" in found(dataset)


# ---- rows


def committed(dataset, samples, *pages):
    samples.commit(dataset, "s1", pages)
    return found(dataset)


def first_article(page, **changes):
    return replace(page, articles=(replace(page.articles[0], **changes), *page.articles[1:]))


def test_lost_text_is_found(dataset, samples):
    """Visible characters that are in no body and no removal are found."""
    page = samples.outcome()
    short = replace(page, visible_chars=page.visible_chars + 5)
    assert committed(dataset, samples, short) == [
        f"raw/a.html: 5 of {short.visible_chars} visible characters are in no body and no removal"
    ]


def test_more_text_than_visible_is_no_loss(dataset, samples):
    """Text that is kept and in a field too may add up to more than was visible."""
    page = samples.outcome()
    assert committed(dataset, samples, replace(page, visible_chars=page.visible_chars - 5)) == []


def test_wrong_counts_of_text_are_found(dataset, samples):
    """The page's figures must be those of its bodies and removals."""
    page = samples.outcome(visible_chars=0)
    told = committed(dataset, samples, replace(page, kept_chars=1, removed_chars=2))
    assert told == [
        f"raw/a.html: says 1 characters kept, its bodies have {page.kept_chars}",
        f"raw/a.html: says 2 characters removed, its removals have {page.removed_chars}",
    ]


def test_a_rejected_page_needs_no_removals(dataset, samples):
    """The text of a rejected page is accounted for by the rejection."""
    assert committed(dataset, samples, replace(samples.rejected(), visible_chars=900, removed_chars=900)) == []


def test_a_wrong_hash_is_found(dataset, samples):
    """A body that is not the one that was hashed is found."""
    page = first_article(samples.outcome(), body_sha256="00")
    assert committed(dataset, samples, page) == ["raw/a.html: segment 0: body_sha256 is not that of the body"]


def test_an_article_of_other_bytes_is_found(dataset, samples):
    """An article that says another raw hash than its page is found."""
    page = samples.outcome("raw/a.warc", 7)
    page = replace(page, page=msgspec.structs.replace(page.page, sha256="00"))
    assert committed(dataset, samples, page) == ["raw/a.warc at byte 7: segment 0: raw_sha256 is not that of the page"]


def test_an_article_without_its_page_is_found(dataset, samples):
    """An article and its removals must have the page that they name."""
    page = samples.outcome()
    page = first_article(page, provenance=replace(page.articles[0].provenance, raw_path="raw/z.html"))
    told = committed(dataset, samples, page)
    assert "raw/z.html: segment 0: an article without its page" in told
    assert "raw/a.html: says 1 articles and has 0" in told


def test_a_gap_in_the_segments_is_found(dataset, samples):
    """The articles of a page are numbered from 0 without a gap and without doubles."""
    page = samples.outcome(articles=2, removals=())
    gap = first_article(page, provenance=replace(page.articles[0].provenance, segment=4))
    assert committed(dataset, samples, gap) == ["raw/a.html: its segments are [1, 4], not 0 to 1"]
    double = first_article(page, provenance=replace(page.articles[0].provenance, segment=1))
    told = committed(dataset, samples, double)
    assert told == ["raw/a.html: segment 1 is there twice", "raw/a.html: its segments are [1], not 0 to 1"]


def test_an_id_on_two_sites_is_found(dataset, samples):
    """An article id stands for one story of one site, over all shards; two revisions may share it."""
    samples.commit(dataset, "s0", [first_article(samples.outcome("raw/0.html", removals=()), article_id="same")])
    samples.commit(dataset, "s2", [first_article(samples.outcome("raw/2.html", removals=()), article_id="same")])
    other = first_article(samples.outcome(removals=()), article_id="same", site="other.org")
    assert committed(dataset, samples, other) == [
        "raw/a.html: segment 0: article_id same is of other.org here, of example.org elsewhere"
    ]


def test_removals_that_do_not_add_up_are_found(dataset, samples):
    """Lost removals are found in the page's count of them, rule by rule."""
    samples.commit(dataset, "s1", [samples.outcome()])
    forge(dataset, "removals", lambda table: table.slice(1))
    told = found(dataset)
    assert told[:2] == [
        "raw/a.html: says 2 removals and has 1",
        "raw/a.html: its removals are not by the rules that it says",
    ]
    assert any("visible characters are in no body and no removal" in one for one in told)


def test_removals_of_nothing_are_found(dataset, samples):
    """A removal names the article of its segment, and has its page."""
    samples.commit(dataset, "s1", [samples.outcome()])
    other = {"article_id": ["x", None], "raw_path": ["raw/a.html", "raw/z.html"]}

    def change(table):
        for name, values in other.items():
            at = table.schema.get_field_index(name)
            table = table.set_column(at, table.schema.field(name), pa.array(values))
        return table

    forge(dataset, "removals", change)
    told = found(dataset)
    assert told[0].startswith("raw/a.html: segment 0: a removal names article x, the segment's is ")
    assert told[1] == "raw/z.html: a removal without its page"


def test_a_page_twice_is_found(dataset, samples):
    """A page has one row, and it is articles or one rejection."""
    samples.commit(dataset, "s1", [samples.rejected()])
    forge(dataset, "pages", lambda table: pa.concat_tables([table, table]))
    assert found(dataset) == ["raw/menu.html: the page is there twice"]


def test_two_outcomes_are_found(dataset, samples):
    """A page row with articles and a reason, or with neither, is found."""
    samples.commit(dataset, "s1", [samples.rejected()])
    at = SCHEMAS["pages"].get_field_index("reason")
    forge(dataset, "pages", lambda table: table.set_column(at, table.schema.field(at), pa.array([None], pa.string())))
    told = found(dataset)
    assert told[0] == "raw/menu.html: 0 articles and reason None: a page is articles or one rejection"
    assert told[1].startswith(
        "raw/menu.html: the commit record has 1 pages, 0 articles, 1 rejections of it, the rows are"
    )


def test_wrong_sums_in_a_record_are_found(dataset, samples):
    """The record's counts of each raw file are those of the rows."""
    record = samples.commit(dataset, "s1", [samples.outcome(), samples.rejected()])
    wrong = replace(record.sources[0], articles=2), replace(record.sources[1], raw_path="raw/z.html")
    rewrite(dataset, "s1", sources=wrong)
    assert found(dataset) == [
        "raw/a.html: the commit record has 1 pages, 2 articles, 0 rejections of it, the rows are 1, 1, 0",
        "raw/menu.html: the commit record has 0 pages, 0 articles, 0 rejections of it, the rows are 1, 0, 1",
        "raw/z.html: the commit record has 1 pages, 0 articles, 1 rejections of it, the rows are 0, 0, 0",
    ]
