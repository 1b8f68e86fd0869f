"""Two hundred ordinary runs raise no alarm, and each fault among them does: see simulation.py for what is ordinary.

NEWSCLEAN_SIMULATIONS sets how many seeds of each kind of job there are (all kinds, then); without it
one of each of three kinds.
"""

from __future__ import annotations

import os
import random

import pytest

SEEDS = int(os.environ.get("NEWSCLEAN_SIMULATIONS", "0"))
RUNS = 200
QUICK = ("middling, daily", "busy, hourly", "small, daily")
WORLDS = (
    *QUICK,
    *(("busy, daily", "five sites, daily", "middling, every six hours") if SEEDS else ()),
)
# At a site of a few articles a day, a fault may need some days to be told from chance.
SURE = {
    "busy, daily": {"new layout", "new layout, no profile", "cookie wall", "cookie wall, known", "dates in 2099"},
    "middling, daily": {"new layout", "cookie wall", "cookie wall, known", "dates in 2099", "another language"},
    "five sites, daily": {"new layout, no profile", "cookie wall", "cookie wall, known", "dates in 2099"},
    "busy, hourly": {"empty feed"},
    "small, daily": {"empty feed"},
    "middling, every six hours": {"empty feed"},
}


@pytest.mark.slow
@pytest.mark.parametrize("world", WORLDS)
def test_ordinary_runs_raise_no_alarm_and_faults_do(world, simulation):
    """No alarm in 200 runs of natural variation; a fault put in the place of one of them is told at once."""
    for seed in range(max(SEEDS, 1)):
        dice = random.Random(seed)
        told = []
        for number, (slot, measures, crawl, past, alarms) in enumerate(
            simulation.judged(simulation.WORLDS[world], RUNS, seed)
        ):
            told += [f"run {number} of seed {seed}: {one.sentence}" for one in alarms]
            if (number in {8, 40, 199} and measures.articles >= 25) or number == 100:
                for fault in SURE[world] | {"empty feed"}:
                    change, wanted = simulation.FAULTS[fault]
                    if fault != "empty feed" and measures.articles < 25:
                        continue
                    made = simulation.subject_of(slot, change(measures, dice), simulation.crawl_of(fault, crawl), past)
                    found = {one.check for one in simulation.judge(made)}
                    assert found & wanted, f"{fault} in run {number} of seed {seed} was not seen, but {found}"
        assert told == []
