"""Same bytes, same code, same profile, same row: whatever the workers, the order and the time."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest


def clean(paths, output, *options):
    command = [sys.executable, "-m", "newsclean", "clean", *map(str, paths), "-o", str(output), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def sample(shared, files_below):
    """Return every fifth of all pages, and all seeds."""
    pages = shared / "pages"
    folders = [pages / name for name in ("kremlin", "publishers", "wcxb", "dumps", "tass", "chinadaily", "xinhua")]
    return files_below(*folders)[::5] + files_below(shared / "seeds")


@pytest.fixture(scope="module")
def one_worker(sample, tmp_path_factory):
    output = tmp_path_factory.mktemp("one") / "clean"
    clean(sample, output, "--workers", "1")
    return output


@pytest.mark.slow
@pytest.mark.parametrize("workers", [0, 2, 4])
def test_rows_do_not_depend_on_workers_or_order(sample, one_worker, tmp_path, rows, workers):
    """Any number of workers and any order of the paths give the same rows, in new processes with other hash seeds."""
    shuffled = random.Random(workers).sample(sample, len(sample))
    output = tmp_path / "clean"
    clean(shuffled, output, "--workers", str(workers))
    found, wanted = rows(output), rows(one_worker)
    assert found["pages"] == wanted["pages"]
    assert found == wanted
    assert len(wanted["pages"]) == len(sample)


@pytest.mark.slow
def test_a_rerun_does_nothing_and_says_so(sample, one_worker, rows):
    """A second run over the same input changes no file of the dataset's tables."""
    before = {path: path.stat().st_mtime_ns for path in one_worker.rglob("*.parquet")}
    assert "nothing to do" in clean(sample, one_worker)
    assert {path: path.stat().st_mtime_ns for path in one_worker.rglob("*.parquet")} == before


@pytest.mark.slow
def test_rows_do_not_depend_on_the_runs_they_were_added_in(sample, one_worker, tmp_path, rows):
    """Pages cleaned in three portions, each on top of the last, give the rows of one run."""
    output = tmp_path / "clean"
    for end in (len(sample) // 3, len(sample) // 2, len(sample)):
        clean(sample[:end], output)
    assert rows(output) == rows(one_worker)
