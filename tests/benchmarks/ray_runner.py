"""What the Ray runner costs on one machine: the same archives by local workers and by Ray, runs interleaved, medians.

    python tests/benchmarks/ray_runner.py [--pages 8000] [--against 100] [--rounds 3] [--folder DIR] [--json FILE]

As many local workers as cores, as Ray takes them. The small archive shows what starting up takes; wall time
counts, so that the machine has to be idle.
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

RUNNERS = {"local": (), "ray": ("--runner", "ray")}


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=8_000)
    parser.add_argument("--against", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "newsclean-benchmark")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    chosen.folder.mkdir(exist_ok=True, parents=True)
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    cores = len(os.sched_getaffinity(0))
    taken = {(pages, runner): [] for pages in (chosen.against, chosen.pages) for runner in RUNNERS}
    articles = {}
    for _ in range(chosen.rounds):
        for (pages, runner), found in taken.items():
            archive = archive_maker.make(chosen.folder / f"{pages}.warc.gz", pages)
            seen = scale.run(archive, cores, chosen.folder, RUNNERS[runner])
            assert articles.setdefault(pages, seen["articles"]) == seen["articles"]
            found.append(seen["wall_s"])
            print(f"{runner}, {pages:,} pages: {seen['wall_s']:.1f} s", flush=True)
    wall_s = {runner: {pages: statistics.median(taken[pages, runner]) for pages, _ in taken} for runner in RUNNERS}
    more = chosen.pages - chosen.against
    longer_s = {runner: both[chosen.pages] - both[chosen.against] for runner, both in wall_s.items()}
    pages_a_s = {runner: more / seconds if seconds > 0 else None for runner, seconds in longer_s.items()}
    for runner, both in wall_s.items():
        print(f"{runner}: {both[chosen.against]:.1f} s to start with, then {pages_a_s[runner] or 0:.0f} pages/s")
    if chosen.json:
        found = {"cores": cores, "pages": chosen.pages, "against": chosen.against, "pages_a_s": pages_a_s}
        chosen.json.write_text(json.dumps(found | {"wall_s": wall_s}, indent=1) + "\n")


if __name__ == "__main__":
    main()
