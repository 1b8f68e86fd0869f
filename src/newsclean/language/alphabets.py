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

__all__ = ["language_by_letters"]

# Below this many letters Serbian and Macedonian may be without the letters that part them.
_ENOUGH_LETTERS = 200
# Loanwords, foreign names and quotations: so many of the letters may be outside the alphabet.
_OUTSIDE = 0.06
# An own letter that never comes weighs as much as this share of letters outside.
_MISSING = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alphabet:
    """`own` letters tell the language, at least `least` of all; at most `outside` of all may be those it `lacks`.

    A text of less than `letters_needed` must have one of the `unique` letters, which no kin has.
    """

    language: str
    own: frozenset[str]
    lacks: frozenset[str]
    least: float = 0.02
    outside: float = _OUTSIDE
    unique: frozenset[str] = frozenset()
    letters_needed: int = 0


def _family(great: str, *kin: tuple[str, str, str, float]) -> tuple[_Alphabet, ...]:
    """Build alphabets from a script's `great` one and, for each language: own letters, unused ones, least share."""
    everything = frozenset(great).union(*(own for _, own, _, _ in kin))
    return tuple(
        _Alphabet(
            language=language,
            own=frozenset(own),
            lacks=everything - frozenset(great) - frozenset(own) | frozenset(unused),
            least=least,
            unique=frozenset(own).difference(*(letters for other, letters, _, _ in kin if other != language)),
            letters_needed=_ENOUGH_LETTERS if language in {"mk", "sr"} else 0,
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


def language_by_letters(letters: Letters) -> tuple[str, float] | None:
    """Name the language that only these letters spell, and the share (0 to 1) of them it covers; None: cannot say."""
    of_script = letters.of_script
    fitting = [
        (_cost(letters, alphabet), alphabet.language, alphabet)
        for alphabet in _ALPHABETS.get(letters.script, ())
        if _count(letters, alphabet.own) >= max(1, alphabet.least * of_script)
        and _count(letters, alphabet.lacks) <= alphabet.outside * of_script
    ]
    if not fitting:
        return None
    _, language, best = min(fitting, key=lambda found: found[:2])
    if of_script < best.letters_needed and not _count(letters, best.unique):
        return None
    return language, 1.0 - _count(letters, best.lacks) / of_script


def _cost(letters: Letters, alphabet: _Alphabet) -> float:
    """Weigh the letters outside the alphabet, and those of its own that never come: a larger alphabet fits anything."""
    missing = sum(char not in letters.counts for char in alphabet.own)
    return _count(letters, alphabet.lacks) / letters.of_script + _MISSING * missing


def _count(letters: Letters, wanted: frozenset[str]) -> int:
    return sum(letters.counts.get(char, 0) for char in wanted)
