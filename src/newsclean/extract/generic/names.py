"""The names in a byline: without its dates, roles and places, and with degrees left to their owner."""

from __future__ import annotations

import re

from newsclean.text import squeeze

__all__ = ["SAYS_BY", "names_in", "reads_as_name"]

_BY = re.compile(
    r"^\W*(?:(?:written|words|text|story|posted|published|reported|reviewed|article|photography) by|by|von|por|"
    r"par|di|door|av|af|text|autor(?:in|en|es)?|auteur|"
    r"authors?|byline|автор|текст|作者|記者|记者|저자|责编|責編|编辑|編集)\b\s*[:：]?\s*",
    re.IGNORECASE,
)
SAYS_BY = re.compile(
    r"^\W*(?:(?:(?:written |words |story |posted |article )?by|von|por|par)(?:\s*:\s*|\s+)|"
    r"(?:autor(?:in|en|es)?|authors?|text|автор|[責责]编|作者|记者)\s*[:：]\s*)(?=[^\W\d_])",
    re.IGNORECASE,
)
_SEGMENT = re.compile(r"\s*[|·•⋅●▪]\s*|\s+[–—-]\s+")
_SPLIT = re.compile(r"\s*(?:,|;|\||\band\b|\bund\b|\by\b|\bet\b|\bе\b|\bи\b|&|·|•|、|/(?=\s))\s*", re.IGNORECASE)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|märz|okt|dez)[a-zä]{0,6}\.?"
_DATE_FIRST = re.compile(
    r"^\W*(?:(?:published|updated|posted)(?: on)?:?\s*)?"
    rf"(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?|\d{{1,2}}\.?\s+{_MONTH},?)"
    r"\s*(?:19|20)\d\d[\s,|·•⋅–—-]*(?=[^\W\d_])",
    re.IGNORECASE,
)
_GLUED = re.compile(
    r"(?<=[a-z])(?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? \d)"
)  # a name and a date in neighbouring elements
_TAIL = re.compile(
    r"\s*(?:\d|[|•·⋅–—]|\s-\s|\b(?:published|updated|posted|last|reviewed|editor|reporter|correspondent|january|"
    r"february|march|april|may \d|june|july|august|"
    r"september|october|november|december|(?:jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec)\b[. ]+\d|min read|"
    r"view |read more|follow|contributor|staff writer|is an?|on behalf of|in (?=[^\W\d_a-z]))\b).*$",
    re.IGNORECASE | re.DOTALL,
)
_NOBODY = re.compile(
    r"^(?:admin|administrator|staff|editor|author|by|name|guest|learn more|read more|view all|more|unknown|none|"
    r"null|undefined|redaktion|webmaster|user|anonymous|share|follow|comments?|email|print|member|log ?in|sign ?in|"
    r"my account|account|profile)\b\W*(?:log ?in|area|profile)?\W*$",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:editors?|writers?|reporters?|correspondents?|directors?|managers?|co-?founders?|founders?|ceo|analysts?|"
    r"specialists?|educators?|contributors?|redakteur\w*|korrespondent\w*|journalist\w*|professors?|officers?|"
    r"producers?|columnists?|strategists?|consultants?|president|copywriters?|engineers?|periodista|redactor\w*|"
    r"journaliste|rédact\w+)\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"\s*\([a-zäöüß/-]{2,6}\.?\)$")  # a newsroom's short sign for its author
_DEGREE = re.compile(r"^(?:[A-Z][A-Za-z]{0,2}\.?)?(?:[A-Z][a-z]?\.?-?){2,7}[®™]?$|^(?:Jr|Sr|Esq|Dr|Prof)\.?$")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_AGENCIES = frozenset(
    "dpa afp ap reuters apa efe ansa sda ats kna epd sid belga tt ntb ritzau pti ani "
    "xinhua 新华社 тасс tass interfax aa dha iha anadolu bloomberg cp pa aap".split()
)
_PARTICLES = frozenset(
    "van von der den de del della di da dos das du la le el al bin ibn ben und y e i af av ter ten zu zum zur".split()
)
_LONGEST_NAME = 80
_MOST_WORDS = 7
_MOST_DOTS = 2  # a key of a template has more
_FEWEST_WORDS, _PLENTY = 2, 4
_MOSTLY_LETTERS = 0.6


def names_in(text: str, *, filed: bool = False) -> list[str]:
    """The names in a byline, or in what a page files as its author (`filed`)."""
    if not text or text.startswith(("http", "www.", "@")):
        return []
    text = squeeze(text)
    if filed:
        return _names_of(_CODE.sub("", _BY.sub("", text)))
    text = _DATE_FIRST.sub("", _GLUED.sub(" ", text))
    for segment in _SEGMENT.split(text):
        if SAYS_BY.match(segment):
            text = segment
            break
    return _names_of(_TAIL.sub("", _BY.sub("", text)))


def reads_as_name(text: str) -> bool:
    """Whether `text` reads as a person's name by its form alone: two to four words, each with a capital."""
    words = text.split()
    return _FEWEST_WORDS <= len(words) <= _PLENTY and all(
        word[0].isupper() and word.replace("-", "").replace("'", "").replace("’", "").rstrip(".").isalpha()
        for word in words
        if word not in _PARTICLES
    )


def _names_of(body: str) -> list[str]:
    body = body.strip(" ,;:：–—-|()（）")
    parts = [part for part in (part.strip(" ,;:") for part in _SPLIT.split(body)) if part]
    if len(parts) > 1:
        parts = _people(parts) or [body]
    return [part for part in parts if _is_name(part)]


def _people(parts: list[str]) -> list[str]:
    """The people among the parts of a list; empty where it reads as one name."""
    if all(_CJK.search(part) for part in parts):
        return parts
    if any(_DEGREE.match(part) and part.casefold() not in _AGENCIES for part in parts[1:]):
        return []
    named = [part for part in parts if " " in part or part.casefold() in _AGENCIES]
    people = [part for part in named if not _ROLE.search(part)]
    return people if " " in parts[0] or parts[0].casefold() in _AGENCIES else []


def _is_name(part: str) -> bool:
    if not 1 < len(part) <= _LONGEST_NAME or _NOBODY.match(part) or len(part.split()) > _MOST_WORDS:
        return False
    if "@" in part or "://" in part or (" " not in part and "." in part.strip(".") and part.count(".") > _MOST_DOTS):
        return False
    return sum(letter.isalpha() for letter in part) >= len(part) * _MOSTLY_LETTERS
