"""Find the headline of a dump: one line among those shortly before the body.

Each candidate gets the sum of the weights of what is true of it, the highest wins. The weights are
those of a softmax over candidates, fitted to news pages of many countries, rounded to tenths; they
say what an editor would: near the body, neither a label nor a sentence, of headline length, its
words come back in the text and in the address, a date or a byline follows it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from newsclean.extract.generic.dumps.words import Cue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.dumps.lines import Look
    from newsclean.extract.generic.dumps.stretch import Stretch

__all__ = ["WEIGHTS", "by_address", "candidates", "echoed", "headline", "likeness", "refined", "slug_words"]

WEIGHTS: Final[dict[str, float]] = {
    "after-date": 3.2,
    "after-long": 1.6,
    "after-short": 2.5,
    "bar": -1.3,
    "caps0": -0.5,
    "caps1": -0.2,
    "caps2": 0.4,
    "cue0": 0.6,
    "cue1": -2.7,
    "cue11": -1.1,
    "cue3": -1.3,
    "cue4": -0.5,
    "cue5": -0.8,
    "cue6": -0.4,
    "cue7": 0.7,
    "date-after0": 1.7,
    "date-after1": 1.4,
    "date-after2": 0.6,
    "date-after3": 0.3,
    "date-after4": -1.5,
    "date-before": -0.8,
    "dated": -2.8,
    "end0": 3.1,
    "end1": -3.9,
    "end2": 4.0,
    "end3": -0.8,
    "far0": 2.4,
    "far1": 1.0,
    "far2": -0.1,
    "far3": 0.2,
    "far4": 0.3,
    "far5": -0.6,
    "far6": -0.4,
    "far8": -0.7,
    "gap": -0.5,
    "has-line": -1.4,
    "inside": -2.7,
    "longer-after": 0.9,
    "longer-before": -0.4,
    "next0": -0.2,
    "next1": -1.3,
    "next1.": -1.8,
    "next2": -0.3,
    "next2.": 1.7,
    "next3": 1.0,
    "next3.": 0.7,
    "part-of-line": 1.4,
    "prose": -0.9,
    "seen1": -0.1,
    "seen2": 0.3,
    "shared0": -1.9,
    "shared1": -0.5,
    "shared2": 1.7,
    "shared3": 2.3,
    "size0": -2.1,
    "size1": -1.0,
    "size2": 0.1,
    "size3": 1.1,
    "size4": 2.2,
    "size5": 1.8,
    "size6": -1.3,
    "size7": -3.4,
    "slug0": -2.6,
    "slug1": -0.7,
    "slug2": 2.3,
    "slug3": 2.2,
    "slug4": 2.8,
    "trail": -3.9,
    "words0": -3.0,
    "words1": -1.8,
    "words2": -0.5,
    "words3": 1.9,
}
_REACH: Final = 26
_SHORTEST: Final = 8
_LONGEST: Final = 240
_SHORT: Final = 15
_ENDS: Final = {**dict.fromkeys(".。।۔", 1), **dict.fromkeys("?!؟？！", 2), **dict.fromkeys(":,;…", 3)}
_NEVER: Final = frozenset((Cue.SHARE, Cue.TIME, Cue.BYLINE, Cue.CREDIT))


def _weight(name: str) -> int:
    """Return a weight in tenths: whole numbers, so that a sum is the same in any order."""
    return round(10 * WEIGHTS.get(name, 0.0))


def _bands(name: str, limits: Sequence[float]) -> tuple[Sequence[float], tuple[int, ...]]:
    """Return the limits and the weights of the bands that they part, each limit the last of its band."""
    return limits, tuple(_weight(f"{name}{band}") for band in range(len(limits) + 1))


_SIZES, _SIZE = _bands("size", (12, 22, 35, 60, 90, 130, 180))
_DISTANCES, _FAR = _bands("far", (1, 2, 3, 4, 6, 8, 12, 20))
_SLUG_SHARES, _SLUG = _bands("slug", (0.0, 0.34, 0.6, 0.85))
_SHARED_SHARES, _SHARED = _bands("shared", (0.0, 0.4, 0.7))
_WORD_COUNTS, _WORDS = _bands("words", (1, 2, 4))
_SEEN_TIMES, _SEEN = _bands("seen", (1, 3))
_CAPITAL_SHARES, _CAPS = _bands("caps", (0.33, 0.66))
_NEXT_SIZES, _NEXT = _bands("next", (20, 60, 130))
_NEXT_PROSE: Final = tuple(_weight(f"next{n}.") for n in range(len(_NEXT)))
_END, _CUE, _DATE_AFTER = (
    tuple(_weight(f"{name}{n}") for n in range(len(Cue))) for name in ("end", "cue", "date-after")
)
_DATED, _GAP, _PROSE, _BAR, _TRAIL = map(_weight, ("dated", "gap", "prose", "bar", "trail"))
_INSIDE, _DATE_BEFORE, _PART_OF, _HAS_LINE = map(_weight, ("inside", "date-before", "part-of-line", "has-line"))
_LONGER_AFTER, _LONGER_BEFORE = map(_weight, ("longer-after", "longer-before"))
_AFTER_LONG, _AFTER_DATE, _AFTER_SHORT = map(_weight, ("after-long", "after-date", "after-short"))
_FOLLOWS: Final = 6
_HEAD: Final = (int(Cue.BYLINE), int(Cue.TIME))
_WORD: Final = re.compile(r"\w+")
_SLUG_WORD: Final = re.compile(r"[^\W\d_]{3,}|\d{2,}")
# The most that a line's neighbours can add.
_MOST: Final = (
    max(_DATE_AFTER)
    + _LONGER_AFTER
    + max(_AFTER_LONG, _AFTER_DATE, _AFTER_SHORT)
    + max(*_NEXT, *_NEXT_PROSE)
    + _PART_OF
)


def slug_words(url: str | None) -> frozenset[str]:
    """Return the words of the last telling part of a page's address, in plain letters."""
    if not url:
        return frozenset()
    parts = [p for p in unquote(urlsplit(url).path).lower().split("/") if p]
    best = max(parts, key=lambda p: len(_SLUG_WORD.findall(p)), default="")
    words = _SLUG_WORD.findall(best)
    return frozenset(words) if len(words) > 2 else frozenset()  # noqa: PLR2004


