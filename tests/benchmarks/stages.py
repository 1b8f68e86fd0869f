"""Pages a second, stage by stage, each with what comes before it in memory and what comes of it thrown away.

    python tests/benchmarks/stages.py [SET ...] [--pages 1000] [--rounds 3] [--json FILE]

One process, CPU time, medians over the rounds; everything is warm. `invented` are pages of archive_maker.py,
read from a WARC; the other sets are the gold sets beside the repository, where they are there (their files
are read from the folder). The stages: `read` gives the bytes of a page; `view` decodes and parses it;
`extract` finds the story in the view; `language` identifies it; `rest` is all else that `clean_page` does (cleaning,
counting, the record); `columns` turns outcomes into Arrow, `Parquet` sorts,
packs and writes them to the disk, with the hash.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import archive_maker
import msgspec

from newsclean.dataset import Dataset
from newsclean.dataset.parquet.columns import CONVERTERS
from newsclean.dataset.staging import stage
from newsclean.errors import PageError
from newsclean.extract.routing import load_router
from newsclean.language import identify, warm
from newsclean.model import PageKind
from newsclean.page import PageView
from newsclean.run.pipeline import Toolbox, clean_page
from newsclean.sources import archive_of, discover, read_page

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parents[1] / "shared"
DEFAULT_SETS = ("invented", "publishers", "dumps/publishers")
STAGES = ("read", "view", "extract", "language", "rest", "columns", "Parquet")
LIMIT = 50_000_000
BACKEND = "langdetect"
CHUNK = 500


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SAMPLES = load(ROOT / "unit" / "dataset" / "samples.py")


def folder_of(name):
    sys.path.insert(0, str(ROOT / "eval"))
    from gold_sets import GOLD_SETS

    return SHARED / GOLD_SETS[name]


def reader_of(name, folder, count):
    """Return a function that reads the pages of a set, as a run would, and yields them."""
    if name == "invented":
        (file,) = discover([str(archive_maker.make(folder / f"{count}.warc.gz", count))], base=folder).files
        archive = archive_of(file, max_bytes=LIMIT)
        return lambda: (page.read(max_bytes=LIMIT) for page in archive.pages() if page is not None)
    files = discover([str(folder_of(name))], base=folder).files[:count]

    def pages():
        for file in files:
            with suppress(PageError):
                yield read_page(file, max_bytes=LIMIT)

    return pages


def looked_at(raw):
    """Return the view of a page, decoded and parsed."""
    view = PageView(raw)
    _ = view.tree if view.kind is PageKind.HTML else view.lines
    return view


def timed(taken, stage_name, work, *arguments):
    began = time.process_time()
    try:
        return work(*arguments)
    finally:
        taken[stage_name] += time.process_time() - began


def one_round(pages, tools, folder):
    """Return the CPU seconds of each stage for all pages."""
    taken = Counter()
    found = timed(taken, "read", lambda: list(pages()))
    gc.collect()
    gc.disable()  # as a run does while it cleans a page
    outcomes = []
    for raw in found:
        with suppress(PageError):
            view = timed(taken, "view", looked_at, raw)
            for one in timed(taken, "extract", tools.router.extract, view).extractions:
                text = "\n".join(block.text for block in one.blocks)
                timed(taken, "language", lambda text=text: identify(text, backend=BACKEND))
        outcomes.append(timed(taken, "whole", clean_page, raw, tools))
    gc.enable()
    taken["rest"] = taken["whole"] - taken["view"] - taken["extract"] - taken["language"]
    # One place for all, so that they may be one file's.
    outcomes = [
        replace(one, page=msgspec.structs.replace(one.page, raw_path=f"{number}", raw_offset=None))
        for number, one in enumerate(outcomes)
    ]
    stamp = SAMPLES.stamp()
    for at in range(0, len(outcomes), CHUNK):
        chunk = outcomes[at : at + CHUNK]
        for convert in CONVERTERS.values():
            timed(taken, "columns", convert, chunk, stamp)
    # Rows are given as outcomes: what the columns take once more is taken off again.
    timed(taken, "Parquet", stage, folder, "one", outcomes, SAMPLES.sources(outcomes), stamp)
    taken["Parquet"] -= taken["columns"]
    taken["pages"] = len(found)
    taken["bytes"] = sum(len(raw.body) for raw in found)
    return taken


def measured(name, folder, count, rounds):
    """Return milliseconds of CPU a page by stage, of all of them, and of `clean_page` alone."""
    tools = Toolbox(router=load_router(()), language_backend=BACKEND)
    warm(BACKEND)
    pages = reader_of(name, folder, count)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        Dataset.open(Path(place) / "clean", create=True).close()
        taken = [one_round(pages, tools, Path(place) / "clean") for _ in range(rounds + 1)][1:]
    number = taken[0]["pages"]
    figures = {stage_name: statistics.median(one[stage_name] for one in taken) for stage_name in (*STAGES, "whole")}
    ms = {stage_name: round(seconds * 1000 / number, 4) for stage_name, seconds in figures.items()}
    total = sum(ms[stage_name] for stage_name in STAGES)
    return {"pages": number, "page_bytes": taken[0]["bytes"] // number, "ms": ms, "total_ms": round(total, 4)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("sets", nargs="*", default=list(DEFAULT_SETS))
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "newsclean-benchmark")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    chosen.folder.mkdir(exist_ok=True, parents=True)
    found = {}
    for name in chosen.sets:
        if name != "invented" and not folder_of(name).is_dir():
            print(f"{name}: left out, {folder_of(name).name} is not there")
            continue
        one = found[name] = measured(name, chosen.folder, chosen.pages, chosen.rounds)
        print(f"{name}: {one['pages']} pages of {one['page_bytes']:,} bytes, {one['total_ms']:.2f} ms each")
        for stage_name, ms in one["ms"].items():
            print(f"  {stage_name:10} {ms:8.3f} ms {1000 / ms if ms > 0 else 0:10,.0f} pages/s", flush=True)
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
