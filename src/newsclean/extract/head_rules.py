"""Where an article begins in a text dump: the lines above its body, matched in their order as a whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from newsclean.extract.text_patterns import LineTest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newsclean.extract.profile import HeadLine

__all__ = ["Head", "HeadRules", "Start"]

_ANY_LINE = ".+"


@dataclass(frozen=True, slots=True)
class Head:
    """An entry of the head; `needs` is the index of the entry that must have matched before it."""

    entry: HeadLine
    any_form: LineTest | None  # None: any line will do
    forms: tuple[re.Pattern[str], ...]
    unless: LineTest | None
    then: LineTest | None
    needs: int | None

    def fits(self, lines: Sequence[str], at: int) -> bool:
        """Tell whether line `at` can be this entry, by itself and by the line after it."""
        if at >= len(lines):
            return False
        line = lines[at]
        if self.any_form is not None and not self.any_form.fits(line):
            return False
        if self.unless is not None and self.unless.fits(line):
            return False
        return self.then is None or (at + 1 < len(lines) and self.then.fits(lines[at + 1]))

    def form_of(self, text: str) -> re.Pattern[str]:
        """Return the first form that a line of this entry has."""
        return next(form for form in self.forms if form.fullmatch(text))


@dataclass(frozen=True, slots=True)
class _Anchor:
    """An entry without which there is no head, and how many lines may lie between the head's beginning and it."""

    head: Head
    least_above: int
    most_above: int

    def among(self, begins: Iterable[int], lines: Sequence[str]) -> list[int]:
        """Return those of the places where a head may begin that a line which fits follows where it must."""
        fits = cache(partial(self.head.fits, lines))  # the places lie close together
        return [
            begin for begin in begins if any(map(fits, range(begin + self.least_above, begin + self.most_above + 1)))
        ]


@dataclass(frozen=True, slots=True)
class Start:
    """A head that matched: which line went to which entry, and where the body begins."""

    at: int
    body: int
    taken: tuple[tuple[int, Head], ...]


class HeadRules:
    """The compiled head of a layout.

    Its required entries that are not any line at all are its anchors: a head can only begin as
    many lines above the first of those as the entries before it take, and where the others follow.
    """

    def __init__(self, entries: Sequence[HeadLine]) -> None:
        """Compile `entries`, which the profile's loading has checked."""
        self._heads = _compiled(entries)
        self._anchors = [
            _Anchor(
                self._heads[i],
                sum(not above.optional for above in entries[:i]),
                sum(above.most for above in entries[:i]),
            )
            for i, entry in enumerate(entries)
            if not entry.optional and entry.line != _ANY_LINE
        ]

    def starts(self, lines: Sequence[str]) -> list[Start]:
        """Return the heads in `lines`, none within another."""
        starts: list[Start] = []
        free = 0
        for at in self._candidates(lines):
            taken = self._match(lines, at, 0, ()) if at >= free else None
            if taken:
                free = taken[-1][0] + 1
                starts.append(Start(at, free, taken))
        return starts

    def _candidates(self, lines: Sequence[str]) -> Iterable[int]:
        """Return in order the lines that a head can begin at."""
        if not self._anchors:
            return range(len(lines))
        first, *others = self._anchors
        found: set[int] = set()
        for at in first.head.any_form.among(lines) if first.head.any_form else range(len(lines)):
            if first.head.fits(lines, at):
                found.update(range(max(0, at - first.most_above), at - first.least_above + 1))
        begins = sorted(found)
        for other in others:
            begins = other.among(begins, lines)
        return begins

    def _match(
        self, lines: Sequence[str], at: int, entry: int, taken: tuple[tuple[int, Head], ...]
    ) -> tuple[tuple[int, Head], ...] | None:
        """Match head entries from `entry` on at line `at`; longest repetition first, with backtracking."""
        if entry == len(self._heads):
            return taken or None
        head = self._heads[entry]
        possible = head.needs is None or any(done is self._heads[head.needs] for _, done in taken)
        run = 0
        while possible and run < head.entry.most and head.fits(lines, at + run):
            run += 1
        least = 0 if head.entry.optional else 1
        for count in range(run, least - 1, -1):
            more = taken + tuple((at + i, head) for i in range(count))
            matched = self._match(lines, at + count, entry + 1, more)
            if matched is not None:
                return matched
        return None


def _compiled(entries: Sequence[HeadLine]) -> list[Head]:
    names = [entry.rule or entry.field for entry in entries]
    return [
        Head(
            entry,
            None if _ANY_LINE in (entry.line, *entry.also) else LineTest((entry.line, *entry.also)),
            tuple(re.compile(form) for form in (entry.line, *entry.also)),
            LineTest([entry.unless]) if entry.unless else None,
            LineTest([entry.then]) if entry.then else None,
            names.index(entry.after) if entry.after else None,
        )
        for entry in entries
    ]
