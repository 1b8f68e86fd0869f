"""`GenericText`: an article out of a text dump (a page's innerText) of a site without a profile.

The steps: find the stretch of lines that may hold a body (`dump_stretch`), look at each of
its lines (`dump_lines`), decide which are body (`dump_model`), find the headline above them
(`dump_title`) and the fields around it (`dump_fields`), and say of each other line why it is out
(`dump_fates`). Lines far from all running text are menus and footers and are not looked at.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from msgspec import structs

from newsclean.errors import ExtractionFailed, NotAnArticle, PageError
from newsclean.extract.generic.dumps import address
from newsclean.extract.generic.dumps import fields as dump_fields
from newsclean.extract.generic.dumps import model as dump_model
from newsclean.extract.generic.dumps import title as dump_title
from newsclean.extract.generic.dumps.bylines import AGENCIES
from newsclean.extract.generic.dumps.datelines import wire_in
from newsclean.extract.generic.dumps.fates import OWNER, fate_of
from newsclean.extract.generic.dumps.live import is_live_blog
from newsclean.extract.generic.dumps.seams import seams_of
from newsclean.extract.generic.dumps.stretch import MARGIN, lines_of, looked
from newsclean.extract.generic.dumps.words import Cue
from newsclean.model import Block, BlockKind, Extraction, Reason, Removal, RemovalKind
from newsclean.page.wraps import place
from newsclean.text import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsclean.extract.generic.dumps.lines import Look
    from newsclean.extract.generic.dumps.stretch import Lines, Stretch
    from newsclean.page import PageView

__all__ = ["GenericText"]

# Of lines that are not looked at.
_MENU: Final = f"{OWNER}:menu"
_FOOTER: Final = f"{OWNER}:footer"
_EVEN: Final = 0.5
_POINTER: Final = re.compile(r"(?:\w+\s+){1,3}\w+\s?[:|]")
_POINTER_MOST: Final = 160
_POOR: Final = 0.7  # a headline with fewer words of the address than this is looked for further up
_LEAST_SHARE: Final = 0.08  # of a page's characters; the body of an undated page that has less is a teaser of a listing
_MIN_BODY: Final = 60  # less running text than this is no story
# What a story has at least, to count as one of several in a dump.
_OWN_BLOCKS: Final = 3
_OWN_BODY: Final = 400
_LISTS: Final = ("- ", "– ", "• ", "* ", "· ", "▪ ", "■ ")


class GenericText:
    """Takes the story out of a dump; raises `NotAnArticle` for a listing, `ExtractionFailed` where there is no body."""

    name = "generic"

    def extract(self, view: PageView) -> tuple[Extraction, ...]:
        """Return one extraction, or several of dumps run together; every non-blank line is in a block or a removal."""
        lines = lines_of(view.flowing, view.flowing_utf8)
        if not lines.texts:
            raise ExtractionFailed(Reason.NO_BODY, "the dump has no lines with text")
        found = _stories(view, lines) or (_story(view, lines),)
        return tuple([_placed(one, lines.ends) for one in found]) if lines.ends else found


def _placed(found: Extraction, ends: Mapping[int, int]) -> Extraction:
    """Return `found` with the last line of each paragraph that was wrapped; `ends` as in `Lines`."""
    whole = {f"L{first}": place(first, last) for first, last in ends.items()}
    return replace(
        found,
        blocks=tuple([structs.replace(one, where=whole.get(one.where, one.where)) for one in found.blocks]),
        removals=tuple([structs.replace(one, where=whole.get(one.where, one.where)) for one in found.removals]),
    )


def _stories(view: PageView, lines: Lines) -> tuple[Extraction, ...]:
    """Return the stories of a dump that is several run together, none where it is one."""
    found: list[Extraction] = []
    begin = 0
    for seam in seams_of(view.flowing.text, lines.texts):
        rest = _own_story(view, lines.between(seam.at, len(lines.texts)))
        if rest is None or not (rest.published or seam.begins):
            continue
        first = _own_story(view, lines.between(begin, seam.at))
        if first and _are_two(first, rest):
            found.append(first)
            begin, last = seam.at, rest
    return (*found, last) if found else ()


def _own_story(view: PageView, lines: Lines) -> Extraction | None:
    """Return the story of a part of a dump if it has all that a story has: headline, date or author, some text."""
    try:
        found = _story(view, lines)
    except PageError:
        return None
    prose = sum(len(block.text) for block in found.blocks)
    is_whole = found.title and (found.published or found.authors) and len(found.blocks) >= _OWN_BLOCKS
    return found if is_whole and prose >= _OWN_BODY else None


def _are_two(one: Extraction, other: Extraction) -> bool:
    """Tell whether two parts of a dump are different stories, and neither a copy of the other."""
    if fold(one.title or "") == fold(other.title or ""):
        return False
    texts = {block.text for block in one.blocks}
    return sum(block.text in texts for block in other.blocks) * 2 < len(other.blocks)


def _story(view: PageView, lines: Lines) -> Extraction:
    seen = looked(lines)
    body = body_of(seen, dump_model.pinned())
    prose = sum([seen.looks[at].prose for at in body])
    if not body or prose < _MIN_BODY:
        raise _nothing(lines, seen)
    found = _extraction(view, lines, seen, body)
    if found.published is None and prose < _LEAST_SHARE * sum(map(len, lines.texts)):
        raise NotAnArticle(
            Reason.LISTING, f"no date, and {prose} characters of running text on a page of {len(lines.texts)} lines"
        )
    return found


def body_of(seen: Stretch, weights: dump_model.Weights) -> list[int]:
    """Return the indices of the lines that are more likely body than not."""
    looks = seen.looks
    chances = dump_model.body_chances(looks, seen.gaps, weights)
    return [at for at, chance in enumerate(chances) if chance > _EVEN and not _points_elsewhere(looks[at])]


def _points_elsewhere(look: Look) -> bool:
    """Tell a line like `Read more: Storm closes bridge`, which is no body wherever it stands."""
    return (
        look.cue == Cue.RELATED
        and look.size < _POINTER_MOST
        and not look.prose
        and _POINTER.match(look.text) is not None
    )


def _nothing(lines: Lines, seen: Stretch) -> NotAnArticle | ExtractionFailed:
    count, prose = len(lines.texts), sum(look.prose > 0 for look in seen.looks)
    detail = f"{count} lines, {prose} of them running text, and no body among them"
    return NotAnArticle(Reason.LISTING, detail) if count > MARGIN else ExtractionFailed(Reason.NO_BODY, detail)


def _extraction(view: PageView, lines: Lines, seen: Stretch, body: list[int]) -> Extraction:
    looks = seen.looks
    begin, end = body[0], body[-1] + 1
    words = frozenset().union(*[looks[at].rare for at in body])
    slug = address.slug_words(view.raw.url)
    title_at = _headline_line(lines, seen, begin, slug, words)
    place = title_at - seen.begin if title_at is not None and title_at >= seen.begin else None
    kept = frozenset(body) - {place}
    if not kept:
        raise _nothing(lines, seen)
    head = dump_fields.read_head(looks, place, begin, end, kept if place is None else kept | {place}, words)
    moved = {seen.begin + at: column for at, column in head.moved.items()}
    if title_at is not None:
        moved[title_at] = "title"
    inside = frozenset(seen.begin + at for at in kept)
    headline = lines.texts[title_at] if title_at is not None else None
    numbers, tidy = lines.numbers, lines.tidy
    blocks = tuple([_block(numbers[at], tidy[at]) for at in sorted(inside)])
    wire = wire_in([blocks[0].text])
    return Extraction(
        strategy="generic:dump",
        blocks=blocks,
        removals=tuple(_removals(lines, seen, inside, (begin, end), moved, headline)),
        title=_title(lines.texts, title_at, slug),
        standfirst=squeeze(head.standfirst) if head.standfirst else None,
        byline=squeeze(head.byline) if head.byline else None,
        authors=head.authors,
        agency=wire.agency
        if wire
        else next(filter(None, (AGENCIES.get(name.casefold()) for name in head.authors)), None),
        dateline=wire.dateline if wire else None,
        flags=("live_blog",) if is_live_blog(looks[begin:end]) else (),
        published=head.published,
        published_raw=squeeze(head.published_raw) if head.published_raw else None,
    )


def _headline_line(lines: Lines, seen: Stretch, begin: int, slug: frozenset[str], words: frozenset[str]) -> int | None:
    """Return the index in `lines` of the headline; the address may point to one far above the body."""
    near = dump_title.headline(seen, begin, slug, words)
    if slug and (near is None or address.likeness(seen.looks[near].text, slug) < _POOR):
        far = address.by_address(lines.texts[: seen.begin + begin], slug)
        if far is not None:
            return far
    return None if near is None else seen.begin + near


def _title(texts: Sequence[str], at: int | None, slug: frozenset[str]) -> str | None:
    if at is None:
        return None
    line = texts[at]
    refined = address.refined(line, texts[at - 1] if at else None, slug)
    return squeeze(dump_title.echoed(line, texts) if refined == line else refined)


def _block(number: int, text: str) -> Block:
    kind = BlockKind.LIST_ITEM if text.startswith(_LISTS) else BlockKind.PARAGRAPH
    return Block(text=text, kind=kind, where=f"L{number}")


def _removals(
    lines: Lines,
    seen: Stretch,
    inside: frozenset[int],
    span: tuple[int, int],
    moved: Mapping[int, str],
    title: str | None,
) -> list[Removal]:
    """Account for every line that is not `inside` the body; `span` is the body's, in the lines looked at."""
    begin, end = seen.begin, seen.begin + len(seen.looks)
    first, last = begin + span[0], begin + span[1]
    numbers, tidy = lines.numbers, lines.tidy
    removals = _far(numbers[:begin], tidy[:begin], _MENU)
    for at in moved:
        if at < begin:
            removals[at] = _moved(lines, at, moved[at])
    for at, look in enumerate(seen.looks, begin):
        if at in moved:
            removals.append(_moved(lines, at, moved[at]))
        elif at not in inside:
            state = dump_model.BEFORE if at < first else dump_model.INSIDE if at < last else dump_model.AFTER
            rule, kind = fate_of(look, state, title)
            removals.append(Removal(rule=rule, kind=kind, where=f"L{numbers[at]}", text=tidy[at]))
    removals += _far(numbers[end:], tidy[end:], _FOOTER)
    return removals


def _far(numbers: Sequence[int], texts: Sequence[str], rule: str) -> list[Removal]:
    """Account for lines that were not looked at."""
    kind = RemovalKind.NAVIGATION
    return [
        Removal(rule=rule, kind=kind, where=f"L{number}", text=text)
        for number, text in zip(numbers, texts, strict=True)
    ]


def _moved(lines: Lines, at: int, column: str) -> Removal:
    rule = f"{OWNER}:{column.removesuffix('_raw')}"
    where = f"L{lines.numbers[at]}"
    return Removal(rule=rule, kind=RemovalKind.METADATA_ECHO, where=where, text=lines.tidy[at], moved_to=column)
