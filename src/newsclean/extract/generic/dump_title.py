"""Find the headline of a dump: one line among those shortly before the body.

Each candidate gets the sum of the weights of what is true of it, the highest wins. The weights are
those of a softmax over candidates, fitted to news pages of many countries, rounded to tenths; they
say what an editor would: near the body, neither a label nor a sentence, of headline length, its
words come back in the text and in the address, a date or a byline follows it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from newsclean.extract.generic.dump_words import Cue
from newsclean.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsclean.extract.generic.dump_lines import Look

__all__ = ["WEIGHTS", "candidates", "evidence", "headline", "refined", "slug_words"]

WEIGHTS: dict[str, float] = {
    "after-long": -0.9,
    "bar": -1.2,
    "caps0": -0.7,
    "caps2": 0.3,
    "cue1": -3.0,
    "cue10": -3.1,
    "cue11": -1.5,
    "cue2": -2.4,
    "cue3": -1.5,
    "cue4": -1.1,
    "cue5": -1.4,
    "cue6": -0.5,
    "cue7": -0.3,
    "cue8": -3.8,
    "cue9": -3.7,
    "date-after0": 1.8,
    "date-after1": 1.7,
    "date-after2": 1.0,
    "date-after3": 0.5,
    "date-after4": -1.7,
    "date-before": -0.8,
    "dated": -2.8,
    "end-none": 2.1,
    "end-other": -0.8,
    "end-question": 3.3,
    "end-sentence": -3.1,
    "far0": 3.3,
    "far1": 2.1,
    "far2": 1.0,
    "far3": 0.5,
    "far4": 0.6,
    "far5": -0.5,
    "far6": -0.5,
    "far7": 0.3,
    "far8": -1.4,
    "gap": -0.5,
    "has-line": -0.7,
    "inside": -2.2,
    "kicker-before": -0.3,
    "longer-after": 1.1,
    "longer-before": -0.7,
    "next0": -0.1,
    "next1": -1.2,
    "next1.": -1.6,
    "next2.": 1.8,
    "next3": 1.4,
    "next3.": 0.5,
    "often": 0.1,
    "part-of-line": 2.2,
    "position0": -3.7,
    "position1": -0.6,
    "position2": 0.7,
    "position3": -0.7,
    "position4": 1.0,
    "prose": -1.2,
    "shared0": -0.7,
    "shared1": -2.6,
    "shared2": -1.2,
    "shared3": 1.2,
    "shared4": 2.1,
    "size0": -1.7,
    "size1": -0.7,
    "size2": 0.1,
    "size3": 1.0,
    "size4": 2.2,
    "size5": 1.8,
    "size6": -1.8,
    "size7": -3.3,
    "slug0": -2.5,
    "slug1": -0.9,
    "slug2": 2.2,
    "slug3": 2.3,
    "slug4": 2.8,
    "trail": -4.0,
    "twice": -0.4,
    "words1": -2.0,
    "words2": -2.0,
    "words3": -0.6,
    "words5": 1.8,
}
_REACH = 45
_SIZES = (12, 22, 35, 60, 90, 130, 180)
_DISTANCES = (1, 2, 3, 4, 6, 8, 12, 20)
_FOLLOWS = 6
_HEAD = (Cue.BYLINE, Cue.TIME)
_SLUG_WORD = re.compile(r"[^\W\d_]{3,}|\d{2,}")


def slug_words(url: str | None) -> frozenset[str]:
    """Return the words of the last telling part of a page's address, in plain letters."""
    if not url:
        return frozenset()
    parts = [p for p in unquote(urlsplit(url).path).lower().split("/") if p]
    best = max(parts, key=lambda p: len(_SLUG_WORD.findall(p)), default="")
    words = _SLUG_WORD.findall(best)
    return frozenset(words) if len(words) > 2 else frozenset()


def _plain(word: str) -> str:
    return word.translate(_PLAIN) if not word.isascii() else word


