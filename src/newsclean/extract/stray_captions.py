"""Move captions that stand among the paragraphs of a dump to where captions belong.

A dump prints a picture's caption like any other line. It is known by what it says: it repeats the
headline, follows a slide counter (`2 of 7`), comes once for each picture of a row, or is a phrase
without a verb that names who and where, such as `With the governor, Anna Smith (left).`
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from newsclean.model import Caption, Removal, RemovalKind
from newsclean.text import fold, may_fold_to

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.model import Block, Extraction

__all__ = ["is_verbless", "stray_captions"]

_LONGEST_CHARS = 260
_FEWEST_REPEATED_WORDS = 4
_FEWEST_NAMES = 2
_COUNTER = re.compile(r"\d{1,3} (?:of|из) \d{1,3}")
_SPEAKER = re.compile(r"[^.!?]{2,120}:(?:\s|$)")
_SIDE = re.compile(
    r"\((?:\w+ )?(?:left|right|cent(?:re|er)|слева|справа|в центре)\)|\b(?:far|second|first|third) (?:left|right)\b"
)
_ARTICLE = re.compile(r"(?:The|A|An|This|These) ")
_SCENES = tuple(
    f"{word} "
    for word in (
        *("With", "At", "During", "Before", "After", "On", "Following"),
        *("С", "Со", "На", "Перед", "Во время", "В ходе", "После"),
    )
)
_CREDIT = re.compile(r"\s*\b(?:Photo(?: by|:)|Фото:).*$")
_NAME = re.compile(r"(?<!^)(?<![.!?] )\b[A-ZА-ЯЁ][\w’'-]+")
# Who is spoken to or speaks: the words of a speech, of which a caption has none.
_SPOKEN = re.compile(
    r"\b(?:I|we|you|he|she|it|they|me|(?-i:us)|them|my|our|your|this|there|here|what|who|why|yes|no|not|please|thanks?|"
    r"good|dear|hello|welcome|colleagues|friends|gentlemen|"
    r"я|мы|вы|он|она|они|мне|нам|вам|вас|нас|наш\w*|ваш\w*|это|здесь|там|что|кто|да|нет|не|спасибо|добр\w+|уважаем\w+|"
    r"коллеги|друзья|товарищ\w*|пожалуйста)\b",
    re.IGNORECASE,
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|am|has|have|had|do|does|did|will|would|shall|should|can|could|may|might|must|"
    r"said|met|held|took|gave|made|spoke|went|came|told|sent|began|saw|became|led|won|put|wrote|brought|found|got|kept|"
    r"knew|laid|rode|sat|stood|drew|thought|says|reads|includes|stresses|notes|believes|opens|takes|begins|starts|"
    r"comes|goes|continues|remains|provides|aims|makes|plans|expects|sets|brings|gives|shows|holds|calls|runs|needs|wants)\b"
    r"|\b[А-ЯЁа-яё][а-яё]+(?:ал|ял|ил|ел|ул|ыл|ёл|ла|ло|ли)(?:ся|сь)?\b"
    r"|\b[А-ЯЁа-яё][а-яё]{2,}(?:ает|яет|ует|ит|ют|ут|ат|ят|ёт)(?:ся)?\b|\b(?:был[аои]?|будет|будут|есть)\b"
    r"|\b[А-ЯЁа-яё][а-яё]{2,}(?:ован|ован[аоы]|ен[аоы]|ан[аоы]|ято|ят[аы])\b"
)
_PAST = re.compile(r"(?P<before>[\w.’'-]+) (?P<verb>[a-z]{2,}ed)\b(?P<after> by\b| to\b)?")
_NOT_BEFORE_A_VERB = frozenset(
    {"a", "an", "the", "of", "and", "or", "for", "with", "in", "at", "on", "by", "to", "from", "its", "his", "her"}
    | {"their", "being", "newly"}
)


def stray_captions(found: Extraction) -> Extraction:
    """Return `found` with the caption lines of its body among its captions; a body is never emptied."""
    blocks = found.blocks
    taken = _taken(blocks, fold(found.title or ""))
    if not taken or len(taken) == len(blocks):
        return found
    moved = [(block, _COUNTER.fullmatch(block.text)) for i, block in enumerate(blocks) if i in taken]
    captions = [*found.captions, *(Caption(text=block.text) for block, counter in moved if not counter)]
    first_of: dict[str, Caption] = {}
    for caption in captions:
        first_of.setdefault(caption.text, caption)
    return replace(
        found,
        blocks=tuple(block for i, block in enumerate(blocks) if i not in taken),
        captions=tuple(first_of.values()),
        removals=(*found.removals, *(_removal(block, counts=bool(counter)) for block, counter in moved)),
    )


def is_verbless(text: str) -> bool:
    """Tell whether `text` (English or Russian) has no finite verb and nothing that is only said aloud."""
    return not _FINITE.search(text) and not _SPOKEN.search(text) and not any(map(_is_past, _PAST.finditer(text)))


def _is_past(match: re.Match[str]) -> bool:
    """Tell `the governor reported to` from `a meeting devoted to`, `accompanied by` and `an expanded meeting`."""
    before, after = match["before"], match["after"]
    if before.lower() in _NOT_BEFORE_A_VERB or after == " by":
        return False
    return after is None or before[0].isupper()


def _taken(blocks: Sequence[Block], title: str) -> set[int]:
    """Return the indices of the blocks that are captions or count slides."""
    short = [(i, block.text) for i, block in enumerate(blocks) if len(block.text) <= _LONGEST_CHARS]
    counts = Counter([text for _, text in short])
    counters = {i for i, text in short if text[0].isdigit() and _COUNTER.fullmatch(text)}
    taken = set(counters)
    for i, text in short:
        if i not in taken and (
            (i - 1 in counters and text.endswith(".") and not _SPEAKER.match(text))
            or _repeats(text, title)
            or _is_phrase(text, at_start=i == 0, times=counts[text])
        ):
            taken.add(i)
    return taken


def _repeats(text: str, title: str) -> bool:
    """Tell whether a line is the headline again, alone or with a phrase behind it."""
    if not title or not text[0].isalnum() or not may_fold_to(text, title[0]) or _SPEAKER.match(text):
        return False
    folded = fold(text)
    if folded == title:
        return True
    return folded.startswith(title + " ") and text.endswith(".") and is_verbless(text[len(title) :])


def _is_phrase(text: str, *, at_start: bool, times: int) -> bool:
    """Tell whether a line is a phrase that names who or where, in a place where captions stand."""
    bare = _CREDIT.sub("", text) if "Photo" in text or "Фото:" in text else text
    if not bare.endswith(".") or not (text[0].isupper() or text[0].isdigit()):
        return False
    likely = (
        (at_start and not _ARTICLE.match(text) and _NAME.search(bare) is not None)
        or bare != text
        or (times > 1 and text.count(" ") >= _FEWEST_REPEATED_WORDS - 1)
        or (("(" in text or " left" in text or " right" in text) and _SIDE.search(text) is not None)
        or (text.startswith(_SCENES) and len(_NAME.findall(bare)) >= _FEWEST_NAMES)
    )
    return likely and not _SPEAKER.match(bare) and is_verbless(bare)


def _removal(block: Block, *, counts: bool) -> Removal:
    if counts:
        return Removal(rule="transform:slide-counter", kind=RemovalKind.TEMPLATE, where=block.where, text=block.text)
    return Removal(
        rule="field:captions", kind=RemovalKind.CAPTION, where=block.where, text=block.text, moved_to="captions"
    )