def _plain(word: str) -> str:
    return word.translate(_PLAIN) if not word.isascii() else word


_PLAIN: Final = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "é": "e",
        "è": "e",
        "ê": "e",
        "á": "a",
        "à": "a",
        "â": "a",
        "ã": "a",
        "í": "i",
        "ó": "o",
        "ô": "o",
        "õ": "o",
        "ú": "u",
        "ç": "c",
        "ñ": "n",
        "å": "a",
        "ø": "o",
        "æ": "ae",
        "ł": "l",
        "ś": "s",
        "ż": "z",
        "ź": "z",
        "ć": "c",
        "ń": "n",
        "ę": "e",
        "ą": "a",
        "č": "c",
        "š": "s",
        "ž": "z",
        "ř": "r",
        "ě": "e",
        "ů": "u",
        "ý": "y",
        "ğ": "g",
        "ı": "i",
        "ş": "s",
    }
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


def _of_line(look: Look, words: Sequence[str]) -> int:
    text, count = look.text, len(words)
    capitals = sum([word[0].isupper() for word in text.split()]) / max(1, count)
    score = (
        _SIZE[bisect_left(_SIZES, look.size)]
        + _WORDS[bisect_left(_WORD_COUNTS, count)]
        + _END[_ENDS.get(text[-1], 0)]
        + _CUE[look.cue]
        + _CAPS[bisect_left(_CAPITAL_SHARES, capitals)]
    )
    if look.dated:
        score += _DATED
    if look.prose:
        score += _PROSE
    if "|" in text or " - " in text or " – " in text:
        score += _BAR
    if "»" in text or " > " in text or "›" in text:
        score += _TRAIL
    return score


def _of_subject(look: Look, words: Sequence[str], slug: frozenset[str], body_words: frozenset[str]) -> int:
    """Weigh how many of a line's words stand in the address and in the body."""
    score = 0
    if slug and words:
        plain = words if look.text.isascii() else map(_plain, words)
        share = sum([word in slug for word in plain]) / len(words)
        score += _SLUG[bisect_left(_SLUG_SHARES, share)]
    if look.rare:
        score += _SHARED[bisect_left(_SHARED_SHARES, len(look.rare & body_words) / len(look.rare))]
    return score


def _date_after(following: Sequence[Look]) -> int:
    for i, look in enumerate(following):
        if look.dated or look.cue in _HEAD:
            return _DATE_AFTER[min(i, 3) if i < 4 else 4]  # noqa: PLR2004
    return _DATE_AFTER[4]


def _of_neighbours(looks: Sequence[Look], at: int, begin: int) -> int:
    size = looks[at].size
    following = looks[at + 1 : begin]
    score = _date_after(following[:_FOLLOWS])
    for x in looks[max(0, at - 4) : at]:
        if x.dated or x.cue in _HEAD:
            score += _DATE_BEFORE
            break
    for x in following:
        if x.size >= size:
            score += _LONGER_AFTER
            break
    for x in looks[max(0, at - 6) : at]:
        if x.size >= size:
            score += _LONGER_BEFORE
            break
    if at:
        before = looks[at - 1]
        score += _AFTER_LONG if before.kind else _AFTER_DATE if before.dated else _AFTER_SHORT
    if at + 1 < len(looks):
        after = looks[at + 1]
        score += (_NEXT_PROSE if after.prose else _NEXT)[bisect_left(_NEXT_SIZES, after.size)]
    return score


