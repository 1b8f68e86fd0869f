"""What one line of a dump looks like on its own: size, ending, casing, digits, labels, repetition.

`look_at` turns a line into a `Look`; its `ids` are numbers of features (offset of a group in
`GROUPS` plus a value), to which `dump_model` gives weights. Nothing here knows a site, and no
language beyond the word lists of `dump_words`. A wide character (Chinese, Japanese, Korean) counts
as more than one, so that sizes mean the same in all scripts.
"""

from __future__ import annotations

import re
from itertools import accumulate

from newsclean.extract.generic.dump_words import FUNCTION_WORDS, Cue, cue_of

__all__ = ["CUES", "GROUPS", "LINE_FEATURES", "SHAPES", "Look", "is_dated", "look_at", "prose_size"]

SHAPES = 14
CUES = len(Cue)
_BAND_LIMITS = (8, 16, 26, 40, 60, 90, 130, 200, 320, 600)
_BAND_OF = tuple(sum(size >= limit for limit in _BAND_LIMITS) for size in range(601))
_GROUP_SIZES = {
    "band_end": (len(_BAND_LIMITS) + 1) * 4,
    "cue": CUES * 4,
    "case": 6 * 3,
    "function": 5 * 3,
    "inner": 3 * 2,
    "commas": 4,
    "digits": 4 * 2,
    "marks": 12,
}
GROUPS = dict(zip(_GROUP_SIZES, accumulate(_GROUP_SIZES.values(), initial=0), strict=False))
LINE_FEATURES = sum(_GROUP_SIZES.values())
_BAND_END, _CUE, _CASE, _FUNCTION, _INNER, _COMMAS, _DIGITS, _MARKS = GROUPS.values()

_CREDIT_IDS = frozenset((_MARKS + 4, _MARKS + 5))

_SENTENCE_END = frozenset(".!?…。！？।؟۔॥\u0589")
_HALF_END = frozenset(":：,;")
_CLOSERS = "\"'”’»)]」』）“‹›*"
_CLOSER_SET = frozenset(_CLOSERS)
_OPENERS = frozenset('"“„«»‘「『')
_BULLETS = frozenset("-–—•·*▪●■◆►▶‣○□✓")
_INNER_END = re.compile(r"[.!?][\"'”’»)“]? +[\"'“„«(]?[^\W\d_a-z]|[。！？।۔؟]")
_DIGIT = re.compile(r"\d")
_DATE = re.compile(
    r"\b(?:19|20)\d\d[-./年]\s?\d|\b\d{1,2}[./-]\s?\d{1,2}[./-]\s?(?:20)?\d\d\b|\b\d{1,2}[:.]\d\d\b"
    r"|\b\d{1,2}(?:\.|st|nd|rd|th)?[ ,](?:de )?[^\W\d]{3,12}\.?,?(?: de)? 20\d\d\b|\b[^\W\d]{3,9}\.? \d{1,2},? 20\d\d\b|\d ?[월月]"
)
_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]")
_FIRST_WIDE = "\u2e80"
_CREDIT = re.compile(
    r"\((?:photo|foto|image|picture|bild|getty|reuters|ap|afp|credit|source|quelle|фото|archiv)\b"
    r"|\b(?:photo|foto|image|picture|bild|credit|quelle|fotograf|fotoğraf|zdj)\s?[:©]|/(?:getty|afp|reuters|ap|dpa|epa|imago)\b"
    r"|©|\bgetty images\b|picture alliance|shutterstock|via reuters|via ap\b|사진=|[（(]写真|撮影"
)
_CREDIT_HINT = re.compile(r"[(:/©（]|getty|alliance|shutter|via |撮影|사진")
_WIDE_MORE = 1.3
_MOST = 400  # characters read where more would change nothing
_DATED_MOST = 120
_LONG_WORD = 5


class Look:
    """What one line looks like; see `look_at`."""

    __slots__ = (
        "credit",
        "cue",
        "dated",
        "gap",
        "ids",
        "kind",
        "number",
        "prose",
        "rare",
        "seen",
        "shape",
        "size",
        "text",
    )

    def __init__(self, text: str, number: int, gap: int, seen: int) -> None:
        self.text = text
        self.number = number  # of the line in the file
        self.gap = gap  # blank lines before: 0, 1, or 2 for more
        self.seen = seen  # how often the same line stands on the page
        self.size = len(text)  # in characters, see above
        self.kind = 0  # 0 short, 1 middling, 2 long
        self.shape = 0  # one of SHAPES classes of size, ending and date
        self.cue = 0  # what its label says
        self.prose = 0  # its size if it is running text, else 0
        self.credit = False  # names a photographer or a picture agency
        self.dated = False  # a short line with a date or a clock time
        self.rare: frozenset[str] = frozenset()  # its long words
        self.ids: list[int] = []


def _size(text: str) -> tuple[int, int]:
    """Return the size of `text` and how many of its characters are wide."""
    length = len(text)
    if text.isascii() or max(text) < _FIRST_WIDE:
        return length, 0
    wide = len(_WIDE.findall(text))
    return length + int(wide * _WIDE_MORE), wide


def _ending(text: str) -> tuple[int, str]:
    """Return how `text` ends (0 openly, 1 as a sentence, 2 half, 3 with dots) and its last real character."""
    tail = text[-1]
    if tail in _CLOSER_SET:
        tail = text.rstrip(_CLOSERS)[-1:]
    if tail in _SENTENCE_END:
        return (3 if text.endswith(("...", "…")) else 1), tail
    return (2 if tail in _HALF_END else 0), tail


