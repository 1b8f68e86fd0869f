"""A Delta Lake table follows the dataset: its rows are the chosen ones, exactly once, and only what differs is written.

NEWSCLEAN_KILLS sets how many exports are killed (4 without it).
"""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import subprocess
import sys
import time
from dataclasses import replace

import pyarrow as pa
import pytest
from click.testing import CliRunner

from newsclean.cli.main import cli
from newsclean.dataset import Dataset
from newsclean.dataset.compaction import compact
from newsclean.dataset.export import delta
from newsclean.dataset.export.exporting import Kind, Selection, export
from newsclean.errors import ConfigError, DatasetError

deltalake = pytest.importorskip("deltalake")

KILLS = int(os.environ.get("NEWSCLEAN_KILLS", "4"))
LATEST = Selection(latest=True)
# Like a user's command, with a moment at which the process is gone: seconds after all is imported.
DYING = """
import os, signal, sys, threading, time
from pathlib import Path
import deltalake
from newsclean.dataset.export.exporting import Kind, Selection, export
def die():
    time.sleep(float(sys.argv[3]))
    os.kill(os.getpid(), signal.SIGKILL)
begun = time.monotonic()
threading.Thread(target=die, daemon=True).start()
export(sys.argv[1], Path(sys.argv[2]), Kind.DELTA, Selection())
print(time.monotonic() - begun)
"""


def page(samples, name, *, hour=0, **changes):
    """A page with one article whose text is its name."""
    made = samples.outcome(f"raw/{name}", text=f"number {changes.pop('text', name)}", removals=())
    (article,) = made.articles
    fetched_at = dt.datetime(2024, 5, 6, hour, tzinfo=dt.UTC)
    article = replace(article, provenance=replace(article.provenance, fetched_at=fetched_at), **changes)
    return samples.told(replace(made, articles=(article,)))


@pytest.fixture
def clean(samples, tmp_path):
    """Three shards with a handful of articles, one of them in two texts."""
    with Dataset.open(tmp_path / "clean", create=True) as dataset:
        samples.commit(dataset, "one", [page(samples, "1"), page(samples, "2"), page(samples, "3")], "run-1")
        samples.commit(dataset, "two", [page(samples, "4"), page(samples, "5", article_id="f" * 32)], "run-2")
        samples.commit(dataset, "three", [page(samples, "6", article_id="f" * 32, hour=1)], "run-3")
    return tmp_path / "clean"


@pytest.fixture
def table(tmp_path):
    return tmp_path / "delta"


def change(clean, samples):
    """A new page, a changed text, a withdrawn page; the rest of their shard is carried over."""
    with Dataset.open(clean, create=False) as dataset:
        samples.commit(
            dataset,
            "four",
            [page(samples, "1", text="1 as corrected"), page(samples, "7")],
            "run-4",
            replaces=["one"],
            carry=[("one", frozenset(["raw/2"]))],
        )


def rows_in(table, version=None):
    """All rows of a table, in an order of their own."""
    found = pa.table(deltalake.DeltaTable(table, version=version).to_pyarrow_table()).to_pylist()
    return sorted(found, key=repr)


def rows_of(clean):
    return sorted(Dataset.open(clean, create=False).iter_rows("articles"), key=repr)


def follow(clean, table, selection=None, **options):
    return export(clean, table, Kind.DELTA, selection or Selection(), **options).changes


def version_of(table):
    return deltalake.DeltaTable(table).version()


def test_an_export_again_makes_no_version(clean, table):
    """The rows are those of the dataset; without a change nothing is compared, and no version comes."""
    first = follow(clean, table)
    assert first == delta.Changes(version=0, rows=6, inserted=6)
    assert rows_in(table) == rows_of(clean)
    assert follow(clean, table) == delta.Changes(version=0, rows=6)
    assert version_of(table) == 0


def test_what_has_changed_comes_as_one_version(clean, samples, table):
    """New, changed and withdrawn pages are merged at once; the rest stays, and the earlier version can be read."""
    follow(clean, table)
    before = rows_of(clean)
    change(clean, samples)
    assert follow(clean, table) == delta.Changes(version=1, rows=6, inserted=1, updated=1, deleted=1)
    assert rows_in(table) == rows_of(clean) != before
    assert rows_in(table, version=0) == before
    metrics = deltalake.DeltaTable(table).history(1)[0]["operationMetrics"]
    assert metrics["num_source_rows"] == 3
    assert follow(clean, table) == delta.Changes(version=1, rows=6)


def test_new_pages_are_appended(clean, samples, table):
    """Where nothing that is there changes, no file is written again."""
    follow(clean, table)
    files = set(deltalake.DeltaTable(table).file_uris())
    with Dataset.open(clean, create=False) as dataset:
        samples.commit(dataset, "more", [page(samples, "8"), page(samples, "9")], "run-5")
    assert follow(clean, table) == delta.Changes(version=1, rows=8, inserted=2)
    assert files < set(deltalake.DeltaTable(table).file_uris())
    assert rows_in(table) == rows_of(clean)


