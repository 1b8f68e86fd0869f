"""Pure string functions that every layer may use; they know nothing of pages."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["count_chars", "count_words", "fold", "squeeze"]

_NOT_WORD = re.compile(r"\W+")
# A letter of a script that writes without spaces counts as a word of its own.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"), None)


def squeeze(text: str) -> str:
    """Return `text` on one line: runs of white space, non-breaking ones too, become one space."""
    if not text.isascii():
        text = text.translate(_INVISIBLE)
    return " ".join(text.split())


def fold(text: str) -> str:
    """Return the form in which two printed strings are compared: no case, punctuation or width."""
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold().replace("’", "'")).strip()


def count_chars(text: str) -> int:
    """Count the characters of `text` that are not white space (nor invisible, see `squeeze`)."""
    if not text.isascii():
        text = text.translate(_INVISIBLE)
    return len("".join(text.split()))


def count_words(text: str) -> int:
    """Count words; each character of Chinese, Japanese or Korean counts as one."""
    return len(_WORD.findall(text))
