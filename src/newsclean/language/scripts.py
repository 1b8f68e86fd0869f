"""Which script a text is written in, and the scripts that are as good as a language's name."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from unicodedata import category

__all__ = ["LANGUAGE_OF", "Letters", "count_letters", "in_latin_1"]

# First and last code point of the letter blocks (Unicode Blocks.txt); what is in none of them is no evidence.
_BLOCKS: tuple[tuple[int, int, str], ...] = (
    (0x0041, 0x024F, "latin"),
    (0x0250, 0x02AF, "latin"),
    (0x0370, 0x03FF, "greek"),
    (0x0400, 0x052F, "cyrillic"),
    (0x0530, 0x058F, "armenian"),
    (0x0590, 0x05FF, "hebrew"),
    (0x0600, 0x06FF, "arabic"),
    (0x0750, 0x077F, "arabic"),
    (0x0780, 0x07BF, "thaana"),
    (0x08A0, 0x08FF, "arabic"),
    (0x0900, 0x097F, "devanagari"),
    (0x0980, 0x09FF, "bengali"),
    (0x0A00, 0x0A7F, "gurmukhi"),
    (0x0A80, 0x0AFF, "gujarati"),
    (0x0B00, 0x0B7F, "oriya"),
    (0x0B80, 0x0BFF, "tamil"),
    (0x0C00, 0x0C7F, "telugu"),
    (0x0C80, 0x0CFF, "kannada"),
    (0x0D00, 0x0D7F, "malayalam"),
    (0x0D80, 0x0DFF, "sinhala"),
    (0x0E00, 0x0E7F, "thai"),
    (0x0E80, 0x0EFF, "lao"),
    (0x0F00, 0x0FFF, "tibetan"),
    (0x1000, 0x109F, "myanmar"),
    (0x10A0, 0x10FF, "georgian"),
    (0x1100, 0x11FF, "hangul"),
    (0x1200, 0x139F, "ethiopic"),
    (0x1780, 0x17FF, "khmer"),
    (0x1800, 0x18AF, "mongolian"),
    (0x1C90, 0x1CBF, "georgian"),
    (0x1E00, 0x1EFF, "latin"),
    (0x1F00, 0x1FFF, "greek"),
    (0x2D00, 0x2D2F, "georgian"),
    (0x3040, 0x30FF, "kana"),
    (0x3130, 0x318F, "hangul"),
    (0x31F0, 0x31FF, "kana"),
    (0x3400, 0x4DBF, "han"),
    (0x4E00, 0x9FFF, "han"),
    (0xAC00, 0xD7AF, "hangul"),
    (0xF900, 0xFAFF, "han"),
    (0xFB1D, 0xFB4F, "hebrew"),
    (0xFB50, 0xFDFF, "arabic"),
    (0xFE70, 0xFEFF, "arabic"),
    (0x20000, 0x323AF, "han"),
)
_STARTS = [first for first, _, _ in _BLOCKS]

# Scripts in which practically all news is of one language. Latin, Cyrillic, Arabic and Devanagari are not here;
# Han characters beside kana are Japanese.
LANGUAGE_OF = {
    "armenian": "hy",
    "bengali": "bn",
    "ethiopic": "am",
    "georgian": "ka",
    "greek": "el",
    "gujarati": "gu",
    "gurmukhi": "pa",
    "han": "zh",
    "hangul": "ko",
    "hebrew": "he",
    "kana": "ja",
    "kannada": "kn",
    "khmer": "km",
    "lao": "lo",
    "malayalam": "ml",
    "mongolian": "mn",
    "myanmar": "my",
    "oriya": "or",
    "sinhala": "si",
    "tamil": "ta",
    "telugu": "te",
    "thaana": "dv",
    "thai": "th",
    "tibetan": "bo",
}
# Japanese is never without kana for long; a Chinese text that names a Japanese brand has a few.
_KANA_SHARE = 0.08
# One sign of these scripts says as much as some letters of an alphabet; names in Latin letters stand beside them.
_WEIGHT = {"han": 3, "kana": 3, "hangul": 2}
# The marks below are accents of European letters, which are counted with their letter.
_FIRST_SIGN = 0x0370
_LATIN_1 = re.compile("[\\x00-\\xff\\u2000-\\u206f]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """The letters of a text, lower-cased: `total` of all, `of_script` those of the foremost script, `counts` of each.

    `share` (0 to 1) is the weight of the foremost script: a Han character weighs three Latin letters.
    """

    total: int
    script: str
    of_script: int
    share: float
    counts: dict[str, int]


def count_letters(text: str) -> Letters:
    """Count the letters of `text`, and name its foremost script (`other` where no letter is of a known one).

    The vowel signs of the Indic scripts and their like are letters too, though Unicode calls them marks.
    """
    counts = {char: number for char, number in Counter(text.lower()).items() if char.isalpha() or _is_sign(char)}
    numbers: Counter[str] = Counter()
    for char, number in counts.items():
        numbers[_script_of(char)] += number
    _join_japanese(numbers)
    weights = {script: number * _WEIGHT.get(script, 1) for script, number in sorted(numbers.items())}
    script = max(weights, key=weights.__getitem__, default="other")
    return Letters(
        total=sum(counts.values()),
        script=script,
        of_script=numbers[script],
        share=weights[script] / sum(weights.values()) if weights else 0.0,
        counts=counts,
    )


def in_latin_1(text: str) -> bytes | None:
    """Return `text` in Latin-1, a `?` for each sign of the block of general punctuation; None where it has others.

    What can be said by tables of bytes is said many times faster than letter by letter.
    """
    return text.encode("latin-1", "replace") if _LATIN_1.fullmatch(text) else None


def _is_sign(char: str) -> bool:
    return ord(char) >= _FIRST_SIGN and category(char).startswith("M") and _script_of(char) != "other"


def _script_of(char: str) -> str:
    code = ord(char)
    first, last, script = _BLOCKS[bisect_right(_STARTS, code) - 1]
    return script if first <= code <= last else "other"


def _join_japanese(numbers: Counter[str]) -> None:
    """Count Han characters as kana where there is enough of it, and stray kana as Han."""
    if "han" in numbers and "kana" in numbers:
        japanese = numbers["kana"] > _KANA_SHARE * (numbers["kana"] + numbers["han"])
        into, gone = ("kana", "han") if japanese else ("han", "kana")
        numbers[into] += numbers.pop(gone)
