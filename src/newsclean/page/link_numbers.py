"""Take out the numbers that `lynx -dump` writes before each link, `[12]`, and lists with their addresses at the end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["without_link_numbers"]

_NUMBER: Final = re.compile(r"\[(\d{1,5})\]")

_LIST_HEAD: Final = "\nReferences\n"
_ENTRY: Final = re.compile(r"(\d{1,5})\. [a-zA-Z][\w+.-]*:")
_LABELS: Final = frozenset(("Visible links", "Visible links:", "Hidden links", "Hidden links:"))
_LEAST: Final = 3  # links; a text may well have a list of references of its own
_MOST_OTHERS: Final = 0.1


def without_link_numbers(text: str) -> tuple[str, Mapping[int, Sequence[str]]]:
    """Return `text` without the numbers of links, and those that each line had, by the number of the line (from 1).

    Only what its own list has an address for is taken, in the order of the list: a `[3]` of the text itself stays.
    """
    at = text.rfind(_LIST_HEAD) if "[" in text else -1
    links = 0 if at < 0 else _links_in(text[at + len(_LIST_HEAD) :])
    if not links:
        return text, {}
    taken: dict[int, list[str]] = {}
    lines = text[:at].split("\n")
    last = 0
    for place, line in enumerate(lines):
        if "[" not in line:
            continue
        kept, begin = [], 0
        for found in _NUMBER.finditer(line):
            if last < int(found[1]) <= links:
                last = int(found[1])
                kept.append(line[begin : found.start()])
                begin = found.end()
                taken.setdefault(place + 1, []).append(found[0])
        if begin:
            lines[place] = "".join((*kept, line[begin:]))
    return "\n".join(lines) + text[at:], taken


def _links_in(listed: str) -> int:
    """Return the number of the last link listed; 0 if that is no such list, ever greater numbers before addresses."""
    last = entries = others = 0
    for line in filter(None, map(str.strip, listed.split("\n"))):
        entry = _ENTRY.match(line)
        if entry and int(entry[1]) > last:
            last, entries = int(entry[1]), entries + 1
        elif line not in _LABELS:
            others += 1  # an address with line ends in it
    return last if entries >= _LEAST and others <= _MOST_OTHERS * entries else 0
