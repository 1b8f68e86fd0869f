"""`GenericText`: an article out of a text dump (a page's innerText) of a site without a profile.

The steps: find the stretch of lines that may hold a body (`dump_context.densest`), look at each of
its lines (`dump_lines`), decide which are body (`dump_model`), find the headline above them
(`dump_title`) and the fields around it (`dump_fields`), and say of each other line why it is out
(`dump_fates`). Lines far from all running text are menus and footers and are not looked at.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsclean.errors import ExtractionFailed, NotAnArticle
from newsclean.extract.generic import dump_context, dump_fields, dump_model, dump_title
from newsclean.extract.generic.dump_fates import fate_of
from newsclean.extract.generic.dump_lines import look_at, prose_size
from newsclean.model import Block, BlockKind, Extraction, Reason, Removal, RemovalKind
from newsclean.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.dump_lines import Look
    from newsclean.page import Line, PageView

__all__ = ["GenericText"]

_MARGIN = 25  # lines looked at on both sides of the stretch with running text
_OWNER = "generic-text"
_MIN_BODY = 60  # less running text than this is no story
_LISTS = ("- ", "– ", "• ", "* ", "· ", "▪ ", "■ ")


class GenericText:
    """Takes the story out of a dump; raises `NotAnArticle` for a listing, `ExtractionFailed` where there is no body."""

    name = "generic"

    def extract(self, view: PageView) -> tuple[Extraction, ...]:
        """Return one extraction; every non-blank line of `view` is in its blocks or its removals."""
        lines = [line for line in view.lines if squeeze(line.text)]
        if not lines:
            raise ExtractionFailed(Reason.NO_BODY, "the dump has no lines with text")
        seen = _looked(lines)
        states = dump_model.best_path(dump_context.features(seen.looks), dump_model.pinned())
        body = [at for at, state in enumerate(states) if state in (dump_model.FIRST, dump_model.BODY)]
        prose = sum(seen.looks[at].prose for at in body)
        if not body or prose < _MIN_BODY:
            raise _nothing(lines, seen)
        return (_extraction(view, lines, seen, states, body),)


@dataclass(frozen=True, slots=True)
class _Seen:
    """The lines looked at: those from the index `begin` on."""

    begin: int
    looks: list[Look]


def _looked(lines: Sequence[Line]) -> _Seen:
    texts = [line.text for line in lines]
    first, last = dump_context.densest([prose_size(text) for text in texts], dump_context.LENIENT)
    first, last = max(0, first - _MARGIN), min(len(lines), last + _MARGIN)
    times = Counter(texts)
    before = lines[first - 1].number if first else 0
    looks = []
    for line in lines[first:last]:
        looks.append(look_at(line.text, line.number, min(2, line.number - before - 1), times[line.text]))
        before = line.number
    return _Seen(first, looks)


def _nothing(lines: Sequence[Line], seen: _Seen) -> NotAnArticle | ExtractionFailed:
    prose = sum(look.prose > 0 for look in seen.looks)
    if len(lines) > _MARGIN:
        return NotAnArticle(Reason.LISTING, f"{len(lines)} lines, {prose} of them running text, and no body among them")
    return ExtractionFailed(Reason.NO_BODY, f"{len(lines)} lines, {prose} of them running text, and no body among them")


def _extraction(view: PageView, lines: Sequence[Line], seen: _Seen, states: list[int], body: list[int]) -> Extraction:
    looks = seen.looks
    begin, end = body[0], body[-1] + 1
    words = frozenset().union(*(looks[at].rare for at in body))
    title_at = dump_title.headline(looks, begin, view.raw.url, words)
    title = _title(looks, title_at, view.raw.url)
    kept = frozenset(body) - {title_at}
    head = dump_fields.read_head(looks, title_at, begin, end, kept | ({title_at} if title_at is not None else set()))
    moved = {seen.begin + at: column for at, column in head.moved.items()}
    if title_at is not None:
        moved[seen.begin + title_at] = "title"
    inside = frozenset(seen.begin + at for at in kept)
    title_text = looks[title_at].text if title_at is not None else None
    removals = [
        _removal(line, at, seen, states, moved.get(at), title_text) for at, line in enumerate(lines) if at not in inside
    ]
    return Extraction(
        strategy="generic:dump",
        blocks=tuple(_block(lines[at]) for at in sorted(inside)),
        removals=tuple(removals),
        title=title,
        standfirst=squeeze(head.standfirst) if head.standfirst else None,
        byline=squeeze(head.byline) if head.byline else None,
        authors=head.authors,
        published=head.published,
        published_raw=squeeze(head.published_raw) if head.published_raw else None,
    )


def _title(looks: Sequence[Look], at: int | None, url: str | None) -> str | None:
    if at is None:
        return None
    kicker = looks[at - 1].text if at and not looks[at - 1].dated else None
    return squeeze(dump_title.refined(looks[at].text, kicker, dump_title.slug_words(url)))


def _block(line: Line) -> Block:
    text = squeeze(line.text)
    kind = BlockKind.LIST_ITEM if text.startswith(_LISTS) else BlockKind.PARAGRAPH
    return Block(text=text, kind=kind, where=f"L{line.number}")


def _removal(line: Line, at: int, seen: _Seen, states: list[int], moved: str | None, title: str | None) -> Removal:
    where, text = f"L{line.number}", squeeze(line.text)
    if moved:
        return Removal(
            rule=f"{_OWNER}:{moved.removesuffix('_raw')}",
            kind=RemovalKind.METADATA_ECHO,
            where=where,
            text=text,
            moved_to=moved,
        )
    place = at - seen.begin
    if 0 <= place < len(states):
        rule, kind = fate_of(seen.looks[place], states[place], title)
    else:
        rule, kind = ("menu" if place < 0 else "footer"), RemovalKind.NAVIGATION
    return Removal(rule=f"{_OWNER}:{rule}", kind=kind, where=where, text=text)
