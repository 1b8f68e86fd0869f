"""Script: write a dataset anew in another form, and kill a process before each of its steps with SIGKILL.

    rewriting_steps.py FOLDER SCENARIO STRIDE [FIRST]

leaves FOLDER/before and FOLDER/after, and FOLDER/1, ...: after a kill before each STRIDE-th step, from FIRST
on. Prints the names of all steps.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import held_steps
import old_layout
import samples

import newsclean.dataset.parquet.writer  # noqa: F401  # pyarrow once, before the forks
from newsclean.dataset import Dataset, FormChoice, held
from newsclean.dataset.compaction import compact
from newsclean.dataset.migrating import migrate

SITES = ("example.org", "Example.ORG", "../etc", "море.рф", None)


def of_site(name, site):
    """A page with one article of a site."""
    found = samples.outcome(f"raw/{name}.html", text=name)
    return replace(found, site=site, articles=(replace(found.articles[0], site=site),))


def begin(path):
    """Three shards of several sites, one of rejections, and a batch that is held back."""
    with Dataset.open(path, create=True) as dataset:
        dataset.sweep()
        samples.commit(dataset, "many", [of_site(f"many-{at}", site) for at, site in enumerate(SITES)])
        samples.commit(dataset, "few", [of_site("few", SITES[0]), of_site("fewer", SITES[3])])
        samples.commit(dataset, "none", [samples.rejected("raw/menu.html")])
        held_steps.hold_shard(dataset, "new", [of_site("held", SITES[2]), of_site("kept", SITES[0])])
        held.note_batch(dataset, "b", held_steps.NOTE)


def begin_aged(path):
    """The same, as version 1 had it."""
    begin(path)
    old_layout.age(path)


def by_site(dataset):
    """Folders a site, and all shards put together."""
    list(compact(dataset, choice=FormChoice(partition_by="site")))


def by_site_alone(dataset):
    """Folders a site, each shard by itself."""
    list(compact(dataset, choice=FormChoice(partition_by="site", bloom_filters=("url",)), target_bytes=1))


def brought_up(dataset):
    """The version of today."""
    list(migrate(dataset))


SCENARIOS = {f.__name__: f for f in (by_site, by_site_alone, brought_up)}
BEGINNINGS = {"brought_up": begin_aged}


def do(path, scenario):
    """Do it to its end."""
    with Dataset.open(path, create=False) as dataset:
        dataset.sweep()
        SCENARIOS[scenario](dataset)


def main():
    folder, scenario, stride = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    first = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    beginning = BEGINNINGS.get(scenario, begin)
    held_steps.killed_before_each(folder, beginning, SCENARIOS[scenario], stride, first=first)


if __name__ == "__main__":
    main()
