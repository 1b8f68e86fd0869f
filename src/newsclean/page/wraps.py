"""Undo the line wraps of a dump that was broken at a fixed width: by `lynx -dump`, `w3m`, `html2text`, `fmt`, a mailer.

Such a program begins a new line only where the next word would not fit. So in a wrapped dump the
lines pile up under one width, and after most of them stands a word too long for the room left;
among the lines of 1,380 dumps and rendered pages that are not wrapped this hardly happens.
The way back follows: a line goes on in the next one if that one's first word did not fit.
(A dump typed with indents and no regard to a width is another matter: `newsclean.extract.hard_wraps`.)
"""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Unwrapped", "place", "unwrapped"]

_MOST_LINES: Final = 50_000  # what has more is no page that somebody printed
_NARROWEST: Final = 50  # columns
_WIDEST: Final = 100
_MOST_OVER: Final = 0.02  # the share of lines that may be longer than the width: a table, a word without a break
_FULL_ENOUGH: Final = 0.6  # a line shorter than this part of the width says nothing for or against
# Full lines that go on in lower case, and how many there have to be for each other full, each other long line.
_LEAST_LOWER: Final = 3
_LOWER_SHARE: Final = 1 / 3
_FULL_SHARE: Final = 0.5
# Where letters have no case: full lines that go on, and how many full ones for each other long line.
_LEAST_UNCASED: Final = 4
_FULL_RATIO: Final = 2

_WIDE: Final = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]")
_UNSPACED: Final = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]")  # wide, and written without spaces: not Korean
_BULLET: Final = re.compile(r"[•·*▪●■◆►▶‣○□✓>#|+]\s|\[\d+\]\s")
_LISTED: Final = re.compile(r"\d+\. [a-zA-Z][\w+.-]*:")  # an address in a list of them
_ITEM: Final = re.compile(r"(?:[-–—]|\d{1,2}[.)])\s")  # or a dash, a number within a sentence
_ENDED: Final = re.compile(r"[.!?:;…。！？։؟।][\"'”’»)\]」』）]*$")
_RULED: Final = re.compile(r"[\W_]+")  # a line drawn across the page
_SOFT_HYPHEN: Final = "\xad"
_ADDRESSES: Final = ("://", "](")


class Unwrapped(NamedTuple):
    """The lines of a text, each paragraph on the one that it began on, those that it went on in being blank."""

    lines: Sequence[str]
    ends: Mapping[int, int]  # of each paragraph of several lines, the number (from 1) of its first and of its last


class _Row(NamedTuple):
    """One line that is not blank: its columns with the indent, its indent, the columns of its first word, its text."""

    columns: int
    indent: int
    first: int
    text: str


def place(first: int, last: int) -> str:
    """Return where a paragraph stands by the numbers of its first and last line: `L3`, `L3-7`."""
    return f"L{first}" if first == last else f"L{first}-{last}"


def unwrapped(lines: Sequence[str]) -> Unwrapped | None:
    """Undo the wraps of a text in `lines`; None where it is not wrapped at a width."""
    if len(lines) > _MOST_LINES or _are_too_long(lines):  # most dumps, and seen at once
        return None
    rows = [_row(line) for line in lines]
    width = _width(rows)
    if not _NARROWEST <= width <= _WIDEST or not _is_wrapped(rows, width):
        return None
    return _joined(lines, rows, width)


def _are_too_long(lines: Sequence[str]) -> bool:
    """Tell whether too many lines are longer than any width, though programs would have broken them."""
    over = [line for line in lines if len(line) > _WIDEST]
    most = int(_MOST_OVER * len(lines))
    if len(over) <= most:
        return False
    broken = (line for line in over if not _is_left_whole(line.lstrip()))
    return len(list(islice(broken, most + 1))) > most


def _is_left_whole(text: str) -> bool:
    """Tell a line that some programs do not break: an address, a word without a space, an item of a list."""
    is_one_word = " " not in text and not _UNSPACED.search(text)
    return is_one_word or any(mark in text for mark in _ADDRESSES) or _begins_item(text)


