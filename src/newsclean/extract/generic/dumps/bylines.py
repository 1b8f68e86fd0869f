"""Who wrote a story, as its dump prints it: by a label, by the line's own make-up, or by what stands beside it.

A name is two to four words with capitals, none of them a function word. A line with a name is a
byline where a label says so (`By`, `Von`, `Author`), where a date, a time to read or a role stands in
it or next to it, where the name comes back below the text, or where it stands at the headline and
the text does not speak of it. A wire service that stands for a person is taken as its sign.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from newsclean.extract.generic.dumps.words import FUNCTION_WORDS, Cue
from newsclean.text import lowered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.dumps.lines import Look

__all__ = ["AGENCIES", "Byline", "byline_in", "names_in"]

_SIGNS: Final = (
    "AFP AP dpa APA EFE ANSA TASS TT NTB SID epd KNA Reuters Xinhua PTI ANI CTK Belga Lusa Bernama Ritzau STT PAP MTI "
    "DHA AAP BSS UNB IANS"
)
# As printed in small letters, and the name that the dataset has them by.
AGENCIES: Final = {name.casefold(): name for name in _SIGNS.split()} | {
    "agence france-presse": "AFP",
    "anadolu agency": "AA",
    "anadolu ajansı": "AA",
    "associated press": "AP",
    "the associated press": "AP",
    "тасс": "TASS",
    "新华社": "Xinhua",
}
_MOST: Final = 130
_BARE_MOST: Final = 70
_HEAD_MOST: Final = 26
_BELOW: Final = 12
_ABOVE: Final = 3
_BY: Final = re.compile(
    r"^\W*(?:(?:(?:article |story |text |words |reported |posted |published )?(?:written )?by|von|par|por|di|door|av|"
    r"af|przez|oleh|bởi|yazan|автор|текст|autor(?:in|en)?|authors?|auteur|autore|text|tekst|texto|penulis|"
    r"ein (?:artikel|kommentar|gastbeitrag) von|kommentar von|eine analyse von|propos recueillis par|a cura di)\b"
    r"\s*[:：]?"
    r"|(?:记者|記者|作者|编辑|責任編輯|文)\s*[:：]?)\s*",
    re.IGNORECASE,
)
_STRONG_LABEL: Final = re.compile(
    r"^\W*(?:(?:(?:article|story|text) )?(?:written )?by|authors?|about the authors?|autor(?:in)?|auteur|autore|автор|"
    r"作者|von|por|par)\s*[:：]?$",
    re.IGNORECASE,
)
_MONTH: Final = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_GLUED: Final = re.compile(rf"(?<=[^\W\d_])(?={_MONTH} \d)|(?<=[a-zäöüé]{{2}})(?<!\bMac)(?<!\bFitz)(?=[A-Z][a-z])")
# What is on both sides of each place at which `_GLUED` parts a line; most lines have it nowhere, which is found sooner.
_MAY_BE_GLUED: Final = re.compile(r"[A-Z](?<=[^\W\d_].)[a-z]")
# In lower case, as those below: a pattern that ignores case takes several times as long.
_TAIL: Final = re.compile(
    rf"\d|[|•·–—@(;]|\s-\s|\b(?:(?:published|updated|posted|for|in|on|at|für)\b|{_MONTH.lower()}\s+\d)"
)
# Not the initial of `Maria E. Santos`.
_SPLIT: Final = re.compile(r"\s*(?:,|;|\||\b(?:and|AND|und|UND|y|et|ET|e|и|och|og|en|i|ve|dan)\b(?!\.)|&|·|•|、|/)\s*")
_PARTICLES: Final = frozenset(
    "van von de der den di da do dos du del della la le el al bin ibn ten ter zu av af mac mc st".split()
)
_WORD: Final = re.compile(r"[^\W\d_][\w.'’-]*")
_ROLE: Final = re.compile(
    r"\b(?:editor|writer|reporter|correspondent|director|manager|founder|ceo|analyst|producer|columnist|contributor|"
    r"journalist|author|blogger|strategist|specialist|staff|redakteur|korrespondent|journaliste|periodista|redactor|"
    r"giornalista|reporterin|toimittaja|dziennikarz|redaktor|muhabir|wartawan|president|officer|consultant|head of|"
    r"nachrichtenagentur|agency)\w*"
)
_READING: Final = re.compile(
    r"\b(?:min(?:ute)?s?\.? read|min\b|minuten|hours?( ago)?|ago\b|lesezeit|posted|updated|published)"
)
_KOREAN: Final = re.compile(r"([가-힣]{2,4})\s?(?:선임)?(?:기자|특파원)(?![가-힣])")
_DATE_FIRST: Final = re.compile(
    r"^\W*(?:[^\W\d]+\.? \d{1,2},? 20\d\d|\d{1,2}\.? [^\W\d]+\.? 20\d\d)[\s|·•,–-]*(?=[^\W\d])"
)
_NO_NAMES: Final = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday your our my free key job jobs blog blogs full news sport "
    "sports opinion politics business world home live video photo photos image images share menu search subscribe "
    " premium plus read more comments comment login register updated published getty"
    " policy privacy contact terms about breaking latest exclusive analysis editorial review reviews team".split()
)
_MAY_BE_NAMED: Final = frozenset((Cue.NONE, Cue.BYLINE, Cue.COMMENTS, Cue.NAVIGATION))
_CLOSE: Final = 2  # lines below the headline
_FEWEST: Final = 2
_MOST_WORDS: Final = 4
_LEAST_SHARE: Final = 0.6


class Byline(NamedTuple):
    """The names that a line of a dump prints, and the line's index among those looked at."""

    at: int
    names: tuple[str, ...]


