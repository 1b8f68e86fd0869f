"""Languages told by their letters: alphabets within Cyrillic and Arabic, and letters that a Latin alphabet has alone.

A language is named when its own letters (those that the great alphabet of its script lacks) are as
frequent as that language makes them and hardly a letter is outside its alphabet. Only positive
evidence counts: a text without such letters is left to a model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsclean.language.scripts import Letters

__all__ = ["LATIN_TELLING", "language_by_letters"]

# Loanwords, foreign names and quotations: so many of the letters may be outside the alphabet.
_OUTSIDE = 0.06
# An own letter that never comes weighs as much as this share of letters outside.
_MISSING = 0.01
# Serbian and Macedonian share the rest of what Russian has not.
_DECISIVE = {"mk": "ѓѕќ", "sr": "ђћ"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alphabet:
    """`own` letters tell the language, at least `least` of all; at most `outside` of all may be those it `lacks`.

    One of the `decisive` letters, if there are any, must come: the others are a neighbour's too.
    """

    language: str
    own: frozenset[str]
    lacks: frozenset[str]
    least: float = 0.02
    outside: float = _OUTSIDE
    decisive: frozenset[str] = frozenset()


def _family(great: str, *kin: tuple[str, str, str, float]) -> tuple[_Alphabet, ...]:
    """Build alphabets from a script's `great` one and, for each language: own letters, unused ones, least share."""
    everything = frozenset(great).union(*(own for _, own, _, _ in kin))
    return tuple(
        _Alphabet(
            language=language,
            own=frozenset(own),
            lacks=everything - frozenset(great) - frozenset(own) | frozenset(unused),
            least=least,
            decisive=frozenset(_DECISIVE.get(language, "")),
        )
        for language, own, unused, least in kin
    )


_ALPHABETS = {
    # Letters that a language has in loanwords only count as unused: they part it from its kin.
    "cyrillic": _family(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        ("be", "іў", "ищъ", 0.02),
        ("uk", "іїєґ", "ёыэъ", 0.02),
        ("sr", "ђјљњћџ", "ёйщъыьэюя", 0.02),
        ("mk", "ѓѕјљњќџ", "ёйщъыьэюя", 0.02),
        ("kk", "әғқңөұүһі", "", 0.02),
        ("ky", "ңөү", "вфхцщъь", 0.02),
        ("mn", "өү", "кфщ", 0.02),
        ("tt", "әөүҗңһ", "", 0.02),
        ("ba", "әөүғҡңҙҫһ", "", 0.02),
        ("tg", "ғӣқӯҳҷ", "ыьщц", 0.02),
        ("uz", "ўқғҳ", "ыщ", 0.02),
        ("cv", "ӑӗҫӳ", "", 0.02),
        ("os", "ӕ", "", 0.02),
    ),
    "arabic": _family(
        "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژکگیٹڈڑںہھےۓۂ",
        ("ug", "ېۇۆۈۋەڭ", "", 0.02),
        ("ku", "ێۆڕڵەڤ", "", 0.02),
        ("ps", "ښځڅډړږټڼۍې", "", 0.02),
        ("sd", "ٿڀٽڄڃڇڏڌڊڦڳڱڻڪ", "", 0.02),
        ("ur", "ٹڈڑںہھے", "", 0.03),
        ("fa", "پچژگ", "ٹڈڑںہھے", 0.015),
    ),
    # Turkish decoded as Western European is full of ð and þ, and of ç and ü, which Icelandic has not.
    "latin": (
        _Alphabet(language="az", own=frozenset("ə"), lacks=frozenset()),
        _Alphabet(language="eo", own=frozenset("ĉĝĥĵŝŭ"), lacks=frozenset("äöüçñ"), least=0.01, outside=0.01),
        _Alphabet(language="ha", own=frozenset("ɓɗƙƴ"), lacks=frozenset(), least=0.01),
        _Alphabet(language="is", own=frozenset("ðþ"), lacks=frozenset("çüşı"), least=0.015, outside=0.01),
        _Alphabet(language="mt", own=frozenset("ħġċ"), lacks=frozenset(), least=0.015),
    ),
}

LATIN_TELLING = frozenset[str]().union(*[alphabet.own for alphabet in _ALPHABETS["latin"]])


def language_by_letters(letters: Letters) -> tuple[str, float] | None:
    """Name the language that only these letters spell, and the share (0 to 1) of them it covers; None: cannot say."""
    fitting = [
        (_cost(letters, alphabet), alphabet.language, alphabet)
        for alphabet in _ALPHABETS.get(letters.script, ())
        if _fits(letters, alphabet)
    ]
    if not fitting:
        return None
    _, language, best = min(fitting, key=lambda found: found[:2])
    return language, 1.0 - _count(letters, best.lacks) / letters.of_script


def _fits(letters: Letters, alphabet: _Alphabet) -> bool:
    return (
        _count(letters, alphabet.own) >= max(1, alphabet.least * letters.of_script)
        and _count(letters, alphabet.lacks) <= alphabet.outside * letters.of_script
        and (not alphabet.decisive or _count(letters, alphabet.decisive) > 0)
    )


def _cost(letters: Letters, alphabet: _Alphabet) -> float:
    """Weigh the letters outside the alphabet, and those of its own that never come: a larger alphabet fits anything."""
    missing = sum(char not in letters.counts for char in alphabet.own)
    return _count(letters, alphabet.lacks) / letters.of_script + _MISSING * missing


def _count(letters: Letters, wanted: frozenset[str]) -> int:
    return sum(letters.counts.get(char, 0) for char in wanted)