def test_a_revision_updates_its_article(clean, samples, table):
    """With `latest` a row is an article: a later text of it, from another page, takes the place of the earlier one."""
    assert follow(clean, table, LATEST).rows == 5
    with Dataset.open(clean, create=False) as dataset:
        later = page(samples, "8", article_id="f" * 32, hour=2, title="Corrected")
        samples.commit(dataset, "more", [later], "run-5")
    assert follow(clean, table, LATEST) == delta.Changes(version=1, rows=5, updated=1)
    titles = [{row["article_id"]: row["title"] for row in rows_in(table, version)}["f" * 32] for version in (0, 1)]
    assert titles == ["Ferry is back", "Corrected"]
    with Dataset.open(clean, create=False) as dataset:
        samples.commit(dataset, "none", [samples.rejected("raw/8")], "run-6", replaces=["more"])
    assert follow(clean, table, LATEST) == delta.Changes(version=2, rows=5, updated=1)
    assert rows_in(table) == rows_in(table, version=0)


def test_compaction_is_no_change(clean, table):
    """Rows that only lie in other files now are not written again."""
    follow(clean, table)
    with Dataset.open(clean, create=False) as dataset:
        assert list(compact(dataset))
    assert follow(clean, table) == delta.Changes(version=0, rows=6)


def test_what_others_did_to_the_table_is_put_right(clean, table):
    """Rows that somebody deleted from the table come back, as its last version is none of ours."""
    follow(clean, table)
    deltalake.DeltaTable(table).delete("raw_path = 'raw/2'")
    deltalake.DeltaTable(table).optimize.compact()
    assert follow(clean, table).inserted == 1
    assert rows_in(table) == rows_of(clean)


def test_a_choice_of_rows_is_followed(clean, samples, table):
    """Rows that no longer meet the condition go, and those that do now come."""
    selection = Selection(where="raw_path < 'raw/5'", columns=(*delta.COMPARED, "body"))
    assert follow(clean, table, selection).rows == 4
    change(clean, samples)
    assert follow(clean, table, selection) == delta.Changes(version=1, rows=3, updated=1, deleted=1)


def test_copies_found_later_are_followed(clean, samples, table):
    """With `dedup` the rows depend on the clusters too, though no commit tells of them."""
    from newsclean.run.deduping import find_copies

    selection = Selection(dedup=True)
    find_copies(clean, method="exact", workers=0)
    assert follow(clean, table, selection).rows == 6
    with Dataset.open(clean, create=False) as dataset:
        samples.commit(dataset, "copy", [page(samples, "copy", text="1")], "run-5")
    assert follow(clean, table, selection) == delta.Changes(version=1, rows=7, inserted=1)
    find_copies(clean, method="exact", workers=0)
    assert follow(clean, table, selection) == delta.Changes(version=2, rows=6, deleted=1)


@pytest.mark.parametrize(
    "selection",
    [Selection(languages=("no",)), LATEST, Selection(columns=("title",))],
    ids=["rows", "latest", "columns"],
)
def test_a_table_of_another_choice_is_left_alone(clean, table, selection):
    """A table made with other options is not turned into this one, unless it is to be overwritten."""
    follow(clean, table)
    with pytest.raises(ConfigError, match="is there already, and not as an export of this dataset so chosen"):
        follow(clean, table, selection)
    assert version_of(table) == 0
    assert follow(clean, table, selection, overwrite=True).version == 1
    assert follow(clean, table, overwrite=True).version == 2
    assert rows_in(table) == rows_of(clean)


def test_a_table_of_somebody_else_is_left_alone(clean, samples, table, tmp_path):
    """The table of another dataset, and one that is none of ours, are refused; a dataset that was moved is the same."""
    follow(clean, table)
    with Dataset.open(tmp_path / "other", create=True) as dataset:
        samples.commit(dataset, "one", [page(samples, "1")], "run-1")
    with pytest.raises(ConfigError, match="not as an export of this dataset"):
        follow(tmp_path / "other", table)
    shutil.move(clean, tmp_path / "moved")
    assert follow(tmp_path / "moved", table) == delta.Changes(version=0, rows=6)
    deltalake.write_deltalake(tmp_path / "theirs", pa.table({"a": [1]}))
    with pytest.raises(ConfigError, match="--overwrite"):
        follow(tmp_path / "moved", tmp_path / "theirs")


def test_an_old_copy_of_the_dataset_is_refused(clean, samples, table, tmp_path):
    """What the table holds already is not taken back by a dataset that has not got there yet."""
    shutil.copytree(clean, tmp_path / "backup")
    change(clean, samples)
    follow(clean, table)
    with pytest.raises(DatasetError, match="holds commit 4 of this dataset, and the dataset is at 3"):
        follow(tmp_path / "backup", table)
    assert follow(tmp_path / "backup", table, overwrite=True).rows == 6
    assert rows_in(table) == rows_of(tmp_path / "backup")


