"""Clean a large archive and watch the workers: memory over time, and CPU time against a smaller one.

    python tests/benchmarks/scale.py [--pages 10000] [--against 1000] [--workers 2] [--folder DIR] [--json FILE]

The archives are made by archive_maker.py. Told are, of each worker, the highest resident memory of
the first and the second half of the run (sampled; the first tenth, in which it starts, counts for
none), and the CPU time a page of all processes for both archives. The long form is
`--pages 100000 --against 10000`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import archive_maker

SAMPLE_S = 0.2
START_SHARE = 0.1


def children(pid):
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def resident(pid):
    """Return the resident memory of a process in MB; None where it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6
    except (OSError, IndexError):
        return None


def run(archive, workers, folder, options=()):
    """Clean an archive into an empty dataset and return what was seen of it."""
    output = folder / "clean"
    shutil.rmtree(output, ignore_errors=True)
    command = [sys.executable, "-m", "newsclean", "clean", str(archive), "-o", str(output), "--json"]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen([*command, "--workers", str(workers), *options], stdout=out, stderr=errors)
        seen = watched(process)
        out.seek(0)
        errors.seek(0)
        assert seen["code"] == 0, errors.read().decode()
        report = json.load(out)
    return seen | {"pages": report["pages"], "articles": report["articles"], "shards": report["shards"]}


def watched(process):
    """Wait for a run and return its code, times, and the memory of its processes over time."""
    began = time.monotonic()
    memory, samples = {}, []
    while True:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            break
        with_workers = [process.pid, *children(process.pid)]
        now = time.monotonic() - began
        for pid in with_workers:
            if (size := resident(pid)) is not None:
                memory.setdefault("main" if pid == process.pid else pid, []).append((now, size))
        samples.append(now)
        time.sleep(SAMPLE_S)
    process.returncode = os.waitstatus_to_exitcode(status)
    return {
        "code": process.returncode,
        "wall_s": time.monotonic() - began,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "memory": {str(pid): halves(sizes) for pid, sizes in memory.items()},
    }


def halves(sizes):
    """Return the peaks of both halves in MB, and the second by the first."""
    begin, end = sizes[0][0], sizes[-1][0]
    start, middle = begin + START_SHARE * (end - begin), (begin + end) / 2
    first = max((size for at, size in sizes if start <= at < middle), default=0)
    second = max((size for at, size in sizes if at >= middle), default=0)
    whole = max(size for _, size in sizes)
    return {
        "peak": round(whole),
        "first": round(first),
        "second": round(second),
        "ratio": round(second / (first or 1), 3),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--against", type=int, default=1_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "newsclean-benchmark")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    chosen.folder.mkdir(exist_ok=True, parents=True)
    found = {"machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"}
    for name, pages in (("small", chosen.against), ("large", chosen.pages)):
        archive = archive_maker.make(chosen.folder / f"{pages}.warc.gz", pages)
        found[name] = run(archive, chosen.workers, chosen.folder) | {"archive_bytes": archive.stat().st_size}
        one = found[name]
        print(f"{one['pages']:,} pages in {one['shards']} shards: {one['wall_s']:.0f} s, {one['cpu_s']:.1f} s of CPU,")
        print(f"  {one['cpu_s'] / one['pages'] * 1000:.3f} ms of CPU a page; memory in MB: {one['memory']}", flush=True)
    ratio = (found["large"]["cpu_s"] / found["large"]["pages"]) / (found["small"]["cpu_s"] / found["small"]["pages"])
    found["cpu_ratio"] = round(ratio, 3)
    print(f"CPU time a page, large by small: {ratio:.3f}")
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