def byline_in(
    looks: Sequence[Look], top: int, begin: int, end: int, kept: frozenset[int], words: frozenset[str]
) -> Byline | None:
    """Find the byline of the story with the headline at `top` and the body at `begin` to `end`.

    The headline and the lines of the body are in `kept`, `words` are the long words of the body.
    """
    head = [
        at
        for at in (
            *range(top + 1, min(begin + 2, top + 1 + _HEAD_MOST, len(looks))),
            *range(top - 1, max(-1, top - 1 - _ABOVE), -1),
        )
        if at not in kept
    ]
    below = [at for at in range(end, min(end + _BELOW, len(looks))) if at not in kept]
    return (
        _labelled(looks, head)
        or _korean(looks, head)
        or _made_up(looks, head, words)
        or _beside(looks, [at for at in head if at > top], top, words, [looks[at].text for at in below])
        or _labelled(looks, below, needs_label_alone=True)
        or _korean(looks, below[:3])
    )


def names_in(text: str, *, labelled: bool = False) -> tuple[str, ...]:
    """Return the names that a byline without its label lists; what a label names need not read as a person's name."""
    text = _unglued(text)
    tail = _TAIL.search(lowered(text))
    if tail:
        text = text[: tail.start()].rstrip()
    parts = [part for part in (part.strip(" .:,-–") for part in _SPLIT.split(text)) if part]
    names = [name for part in parts if (name := _name_of(part, labelled, alone=len(parts) == 1))]
    return tuple(dict.fromkeys(names))


def _unglued(text: str) -> str:
    """Return `text` with a space where neighbouring elements were run together."""
    return _GLUED.sub(" ", text) if _MAY_BE_GLUED.search(text) else text


def _name_of(part: str, labelled: bool, *, alone: bool) -> str | None:  # noqa: FBT001
    if part.casefold() in AGENCIES:
        return part
    words = part.split()
    if len(words) > _FEWEST and _ROLE.search(lowered(" ".join(words[_FEWEST:]))):
        words = words[:_FEWEST]
    small = [word.lower().rstrip(".") for word in words]
    particles = sum(word in _PARTICLES for word in small)
    fewest = 1 if labelled and alone and len(part) > 1 else _FEWEST
    if not fewest <= len(words) - particles <= _MOST_WORDS:
        return None
    if not all(
        _WORD.fullmatch(word) and (word[0].isupper() or low in _PARTICLES)
        for word, low in zip(words, small, strict=True)
    ):
        return None
    told = not _NO_NAMES.isdisjoint(small) or not FUNCTION_WORDS.isdisjoint(
        {w for w in small if len(w) > 1} - _PARTICLES
    )
    if (told or _ROLE.search(lowered(" ".join(words)))) and not (labelled and alone):
        return None
    return " ".join(words)


