"""How much faster two workers are than one: the same archive, runs interleaved, medians.

    python tests/benchmarks/workers.py [--pages 4000] [--rounds 5] [--workers 1 2] [--folder DIR] [--json FILE]

Wall time counts, so that the machine has to be idle; the load before each run is told, and CPU time
beside it, which shows whether the work itself grew.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
from pathlib import Path

import archive_maker
import scale


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=4_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, nargs=2, default=(1, 2))
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "newsclean-benchmark")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    chosen.folder.mkdir(exist_ok=True, parents=True)
    archive = archive_maker.make(chosen.folder / f"{chosen.pages}.warc.gz", chosen.pages)
    wall = {count: [] for count in chosen.workers}
    cpu = {count: [] for count in chosen.workers}
    for number in range(chosen.rounds):
        # Who goes first changes: what was read last is in memory.
        for count in chosen.workers if number % 2 == 0 else reversed(chosen.workers):
            load = os.getloadavg()[0]
            seen = scale.run(archive, count, chosen.folder)
            wall[count].append(seen["wall_s"])
            cpu[count].append(seen["cpu_s"])
            print(
                f"{count} workers: {seen['wall_s']:.1f} s, {seen['cpu_s']:.1f} s of CPU (load before: {load:.1f})",
                flush=True,
            )
    one, two = (statistics.median(wall[count]) for count in chosen.workers)
    more = statistics.median(cpu[chosen.workers[1]]) / statistics.median(cpu[chosen.workers[0]])
    few, many = chosen.workers
    print(f"{many} workers are {one / two:.2f} times as fast as {few}; CPU time is {more:.2f} times")
    if chosen.json:
        chosen.json.write_text(json.dumps({"wall_s": wall, "cpu_s": cpu, "speedup": one / two}, indent=1) + "\n")


if __name__ == "__main__":
    main()
