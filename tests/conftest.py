"""Fixtures for all tests: where the real pages lie, and skipping, with a word, where they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = REPOSITORY.parent / "shared"
    if not (folder / "pages").is_dir():
        pytest.skip(f"no real pages to read: {folder}/pages is not there")
    return folder
