"""The scores on all gold sets, held by floors beside a hash of the gold that they were measured on.

A floor is lowered only by `python tests/eval/measure.py --write --allow-lower`, so that it shows in review.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from newsclean_eval import GOLD_SETS, figures_of, gold_sha256

FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(GOLD_SETS))
def test_no_score_falls_below_its_floor(name: str, shared: Path, tmp_path: Path) -> None:
    """`newsclean clean` over a gold set scores at least what is pinned for it."""
    floors = FLOORS[name]
    assert floors["gold_sha256"] == gold_sha256(shared, name), "the gold has changed: measure again (see measure.py)"
    figures = figures_of(shared, name, tmp_path / "clean")
    fallen = {key: (figures.get(key), floor) for key, floor in floors["figures"].items() if figures.get(key, 0) < floor}
    assert not fallen, f"below their floors (measured, floor): {fallen}"


def test_every_gold_set_has_floors() -> None:
    """A gold set without floors could fall unseen."""
    assert sorted(FLOORS) == sorted(GOLD_SETS)
