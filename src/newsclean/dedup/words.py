"""Words, and runs of words: what two texts are compared by, whatever their case, width and punctuation."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["FEWEST_WORDS", "has_enough", "paragraphs_of", "run_length", "runs_of", "words_of"]

# Below this a text says too little: that two are equal does not make them one story.
FEWEST_WORDS: Final = 8
# A paragraph of fewer is a subhead, a byline or a stock phrase.
_FEWEST_OF_A_PARAGRAPH: Final = 12
_RUN: Final = 4
_RUN_UNSPACED: Final = 6  # characters; two or three words

# Scripts that part no words: each letter counts as one.
_UNSPACED: Final = (
    r"\u0e01-\u0e4e\u0e80-\u0edf\u1000-\u109f\u1780-\u17d3\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
# Vowel signs and the like, which belong to a word and are no letters to Python.
_SIGNS: Final = r"\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0df3"
_WORD: Final = re.compile(rf"[{_UNSPACED}]|(?:[^\W{_UNSPACED}]|[{_SIGNS}])+")
_ASCII_WORD: Final = re.compile(r"[a-z0-9_]+")
_UNSPACED_LETTER: Final = re.compile(f"[{_UNSPACED}]")
_NO_WIDTH: Final = str.maketrans("", "", "\u00ad\u200b\u200c\u200d\u2060\ufeff")


def words_of(text: str) -> list[str]:
    """Return the words of `text` in order, folded; in scripts without spaces each letter is one."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    return _WORD.findall(unicodedata.normalize("NFKC", text).translate(_NO_WIDTH).casefold())


def paragraphs_of(body: str) -> Iterator[list[str]]:
    """Yield the words of each paragraph of a body, blank lines parting them."""
    for paragraph in body.split("\n\n"):
        yield words_of(paragraph)


def has_enough(paragraph: Sequence[str]) -> bool:
    """Whether a paragraph is long enough to be told by: nobody writes it twice by chance."""
    return len(paragraph) >= _FEWEST_OF_A_PARAGRAPH * (2 if run_length(paragraph) == _RUN_UNSPACED else 1)


def run_length(words: Sequence[str]) -> int:
    """Return how many words a run of this text has: 4, or 6 letters where most words are letters."""
    letters = "".join(words)
    unspaced = 0 if letters.isascii() else len(_UNSPACED_LETTER.findall(letters))  # each of them a word
    return _RUN_UNSPACED if unspaced * 2 > len(words) else _RUN


def runs_of(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield every run of neighbouring words; none for a text shorter than one."""
    return zip(*(words[start:] for start in range(run_length(words))), strict=False)
