"""Measure all gold sets by `newsclean eval` and pin the figures as floors.

python tests/eval/measure.py [SET ...] [--allow-lower]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from gold_sets import GOLD_SETS, floors_file

SHARED = Path(__file__).resolve().parents[3] / "shared"


def main() -> None:
    """Measure the named sets, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", metavar="SET", help=f"any of {', '.join(GOLD_SETS)}")
    parser.add_argument("--allow-lower", action="store_true")
    options = parser.parse_args()
    codes = [
        subprocess.run(
            [
                *(sys.executable, "-m", "newsclean", "eval", SHARED / GOLD_SETS[name]),
                *("--floors", floors_file(name), "--write", *(["--allow-lower"] if options.allow_lower else [])),
            ],
            check=False,
        ).returncode
        for name in options.sets or sorted(GOLD_SETS)
    ]
    sys.exit(max(codes))


if __name__ == "__main__":
    main()
