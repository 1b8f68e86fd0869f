"""Where a dump may be two run together: the places at which a page seems to begin anew.

Three signs. A run of lines from the top of the dump (a site's menu) that stands there once more, a
line that opens a page (`Skip to content`), or one that closes it (`© 2024 ...`, `All rights reserved`),
with running text on both sides of the place. None proves anything: menus come twice on one page, and
notices of copyright stand under pictures. Whether both sides are stories of their own is for the
extractor to see.
"""

from __future__ import annotations

import re
from string import ascii_letters, digits
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Seam", "seams_of"]

_TOP: Final = 40  # lines in which a page's menu begins
_RUN: Final = 5
_RUN_KINDS: Final = 4
_RUN_CHARS: Final = 30
_LONG: Final = 90  # bytes of a line that may be running text
# Of such lines on each side.
_LEAST: Final = 400
_LINES: Final = 3
_CLOSERS: Final = "\"'”’»)]」』）“‹›*"
_ENDS: Final = frozenset(".!?…。！？।؟۔॥։")
_CLOSING_MOST: Final = 220
_UTF8_MOST: Final = 4  # bytes of a character
# A page with more has notices of copyright everywhere, or is out to take time.
_MOST_LINES: Final = 5_000
_MOST_SEAMS: Final = 40
_MARKS: Final = ("©", "opyright", "ights reserved", "RIGHTS RESERVED")
_OPENING_MOST: Final = 80
# Each begins with two letters that stand for themselves.
_PAST_MENUS_PHRASES: Final = (
    *("Skip", "skip", "SKIP", "Jump", "jump", "Direkt [Zz]um", "direkt [Zz]um", "Zum (?:Haupt)?[Ii]nhalt"),
    *("zum (?:Haupt)?[Ii]nhalt", "Navigation überspringen", "Hoppa? til", "Gå (?:direkt )?til", "Fortsæt til"),
    *("Aller (?:au|directement)", "Saltar al ", "Ir al ", "Pular para", "Ir para", "Vai al", "Salta al", "Naar"),
    *("Ga naar", "Spring naar", "Siirry", "Przejdź do", "Přejít", "Prejsť", "Ugrás", "Sari la", "İçeriğe", "Перейти"),
    *("본문 ?바로", "本文へ", "コンテンツへ", "跳到", "跳至"),
)
_OPENING: Final = re.compile(rf"\W*(?:{'|'.join(_PAST_MENUS_PHRASES)})")
# Most lines are passed over by their first characters.
_BEGINNINGS: Final = frozenset([phrase[:2] for phrase in _PAST_MENUS_PHRASES])
_BEGIN_NONE: Final = frozenset(ascii_letters + digits) - {phrase[0] for phrase in _PAST_MENUS_PHRASES}
_CLOSING: Final = re.compile(r".*(?:©|\(c\)|copyright\b).*(?:19|20)\d\d|.*\ball rights reserved|\W*©", re.IGNORECASE)


class Seam(NamedTuple):
    """A line at which another page may begin; `begins`: the line and those after it look like a page's first."""

    at: int
    begins: bool


def seams_of(text: str, texts: list[str]) -> list[Seam]:
    """Return the places in `texts`, the lines of `text`, at which another page may begin, in order."""
    if len(texts) > _MOST_LINES:
        return []
    opened = _menus(texts) + _openings(texts)
    found = sorted({*opened, *_closings(text, texts)})
    if not 0 < len(found) <= _MOST_SEAMS or not _has_text(texts[found[0] :]):
        return []
    return [Seam(at, at in opened) for at in found if _has_text(texts[:at]) and _has_text(texts[at:])]


def _has_text(texts: Sequence[str]) -> bool:
    """Tell whether there are some lines of running text, with sentences that end."""
    sizes = [len(text.encode()) for text in texts if len(text) > _LONG // 3 and text.rstrip(_CLOSERS)[-1:] in _ENDS]
    long = [size for size in sizes if size >= _LONG]
    return len(long) >= _LINES and sum(long) >= _LEAST


def _menus(texts: list[str]) -> list[int]:
    """Find where the lines of the top come again, and count back to where their page begins."""
    found: list[int] = []
    first: dict[str, int] = {}
    for at, text in enumerate(texts[:_TOP]):
        first.setdefault(text, at)
    at, end = _RUN, len(texts) - _RUN
    while at < end:
        if texts[at] in first:
            place = first[texts[at]]
            if (
                place + _RUN <= at
                and (run := texts[at : at + _RUN]) == texts[place : place + _RUN]
                and len(set(run)) >= _RUN_KINDS
                and sum(map(len, run)) >= _RUN_CHARS
            ):
                found.append(at - place)
                at += _TOP
        at += 1
    return found


def _openings(texts: list[str]) -> list[int]:
    """Find the lines that lead a reader past a page's menus, the first of each few."""
    found: list[int] = []
    last = 0
    for at, line in enumerate(texts):
        first = line[0]
        if first in _BEGIN_NONE:
            continue
        may_be = line[:2] in _BEGINNINGS or not first.isalnum()
        if may_be and len(line) < _OPENING_MOST and _OPENING.match(line):
            if at > last + _TOP:
                found.append(at)
            last = at
    return found


def _closings(text: str, texts: list[str]) -> list[int]:
    """Find the lines after which a page may be over."""
    found: list[int] = []
    # Within, without making a copy of it.
    if max([text.find(mark, _LEAST, len(text) - _LEAST) for mark in _MARKS]) < 0:
        return found
    before, last = 0, len(texts) - 1
    for at, line in enumerate(texts):
        size = len(line)
        if before >= _LEAST:
            if size < _CLOSING_MOST and at < last and _is_closing(line):
                found.append(at + 1)
        elif size * _UTF8_MOST >= _LONG:
            size = len(line.encode())
            if size >= _LONG:
                before += size
    return found


def _is_closing(line: str) -> bool:
    lowered = line.lower()
    # Not in full: beyond ASCII, more letters than one may be an i or an s.
    may_be = "©" in line or "copyr" in lowered or "all r" in lowered or "(c)" in lowered
    return may_be and _CLOSING.match(line) is not None
