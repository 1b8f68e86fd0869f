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


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name byte strings by their length: what is in them may hold the time, and all workers must see the same names."""
    return f"{len(val)}-bytes" if isinstance(val, bytes) else None