def test_of_two_exports_at_once_one_goes_through(clean, samples, table, monkeypatch):
    """The slower one fails with a word and without a trace, and does nothing when it is run again."""
    follow(clean, table)
    change(clean, samples)
    plain = delta._bring

    def overtaken(*arguments):
        monkeypatch.setattr(delta, "_bring", plain)
        follow(clean, table)
        plain(*arguments)

    monkeypatch.setattr(delta, "_bring", overtaken)
    with pytest.raises(DatasetError, match="another writer was faster"):
        follow(clean, table)
    assert follow(clean, table).version == version_of(table) == 1
    assert rows_in(table) == rows_of(clean)


def test_a_broken_dataset_leaves_the_table_alone(clean, samples, table):
    """Where a file of the dataset cannot be read, the error names it, and the table is as it was."""
    follow(clean, table)
    change(clean, samples)
    (part, *_) = Dataset.open(clean, create=False).parts("articles")
    part.write_bytes(part.read_bytes()[:-100])
    with pytest.raises(DatasetError, match=part.name):
        follow(clean, table)
    with pytest.raises(DatasetError, match=part.name):
        follow(clean, table.with_name("new"))
    assert version_of(table) == 0
    assert sorted(path.name for path in table.parent.iterdir()) == ["clean", "delta"]


def test_columns_without_which_nothing_can_be_compared(clean, samples, table):
    """A table of few columns can be written, and to be followed it needs those that tell rows apart."""
    selection = Selection(columns=("title", "body"))
    follow(clean, table, selection)
    change(clean, samples)
    with pytest.raises(ConfigError, match="needs article_id, raw_path, raw_offset"):
        follow(clean, table, selection)


def test_a_table_whose_form_is_another_now_is_left_alone(clean, samples, table):
    """Rows that are there twice, or a column that somebody has added, are not guessed about."""
    follow(clean, table, LATEST)
    follow(clean, table, overwrite=True)
    with pytest.raises(ConfigError, match="has rows twice that can be there once"):
        follow(clean, table, LATEST)
    deltalake.DeltaTable(table).alter.add_columns([deltalake.Field("note", "string")])
    change(clean, samples)
    with pytest.raises(ConfigError, match=r"has other columns than the rows that come \(note\)"):
        follow(clean, table)
    assert follow(clean, table, overwrite=True).rows == 6
    assert rows_in(table) == rows_of(clean)


@pytest.mark.slow
def test_kills_double_nothing_and_lose_nothing(clean, samples, table, tmp_path):
    """Exports killed at any moment, between changes of the dataset: the next one makes the table whole."""
    dice, whole_s, killed = random.Random(4), 1.0, 0

    def dying(delay_s):
        command = [sys.executable, "-c", DYING, str(clean), str(table), str(delay_s)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    while killed < KILLS:
        done = dying(dice.uniform(0, whole_s))
        killed += done.returncode != 0
        if table.exists():
            rows_in(table)
        if done.returncode == 0:
            whole_s = max(0.05, float(done.stdout))
        elif dice.random() < 0.5:
            continue
        follow(clean, table)
        assert rows_in(table) == rows_of(clean)
        number = time.monotonic_ns()
        with Dataset.open(clean, create=False) as dataset:
            moving = [page(samples, f"m{n}", text=f"{n} {number}") for n in dice.sample(range(40), 8)]
            samples.commit(dataset, "moving", moving, f"run-{number}")
        if dice.random() < 0.2:
            shutil.rmtree(table)
    follow(clean, table)
    assert rows_in(table) == rows_of(clean)
    assert sorted(path.name for path in table.parent.iterdir()) == ["clean", "delta"]


def test_polars_reads_the_table(clean, samples, table):
    """Polars sees the newest version, and the one before when it is asked for it."""
    polars = pytest.importorskip("polars")
    follow(clean, table)
    change(clean, samples)
    follow(clean, table)
    assert set(polars.read_delta(str(table))["raw_path"]) == {f"raw/{n}" for n in (1, 2, 4, 5, 6, 7)}
    assert set(polars.read_delta(str(table), version=0)["raw_path"]) == {f"raw/{n}" for n in range(1, 7)}


def test_duckdb_reads_the_table(clean, table):
    """DuckDB's own reader of Delta, where it is installed, sees the same rows."""
    import duckdb

    follow(clean, table)
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        try:
            connection.execute("load delta")
        except duckdb.Error as error:
            pytest.skip(f"DuckDB's extension delta is not installed: {str(error).splitlines()[0]}")
        found = connection.execute("select count(*) from delta_scan($path)", {"path": str(table)}).fetchall()
    assert found == [(6,)]


def test_the_command_tells_what_has_changed(clean, samples, table):
    """The line for people and the object for machines count what came, changed and went."""

    def run(*options):
        command = ["export", str(clean), "--to", "delta", "-o", str(table), *options]
        done = CliRunner().invoke(cli, command, prog_name="newsclean")
        assert done.exit_code == 0, done.output
        return done.output

    assert run() == f"{table}: 6 articles as delta, version 0: 6 new, 0 changed, 0 gone\n"
    change(clean, samples)
    assert run() == f"{table}: 6 articles as delta, version 1: 1 new, 1 changed, 1 gone\n"
    assert '"changes":{"version":1,"rows":6,"inserted":0,"updated":0,"deleted":0}' in run("--json")
