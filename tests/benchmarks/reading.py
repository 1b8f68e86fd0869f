"""What reading a large dataset costs, before and after `newsclean compact`: one column, one site, one article.

    python tests/benchmarks/reading.py [--rows 1000000] [--rounds 5] [--folder DIR] [--keep] [--json FILE]

The rows are invented and written by newsclean's own writer, 2,500 a shard: some hundred sites, of which a shard
has three (a crawl's archive, cut), bodies of some 2,600 characters. DuckDB and Polars are asked in turn, each
query in a process of its own that has loaded the library, `--rounds` times; told are medians of CPU and wall
seconds and of the bytes that the process read (through the page cache, so the disk has no say; a library that
maps files into memory reads without being seen to, and its bytes are left out).
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import importlib.util
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import archive_maker

SHARD_ROWS = 2_500
SITES = 120
SITES_A_SHARD = 3
BEGIN = dt.datetime(2016, 1, 1, tzinfo=dt.UTC)
QUERIES = ("column", "site", "article")
READERS = ("duckdb", "polars")
SAMPLES = Path(__file__).resolve().parents[1] / "unit" / "dataset" / "samples.py"

ASK = """
import json, resource, sys, time
reader, query, files, site, article = sys.argv[1:]
if reader == "duckdb":
    import duckdb
    connection = duckdb.connect()
    connection.execute("set enable_progress_bar = false")  # it would come between what is printed
    connection.execute("select 1").fetchall()
    rows = f"from read_parquet('{files}')"
    ask = {
        "column": f"select count(*), sum(word_count) {rows}",
        "site": f"select count(*), sum(length(title) + length(body)) {rows} where site = '{site}'",
        "article": f"select * {rows} where article_id = '{article}'",
    }[query]
    def run():
        found = connection.execute(ask)
        names = [column[0] for column in found.description]
        answer = found.fetchall()
        return answer[0] if query != "article" else (len(answer), len(answer[0][names.index("body")]))
else:
    import polars as pl
    rows = lambda: pl.scan_parquet(files)
    run = {
        "column": lambda: rows().select(pl.len(), pl.col("word_count").sum()).collect().row(0),
        "site": lambda: rows().filter(pl.col("site") == site).select(
            pl.len(), pl.col("title").str.len_chars().sum() + pl.col("body").str.len_chars().sum()).collect().row(0),
        "article": lambda: rows().filter(pl.col("article_id") == article).collect().select(
            pl.len(), pl.col("body").str.len_chars().max()).row(0),
    }[query]
def state():
    used = resource.getrusage(resource.RUSAGE_SELF)
    read = int(open("/proc/self/io").readline().split()[1]) if sys.platform == "linux" else 0
    return time.perf_counter(), used.ru_utime + used.ru_stime, read
before = state()
answer = run()
after = state()
wall_s, cpu_s, read = (b - a for a, b in zip(before, after))
print(json.dumps({"answer": [int(one) for one in answer], "wall_s": wall_s, "cpu_s": cpu_s, "read_bytes": read}))
"""


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def site_of(number):
    return f"site-{number:03}.test"


def article_id_of(number):
    return hashlib.blake2b(str(number).encode(), digest_size=16).hexdigest()


def differing(shard, count, words):
    """Return the columns of a shard's articles that are not the same in all rows."""
    dice = random.Random(shard)
    # Some sites write much more than others.
    sites = [site_of(int(SITES * dice.random() ** 2)) for _ in range(SITES_A_SHARD)]
    first = shard * SHARD_ROWS
    found = {name: [] for name in ("article_id", "site", "url", "title", "body", "body_sha256", "published_at")}
    for number in range(first, first + count):
        body = "\n\n".join(" ".join(dice.choices(words, k=60)) for _ in range(dice.randint(2, 12)))
        site = dice.choice(sites)
        values = (
            article_id_of(number),
            site,
            f"https://{site}/{number}",
            body[:70],
            body,
            hashlib.sha256(body.encode()).hexdigest(),
            BEGIN + dt.timedelta(minutes=dice.randrange(5_000_000)),
        )
        for column, value in zip(found.values(), values, strict=True):
            column.append(value)
    found["word_count"] = [body.count(" ") + 1 for body in found["body"]]
    return found


