"""Pauses of the loop: what a process begins to crawl with is no garbage, and long work is done in turns."""

from __future__ import annotations

import asyncio
import gc
import time

from scrapy.utils.test import get_crawler

from newsclean.crawl.pauses import ShortPauses, Turn

_IMMORTAL = 2_000  # some hundred objects that never go are set aside by Python 3.12 itself


def test_what_was_there_is_set_aside_until_the_last_crawl_ends():
    """Two crawls in a process: frozen once, given back when both are over."""
    one, two = (ShortPauses.from_crawler(get_crawler()) for _ in range(2))
    assert gc.get_freeze_count() < _IMMORTAL
    one.engine_started()
    frozen = gc.get_freeze_count()
    assert frozen > 10_000
    two.engine_started()
    one.engine_stopped()
    assert gc.get_freeze_count() == frozen
    two.engine_stopped()
    assert gc.get_freeze_count() < _IMMORTAL


def test_long_work_lets_other_work_have_its_turn():
    """Not at each step, and not only at the end."""

    async def work(steps):
        turn = Turn()
        for _ in range(steps):
            time.sleep(0.002)  # noqa: ASYNC251  (holds up the loop, as work does)
            await turn.end_if_long()

    async def turns(steps):
        task = asyncio.ensure_future(work(steps))
        count = 0
        while not task.done():
            count += 1
            await asyncio.sleep(0)
        return count

    assert 3 < asyncio.run(turns(40)) < 30
