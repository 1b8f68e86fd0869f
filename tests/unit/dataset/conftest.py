"""Fixtures of the dataset tests: invented samples, and a dataset to fill."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from newsclean.dataset import Dataset

HERE = Path(__file__).parent


def load(name):
    spec = importlib.util.spec_from_file_location(f"dataset_{name}", HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def samples():
    return load("samples")


@pytest.fixture(scope="session")
def old_layout():
    return load("old_layout")


@pytest.fixture
def dataset(tmp_path):
    with Dataset.open(tmp_path / "clean", create=True) as opened:
        yield opened
