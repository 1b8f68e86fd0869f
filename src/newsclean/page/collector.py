"""Keeping Python's garbage collector from looking at a page while it is read.

A page is some ten thousand objects without one reference cycle: they go when the last reference to
them goes, and the collector, called again and again while they come, finds nothing. It takes a
tenth of the time.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["collector_at_rest"]


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Let the garbage collector rest until the end of the block, if it works; blocks may lie in blocks and threads."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
