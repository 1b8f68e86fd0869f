"""`GenericText`: an article out of a text dump (a page's innerText) of a site without a profile.

The steps: find the stretch of lines that may hold a body (`dump_context.densest`), look at each of
its lines (`dump_lines`), decide which are body (`dump_model`), find the headline above them
(`dump_title`) and the fields around it (`dump_fields`), and say of each other line why it is out
(`dump_fates`). Lines far from all running text are menus and footers and are not looked at.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsclean.errors import ExtractionFailed, NotAnArticle
from newsclean.extract.generic import dump_context, dump_fields, dump_model, dump_title
from newsclean.extract.generic.dump_fates import fate_of
from newsclean.extract.generic.dump_lines import has_wide, look_at
from newsclean.extract.generic.dump_words import Cue
from newsclean.model import Block, BlockKind, Extraction, Reason, Removal, RemovalKind
from newsclean.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsclean.extract.generic.dump_lines import Look
    from newsclean.page import Line, PageView

__all__ = ["GenericText"]

_MARGIN = 25  # lines looked at on both sides of the stretch with running text
_OWNER = "generic-text"
_FAR_ABOVE, _FAR_BELOW, _NAVIGATION = f"{_OWNER}:menu", f"{_OWNER}:footer", RemovalKind.NAVIGATION
_EVEN = 0.5
_POINTER = re.compile(r"(?:\w+\s+){1,3}\w+\s?[:|]")
_POINTER_MOST = 160
_POOR = 0.6  # a headline with fewer words of the address than this is looked for further up
_LEAST_SHARE = 0.08  # of a page's characters; the body of an undated page that has less is a teaser of a listing
_MIN_BODY = 60  # less running text than this is no story
_PROSE, _PROSE_WIDE = 50, 22  # no shorter line is running text
_LISTS = ("- ", "– ", "• ", "* ", "· ", "▪ ", "■ ")


class GenericText:
    """Takes the story out of a dump; raises `NotAnArticle` for a listing, `ExtractionFailed` where there is no body."""

    name = "generic"

    def extract(self, view: PageView) -> tuple[Extraction, ...]:
        """Return one extraction; every non-blank line of `view` is in its blocks or its removals."""
        lines = [line for line in view.lines if line.text and (line.text[0].isalnum() or squeeze(line.text))]
        if not lines:
            raise ExtractionFailed(Reason.NO_BODY, "the dump has no lines with text")
        seen = _looked(view.text, lines)
        body = _body(seen.looks, dump_model.pinned())
        prose = sum(seen.looks[at].prose for at in body)
        if not body or prose < _MIN_BODY:
            raise _nothing(lines, seen)
        found = _extraction(view, lines, seen, body)
        if found.published is None and prose < _LEAST_SHARE * sum([len(line.text) for line in lines]):
            raise NotAnArticle(
                Reason.LISTING, f"no date, and {prose} characters of running text on a page of {len(lines)} lines"
            )
        return (found,)


@dataclass(frozen=True, slots=True)
class _Seen:
    """The lines looked at: those from the index `begin` on."""

    begin: int
    looks: list[Look]


def _looked(text: str, lines: Sequence[Line]) -> _Seen:
    wide = has_wide(text)
    shortest = _PROSE_WIDE if wide else _PROSE
    found = [look_at(line.text, wide_page=wide) if len(line.text) >= shortest else None for line in lines]
    first, last = dump_context.densest([look.prose if look else 0 for look in found], dump_context.LENIENT)
    first, last = max(0, first - _MARGIN), min(len(lines), last + _MARGIN)
    times = Counter([line.text for line in lines])
    before = lines[first - 1].number if first else 0
    looks = []
    for line, known in zip(lines[first:last], found[first:last], strict=True):
        look = known or look_at(line.text, wide_page=wide)
        look.gap = min(2, line.number - before - 1)
        look.seen = times[line.text]
        before = line.number
        looks.append(look)
    return _Seen(first, looks)


def _body(looks: Sequence[Look], weights: dump_model.Weights) -> list[int]:
    """Return the indices of the lines that are more likely body than not."""
    dense = dump_context.densest([look.prose for look in looks], dump_context.STRICT)
    chances = dump_model.body_chances(dump_context.features(looks), weights, dense)
    return [at for at, chance in enumerate(chances) if chance > _EVEN and not _points_elsewhere(looks[at])]


def _points_elsewhere(look: Look) -> bool:
    """Tell a line like `Read more: Storm closes bridge`, which is no body wherever it stands."""
    return (
        look.cue == Cue.RELATED
        and look.size < _POINTER_MOST
        and not look.prose
        and _POINTER.match(look.text) is not None
    )


def _state(at: int, begin: int, end: int) -> int:
    return dump_model.BEFORE if at < begin else dump_model.INSIDE if at < end else dump_model.AFTER


def _nothing(lines: Sequence[Line], seen: _Seen) -> NotAnArticle | ExtractionFailed:
    prose = sum(look.prose > 0 for look in seen.looks)
    if len(lines) > _MARGIN:
        return NotAnArticle(Reason.LISTING, f"{len(lines)} lines, {prose} of them running text, and no body among them")
    return ExtractionFailed(Reason.NO_BODY, f"{len(lines)} lines, {prose} of them running text, and no body among them")


def _extraction(view: PageView, lines: Sequence[Line], seen: _Seen, body: list[int]) -> Extraction:
    looks = seen.looks
    begin, end = body[0], body[-1] + 1
    words = frozenset().union(*(looks[at].rare for at in body))
    slug = dump_title.slug_words(view.raw.url)
    title_at = _headline_line(lines, seen, begin, slug, words)
    place = title_at - seen.begin if title_at is not None and title_at >= seen.begin else None
    kept = frozenset(body) - {place}
    if not kept:
        raise _nothing(lines, seen)
    head = dump_fields.read_head(looks, place, begin, end, kept if place is None else kept | {place})
    moved = {seen.begin + at: column for at, column in head.moved.items()}
    if title_at is not None:
        moved[title_at] = "title"
    inside = frozenset(seen.begin + at for at in kept)
    headline = lines[title_at].text if title_at is not None else None
    return Extraction(
        strategy="generic:dump",
        blocks=tuple(_block(lines[at]) for at in sorted(inside)),
        removals=tuple(_removals(lines, seen, inside, (begin, end), moved, headline)),
        title=_title(lines, title_at, slug),
        standfirst=squeeze(head.standfirst) if head.standfirst else None,
        byline=squeeze(head.byline) if head.byline else None,
        authors=head.authors,
        published=head.published,
        published_raw=squeeze(head.published_raw) if head.published_raw else None,
    )


def _headline_line(
    lines: Sequence[Line], seen: _Seen, begin: int, slug: frozenset[str], words: frozenset[str]
) -> int | None:
    """Return the index in `lines` of the headline; the address may point to one far above the body."""
    near = dump_title.headline(seen.looks, begin, slug, words)
    if slug and (near is None or dump_title.likeness(seen.looks[near].text, slug) < _POOR):
        far = dump_title.by_address([line.text for line in lines[: seen.begin + begin]], slug)
        if far is not None:
            return far
    return None if near is None else seen.begin + near


def _title(lines: Sequence[Line], at: int | None, slug: frozenset[str]) -> str | None:
    if at is None:
        return None
    return squeeze(dump_title.refined(lines[at].text, lines[at - 1].text if at else None, slug))


def _block(line: Line) -> Block:
    text = _tidy(line.text)
    kind = BlockKind.LIST_ITEM if text.startswith(_LISTS) else BlockKind.PARAGRAPH
    return Block(text=text, kind=kind, where=f"L{line.number}")


def _removals(
    lines: Sequence[Line],
    seen: _Seen,
    inside: frozenset[int],
    span: tuple[int, int],
    moved: Mapping[int, str],
    title: str | None,
) -> Iterator[Removal]:
    """Account for every line that is not `inside` the body; `span` is the body's, in the lines looked at."""
    begin, looks = seen.begin, seen.looks
    for at, line in enumerate(lines):
        if at in inside:
            continue
        where, text, place = f"L{line.number}", _tidy(line.text), at - begin
        if at in moved:
            column = moved[at]
            rule = f"{_OWNER}:{column.removesuffix('_raw')}"
            yield Removal(rule=rule, kind=RemovalKind.METADATA_ECHO, where=where, text=text, moved_to=column)
        elif place < 0:
            yield Removal(rule=_FAR_ABOVE, kind=_NAVIGATION, where=where, text=text)
        elif place >= len(looks):
            yield Removal(rule=_FAR_BELOW, kind=_NAVIGATION, where=where, text=text)
        else:
            fate, kind = fate_of(looks[place], _state(place, *span), title)
            yield Removal(rule=f"{_OWNER}:{fate}", kind=kind, where=where, text=text)


def _tidy(text: str) -> str:
    """Do what `squeeze` does, at once where there is nothing to do."""
    return text if text.isascii() and "  " not in text and "\t" not in text else squeeze(text)
