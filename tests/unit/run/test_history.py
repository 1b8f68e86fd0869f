"""Revisions: the texts of an article in the order in which they stood, and what each changed."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.util
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from newsclean.cli.main import cli
from newsclean.dataset import Dataset
from newsclean.dedup.stories import latest_sql
from newsclean.errors import ConfigError
from newsclean.run.history import histories

SAMPLES = Path(__file__).parents[1] / "dataset" / "samples.py"
DAY = dt.datetime(2024, 5, 6, tzinfo=dt.UTC)
BODY = "The ferry is back.\n\nIt sails on Monday at nine."
STORY = "a" * 32


@pytest.fixture(scope="module")
def samples():
    spec = importlib.util.spec_from_file_location("history_samples", SAMPLES)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def page(samples, name, hour, body=BODY, article_id=STORY, **changes):
    made = samples.outcome(f"raw/{name}", removals=())
    article = made.articles[0]
    fetched_at = None if hour is None else DAY + dt.timedelta(hours=hour)
    article = replace(
        article,
        article_id=article_id,
        body=body,
        body_sha256=hashlib.sha256(body.encode()).hexdigest(),
        provenance=replace(article.provenance, fetched_at=fetched_at),
        **({"published": None} | changes),
    )
    return samples.told(replace(made, articles=(article,)))


@pytest.fixture(scope="module")
def dataset(tmp_path_factory, samples):
    """A story in five texts, fetched seven times, and one that never changed."""
    noted = BODY.replace("nine", "ten") + "\n\nCorrection: the ferry sails at ten."
    shards = {
        "z": [page(samples, "1", 1), page(samples, "2", 2), page(samples, "3", 3, title="Ferry sails again")],
        "y": [
            page(samples, "5", 5, noted, title="Ferry sails again"),
            page(samples, "4", 4, BODY + "\n\nThe mayor was there.", title="Ferry sails again"),
            page(samples, "6", 6, noted, title="Ferry sails again"),
        ],
        "x": [
            page(samples, "7", 7, noted.split("\n\n")[0], title="Ferry sails again"),
            page(samples, "other", 1, article_id="b" * 32, url="https://example.org/other"),
            page(samples, "other again", None, article_id="b" * 32, url="https://example.org/other"),
        ],
    }
    path = tmp_path_factory.mktemp("history") / "clean"
    with Dataset.open(path, create=True) as opened:
        for name, pages in shards.items():
            samples.commit(opened, name, pages)
    return path


def test_the_texts_of_an_article_stand_in_order(dataset):
    """A text fetched twice is one revision; each says what it changed, and from when to when it stood."""
    (found,) = histories(dataset)
    assert found.article_id == STORY
    kinds = [one.changes and [str(kind) for kind in one.changes.kinds] for one in found.revisions]
    assert kinds == [None, ["headline"], ["added"], ["correction", "edited"], ["cut"]]
    spans = [(one.seen_at.hour, one.last_seen_at.hour, one.raw_path) for one in found.revisions]
    assert spans == [(1, 2, "raw/1"), (3, 3, "raw/3"), (4, 4, "raw/4"), (5, 6, "raw/5"), (7, 7, "raw/7")]


@pytest.mark.parametrize("name", ["b" * 32, "bb", "https://example.org/other"])
def test_an_article_is_found_by_id_or_address(dataset, name):
    """The beginning of an id will do; an article that never changed has one text."""
    (found,) = histories(dataset, name)
    assert found.article_id == "b" * 32
    assert len(found.revisions) == 1


def test_a_name_that_is_none_is_an_error(dataset):
    """The message says what may be given."""
    with pytest.raises(ConfigError, match=r"no article https://example.org/none; give an article_id"):
        list(histories(dataset, "https://example.org/none"))


def test_the_views_say_the_same(dataset):
    """`latest` has one row an article, its last text; `revisions` the texts of those that changed."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(latest_sql(str(dataset)))
        latest = connection.sql("select article_id, raw_path from latest order by 1").fetchall()
        assert latest == [(STORY, "raw/7"), ("b" * 32, "raw/other")]
        texts = connection.sql(
            "select revision, raw_path, hour(seen_at), hour(last_seen_at) from revisions order by revision"
        ).fetchall()
    (found,) = histories(dataset)
    assert texts == [
        (number, one.raw_path, one.seen_at.hour, one.last_seen_at.hour)
        for number, one in enumerate(found.revisions, start=1)
    ]


def run(*arguments):
    return CliRunner().invoke(cli, ["history", *map(str, arguments)], prog_name="newsclean")


def test_the_command_shows_them(dataset):
    """A line a text, with what it changed; `--full` with the blocks; `--json` for machines; `--view` the SQL."""
    shown = run(dataset).output
    assert "2024-05-06 03:00 UTC" in shown
    assert "headline only" in shown
    assert re.search(r"correction, edited \(\+\d+ -\d+ words\)", shown)
    assert "+ The mayor was there." in run(dataset, "aaaa", "--full").output
    found = json.loads(run(dataset, "--json").output)
    assert [one["changes"] and one["changes"]["kinds"] for one in found["revisions"]][:2] == [None, ["headline"]]
    assert "view latest" in run(dataset, "--view").output
    assert run(dataset, "zzz").exit_code == 2