def _labelled(looks: Sequence[Look], lines: Sequence[int], *, needs_label_alone: bool = False) -> Byline | None:
    """Find a line that a label opens, or the line after one that is nothing else."""
    for at in lines:
        look = looks[at]
        text = look.text
        match = _BY.match(text) if look.size <= _MOST else None
        if match is None:
            continue
        rest = text[match.end() :]
        if not rest.strip(" :|·•"):
            after = at + 1
            if _STRONG_LABEL.match(text) and after < len(looks):
                names = names_in(looks[after].text, labelled=True) if looks[after].size <= _BARE_MOST else ()
                if names:
                    return _with_neighbours(looks, Byline(after, names))
        elif (
            not needs_label_alone
            and (match[0].rstrip().endswith((":", "：")) or look.cue == Cue.BYLINE)
            and not look.prose
        ):
            names = names_in(rest, labelled=True)
            if names:
                return Byline(at, names)
    return None


def _with_neighbours(looks: Sequence[Look], found: Byline) -> Byline:
    """Add the names on the lines that follow at once, as where each author has a line."""
    names, at = list(found.names), found.at + 1
    while at < len(looks) and looks[at].size <= _BARE_MOST and (more := _opening(looks[at])):
        names += more
        at += 1
    return Byline(found.at, tuple(dict.fromkeys(names)))


def _opening(look: Look) -> tuple[str, ...]:
    """Return the names that a line begins with, where there is nothing else or a role."""
    names = () if look.cue or look.credit or look.prose else names_in(look.text)
    opened = _unglued(look.text)
    if not names or not opened.startswith(names[0]):
        return ()
    return names if _fills(names, look.text) or _ROLE.search(lowered(opened[len(names[0]) :])) else ()


def _fills(names: tuple[str, ...], text: str) -> bool:
    return sum(map(len, names)) > _LEAST_SHARE * len(text)


def _korean(looks: Sequence[Look], lines: Sequence[int]) -> Byline | None:
    for at in lines:
        look = looks[at]
        if look.size <= _MOST and not look.prose and not look.text.isascii():
            names = tuple(dict.fromkeys(_KOREAN.findall(look.text)))
            if names:
                return Byline(at, names)
    return None


def _says_what_for(text: str) -> bool:
    """Tell whether a line tells a time to read or a role."""
    low = lowered(text)
    return _READING.search(low) is not None or _ROLE.search(low) is not None


def _made_up(looks: Sequence[Look], lines: Sequence[int], words: frozenset[str]) -> Byline | None:
    """Find a line with a name and, before or after it, a date, a time to read or a role."""
    for at in lines:
        look = looks[at]
        if look.size > _MOST or look.prose or look.credit or look.cue not in _MAY_BE_NAMED:
            continue
        opened = _unglued(look.text)
        if not (look.dated or "20" in opened or _says_what_for(opened)):
            continue
        bare = _DATE_FIRST.sub("", opened)
        names = names_in(bare)
        first = names[0] if names else ""
        if not first or not bare.startswith(first) or not words.isdisjoint(first.lower().split()):
            continue
        rest = bare[len(first) :]
        if bare != opened or (rest.strip(" .") and (look.dated or _says_what_for(rest))):
            return _with_neighbours(looks, Byline(at, names))
    return None


def _beside(
    looks: Sequence[Look], lines: Sequence[int], top: int, words: frozenset[str], below: Sequence[str]
) -> Byline | None:
    """Find a line of names alone, by what stands beside it, by a note on its author, or by its place."""
    for at in lines:
        look = looks[at]
        names = names_in(look.text) if look.size <= _BARE_MOST and not look.prose else ()
        is_wire = bool(names) and any(name.casefold() in AGENCIES for name in names)
        if (
            not names
            or not _fills(names, look.text)
            or (look.cue and not is_wire)
            or (look.credit and "/" in look.text)
        ):
            continue
        near = [looks[x] for x in (at - 2, at - 1, at + 1, at + 2) if top < x < len(looks)]
        if any(looks[x].dated for x in (at - 1, at + 1) if top < x < len(looks)) or (
            words.isdisjoint(look.text.lower().split())
            and (
                any(x.dated or x.cue == Cue.TIME or (x.kind == 0 and _ROLE.search(lowered(x.text))) for x in near)
                or any(text.startswith(names[0]) for text in below)
                or at <= top + _CLOSE
            )
        ):
            return Byline(at, names)
    return None
