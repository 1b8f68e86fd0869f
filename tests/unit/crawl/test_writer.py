"""The archive's thread: jobs in their order, done when they are on the disk, and nobody waits for ever."""

from __future__ import annotations

import asyncio
import errno
import threading

import pytest

from newsclean.crawl.writer import Writer


def outcomes(sync, *jobs):
    """Return what came of jobs (`work`, and whether it needs the sync) that wait together."""

    async def together():
        writer, gate = Writer(sync), threading.Event()
        first = asyncio.ensure_future(writer.run(gate.wait, needs_sync=False))
        await asyncio.sleep(0)
        waiting = [asyncio.ensure_future(writer.run(work, needs_sync=needs)) for work, needs in jobs]
        await asyncio.sleep(0)
        gate.set()
        found = await asyncio.wait_for(asyncio.gather(first, *waiting, return_exceptions=True), 60)
        writer.close()
        return found[1:]

    return asyncio.run(together())


def test_jobs_are_done_in_their_order_and_told_after_one_sync():
    """Several that wait together cost one sync, after all of them."""
    events = []
    jobs = [(lambda number=number: events.append(number) or number, True) for number in range(5)]
    assert outcomes(lambda: events.append("sync"), *jobs) == [0, 1, 2, 3, 4]
    assert [one for one in events if one != "sync"] == [0, 1, 2, 3, 4]
    assert events[-2:] == [4, "sync"]
    assert events.count("sync") <= 2


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), MemoryError("no memory")])
def test_a_sync_that_fails_is_told_to_those_who_need_it(error):
    """Who has only read something has it; the thread lives on, whatever went wrong."""

    def fail():
        raise error

    def broken():
        raise ValueError("broken")

    read, written, wrong = outcomes(fail, (lambda: "read", False), (lambda: "written", True), (broken, True))
    assert read == "read"
    assert written is error
    assert str(wrong) == "broken"
