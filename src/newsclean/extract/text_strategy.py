"""Read a text dump by the line rules of a layout: where an article begins, what a line means, where it ends.

    chrome ... | head lines in order | body lines, some of them dropped | tail zones ...

The head is matched as a whole, with optional and repeated lines, so that a word of the menu that
happens to be a head's first line starts nothing. A dump may hold several articles: each head that
matches starts one, and what lies before the first belongs to the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsclean.extract.fields import FoundFields
from newsclean.extract.html_strategy import Reading
from newsclean.model import Block, Removal, RemovalKind
from newsclean.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newsclean.extract.profile import DropRule, HeadLine, TailLine, TextRules
    from newsclean.page import Line, PageView

__all__ = ["TextStrategy", "dense_lines"]

_NAMED_GROUP = re.compile(r"\(\?P<\w+>")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line, or a part of one between two seams, white space squeezed."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class _Head:
    entry: HeadLine
    line: re.Pattern[str]
    unless: re.Pattern[str] | None
    then: re.Pattern[str] | None
    needs: int | None


@dataclass(frozen=True, slots=True)
class _Tail:
    entry: TailLine
    line: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class _Drop:
    entry: DropRule
    line: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Start:
    """A head that matched: which piece went to which entry, and where the body begins."""

    at: int
    body: int
    taken: tuple[tuple[int, _Head], ...]


def dense_lines(lines: Iterable[Line]) -> str:
    """Return the lines that are not blank, squeezed, as one text: what evidence and signatures see."""
    return "\n".join(text for line in lines if (text := squeeze(line.text)))


class TextStrategy:
    """The compiled text rules of one layout of one site."""

    def __init__(self, rules: TextRules, *, site: str) -> None:
        """Compile `rules`, which the profile's loading has checked."""
        self._site = site
        self._evidence = [re.compile(pattern, re.MULTILINE) for pattern in rules.evidence]
        self._seams = [re.compile(pattern) for pattern in rules.seams]
        self._head = _compiled_head(rules.head)
        self._tail = [_Tail(entry, re.compile(entry.line) if entry.line else None) for entry in rules.tail]
        self._drop = [_Drop(entry, re.compile(entry.line)) for entry in rules.drop]
        self._any_tail = _any_of(tail.entry.line for tail in self._tail if tail.entry.line)
        self._any_drop = _any_of(drop.entry.line for drop in self._drop)

    def applies(self, dense: str) -> bool:
        """Tell whether all evidence of this layout is in the text (see `dense_lines`)."""
        return all(pattern.search(dense) for pattern in self._evidence)

    def read(self, view: PageView) -> tuple[Reading, ...]:
        """Return the articles of the dump in order; none where no head matches."""
        pieces = list(self._pieces(view))
        starts = self._starts(pieces)
        readings: list[Reading] = []
        for n, start in enumerate(starts):
            end = starts[n + 1].at if n + 1 < len(starts) else len(pieces)
            before = pieces[: start.at] if n == 0 else []
            readings.append(self._article(pieces, start, end, before))
        return tuple(readings)

    def _pieces(self, view: PageView) -> Iterable[_Piece]:
        for line in view.lines:
            text = squeeze(line.text)
            if not text:
                continue
            parts = [text]
            for seam in self._seams:
                parts = [part for whole in parts for part in _cut(whole, seam)]
            for part in parts:
                yield _Piece(f"L{line.number}", part)

    def _starts(self, pieces: Sequence[_Piece]) -> list[_Start]:
        starts: list[_Start] = []
        at = 0
        while at < len(pieces):
            taken = self._match_head(pieces, at, 0, ())
            if taken is None:
                at += 1
                continue
            body = taken[-1][0] + 1
            starts.append(_Start(at, body, taken))
            at = body
        return starts

    def _match_head(
        self, pieces: Sequence[_Piece], at: int, entry: int, taken: tuple[tuple[int, _Head], ...]
    ) -> tuple[tuple[int, _Head], ...] | None:
        """Match head entries from `entry` on at piece `at`; longest repetition first, with backtracking."""
        if entry == len(self._head):
            return taken or None
        head = self._head[entry]
        possible = head.needs is None or any(done is self._head[head.needs] for _, done in taken)
        run = 0
        while possible and run < head.entry.most and _fits(head, pieces, at + run):
            run += 1
        least = 0 if head.entry.optional else 1
        for count in range(run, least - 1, -1):
            more = taken + tuple((at + i, head) for i in range(count))
            matched = self._match_head(pieces, at + count, entry + 1, more)
            if matched is not None:
                return matched
        return None

    def _article(self, pieces: Sequence[_Piece], start: _Start, end: int, before: Sequence[_Piece]) -> Reading:
        found = FoundFields()
        blocks: list[Block] = []
        removals = [self._removed(piece, "before-article", RemovalKind.NAVIGATION) for piece in before]
        for at, head in start.taken:
            entry = head.entry
            removals.append(self._taken(pieces[at], head.line, entry.field, entry.rule or "head", entry.kind, found))
        zone: _Tail | None = None
        for piece in pieces[start.body : end]:
            tail = self._tail_at(piece, found)
            if tail is not None:
                zone = tail
                removals.append(self._tail_line(piece, tail, found))
            elif zone is not None:
                removals.append(self._in_zone(piece, zone, found))
            else:
                drop = self._drop_at(piece)
                if drop is None:
                    blocks.append(Block(text=piece.text, where=piece.where))
                else:
                    removals.append(self._taken(piece, drop.line, drop.entry.field, drop.entry.rule, drop.entry.kind, found))
        return Reading(blocks=tuple(blocks), removals=tuple(removals), found=found)

    def _tail_at(self, piece: _Piece, found: FoundFields) -> _Tail | None:
        if self._any_tail is not None and self._any_tail.fullmatch(piece.text):
            return next((tail for tail in self._tail if tail.line and tail.line.fullmatch(piece.text)), None)
        echoes = (tail for tail in self._tail if tail.entry.echo)
        return next((tail for tail in echoes if found.one(tail.entry.echo or "") == piece.text), None)

    def _drop_at(self, piece: _Piece) -> _Drop | None:
        if self._any_drop is None or not self._any_drop.fullmatch(piece.text):
            return None
        return next((drop for drop in self._drop if drop.line.fullmatch(piece.text)), None)

    def _tail_line(self, piece: _Piece, tail: _Tail, found: FoundFields) -> Removal:
        """Account for the line that begins a zone: named groups fill fields, the line itself is a label."""
        if tail.line is not None and tail.line.groupindex:
            return self._taken(piece, tail.line, None, tail.entry.rule, tail.entry.kind, found, tail.entry.separator)
        return self._removed(piece, tail.entry.rule, tail.entry.kind)

    def _in_zone(self, piece: _Piece, zone: _Tail, found: FoundFields) -> Removal:
        field = zone.entry.field
        if field is None:
            return self._removed(piece, zone.entry.rule, zone.entry.kind)
        for value in _parted(piece.text, zone.entry.separator):
            found.add(field, value)
        return _moved(piece, field)

    def _taken(  # noqa: PLR0913  (one call site's row of a rule, spelt out)
        self,
        piece: _Piece,
        line: re.Pattern[str],
        field: str | None,
        rule: str,
        kind: RemovalKind,
        found: FoundFields,
        separator: str | None = None,
    ) -> Removal:
        """Fill the fields that a matching line carries and account for the line."""
        if line.groupindex:
            match = line.fullmatch(piece.text)
            groups = {name: text for name, text in (match.groupdict() if match else {}).items() if text}
            for name, text in groups.items():
                for value in _parted(text, separator):
                    found.add(name, value)
            field = field or next(iter(groups), None)
            return _moved(piece, field) if field else self._removed(piece, rule, kind)
        if field is None:
            return self._removed(piece, rule, kind)
        found.add(field, piece.text)
        return _moved(piece, field)

    def _removed(self, piece: _Piece, rule: str, kind: RemovalKind) -> Removal:
        return Removal(rule=f"{self._site}:{rule}", kind=kind, where=piece.where, text=piece.text)


