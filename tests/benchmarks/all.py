"""Run all benchmarks, or some, and write what they found as tables into docs/benchmarks.md.

    python tests/benchmarks/all.py [PART ...] [--quick] [-o FILE]

Parts: stages, extraction, main_job, crawl, workers, ray, scale, reading; each is a script of its own
beside this one, with options of its own. Wall times want an idle machine: the load before each part is
told. Parts that are not run keep their tables, as long as the machine and the versions are the same.
`--quick` takes small inputs and few rounds, three minutes at most, and only prints unless `-o` is given.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from newsclean.extract.generic.reading import walk

HERE = Path(__file__).resolve().parent
TARGET = HERE.parents[1] / "docs" / "benchmarks.md"
LIBRARIES = ("newsclean", "pyarrow", "lxml", "langdetect", "trafilatura", "duckdb", "polars", "ray")
# Of each part the script, the options of the whole form, and those of the quick one.
PARTS = {
    "stages": ("stages.py", [], ["--pages", "60", "--rounds", "1"]),
    "extraction": ("extraction.py", ["--rounds", "3"], ["--rounds", "1", "--every", "60"]),
    "main_job": ("main_job.py", [], ["kremlin", "--pages", "60", "--rounds", "1"]),
    "crawl": ("crawl_throughput.py", ["--packed", "--pages", "1200"], ["--packed", "--pages", "60", "--rounds", "1"]),
    "workers": ("workers.py", ["--pages", "8000"], ["--pages", "400", "--rounds", "1"]),
    "ray": ("ray_runner.py", [], ["--pages", "400", "--against", "50", "--rounds", "1"]),
    "scale": ("scale.py", ["--pages", "100000", "--against", "10000"], ["--pages", "800", "--against", "200"]),
    "reading": ("reading.py", [], ["--rows", "40000", "--rounds", "1"]),
}
INTRODUCTION = """# Benchmarks

