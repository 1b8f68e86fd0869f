"""The gold sets beside the repository, and where the floors of each are pinned."""

from __future__ import annotations

from pathlib import Path

__all__ = ["GOLD_SETS", "floors_file"]

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


def floors_file(name: str) -> Path:
    """Return the file that the floors of a set are pinned in."""
    return Path(__file__).resolve().parent / "floors" / f"{name.replace('/', '-')}.json"
