"""What a page's address says of its headline: most addresses repeat words of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["by_address", "likeness", "plain_letters", "refined", "slug_words"]

# Longer numbers are a site's own.
_WORD: Final = re.compile(r"[^\W\d_]{3,}|(?<!\d)\d{2,4}(?!\d)")
_FILE_TYPE: Final = re.compile(r"\.(?:[sx]?html?|php|aspx?|jsp)$")
_PLAIN: Final = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "å": "a",
        "ø": "o",
        "æ": "ae",
        **dict.fromkeys("áàâãą", "a"),
        **dict.fromkeys("éèêęě", "e"),
        **dict.fromkeys("íı", "i"),
        **dict.fromkeys("óôõ", "o"),
        **dict.fromkeys("úů", "u"),
        **dict.fromkeys("çćč", "c"),
        **dict.fromkeys("ñń", "n"),
        **dict.fromkeys("śšş", "s"),
        **dict.fromkeys("żźž", "z"),
        "ł": "l",
        "ř": "r",
        "ý": "y",
        "ğ": "g",
    }
)
_SEAMS: Final = re.compile(r"\s+[|–—-]\s+|\s*[»›]\s*|:\s+")
# An address is often cut short: what follows another mark may be the headline's.
_SITE_SEAMS: Final = re.compile(r"\s+\|\s+")
_SURE: Final = 0.75
_CLEAR: Final = 0.8
# Fewer words of an address say too little: to find a far line by, and to cut a line by.
_WORDS_TO_FIND: Final = 5
_WORDS_TO_CUT: Final = 3
_GAIN: Final = 0.08
_ROUNDING: Final = 1e-9
_SHORT: Final = 15
_LONGEST: Final = 240


def slug_words(url: str | None) -> frozenset[str]:
    """Return the words of the last part of a page's address that has two (or else one), in plain letters.

    Words of the host's name are none: they are the site's.
    """
    if not url:
        return frozenset()
    whole = urlsplit(url.lower())
    host = (whole.hostname or "").split(".")
    parts = unquote(whole.path).split("/")
    parts.reverse()
    only: list[str] = []
    for part in parts:
        words = _telling(part, host)
        count = sum([not word.isdigit() for word in words])
        if count > 1:
            return frozenset(words)
        if count and not only:
            only = words
    return frozenset(only)


def _telling(part: str, host: Sequence[str]) -> list[str]:
    words: list[str] = _WORD.findall(_FILE_TYPE.sub("", part))
    return [plain_letters(word) for word in words if word not in host]


def plain_letters(word: str) -> str:
    """Return a word as addresses write it, `ä` as `ae` and `é` as `e`."""
    return word if word.isascii() else word.translate(_PLAIN)


def likeness(text: str, slug: frozenset[str]) -> float:
    """Return how much the words of `text` and of an address are the same, 0 to 1."""
    found = _WORD.findall(text.lower().replace("'", "").replace("’", ""))
    words = set(found if text.isascii() else map(plain_letters, found))
    common = len(words & slug)
    return 2 * common / (len(words) + len(slug)) if common else 0.0


def by_address(texts: Sequence[str], slug: frozenset[str]) -> int | None:
    """Return the line of `texts` that has the words of the address, the last if several have, None if none."""
    if len(slug) < _WORDS_TO_FIND:
        return None
    best, found = _CLEAR, None
    for at, text in enumerate(texts):
        if _SHORT < len(text) < _LONGEST and _may_be_like(text, slug):
            found_likeness = likeness(text, slug)
            if found_likeness >= best:
                best, found = found_likeness, at
    return found


def refined(text: str, kicker: str | None, slug: frozenset[str]) -> str:
    """Return the part of the headline line, or the kicker line before it and the headline, that the address repeats.

    Without an address that says so clearly the line stays as it is.
    """
    if len(slug) < _WORDS_TO_CUT:
        return text
    best = likeness(text, slug) + _GAIN
    if best >= 1:
        return text
    ends = [text[match.end() :] for match in _SEAMS.finditer(text)]
    begins = [text[: match.start()] for match in _SITE_SEAMS.finditer(text)]
    forms = [*ends, *begins]
    if kicker:
        forms.append(f"{kicker.rstrip(':')}: {text}")
    chosen = text
    for form in forms:
        found = likeness(form, slug)
        if found > best and found >= _SURE:
            best, chosen = found, form
    return chosen


def _may_be_like(text: str, slug: frozenset[str]) -> bool:
    """Tell cheaply whether `text` may be as like an address as `by_address` asks: mostly too few words are in both."""
    if not text.isascii():
        return True
    lowered = text.lower().replace("'", "")
    # 2 * common / (words + slug) with no words but the common ones.
    return sum([word in lowered for word in slug]) * (2 - _CLEAR) >= _CLEAR * len(slug) - _ROUNDING
