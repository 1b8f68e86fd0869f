"""The scores on all gold sets, held by floors beside a hash of the pages that they were measured on.

A floor is lowered only by `newsclean eval GOLD --floors FILE --write --allow-lower`, so that it
shows in review; `python tests/eval/measure.py` does it for all sets.
"""

from __future__ import annotations

import importlib.util
import warnings
from functools import cache
from pathlib import Path

import pytest
from gold_sets import GOLD_SETS, floors_file

from newsclean.report.evaluation import clean_corpus, load_corpus, score_dataset
from newsclean.report.floors import load_floors
from newsclean.run.options import RunOptions

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def measured(shared, tmp_path_factory):
    """Return what cleans a gold set, once, and gives its corpus, the dataset and the score."""
    folder = tmp_path_factory.mktemp("scores")

    @cache
    def measure(name):
        place = shared / GOLD_SETS[name]
        if not (place / "gold.jsonl").exists():
            pytest.skip(f"no gold to score against: {place}/gold.jsonl is not there")
        corpus = load_corpus(place)
        dataset = folder / name.replace("/", "-")
        clean_corpus(corpus, dataset, options=RunOptions(workers=2))
        return corpus, dataset, score_dataset(corpus, dataset)

    return measure


@pytest.mark.parametrize("name", sorted(GOLD_SETS))
def test_no_score_falls_below_its_floor(name, measured):
    """Each figure of a gold set is at least what is pinned for it, on the pages that it was pinned on."""
    corpus, _, found = measured(name)
    floors = load_floors(floors_file(name))
    assert floors is not None
    assert floors.is_of(corpus), "gold or pages have changed: measure again (see measure.py)"
    fallen = {key: (found.figures.get(key), floor) for key, floor in floors.fallen(found.figures).items()}
    assert not fallen, f"below their floors (measured, floor): {fallen}"


@pytest.mark.parametrize("name", sorted(GOLD_SETS))
def test_figures_are_those_of_the_shared_scorer(name, measured, shared):
    """Our formulas give the shared scorer's figures to four digits, and the same worst pages."""
    corpus, dataset, found = measured(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves closing its gold to the interpreter
        theirs, worst = _scorer(shared).score(corpus.gold, dataset)
    ours = {"pages": found.articles, "rows": found.rows, "bad(F1<.5)": found.bad}
    for key, one in (("body", found.body), ("lead+", found.lead)):
        ours[key] = {"F1": one.f1, "P": one.precision, "R": one.recall}
    ours |= found.shares
    if found.snippets:
        ours["snippets"] = dict(found.snippets)
    assert ours == theirs
    assert [(page.f1, page.precision, page.recall, page.file) for page in found.worst] == worst


def test_every_gold_set_has_floors():
    """A gold set without floors could fall unseen."""
    pinned = {path.name for path in (Path(__file__).parent / "floors").glob("*.json")}
    assert pinned == {floors_file(name).name for name in GOLD_SETS}


def _scorer(shared):
    spec = importlib.util.spec_from_file_location("score", shared / "eval" / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
