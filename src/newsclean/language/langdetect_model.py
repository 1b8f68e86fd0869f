"""langdetect, read in two ways: its n-gram profiles in one exact pass, its sampling where that leaves a doubt.

Whatever the order of files on a disk, of threads or of pages, the answer is the same: profiles are
loaded by name, the seed is 0 for every text, nothing is kept from one text to the next.
"""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import msgspec
from langdetect.detector import Detector
from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
from langdetect.lang_detect_exception import LangDetectException
from langdetect.utils.ngram import NGram

from newsclean.language.codes import UNDETERMINED, primary_subtag
from newsclean.language.ngrams import Fit, Profiles
from newsclean.language.scripts import in_latin_1
from newsclean.language.words import smaller_neighbour, vote, votes_plainly
from newsclean.model import LanguageTag

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["LangdetectBackend"]

_NAME = "langdetect"
_ASCII_LETTER = re.compile("[A-Za-z]")
_NO_ASCII_LETTERS = bytes(code for code in range(256) if not chr(code).isascii() or not chr(code).isalpha())

# The sampling walks until one language is e**11 times likelier than the others: with a steady lead (nats an n-gram)
# it gets there by the same side every time. Held against eight seeds, the greatest lead with another answer was 0.04
# in texts of 600 n-grams or more, 0.13 in those of 200, 0.25 in those of 70.
_PLAIN_LEAD = 0.05
_PLAIN_LEAD_SHORT = 20.0  # by the number of n-grams, on top
# A text in one of its languages lacks up to 0.5 nats an n-gram to a typical one (more, the shorter it is), a text in
# a language it does not know 0.4 to 1.2: from the first figure on other evidence is looked for, beyond the second
# the language is not one of its own.
_DOUBTFUL_DEFICIT = 0.2
_STRANGE_DEFICIT = 0.55
_STRANGE_DEFICIT_SHORT = 60.0  # likewise
# The Swahili profile was counted on many small articles that are much alike: real news lacks so much to it.
_PROFILE_BIAS = {"sw": 0.25}

# A glance at some 160 trigrams tells what all n-grams would, where it tells it by far. Of 28,000 samples of 320 to
# 1,000 characters in 80 languages, each begun at two places, 80% had a lead and a deficit as below (a trigram has more
# of both than n-grams have on average) and no plain vote for another language: each of them had the full way's
# language, a full lead of 0.07 more than is plain and a full deficit of 0.11 less than is strange. With a little more
# lead the deficit may be greater: of 12,000 samples that added 2%, of news most, by the same margins.
_GLANCE_PLACES = 160
_GLANCES = ((0.4, 0.65), (0.45, 0.8))  # at least so much lead, at most so much deficit


class _Profile(msgspec.Struct):
    """A profile as langdetect ships it: `freq` counts n-grams, `n_words` those of 1, 2 and 3 characters."""

    name: str
    freq: dict[str, int]
    n_words: list[int]


class LangdetectBackend:
    """langdetect's 55 languages, and `und` or a language by its small words (source `words`) for text in none of them.

    The confidence is langdetect's own posterior (mean of its seven trials) where it had to sample, and 1 where one
    pass over all n-grams leaves no doubt.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._profiles: Profiles | None = None
        self._factory: DetectorFactory | None = None

    def version(self) -> str:
        """Return name and version of the library."""
        return f"{_NAME}-{version(_NAME)}"

    def warm(self) -> None:
        """Load the profiles (0.3 s, 35 MB), once, however many threads ask."""
        self._ready_profiles()

    def identify(self, sample: str) -> LanguageTag:
        """Name the language of `sample`; `und` where no n-gram is known or the text is in none of its languages."""
        profiles = self._ready_profiles()
        sample = sample.lower() if sample.isupper() else sample  # langdetect passes over words in capitals
        text = _ngram_text(sample)
        tag = _at_a_glance(text, sample, profiles) or _in_full(text, sample, profiles, self._ready_factory)
        neighbour = smaller_neighbour(tag.language, sample) if tag.source == _NAME else None
        return _tag(neighbour, tag.confidence, source="words") if neighbour else tag

    def _ready_profiles(self) -> Profiles:
        if self._profiles is None:
            with self._lock:
                if self._profiles is None:
                    self._profiles = _load_profiles()
        return self._profiles

    def _ready_factory(self) -> DetectorFactory:
        """Load langdetect itself (0.05 s), which most runs never need."""
        if self._factory is None:
            with self._lock:
                if self._factory is None:
                    self._factory = _load_factory()
        return self._factory


def _profile_files() -> list[Path]:
    """Return langdetect's profiles in the order of their names: langdetect itself takes the order of the disk."""
    return sorted(Path(PROFILES_DIRECTORY).iterdir())


def _read_profiles() -> list[_Profile]:
    return [msgspec.json.decode(path.read_bytes(), type=_Profile) for path in _profile_files()]


def _load_profiles() -> Profiles:
    shares: dict[str, dict[str, float]] = {}
    for profile in _read_profiles():
        totals = profile.n_words
        shares[profile.name] = {
            ngram: count / totals[len(ngram) - 1] for ngram, count in profile.freq.items() if len(ngram) <= NGram.N_GRAM
        }
    return Profiles(shares, floor=Detector.ALPHA_DEFAULT / Detector.BASE_FREQ)