def prose_size(text: str) -> int:
    """Return the size of `text` if it is running text, else 0."""
    if len(text) < 50 and (text.isascii() or max(text) < _FIRST_WIDE):  # noqa: PLR2004
        return 0
    size, wide = _size(text)
    end = _ending(text)[0] if size >= 50 else 0  # noqa: PLR2004
    return _prose(size, wide, end, len(FUNCTION_WORDS.intersection(text[:_MOST].lower().split())) if end else 0)


def _prose(size: int, wide: int, end: int, functions: int) -> int:
    if size >= 90 and end and (functions or wide or size > 140):  # noqa: PLR2004
        return size
    return size if size >= 50 and end == 1 and functions else 0  # noqa: PLR2004


def is_dated(text: str) -> bool:
    """Tell whether `text` has a date or a clock time in it."""
    return _DIGIT.search(text) is not None and _DATE.search(text) is not None


def _shape(size: int, end: int, count: int, functions: int, dated: bool) -> int:  # noqa: FBT001
    if size >= 60:  # noqa: PLR2004
        if size >= 110:  # noqa: PLR2004
            return (12 if size >= 200 else 10) + (end > 0)  # noqa: PLR2004
        return 9 if end == 1 else 8 if end else 7
    if dated:
        return 0
    if count <= 2:  # noqa: PLR2004
        return 1
    if end == 1:
        return 3 if size < 35 else 6  # noqa: PLR2004
    return 2 if size < 30 else 5 if functions else 4  # noqa: PLR2004


def _case(text: str, lowered: str, wide: int, count: int) -> int:
    first = text[0]
    if wide or first == lowered[0] == first.upper():
        return 1 if first.isdigit() else 0
    if first == lowered[0]:
        return 3
    if text == text.upper():
        return 2
    capitals = sum(word[0].isupper() for word in text[:200].split())
    return 4 if capitals * 2 <= min(count, 40) else 5


def _marks(text: str, lowered: str, tail: str, size: int) -> list[int]:
    first = text[0]
    ids = []
    if first in _BULLETS:
        ids.append(_MARKS)
    elif first in _OPENERS:
        ids.append(_MARKS + 6)
    elif first in "([（":
        ids.append(_MARKS + 9)
    if "|" in text or " / " in text:
        ids.append(_MARKS + 1)
    if "›" in text or ">" in text or " » " in text or "→" in text:
        ids.append(_MARKS + 2)
    if "http" in text or "www." in text or "@" in text:
        ids.append(_MARKS + 3)
    if size < 500 and _CREDIT_HINT.search(lowered) and _CREDIT.search(lowered):  # noqa: PLR2004
        ids.append(_MARKS + (4 if size < 110 else 5))  # noqa: PLR2004
    if tail in "?？":
        ids.append(_MARKS + (7 if size < 60 else 8))  # noqa: PLR2004
    if "!" in text:
        ids.append(_MARKS + 10)
    if len(text) == 1:
        ids.append(_MARKS + 11)
    return ids


def look_at(text: str, number: int, gap: int, seen: int) -> Look:
    """Look at one non-blank line: its number in the file, the blank lines before it, its count on the page."""
    look = Look(text, number, gap, seen)
    size, wide = _size(text)
    end, tail = _ending(text)
    lowered = text.lower() if len(text) < _MOST else text[:_MOST].lower()
    words = lowered.split()
    count = max(len(words), wide // 2) if wide else len(words)
    cue = cue_of(text, words)
    functions = len(FUNCTION_WORDS.intersection(words))
    kind = 0 if size < 40 else 1 if size < 110 else 2  # noqa: PLR2004
    inner = min(2, len(_INNER_END.findall(lowered if wide else text[:_MOST]))) if kind else 0
    has_digit = _DIGIT.search(text) is not None
    dated = has_digit and size < _DATED_MOST and _DATE.search(text) is not None
    digits = 0
    if has_digit:
        found = len(_DIGIT.findall(lowered))
        digits = 1 if found * 10 < size else 2 if found * 3 < size else 3
    shape = _shape(size, end, count, functions, dated)
    look.ids = [
        _BAND_END + (_BAND_OF[size] if size < 600 else 10) * 4 + end,  # noqa: PLR2004
        _CUE + cue * 4 + (0 if size < 25 else 1 if size < 60 else 2 if size < 160 else 3),  # noqa: PLR2004
        _COMMAS + min(3, text.count(",") + text.count("、") + text.count("،")),
        _INNER + inner * 2 + (end == 1),
        _FUNCTION + (functions if functions < 2 else 2 if functions < 4 else 3 if functions < 7 else 4) * 3 + kind,  # noqa: PLR2004
        _CASE + _case(text, lowered, wide, count) * 3 + kind,
        _DIGITS + digits * 2 + dated,
        *_marks(text, lowered, tail, size),
    ]
    look.size, look.kind, look.shape, look.cue, look.dated = size, kind, shape, cue, dated
    look.credit = _CREDIT_IDS.isdisjoint(look.ids) is False
    look.prose = _prose(size, wide, end, functions)
    if wide:
        look.rare = frozenset(map(str.__add__, text[:120], text[1:121]))
    elif kind:
        look.rare = frozenset([word for word in words if len(word) > _LONG_WORD])
    else:
        look.rare = frozenset([word for word in words if len(word) > _LONG_WORD]) if len(words) > 1 else frozenset()
    return look
