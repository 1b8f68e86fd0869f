"""A migration, or a compaction to another form, may be killed anywhere: no row is lost, doubled or hidden."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from newsclean.dataset import Dataset, FormChoice, held, verify
from newsclean.dataset.compaction import DEFAULT_TARGET_BYTES, compact
from newsclean.dataset.migrating import migrate

SCRIPT = Path(__file__).with_name("rewriting_steps.py")
# The default tries every so manieth step, the long form every one.
CHOICES = {
    "by_site": FormChoice(partition_by="site"),
    "by_site_alone": FormChoice(partition_by="site", bloom_filters=("url",)),
}
TARGETS = {"by_site": DEFAULT_TARGET_BYTES, "by_site_alone": 1}
STRIDE = 1 if os.environ.get("NEWSCLEAN_KILLS") else 23


def state(path, samples):
    """All rows of a dataset and of what it holds back, by way of the records, and without changing anything."""
    dataset = Dataset.open(path, create=False)
    batches = [Dataset.open(batch.path, create=False) for batch in held.batches_of(dataset)]
    return [samples.content(one) for one in (dataset, *batches)]


def finish(path, scenario):
    """Do the same again."""
    with Dataset.open(path, create=False) as dataset:
        if scenario == "brought_up":
            list(migrate(dataset))
        else:
            list(compact(dataset, choice=CHOICES[scenario], target_bytes=TARGETS[scenario]))


def files(path):
    """All files but locks."""
    return {file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file() and file.name != "lock"}


@pytest.mark.parametrize("scenario", ["by_site", "by_site_alone", "brought_up"])
def test_killed_anywhere_it_hides_no_row_and_is_finished_by_the_next_call(scenario, tmp_path, samples):
    """Right after the kill all rows are there for who goes by the records; called again, it ends as if never cut."""
    command = [sys.executable, str(SCRIPT), str(tmp_path), scenario, str(STRIDE)]
    steps = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split("\n")
    rows = state(tmp_path / "before", samples)
    assert rows == state(tmp_path / "after", samples)
    assert list(verify(tmp_path / "before")) == list(verify(tmp_path / "after")) == []
    assert files(tmp_path / "before") != files(tmp_path / "after") or scenario == "brought_up"
    assert len(steps) > 100
    for number in range(1, len(steps) + 1, STRIDE):
        path = tmp_path / str(number)
        assert state(path, samples) == rows, f"hidden by a kill before {steps[number - 1]}"
        finish(path, scenario)
        assert state(path, samples) == rows
        assert files(path) == files(tmp_path / "after")
        assert list(verify(path)) == [], f"after a kill before {steps[number - 1]}"