class _Rows(dict[str, list[float]]):
    """langdetect's table, of each n-gram its share in each language, as far as texts have asked for it.

    To fill it beforehand takes half a second and 70 MB; the few texts that are sampled need little of it.
    """

    def __init__(self, profiles: Sequence[_Profile]) -> None:
        super().__init__()
        self._profiles = profiles

    def fill(self, text: str) -> None:
        """Add the rows of all n-grams in `text`, words parted and enclosed by one space."""
        for size in range(NGram.N_GRAM):
            for ngram in {text[at : at + size + 1] for at in range(len(text) - size)}.difference(self):
                counts = [profile.freq.get(ngram, 0) for profile in self._profiles]
                if any(counts):
                    self[ngram] = [
                        count / profile.n_words[size] for count, profile in zip(counts, self._profiles, strict=True)
                    ]


def _load_factory() -> DetectorFactory:
    profiles = _read_profiles()
    factory = DetectorFactory()
    factory.langlist = [profile.name for profile in profiles]
    factory.word_lang_prob_map = _Rows(profiles)
    factory.set_seed(0)
    return factory


class _NormalLetters(dict[int, str]):
    """The letters as langdetect's profiles have them, found out letter by letter."""

    def __missing__(self, code: int) -> str:
        self[code] = normal = str(NGram.normalize(chr(code)))
        return normal


_NORMAL_LETTERS = _NormalLetters()
# They stay in Latin-1, and all that `in_latin_1` has a `?` for is a space to langdetect, as that is.
_NORMAL_LATIN_1 = bytes(ord(str(NGram.normalize(chr(code)))) for code in range(256))


def _ngram_text(sample: str) -> str:
    """Return the words of `sample` that langdetect takes n-grams of, parted and enclosed by one space."""
    return f" {' '.join([word for word in _words(sample) if not word.isupper() or len(word) == 1])} "


def _words(sample: str) -> list[str]:
    """Return the words of `sample` in langdetect's letters, without addresses."""
    text = Detector.MAIL_RE.sub(" ", Detector.URL_RE.sub(" ", sample)) if "://" in sample or "@" in sample else sample
    return _normal(text).split()


def _normal(text: str) -> str:
    plain = in_latin_1(text)
    if plain is not None and (text.isascii() or _is_latin(plain)):
        return plain.translate(_NORMAL_LATIN_1).decode("latin-1")
    return _without_stray_latin(NGram.normalize_vi(text)).translate(_NORMAL_LETTERS)


def _without_stray_latin(text: str) -> str:
    """Drop Latin letters where two thirds are of another script, as langdetect does."""
    ascii_only = text.encode("ascii", "replace")  # a `?` is no letter either
    if _is_latin(ascii_only):
        return text
    latin = _count_ascii_letters(ascii_only)
    without = _ASCII_LETTER.sub("", text)
    other = sum("\u0300" <= char < "\u1e00" or char > "\u1eff" for char in without)
    return without if latin * 2 < other else text


def _is_latin(plain: bytes) -> bool:
    """Tell whether too much of a text (a byte a character) is Latin letters for these to be stray ones, or nothing."""
    latin = _count_ascii_letters(plain)
    return not latin or latin * 2 >= len(plain) - latin


def _count_ascii_letters(plain: bytes) -> int:
    return len(plain.translate(None, _NO_ASCII_LETTERS))


def _at_a_glance(text: str, sample: str, profiles: Profiles) -> LanguageTag | None:
    """Answer by a part of the n-grams where they leave no doubt that all would give the same; else None."""
    glance = profiles.glance(text, _GLANCE_PLACES)
    if glance is None or not any(glance.lead >= lead and glance.deficit <= most for lead, most in _GLANCES):
        return None
    return None if votes_plainly(sample) else _tag(glance.language, 1.0)


def _in_full(text: str, sample: str, profiles: Profiles, factory: Callable[[], DetectorFactory]) -> LanguageTag:
    fit = profiles.fit(text)
    if fit is None:
        return _tag(UNDETERMINED, 0.0)
    if fit.deficit > _DOUBTFUL_DEFICIT:
        unknown = _outside_the_profiles(sample, fit)
        if unknown:
            return unknown
    is_plain = fit.lead >= _PLAIN_LEAD + _PLAIN_LEAD_SHORT / fit.ngrams
    return _tag(fit.language, 1.0) if is_plain else _sampled(sample, factory())


def _outside_the_profiles(sample: str, fit: Fit) -> LanguageTag | None:
    """Answer for a text that is in none of langdetect's languages; None where it may be in one."""
    deficit = fit.deficit - _PROFILE_BIAS.get(fit.language, 0.0)
    is_strange = deficit > _STRANGE_DEFICIT + _STRANGE_DEFICIT_SHORT / fit.ngrams
    found = vote(sample)
    if found and (found.is_plain or (is_strange and found.is_likely)):
        return _tag(found.language, found.confidence, source="words")
    return _tag(UNDETERMINED, 0.0) if is_strange else None


def _sampled(sample: str, factory: DetectorFactory) -> LanguageTag:
    # Words in capitals too: it takes up to two letters of one before it passes over the rest.
    factory.word_lang_prob_map.fill(f" {' '.join(_words(sample))} ")
    detector = factory.create()
    try:
        detector.append(sample)
        ranked = detector.get_probabilities()
    except LangDetectException:  # no letters it knows
        ranked = []
    return _tag(ranked[0].lang, ranked[0].prob) if ranked else _tag(UNDETERMINED, 0.0)


def _tag(language: str, confidence: float, *, source: str = _NAME) -> LanguageTag:
    return LanguageTag(
        language=primary_subtag(language) or UNDETERMINED, confidence=min(1.0, round(confidence, 3)), source=source
    )