def _repetition(text: str, others: Sequence[str]) -> int:
    """Weigh whether one of the other lines has `text` at an end of it, or `text` has that line."""
    size = len(text)
    for other in others:
        if len(other) > size:
            if other.endswith(text) or other.startswith(text):
                return _PART_OF
        elif _SHORT < len(other) < size and (text.endswith(other) or text.startswith(other)):
            return _HAS_LINE
    return 0


def headline(seen: Stretch, begin: int, slug: frozenset[str], body_words: frozenset[str]) -> int | None:
    """Return the index of the headline among the lines of `seen`, None where no line is one.

    The body begins at `begin`; `body_words` are its long words.
    """
    looks = seen.looks
    near = [look.text for look in looks[max(0, begin - _REACH) : begin + 1] if len(look.text) > _SHORTEST]
    best, found = None, None
    for at in candidates(looks, begin):
        look = looks[at]
        words = _WORD.findall(look.text.lower())
        score = _of_line(look, words) + _of_subject(look, words, slug, body_words)
        score += _FAR[bisect_left(_DISTANCES, begin - at)] if at < begin else _INSIDE
        score += _SEEN[bisect_left(_SEEN_TIMES, seen.times[at])] + (_GAP if seen.gaps[at] else 0)
        if best is None or score + _MOST > best:
            score += _of_neighbours(looks, at, begin)
            if best is None or score + _PART_OF > best:
                score += _repetition(look.text, near)
                if best is None or score > best:
                    best, found = score, at
    return found


def by_address(texts: Sequence[str], slug: frozenset[str]) -> int | None:
    """Return the line of `texts` that has the words of the address, the last if several have, None if none."""
    if len(slug) < _WORDS_ENOUGH:
        return None
    best, found = _CLEAR, None
    for at, text in enumerate(texts):
        if _SHORT < len(text) < _LONGEST and _may_be_like(text, slug):
            found_likeness = likeness(text, slug)
            if found_likeness >= best:
                best, found = found_likeness, at
    return found


_SEAMS: Final = re.compile(r"\s+[|–—-]\s+|\s*[»›]\s*|:\s+")
_TRAILS: Final = re.compile(r"\s*[»›]\s*|\s+[>|]\s+")
# An address is often cut short: what follows another mark may be the headline's.
_SITE_SEAMS: Final = re.compile(r"\s+\|\s+")
_SURE: Final = 0.75
_CLEAR: Final = 0.8
_WORDS_ENOUGH: Final = 4
_GAIN: Final = 0.08
_ROUNDING: Final = 1e-9


def refined(text: str, kicker: str | None, slug: frozenset[str]) -> str:
    """Return the part of the headline line, or the kicker line before it and the headline, that the address repeats.

    Without an address that says so clearly the line stays as it is.
    """
    if not slug:
        return text
    ends = [text[match.end() :] for match in _SEAMS.finditer(text)]
    begins = [text[: match.start()] for match in _SITE_SEAMS.finditer(text)]
    forms = [text, *ends, *begins]
    if kicker:
        forms.append(f"{kicker.rstrip(':')}: {text}")
    best = likeness(text, slug) + _GAIN
    chosen = text
    for form in forms:
        found = likeness(form, slug)
        if found > best and found >= _SURE:
            best, chosen = found, form
    return chosen


def echoed(text: str, others: Sequence[str]) -> str:
    """Return the end of the headline line, without its trail of sections, that one of the page's other lines is."""
    for match in _TRAILS.finditer(text):
        end = text[match.end() :]
        if len(end) > _SHORT and end in others:
            return end
    return text


def _may_be_like(text: str, slug: frozenset[str]) -> bool:
    """Tell cheaply whether `text` may be as like an address as `by_address` asks: mostly too few words are in both."""
    if not text.isascii():
        return True
    lowered = text.lower().replace("'", "")
    # 2 * common / (words + slug) with no words but the common ones.
    return sum([word in lowered for word in slug]) * (2 - _CLEAR) >= _CLEAR * len(slug) - _ROUNDING


def likeness(text: str, slug: frozenset[str]) -> float:
    """Return how much the words of `text` and of an address are the same, 0 to 1."""
    found = _SLUG_WORD.findall(text.lower().replace("'", "").replace("’", ""))
    words = set(found if text.isascii() else map(_plain, found))
    common = len(words & slug)
    return 2 * common / (len(words) + len(slug)) if common else 0.0
