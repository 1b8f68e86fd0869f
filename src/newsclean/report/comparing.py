"""How a found value is compared with the gold one: the formulas behind every figure of a score.

They are those of the scorer that the corpora come with, to the letter: folding, tokens and days
are cut differently elsewhere in newsclean, and a figure is worth something only beside others.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from typing import Any, Final

__all__ = ["blocks_of", "captions_of", "days_of", "folded", "names_of", "overlap", "squeezed"]

_UNSPACED: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_TOKEN: Final = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_SHINGLE: Final = 4
_SPACE: Final = re.compile(r"[\s\u00a0\u202f]+")
_NOT_WORD: Final = re.compile(r"\W+")
_PARAGRAPH: Final = re.compile(r"\n\s*\n")
_NAME: Final = re.compile(r"[;,\n|]")
_EARLIEST, _LATEST = dt.timedelta(hours=12), dt.timedelta(hours=14)  # the zones of the world


def overlap(gold: str, found: str) -> tuple[float, float]:
    """Return precision and recall, 0 to 1, of `found`'s 4-token shingles against those of `gold`, counted.

    A token is a word in lower case, in Chinese, Japanese and Korean a character. Two texts without
    tokens are the same; a text of fewer than four tokens is one shingle.
    """
    wanted, seen = _shingles(gold), _shingles(found)
    if not wanted and not seen:
        return 1.0, 1.0
    hits = sum((wanted & seen).values())
    return (hits / sum(seen.values()) if seen else 0.0), (hits / sum(wanted.values()) if wanted else 0.0)


def folded(text: str | None) -> str:
    """Return a text without case, punctuation and width."""
    plain = unicodedata.normalize("NFKC", text or "").lower().replace("’", "'")
    return _NOT_WORD.sub(" ", plain).strip()


def squeezed(text: str) -> str:
    """Return a text with every run of white space as one space."""
    return _SPACE.sub(" ", text).strip()


def blocks_of(body: str | None) -> list[str]:
    """Return the blocks of a body that is stored with blank lines between them."""
    return [squeezed(block) for block in _PARAGRAPH.split(body or "") if block.strip()]


def names_of(value: Any) -> set[str]:
    """Return the folded names in a list of them, or in a text that parts them by `;`, `,` or `|`."""
    parts = value if isinstance(value, (list, tuple)) else _NAME.split(value or "")
    return {name for part in parts if (name := folded(part))}


def captions_of(value: Any) -> list[str]:
    """Return the folded texts of captions, given as texts or as objects with `text`."""
    return [folded(one["text"] if isinstance(one, dict) else one) for one in value or ()]


def days_of(value: Any) -> set[str]:
    """Return the days (ISO) that a moment is somewhere on earth; of anything else, its first ten characters."""
    if isinstance(value, dt.datetime):
        return {moment.date().isoformat() for moment in (value, value + _LATEST, value - _EARLIEST)}
    return {str(value)[:10]} if value else set()


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text.lower())
    return Counter(
        tuple(tokens[at : at + _SHINGLE]) for at in range(max(1, len(tokens) - _SHINGLE + 1) if tokens else 0)
    )
