"""The main job against what people would write themselves, both sides in one run, CPU time a page.

    python tests/benchmarks/main_job.py [SET ...] [--rounds N] [--pages N] [--json FILE]

Ours: everything from reading the file to the committed Parquet of all three tables. Theirs: read,
trafilatura with metadata, langdetect (seeded, whole text), one Parquet file by pyarrow. trafilatura
has no answer to a text dump, so theirs keeps one as it is: what langdetect and Parquet alone cost.
The sides take turns, round by round, in fresh processes; what counts is the median ratio of CPU time
a page, for no machine is equally fast at all times. Start-up (imports, profiles, language model) is
measured on one page and taken off both sides; for it not to drown the pages, and for both sides to
be warm, each set is read from several copies of its files.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "eval"))
from gold_sets import GOLD_SETS

SHARED = Path(__file__).resolve().parents[3] / "shared"
DEFAULT_SETS = ("kremlin", "publishers", "wcxb", "dumps/kremlin_article", "dumps/tass_chinadaily", "dumps/publishers")

THEIRS = """
import gzip, json, pathlib, sys
import pyarrow as pa, pyarrow.parquet as pq
from langdetect import DetectorFactory, detect
from langdetect.lang_detect_exception import LangDetectException
from trafilatura import bare_extraction
DetectorFactory.seed = 0
rows = []
for name in sys.argv[2:]:
    body = pathlib.Path(name).read_bytes()
    if body[:2] == b"\\x1f\\x8b":
        body = gzip.decompress(body)
    row = {"path": name, "title": None, "author": None, "date": None, "text": None}
    if ".txt" in pathlib.Path(name).suffixes:
        row["text"] = body.decode("utf-8", "replace")
    elif found := bare_extraction(body, with_metadata=True):
        row |= {"title": found.title, "author": found.author, "date": found.date, "text": found.text}
    else:
        continue
    try:
        row["language"] = detect(row["text"] or "")
    except LangDetectException:
        row["language"] = "und"
    rows.append(row)
pq.write_table(pa.Table.from_pylist(rows or [{"path": None}]), sys.argv[1], compression="zstd")
"""
OURS = """
import sys
from newsclean.cli.main import main
sys.argv[1:] = ["clean", *sys.argv[2:], "-o", sys.argv[1], "-q", "--workers", "1", "--language-backend", "langdetect"]
main()
"""


def cpu_seconds(code: str, output: Path, files: list[str]) -> float:
    """Run one side in a process of its own and return its CPU seconds, those of its children with it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", code, str(output), *files], capture_output=True, text=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if not output.exists():
        raise SystemExit(f"a side wrote nothing: {done.stderr[-2000:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cpu_ms_a_page(code: str, files: list[str]) -> float:
    """Return CPU milliseconds a page, start-up taken off."""
    with tempfile.TemporaryDirectory() as folder:
        start = cpu_seconds(code, Path(folder) / "one", files[:1])
        whole = cpu_seconds(code, Path(folder) / "all", files)
    return (whole - start) * 1000 / max(1, len(files) - 1)


def copies_of(name: str, folder: Path, pages: int) -> list[str]:
    """Lay copies of a gold set's files, `pages` at least, with its manifest below `folder`; return their paths."""
    origin = SHARED / GOLD_SETS[name]
    rows = [json.loads(line) for line in (origin / "gold.jsonl").open(encoding="utf-8")]
    files: list[str] = []
    for n in range(-(-pages // len(rows))):
        for row in rows:
            copy = folder / str(n) / row["file"]
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(origin / row["file"], copy)
            files.append(str(copy))
        if (origin / "manifest.jsonl").exists():
            shutil.copyfile(origin / "manifest.jsonl", folder / str(n) / "manifest.jsonl")
    return files


def measure(name: str, rounds: int, pages: int) -> dict[str, float]:
    """Return the medians over `rounds` of both sides in turn, and the median of their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        files = copies_of(name, Path(folder), pages)
        pairs = [(cpu_ms_a_page(OURS, files), cpu_ms_a_page(THEIRS, files)) for _ in range(rounds)]
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(theirs / ours for ours, theirs in pairs)
    return {
        "pages": len(files),
        "ours_ms": round(ours, 2),
        "theirs_ms": round(theirs, 2),
        "times_faster": round(ratio, 2),
    }


def main() -> None:
    """Print one line a set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=list(DEFAULT_SETS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures = {}
    for name in options.sets:
        figures[name] = measure(name, options.rounds, options.pages)
        print(name, json.dumps(figures[name]))
        print(f"  {1000 / figures[name]['ours_ms']:.0f} pages/s on one core")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
