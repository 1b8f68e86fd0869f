"""Addresses in an object store as paths: names, and what only a disk can do."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from newsclean.errors import DatasetError
from newsclean.remote.objects import StoreError
from newsclean.remote.path import StorePath, place_of


@pytest.mark.parametrize("text", ["s3://bucket/a/clean", "s3:/bucket/a/clean", Path("s3://bucket/a/clean")])
def test_an_address_keeps_its_form(text):
    """However a command line or pathlib wrote it, it is an address of a store, and reads as one."""
    place = place_of(text)
    assert isinstance(place, StorePath)
    assert str(place) == place.as_posix() == f"{place}" == "s3://bucket/a/clean"
    assert place_of(place) is place
    assert (place.key, place.for_arrow) == ("a/clean", "bucket/a/clean")
    assert StorePath("s3://bucket").key == ""
    assert str(place_of("s3://")) == "s3://"


@pytest.mark.parametrize("text", ["clean", "/data/clean", "data/s3/clean", "s3:clean", "s3/clean", "."])
def test_other_paths_stay_on_the_disk(text):
    """What does not begin with s3:// is a file."""
    assert type(place_of(text)) is type(Path(text))


def test_it_is_handled_as_paths_are():
    """Joined, parted, compared, sorted, sent to another process: it stays an address."""
    root = place_of("s3://bucket/clean")
    part = root / "articles" / "part-a.parquet"
    assert str(part) == "s3://bucket/clean/articles/part-a.parquet"
    assert part.parent.parent == root == root.resolve() == root.absolute()
    assert str(part.with_name("b")) == "s3://bucket/clean/articles/b"
    assert part.relative_to(root).as_posix() == "articles/part-a.parquet"
    assert pickle.loads(pickle.dumps(part)) == part
    assert isinstance(pickle.loads(pickle.dumps(part)), StorePath)
    assert sorted([part, root]) == [root, part]
    assert {part: 1}[root / "articles/part-a.parquet"] == 1


@pytest.mark.parametrize("use", [os.fspath, open, os.stat, os.listdir, Path.touch, lambda path: path.open("w")])
def test_what_only_a_disk_can_do_is_refused(use, tmp_path, monkeypatch):
    """No file and no folder named `s3:` is made by what does not know of stores."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DatasetError, match="s3://bucket/clean: this can only be done on a disk"):
        use(place_of("s3://bucket/clean"))
    assert not list(tmp_path.iterdir())


def test_an_error_of_a_store_travels():
    """It comes back from a worker as it was, and counts as an error of the system and of the dataset."""
    error = pickle.loads(pickle.dumps(StoreError("s3://bucket/a", "it fails", "run again")))
    assert str(error) == "s3://bucket/a: it fails; run again"
    assert isinstance(error, OSError)
    assert isinstance(error, DatasetError)
