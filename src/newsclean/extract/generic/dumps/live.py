"""Tell a live blog among dumps: entries opened by clock times that run one way."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.dumps.lines import Look

__all__ = ["is_live_blog"]

_CLOCK: Final = re.compile(
    r"\W{0,2}([01]?\d|2[0-3])[:.h]([0-5]\d)(?!\d|[.:]\d|\s?(?:%|mio|mrd|millionen|million))", re.IGNORECASE
)
_MOST: Final = 70  # characters of a line that opens an entry
_ENTRIES: Final = 5
_ONE_WAY: Final = 0.8


def is_live_blog(looks: Sequence[Look]) -> bool:
    """Tell whether the lines of a body, those between its blocks with them, are the entries of a live blog."""
    found = [_CLOCK.match(look.text) for look in looks if look.dated and look.size <= _MOST]
    times = [int(match[1]) * 60 + int(match[2]) for match in found if match]
    if len(set(times)) < _ENTRIES:
        return False
    down = sum(later <= earlier for earlier, later in pairwise(times))
    return max(down, len(times) - 1 - down) >= _ONE_WAY * (len(times) - 1)
