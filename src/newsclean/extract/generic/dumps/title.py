"""Find the headline of a dump: one line among those shortly before the body.

Each candidate gets the sum of the weights of what is true of it, its traits; the highest wins. The
weights are those of a softmax over candidates, rounded to tenths; `tests/eval/fit_dump_title.py` fits
them to news and web pages of many countries. They say what an editor would: near the body, neither a
label nor a sentence, of headline length, its words come back in the text and in the address, a date or
a byline follows it.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from newsclean.extract.generic.dumps.address import plain_letters
from newsclean.extract.generic.dumps.words import Cue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.dumps.lines import Look
    from newsclean.extract.generic.dumps.stretch import Stretch

__all__ = ["TRAITS", "WEIGHTS", "candidates", "echoed", "headline", "traits"]

WEIGHTS: Final[dict[str, float]] = {
    "after-date": 0.5,
    "after-long": -0.5,
    "after-short": 0.1,
    "caps0": 0.2,
    "caps2": -0.2,
    "cover0": -1.2,
    "cover1": -1.1,
    "cover2": 0.2,
    "cover3": 0.3,
    "cover4": 1.8,
    "cue0": 0.5,
    "cue3": -0.1,
    "cue5": -0.1,
    "cue7": -0.2,
    "date-after0": 0.8,
    "date-after1": 0.6,
    "date-after2": 0.3,
    "date-after3": -0.3,
    "date-after4": -1.3,
    "date-before": -0.3,
    "dated": -0.3,
    "end0": 0.7,
    "end1": -0.8,
    "end2": 0.1,
    "far0": 0.4,
    "far1": 0.2,
    "far2": 0.2,
    "far4": 0.2,
    "far5": -0.3,
    "far6": 0.4,
    "far7": -0.1,
    "far8": -0.3,
    "gap": -0.7,
    "has-line": -1.0,
    "inside": -0.7,
    "longer-after": 0.4,
    "longer-before": -0.3,
    "next-prose1": -0.1,
    "next-prose2": 0.3,
    "next-prose3": 0.7,
    "next0": -0.3,
    "next1": -0.7,
    "next2": -0.3,
    "next3": 0.5,
    "part-of-line": 1.0,
    "prose": -0.5,
    "seen0": 0.1,
    "seen2": -0.1,
    "shared0": -1.0,
    "shared2": 0.7,
    "shared3": 1.0,
    "size0": -0.7,
    "size1": -0.5,
    "size2": 0.1,
    "size3": 0.6,
    "size4": 0.9,
    "size5": 0.6,
    "size6": -0.7,
    "size7": -0.3,
    "slug0": -1.2,
    "slug1": -0.5,
    "slug2": 0.5,
    "slug3": 0.4,
    "slug4": 0.8,
    "trail": -0.5,
    "words0": -0.6,
    "words1": -0.5,
    "words3": 1.1,
}
_REACH: Final = 26
_SHORTEST: Final = 8
_LONGEST: Final = 240
_SHORT: Final = 15
_ENDS: Final = {**dict.fromkeys(".。।۔", 1), **dict.fromkeys("?!؟？！", 2), **dict.fromkeys(":,;…", 3)}
_NEVER: Final = frozenset((Cue.SHARE, Cue.TIME, Cue.BYLINE, Cue.CREDIT))
_HEAD: Final = (int(Cue.BYLINE), int(Cue.TIME))
_WORD: Final = re.compile(r"\w+")
_TRAILS: Final = re.compile(r"\s*[»›]\s*|\s+[>|]\s+")
_TRAIL_MARKS: Final = ("»", "›", ">", "|")
# Of ASCII text: small letters, digits and `_` stay, all else parts words.
_WORD_PARTS: Final = bytes([ord(chr(c).lower() if chr(c).isalnum() or c == ord("_") else " ") for c in range(128)] * 2)
_CAPITALS: Final = bytes([ord(" " if chr(c).isspace() else "A" if chr(c).isupper() else "a") for c in range(128)] * 2)
# What is measured comes in bands, each limit the last of its band.
_SIZES: Final = [12, 22, 35, 60, 90, 130, 180]
_DISTANCES: Final = [1, 2, 3, 4, 6, 8, 12, 20]
_SLUG_SHARES: Final = [0.0, 0.34, 0.6, 0.85]
_COVERED_SHARES: Final = [0.0, 0.34, 0.67, 0.99]
_SHARED_SHARES: Final = [0.0, 0.4, 0.7]
_WORD_COUNTS: Final = [1, 2, 4]
_SEEN_TIMES: Final = [1, 3]
_CAPITAL_SHARES: Final = [0.33, 0.66]
_NEXT_SIZES: Final = [20, 60, 130]
_FOLLOWS: Final = 6  # lines after a candidate in which a date is looked for
_NO_DATE: Final = 4
# The traits by kind, and in how many bands each comes; what is so or not has one.
_BANDS: Final = {
    "size": len(_SIZES) + 1,
    "far": len(_DISTANCES) + 1,
    "slug": len(_SLUG_SHARES) + 1,
    "cover": len(_COVERED_SHARES) + 1,
    "shared": len(_SHARED_SHARES) + 1,
    "words": len(_WORD_COUNTS) + 1,
    "seen": len(_SEEN_TIMES) + 1,
    "caps": len(_CAPITAL_SHARES) + 1,
    "next": len(_NEXT_SIZES) + 1,
    "next-prose": len(_NEXT_SIZES) + 1,
    "date-after": _NO_DATE + 1,
    "end": 1 + max(_ENDS.values()),
    "cue": len(Cue),
    **dict.fromkeys(("dated", "gap", "prose", "bar", "trail", "inside", "date-before", "part-of-line", "has-line"), 1),
    **dict.fromkeys(("longer-after", "longer-before", "after-long", "after-date", "after-short"), 1),
}
_BEGINS: Final = dict(zip(_BANDS, accumulate(_BANDS.values(), initial=0), strict=False))
# Each for itself: compiled code need not look up what one `Final` names.
_SIZE: Final = _BEGINS["size"]
_FAR: Final = _BEGINS["far"]
_SLUG: Final = _BEGINS["slug"]
_COVER: Final = _BEGINS["cover"]
_SHARED: Final = _BEGINS["shared"]
_WORDS: Final = _BEGINS["words"]
_SEEN: Final = _BEGINS["seen"]
_CAPS: Final = _BEGINS["caps"]
_NEXT: Final = _BEGINS["next"]
_NEXT_PROSE: Final = _BEGINS["next-prose"]
_DATE_AFTER: Final = _BEGINS["date-after"]
_END: Final = _BEGINS["end"]
_CUE: Final = _BEGINS["cue"]
_DATED: Final = _BEGINS["dated"]
_GAP: Final = _BEGINS["gap"]
_PROSE: Final = _BEGINS["prose"]
_BAR: Final = _BEGINS["bar"]
_TRAIL: Final = _BEGINS["trail"]
_INSIDE: Final = _BEGINS["inside"]
_DATE_BEFORE: Final = _BEGINS["date-before"]
_PART_OF: Final = _BEGINS["part-of-line"]
_HAS_LINE: Final = _BEGINS["has-line"]
_LONGER_AFTER: Final = _BEGINS["longer-after"]
_LONGER_BEFORE: Final = _BEGINS["longer-before"]
_AFTER_LONG: Final = _BEGINS["after-long"]
_AFTER_DATE: Final = _BEGINS["after-date"]
_AFTER_SHORT: Final = _BEGINS["after-short"]
# All that may be true of a candidate, by number: `size0`, `size1`, ... `dated`, `gap`, ...
TRAITS: Final = tuple(
    [f"{name}{band}" if count > 1 else name for name, count in _BANDS.items() for band in range(count)]
)
# In tenths: whole numbers, so that a sum is the same in any order.
_TENTHS: Final = tuple([round(10 * WEIGHTS.get(name, 0.0)) for name in TRAITS])
# The most that its neighbours, and lines that repeat it, can add to a candidate.
_MOST_REPEATED: Final = max(_TENTHS[_PART_OF], _TENTHS[_HAS_LINE], 0)
_MOST_AROUND: Final = (
    _MOST_REPEATED
    + max(_TENTHS[_DATE_AFTER : _DATE_AFTER + _NO_DATE + 1])
    + max(_TENTHS[_DATE_BEFORE], 0)
    + max(_TENTHS[_LONGER_AFTER], 0)
    + max(_TENTHS[_LONGER_BEFORE], 0)
    + max(_TENTHS[_AFTER_LONG], _TENTHS[_AFTER_DATE], _TENTHS[_AFTER_SHORT])
    + max(_TENTHS[_NEXT : _NEXT_PROSE + _BANDS["next-prose"]])
)


def candidates(looks: Sequence[Look], begin: int) -> list[int]:
    """Return the lines that may be the headline."""
    return [
        at
        for at in range(max(0, begin - _REACH), min(len(looks), begin + 1))
        if _SHORTEST <= looks[at].size <= _LONGEST
        and looks[at].cue not in _NEVER
        and not (looks[at].dated and looks[at].kind == 0)
    ]


def headline(seen: Stretch, begin: int, slug: frozenset[str], body_words: frozenset[str]) -> int | None:
    """Return the index of the headline among the lines of `seen`, None where no line is one.

    The body begins at `begin`; `body_words` are its long words, `slug` those of the page's address.
    """
    looks = seen.looks
    near = _lines_near(seen, begin)
    best, found = None, None
    for at in candidates(looks, begin):
        score = _sum(_of_itself(seen, at, begin, slug, body_words))
        if best is None or score + _MOST_AROUND > best:
            score += _sum(_of_neighbours(looks, at, begin))
            if best is None or score + _MOST_REPEATED > best:
                score += _sum(_of_repetition(looks[at].text, near))
                if best is None or score > best:
                    best, found = score, at
    return None if found is None else _dated_copy(looks, found, begin)


def _dated_copy(looks: Sequence[Look], at: int, begin: int) -> int:
    """Return the first line like line `at` that has its date or byline just below: a headline may be shown twice."""
    text = looks[at].text
    for other in range(max(0, begin - _REACH), at):
        if looks[other].text == text and _distance_of_date(looks[other + 1 : other + 3]) != _NO_DATE:
            return other
    return at


def traits(seen: Stretch, at: int, begin: int, slug: frozenset[str], body_words: frozenset[str]) -> list[int]:
    """Return all that is true of line `at` as a headline, by number in `TRAITS`; the others are as for `headline`."""
    return [
        *_of_itself(seen, at, begin, slug, body_words),
        *_of_neighbours(seen.looks, at, begin),
        *_of_repetition(seen.looks[at].text, _lines_near(seen, begin)),
    ]


def _lines_near(seen: Stretch, begin: int) -> list[str]:
    """Return the lines among which a headline is looked for, but the shortest."""
    looks = seen.looks[max(0, begin - _REACH) : begin + 1]
    return [look.text for look in looks if len(look.text) > _SHORTEST]


def _sum(numbers: list[int]) -> int:
    total = 0
    for number in numbers:
        total += _TENTHS[number]
    return total


def _band(limits: list[int], size: int) -> int:
    """Return how many of the `limits` are below `size`."""
    band = 0
    for limit in limits:
        if size <= limit:
            break
        band += 1
    return band


def _band_of_share(limits: list[float], share: float) -> int:
    """Do as `_band` for shares: in compiled code whole numbers and others are of different kinds."""
    band = 0
    for limit in limits:
        if share <= limit:
            break
        band += 1
    return band


def _words_of(text: str) -> list[str]:
    """Return the words of `text` in small letters."""
    if text.isascii():
        return text.encode().translate(_WORD_PARTS).decode().split()  # in a fifth of the time
    return _WORD.findall(text.lower())


def _capitals_in(text: str) -> int:
    """Count the words that begin with a capital, as parted by spaces."""
    if text.isascii():
        return (b" " + text.encode().translate(_CAPITALS)).count(b" A")
    return sum([word[0].isupper() for word in text.split()])


def _of_itself(seen: Stretch, at: int, begin: int, slug: frozenset[str], body_words: frozenset[str]) -> list[int]:
    look = seen.looks[at]
    text = look.text
    words = _words_of(text)
    count = len(words)
    found = [
        _SIZE + _band(_SIZES, look.size),
        _WORDS + _band(_WORD_COUNTS, count),
        _END + _ENDS.get(text[-1], 0),
        _CUE + look.cue,
        _CAPS + _band_of_share(_CAPITAL_SHARES, _capitals_in(text) / (count or 1)),
        _FAR + _band(_DISTANCES, begin - at) if at < begin else _INSIDE,
        _SEEN + _band(_SEEN_TIMES, seen.times[at]),
    ]
    if seen.gaps[at]:
        found.append(_GAP)
    if look.dated:
        found.append(_DATED)
    if look.prose:
        found.append(_PROSE)
    if "|" in text or " - " in text or " – " in text:
        found.append(_BAR)
    if "»" in text or " > " in text or "›" in text:
        found.append(_TRAIL)
    if slug and words:
        plain = words if text.isascii() else [plain_letters(word) for word in words]
        common = [word for word in plain if word in slug]
        found.append(_SLUG + _band_of_share(_SLUG_SHARES, len(common) / count))
        found.append(_COVER + _band_of_share(_COVERED_SHARES, len(set(common)) / len(slug)))
    if look.rare:
        found.append(_SHARED + _band_of_share(_SHARED_SHARES, len(look.rare & body_words) / len(look.rare)))
    return found


def _of_neighbours(looks: Sequence[Look], at: int, begin: int) -> list[int]:
    size = looks[at].size
    following = looks[at + 1 : begin]
    found = [_DATE_AFTER + _distance_of_date(following[:_FOLLOWS])]
    for x in looks[max(0, at - 4) : at]:
        if x.dated or x.cue in _HEAD:
            found.append(_DATE_BEFORE)
            break
    for x in following:
        if x.size >= size:
            found.append(_LONGER_AFTER)
            break
    for x in looks[max(0, at - 6) : at]:
        if x.size >= size:
            found.append(_LONGER_BEFORE)
            break
    if at:
        before = looks[at - 1]
        found.append(_AFTER_LONG if before.kind else _AFTER_DATE if before.dated else _AFTER_SHORT)
    if at + 1 < len(looks):
        after = looks[at + 1]
        found.append((_NEXT_PROSE if after.prose else _NEXT) + _band(_NEXT_SIZES, after.size))
    return found


def _distance_of_date(following: Sequence[Look]) -> int:
    """Return how many lines stand between a line and the first with a date or a byline, three at most."""
    for i, look in enumerate(following):
        if look.dated or look.cue in _HEAD:
            return min(i, _NO_DATE - 1)
    return _NO_DATE


def _of_repetition(text: str, others: Sequence[str]) -> list[int]:
    """Tell whether one of the other lines has `text` at an end of it, or `text` has that line."""
    size = len(text)
    for other in others:
        if len(other) > size:
            if other.endswith(text) or other.startswith(text):
                return [_PART_OF]
        elif _SHORT < len(other) < size and (text.endswith(other) or text.startswith(other)):
            return [_HAS_LINE]
    return []


def echoed(text: str, others: Sequence[str]) -> str:
    """Return the end of the headline line, without its trail of sections, that one of the page's other lines is."""
    if not any([mark in text for mark in _TRAIL_MARKS]):  # noqa: C419  (a list is the faster here)
        return text
    for match in _TRAILS.finditer(text):
        end = text[match.end() :]
        if len(end) > _SHORT and end in others:
            return end
    return text
