"""What folders by site or month cost, and what Bloom filters bring: files, bytes, time to write and to read.

    python tests/benchmarks/partitions.py [--rows 200000] [--rounds 5] [--folder DIR] [--json FILE]

The rows are those of `reading.py`, 2,500 a shard. The dataset is measured as runs leave it in one folder and in
folders, and after each was compacted; then with Bloom filters of `article_id`. Queries are those of `reading.py`.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import shutil
import tempfile
from pathlib import Path

FORMS = ("none", "month", "site")

_spec = importlib.util.spec_from_file_location("reading", Path(__file__).with_name("reading.py"))
reading = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(reading)


def compacted(path, *options):
    """Compact the dataset in a process of its own; return what that took."""
    return reading.timed(["-m", "newsclean", "compact", str(path), "-q", *options])


def variants(plain):
    """Yield each form of the dataset with what it took to make it; the folder is used again for the next one."""
    work = plain.with_name("work")
    for form in FORMS:
        shutil.copytree(plain, work)
        # A target of next to nothing puts no shards together: all are written anew, each by itself.
        took = compacted(work, "--partition-by", form, "--target-mb", "1") if form != "none" else None
        yield f"{form}, as runs leave it", work, took
        yield f"{form}, compacted", work, compacted(work)
        if form == "none":
            yield "none, compacted, filters", work, compacted(work, "--bloom-filter", "article_id")
        shutil.rmtree(work)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "newsclean-benchmark")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    folder = chosen.folder / "partitions"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    found = {}
    try:
        plain = folder / "plain"
        reading.fill(plain, chosen.rows)
        site, article = reading.site_in_the_middle(plain), reading.article_id_of(chosen.rows // 2)
        for name, path, took in variants(plain):
            found[name] = {**reading.measured(path, chosen.rounds, site, article), "making": took}
            told = {query: round(one["cpu_s"], 3) for query, one in found[name]["queries"].items()}
            print(
                f"{name}: {found[name]['files']} files, {found[name]['bytes'] / 1e6:.1f} MB, made in {took}, CPU {told}"
            )
    finally:
        shutil.rmtree(folder)
    assert len({json.dumps(one["answers"]) for one in found.values()}) == 1
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
