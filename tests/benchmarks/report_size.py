"""How large the report of a large dataset is, and how long it takes to make.

    python tests/benchmarks/report_size.py [ARTICLES]

The dataset is made of some hundred cleaned pages, each many times over, on other days and other
sites. Prints seconds (wall and CPU), the size of the page, and the peak of the memory.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import resource
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import msgspec
from archive_maker import page

from newsclean.dataset import Dataset, RunStamp, SourceRecord
from newsclean.extract.routing import load_router
from newsclean.model import Moment, Precision, RawPage
from newsclean.report.html.overview import write_report
from newsclean.run.pipeline import Toolbox, clean_page

MODELS = 120
SHARD = 2000
SITES = 300


def models():
    """Return the outcomes of some pages that are alike in form and differ in text."""
    tools = Toolbox(router=load_router(), language_backend="langdetect")
    for number in range(MODELS):
        url, body = page(number)[:2]
        yield clean_page(
            RawPage(body=body if isinstance(body, bytes) else body.encode(), raw_path="model", url=url), tools
        )


def copy(outcome, number):
    """Return an outcome as that of another page: its place, its site and its day are its own."""
    path = f"raw/{number:07d}.html"
    site = f"site-{number * number % SITES}.example"
    day = Moment(at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=number % 700), precision=Precision.DAY)
    articles = tuple(
        replace(
            article,
            article_id=hashlib.sha256(path.encode()).hexdigest(),
            site=site,
            published=day,
            provenance=replace(article.provenance, raw_path=path),
        )
        for article in outcome.articles
    )
    return replace(outcome, page=msgspec.structs.replace(outcome.page, raw_path=path), site=site, articles=articles)


def fill(folder, count):
    """Write a dataset of `count` pages."""
    found = list(models())
    stamp = RunStamp(
        run_id="bench",
        cleaned_at=dt.datetime.now(dt.UTC),
        newsclean_version="0",
        code_sha256="",
        language_backend="",
        routing_sha256="",
    )
    with Dataset.open(folder, create=True) as dataset:
        for start in range(0, count, SHARD):
            outcomes = [copy(found[n % MODELS], n) for n in range(start, min(count, start + SHARD))]
            sources = [
                SourceRecord(
                    raw_path=one.page.raw_path,
                    size_bytes=1,
                    mtime_ns=1,
                    sha256=None,
                    facts_sha256="",
                    profile=None,
                    profile_sha256=None,
                    pages=1,
                    articles=len(one.articles),
                    rejections=int(one.rejection is not None),
                )
                for one in outcomes
            ]
            dataset.commit(f"shard-{start:08d}", outcomes, sources, stamp)


def main():
    """Print one line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=int, nargs="?", default=100_000)
    count = parser.parse_args().articles
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder) / "clean", count)
        wall, cpu = time.perf_counter(), time.process_time()
        made = write_report(Path(folder) / "clean", Path(folder) / "report.html")
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        size_mb = made.stat().st_size / 1e6
        print(f"{count:,} pages: {wall:.1f} s ({cpu:.1f} s CPU), {size_mb:.2f} MB, peak {peak_mb:.0f} MB")


if __name__ == "__main__":
    main()
