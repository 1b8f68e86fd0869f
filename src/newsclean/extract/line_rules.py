"""The line rules of a layout, compiled: which line ends an article's body, and which is none of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from newsclean.extract.text_patterns import LineTest

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from newsclean.extract.profile import DropRule, TailLine

__all__ = ["Drop", "DropRules", "Piece", "Tail", "Zones", "compiled_tail"]

_LONGEST_ENTRY = 2  # lines of a list's entry above the one that ends it


class Piece(msgspec.Struct, frozen=True, gc=False):
    """A line, or a part of one between two seams, white space squeezed."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Tail:
    """A line that ends the body, and what its zone holds."""

    entry: TailLine
    line: re.Pattern[str] | None
    value: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    entry_end: re.Pattern[str] | None
    reach: re.Pattern[str] | None
    resume: re.Pattern[str] | None

    def values(self, text: str) -> list[str]:
        """Part a line of the zone into values."""
        if self.unless and self.unless.fullmatch(text):
            return []
        if self.value:
            return [match[0] for match in self.value.finditer(text)]
        return text.split(self.entry.separator) if self.entry.separator else [text]

    def list_end(self, lines: Sequence[str], at: int, end: int) -> int | None:
        """Return where the list that begins at line `at` is over; None: the zone is no list of entries."""
        if self.entry_end is None:
            return None
        begin = at
        while True:
            last = at
            while last <= at + _LONGEST_ENTRY and last < end and not self.entry_end.fullmatch(lines[last]):
                last += 1
            if last > at + _LONGEST_ENTRY or last >= end:
                return at if at > begin else None
            at = last + 1


class Zones:
    """The zone that a line below the body's end is in, as the lines are gone through in order."""

    __slots__ = ("_ends_at", "_is_final", "_tail")

    def __init__(self) -> None:
        self._tail: Tail | None = None
        self._ends_at: int | None = None
        self._is_final = False

    def begin(self, tail: Tail, ends_at: int | None) -> None:
        """Begin the zone of `tail`; `ends_at` is the piece with which the body goes on, where that is known."""
        self._tail, self._ends_at = tail, ends_at
        self._is_final = self._is_final or (ends_at is None and tail.resume is None)

    def at(self, at: int, text: str) -> Tail | None:
        """Return the zone that piece `at` is in, None for the body."""
        tail = self._tail
        if tail is None:
            return None
        resumes = tail.resume is not None and not self._is_final and tail.resume.fullmatch(text)
        if at == self._ends_at or resumes:
            self._tail = None
        return self._tail


@dataclass(frozen=True, slots=True)
class Drop:
    """A line that is told by its text: in the body it is none of it, elsewhere it fills fields."""

    entry: DropRule
    line: re.Pattern[str]


class DropRules:
    """Compiled rules for lines told by their text, and the first of them that matches one."""

    def __init__(self, entries: Sequence[DropRule]) -> None:
        self._drops = [Drop(entry, re.compile(entry.line)) for entry in entries]
        self._any = LineTest(entry.line for entry in entries)

    def among(self, lines: Sequence[str], first: int) -> Container[int]:
        """Return the places, counted from `first`, of the lines that a rule matches."""
        return set(self._any.among(lines, first)) if self._drops else ()

    def rule_for(self, text: str) -> Drop | None:
        """Return the first rule that matches the whole of `text`."""
        if not self._drops or not self._any.fits(text):
            return None
        return next((drop for drop in self._drops if drop.line.fullmatch(text)), None)


def compiled_tail(entries: Sequence[TailLine]) -> list[Tail]:
    """Compile the lines with which a body ends."""
    return [
        Tail(
            entry,
            *map(_maybe, (entry.line, entry.value, entry.unless, entry.entry_end, entry.reach, entry.resume)),
        )
        for entry in entries
    ]


def _maybe(pattern: str | None) -> re.Pattern[str] | None:
    return re.compile(pattern) if pattern else None
