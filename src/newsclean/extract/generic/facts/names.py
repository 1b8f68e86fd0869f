"""The names in a byline: without its dates, roles and places, and with degrees left to their owner."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from newsclean.extract.generic.facts.byline_words import (
    ABOUT_NAMES,
    BEFORE_NAMES,
    JOINING,
    LABELS,
    NO_NAMES,
    PARTICLES,
    REPORTERS,
)
from newsclean.text import lowered, squeeze

__all__ = ["is_label", "names_in", "reads_as_name", "said_by", "stands_as_name", "tells_role", "undated", "unglued"]


def _any_of(words: object) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))  # type: ignore[call-overload]


# For `lowered` texts.
_BEFORE: Final = re.compile(rf"\W{{0,9}}(?:{_any_of(BEFORE_NAMES)})(?:\s*[:：]\s*|\s+(?=\S)|(?<=[记記者]))")
_AMBIGUOUS: Final = re.compile(rf"\W{{0,9}}(?P<word>{_any_of(ABOUT_NAMES)})(?P<colon>\s*:)?\s+(?=\S)")
_LABEL: Final = re.compile(rf"\W{{0,9}}(?:{_any_of(LABELS)})\.?\s*(?:[:：／=＝]|(?<=[文者])/)\s*")
_LABEL_ALONE: Final = re.compile(rf"\W{{0,9}}(?:{_any_of((*LABELS, *BEFORE_NAMES, 'article written by'))})\s*[:：]?\s*")
_LABEL_BEFORE: Final = re.compile(r"(?:autorin/autor|autor/in|author|autor|auteur|автор|penulis|yazar)\s+")
_SEGMENT: Final = re.compile(r"\s*[|·•⋅●▪]\s*|\s+[–—-]\s+")
_MARKS: Final = frozenset("|·•⋅●▪–—-")  # each place to split has one
_SPLIT: Final = re.compile(
    rf"\s*(?:,|;|\||\b(?:{'|'.join(JOINING[0])})\b|\b(?-i:{'|'.join(JOINING[1])})\b|&|·|•|、|，|；|/(?=\s))\s*",
    re.IGNORECASE,
)
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|märz|okt|dez)[a-zä]{0,6}\.?"
_DATE_FIRST: Final = re.compile(
    r"^\W*(?:(?:published|updated|posted)(?: on)?:?\s*)?"
    rf"(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?|\d{{1,2}}\.?\s+{_MONTH},?)"
    r"\s*(?:19|20)\d\d[\s,|·•⋅–—-]*(?=[^\W\d_])",
    re.IGNORECASE,
)
_GLUED: Final = re.compile(
    r"(?<=[a-z])(?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? \d|(?:Published|Updated|Posted)\b|"
    r"(?:Korrespondent|Redakteur|Journalist|Reporter|Correspondent|Editor|Contributor)(?:in)?\b)|(?<=^By)(?=[A-Z][a-z])"
)  # a name and its date, role or `By` in neighbouring elements
_DAY: Final = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_TAIL: Final = re.compile(
    r"\s*(?:\d|[|•·⋅–—]|\s-\s|\b(?:published|updated|posted|last|reviewed|editor|reporter|correspondent|writer|"
    r"journalist|columnist|redakteur|redakteurin|korrespondent|korrespondentin|redactor|redactora|periodista|"
    rf"journaliste|giornalista|jornalista|(?:on )?{_DAY}|(?:january|february|march|april|may|june|july|august|"
    r"september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec)\b[. ]+\d+|min read|"
    r"view |read more|follow|contribut(?:or|ing)|staff writer|is an?|on behalf of|"
    r"(?-i:in|aus|à) (?=[^\W\d_a-z]))\b).*$",
    re.IGNORECASE | re.DOTALL,
)
_DANGLING: Final = re.compile(
    r"(?:\s+(?:on|am|vom|le|el|il|den|op|em|at|for|für|pour|para|the|from|for|with|mit|w|в))+$"
)
_ADDRESS: Final = re.compile(r"\s*[(\[]?(?:https?:|www\.)[^)\]]*[)\]]?")
_NOBODY: Final = re.compile(
    r"^(?:admin|administrator|staff|editor|(?:the |about the )?author|by|name|guest|learn more|read more|view all|more|"
    r"unknown|none|null|von|par|por|door|undefined|redaktion|webmaster|user|anonymous|share|follow|comments?|email|print|member|"
    r"log ?in|sign ?in|my account|account|profile|(?:article |story |words )?(?:written )?by|written|autor|автор|作者|"
    r"(?:full |read |short )?bio|\d* ?min(?:ute)?s?(?: read)?|read)\b\W*"
    r"(?:log ?in|area|profile)?\W*$",
    re.IGNORECASE,
)
_ROLE: Final = re.compile(
    r"\b(?:editors?|writers?|reporters?|correspondents?|directors?|managers?|co-?founders?|founders?|ceo|analysts?|"
    r"specialists?|educators?|contributors?|redakteur\w*|korrespondent\w*|journalist\w*|professors?|officers?|"
    r"producers?|columnists?|strategists?|consultants?|president|copywriters?|engineers?|periodista|redactor\w*|"
    r"journaliste|rédact\w+)\b",
    re.IGNORECASE,
)
_CODE: Final = re.compile(r"\s*\([a-zäöüß/-]{2,6}\.?\)$")  # a newsroom's short sign for its author
_DEGREE: Final = re.compile(r"^(?:[A-Z][A-Za-z]{0,2}\.?)?(?:[A-Z][a-z]?\.?-?){2,7}[®™]?$|^(?:Jr|Sr|Esq|Dr|Prof)\.?$")
_CJK: Final = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_REPORTER: Final = re.compile(rf"(?<=[\u3400-\u9fff\uac00-\ud7af])\s*(?:{'|'.join(REPORTERS)})$")
_KOREAN: Final = re.compile(
    r"[^\w]{0,3}[\uac00-\ud7af]{2,4}\s?(?:기자|특파원|논설위원|선임기자|인턴기자|전문기자)(?![\uac00-\ud7af])"
)
_KOREAN_NAMES: Final = re.compile(
    r"(?<![\uac00-\ud7af])([\uac00-\ud7af]{2,4})\s?(?:[가-힣]{2})?기자(?![\uac00-\ud7af])"
)
_SENT_FROM: Final = re.compile(r"\s*\([^()]*\s[^\W\d_A-Z][^()]*\)$")  # a role in brackets, with a word in small letters
_AGENCIES: Final = frozenset(
    "dpa afp ap reuters apa efe ansa sda ats kna epd sid belga tt ntb ritzau pti ani "
    "xinhua 新华社 тасс tass interfax aa dha iha anadolu bloomberg cp pa aap".split()
)
_LONGEST_NAME: Final = 80
_MOST_WORDS: Final = 7
_BEFORE_NAME: Final = frozenset(("Dr", "Dr.", "Prof", "Prof."))
_MOST_DOTS: Final = 2  # a key of a template has more
_FEWEST_WORDS: Final = 2
_PLENTY: Final = 4
_MOSTLY_LETTERS: Final = 0.6
_LONGEST_LINE: Final = 400


def said_by(text: str, language: str | None = None) -> int:
    """Where the names begin in a text that opens with a word of authorship, 0 where it does not."""
    lower = lowered(text)
    match = _LABEL.match(lower)
    if match and match.end() < len(text):
        return match.end()
    match = _BEFORE.match(lower) or _LABEL_BEFORE.match(lower)
    if match is None:
        match = _AMBIGUOUS.match(lower)
        if match is not None and not match["colon"] and language not in ABOUT_NAMES[match["word"]]:
            match = None
    return match.end() if match is not None and _may_be_name(text, match.end()) else 0


def unglued(text: str) -> str:
    """A line with a space where a name and its date, role or `By` stand side by side without one."""
    return _GLUED.sub(" ", text)


def undated(text: str) -> str:
    """A line without the date that it begins with."""
    return _DATE_FIRST.sub("", text) if "20" in text or "19" in text else text


def is_label(text: str) -> bool:
    """Whether a line says that the next one is who wrote the text."""
    text = lowered(text)
    return bool(_LABEL_ALONE.fullmatch(text)) or bool(_AMBIGUOUS.fullmatch(f"{text} :"))


def names_in(text: str, *, filed: bool = False, language: str | None = None) -> list[str]:
    """The names in a byline, or in what a page files as its author (`filed`)."""
    if not text or text.startswith(("http", "www.", "@")):
        return []
    text = _ADDRESS.sub("", squeeze(text[:_LONGEST_LINE]))
    if filed:
        return _names_of(_CODE.sub("", text[_filed_start(text, language) :]))
    text = undated(unglued(text))
    if "기자" in text and (reporters := _KOREAN_NAMES.findall(text)):
        return reporters
    for segment in (text,) if _MARKS.isdisjoint(text) else _SEGMENT.split(text):
        if said_by(segment, language) or _KOREAN.match(segment):
            text = segment
            break
    return _names_of(_DANGLING.sub("", _TAIL.sub("", text[said_by(text, language) :])))


def reads_as_name(text: str) -> bool:
    """Whether `text` reads as a person's name by its form alone: two to four words, each with a capital."""
    words = text.replace("(", "").replace(")", "").split()
    return (
        _FEWEST_WORDS <= len(words) <= _PLENTY
        and words[-1] not in PARTICLES
        and all(
            word[0].isupper() and word.replace("-", "").replace("'", "").replace("’", "").rstrip(".").isalpha()
            for word in words
            if word not in PARTICLES
        )
    )


