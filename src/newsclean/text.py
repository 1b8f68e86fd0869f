"""Pure string functions that every layer may use; they know nothing of pages."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "count_chars",
    "count_words",
    "fold",
    "lowered",
    "may_fold_alike",
    "may_fold_to",
    "squeeze",
    "squeezed_lines",
]


def _by_lead(characters: Sequence[str]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Group characters by the byte that they begin with in UTF-8.

    To look for a byte in a text's UTF-8 is cheap, and most texts have few of these bytes.
    """
    leads = sorted({character.encode()[0] for character in characters})
    return tuple((lead, tuple([char for char in characters if char.encode()[0] == lead])) for lead in leads)


def _searched_by_lead(characters: Sequence[str]) -> tuple[tuple[int, re.Pattern[bytes], tuple[str, ...]], ...]:
    """Group characters as `_by_lead` does, each group with what finds any of them in UTF-8.

    Of the many that begin alike (quotes, dashes, spaces) a text has some, and rarely these: one search tells it.
    """
    return tuple([(lead, re.compile(_utf8_pattern(group)), group) for lead, group in _by_lead(characters)])


def _utf8_pattern(characters: Sequence[str]) -> bytes:
    last_bytes: dict[bytes, bytes] = {}
    for character in characters:
        utf8 = character.encode()
        last_bytes[utf8[:-1]] = last_bytes.get(utf8[:-1], b"") + re.escape(utf8[-1:])
    return b"|".join([re.escape(begin) + b"[" + ends + b"]" for begin, ends in last_bytes.items()])


_NOT_WORD: Final = re.compile(r"\W+")
_FOLDED: Final = "".join(chr(code).lower() if chr(code).isalnum() or chr(code) == "_" else " " for code in range(128))
_FIRST_COMPOSED: Final = "\u1100"  # Korean letters, of which two or three are one syllable
_UNSPACED: Final = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"  # scripts that write without spaces
_UNSPACED_LETTER: Final = re.compile(f"[{_UNSPACED}]")
_UNSPACED_LEADS: Final = tuple(range(0xE3, 0xEE))  # in UTF-8, of all their letters
_WORD_OR_SPACE: Final = bytes(ord(" " if chr(code).isspace() and code < 0x80 else "w") for code in range(256))  # noqa: PLR2004
_WORD: Final = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_SOFT_HYPHEN: Final = "\u00ad"
_ZERO_WIDTH: Final = ("\u200b", "\u2060", "\ufeff")  # zero-width space, word joiner, byte order mark
_INVISIBLE: Final = (_SOFT_HYPHEN, *_ZERO_WIDTH)
_SPACES: Final = (
    "\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_ODD_SPACES: Final = ("\t", "\v", "\f", "\r", "\x1c", "\x1d", "\x1e", "\x1f", *_SPACES)
_PARTING_WORDS: Final = _searched_by_lead(_SPACES)
_NOT_COUNTED: Final = _searched_by_lead((*_SPACES, *_INVISIBLE))
# ASCII spaces, further bytes.
_NO_BEGINNINGS: Final = bytes((*range(0x09, 0x0E), *range(0x1C, 0x21), *range(0x80, 0xC0)))


def squeeze(text: str) -> str:
    """Return `text` on one line: runs of white space, non-breaking ones too, become one space.

    Characters of no width go. Soft hyphens stay inside a text, as they belong to its spelling.
    """
    text = text.strip()
    if text.isprintable() and "  " not in text:  # what is white space, but for the space itself, is not printable
        return text
    if text.isascii():
        return " ".join(text.split())
    for character in _ZERO_WIDTH:  # a search for each, mostly in vain, is 20 times cheaper than translate
        if character in text:
            text = text.replace(character, "")
    return " ".join(text.split()).strip(_SOFT_HYPHEN + " ")


def squeezed_lines(text: str) -> list[str]:
    """Return the lines of `text` in order, each as `squeeze` gives it; they end at line feeds."""
    # What is done once to the whole text need not be done to each of its lines.
    for character in _ZERO_WIDTH:
        if character in text:
            text = text.replace(character, "")
    for character in _ODD_SPACES:
        if character in text:
            text = text.replace(character, " ")
    lines = list(map(str.strip, text.split("\n")))
    if "  " in text:
        lines = [" ".join(line.split()) if "  " in line else line for line in lines]
    return [line.strip(_SOFT_HYPHEN + " ") for line in lines] if _SOFT_HYPHEN in text else lines


def fold(text: str) -> str:
    """Return the form in which two printed strings are compared: no case, punctuation or width."""
    if text.isascii():
        return " ".join(text.translate(_FOLDED).split())
    plain = unicodedata.normalize("NFKC", _visible(text)).casefold().replace("’", "'")
    return _NOT_WORD.sub(" ", plain).strip()


def may_fold_to(text: str, beginning: str) -> bool:
    """Tell cheaply whether what `fold` makes of `text` may begin with this letter: mostly the first ones differ."""
    return _folded_beginning(text) in (beginning, None)


def may_fold_alike(one: str, other: str) -> bool:
    """Tell as cheaply whether `fold` may make the same of both."""
    beginning = _folded_beginning(one)
    return beginning is None or _folded_beginning(other) in (beginning, None)


def lowered(text: str) -> str:
    """Return `text` in lower case with each character in its place, for patterns in lower case.

    A pattern of many words takes two to fifteen times as long when it ignores case itself.
    """
    return (text.replace("İ", "i") if "İ" in text else text).lower()


def count_chars(text: str, utf8: bytes | None = None) -> int:
    """Count the characters of `text` that are not white space (nor invisible, see `squeeze`).

    `utf8` is the same text encoded, where that is at hand.
    """
    # Bytes that begin a character are deleted from and counted many times faster than characters are.
    plain = text.encode("utf-8", "surrogatepass") if utf8 is None else utf8
    count = len(plain.translate(None, _NO_BEGINNINGS))
    if text.isascii():
        return count
    for lead, any_of_them, characters in _NOT_COUNTED:
        if lead in plain and any_of_them.search(plain):
            count -= sum([text.count(character) for character in characters if character in text])
    return count


def count_words(text: str, utf8: bytes | None = None) -> int:
    """Count what white space parts; in Chinese, Japanese and Korean, each character and each other word.

    `utf8` is the same text encoded, where that is at hand.
    """
    # In bytes, both whether there are such characters and where words end are found several times faster.
    plain = text.encode("utf-8", "surrogatepass") if utf8 is None else utf8
    if not text.isascii():
        if any([lead in plain for lead in _UNSPACED_LEADS]) and _UNSPACED_LETTER.search(text):  # noqa: C419  (faster)
            return len(_WORD.findall(text))
        for lead, any_of_them, _ in _PARTING_WORDS:
            if lead in plain and any_of_them.search(plain):
                return len(text.split())
    return (plain.translate(_WORD_OR_SPACE) + b" ").count(b"w ")


def _folded_beginning(text: str) -> str | None:
    """Return the first letter of what `fold` makes of `text`, None where that takes all of it to tell."""
    first = text[:1]
    if first >= _FIRST_COMPOSED or not (first.isalnum() and text[1:2].isalnum()):
        return None  # more characters than one may be one when folded, or none
    return _folded_letter(first)


@lru_cache(maxsize=512)
def _folded_letter(char: str) -> str:
    return fold(char)[:1]


def _visible(text: str) -> str:
    if not text.isascii():
        for character in _INVISIBLE:  # a search for each, mostly in vain, is 20 times cheaper than translate
            if character in text:
                text = text.replace(character, "")
    return text
