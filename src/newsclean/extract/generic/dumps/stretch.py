"""The lines of a dump, and those of them that are looked at: the stretch that may hold a body, and its margins."""

from __future__ import annotations

from collections import Counter
from itertools import compress, count
from typing import TYPE_CHECKING, Final, NamedTuple

from newsclean.extract.generic.dumps.context import LENIENT, densest
from newsclean.extract.generic.dumps.lines import LABEL, has_wide, labels_of, look_at
from newsclean.text import by_lead, squeeze

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsclean.extract.generic.dumps.lines import Look

__all__ = ["MARGIN", "Lines", "Stretch", "lines_of", "looked"]

MARGIN: Final = 25  # lines looked at on both sides of the stretch with running text
# No shorter line is running text.
_PROSE: Final = 50
_PROSE_WIDE: Final = 22
# What `squeeze` changes, but for spaces in a row.
_ODD: Final = (
    "\t\v\f\x1c\x1d\x1e\x1f\x85\xa0\xad\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b"
    "\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
_ODD_BY_LEAD: Final = by_lead(_ODD)
_NO_WIDTH: Final = frozenset("\xad\u200b\u2060\ufeff")


class Lines(NamedTuple):
    """The lines of a dump that have text: number in the file (from 1) and text, outer space stripped."""

    numbers: list[int]
    texts: list[str]
    tidy: list[str]  # the texts, squeezed
    looks: dict[str, Look]  # what was seen of long ones, for whoever looks at another part of the dump
    ends: Mapping[int, int]  # of lines that were wrapped in the file, the number of the first and of the last there
    has_wide: bool  # whether the dump has Chinese, Japanese or Korean characters

    def between(self, begin: int, end: int) -> Lines:
        """Return the lines from index `begin` to before `end`."""
        part = slice(begin, end)
        return Lines(self.numbers[part], self.texts[part], self.tidy[part], self.looks, self.ends, self.has_wide)


class Stretch(NamedTuple):
    """The lines looked at, which are those from index `begin` on."""

    begin: int
    looks: list[Look]
    gaps: list[int]  # blank lines before each: 0, 1, or 2 for more
    times: list[int]  # how often the same line stands on the page


def lines_of(text: str, utf8: bytes, ends: Mapping[int, int]) -> Lines:
    """Return the lines of `text` that have more than space and characters of no width.

    `utf8` is `text` encoded; `ends` as in `Lines`.
    """
    odd = [one for lead, characters in _ODD_BY_LEAD if lead in utf8 for one in characters if one in text]
    lines = list(map(str.strip, text.split("\n")))
    if not _NO_WIDTH.isdisjoint(odd):
        lines = [line if squeeze(line) else "" for line in lines]
    texts = list(filter(None, lines))
    tidy = texts
    for one in (*odd, "  ") if "  " in text else odd:  # a search for each is cheaper than to squeeze all
        tidy = [squeeze(line) if one in line else line for line in tidy]
    return Lines(list(compress(count(1), lines)), texts, tidy, {}, ends, has_wide(text, utf8))


def looked(lines: Lines) -> Stretch:
    """Look at the lines of a dump that may hold a body or stand around it."""
    wide = lines.has_wide
    shortest = _PROSE_WIDE if wide else _PROSE
    texts = lines.texts
    labels, looks = labels_of(wide_page=wide), lines.looks
    for line in texts:
        if len(line) >= shortest and line not in looks:
            looks[line] = labels[line] if len(line) < LABEL else look_at(line, wide_page=wide)
    found = [looks.get(line) for line in texts]
    first, last = densest([look.prose if look else 0 for look in found], LENIENT)
    first, last = max(0, first - MARGIN), min(len(texts), last + MARGIN)
    times = Counter(texts)
    numbers = lines.numbers[first:last]
    before = [lines.numbers[first - 1] if first else 0, *numbers]
    if lines.ends:
        before = [lines.ends.get(number, number) for number in before]
    return Stretch(
        begin=first,
        looks=[
            look or (labels[line] if len(line) < LABEL else look_at(line, wide_page=wide))
            for look, line in zip(found[first:last], texts[first:last], strict=True)
        ],
        gaps=[min(2, number - last - 1) for number, last in zip(numbers, before, strict=False)],
        times=[times[line] for line in texts[first:last]],
    )
