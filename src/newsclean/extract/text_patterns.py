"""Patterns that are searched in a whole text, `^` and `$` standing for the ends of its lines.

A search that may begin at any line costs time with each character. Most such patterns open with
plain words, and whether a line opens with those is known at a fraction of it.
"""

from __future__ import annotations

import re

__all__ = ["TextPattern", "has_alternatives"]

_SPECIAL = frozenset(".^$*+?{}[]\\|()")
_OPTIONAL = frozenset("*?{")
_ALTERNATIVES = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]", re.DOTALL)


class TextPattern:
    """A compiled pattern and the plain words that a line has to open with for it to match."""

    __slots__ = ("_opening", "_regex", "_within")

    def __init__(self, pattern: str) -> None:
        """Compile `pattern`; raises `re.error`."""
        self._regex = re.compile(pattern, re.MULTILINE)
        self._opening = _opening_words(pattern)
        self._within = "\n" + self._opening

    def found_in(self, text: str) -> bool:
        """Tell whether the pattern is found anywhere in `text`."""
        if self._opening and self._within not in text and not text.startswith(self._opening):
            return False
        return self._regex.search(text) is not None


def _opening_words(pattern: str) -> str:
    """Return the plain characters that follow `^` in every match of `pattern`, empty where it does not say."""
    if not pattern.startswith("^") or has_alternatives(pattern):
        return ""
    end = 1
    while end < len(pattern) and pattern[end] not in _SPECIAL:
        end += 1
    if end < len(pattern) and pattern[end] in _OPTIONAL:
        end -= 1  # the last character may be missing
    return pattern[1:end]


def has_alternatives(pattern: str) -> bool:
    """Tell whether the whole pattern is one of several, parted by `|` outside of any group."""
    depth = 0
    for match in _ALTERNATIVES.finditer(pattern):
        if match[0] == "|" and depth == 0:
            return True
        depth += {"(": 1, ")": -1}.get(match[0], 0)
    return False
