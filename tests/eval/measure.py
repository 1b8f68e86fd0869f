"""Measure all gold sets and print them; `--write` pins them as floors.

    python tests/eval/measure.py [SET ...] [--write [--allow-lower]]

A floor is the measured figure less a margin of half a point, so that it catches a fall and not a
rounding. Without --allow-lower a floor only rises.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from newsclean_eval import GOLD_SETS, figures_of, gold_sha256

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[2] / "shared"
MARGIN = 0.005


def floor_of(figure: float) -> float:
    """Return the floor for a measured figure: exact for a perfect one, else half a point below."""
    return 1.0 if figure == 1.0 else round(max(0.0, figure - MARGIN), 4)


def main() -> None:
    """Measure the named sets, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", metavar="SET", help=f"any of {', '.join(GOLD_SETS)}")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--allow-lower", action="store_true")
    options = parser.parse_args()
    path = HERE / "floors.json"
    floors = json.loads(path.read_text(encoding="utf-8"))
    for name in options.sets or sorted(GOLD_SETS):
        with tempfile.TemporaryDirectory() as folder:
            figures = figures_of(SHARED, name, Path(folder) / "clean")
        print(name, json.dumps(figures))
        old = floors.get(name, {}).get("figures", {})
        new = {key: floor_of(value) for key, value in figures.items()}
        fallen = [key for key, floor in old.items() if new.get(key, 0.0) < floor]
        if fallen and not options.allow_lower:
            print(f"  kept the higher floors of {', '.join(fallen)}; --allow-lower would lower them", file=sys.stderr)
            new.update({key: old[key] for key in fallen})
        floors[name] = {"gold_sha256": gold_sha256(SHARED, name), "figures": new}
    if options.write:
        path.write_text(json.dumps(floors, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
