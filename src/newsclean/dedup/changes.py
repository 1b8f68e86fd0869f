"""What a story's next text changed: its headline, a correction note, text added or cut."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from newsclean.dedup.words import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Change", "Changes", "Version", "changes_between"]

# Word by word only as far as this; longer stretches count as replaced.
_MOST_WORDS: Final = 4000


class Change(StrEnum):
    """One way in which a text differs from the one before."""

    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    CORRECTION = "correction"
    ADDED = "added"
    CUT = "cut"
    EDITED = "edited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The parts of a text that a reader sees; `body` in blocks parted by blank lines."""

    title: str | None
    standfirst: str | None
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed, by kind, and in the body: whole blocks that came or went, and counts of words.

    `added` and `cut` say that text only came or only went, `edited` that both happened.
    """

    kinds: tuple[Change, ...]
    blocks_added: tuple[str, ...] = ()
    blocks_cut: tuple[str, ...] = ()
    words_added: int = 0
    words_cut: int = 0


def changes_between(old: Version, new: Version) -> Changes:
    """Compare two texts of one story."""
    kinds: list[Change] = []
    if (old.title or "") != (new.title or ""):
        kinds.append(Change.HEADLINE)
    if (old.standfirst or "") != (new.standfirst or ""):
        kinds.append(Change.STANDFIRST)
    before, after = old.body.split("\n\n"), new.body.split("\n\n")
    words_added = words_cut = 0
    came: list[str] = []
    gone: list[str] = []
    for tag, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        less, more = before[start:end], after[new_start:new_end]
        gone += less
        came += more
        cut, added = _word_counts(words_of("\n".join(less)), words_of("\n".join(more)))
        words_cut += cut
        words_added += added
    if any(map(_is_correction, came)):
        kinds.append(Change.CORRECTION)
    kinds += _of_body(words_added, words_cut, is_other=before != after)
    return Changes(
        kinds=tuple(kinds),
        blocks_added=tuple(came),
        blocks_cut=tuple(gone),
        words_added=words_added,
        words_cut=words_cut,
    )


def _of_body(added: int, cut: int, *, is_other: bool) -> list[Change]:
    if added and not cut:
        return [Change.ADDED]
    if cut and not added:
        return [Change.CUT]
    return [Change.EDITED] if is_other else []


def _word_counts(less: Sequence[str], more: Sequence[str]) -> tuple[int, int]:
    """Return how many words went and how many came."""
    if not less or not more or len(less) + len(more) > _MOST_WORDS:
        return len(less), len(more)
    same = sum(block.size for block in SequenceMatcher(None, less, more, autojunk=False).get_matching_blocks())
    return len(less) - same, len(more) - same


def _is_correction(block: str) -> bool:
    begins, says = _notes()
    return bool(begins.match(block.lstrip(" *_([-–—")) or says.search(" ".join(block.split())))


@cache
def _notes() -> tuple[re.Pattern[str], re.Pattern[str]]:
    content = tomllib.loads((files("newsclean.dedup") / "corrections.toml").read_text(encoding="utf-8"))
    begins, says = ("|".join(f"(?:{pattern})" for pattern in content[name]) for name in ("begins", "says"))
    return re.compile(begins, re.IGNORECASE), re.compile(says, re.IGNORECASE)