What `python tests/benchmarks/all.py` measured on the machine below, and writes here. Input is invented
(`tests/benchmarks/archive_maker.py`), or real pages that are not part of this repository.
"""


def machine():
    """Describe the machine and the versions; no name, no place."""
    rows = {
        "processor": f"{_from_proc('cpuinfo', 'model name') or platform.machine()}, {os.cpu_count()} cores",
        "memory": f"{int((_from_proc('meminfo', 'MemTotal') or '0').split()[0]) / 2**20:.0f} GiB",
        "system": _system(),
        "Python": platform.python_version(),
        "versions": ", ".join(f"{name} {found}" for name in LIBRARIES if (found := _version(name))),
        "hot modules": "plain Python" if walk.__file__.endswith(".py") else "compiled",
    }
    return table(["machine", ""], [[name, value] for name, value in rows.items()])


def _from_proc(file, name):
    try:
        text = Path("/proc", file).read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(rf"^{name}\s*:\s*(.+)$", text, re.MULTILINE)
    return found[1] if found else None


def _system():
    try:
        name = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        name = ""
    kernel = ".".join(platform.release().split(".")[:2])
    return f"{name}, {platform.system()} {kernel}".removeprefix(", ")


def _version(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def table(head, rows):
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def stages(found):
    names = list(found)
    head = ["milliseconds of CPU a page (pages a second)", *(f"{name}" for name in names)]
    rows = [["pages, mean size", *(f"{one['pages']:,}, {one['page_bytes'] / 1000:,.0f} kB" for one in found.values())]]
    for stage in [name for name in next(iter(found.values()))["ms"] if name != "whole"]:
        rows += [[stage, *(_ms(one["ms"][stage]) for one in found.values())]]
    rows.append(["**all**", *(f"**{_ms(one['total_ms'])}**" for one in found.values())])
    note = (
        "Each stage by itself, in one process, with what comes before it in memory and what comes of it thrown away: "
        "no source, no sink. `read` opens archive or file, `view` decodes and parses, `rest` cleans and counts."
    )
    return "By stage", note, table(head, rows)


def _ms(value):
    return f"{value:.2f} ({1000 / value:,.0f})" if value > 0 else "0"


def extraction(found):
    rows = []
    for turn, title in (("first_round", "first time, caches cold"), ("later_rounds", "later")):
        if one := found.get(turn):
            cells = [f"{one[f'{side}_{kind}_ms']:.2f}" for kind in ("mean", "median") for side in ("ours", "theirs")]
            rows.append([title, *cells, f"**{one['ratio_of_means']:.3f}**", f"**{one['ratio_of_medians']:.3f}**"])
    head = ["CPU milliseconds a page", "mean", "trafilatura", "median", "trafilatura", "ratio of means", "of medians"]
    note = (
        f"{found['pages']} pages of `publishers` and `wcxb`, in one process and in turn: the generic extractor from "
        "bytes to blocks, metadata and account, and trafilatura with metadata."
    )
    return "Extraction alone", note, table(head, rows)


def crawl(found):
    head = ["", "pages/s", "of plain", "CPU ms of the loop a page", "lag p50, ms", "lag p99, ms", "peak MB"]
    rows = []
    for variant, one in found.items():
        share = f"{one['of_plain']:.0%}" if "of_plain" in one else ""
        cells = [one["loop_ms"], one["lag_p50"], one["lag_p99"]]
        rows.append(
            [variant, f"{one['pages_a_s']:.0f}", share, *(f"{cell:.1f}" for cell in cells), f"{one['peak_mb']:.0f}"]
        )
    note = (
        "A site on loopback that sends gzip: plain Scrapy, the same with archive, frontier and guard, and with "
        "cleaning in processes of its own; in turn, medians. Lag is how late the loop comes to what is due."
    )
    return "Crawl", note, table(head, rows)


def main_job(found):
    head = ["CPU milliseconds a page", "pages", "newsclean", "baseline", "times as fast", "pages/s a core"]
    rows = []
    for name, one in found.items():
        faster, pages_a_s = f"**{one['times_faster']}**", f"{1000 / one['ours_ms']:,.0f}"
        rows.append([name, f"{one['pages']:,}", one["ours_ms"], one["theirs_ms"], faster, pages_a_s])
    note = (
        "Whole runs, from files to Parquet: `newsclean clean` with all three tables and langdetect, and as baseline a "
        "script of trafilatura with metadata, langdetect and pyarrow. In turn, in fresh processes, start-up taken off; "
        "medians. trafilatura has no answer to a text dump, which the baseline keeps as it is: there it is what "
        "langdetect and Parquet cost."
    )
    return "Whole runs against a baseline", note, table(head, rows)


def workers(found):
    rows = []
    for count, wall in found["wall_s"].items():
        rows.append([count, f"{statistics.median(wall):.1f}", f"{statistics.median(found['cpu_s'][count]):.1f}"])
    note = (
        f"The same archive, runs interleaved, {len(wall)} each, medians: "
        f"**{found['speedup']:.2f} times as fast** with {count} workers, start-up and all."
    )
    return "Workers", note, table(["workers", "wall s", "CPU s"], rows)


def ray(found):
    few, many = (str(found[name]) for name in ("against", "pages"))
    head = ["runner", f"{int(few):,} pages, wall s", f"{int(many):,} pages, wall s", "pages/s once started"]
    rows = [
        [runner, f"{both[few]:.1f}", f"{both[many]:.1f}", f"{found['pages_a_s'][runner] or 0:,.0f}"]
        for runner, both in found["wall_s"].items()
    ]
    note = (
        f"On this machine alone, {found['cores']} cores: what Ray adds to a run, for which it is started and stopped."
    )
    return "Ray", note, table(head, rows)


def scale(found):
    head = ["pages", "wall s", "CPU s", "CPU ms a page", "process", "peak MB", "first half", "second half", "ratio"]
    rows = []
    for name in ("small", "large"):
        one = found[name]
        facts = [f"{one['pages']:,}", f"{one['wall_s']:.0f}", f"{one['cpu_s']:.0f}"]
        facts.append(f"{one['cpu_s'] / one['pages'] * 1000:.2f}")
        for number, (pid, size) in enumerate(one["memory"].items()):
            process = "main" if pid == "main" else f"worker {number}"
            rows.append([*facts, process, size["peak"], size["first"], size["second"], size["ratio"]])
            facts = [""] * len(facts)
    note = (
        "Two archives, a WARC each, 2 workers; resident memory is sampled, and a tenth of the run is start-up. "
        f"CPU time a page, large by small: **{found['cpu_ratio']:.2f}**."
    )
    return "Memory over time, and size", note, table(head, rows)


def reading(found):
    head = ["", "wall s before", "after", "CPU s before", "after", "MB read before", "after"]
    rows = []
    for name, before in found["before"]["queries"].items():
        after = found["after"]["queries"][name]
        pairs = [(before[key], after[key]) for key in ("wall_s", "cpu_s")]
        cells = [f"{one:.3f}" for pair in pairs for one in pair]
        rows.append([name, *cells, *(f"{one['read_bytes'] / 1e6:,.1f}" for one in (before, after))])
    sizes = [f"{one['files']} files, {one['bytes'] / 1e9:.2f} GB" for one in (found["before"], found["after"])]
    matches = {query: f"{answer[0]:,}" for query, answer in found["before"]["answers"].items()}
    note = (
        f"{found['rows']:,} invented articles ({sizes[0]}), and after `newsclean compact` ({sizes[1]}, "
        f"{found['compacting']['wall_s']:.0f} s): the sum of one column; titles and bodies of one site "
        f"({matches['site']} rows); one article by its id, all columns. "
        "In fresh processes, from the page cache; medians."
    )
    return "Reading", note, table(head, rows)


SHOWN = {
    "stages": stages,
    "extraction": extraction,
    "main_job": main_job,
    "crawl": crawl,
    "workers": workers,
    "ray": ray,
    "scale": scale,
    "reading": reading,
}


def measured(part, *, is_quick, folder):
    """Run a part and return its section, or None where it failed."""
    script, whole, quick = PARTS[part]
    options = quick if is_quick else whole
    load = os.getloadavg()[0]
    file = folder / f"{part}.json"
    print(f"== {part}", flush=True)
    done = subprocess.run([sys.executable, HERE / script, *options, "--json", file], check=False)
    if done.returncode or not file.exists() or not (found := json.loads(file.read_text())):
        return None
    title, note, rows = SHOWN[part](found)
    command = " ".join(["python", f"tests/benchmarks/{script}", *options])
    told = f"`{command}`, load before: {load:.1f}" + ("; a quick run, its figures are rough" if is_quick else "")
    return f"## {title}\n\n{note}\n\n{rows}\n\n{told}\n"


def sections(text):
    """Return the sections of a page by part."""
    found = re.findall(r"<!-- part (\w+) -->\n(.*?)(?=\n<!-- part |\Z)", text, re.DOTALL)
    return {part: f"{section.rstrip()}\n" for part, section in found}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all without any")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("-o", "--output", type=Path, help="the page; docs/benchmarks.md for a run that is not quick")
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    target = chosen.output or (None if chosen.quick else TARGET)
    head = f"{INTRODUCTION}\n{machine()}\n"
    old = target.read_text(encoding="utf-8") if target and target.exists() else ""
    found = sections(old) if old.startswith(head) else {}
    failed = []
    for part in chosen.parts or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            section = measured(part, is_quick=chosen.quick, folder=Path(folder))
        if section is None:
            failed.append(part)
            continue
        found[part] = section
        page = head + "".join(f"\n<!-- part {name} -->\n{found[name]}" for name in PARTS if name in found)
        if target:
            target.write_text(page, encoding="utf-8")
    if not target:
        print(page)
    if failed:
        sys.exit(f"not measured: {', '.join(failed)}")


if __name__ == "__main__":
    main()
