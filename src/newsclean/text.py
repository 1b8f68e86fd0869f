"""Pure string functions that every layer may use; they know nothing of pages."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["count_chars", "count_words", "fold", "squeeze"]

_NOT_WORD = re.compile(r"\W+")
# A letter of a script that writes without spaces counts as a word of its own.
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)
_INVISIBLE = ("\u00ad", "\u200b", "\u2060", "\ufeff")


def squeeze(text: str) -> str:
    """Return `text` on one line: runs of white space, non-breaking ones too, become one space."""
    return " ".join(_visible(text).split())


def fold(text: str) -> str:
    """Return the form in which two printed strings are compared: no case, punctuation or width."""
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold().replace("’", "'")).strip()


def count_chars(text: str) -> int:
    """Count the characters of `text` that are not white space (nor invisible, see `squeeze`)."""
    return len("".join(_visible(text).split()))


def count_words(text: str) -> int:
    """Count words; each character of Chinese, Japanese or Korean counts as one."""
    return len(_WORD.findall(text))


def _visible(text: str) -> str:
    if not text.isascii():
        for character in _INVISIBLE:  # a search for each, mostly in vain, is 20 times cheaper than translate
            if character in text:
                text = text.replace(character, "")
    return text
