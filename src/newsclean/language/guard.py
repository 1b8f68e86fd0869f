"""What is certain before any model is asked: too little text, a script of one language, letters of one language."""

from __future__ import annotations

import re

from newsclean.language.alphabets import LATIN_TELLING, language_by_letters
from newsclean.language.codes import UNDETERMINED
from newsclean.language.scripts import LANGUAGE_OF, count_letters
from newsclean.model import LanguageTag

__all__ = ["REVISION", "decide"]

# To be raised with every change of an answer by the rules beside the models (scripts, alphabets, words): it is part
# of what tells whether a page has to be cleaned again.
REVISION = 1

_LETTERS_NEEDED = 20
_SCRIPT_SHARE = 0.5
_NO_ASCII_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
# Latin letters that tell no language (their small forms are Latin ones too), and signs that are no letters.
_UNTOLD = "".join(chr(code) for code in range(0x0218) if chr(code).lower() not in LATIN_TELLING)
_ONLY_UNTOLD = re.compile(f"[{re.escape(_UNTOLD)}\u2000-\u206f\u20a0-\u20bf\u2122\u2190-\u21ff]*")


def decide(sample: str) -> LanguageTag | None:
    """Name the language of `sample` by its letters alone; None where a model has to be asked.

    Under 20 letters it is `und` (source `none`, confidence 0). The confidence of an answer (source `script`) is the
    share of the letters that are of the language's script or alphabet.
    """
    if _ONLY_UNTOLD.fullmatch(sample) and _count_ascii_letters(sample) >= _LETTERS_NEEDED:
        return None  # no script but Latin, and no alphabet that is known by its letters
    letters = count_letters(sample)
    if letters.total < _LETTERS_NEEDED:
        return LanguageTag(language=UNDETERMINED, confidence=0.0, source="none")
    language = LANGUAGE_OF.get(letters.script)
    if language and letters.share >= _SCRIPT_SHARE:
        return LanguageTag(language=language, confidence=round(letters.share, 3), source="script")
    found = language_by_letters(letters)
    return LanguageTag(language=found[0], confidence=round(found[1], 3), source="script") if found else None


def _count_ascii_letters(sample: str) -> int:
    return len(sample.encode("ascii", "ignore").translate(None, _NO_ASCII_LETTERS))
