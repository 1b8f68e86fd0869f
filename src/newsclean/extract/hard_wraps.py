"""Undo the line wraps of a typewritten text: by the indents, which alone tell a paragraph's first line."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from newsclean.page.wraps import place
from newsclean.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["unwrapped"]


def unwrapped(text: str) -> Iterator[tuple[str, str]]:
    """Yield the paragraphs of `text`, squeezed, with the lines they stand on (`L3`, `L3-7`).

    A line goes on the one before when it is not indented, or when that one is set in further than
    paragraphs are, as a centred heading is; a blank line parts always.
    """
    lines = text.split("\n")
    first_line_indent = _usual_indent(lines)
    parts: list[str] = []
    first = last = 0
    is_centred = False
    for number, line in enumerate(lines, 1):
        clean = squeeze(line)
        indent = _indent(line)
        goes_on = bool(clean) and (indent == 0 or (is_centred and indent != first_line_indent))
        if parts and not goes_on:
            yield place(first, last), " ".join(parts)
            parts = []
        if clean:
            is_centred = indent > first_line_indent or (goes_on and is_centred)
            first = first if parts else number
            last = number
            parts.append(clean)
    if parts:
        yield place(first, last), " ".join(parts)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _usual_indent(lines: list[str]) -> int:
    """Return the indent that most of the indented lines have: that of a paragraph's first line."""
    indents = Counter(indent for line in lines if (indent := _indent(line)) and line.strip())
    return indents.most_common(1)[0][0] if indents else 0
