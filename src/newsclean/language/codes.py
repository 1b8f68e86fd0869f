"""Language codes: the form newsclean writes, and whether two of them can mean one text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsclean.model import LanguageTag

__all__ = ["UNDETERMINED", "conflicts", "primary_subtag"]

UNDETERMINED = "und"

_SUBTAG = re.compile(r"\s*([A-Za-z]{2,3})(?![A-Za-z])")

# ISO 639-3 codes (and withdrawn ones) that have an ISO 639-1 code, of their own or of their macrolanguage.
_SHORTER = {
    "arb": "ar", "ary": "ar", "arz": "ar", "azb": "az", "azj": "az", "ckb": "ku", "cmn": "zh", "ekk": "et", "fil": "tl",
    "fuv": "ff", "gug": "gn", "hbo": "he", "in": "id", "iw": "he", "ji": "yi", "jw": "jv", "khk": "mn", "kik": "ki",
    "kmr": "ku", "ltg": "lv", "lvs": "lv", "mo": "ro", "nob": "nb", "nno": "nn", "pes": "fa", "prs": "fa", "sdh": "ku",
    "swh": "sw", "uzn": "uz", "uzs": "uz", "wuu": "zh", "yue": "zh", "zsm": "ms",
    # ISO 639-2: three letters where two are right, but pages write them
    "ara": "ar", "aze": "az", "bel": "be", "bul": "bg", "ces": "cs", "chi": "zh", "cze": "cs", "dan": "da", "deu": "de",
    "dut": "nl", "ell": "el", "eng": "en", "est": "et", "fas": "fa", "fin": "fi", "fra": "fr", "fre": "fr", "ger": "de",
    "gre": "el", "heb": "he", "hin": "hi", "hrv": "hr", "hun": "hu", "hye": "hy", "ind": "id", "ita": "it", "jpn": "ja",
    "kat": "ka", "kaz": "kk", "kor": "ko", "lav": "lv", "lit": "lt", "msa": "ms", "nld": "nl", "nor": "no", "per": "fa",
    "pol": "pl", "por": "pt", "ron": "ro", "rum": "ro", "rus": "ru", "slk": "sk", "slv": "sl", "spa": "es", "srp": "sr",
    "swa": "sw", "swe": "sv", "tha": "th", "tur": "tr", "ukr": "uk", "urd": "ur", "uzb": "uz", "vie": "vi", "zho": "zh",
}  # fmt: skip

# No judgement between the members: one language in two norms, or so near that detection mistakes one for the other.
_ONE_LANGUAGE = (
    frozenset({"no", "nb", "nn"}),
    frozenset({"sr", "hr", "bs", "sh", "cnr"}),
    frozenset({"id", "ms"}),
)
_NO_LANGUAGE = frozenset({UNDETERMINED, "mis", "mul", "zxx"})


def primary_subtag(code: str) -> str | None:
    """Return the primary subtag of a language tag (`zh-Hant`, `en_US`) in its ISO 639-1 form; None if it is no tag."""
    found = _SUBTAG.match(code)
    if not found:
        return None
    subtag = found[1].lower()
    return _SHORTER.get(subtag, subtag)


def conflicts(detected: LanguageTag) -> bool:
    """Say whether the declared language is another than the detected one; no conflict where either is not known.

    Regions, scripts and older codes do not count (`zh-Hant` is zh, `iw` he, `in` id, `ji` yi); nor do norms of one
    language against each other: no nb nn, sr hr bs sh, id ms.
    """
    declared = primary_subtag(detected.declared or "")
    found = primary_subtag(detected.language)
    if declared is None or found is None or declared in _NO_LANGUAGE or found in _NO_LANGUAGE:
        return False
    return declared != found and not any({declared, found} <= norms for norms in _ONE_LANGUAGE)
