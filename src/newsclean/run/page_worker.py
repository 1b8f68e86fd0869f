"""Pages cleaned one by one in a process of their own, for a caller that must never wait long: a crawl."""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, Final

from newsclean.errors import NewscleanError, PageError, RunError
from newsclean.extract.routing import Router
from newsclean.language import warm
from newsclean.model import Reason
from newsclean.run.guarded import clean_raw
from newsclean.run.limits import die_with
from newsclean.run.pipeline import Toolbox, facts_of, rejected

if TYPE_CHECKING:
    from newsclean.extract.profile_loading import LoadedProfile
    from newsclean.model import PageOutcome, RawPage
    from newsclean.run.options import Limits

__all__ = ["PageSetup", "PageWorker", "main"]

# The package's own entry, and not multiprocessing's: that would run the user's script once more.
_BOOT: Final = (
    "import json, sys; path, numbers = json.loads(sys.argv[1]); sys.path[:] = path; "
    "from newsclean.run.page_worker import main; main(*numbers)"
)
_START_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSetup:
    """What a worker cleans with."""

    profiles: tuple[LoadedProfile, ...]
    language_backend: str
    limits: Limits


class PageWorker:
    """Cleans a page at a time; a page that is too slow, or that the process dies on, is rejected, and it starts anew.

    For one thread; both methods block.
    """

    def __init__(self, setup: PageSetup) -> None:
        self._setup = setup
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection[Any, Any] | None = None

    def clean(self, page: RawPage) -> PageOutcome:
        """Return what becomes of a page. Raises what `start` raises."""
        connection = self._connection or self.start()
        limit_s = self._setup.limits.page_timeout_s
        try:
            connection.send(page)
            if connection.poll(limit_s):
                outcome: PageOutcome = connection.recv()
                return outcome
            error = PageError(Reason.TIMEOUT, f"took longer than {limit_s:g} s")
        except (EOFError, ConnectionError):
            error = PageError(Reason.CRASH, "the worker died on this page")
        self.close()
        return rejected(facts_of(page), error, site=None)

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def start(self) -> Connection[Any, Any]:
        """Start the process and wait until it is ready. Raises ConfigError for a backend that is none, RunError."""
        ours, theirs = socket.socketpair()
        with theirs:
            numbers = [os.getpid(), theirs.fileno()]
            self._process = subprocess.Popen(  # noqa: S603  (our own interpreter, our own code)
                [sys.executable, "-c", _BOOT, json.dumps([sys.path, numbers])],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
            )
        self._connection = connection = Connection(ours.detach())
        answer: object = None
        with suppress(EOFError, ConnectionError):
            connection.send(self._setup)
            if connection.poll(_START_S):
                answer = connection.recv()
        if isinstance(answer, NewscleanError):
            raise answer
        if answer is not True:
            self.close()
            raise RunError("a process that cleans pages did not start; see standard error")
        return connection


def main(parent: int, channel: int) -> None:
    """Work for the process `parent` until it is gone; `channel` is the descriptor that it left open."""
    die_with(parent)
    # Ctrl-C reaches the whole group; what to do about it is the parent's business.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Connection(channel) as connection, suppress(EOFError, ConnectionError):
        _serve(connection)


def _serve(connection: Connection[Any, Any]) -> None:
    setup: PageSetup = connection.recv()
    try:
        tools = Toolbox(router=Router(setup.profiles), language_backend=setup.language_backend)
        warm(setup.language_backend)
    except NewscleanError as error:
        connection.send(error)
        return
    gc.collect()
    gc.freeze()
    connection.send(True)  # noqa: FBT003  (the word for: ready)
    while True:
        connection.send(clean_raw(connection.recv(), tools, setup.limits))
