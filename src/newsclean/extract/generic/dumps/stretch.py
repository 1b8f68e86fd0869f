"""The lines of a dump, and those of them that are looked at: the stretch that may hold a body, and its margins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping  # noqa: TC003  (of a field: compiled code looks it up)
from typing import TYPE_CHECKING, Final, NamedTuple

from newsclean.extract.generic.dumps.context import LENIENT, densest
from newsclean.extract.generic.dumps.lines import has_wide, look_of
from newsclean.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.dumps.lines import Look
    from newsclean.page.flowing import Flowing

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
# With the first and the last byte of each in UTF-8: to look for a byte there is cheap, and most are in few pages.
_ODD_BYTES: Final = tuple([(one.encode()[0], one.encode()[-1], one) for one in _ODD])
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


def lines_of(flowing: Flowing, utf8: bytes) -> Lines:
    """Return the lines that have more than space and characters of no width; `utf8` is the text encoded."""
    text = flowing.text
    odd = [one for first, last, one in _ODD_BYTES if first in utf8 and last in utf8 and one in text]
    lines = [line.strip() for line in flowing.lines]
    if not _NO_WIDTH.isdisjoint(odd):
        lines = [line if squeeze(line) else "" for line in lines]
    texts = [line for line in lines if line]
    squeezed = _squeezed(text, (*odd, "  "))
    tidy = [squeezed.get(line, line) for line in texts] if squeezed else texts
    return Lines([at + 1 for at, line in enumerate(lines) if line], texts, tidy, {}, flowing.ends, has_wide(text, utf8))


def _squeezed(text: str, odd: Sequence[str]) -> dict[str, str]:
    """Return the lines of `text` with something `odd` in them, outer space stripped, each with itself squeezed."""
    found: dict[str, str] = {}
    for one in odd:  # few lines have any: to look for it in the whole text is cheaper than in each line
        at = text.find(one)
        while at >= 0:
            end = text.find("\n", at)
            if end < 0:
                end = len(text)
            line = text[text.rfind("\n", 0, at) + 1 : end].strip()
            if one in line and line not in found:
                found[line] = squeeze(line)
            at = text.find(one, end)
    return found


def looked(lines: Lines) -> Stretch:
    """Look at the lines of a dump that may hold a body or stand around it."""
    wide = lines.has_wide
    shortest = _PROSE_WIDE if wide else _PROSE
    texts = lines.texts
    looks = lines.looks
    for line in texts:
        if len(line) >= shortest and line not in looks:
            looks[line] = look_of(line, wide_page=wide)
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
            look or look_of(line, wide_page=wide)
            for look, line in zip(found[first:last], texts[first:last], strict=True)
        ],
        gaps=[min(2, number - last - 1) for number, last in zip(numbers, before, strict=False)],
        times=[times[line] for line in texts[first:last]],
    )
