"""Where a dump may be two run together: the places at which a page seems to begin anew.

Three signs. A run of lines from the top of the dump (a site's menu) that stands there once more, a
line that opens a page (`Skip to content`), or one that closes it (`© 2024 ...`, `All rights reserved`),
with running text on both sides of the place. None proves anything: menus come twice on one page, and
notices of copyright stand under pictures. Whether both sides are stories of their own is for the
extractor to see.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
_BEGINNINGS: Final = frozenset([phrase[:2] for phrase in _PAST_MENUS_PHRASES])  # most lines are passed over by these
_CLOSING: Final = re.compile(r".*(?:©|\(c\)|copyright\b).*(?:19|20)\d\d|.*\ball rights reserved|\W*©", re.IGNORECASE)


class Seam(NamedTuple):
    """A line at which another page may begin; `begins`: the line and those after it look like a page's first."""

    at: int
    begins: bool


def seams_of(text: str, texts: Sequence[str]) -> list[Seam]:
    """Return the places in `texts`, the lines of `text`, at which another page may begin, in order."""
    if len(texts) > _MOST_LINES:
        return []
    opened = {*_menus(texts), *_openings(texts)}
    found = sorted(opened.union(_closings(text, texts)))
    if not 0 < len(found) <= _MOST_SEAMS or not _has_text(texts[found[0] :]):
        return []
    return [Seam(at, at in opened) for at in found if _has_text(texts[:at]) and _has_text(texts[at:])]


def _has_text(texts: Sequence[str]) -> bool:
    """Tell whether there are some lines of running text, with sentences that end."""
    sizes = [len(text.encode()) for text in texts if len(text) > _LONG // 3 and text.rstrip(_CLOSERS)[-1:] in _ENDS]
    long = [size for size in sizes if size >= _LONG]
    return len(long) >= _LINES and sum(long) >= _LEAST


def _menus(texts: Sequence[str]) -> Iterator[int]:
    """Find where the lines of the top come again, and count back to where their page begins."""
    top = texts[:_TOP]
    if len(texts) - len(set(texts)) < _RUN:
        return
    first = {text: at for at, text in reversed(list(enumerate(top)))}
    at = _RUN
    while at < len(texts) - _RUN:
        place = first.get(texts[at])
        if (
            place is not None
            and place + _RUN <= at
            and (run := texts[at : at + _RUN]) == texts[place : place + _RUN]
            and len(set(run)) >= _RUN_KINDS
            and sum(map(len, run)) >= _RUN_CHARS
        ):
            yield at - place
            at += _TOP
        at += 1


def _openings(texts: Sequence[str]) -> Iterator[int]:
    """Find the lines that lead a reader past a page's menus, the first of each few."""
    last = 0
    for at, line in enumerate(texts):
        may_be = line[:2] in _BEGINNINGS or not line[0].isalnum()
        if may_be and len(line) < _OPENING_MOST and _OPENING.match(line):
            if at > last + _TOP:
                yield at
            last = at


def _closings(text: str, texts: Sequence[str]) -> Iterator[int]:
    """Find the lines after which a page may be over."""
    inner = text[_LEAST : len(text) - _LEAST]
    if not any([mark in inner for mark in _MARKS]):  # noqa: C419  (a list is the faster here)
        return
    before = 0
    for at, line in enumerate(texts):
        if before >= _LEAST and len(line) < _CLOSING_MOST and at + 1 < len(texts) and _is_closing(line):
            yield at + 1
        if before < _LEAST and len(line) * _UTF8_MOST >= _LONG:
            size = len(line.encode())
            if size >= _LONG:
                before += size


def _is_closing(line: str) -> bool:
    lowered = line.lower()
    # Not in full: beyond ASCII, more letters than one may be an i or an s.
    may_be = "©" in line or "copyr" in lowered or "all r" in lowered or "(c)" in lowered
    return may_be and _CLOSING.match(line) is not None
