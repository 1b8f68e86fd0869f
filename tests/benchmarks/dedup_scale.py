"""Script: how time and memory of `newsclean dedup` grow with the number of articles, on simulated ones.

    dedup_scale.py FOLDER COUNT [COUNT ...] [--keep]

Of the articles a fifth are reprints, a quarter of each kind of tests/eval/reprints.py; words and stock phrases
are as frequent as in a language (Zipf), one article in twenty ends with a paragraph that many have. Prints one
JSON object for each count: seconds, CPU seconds, peak memory, recall by kind, clusters that hold two stories, and
the same for a second run after a hundredth more articles.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import importlib.util
import itertools
import json
import random
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from newsclean.dataset import Dataset

TESTS = Path(__file__).resolve().parents[1]
SHARD = 10_000
BEGIN = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


REPRINTS = load(TESTS / "eval" / "reprints.py")
SAMPLES = load(TESTS / "unit" / "dataset" / "samples.py")


class Language:
    """An invented language: 100,000 words and 2,000 phrases, the n-th of them 1/n as frequent as the first."""

    def __init__(self):
        dice = random.Random(0)
        syllables = ["".join(pair) for pair in itertools.product("bdfgklmnprstvz", "aeiou")]
        self.words = sorted({"".join(dice.choices(syllables, k=dice.randint(1, 4))) for _ in range(160_000)})
        dice.shuffle(self.words)
        self.words = self.words[:100_000]
        self.weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(self.words))))
        self.phrases = [" ".join(dice.choices(self.words[:3000], k=dice.randint(4, 7))) for _ in range(2000)]
        self.phrase_weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(self.phrases))))
        self.notes = [" ".join(dice.choices(self.words, k=30)) for _ in range(50)]

    def body(self, number):
        """The text of a story: 3 to 12 paragraphs of 20 to 60 words."""
        dice = random.Random(number)
        words = dice.choices(self.words, cum_weights=self.weights, k=dice.randint(120, 480))
        for place in range(15, len(words), 40):
            words[place] = dice.choices(self.phrases, cum_weights=self.phrase_weights)[0]
        paragraphs, start = [], 0
        while start < len(words):
            end = start + dice.randint(20, 60)
            paragraphs.append(" ".join(words[start:end]))
            start = end
        if dice.random() < 0.05:
            paragraphs.append(dice.choice(self.notes))
        return "\n\n".join(paragraphs)


def story_of(number):
    """Which story an article tells, and in which kind of reprint (None: it is the first)."""
    kind = list(REPRINTS.KINDS)[number // 5 % 4]
    return (
        (number - random.Random(-number).randint(1, 20) * 5 - 1, kind)
        if number % 5 == 4 and number > 200
        else (number, None)
    )


def columns_of(language, start, end):
    """The columns of articles that differ, for the articles with these numbers."""
    found = {name: [] for name in ("article_id", "title", "body", "body_sha256", "published_at", "raw_offset")}
    for number in range(start, end):
        story, kind = story_of(number)
        body = language.body(story)
        if kind:
            body = REPRINTS.reprinted(body, kind, language.body(-number).split("\n\n"), seed=number)
        at = BEGIN + dt.timedelta(minutes=number)
        values = (
            f"{number:032x}",
            f"{story} {kind or 'first'}",
            body,
            hashlib.sha256(body.encode()).hexdigest(),
            at,
            number,
        )
        for column, value in zip(found.values(), values, strict=True):
            column.append(value)
    return found


def fill(path, start, end):
    """Commit articles of archives with 10,000 pages each; the ledger of pages is left empty, as no search reads it."""
    import pyarrow as pa

    from newsclean.dataset import Staged
    from newsclean.dataset.form import Form
    from newsclean.dataset.layout import Layout
    from newsclean.dataset.parquet import columns, schema, writer

    language, stamp = Language(), SAMPLES.stamp()
    page = SAMPLES.outcome("raw/x.warc.gz", removals=())
    article = replace(page.articles[0], agency=None, dateline=None, byline=None)
    template = columns.articles([replace(page, articles=(article,))], stamp).to_pylist()[0]
    with Dataset.open(path, create=True) as dataset:
        dataset.sweep()
        for at in range(start, end, SHARD):
            name, last = f"s{at:09}", min(end, at + SHARD)
            same = template | {"raw_path": f"raw/{at}.warc.gz"}
            rows = {key: [value] * (last - at) for key, value in same.items()} | columns_of(language, at, last)
            arrays = [pa.array(rows[field.name], field.type) for field in schema.ARTICLES]
            batch = pa.RecordBatch.from_arrays(arrays, schema=schema.ARTICLES)
            batches = {"articles": [batch], "pages": [], "removals": []}
            parts = writer.write_parts(Layout(path), name, batches, Form())
            source = replace(SAMPLES.sources([page])[0], raw_path=same["raw_path"], pages=last - at, articles=last - at)
            dataset.commit_staged(Staged(shard_id=name, parts=parts, sources=(source,), form=Form()), stamp)


def search(path):
    """Search in this process and print what it took."""
    from newsclean.run.deduping import find_copies

    begun = time.monotonic()
    report = find_copies(
        path, method="minhash", workers=2, on_progress=lambda line, s: print(f"{s:8.1f} {line}", file=sys.stderr)
    )
    own, workers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(
        json.dumps(
            {
                "seconds": round(time.monotonic() - begun, 1),
                "cpu_seconds": round(own.ru_utime + own.ru_stime + workers.ru_utime + workers.ru_stime, 1),
                "peak_mb": own.ru_maxrss // 1024,
                "peak_worker_mb": workers.ru_maxrss // 1024,
                "texts": report.texts,
                "copies": report.copies,
                "sketched": report.sketched,
                "compared": report.compared,
            }
        )
    )


def found(path):
    """Recall by kind, and how many clusters hold more than one story."""
    import duckdb

    rows = f"""(select split_part(title, ' ', 1) as story, regexp_extract(title, ' (.*)', 1) as kind, cluster_id
        from '{path}/articles/*.parquet' join '{path}/clusters/*.parquet' using (article_id, body_sha256))"""
    recall = duckdb.sql(
        f"""select r.kind, avg((r.cluster_id = o.cluster_id)::int) from {rows} r join {rows} o using (story)
        where r.kind != 'first' and o.kind = 'first' group by 1 order by 1"""
    ).fetchall()
    mixed = duckdb.sql(
        f"select count(*) from (select cluster_id from {rows} group by 1 having count(distinct story) > 1)"
    ).fetchall()[0][0]
    return {"recall": {kind: round(share, 4) for kind, share in recall}, "mixed_clusters": mixed}


def measured(path):
    command = [sys.executable, __file__, str(path), "--search"]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("counts", type=int, nargs="*")
    parser.add_argument("--search", action="store_true")
    parser.add_argument("--keep", action="store_true")
    chosen = parser.parse_args()
    if chosen.search:
        search(chosen.folder)
        return
    for count in chosen.counts:
        path = chosen.folder / str(count)
        fill(path, 0, count)
        first = measured(path)
        figures = {"articles": count, "first": first, **found(path)}
        fill(path, count, count + count // 100)
        figures["more"] = measured(path)
        print(json.dumps(figures), flush=True)
        if not chosen.keep:
            shutil.rmtree(path)


if __name__ == "__main__":
    main()
