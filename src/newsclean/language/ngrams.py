"""How well a text fits the n-gram profiles of many languages at once: one pass, exact integers, no sampling."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import repeat
from operator import add
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

    def __init__(
        self, languages: Sequence[str], shares: Mapping[str, Sequence[tuple[int, float]]], *, floor: float
    ) -> None:
        """Pack `shares`, smoothed by `floor`: of an n-gram, its share (0 to 1) in each language that has it.

        Languages are told by their index in `languages`, in ascending order.
        """
        self._languages = tuple(languages)
        self._packed: dict[str, int] = {}
        gains, weights = _Sums(languages), _Sums(languages)
        trigram_gains, trigram_weights = _Sums(languages), _Sums(languages)
        for ngram in sorted(shares, key=lambda ngram: -sum([share for _, share in shares[ngram]])):
            packed = 1  # lane 0 counts the n-grams that are known
            is_trigram = len(ngram) == _LONGEST
            for index, share in shares[ngram]:
                gain = math.log1p(share / floor)
                packed += round(gain * _SCALE) << _LANE_BITS * (index + 1)
                gains[index] += share * gain
                weights[index] += share
                if is_trigram:
                    trigram_gains[index] += share * gain
                    trigram_weights[index] += share
            # A copy of the key beside its value, and the frequent ones first: what texts need lies close together,
            # in the processor's caches and not all over 50 MB.
            self._packed[f"{ngram} "[:-1]] = packed
        self._typical = gains.over(weights)
        self._typical_trigram = trigram_gains.over(trigram_weights)

    def fit(self, text: str) -> Fit | None:
        """Rate `text` (n-grams run over words parted by one space) up to 2,184 characters; None: no n-gram is known."""
        text = text[:_MOST_CHARS]
        known = self._packed.get
        total = sum(map(known, text, repeat(0)))
        total += sum(map(known, map(add, text, text[1:]), repeat(0)))
        total += sum(map(known, map("".join, zip(text, text[1:], text[2:], strict=False)), repeat(0)))
        return self._rated(total, self._typical)

    def glance(self, text: str, places: int) -> Fit | None:
        """Rate the trigrams at some `places` all over `text` only; None where none is known, or `text` is too short.

        Lead and deficit are means over these trigrams, against typical ones; both are greater than over all n-grams.
        """
        step = len(text) // places
        if step <= 1:
            return None
        trigrams = map("".join, zip(text[::step], text[1::step], text[2::step], strict=False))
        return self._rated(sum(map(self._packed.get, trigrams, repeat(0))), self._typical_trigram)

    def _rated(self, total: int, typical: Sequence[float]) -> Fit | None:
        ngrams, *sums = self._unpack(total)
        if not ngrams:
            return None
        unit = _SCALE * ngrams
        best = max(sums)
        language, at = min((self._languages[at], at) for at, one in enumerate(sums) if one == best)
        sums[at] = -1
        return Fit(language, (best - max(sums)) / unit, typical[at] - best / unit, ngrams)

    def _unpack(self, total: int) -> list[int]:
        lanes = len(self._languages) + 1
        return list(unpack(f"<{lanes}{_LANE}", total.to_bytes(lanes * _LANE_BITS // 8, "little")))


class _Sums(list[float]):
    """A sum for each language."""

    def __init__(self, languages: Sequence[str]) -> None:
        super().__init__([0.0] * len(languages))

    def over(self, others: Sequence[float]) -> list[float]:
        return [one / (other or 1.0) for one, other in zip(self, others, strict=True)]
