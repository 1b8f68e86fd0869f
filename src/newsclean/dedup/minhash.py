"""MinHash by rensa: numbers that two texts have in common about as often as they share runs of words."""

from __future__ import annotations

import zlib
from array import array
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

import rensa

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["BANDS", "bands_of", "library_id"]

BANDS: Final = 64
# With three values a band, texts that share a third of their runs meet in one of the 64 with
# probability .91, those that share a hundredth with .00006: with two a million texts would give
# millions of chance meetings.
_VALUES_A_BAND: Final = 3
_SEED: Final = 42
_BAND_BYTES: Final = 4 * _VALUES_A_BAND


def library_id() -> str:
    """Return what the numbers depend on besides the text."""
    return f"rensa-{version('rensa')}-{rensa.RMinHash.ALGORITHM_VERSION}-{BANDS}x{_VALUES_A_BAND}-{_SEED}"


def bands_of(runs: Iterable[str]) -> array[int]:
    """Return the 64 band hashes, 32 bits each, of a text given by its runs of words."""
    sketch = rensa.RMinHash(BANDS * _VALUES_A_BAND, _SEED)
    sketch.update(list(runs))
    values = array("I", sketch.digest()).tobytes()
    return array("I", [zlib.crc32(values[at : at + _BAND_BYTES]) for at in range(0, len(values), _BAND_BYTES)])
