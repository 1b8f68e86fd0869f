"""How well a text fits the n-gram profiles of many languages at once: one pass, exact integers, no sampling."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import repeat
from operator import add, neg
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Fit", "Profiles"]

# All languages are added up in one integer, a lane of so many bits for each: a text's thousand n-grams cost a
# thousand additions, whatever the number of languages. A lane holds the sum of a million n-grams.
_LANE_BITS = 40
_LANE_BYTES = _LANE_BITS // 8
_SCALE = 1 << 16


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

    def __init__(self, languages: Sequence[str], frequencies: Mapping[str, Sequence[float]], *, floor: float) -> None:
        """Pack `frequencies` (n-gram -> its share in each of `languages`, 0 to 1), smoothed by `floor`."""
        self._languages = tuple(languages)
        self._packed: dict[str, int] = {}
        gains, shares = [0.0] * len(languages), [0.0] * len(languages)
        for ngram in sorted(frequencies, key=lambda ngram: -sum(frequencies[ngram])):
            row = frequencies[ngram]
            packed = 1  # lane 0 counts the n-grams that are known
            for index, share in enumerate(row):
                if share:
                    gain = math.log1p(share / floor)
                    packed += round(gain * _SCALE) << _LANE_BITS * (index + 1)
                    gains[index] += share * gain
                    shares[index] += share
            # A copy of the key beside its value, and the frequent ones first: what texts need lies close together,
            # in the processor's caches and not all over 100 MB.
            self._packed[f"{ngram} "[:-1]] = packed
        self._typical = [gain / (share or 1.0) for gain, share in zip(gains, shares, strict=True)]

    def fit(self, text: str, *, step: int = 1) -> Fit | None:
        """Rate `text` (n-grams run over words parted by one space); None where no n-gram is known.

        With a `step` of k only the n-grams at each k-th character are read, all over the text: an estimate of the
        full figures at a k-th of the cost, which is that of memory read here and there.
        """
        known, first, second, third = self._packed.get, text[::step], text[1::step], text[2::step]
        total = sum(map(known, first, repeat(0)))
        total += sum(map(known, map(add, first, second), repeat(0)))
        total += sum(map(known, map("".join, zip(first, second, third, strict=False)), repeat(0)))
        ngrams, *sums = self._unpack(total)
        if not ngrams:
            return None
        unit = _SCALE * ngrams
        (best, language, typical), (next_best, _, _) = sorted(
            zip(map(neg, sums), self._languages, self._typical, strict=True)
        )[:2]
        return Fit(language, (next_best - best) / unit, typical + best / unit, ngrams)

    def _unpack(self, total: int) -> list[int]:
        data = total.to_bytes(_LANE_BYTES * (len(self._languages) + 1), "little")
        return [int.from_bytes(data[at : at + _LANE_BYTES], "little") for at in range(0, len(data), _LANE_BYTES)]
