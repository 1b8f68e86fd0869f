"""Rows made on a Ray cluster are those made here, whatever node or driver dies on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

pytest.importorskip("ray", reason="the extra ray is not installed")

_FILES = 110  # five shards
# Ray's own files are left open by Ray, and it warns of what it will change.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture
def cluster(monkeypatch, tmp_path_factory):
    """Three nodes of one core each, on loopback."""
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    from ray.cluster_utils import Cluster

    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    made.more = [made.add_node(num_cpus=1) for _ in range(2)]
    yield made
    made.shutdown()


@pytest.fixture
def pages(shared, tmp_path):
    """Some pages below a folder that is the dataset's neighbour."""
    folder = tmp_path / "raw"
    folder.mkdir()
    found = sorted((shared / "pages" / "dumps" / "tass_chinadaily").rglob("*.txt"))[:_FILES]
    for number, file in enumerate(found * (1 + _FILES // max(1, len(found)))):
        if number < _FILES:
            (folder / f"{number:04d}.txt").write_bytes(file.read_bytes())
    return folder


def clean(pages, output, *options):
    """Start a run in a process of its own."""
    command = [sys.executable, "-m", "newsclean", "clean", str(pages), "-o", str(output), "-q", "--no-report"]
    return subprocess.Popen([*command, "--language-backend", "langdetect", *options], start_new_session=True)


def commits(output):
    """How many shards are committed."""
    return len(list((output / "_newsclean" / "commits").glob("*.json")))


def after_the_first_commit(output, process):
    """Wait until a shard is committed and the run goes on."""
    until = time.monotonic() + 240
    while commits(output) < 1:
        assert process.poll() is None, "the run ended before anything could be killed"
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.fixture
def wanted(pages, rows, tmp_path):
    """The rows of a local run; what the dataset is called is no part of them."""
    assert clean(pages, tmp_path / "local" / "clean").wait() == 0
    return rows(tmp_path / "local" / "clean")


def test_a_lost_node_costs_nothing(cluster, pages, rows, wanted, tmp_path):
    """One of three nodes killed in mid-job: the rows are those of a local run, none lost and none twice."""
    output = tmp_path / "ray" / "clean"
    process = clean(pages, output, "--runner", "ray", "--address", cluster.address)
    after_the_first_commit(output, process)
    cluster.remove_node(cluster.more[0], allow_graceful=False)
    assert process.wait(300) == 0
    assert rows(output) == wanted


def test_a_killed_driver_is_started_again(cluster, pages, rows, wanted, tmp_path):
    """The driver killed in mid-job and started again: it does what is not committed, and the rows are the same."""
    output = tmp_path / "ray" / "clean"
    process = clean(pages, output, "--runner", "ray", "--address", cluster.address)
    after_the_first_commit(output, process)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    begun = commits(output)
    assert clean(pages, output, "--runner", "ray", "--address", cluster.address).wait(300) == 0
    assert begun < commits(output)
    assert rows(output) == wanted
