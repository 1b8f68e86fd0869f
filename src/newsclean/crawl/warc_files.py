"""The files of an archive as they grow: what is added waits in memory, and is written and synced a batch at a time.

What a failed write or sync has left of a batch is taken back, so that a file ends where the last sync left it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from newsclean.crawl.warc_records import new_id
from newsclean.dataset.durable import sync_folder

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from io import FileIO

__all__ = ["WarcFiles"]

_MOST_WAITING: Final = 8 * 2**20  # bytes that wait in memory; then they are written, and synced with the rest


class WarcFiles:
    """Files in `folder`, named with `prefix` and the time of the first; one thread adds and syncs.

    A file that has `max_bytes` is followed by another; `first_record` makes the record that each begins with, of its
    name and of `warcinfo_id`, the record's ID.
    """

    def __init__(
        self,
        folder: Path,
        *,
        prefix: str,
        max_bytes: int,
        first_record: Callable[[str, str], bytes],
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._folder = folder
        self._prefix = prefix
        self._max_bytes = max_bytes
        self._first_record = first_record
        self._clock = clock
        self._begun: str | None = None
        self._serial = 0
        self._file: FileIO | None = None
        self._waiting: list[bytes] = []
        self._size = 0  # of the open file with what waits
        self._written = 0
        self._synced = 0
        self._lost: OSError | None = None  # what the next sync has to tell
        self.warcinfo_id = new_id()  # of the open file, or the next one

    def add(self, content: bytes) -> tuple[str, int]:
        """Put bytes at the end, and return the file's name and their place in it. Raises OSError."""
        if self._lost is not None:
            raise self._lost
        file = self._file = self._file or self._new_file()
        place = (Path(str(file.name)).name, self._size)
        self._put(content)
        if self._size - self._written >= _MOST_WAITING:
            self._write_early()
        return place

    def sync(self) -> None:
        """Have what was added on the disk, to survive a cut of power.

        Raises OSError where that cannot be, the file being as the last sync left it: nothing is kept of what was added
        since. So it does where that came out earlier: when the file was closed, or much was waiting to be written.
        """
        try:
            self._sync()
        except BaseException:
            self._take_back()
            raise
        finally:
            self._lost = None
        self._close_if_full()

    def close(self) -> None:
        """Have what was added on the disk and close the file. Raises OSError, and so does the next `sync` then."""
        try:
            self._sync()
        except OSError as error:
            self._lose(error)
            raise
        self._leave_file()

    # ---- the open file ----

    def _new_file(self) -> FileIO:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._begun = self._begun or f"{self._clock():%Y%m%dT%H%M%SZ}"
        while True:
            path = self._folder / f"{self._prefix}-{self._begun}-{self._serial:05}.warc.gz"
            self._serial += 1
            try:
                file = open(path, "xb", buffering=0)  # noqa: SIM115, PTH123  (stays open until it is full)
            except FileExistsError:
                continue
            self._put(self._first_record(path.name, self.warcinfo_id))
            return file

    def _put(self, content: bytes) -> None:
        self._waiting.append(content)
        self._size += len(content)

    def _write_early(self) -> None:
        """Let go of the memory of what waits; what goes wrong is told by the next `sync`, to all who wait for it."""
        try:
            self._write_waiting()
            self._close_if_full()
        except OSError as error:
            self._lose(error)

    def _lose(self, error: OSError) -> None:
        self._take_back()
        self._lost = error

    def _write_waiting(self) -> None:
        if self._file is None or not self._waiting:
            return
        # At once: each call of the system lets go of the interpreter, and waits for it afterwards.
        rest = memoryview(b"".join(self._waiting))
        self._waiting.clear()
        while rest:
            rest = rest[self._file.write(rest) :]
        self._written = self._size

    def _take_back(self) -> None:
        """Leave the file as the last sync left it, and none that has not even its first record."""
        self._waiting.clear()
        self._size = self._written = self._synced
        if self._file is None:
            return
        if not self._synced:
            path = Path(str(self._file.name))
            self._leave_file()
            with suppress(OSError):
                path.unlink()
            return
        try:
            self._file.truncate(self._synced)
            self._file.seek(self._synced)
        except OSError:
            self._leave_file()  # where it ends nobody can say: what comes now goes into another one

    def _leave_file(self) -> None:
        file, self._file = self._file, None
        self._size = self._written = self._synced = 0
        # What was packed before and is added later refers to the file before it, which tells the same of the crawl.
        self.warcinfo_id = new_id()
        if file is not None:
            with suppress(OSError):  # all of it that counts is synced
                file.close()

    def _close_if_full(self) -> None:
        if self._size >= self._max_bytes:
            self.close()

    def _sync(self) -> None:
        if self._lost is not None:
            raise self._lost
        self._write_waiting()
        if self._file is not None and self._synced != self._written:
            os.fsync(self._file.fileno())
            if not self._synced:
                sync_folder(self._folder)
            self._synced = self._written
