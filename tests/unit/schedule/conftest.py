"""Fixtures of the schedule's tests: a project with a newsclean.toml, its ledger, a world for its jobs."""

from __future__ import annotations

import datetime as dt

import pytest


@pytest.fixture
def project(tmp_path):
    """Return what writes newsclean.toml and loads its jobs."""
    from newsclean.schedule.jobs import load_jobs

    def load(text):
        (tmp_path / "newsclean.toml").write_text(text, encoding="utf-8")
        return load_jobs(tmp_path)

    return load


@pytest.fixture
def ledger(tmp_path):
    from newsclean.schedule.ledger import Ledger

    with Ledger(tmp_path / ".newsclean" / "ledger.sqlite", is_durable=False) as opened:
        yield opened


@pytest.fixture
def world(project, ledger):
    """Return what makes a world of jobs, given as TOML; runs take ten minutes and end well unless told otherwise."""
    from world import World

    def make(text, **behaviour):
        behaviour.setdefault("takes", lambda job, slot, attempt: dt.timedelta(minutes=10))
        return World(project(text), ledger, **behaviour)

    return make


@pytest.fixture
def at():
    """Return what reads a time of 1 May 2026, UTC, as 6:30 or 2 6:30 for the day after."""

    def read(text):
        day, _, clock = f"1 {text}".rpartition(" ")[0].split()[-1], "", text.split()[-1]
        hour, minute, *second = (int(part) for part in clock.split(":"))
        return dt.datetime(2026, 5, int(day), hour, minute, *second, tzinfo=dt.UTC)

    return read