_PLAIN = str.maketrans(
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


def _band(value: int, limits: Sequence[int]) -> int:
    return next((band for band, limit in enumerate(limits) if value <= limit), len(limits))


def evidence(
    looks: Sequence[Look], at: int, begin: int, slug: frozenset[str], body_words: frozenset[str]
) -> Iterator[str]:  # noqa: C901
    """Yield the names of what is true of line `at` as a headline, the body beginning at `begin`."""
    look = looks[at]
    size = f"size{_band(look.size, _SIZES)}"
    yield size
    yield f"far{_band(begin - at, _DISTANCES)}" if at < begin else "inside"
    yield f"end-{'sentence' if look.text[-1] in '.。।' else 'question' if look.text[-1] in '?!？！' else 'other' if look.text[-1] in ':,;…' else 'none'}"
    if look.cue:
        yield f"cue{look.cue}"
    if look.dated:
        yield "dated"
    if look.seen > 1:
        yield "twice" if look.seen < 4 else "often"
    words = fold(look.text).split()
    if slug and words:
        hit = sum(_plain(w) in slug for w in words) / len(words)
        yield f"slug{0 if hit <= 0 else 1 if hit < 0.34 else 2 if hit < 0.6 else 3 if hit < 0.85 else 4}"
    shared = sum(w in body_words for w in look.rare) / max(1, len(look.rare))
    yield f"shared{0 if not look.rare else 1 if shared <= 0 else 2 if shared < 0.4 else 3 if shared < 0.7 else 4}"
    following = looks[at + 1 : min(begin, at + 1 + _FOLLOWS)]
    near = next((i for i, x in enumerate(following) if x.dated or x.cue in _HEAD), None)
    yield f"date-after{near if near is not None and near < 3 else 3 if near is not None else 4}"
    before = looks[max(0, at - 4) : at]
    if any(x.dated or x.cue in _HEAD for x in before):
        yield "date-before"
    if any(x.size >= look.size for x in looks[at + 1 : begin]):
        yield "longer-after"
    if any(x.size >= look.size for x in looks[max(0, at - 6) : at]):
        yield "longer-before"
    if at and looks[at - 1].size > 40:
        yield "after-long"
    if at + 1 < len(looks):
        nxt = looks[at + 1]
        yield f"next{_band(nxt.size, (20, 60, 130))}{'.' if nxt.prose else ''}"
    around = [x.text for x in looks[max(0, begin - _REACH) : begin + 1] if x.text != look.text]
    if len(look.text) > 15:
        if any(x.endswith(look.text) or x.startswith(look.text) for x in around):
            yield "part-of-line"
        if any(len(x) > 15 and (look.text.endswith(x) or look.text.startswith(x)) for x in around):
            yield "has-line"
    if "»" in look.text or " > " in look.text or "›" in look.text:
        yield "trail"
    capitals = sum(w[:1].isupper() for w in look.text.split()) / max(1, len(words))
    yield f"caps{0 if capitals < 0.34 else 1 if capitals < 0.67 else 2}"
    if look.gap:
        yield "gap"
    if at > 0 and looks[at - 1].size < 30 and not looks[at - 1].dated:
        yield "kicker-before"
    yield f"position{_band(at, (0, 3, 10, 30))}"
    if look.prose:
        yield "prose"
    yield "words1" if len(words) <= 1 else "words2" if len(words) == 2 else "words3" if len(words) <= 4 else "words5"
    if "|" in look.text or " - " in look.text or " – " in look.text:
        yield "bar"


def candidates(looks: Sequence[Look], begin: int) -> range:
    """Return the lines that may be the headline."""
    return range(max(0, begin - _REACH), min(len(looks), begin + 1))


def headline(looks: Sequence[Look], begin: int, url: str | None, body_words: frozenset[str]) -> int | None:
    """Return the index of the headline in `looks`, None where no line is one."""
    slug = slug_words(url)
    best, found = -99.0, None
    for at in candidates(looks, begin):
        score = sum(WEIGHTS.get(name, 0.0) for name in evidence(looks, at, begin, slug, body_words))
        if score > best:
            best, found = score, at
    return found


_SEAMS = re.compile(r"\s+[|–—-]\s+|\s*[»›]\s*|:\s+")
_SURE = 0.75
_GAIN = 0.08


def refined(text: str, kicker: str | None, slug: frozenset[str]) -> str:
    """Return the part of the headline line, or the kicker line before it and the headline, that the address repeats.

    Without an address that says so clearly the line stays as it is.
    """
    if not slug:
        return text
    seams = [(match.start(), match.end()) for match in _SEAMS.finditer(text)]
    forms = [text, *(text[end:] for _, end in seams), *(text[:start] for start, _ in seams)]
    if kicker:
        forms.append(f"{kicker.rstrip(':')}: {text}")
    best = _likeness(text, slug) + _GAIN
    chosen = text
    for form in forms:
        likeness = _likeness(form, slug)
        if likeness > best and likeness >= _SURE:
            best, chosen = likeness, form
    return chosen


def _likeness(text: str, slug: frozenset[str]) -> float:
    words = {_plain(word) for word in _SLUG_WORD.findall(text.lower().replace("'", "").replace("’", ""))}
    common = len(words & slug)
    return 2 * common / (len(words) + len(slug)) if common else 0.0
