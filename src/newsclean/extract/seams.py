"""Cut a line of a dump where line ends were lost: at the seams that a layout names."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from newsclean.extract.text_patterns import has_alternatives, openings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newsclean.extract.profile import TextRules
    from newsclean.page.view import Line

__all__ = ["Seam", "Seams"]

# Plain words that a pattern opens with: to look for them costs a fraction of the pattern.
_PLAIN_GROUP = re.compile(r"\(([^.^$*+?{}\[\]\\|()]+)\)(?![*?{])")


class Seam:
    """A pattern that cuts a line around each of its unnamed groups, or at the match's end if it has none.

    Only in a line with `opening` in it, plain words, can there be a place to cut.
    """

    __slots__ = ("_groups", "_regex", "opening")

    def __init__(self, pattern: str) -> None:
        """Compile `pattern`; raises `re.error`."""
        self._regex = re.compile(pattern)
        named = set(self._regex.groupindex.values())
        self._groups = [group for group in range(1, self._regex.groups + 1) if group not in named]
        opening = _PLAIN_GROUP.match(pattern)
        self.opening = opening[1] if opening and not has_alternatives(pattern) else ""

    def cut(self, text: str) -> list[str]:
        """Return the parts of `text` in order, outer space stripped; no part is empty."""
        if self.opening not in text or self._regex.search(text) is None:
            return [text]
        places: set[int] = set()
        for match in self._regex.finditer(text):
            spans = [match.span(group) for group in self._groups] or [(match.end(), match.end())]
            places.update(place for span in spans for place in span if place >= 0)
        if not places:
            return [text]
        ends = sorted(places | {0, len(text)})
        return [part for a, b in pairwise(ends) if (part := text[a:b].strip())]


class Seams:
    """All seams of a layout: those for any line, and those for a line that holds a whole page."""

    __slots__ = ("_any", "_flat", "_flat_line", "_signs")

    def __init__(self, rules: TextRules) -> None:
        """Compile the seams of `rules`."""
        self._any = [Seam(pattern) for pattern in rules.seams]
        self._flat = [Seam(pattern) for pattern in rules.flat.seams] if rules.flat else []
        self._flat_line = re.compile(rules.flat.line) if rules.flat else None
        flat_signs = {one.text for one in openings(rules.flat.line)} if rules.flat else set()
        self._signs = sorted(flat_signs.union(seam.opening for seam in self._any))

    def __bool__(self) -> bool:
        return bool(self._any or self._flat)

    def touched(self, lines: Sequence[Line]) -> set[int]:
        """Return the numbers of the lines that `parts` may cut, found out quickly: few of a page are."""
        return {line.number for sign in self._signs for line in lines if sign in line.text}

    def parts(self, line: str) -> list[str]:
        """Cut a line at all seams that are meant for it, in their order."""
        parts = _cut(line, self._any) if self._any else [line]
        if self._flat_line and self._flat_line.search(line):
            return [end for part in parts for end in _cut(part, self._flat)]
        return parts


def _cut(text: str, seams: Iterable[Seam]) -> list[str]:
    parts = [text]
    for seam in seams:
        parts = seam.cut(parts[0]) if len(parts) == 1 else [part for whole in parts for part in seam.cut(whole)]
    return parts
