"""Read a text dump by the line rules of a layout: where an article begins, what a line means, where it ends.

    chrome ... | head lines in order | body lines, some of them dropped | tail zones ...

The head is matched as a whole, with optional and repeated lines, so that a word of the menu that
happens to be a head's first line starts nothing. A dump may hold several articles: each head that
matches starts one, and what lies before the first belongs to the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsclean.extract.fields import FoundFields, column_of
from newsclean.extract.hard_wraps import unwrapped
from newsclean.extract.head_rules import HeadRules
from newsclean.extract.html_strategy import Reading
from newsclean.extract.line_rules import DropRules, Piece, Zones, compiled_tail
from newsclean.extract.seams import Seams
from newsclean.extract.text_patterns import LineTest, TextPattern
from newsclean.model import Block, Removal, RemovalKind
from newsclean.page.wraps import place

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Sequence

    from newsclean.extract.head_rules import Head
    from newsclean.extract.line_rules import Tail
    from newsclean.extract.profile import TextRules
    from newsclean.page import PageView

__all__ = ["TextStrategy"]


class _Owned(dict[str, str]):
    """A site's rules by their names, each as it stands in a removal."""

    def __init__(self, site: str) -> None:
        super().__init__()
        self._site = site

    def __missing__(self, rule: str) -> str:
        self[rule] = owned = f"{self._site}:{rule}"
        return owned