def fill(path, rows):
    """Commit shards of invented articles, one a page, to a new dataset."""
    import pyarrow as pa

    from newsclean.dataset import Dataset, Staged
    from newsclean.dataset.form import Form
    from newsclean.dataset.layout import Layout
    from newsclean.dataset.parquet import columns, schema, writer

    samples, words = load(SAMPLES), archive_maker.words()
    page, stamp, form = samples.outcome("raw/x.warc.gz", removals=()), samples.stamp(), Form()
    same = {"articles": columns.articles([page], stamp), "pages": columns.pages([page], stamp)}
    same = {table: batch.to_pylist()[0] for table, batch in same.items()}
    with Dataset.open(path, create=True) as dataset:
        dataset.sweep()
        for at in range(0, rows, SHARD_ROWS):
            shard, count = at // SHARD_ROWS, min(SHARD_ROWS, rows - at)
            raw_path = f"raw/{shard:05}.warc.gz"
            place = {"raw_path": [raw_path] * count, "raw_offset": [30_000 * n for n in range(count)]}
            own = differing(shard, count, words) | place
            batches = {"removals": []}
            for table, row in same.items():
                arrays = [
                    pa.array(own[field.name] if field.name in own else [row[field.name]] * count, field.type)
                    for field in schema.SCHEMAS[table]
                ]
                batches[table] = [pa.RecordBatch.from_arrays(arrays, schema=schema.SCHEMAS[table])]
            name = hashlib.sha256(raw_path.encode()).hexdigest()[:24]
            parts = writer.write_parts(Layout(path), name, batches, form)
            source = replace(samples.sources([page])[0], raw_path=raw_path, pages=count, articles=count)
            dataset.commit_staged(Staged(shard_id=name, parts=parts, sources=(source,), form=form), stamp)


def site_in_the_middle(path):
    """Return the site than which as many have more articles as have fewer."""
    from newsclean.dataset import Dataset

    counts = Dataset.open(path, create=False).read("articles", ["site"])["site"].value_counts().to_pylist()
    return sorted((one["counts"], one["values"]) for one in counts)[len(counts) // 2][1]


def ask(path, reader, query, site, article):
    files = f"{path}/articles/**/*.parquet"
    done = subprocess.run(
        [sys.executable, "-c", ASK, reader, query, files, site, article], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{reader}, {query}: {done.stderr[-2000:]}")
    return json.loads(done.stdout)


def measured(path, rounds, site, article):
    """Return the medians of all queries, and the answers, which must not change."""
    taken = {(reader, query): [] for query in QUERIES for reader in READERS}
    for _ in range(rounds):
        for (reader, query), found in taken.items():
            found.append(ask(path, reader, query, site, article))
    figures = {}
    for (reader, query), found in taken.items():
        medians = {name: statistics.median(one[name] for one in found) for name in ("wall_s", "cpu_s", "read_bytes")}
        figures[f"{reader} {query}"] = medians
    answers = {query: {tuple(one["answer"]) for reader in READERS for one in taken[reader, query]} for query in QUERIES}
    assert all(len(one) == 1 for one in answers.values()), answers
    files = list((path / "articles").rglob("*.parquet"))
    sizes = {"files": len(files), "bytes": sum(file.stat().st_size for file in files)}
    return {**sizes, "queries": figures, "answers": {query: list(*one) for query, one in answers.items()}}


def timed(work):
    """Return the wall seconds and the CPU seconds of a command."""
    import resource

    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *work], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall_s": round(time.monotonic() - began, 1), "cpu_s": round(cpu_s, 1)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "newsclean-benchmark")
    parser.add_argument("--keep", action="store_true", help="leave the dataset there")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--fill", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    path = chosen.folder / f"reading-{chosen.rows}"
    if chosen.fill:
        fill(path, chosen.rows)
        return
    shutil.rmtree(path, ignore_errors=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # In a process of its own, whose memory is given back.
        found = {"rows": chosen.rows}
        found["writing"] = timed([__file__, "--fill", "--rows", str(chosen.rows), "--folder", str(chosen.folder)])
        print(f"written: {found['writing']}", flush=True)
        middle = chosen.rows // 2
        site, article = site_in_the_middle(path), article_id_of(middle)
        found["before"] = measured(path, chosen.rounds, site, article)
        found["compacting"] = timed(["-m", "newsclean", "compact", str(path)])
        print(f"compacted: {found['compacting']}", flush=True)
        found["after"] = measured(path, chosen.rounds, site, article)
        assert found["before"]["answers"] == found["after"]["answers"]
    finally:
        if not chosen.keep:
            shutil.rmtree(path, ignore_errors=True)
    for when in ("before", "after"):
        one = found[when]
        print(f"{when}: {one['files']} files, {one['bytes'] / 1e9:.2f} GB")
        for name, figures in one["queries"].items():
            told = (
                f"{figures['wall_s']:7.3f} s, {figures['cpu_s']:7.3f} s of CPU, {figures['read_bytes'] / 1e6:9.1f} MB"
            )
            print(f"  {name:16} {told}")
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
