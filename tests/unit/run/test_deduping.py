"""The search for copies: the same clusters in every order and in any number of runs, and nothing torn or deleted."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.util
import os
import random
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from newsclean.dataset import Dataset, durable, verify
from newsclean.dataset.clusters import clusters_file
from newsclean.dedup.stories import stories_sql
from newsclean.errors import ConfigError, DatasetError
from newsclean.model import Moment, Precision
from newsclean.run.deduping import find_copies

SAMPLES = Path(__file__).parents[1] / "dataset" / "samples.py"
DAY = dt.datetime(2024, 5, 6, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def samples():
    spec = importlib.util.spec_from_file_location("deduping_samples", SAMPLES)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def words(count, seed):
    dice = random.Random(seed)
    text = [f"w{dice.randint(0, 20_000)}" for _ in range(count)]
    return "\n\n".join(" ".join(text[start : start + 40]) for start in range(0, count, 40))


def page(samples, name, body, day=None, **changes):
    made = samples.outcome(f"raw/{name}", removals=())
    published = None if day is None else Moment(at=DAY + dt.timedelta(days=day), precision=Precision.SECOND)
    article = made.articles[0]
    article = replace(
        article,
        body=body,
        body_sha256=hashlib.sha256(body.encode()).hexdigest(),
        published=published,
        provenance=replace(article.provenance, fetched_at=None),
        **changes,
    )
    return samples.told(replace(made, articles=(article,)))


def changed(body, seed):
    dice = random.Random(seed)
    paragraphs = [part.split() for part in body.split("\n\n")]
    return "\n\n".join(" ".join("other" if dice.random() < 0.06 else word for word in part) for part in paragraphs)


def corpus(samples):
    """Sixty stories, some of them in several texts, dated and not, some too short to tell."""
    dice = random.Random(5)
    found = []
    for number in range(60):
        body = words(dice.choice([120, 250, 400]), number)
        day = dice.choice([None, number, number])
        found.append(page(samples, f"{number}-a", body, day))
        if number % 2:
            found.append(page(samples, f"{number}-same", body, dice.choice([None, 3])))
            found.append(page(samples, f"{number}-cut", body[: len(body) * 7 // 10], dice.choice([None, 9])))
        if number % 3 == 0:
            found.append(page(samples, f"{number}-changed", changed(body, number), dice.choice([None, 1, 70])))
        if number % 5 == 0:
            half = body.split("\n\n")
            half = half[: len(half) // 2] + words(80, 1000 + number).split("\n\n")
            found.append(page(samples, f"{number}-half", "\n\n".join(half), dice.choice([None, 2, 80])))
    found += [page(samples, f"short-{number}", "Video will be here soon.") for number in range(3)]
    return found


def filled(path, samples, shards):
    with Dataset.open(path, create=True) as dataset:
        for name, pages in shards.items():
            samples.commit(dataset, name, pages)
    return path


def rows(path):
    import pyarrow.parquet as pq

    found = pq.read_table(clusters_file(path)).to_pylist()
    return sorted((tuple(row.values()) for row in found), key=repr)


def stories(path):
    """Raw paths by cluster."""
    import duckdb

    query = f"""select list(raw_path order by raw_path) from '{path}/articles/*.parquet' a
        join '{path}/clusters/*.parquet' c using (article_id, body_sha256) group by cluster_id"""
    return sorted(paths for (paths,) in duckdb.sql(query).fetchall())


@pytest.mark.parametrize("method", ["minhash", "paragraphs", "exact"])
def test_the_order_of_arrival_does_not_matter(method, tmp_path, samples):
    """However articles come, in one run or in several with searches between them, the clusters are the same."""
    pages = corpus(samples)
    wanted = filled(tmp_path / "once", samples, {"all": pages})
    find_copies(wanted, method=method, workers=0)
    dice = random.Random(7)
    dice.shuffle(pages)
    path = tmp_path / "bit by bit"
    cuts = sorted(dice.sample(range(1, len(pages)), 4))
    for number, (start, end) in enumerate(zip([0, *cuts], [*cuts, len(pages)], strict=True)):
        filled(path, samples, {f"s{9 - number}": pages[start:end]})
        report = find_copies(path, method=method, workers=0)
        assert report.sketched == end - start
    assert rows(path) == rows(wanted)


def test_what_is_gone_from_the_dataset_is_gone_from_the_clusters(tmp_path, samples):
    """After a shard is replaced, the table is as if the old one had never been."""
    pages = corpus(samples)
    path = filled(tmp_path / "a", samples, {"one": pages[:60], "two": pages[60:]})
    find_copies(path, method="minhash", workers=0)
    with Dataset.open(path, create=True) as dataset:
        samples.commit(dataset, "three", pages[80:], replaces=["two"])
    find_copies(path, method="minhash", workers=0)
    fresh = filled(tmp_path / "b", samples, {"all": pages[:60] + pages[80:]})
    find_copies(fresh, method="minhash", workers=0)
    assert rows(path) == rows(fresh)


def test_each_method_finds_what_it_says(tmp_path, samples):
    """Equal texts; those with a paragraph in common too; those with changed words in each paragraph too."""
    body = words(240, 1)
    other = "\n\n".join(" ".join(["other", *part.split()[1:]]) for part in body.split("\n\n"))
    pages = [
        page(samples, "a", body, 1),
        page(samples, "b", body.upper(), 2),
        page(samples, "c", body[: len(body) * 3 // 4], 3),
        page(samples, "d", other, 4),
        page(samples, "e", words(240, 2), 5),
    ]
    path = filled(tmp_path / "clean", samples, {"all": pages})
    found = {}
    for method in ("exact", "paragraphs", "minhash"):
        find_copies(path, method=method, workers=0)
        found[method] = max(len(paths) for paths in stories(path))
    assert found == {"exact": 2, "paragraphs": 3, "minhash": 4}


def test_what_many_share_is_no_story(tmp_path, samples):
    """A paragraph that every article ends with, or a roundup of two stories, joins no stories."""
    note = words(40, 999)
    pages = [page(samples, f"{number}", f"{words(200, number)}\n\n{note}", number) for number in range(80)]
    both = "\n\n".join([words(200, 100), words(200, 101), words(200, 102)])
    pages += [page(samples, f"part {number}", words(200, number), number) for number in (100, 101, 102)]
    pages.append(page(samples, "roundup", both, 1))
    path = filled(tmp_path / "clean", samples, {"all": pages})
    assert find_copies(path, method="minhash", workers=0).copies == 0


def test_a_row_says_what_the_text_is_to_the_earliest(tmp_path, samples):
    """Role, shares and the wire service that is named, for every text of every article."""
    body = words(400, 1)
    pages = [
        page(samples, "first", body, 1, agency="TASS"),
        page(samples, "same", body, 2),
        page(samples, "dateline", "LOWMARK, May 6 (AP) - " + body, 3),
        page(samples, "cut", body[: len(body) * 7 // 10], 4),
        page(samples, "edited", changed(body, 3), 5),
        page(samples, "alone", words(100, 2), 6),
    ]
    path = filled(tmp_path / "clean", samples, {"all": pages})
    report = find_copies(path, method="minhash", workers=0)
    assert (report.texts, report.clusters, report.copies) == (6, 2, 4)
    by_id = {one.articles[0].article_id: one.page.raw_path.removeprefix("raw/") for one in pages}
    found = {by_id[row[1]]: row for row in rows(path)}
    assert {name: row[3] for name, row in found.items()} == {
        "first": "earliest",
        "same": "verbatim",
        "dateline": "verbatim",
        "cut": "shortened",
        "edited": "edited",
        "alone": "earliest",
    }
    assert found["cut"][4] > 0.99
    assert 0.65 < found["cut"][5] < 0.75
    assert found["first"][4:] == (1.0, 1.0, "TASS", "agency: TASS")
    assert found["dateline"][6:] == ("AP", "body: LOWMARK, May 6 (AP)")
    assert len({row[0] for row in found.values()}) == 2


def test_a_story_fetched_twice_is_one_row(tmp_path, samples):
    """The key of the table is article and body: it joins `articles` without doubling a row."""
    one = page(samples, "a", words(100, 1), 1)
    again = page(samples, "b", words(100, 1), 1, article_id=one.articles[0].article_id)
    path = filled(tmp_path / "clean", samples, {"all": [one, again]})
    assert find_copies(path, method="minhash", workers=0).texts == 1
    assert stories(path) == [["raw/a", "raw/b"]]


def test_the_view_gives_one_row_a_story(tmp_path, samples):
    """The SQL of --view keeps the earliest of each cluster, and articles that no search has seen."""
    import duckdb

    path = filled(tmp_path / "it's clean", samples, {"all": corpus(samples)})
    report = find_copies(path, method="minhash", workers=0)
    filled(path, samples, {"more": [page(samples, "new", words(50, 99))]})
    with duckdb.connect() as connection:
        connection.execute(stories_sql(f"{path}/"))
        found = {name for (name,) in connection.sql("select raw_path from stories").fetchall()}
    assert len(found) == report.clusters + 1
    assert "raw/new" in found
    earliest = {row[1] for row in rows(path) if row[3] == "earliest"}
    ids = {one.articles[0].article_id: one.page.raw_path for one in corpus(samples)}
    assert found - {"raw/new"} == {ids[article_id] for article_id in earliest}


def test_articles_are_left_as_they_are(tmp_path, samples):
    """A search changes nothing in the dataset, and a second one has nothing to do."""
    path = filled(tmp_path / "clean", samples, {"all": corpus(samples)})
    before = {file: file.read_bytes() for folder in ("articles", "pages") for file in (path / folder).iterdir()}
    assert find_copies(path, method="minhash", workers=0).state == "done"
    table = clusters_file(path).read_bytes()
    assert find_copies(path, method="minhash", workers=0).state == "nothing_to_do"
    assert {file: file.read_bytes() for file in before} == before
    assert clusters_file(path).read_bytes() == table
    assert list(verify(path)) == []


def test_damage_is_mended(tmp_path, samples):
    """A table that was cut or a verdict file that is none is made again."""
    path = filled(tmp_path / "clean", samples, {"all": corpus(samples)})
    find_copies(path, method="minhash", workers=0)
    wanted = rows(path)
    assert list(verify(path)) == []
    clusters_file(path).write_bytes(clusters_file(path).read_bytes()[:-9])
    (path / "clusters" / "notes.txt").touch()
    assert [one.where for one in verify(path)] == ["clusters/part-clusters.parquet", "clusters/notes.txt"]
    (path / "clusters" / "notes.txt").unlink()
    (verdicts,) = (path / "_newsclean" / "dedup").rglob("verdicts.parquet")
    verdicts.write_bytes(b"nothing")
    assert find_copies(path, method="minhash", workers=0).state == "done"
    assert rows(path) == wanted


def test_a_damaged_sketch_is_named(tmp_path, samples):
    """What cannot be read is named, with the remedy, and the remedy works."""
    path = filled(tmp_path / "clean", samples, {"all": corpus(samples)})
    find_copies(path, method="minhash", workers=0)
    clusters_file(path).unlink()
    sketch = next(file for file in (path / "_newsclean" / "dedup").rglob("*.parquet") if file.stem != "verdicts")
    sketch.write_bytes(b"PAR1")
    with pytest.raises(DatasetError, match=r"delete it, and it is made again"):
        find_copies(path, method="minhash", workers=0)
    sketch.unlink()
    assert find_copies(path, method="minhash", workers=0).state == "done"


def test_two_processes_give_the_same(tmp_path, samples):
    """Sketches made by workers are those made here."""
    pages = corpus(samples)
    path = filled(tmp_path / "a", samples, {"one": pages[:70], "two": pages[70:]})
    find_copies(path, method="minhash", workers=2)
    other = filled(tmp_path / "b", samples, {"all": pages})
    find_copies(other, method="minhash", workers=0)
    assert rows(path) == rows(other)


def test_an_empty_dataset_has_no_copies(tmp_path, samples):
    """Without articles the table is there, and empty."""
    path = filled(tmp_path / "clean", samples, {"all": [samples.rejected()]})
    report = find_copies(path, method="minhash", workers=0)
    assert (report.state, report.texts, rows(path)) == ("done", 0, [])


def test_an_unknown_method_is_named(tmp_path, samples):
    """The message says which methods there are."""
    path = filled(tmp_path / "clean", samples, {"all": [samples.rejected()]})
    with pytest.raises(ConfigError, match="exact, paragraphs, minhash"):
        find_copies(path, method="simhash")
    with pytest.raises(DatasetError, match="no dataset is there"):
        find_copies(tmp_path / "none")


def test_a_kill_at_any_step_leaves_the_old_table_or_the_new(tmp_path, samples, monkeypatch):
    """Killed before any change of the disk, the table is whole, and the next search ends as if nothing had been."""
    pages = corpus(samples)
    path = filled(tmp_path / "clean", samples, {"one": pages[:80]})
    find_copies(path, method="minhash", workers=0)
    old = rows(path)
    filled(path, samples, {"two": pages[80:]})
    wanted = filled(tmp_path / "wanted", samples, {"all": pages})
    find_copies(wanted, method="minhash", workers=0)
    new = rows(wanted)
    kills = 0
    while True:
        child = os.fork()
        if child == 0:
            passed = []

            def step(name, passed=passed, last=kills):
                passed.append(name)
                if len(passed) > last:
                    os.kill(os.getpid(), signal.SIGKILL)

            durable.step = step
            find_copies(path, method="minhash", workers=0)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert rows(path) in (old, new)
        if not os.WIFSIGNALED(status):
            assert status == 0
            break
        kills += 1
    assert kills > 10
    assert rows(path) == new
    assert [file.name for file in clusters_file(path).parent.iterdir()] == [clusters_file(path).name]
    assert not list((path / "_newsclean" / "tmp").iterdir())