class TextStrategy:
    """The compiled text rules of one layout of one site."""

    def __init__(self, rules: TextRules, *, site: str) -> None:
        """Compile `rules`, which the profile's loading has checked."""
        self._rules = _Owned(site)
        self._evidence = [TextPattern(pattern) for pattern in rules.evidence]
        self._seams = Seams(rules)
        self._is_wrapped = rules.wrapped
        self._head = HeadRules(rules.head)
        self._tail = compiled_tail(rules.tail)
        self._drop = DropRules(rules.drop)
        self._before = DropRules(rules.before)
        self._any_tail = LineTest(tail.line for tail in rules.tail if tail.line)
        self._echoes = [tail for tail in self._tail if tail.entry.echo]

    def applies(self, dense: str, lines: frozenset[str] | None = None) -> bool:
        """Tell whether all evidence of this layout is in the text, `PageView.dense_text`; `lines`: all of its lines."""
        return all(pattern.found_in(dense, lines) for pattern in self._evidence)

    def read(self, view: PageView) -> tuple[Reading, ...]:
        """Return the articles of the dump in order; none where no head matches."""
        pieces = self._pieces(view)
        lines = [piece.text for piece in pieces]
        starts = self._head.starts(lines)
        readings: list[Reading] = []
        for n, start in enumerate(starts):
            end = starts[n + 1].at if n + 1 < len(starts) else len(pieces)
            found = FoundFields()
            removals = [self._head_line(pieces[at], head, found) for at, head in start.taken]
            if n == 0:
                removals = self._above(pieces[: start.at], lines[: start.at], found) + removals
            readings.append(self._article(pieces[:end], lines[:end], start.body, removals, found))
        return tuple(readings)

    def _pieces(self, view: PageView) -> list[Piece]:
        if self._is_wrapped:
            return [Piece(where, text) for where, text in unwrapped(view.text)]
        lines = view.dense_lines
        cut, ends = self._seams.touched(lines), view.flowing.ends
        if not cut and not ends:
            return [Piece(f"L{line.number}", line.text) for line in lines]
        return [
            Piece(place(line.number, ends.get(line.number, line.number)), part)
            for line in lines
            for part in (self._seams.parts(line.text) if line.number in cut else (line.text,))
        ]

    def _article(
        self, pieces: Sequence[Piece], lines: Sequence[str], begin: int, removals: list[Removal], found: FoundFields
    ) -> Reading:
        """Read the article whose body begins at piece `begin`; `removals` and `found` hold what stands above."""
        body = lines[begin:]
        ends = set(self._any_tail.among(body, begin))
        drops = self._drop.among(body, begin)
        blocks: list[Block] = []
        zones = Zones()
        for at in range(begin, len(pieces)):
            piece = pieces[at]
            tail = self._tail_at(piece, found, is_line=at in ends) if self._echoes or at in ends else None
            if tail is not None:
                removals.extend(self._reached(blocks, tail))
                zones.begin(tail, tail.list_end(lines, at + 1, len(pieces)))
                removals.append(self._tail_line(piece, tail, found))
                continue
            zone = zones.at(at, piece.text)
            if zone is not None:
                removals.append(self._in_zone(piece, zone, found))
                continue
            removal = self._dropped(piece, self._drop, found) if at in drops else None
            if removal is None:
                blocks.append(Block(text=piece.text, where=piece.where))
            else:
                removals.append(removal)
        return Reading(blocks=tuple(blocks), removals=tuple(removals), found=found)

    def _head_line(self, piece: Piece, head: Head, found: FoundFields) -> Removal:
        entry = head.entry
        return self._taken(piece, head.form_of(piece.text), entry.field, entry.rule or "head", entry.kind, found)

    def _above(self, pieces: Sequence[Piece], lines: Sequence[str], found: FoundFields) -> list[Removal]:
        """Account for the lines above the head: some say something of the article, most are the page's menus."""
        telling = self._before.among(lines, 0)
        told = (self._dropped(piece, self._before, found) if at in telling else None for at, piece in enumerate(pieces))
        return [
            removal or self._removed(piece, "before-article", RemovalKind.NAVIGATION)
            for piece, removal in zip(pieces, told, strict=True)
        ]

    def _dropped(self, piece: Piece, rules: DropRules, found: FoundFields) -> Removal | None:
        drop = rules.rule_for(piece.text)
        if drop is None:
            return None
        return self._taken(piece, drop.line, drop.entry.field, drop.entry.rule, drop.entry.kind, found)

    def _reached(self, blocks: list[Block], tail: Tail) -> list[Removal]:
        """Take the last blocks back that belong to the zone of `tail` by their look; the first block is body."""
        first = len(blocks)
        while (
            tail.reach is not None
            and first > max(1, len(blocks) - tail.entry.reach_most)
            and tail.reach.fullmatch(blocks[first - 1].text)
        ):
            first -= 1
        taken = [
            self._removed(Piece(block.where, block.text), tail.entry.rule, tail.entry.kind) for block in blocks[first:]
        ]
        del blocks[first:]
        return taken

    def _tail_at(self, piece: Piece, found: FoundFields, *, is_line: bool) -> Tail | None:
        if is_line:
            return next((tail for tail in self._tail if tail.line and tail.line.fullmatch(piece.text)), None)
        for tail in self._echoes:
            if found.one(tail.entry.echo or "") == piece.text:
                return tail
        return None

    def _tail_line(self, piece: Piece, tail: Tail, found: FoundFields) -> Removal:
        """Account for the line that begins a zone: named groups fill fields, the line itself is a label."""
        if tail.line is not None and tail.line.groupindex:
            return self._taken(piece, tail.line, None, tail.entry.rule, tail.entry.kind, found, tail)
        return self._removed(piece, tail.entry.rule, tail.entry.kind)

    def _in_zone(self, piece: Piece, zone: Tail, found: FoundFields) -> Removal:
        field = zone.entry.field
        values = zone.values(piece.text) if field else []
        if field is None or not values:
            return self._removed(piece, zone.entry.rule, zone.entry.kind)
        for value in values:
            found.add(field, value)
        return _moved(piece, [field])

    def _taken(
        self,
        piece: Piece,
        line: re.Pattern[str],
        field: str | None,
        rule: str,
        kind: RemovalKind,
        found: FoundFields,
        parted_by: Tail | None = None,
    ) -> Removal:
        """Fill the fields that a matching line carries and account for the line."""
        if line.groupindex:
            match = line.fullmatch(piece.text)
            groups = {name: text for name, text in (match.groupdict() if match else {}).items() if text}
            for name, text in groups.items():
                for value in parted_by.values(text) if parted_by else [text]:
                    found.add(name, value)
            return _moved(piece, [field] if field else groups) if field or groups else self._removed(piece, rule, kind)
        if field is None:
            return self._removed(piece, rule, kind)
        found.add(field, piece.text)
        return _moved(piece, [field])

    def _removed(self, piece: Piece, rule: str, kind: RemovalKind) -> Removal:
        return Removal(rule=self._rules[rule], kind=kind, where=piece.where, text=piece.text)


def _moved(piece: Piece, fields: Iterable[str]) -> Removal:
    column = column_of(fields)
    kind = RemovalKind.CAPTION if column == "captions" else RemovalKind.FIELD
    return Removal(rule=f"field:{column}", kind=kind, where=piece.where, text=piece.text, moved_to=column)
