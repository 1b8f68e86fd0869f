"""The thread that does what would hold up the loop: packing, hashing, writing, and waiting for the disk.

Jobs are done in the order in which they come. Those that wait together are made durable by one sync,
and none of them is called done before it: what comes out of `run` survives a cut of power.
"""

from __future__ import annotations

import asyncio
import threading
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

__all__ = ["Writer"]


class _Job:
    def __init__(self, work: Callable[[], Any], loop: asyncio.AbstractEventLoop, *, needs_sync: bool) -> None:
        self._work = work
        self._needs_sync = needs_sync
        self.loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()
        self._result: Any = None
        self._error: BaseException | None = None

    def do(self) -> None:
        try:
            self._result = self._work()
        except Exception as error:  # noqa: BLE001  (belongs to whom waits for the job, and is raised there)
            self._error = error

    def tell(self, sync_error: Exception | None) -> None:
        """Have whoever waits go on; in the thread of the loop."""
        error = self._error or (sync_error if self._needs_sync else None)
        if self.future.done():
            return  # nobody waits any more
        if error is not None:
            self.future.set_exception(error)
        else:
            self.future.set_result(self._result)


def _tell(jobs: list[_Job], error: Exception | None) -> None:
    for job in jobs:
        job.tell(error)


class Writer:
    """One thread; `sync` makes durable what the jobs before it wrote, and raises where it cannot."""

    def __init__(self, sync: Callable[[], None]) -> None:
        self._sync = sync
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    async def run(self, work: Callable[[], T], *, needs_sync: bool = True) -> T:
        """Have a job done, wait for it without holding up the loop, and return or raise what came of it.

        Not so for one that adds nothing (`needs_sync` False): it is all right whatever becomes of the sync.
        """
        if self._thread is None:
            self._thread = threading.Thread(target=self._go, name="newsclean-archive", daemon=True)
            self._thread.start()
        job = _Job(work, asyncio.get_running_loop(), needs_sync=needs_sync)
        self._jobs.put(job)
        result: T = await job.future
        return result

    def close(self) -> None:
        """Do what waits, and end the thread."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()
            self._thread = None

    def _go(self) -> None:
        is_open = True
        while is_open:
            jobs = self._waiting()
            done = [job for job in jobs if job is not None]
            is_open = len(done) == len(jobs)
            for job in done:
                job.do()
            error = self._synced() if done else None
            if done:
                # Once for all of them: to wake a loop costs it a turn.
                done[0].loop.call_soon_threadsafe(_tell, done, error)

    def _waiting(self) -> list[_Job | None]:
        """Return all jobs that wait, at least one; None stands for the end."""
        jobs = [self._jobs.get()]
        try:
            while jobs[-1] is not None:
                jobs.append(self._jobs.get_nowait())
        except Empty:
            pass
        return jobs

    def _synced(self) -> Exception | None:
        try:
            self._sync()
        except Exception as error:  # noqa: BLE001  (without the thread all who wait would wait for ever)
            return error
        return None
