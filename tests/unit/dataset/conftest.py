"""Fixtures of the dataset tests: invented samples, and a dataset to fill."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from newsclean.dataset import Dataset

SAMPLES = Path(__file__).with_name("samples.py")


@pytest.fixture(scope="session")
def samples():
    spec = importlib.util.spec_from_file_location("dataset_samples", SAMPLES)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def dataset(tmp_path):
    with Dataset.open(tmp_path / "clean", create=True) as opened:
        yield opened
