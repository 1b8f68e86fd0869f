"""Fixtures of the alarms' tests: the modules beside them, and a project with a job."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest


def _load(name):
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"alarms_{name}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def newsroom():
    return _load("newsroom")


@pytest.fixture(scope="session")
def simulation():
    return _load("simulation")


@pytest.fixture
def desk(tmp_path, newsroom):
    """Return what makes a job's desk in a project of its own; closed at the end."""
    module = _load("desk")
    made = []

    def make(name="project", **options):
        project = tmp_path / name
        (project / "sites").mkdir(parents=True, exist_ok=True)
        (project / "raw").mkdir(exist_ok=True)
        (project / "sites" / "lowmark.test.toml").write_text(newsroom.PROFILE)
        made.append(module.Desk(project, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()