def stands_as_name(text: str) -> bool:
    """Whether `text` reads as a name and has no word of a label or a role: for lines without a word of authorship."""
    return reads_as_name(text) and not tells_role(text) and NO_NAMES.isdisjoint(text.lower().split())


def tells_role(text: str) -> bool:
    """Whether a text has a word for what somebody does: `staff writer`, `Korrespondentin`."""
    return bool(_ROLE.search(text))


def _filed_start(text: str, language: str | None) -> int:
    """Where a filed name begins: `Von Miller` and `Di Else` are names, `von Ada Brook` has a word before hers."""
    start = said_by(text, language)
    is_whole = start and " " not in text[start:] and text[0].isupper() and not text.lower().startswith("by ")
    return 0 if is_whole and ":" not in text[:start] and text.isascii() else start


def _may_be_name(text: str, start: int) -> bool:
    """Whether what begins at `start` can be a name: a capital, a script without them, or a lone handle."""
    rest = text[start:].lstrip("\"'“„«(")
    if not rest or not rest[0].isalpha():
        return False
    return not rest[0].islower() or " " not in rest.strip() or rest.split(None, 1)[0].strip(",") in _AGENCIES


def _names_of(body: str) -> list[str]:
    body = body.strip(" ,;:：–—-|（）")
    if body.count("(") != body.count(")"):
        body = body.strip("()")
    parts = [part for part in (part.strip(" ,;:") for part in _SPLIT.split(body)) if part]
    if len(parts) > 1:
        parts = _people(parts) or [body]
    return [part for part in (_SENT_FROM.sub("", _REPORTER.sub("", part)) for part in parts) if _is_name(part)]


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
    if (
        "@" in part
        or ": " in part
        or "://" in part
        or (" " not in part and "." in part.strip(".") and part.count(".") > _MOST_DOTS)
    ):
        return False
    return sum(unicodedata.category(letter)[0] in "LM" for letter in part) >= len(part) * _MOSTLY_LETTERS
