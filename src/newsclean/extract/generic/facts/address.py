"""The words that an address spells out: most newsrooms make it of the headline that a story was filed with."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Final
from urllib.parse import unquote, urlsplit

__all__ = ["spelled_out", "words_of_address"]

_WORD: Final = re.compile(r"[^\W_]+")
_NUMBER: Final = re.compile(r".*\d{4}")  # a key of the site's own, or a year that stands for itself
_ENDINGS: Final = frozenset("html htm php shtml aspx amp".split())
_LATIN: Final = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "a", "œ": "o", "đ": "d", "ł": "l", "ı": "i", "þ": "th", "ð": "d", "'": "", "’": ""}
)
_LONGEST: Final = 400


def words_of_address(url: str | None) -> list[str]:
    """The words of the part of an address that has most; empty where none has several."""
    best: list[str] = []
    for segment in urlsplit((url or "")[:_LONGEST]).path.split("/"):
        words = [word for word in _words(unquote(segment)) if word not in _ENDINGS and not _NUMBER.match(word)]
        if len(words) > len(best):
            best = words
    return best


def spelled_out(title: str, address: list[str]) -> float:
    """How far the words of a title and of an address are the same, 0 to 1."""
    words = [word for word in _words(title) if not _NUMBER.match(word)]
    if not words or not address:
        return 0.0
    shared = sum((Counter(words) & Counter(address)).values())
    return 2 * shared / (len(words) + len(address))


def _words(text: str) -> list[str]:
    """The words of a text as they stand in addresses: without marks, and `ae`, `oe`, `ue`, `aa` as one letter."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LATIN))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    for pair in ("ae", "oe", "ue", "aa"):
        plain = plain.replace(pair, pair[0])
    return _WORD.findall(plain)
