"""Fixtures of the alarms' tests: the modules beside them, and a project with a job."""

from __future__ import annotations

import importlib.util
import shutil
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


@pytest.fixture(scope="session")
def desk_module():
    return _load("desk")


@pytest.fixture(scope="session")
def ordinary_days(newsroom, desk_module, tmp_path_factory):
    """Return what gives a project after eight ordinary days, of which none raised anything, as it was after some."""
    base = tmp_path_factory.mktemp("ordinary")
    project = base / "0"
    (project / "sites").mkdir(parents=True)
    (project / "raw").mkdir()
    (project / "sites" / "lowmark.test.toml").write_text(newsroom.PROFILE)

    def after(days):
        made = base / str(days)
        if not made.exists():
            shutil.copytree(after(days - 1), made)
            newsroom.save(
                made / "raw" / f"{days - 1:02}", newsroom.Newsroom().day(days - 1), f"2026-03-{days + 1:02}T20:00:00Z"
            )
            desk = desk_module.Desk(made, number=days - 1)
            assert desk.run() == ()
            desk.close()
        return made

    return after


@pytest.fixture
def desk(tmp_path, ordinary_days, desk_module):
    """Return what makes a job's desk in a project of its own, after some ordinary days; closed at the end."""
    made = []

    def make(name="project", *, days=0, **options):
        project = tmp_path / name
        shutil.copytree(ordinary_days(days), project)
        made.append(desk_module.Desk(project, number=days, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()