def _moved(piece: _Piece, field: str) -> Removal:
    kind = RemovalKind.CAPTION if field == "captions" else RemovalKind.FIELD
    return Removal(rule=f"field:{field}", kind=kind, where=piece.where, text=piece.text, moved_to=field)


def _parted(text: str, separator: str | None) -> list[str]:
    return text.split(separator) if separator else [text]


def _cut(text: str, seam: re.Pattern[str]) -> list[str]:
    cuts = [0, *(match.end() for match in seam.finditer(text)), len(text)]
    return [part for a, b in zip(cuts, cuts[1:], strict=False) if (part := text[a:b].strip())]


def _any_of(patterns: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern for a quick no: names of groups may repeat between rules, so they are dropped."""
    joined = "|".join(f"(?:{_NAMED_GROUP.sub('(?:', pattern)})" for pattern in patterns)
    return re.compile(joined) if joined else None


def _compiled_head(entries: Sequence[HeadLine]) -> list[_Head]:
    names = [entry.rule or entry.field for entry in entries]
    return [
        _Head(
            entry,
            re.compile(entry.line),
            re.compile(entry.unless) if entry.unless else None,
            re.compile(entry.then) if entry.then else None,
            names.index(entry.after) if entry.after else None,
        )
        for entry in entries
    ]


def _fits(head: _Head, pieces: Sequence[_Piece], at: int) -> bool:
    if at >= len(pieces) or not head.line.fullmatch(pieces[at].text):
        return False
    if head.unless and head.unless.fullmatch(pieces[at].text):
        return False
    return not head.then or (at + 1 < len(pieces) and bool(head.then.fullmatch(pieces[at + 1].text)))
