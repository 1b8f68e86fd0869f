"""Where an article begins in a text dump: the lines above its body, matched in their order as a whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsclean.extract.line_rules import any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newsclean.extract.line_rules import Piece
    from newsclean.extract.profile import HeadLine

__all__ = ["Head", "HeadRules", "Start"]

_ANY_LINE = ".+"


@dataclass(frozen=True, slots=True)
class Head:
    """An entry of the head; `needs` is the index of the entry that must have matched before it."""

    entry: HeadLine
    any_form: re.Pattern[str]
    forms: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None
    then: re.Pattern[str] | None
    needs: int | None

    def fits(self, pieces: Sequence[Piece], at: int) -> bool:
        """Tell whether piece `at` can be this entry, by itself and by the piece after it."""
        if at >= len(pieces):
            return False
        text = pieces[at].text
        if not self.any_form.fullmatch(text):
            return False
        if self.unless and self.unless.fullmatch(text):
            return False
        return not self.then or (at + 1 < len(pieces) and bool(self.then.fullmatch(pieces[at + 1].text)))

    def form_of(self, text: str) -> re.Pattern[str]:
        """Return the first form that a line of this entry has."""
        return next(form for form in self.forms if form.fullmatch(text))


@dataclass(frozen=True, slots=True)
class Start:
    """A head that matched: which piece went to which entry, and where the body begins."""

    at: int
    body: int
    taken: tuple[tuple[int, Head], ...]


class HeadRules:
    """The compiled head of a layout.

    Its first required entry that is not any line at all is the anchor: a head can only begin as
    many lines above one of those as the entries before it take.
    """

    def __init__(self, entries: Sequence[HeadLine]) -> None:
        """Compile `entries`, which the profile's loading has checked."""
        self._heads = _compiled(entries)
        self._anchor = next((i for i, e in enumerate(entries) if not e.optional and e.line != _ANY_LINE), None)
        above = entries[: self._anchor or 0]
        self._least_above = sum(not entry.optional for entry in above)
        self._most_above = sum(entry.most for entry in above)

    def starts(self, pieces: Sequence[Piece]) -> list[Start]:
        """Return the heads in `pieces`, none within another."""
        starts: list[Start] = []
        free = 0
        for at in self._candidates(pieces):
            taken = self._match(pieces, at, 0, ()) if at >= free else None
            if taken:
                free = taken[-1][0] + 1
                starts.append(Start(at, free, taken))
        return starts

    def _candidates(self, pieces: Sequence[Piece]) -> Iterable[int]:
        """Return in order the pieces that a head can begin at."""
        if self._anchor is None:
            return range(len(pieces))
        anchor = self._heads[self._anchor]
        may_be = anchor.any_form.fullmatch
        found: set[int] = set()
        for at in [at for at, piece in enumerate(pieces) if may_be(piece.text)]:
            if anchor.fits(pieces, at):
                found.update(range(max(0, at - self._most_above), at - self._least_above + 1))
        return sorted(found)

    def _match(
        self, pieces: Sequence[Piece], at: int, entry: int, taken: tuple[tuple[int, Head], ...]
    ) -> tuple[tuple[int, Head], ...] | None:
        """Match head entries from `entry` on at piece `at`; longest repetition first, with backtracking."""
        if entry == len(self._heads):
            return taken or None
        head = self._heads[entry]
        possible = head.needs is None or any(done is self._heads[head.needs] for _, done in taken)
        run = 0
        while possible and run < head.entry.most and head.fits(pieces, at + run):
            run += 1
        least = 0 if head.entry.optional else 1
        for count in range(run, least - 1, -1):
            more = taken + tuple((at + i, head) for i in range(count))
            matched = self._match(pieces, at + count, entry + 1, more)
            if matched is not None:
                return matched
        return None


def _compiled(entries: Sequence[HeadLine]) -> list[Head]:
    names = [entry.rule or entry.field for entry in entries]
    return [
        Head(
            entry,
            any_of((entry.line, *entry.also)) or re.compile(entry.line),
            tuple(re.compile(form) for form in (entry.line, *entry.also)),
            re.compile(entry.unless) if entry.unless else None,
            re.compile(entry.then) if entry.then else None,
            names.index(entry.after) if entry.after else None,
        )
        for entry in entries
    ]
