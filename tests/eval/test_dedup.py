"""Wire copies: reprints of real bodies are found, and nothing else is taken for one."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.util
import itertools
import os
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import pytest
from reprints import KINDS, reprinted

import newsclean
from newsclean.dataset import Dataset
from newsclean.dedup.words import words_of
from newsclean.model import Moment, Precision

WANTED = {
    "other dateline": 0.99,
    "cut to 70%": 0.98,
    "6% of words changed": 0.98,
    "half with two foreign paragraphs": 0.90,
}
SAMPLES = Path(__file__).parents[1] / "unit" / "dataset" / "samples.py"
DAY = dt.datetime(2024, 5, 6, tzinfo=dt.UTC)


def load_samples():
    spec = importlib.util.spec_from_file_location("dedup_samples", SAMPLES)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def outcome(samples, raw_path, body, day):
    """A page with one article of that body, published on that day (None: not known)."""
    made = samples.outcome(raw_path)
    published = day and Moment(at=DAY + dt.timedelta(days=day), precision=Precision.SECOND)
    provenance = replace(made.articles[0].provenance, fetched_at=None)
    sha256 = hashlib.sha256(body.encode()).hexdigest()
    article = replace(
        made.articles[0], body=body, body_sha256=sha256, published=published, agency=None, provenance=provenance
    )
    return samples.told(replace(made, articles=(article,)))


def cleaned(pages, output):
    newsclean.clean(pages, output, language_backend="langdetect", workers=0)
    return {row["raw_path"]: row["body"] for row in Dataset.open(output, create=False).iter_rows("articles")}


def clusters_of(path):
    """The raw paths of each cluster."""
    import duckdb

    query = f"""select cluster_id, list(raw_path order by raw_path) from '{path}/articles/*.parquet' a
        join '{path}/clusters/*.parquet' c using (article_id, body_sha256) group by 1"""
    return [paths for _, paths in duckdb.sql(query).fetchall()]


@pytest.fixture(scope="module")
def bodies(shared, tmp_path_factory):
    """The bodies of the publishers' pages by path, and paragraphs of other sites."""
    folder = tmp_path_factory.mktemp("bodies")
    found = cleaned(shared / "pages" / "publishers", folder / "publishers")
    others = cleaned(shared / "pages" / "kremlin" / "html", folder / "kremlin")
    foreign = [part for _, body in sorted(others.items()) for part in body.split("\n\n") if len(part.split()) >= 20]
    return {path: body for path, body in sorted(found.items()) if len(words_of(body)) >= 8}, foreign


@pytest.mark.slow
@pytest.mark.parametrize("is_dated", [True, False])
def test_reprints_of_real_bodies_are_found_and_nothing_else(bodies, tmp_path, is_dated):
    """Each kind of reprint is in its original's cluster often enough, and no cluster holds two stories."""
    from newsclean.run.deduping import find_copies

    bodies, foreign = bodies
    samples = load_samples()
    pages = []
    for number, (path, body) in enumerate(bodies.items()):
        name = Path(path).name
        pages.append(outcome(samples, f"{name} original", body, 1 if is_dated else None))
        for day, kind in enumerate(KINDS):
            text = reprinted(body, kind, foreign, seed=number)
            pages.append(outcome(samples, f"{name} {kind}", text, day + 2 if is_dated else None))
    with Dataset.open(tmp_path / "clean", create=True) as dataset:
        samples.commit(dataset, "all", pages)
    find_copies(tmp_path / "clean", method="minhash", workers=0)
    where = {path: number for number, paths in enumerate(clusters_of(tmp_path / "clean")) for path in paths}
    found = Counter()
    for path, cluster in where.items():
        name, _, kind = path.partition(" ")
        found[kind] += cluster == where[f"{name} original"]
    recall = {kind: found[kind] / len(bodies) for kind in KINDS}
    stories = defaultdict(set)
    for path, cluster in where.items():
        stories[cluster].add(path.partition(" ")[0])
    mixed = sorted({pair for names in stories.values() for pair in itertools.combinations(sorted(names), 2)})
    if os.environ.get("NEWSCLEAN_SHOW"):
        print(recall, mixed)
    assert {kind: share for kind, share in recall.items() if share < WANTED[kind]} == {}
    # The same comment, kept twice by its paper, one with a space after its initial.
    assert mixed == [("Taz_2023_04_28.html.gz", "Taz_2024_10_23.html.gz")]


def test_a_wire_story_and_its_print_view_in_the_seeds_are_one_cluster(shared, tmp_path):
    """Of the six articles of the seeds, the one that stands in two pages is one cluster, the others are alone."""
    from newsclean.run.deduping import find_copies

    newsclean.clean(shared / "seeds" / "raw", tmp_path / "clean", language_backend="langdetect", workers=0)
    find_copies(tmp_path / "clean", method="minhash", workers=0)
    together = [paths for paths in clusters_of(tmp_path / "clean") if len(paths) > 1]
    assert [[Path(path).name[:3] for path in paths] for paths in together] == [["002", "003"]]
