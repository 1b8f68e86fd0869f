"""Run the main job over a gold set and score what it wrote with the shared scorer."""

from __future__ import annotations

import hashlib
import importlib.util
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["GOLD_SETS", "figures_of", "gold_sha256"]

# name -> folder below shared/ that holds gold.jsonl and the pages
GOLD_SETS = {
    "seeds": "seeds",
    "kremlin": "pages/kremlin",
    "publishers": "pages/publishers",
    "wcxb": "pages/wcxb",
    "dumps/kremlin": "pages/dumps/kremlin",
    "dumps/kremlin_article": "pages/dumps/kremlin_article",
    "dumps/tass_chinadaily": "pages/dumps/tass_chinadaily",
    "dumps/publishers": "pages/dumps/publishers",
    "dumps/wcxb": "pages/dumps/wcxb",
}
_FIGURES = (
    "exact",
    "title",
    "standfirst",
    "date",
    "authors",
    "language",
    "agency",
    "captions",
    "topics",
    "articles",
    "no_article",
)


def gold_sha256(shared: Path, name: str) -> str:
    """Return the hash of a set's gold: floors are only worth something beside it."""
    return hashlib.sha256((shared / GOLD_SETS[name] / "gold.jsonl").read_bytes()).hexdigest()


def figures_of(shared: Path, name: str, clean: Path, workers: int = 2) -> dict[str, float]:
    """Clean a set into `clean` by the command and return the scorer's figures, `body` as its F1."""
    folder = shared / GOLD_SETS[name]
    command = [
        sys.executable,
        "-m",
        "newsclean",
        "clean",
        str(folder),
        "-o",
        str(clean),
        "-q",
        "--workers",
        str(workers),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1} or not (clean / "pages").is_dir():
        raise AssertionError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr}")
    result = _scorer(shared).score(folder / "gold.jsonl", clean)[0]
    figures = {key: result[key] for key in _FIGURES if result.get(key) is not None}
    return {"body": result["body"]["F1"], **figures}


def _scorer(shared: Path) -> Any:
    spec = importlib.util.spec_from_file_location("score", shared / "eval" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