def _begins_item(text: str) -> bool:
    return _BULLET.match(text) is not None or _ITEM.match(text) is not None


def _row(line: str) -> _Row | None:
    line = line.expandtabs().rstrip()
    text = line.lstrip()
    if not text:
        return None
    first = 2 if _WIDE.match(text) else _columns(text.split(None, 1)[0])
    return _Row(_columns(line), len(line) - len(text), first, text)


def _columns(text: str) -> int:
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


def _width(rows: Sequence[_Row | None]) -> int:
    """Return the columns that all lines but a few keep within, those left aside that nothing breaks."""
    found = sorted(row.columns for row in rows if row and not _is_left_whole(row.text))
    return found[min(len(found) - 1, int((1 - _MOST_OVER) * len(found)))] if found else 0


def _is_full(row: _Row, after: _Row, width: int) -> bool:
    """Tell whether the first word of the next line did not fit on this one."""
    is_within = row.columns <= width or " " not in row.text
    return is_within and row.columns + 1 + after.first > width


def _is_cut(row: _Row, after: _Row, width: int) -> bool:
    """Tell whether a sentence goes on in the next line, some room being left: quotation marks may have counted more."""
    is_long = row.columns > _FULL_ENOUGH * width and row.indent == after.indent
    return is_long and after.text[0].islower() and not _ENDED.search(row.text)


def _goes_on(row: _Row, after: _Row, width: int, *, in_item: bool) -> bool:
    """Tell whether the paragraph of `row` goes on in the line `after`; `in_item`: it began with a bullet."""
    if _BULLET.match(after.text) or _LISTED.match(after.text):
        return False
    if _RULED.fullmatch(row.text) or _RULED.fullmatch(after.text):
        return False
    if not (_is_full(row, after, width) or _is_cut(row, after, width)):
        return False
    if after.indent > row.indent and not in_item:  # the first line of a paragraph is set in
        return False
    return not (_ITEM.match(after.text) and _ENDED.search(row.text))


def _is_wrapped(rows: Sequence[_Row | None], width: int) -> bool:
    full = lower = uncased = others = 0
    for row, after in pairwise(rows):
        if row and after and row.columns <= width and not _begins_item(after.text):
            if _is_full(row, after, width):
                first = after.text[0]
                full += 1
                lower += first.islower()
                uncased += first.isalpha() and first.lower() == first.upper()
            elif row.columns > _FULL_ENOUGH * width:
                others += 1
    goes_on = lower >= _LEAST_LOWER and lower >= _LOWER_SHARE * full
    return (goes_on and full >= _FULL_SHARE * others) or (uncased >= _LEAST_UNCASED and full >= _FULL_RATIO * others)


def _joined(lines: Sequence[str], rows: Sequence[_Row | None], width: int) -> Unwrapped:
    found: list[str] = []
    ends: dict[int, int] = {}
    parts: list[str] = []  # of the paragraph that began on line `first`
    first = 0
    in_item = False
    for at, (before, after) in enumerate(pairwise((None, *rows))):
        if before and after and _goes_on(before, after, width, in_item=in_item):
            parts += (_between(before.text, after.text), after.text)
            found.append("")
            ends[first + 1] = at + 1
        else:
            if len(parts) > 1:
                found[first] = "".join(parts)
            found.append(lines[at])
            first = at
            parts = [after.text] if after else []
            in_item = after is not None and _begins_item(after.text)
    if len(parts) > 1:
        found[first] = "".join(parts)
    return Unwrapped(found, ends)


def _between(before: str, after: str) -> str:
    """Return what stood between two words before a break took its place."""
    if _UNSPACED.match(before[-1]) or _UNSPACED.match(after[0]) or before[-1] == _SOFT_HYPHEN:
        return ""
    is_compound = before[-1] == "-" and before[-2:-1].isalnum() and after[0].isalnum()
    return "" if is_compound else " "
