"""On which line of a TOML file a key stands: the parser does not say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["line_of"]

_PART: Final = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_KEYS: Final = rf"{_PART}(?:\s*\.\s*{_PART})*"
_TABLE: Final = re.compile(rf"^\s*\[\[?\s*({_KEYS})\s*\]\]?")
_PAIR: Final = re.compile(rf"^\s*({_KEYS})\s*=")
_PARTS: Final = re.compile(_PART)


def line_of(text: str, path: Sequence[str]) -> int | None:
    """Return the line (from 1) of the key at `path`, or of the nearest table or key around it; None for nothing."""
    wanted = tuple(path)
    found: tuple[int, int] | None = None
    for number, place in _places(text):
        depth = len(place)
        if place == wanted[:depth] and (found is None or depth > found[0]):
            found = (depth, number)
    return found[1] if found else None


def _places(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield each line that begins a table or a pair, with the full path of it; enough for files written by hand."""
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if match := _TABLE.match(line):
            table = _names(match[1])
            yield number, table
        elif match := _PAIR.match(line):
            yield number, (*table, *_names(match[1]))


def _names(keys: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PARTS.findall(keys))
