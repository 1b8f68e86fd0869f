"""What is done every some seconds goes on after a failure, and a lost lease ends the crawl."""

from __future__ import annotations

import asyncio
import sqlite3
from types import SimpleNamespace

import pytest

from newsclean.crawl import heartbeat
from newsclean.crawl.heartbeat import Heartbeat
from newsclean.crawl.periodic import Periodic
from newsclean.crawl.state.store import StateInUse
from newsclean.errors import DatasetError


@pytest.mark.parametrize("error", [DatasetError("x"), OSError(28, "No space left"), sqlite3.OperationalError("full")])
def test_a_failure_is_told_and_the_next_call_comes(error, caplog):
    """A disk that is full once does not end the commits of a crawl for good."""
    calls = []

    async def main():
        enough = asyncio.Event()

        async def action():
            calls.append(1)
            if len(calls) == 3:
                enough.set()
            raise error

        periodic = Periodic(action, 0.001)
        periodic.start()
        await enough.wait()
        periodic.stop()

    asyncio.run(asyncio.wait_for(main(), 5))
    assert str(error) in caplog.text


def test_a_lease_lost_at_a_commit_ends_the_crawl(monkeypatch):
    """Another crawl writes to the state: this one must not go on beside it."""
    reasons = []
    closed = asyncio.Event()

    async def close_spider_async(reason):
        reasons.append(reason)
        closed.set()

    def commit():
        raise StateInUse("state.sqlite: taken by another crawl")

    monkeypatch.setattr(heartbeat, "_BEAT_S", 0.001)
    engine = SimpleNamespace(close_spider_async=close_spider_async)
    beat = Heartbeat(SimpleNamespace(engine=engine, spider=None), SimpleNamespace(commit=commit))

    async def main():
        beat.start()
        await closed.wait()
        beat.stop()

    asyncio.run(asyncio.wait_for(main(), 5))
    assert reasons[0] == "lease_lost"
