"""Patterns that are tried on many lines or on a whole text, and the plain words that their matches open with.

To try a pattern costs time, at any line or even with each character of a text. Most open with plain
words, or are nothing else, and whether a line opens with those is known at a fraction of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["LineTest", "Opening", "TextPattern", "any_of", "has_alternatives", "openings"]

_NAMED_GROUP = re.compile(r"\(\?P<\w+>")
_FLAGS = re.compile(r"\(\?[aiLmsux]+\)")
_PLAIN = re.compile(r"(?:\\[^\w\s]|[^.^$*+?{}\[\]\\|()])*")
_LAST_PLAIN = re.compile(r"\\?.\Z", re.DOTALL)
_GROUP = re.compile(r"\((?:\?:|\?P<\w+>|(?!\?))")
_OPTIONAL = ("*", "?", "{")
_PARTS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]", re.DOTALL)
_FEWEST_CHARS = 3  # of an opening that is looked for anywhere in a text: shorter ones are found too often


class Opening(NamedTuple):
    """What a string that matches begins with; `is_whole`: it is this and no more."""

    text: str
    is_whole: bool


class TextPattern:
    """A pattern that is searched in a whole text, `^` and `$` standing for the ends of its lines."""

    __slots__ = ("_after", "_lines", "_openings", "_regex")

    def __init__(self, pattern: str) -> None:
        """Compile `pattern`; raises `re.error`."""
        self._regex = re.compile(pattern, re.MULTILINE)
        opens_line = pattern.startswith("^") and not has_alternatives(pattern)
        whole = openings(pattern[1:-1]) if opens_line and pattern.endswith("$") else []
        self._lines = frozenset(one.text for one in whole if all(other.is_whole for other in whole))
        self._after = "\n" if opens_line else ""
        found = {one.text for one in openings(pattern[1:] if opens_line else pattern)}
        is_told = all(len(text) >= (1 if opens_line else _FEWEST_CHARS) for text in found)
        self._openings = tuple(sorted(found)) if is_told else ()

    def found_in(self, text: str, lines: frozenset[str] | None = None) -> bool:
        """Tell whether the pattern is found anywhere in `text`; `lines` are all of its lines, if they are known."""
        if lines is not None and self._lines:
            return not self._lines.isdisjoint(lines)
        if not self._openings:
            return self._regex.search(text) is not None
        return any(self._opens_with(opening, text) for opening in self._openings)

    def _opens_with(self, opening: str, text: str) -> bool:
        if self._after and text.startswith(opening) and self._regex.match(text):
            return True
        skipped = len(self._after)
        sought = self._after + opening
        at = text.find(sought)
        while at >= 0:
            if self._regex.match(text, at + skipped):
                return True
            at = text.find(sought, at + 1)
        return False


class LineTest:
    """Whether any of some patterns matches the whole of a line; which one, and its groups, it does not say."""

    __slots__ = ("_openings", "_regex", "_whole")

    def __init__(self, patterns: Iterable[str]) -> None:
        """Compile `patterns`; raises `re.error`."""
        opened = [(pattern, openings(pattern)) for pattern in patterns]
        self._whole = frozenset(one.text for _, found in opened for one in found if one.is_whole)
        self._regex = any_of(pattern for pattern, found in opened if not all(one.is_whole for one in found))
        told = {one.text for _, found in opened for one in found if not one.is_whole}
        self._openings = () if "" in told else tuple(sorted(told))

    def fits(self, line: str) -> bool:
        """Tell whether one of the patterns matches."""
        if line in self._whole:
            return True
        if self._regex is None or (self._openings and not line.startswith(self._openings)):
            return False
        return self._regex.fullmatch(line) is not None

    def among(self, lines: Sequence[str], first: int = 0) -> list[int]:
        """Return in order the places of the lines that one of the patterns matches, counted from `first`."""
        whole, regex, opened = self._whole, self._regex, self._openings
        numbered = enumerate(lines, first)
        if regex is None:
            return [at for at, line in numbered if line in whole] if whole else []
        if opened:
            return [at for at, line in numbered if line in whole or (line.startswith(opened) and regex.fullmatch(line))]
        return [at for at, line in numbered if line in whole or regex.fullmatch(line)]


def any_of(patterns: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern for a quick no: names of groups may repeat between rules, so they are dropped."""
    all_of = list(patterns)
    if len(all_of) == 1:
        return re.compile(all_of[0])
    return re.compile("|".join(f"(?:{_NAMED_GROUP.sub('(?:', pattern)})" for pattern in all_of)) if all_of else None


def openings(pattern: str) -> list[Opening]:
    """Return what the matches of `pattern` begin with, for each of its alternatives; empty where it does not say."""
    if _FLAGS.match(pattern):
        return [Opening("", is_whole=False)]
    return [one for alternative in _alternatives(pattern) for one in _openings_of(alternative)]


def has_alternatives(pattern: str) -> bool:
    """Tell whether the whole pattern is one of several, parted by `|` outside of any group."""
    return len(list(_alternatives(pattern))) > 1


def _openings_of(alternative: str) -> list[Opening]:
    plain = _plain(alternative)
    rest = alternative[len(plain) :]
    if rest.startswith(_OPTIONAL):  # the last character may be missing
        return [Opening(_meant(_LAST_PLAIN.sub("", plain)), is_whole=False)]
    group = None if plain else _GROUP.match(rest)
    if group is None:
        return [Opening(_meant(plain), is_whole=not rest)]
    end = _end_of_group(rest)
    if rest.startswith(_OPTIONAL, end):
        return [Opening("", is_whole=False)]
    return [Opening(text, is_whole and end == len(rest)) for text, is_whole in openings(rest[group.end() : end - 1])]


def _plain(pattern: str) -> str:
    found = _PLAIN.match(pattern)
    return found[0] if found else ""


def _meant(plain: str) -> str:
    return re.sub(r"\\(.)", r"\1", plain)


def _alternatives(pattern: str) -> Iterator[str]:
    begin = depth = 0
    for part in _PARTS.finditer(pattern):
        if part[0] == "|" and depth == 0:
            yield pattern[begin : part.start()]
            begin = part.end()
        depth += {"(": 1, ")": -1}.get(part[0], 0)
    yield pattern[begin:]


def _end_of_group(pattern: str) -> int:
    """Return where the group ends that `pattern` begins with, a place behind `pattern` if it does not."""
    depth = 0
    for part in _PARTS.finditer(pattern):
        depth += {"(": 1, ")": -1}.get(part[0], 0)
        if depth == 0:
            return part.end()
    return len(pattern) + 1
