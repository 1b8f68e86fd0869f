"""Numbers of things, as a sentence has them."""

from __future__ import annotations

__all__ = ["counted"]


def counted(count: int, thing: str) -> str:
    """Return `1 page`, `2 pages`, `1,200 batches` for a `thing` whose plural ends in s or es."""
    ending = "" if count == 1 else "es" if thing.endswith("ch") else "s"
    return f"{count:,} {thing}{ending}"
