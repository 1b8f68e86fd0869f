"""Partitions, migration and compaction in an object store, with sites whose names an address would take otherwise."""

from __future__ import annotations

import importlib.util
import json
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from newsclean.dataset import SCHEMA_VERSION, Dataset, FormChoice, verify
from newsclean.dataset.compaction import compact
from newsclean.dataset.migrating import migrate
from newsclean.errors import SchemaTooOld
from newsclean.remote.path import place_of

UNIT = Path(__file__).parents[1] / "unit" / "dataset"
SITES = ("tass.com", "море.рф", "../../etc", "a/b c+d", "*?[x]#&=%2e", None)


def loaded(name):
    spec = importlib.util.spec_from_file_location(f"remote_{name}", UNIT / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


samples = loaded("samples")


@pytest.fixture
def address(object_store):
    """The address of a dataset that is to be."""
    name = f"news-{uuid.uuid4().hex[:8]}"
    object_store.create_bucket(Bucket=name)
    return f"s3://{name}/clean"


def of_site(name, site):
    found = samples.outcome(f"raw/{name}.html", text=name)
    return replace(found, site=site, articles=(replace(found.articles[0], site=site),))


def fill(address, choice=None):
    """Two shards of all sites."""
    with Dataset.open(address, create=True, choice=choice) as dataset:
        for shard in "ab":
            samples.commit(dataset, shard, [of_site(f"{shard}{at}", site) for at, site in enumerate(SITES)])
        return samples.content(dataset)


def test_folders_by_site_in_a_store(address):
    """The keys of hostile sites are the names that a disk has; the rows are the same, before and after compaction."""
    rows = fill(address, FormChoice(partition_by="site"))
    dataset = Dataset.open(address, create=False)
    names = {path.parent.name for path in dataset.parts("articles")}
    assert "site_key=%2e%2e%2f%2e%2e%2fetc" in names
    assert len(names) == len(SITES)
    assert list(verify(address)) == []
    with Dataset.open(address, create=True) as opened:
        assert opened.sweep().removed == ()
        list(compact(opened))
        assert len(opened.parts("articles")) == len(SITES)
        list(compact(opened, choice=FormChoice(partition_by="none", bloom_filters=("url",))))
        assert len(opened.parts("articles")) == 1
        assert samples.content(opened) == rows
    assert list(verify(address)) == []


def test_migration_in_a_store(address, tmp_path):
    """A dataset of version 1 that was brought to a store is read there, refused to be written, and migrated."""
    rows = fill(tmp_path / "clean")
    loaded("old_layout").age(tmp_path / "clean")
    there = place_of(address)
    for path in (tmp_path / "clean").rglob("*.*"):
        if path.is_file():
            (there / path.relative_to(tmp_path / "clean").as_posix()).write_bytes(path.read_bytes())
    assert list(verify(address)) == []
    with pytest.raises(SchemaTooOld, match=f"newsclean migrate {address}"):
        Dataset.open(address, create=True)
    with Dataset.open(address, create=False) as dataset:
        assert list(migrate(dataset)) == ["a", "b"]
        assert len(samples.content(dataset)["articles"]) == len(rows["articles"])
    assert list(verify(address)) == []
    assert json.loads((there / "_newsclean" / "dataset.json").read_bytes())["schema_version"] == SCHEMA_VERSION
