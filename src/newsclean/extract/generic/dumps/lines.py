"""What one line of a dump looks like on its own: size, ending, casing, digits, labels, repetition.

`look_at` turns a line into a `Look`; its `ids` are numbers of features (offset of a group in
`GROUPS` plus a value), to which `dump_model` gives weights. Nothing here knows a site, and no
language beyond the word lists of `dump_words`. A wide character (Chinese, Japanese, Korean) counts
as more than one, so that sizes mean the same in all scripts.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Final

from newsclean.extract.generic.dumps.words import CUE_WORDS, KNOWN_WORDS, Cue, cue_of

__all__ = ["CUES", "GROUPS", "LINE_FEATURES", "SHAPES", "Look", "has_wide", "look_at", "look_of"]

SHAPES: Final = 14
CUES: Final = len(Cue)
_BAND_LIMITS: Final = (8, 16, 26, 40, 60, 90, 130, 200, 320, 600)
_BAND_OF: Final = tuple(sum(size >= limit for limit in _BAND_LIMITS) for size in range(601))
_GROUP_SIZES: Final = {
    "band_end": (len(_BAND_LIMITS) + 1) * 4,
    "cue": CUES * 4,
    "case": 6 * 3,
    "function": 5 * 3,
    "inner": 3 * 2,
    "commas": 4,
    "digits": 4 * 2,
    "marks": 12,
}
GROUPS: Final = dict(zip(_GROUP_SIZES, accumulate(_GROUP_SIZES.values(), initial=0), strict=False))
LINE_FEATURES: Final = sum(_GROUP_SIZES.values())
_BAND_END: Final = GROUPS["band_end"]
_CUE: Final = GROUPS["cue"]
_CASE: Final = GROUPS["case"]
_FUNCTION: Final = GROUPS["function"]
_INNER: Final = GROUPS["inner"]
_COMMAS: Final = GROUPS["commas"]
_DIGITS: Final = GROUPS["digits"]
_MARKS: Final = GROUPS["marks"]

_CREDIT_SHORT: Final = _MARKS + 4
_CREDIT_LONG: Final = _MARKS + 5
_NO_WORDS: Final[frozenset[str]] = frozenset()

_SENTENCE_END: Final = frozenset(".!?…。！？।؟۔॥\u0589")
_HALF_END: Final = frozenset(":：,;")
_QUOTED_ENDS: Final = frozenset(('" ', "” ", "“ "))  # after the dot
_CLOSERS: Final = "\"'”’»)]」』）“‹›*"
_CLOSER_SET: Final = frozenset(_CLOSERS)
_ASKING: Final = frozenset(("?", "？", ""))  # a line of closers only has no last character
_OPENERS: Final = '"“„«»‘「『'
_BULLETS: Final = "-–—•·*▪●■◆►▶‣○□✓"
_FIRST_MARKS: Final = {
    **dict.fromkeys(_BULLETS, _MARKS),
    **dict.fromkeys(_OPENERS, _MARKS + 6),
    **dict.fromkeys("([（", _MARKS + 9),
}
_WIDE_BREAKS: Final = "。！？।۔؟"
# A digit comes first: a search for one is many times faster than one that may begin at any word.
_DATE: Final = re.compile(
    r"\d(?:(?<!\w\d)(?:(?:(?<=1)9|(?<=2)0)\d\d[-./年]\s?\d|\d?[./-]\s?\d{1,2}[./-]\s?(?:20)?\d\d\b|\d?[:.]\d\d\b"
    r"|\d?(?:\.|st|nd|rd|th)?[ ,](?:de )?[^\W\d]{3,12}\.?,?(?: de)? 20\d\d\b)| ?[월月])"
)
_MONTH_FIRST: Final = re.compile(r"\b[^\W\d]{3,9}\.? \d{1,2},? 20\d\d\b")
_WIDE: Final = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]")
_WIDE_LEADS: Final = tuple(range(0xE3, 0xF0))
_RADICAL_TAILS: Final = tuple(range(0xBA, 0xC0))
_RADICAL: Final = re.compile(rb"\xe2[\xba-\xbf]")
# What names a photographer or an agency: by a mark in it that is quickly looked for, and without one.
_BRACKETED_CREDITS: Final = (
    *("(photo", "(foto", "(image", "(picture", "(bild", "(getty", "(reuters", "(ap", "(afp", "(credit", "(source"),
    *("(quelle", "(фото", "(archiv"),
)
_SLASHED_CREDITS: Final = ("/getty", "/afp", "/reuters", "/ap", "/dpa", "/epa", "/imago")
_COLON_CREDITS: Final = ("photo:", "foto:", "image:", "picture:", "bild:", "credit:", "quelle:", "fotograf:")
_CREDIT_MOST: Final = max(map(len, (*_BRACKETED_CREDITS, *_SLASHED_CREDITS)))
_WIDE_CREDITS: Final = ("撮影", "（写真", "사진=")
_WIDE_CREDIT_MARKS: Final = ("撮影", "（", "(", ":", "/")
# As numbers: to look for a byte in bytes is a fifth of the time of looking for bytes.
_BRACKET: Final = ord("(")
_COLON: Final = ord(":")
_BAR: Final = ord("|")
_SLASH: Final = ord("/")
_GREATER: Final = ord(">")
_AT: Final = ord("@")
_BANG: Final = ord("!")
_ASK: Final = ord("?")
_LEAD_C2: Final = 0xC2
_LEAD_E2: Final = 0xE2
_LEAD_ARABIC: Final = "،".encode()[0]
# The kinds of bytes that are asked for, see `_kinds`.
_DIGIT: Final = ord("0")
_MARK: Final = ord("#")
_MARKED: Final = frozenset((_BRACKET, _COLON, _BAR, _SLASH, _GREATER, _AT, _BANG, _ASK, _LEAD_C2, _LEAD_E2))


def _kinds() -> bytes:
    """Return a table of the kind of each byte: a digit, one of `_MARKED`, or an ASCII capital, a space, anything else.

    A line is translated by it in less time than it takes to look for three of the marks, which most lines do not have.
    """
    ascii_kinds = [
        "0" if one.isdigit() else "A" if one.isupper() else " " if one.isspace() else "a"
        for one in map(chr, range(128))
    ]
    kinds = bytearray("".join(ascii_kinds).encode() + b"a" * 128)
    for mark in _MARKED:
        kinds[mark] = _MARK
    return bytes(kinds)


_KINDS: Final = _kinds()
_WIDE_MORE: Final = 1.3
_MOST: Final = 400  # characters read where more would change nothing
_DATED_MOST: Final = 120
_DATE_DIGITS: Final = 3
_LONG_WORD: Final = 5
_MOST_LABELS: Final = 1 << 14
_CREDIT_REACH: Final = 140  # a credit stands at the end of its caption
_LABEL: Final = 40  # shorter lines are mostly labels that come back from page to page


class Look:
    """What one line looks like, wherever it stands: equal lines share one, which nobody may change; see `look_at`."""

    __slots__ = ("credit", "cue", "dated", "ids", "kind", "prose", "rare", "shape", "size", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.size: int  # in characters, see above
        self.kind: int  # 0 short, 1 middling, 2 long
        self.shape: int  # one of SHAPES classes of size, ending and date
        self.cue: int  # what its label says
        self.prose: int  # its size if it is running text, else 0
        self.credit: bool  # names a photographer or a picture agency
        self.dated: bool  # a short line with a date or a clock time
        self.rare: frozenset[str]  # its long words
        self.ids: tuple[int, ...]  # its features


def has_wide(text: str, plain: bytes) -> bool:
    """Tell whether a page has Chinese, Japanese or Korean characters; `plain` is its text in UTF-8."""
    # In UTF-8 they begin with these bytes, or are two bytes' worth of radicals: to look for bytes is cheap.
    for lead in _WIDE_LEADS:
        if lead in plain:
            return _WIDE.search(text) is not None
    may_be_radical = _LEAD_E2 in plain and any([tail in plain for tail in _RADICAL_TAILS])  # noqa: C419  (faster)
    return may_be_radical and _RADICAL.search(plain) is not None and _WIDE.search(text) is not None


def _has_date(text: str) -> bool:
    return _DATE.search(text) is not None or (" 20" in text and _MONTH_FIRST.search(text) is not None)


def _ending(text: str) -> tuple[int, str]:
    """Return how `text` ends (0 openly, 1 as a sentence, 2 half, 3 with dots) and its last real character."""
    tail = text[-1]
    if tail in _CLOSER_SET:
        tail = text.rstrip(_CLOSERS)[-1:]
    if tail in _SENTENCE_END:
        return (3 if text.endswith(("...", "…")) else 1), tail
    return (2 if tail in _HALF_END else 0), tail


def _prose(size: int, wide: int, end: int, functions: int) -> int:
    if size >= 90 and end and (functions or wide or size > 140):  # noqa: PLR2004
        return size
    return size if size >= 50 and end == 1 and functions else 0  # noqa: PLR2004


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


def _case(text: str, lowered: str, kind: int, kinds: bytes, count: int) -> int:
    """Tell how a line of `count` words is written; `kinds` are the `_KINDS` of its bytes in UTF-8."""
    first = text[0]
    if first == lowered[0]:
        return 1 if first.isdigit() else 3 if first.islower() else 0
    if kind == 2:  # noqa: PLR2004
        return 4
    if text.isupper():
        return 2
    is_ascii = len(kinds) == len(text)
    capitals = 1 + kinds.count(b" A") if is_ascii else sum([word[0].isupper() for word in text.split()])
    return 4 if capitals * 2 <= count else 5


def _begins_one(text: str, mark: str, names: tuple[str, ...]) -> bool:
    """Tell whether one of the `names`, which all begin with `mark`, is in `text`."""
    at = text.find(mark)
    while at >= 0:
        if text[at : at + _CREDIT_MOST].startswith(names):
            return True
        at = text.find(mark, at + 1)
    return False


def _ends_one(text: str, mark: str, names: tuple[str, ...]) -> bool:
    """Tell whether one of the `names`, which all end with `mark`, is in `text`."""
    at = text.find(mark)
    while at >= 0:
        if text[: at + 1].endswith(names):
            return True
        at = text.find(mark, at + 1)
    return False


def _credited(lowered: str, plain: bytes, *, wide: bool, has_tt: bool) -> bool:
    """Tell whether the end of a line names a photographer or an agency; `wide` False: it has no wide character.

    `plain` is the line in UTF-8, whatever the case, or empty: most lines have none of the marks that most credits
    have. `has_tt` says whether these two letters are in the line.
    """
    if plain and (
        (_BRACKET in plain and _begins_one(lowered, "(", _BRACKETED_CREDITS))
        or (_COLON in plain and _ends_one(lowered, ":", _COLON_CREDITS))
        or (_SLASH in plain and _begins_one(lowered, "/", _SLASHED_CREDITS))
        or (_LEAD_C2 in plain and "©" in lowered)
    ):
        return True
    if (
        (has_tt and ("getty images" in lowered or "shutterstock" in lowered))
        or "via reuters" in lowered
        or "picture alliance" in lowered
    ):
        return True
    if not wide:
        return False
    is_marked = any([mark in lowered for mark in _WIDE_CREDIT_MARKS])  # noqa: C419  (a list is the faster here)
    return is_marked and any([name in lowered for name in _WIDE_CREDITS])  # noqa: C419


def _marks(text: str, lowered: str, tail: str, size: int, plain: bytes, *, wide: bool) -> list[int]:
    """Return the features of marks in a line; `plain` is the same in UTF-8, empty if it has none of `_MARKED`."""
    ids = []
    first_mark = _FIRST_MARKS.get(text[0])
    if first_mark is not None:
        ids.append(first_mark)
    if plain:
        if _BAR in plain or (_SLASH in plain and " / " in text):
            ids.append(_MARKS + 1)
        if (
            _GREATER in plain
            or (_LEAD_E2 in plain and ("›" in text or "→" in text))
            or (_LEAD_C2 in plain and " » " in text)
        ):
            ids.append(_MARKS + 2)
        if _BANG in plain:
            ids.append(_MARKS + 10)
    has_tt = "tt" in lowered
    if (plain and _AT in plain) or (has_tt and "http" in text) or "www." in text:
        ids.append(_MARKS + 3)
    if size < 500 and _credited(lowered[-_CREDIT_REACH:], plain, wide=wide, has_tt=has_tt):  # noqa: PLR2004
        ids.append(_CREDIT_SHORT if size < 110 else _CREDIT_LONG)  # noqa: PLR2004
    if tail in _ASKING:
        ids.append(_MARKS + (7 if size < 60 else 8))  # noqa: PLR2004
    if len(text) == 1:
        ids.append(_MARKS + 11)
    return ids


def _inner(text: str, plain: bytes) -> int:
    """Count the sentence ends within `text`, two at most; `plain` is as in `_marks`."""
    found = 0
    at = text.find(".")
    while at >= 0 and found < 2:  # noqa: PLR2004
        after = text[at + 1 : at + 3]
        if after.startswith(" ") or after in _QUOTED_ENDS:
            found += 1
        at = text.find(".", at + 1)
    if plain and found < 2:  # noqa: PLR2004
        found += (plain.count(b"? ") if _ASK in plain else 0) + (plain.count(b"! ") if _BANG in plain else 0)
    return min(2, found)


def _inner_wide(text: str) -> int:
    """Do as `_inner` for scripts that end sentences without a space."""
    return min(2, sum([text.count(mark) for mark in _WIDE_BREAKS]))


# The looks of short lines, each looked at once: the pages of a site have the same menus.
_LABELS: Final[dict[str, Look]] = {}
_LABELS_OF_WIDE_PAGES: Final[dict[str, Look]] = {}


def look_of(text: str, *, wide_page: bool) -> Look:
    """Return what `look_at` says; of a line shorter than `_LABEL`, what it said the first time."""
    if len(text) >= _LABEL:
        return look_at(text, wide_page=wide_page)
    labels = _LABELS_OF_WIDE_PAGES if wide_page else _LABELS
    look = labels.get(text)
    if look is None:
        if len(labels) >= _MOST_LABELS:
            labels.clear()
        labels[text] = look = look_at(text, wide_page=wide_page)
    return look


def look_at(text: str, *, wide_page: bool) -> Look:
    """Look at one non-blank line; `wide_page` is what `has_wide` said of its page."""
    look = Look(text)
    size = len(text)
    wide = len(_WIDE.findall(text)) if wide_page else 0
    if wide:
        size += int(wide * _WIDE_MORE)
    end, tail = _ending(text)
    head = text if len(text) < _MOST else text[:_MOST]
    lowered = head.lower()
    words = lowered.split()
    count = max(len(words), wide // 2) if wide else len(words)
    known = KNOWN_WORDS.intersection(words)
    telling = CUE_WORDS & known if known else known
    functions = len(known) - len(telling)
    cue = int(cue_of(text, words, telling, wide=wide > 0))
    kind = 0 if size < 40 else 1 if size < 110 else 2  # noqa: PLR2004
    plain = head.encode("utf-8", "surrogatepass")
    kinds = plain.translate(_KINDS)
    marked = plain if _MARK in kinds else b""
    inner = (_inner_wide(head) if wide else _inner(head, marked)) if kind else 0
    dated, digits = False, 0
    if _DIGIT in kinds:
        found = kinds.count(b"0")
        # In ASCII, no form of a date has fewer digits.
        dated = size < _DATED_MOST and (found >= _DATE_DIGITS or not text.isascii()) and _has_date(text)
        digits = 1 if found * 10 < size else 2 if found * 3 < size else 3
    commas = head.count(",")
    if len(plain) > len(head):
        commas += (head.count("、") if wide else 0) + (head.count("،") if _LEAD_ARABIC in plain else 0)
    marks = _marks(head, lowered, tail, size, marked, wide=wide > 0)
    look.ids = (
        _BAND_END + (_BAND_OF[size] if size < 600 else 10) * 4 + end,  # noqa: PLR2004
        _CUE + cue * 4 + (0 if size < 25 else 1 if size < 60 else 2 if size < 160 else 3),  # noqa: PLR2004
        _COMMAS + min(3, commas),
        _INNER + inner * 2 + (end == 1),
        _FUNCTION + (functions if functions < 2 else 2 if functions < 4 else 3 if functions < 7 else 4) * 3 + kind,  # noqa: PLR2004
        _CASE + _case(head, lowered, kind, kinds, len(words)) * 3 + kind,
        _DIGITS + digits * 2 + dated,
        *marks,
    )
    look.size, look.kind, look.cue, look.dated = size, kind, cue, dated
    look.shape = _shape(size, end, count, functions, dated)
    look.credit = _CREDIT_SHORT in marks or _CREDIT_LONG in marks
    look.prose = _prose(size, wide, end, functions)
    if wide:
        look.rare = frozenset(map(str.__add__, text[:120], text[1:121]))
    elif count > 1:
        look.rare = frozenset([word for word in words if len(word) > _LONG_WORD])
    else:
        look.rare = _NO_WORDS
    return look
