"""How well a text fits the n-gram profiles of many languages at once: one pass, exact integers, no sampling."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import chain, repeat
from operator import add, mul
from struct import unpack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Fit", "Profiles"]

# All languages are added up in one integer, a lane of so many bits for each: a text's thousand n-grams cost a
# thousand additions, whatever the number of languages. The narrower a lane, the less memory is walked through: one
# holds the greatest sum of so many n-grams, their logarithm of likelihood being under 10 (by langdetect's smoothing).
_LANE_BITS = 32
_LANE = "I"
_SCALE = 1 << 16
_LONGEST = 3
_COUNT = 1  # in lane 0: the n-grams that are known
_MOST_NGRAMS = (1 << _LANE_BITS) // (10 * _SCALE)
_MOST_CHARS = _MOST_NGRAMS // _LONGEST


@dataclass(frozen=True, slots=True)
class Fit:
    """How a text fits: best language, its lead over the next, and what it lacks to a typical text of that language.

    `lead` and `deficit` are mean log-likelihoods (nats) an n-gram; `ngrams` is how many are known.
    """

    language: str
    lead: float
    deficit: float
    ngrams: int


class Profiles:
    """Log-likelihoods of n-grams (1 to 3 characters) in each language, packed for adding."""

    def __init__(self, shares: Mapping[str, Mapping[str, float]], *, floor: float) -> None:
        """Pack `shares`, smoothed by `floor`: of each language, the share (0 to 1) that its n-grams have in it."""
        self._languages = tuple(shares)
        packed: dict[str, int] = {}
        frequencies: dict[str, float] = {}
        typical: list[float] = []
        typical_trigram: list[float] = []
        for at, own in enumerate(shares.values(), 1):
            lane = _LANE_BITS * at
            gains = weights = trigram_gains = trigram_weights = 0.0
            for ngram, share in own.items():
                gain = math.log1p(share / floor)
                packed[ngram] = packed.get(ngram, _COUNT) + (round(gain * _SCALE) << lane)
                frequencies[ngram] = frequencies.get(ngram, 0.0) + share
                gains += share * gain
                weights += share
                if len(ngram) == _LONGEST:
                    trigram_gains += share * gain
                    trigram_weights += share
            typical.append(gains / (weights or 1.0))
            typical_trigram.append(trigram_gains / (trigram_weights or 1.0))
        # A copy of the key beside one of its value, and the frequent ones first: what texts need lies close together,
        # in the processor's caches and not all over 50 MB.
        often = sorted(frequencies, key=frequencies.__getitem__, reverse=True)
        self._trigrams = {f"{ngram} "[:-1]: packed.pop(ngram) + 0 for ngram in often if len(ngram) == _LONGEST}
        self._shorter = {f"{ngram} "[:-1]: packed.pop(ngram) + 0 for ngram in often if len(ngram) < _LONGEST}
        self._typical = typical
        self._typical_trigram = typical_trigram

    def fit(self, text: str) -> Fit | None:
        """Rate `text` (n-grams run over words parted by one space) up to 2,184 characters; None: no n-gram is known."""
        text = text[:_MOST_CHARS]
        trigrams = map("".join, zip(text, text[1:], text[2:], strict=False))
        total = sum(map(self._trigrams.get, trigrams, repeat(0)))
        times = Counter(chain(text, map(add, text, text[1:])))  # many of the same: to count them is cheaper than to add
        total += sum(map(mul, map(self._shorter.get, times, repeat(0)), times.values()))
        return self._rated(total, self._typical)

    def glance(self, text: str, places: int) -> Fit | None:
        """Rate the trigrams at some `places` all over `text` only; None where none is known, or `text` is too short.

        Lead and deficit are means over these trigrams, against typical ones; both are greater than over all n-grams.
        """
        step = len(text) // places
        if step <= 1:
            return None
        trigrams = map("".join, zip(text[::step], text[1::step], text[2::step], strict=False))
        return self._rated(sum(map(self._trigrams.get, trigrams, repeat(0))), self._typical_trigram)

    def _rated(self, total: int, typical: Sequence[float]) -> Fit | None:
        ngrams, *sums = self._unpack(total)
        if not ngrams:
            return None
        unit = _SCALE * ngrams
        best = max(sums)
        language, at = min([(self._languages[at], at) for at, one in enumerate(sums) if one == best])
        sums[at] = -1
        return Fit(language, (best - max(sums)) / unit, typical[at] - best / unit, ngrams)

    def _unpack(self, total: int) -> list[int]:
        lanes = len(self._languages) + 1
        return list(unpack(f"<{lanes}{_LANE}", total.to_bytes(lanes * _LANE_BITS // 8, "little")))
