"""The benchmarks run, on next to nothing, and the page that they write keeps what it should."""

from __future__ import annotations

import importlib.util
import json
import platform
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def page():
    """The module that runs all and writes the page."""
    spec = importlib.util.spec_from_file_location("benchmark_page", HERE / "all.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.parametrize(
    ("part", "options"),
    [("stages", ["invented", "--pages", "12", "--rounds", "1"]), ("reading", ["--rows", "6000", "--rounds", "1"])],
)
def test_a_part_runs_and_has_a_table(part, options, page, tmp_path):
    """From its script to the table in the page, with a few rows or pages."""
    pytest.importorskip("duckdb")
    pytest.importorskip("polars")
    script, *_ = page.PARTS[part]
    command = [sys.executable, HERE / script, *options, "--folder", tmp_path, "--json", tmp_path / "found.json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    title, note, table = page.SHOWN[part](json.loads((tmp_path / "found.json").read_text()))
    assert title
    assert note
    widths = {line.count("|") for line in table.splitlines()}
    assert len(widths) == 1


@pytest.mark.slow
def test_the_search_for_copies_runs(tmp_path):
    """The benchmark of `dedup` writes rows of today's form."""
    command = [sys.executable, HERE / "dedup_scale.py", tmp_path, "250"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["articles"] == 250


def test_the_page_keeps_the_parts_that_are_not_run(page, tmp_path, monkeypatch):
    """A part that is run takes the place of its old section; after a change of machine all others go."""
    target = tmp_path / "benchmarks.md"
    monkeypatch.setattr(page, "machine", lambda: "| one |")
    monkeypatch.setattr(page, "measured", lambda part, **_: f"## {part}\n\n| 1 |\n")

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["all.py", *arguments, "-o", str(target)])
        page.main()
        return list(page.sections(target.read_text()))

    assert run("ray", "stages") == ["stages", "ray"]
    assert run("scale") == ["stages", "ray", "scale"]
    assert page.sections(target.read_text())["ray"] == "## ray\n\n| 1 |\n"
    monkeypatch.setattr(page, "machine", lambda: "| another |")
    assert run("reading") == ["reading"]


def test_the_machine_has_no_name(page):
    """What is told of the machine is what it is made of."""
    told = page.machine()
    assert "Python" in told
    assert not platform.node() or platform.node() not in told
    assert str(Path.cwd()) not in told
