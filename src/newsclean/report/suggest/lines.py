"""Lines as patterns: signs that patterns mean something by are taken as they are."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["any_line", "escaped"]

_SPECIAL: Final = re.compile(r"[.^$*+?{}\[\]\\|()]")


def escaped(text: str) -> str:
    """Return the pattern of a text, readable: spaces and other plain signs stay as they are."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def any_line(texts: list[str]) -> str:
    """Return the pattern of any of the texts."""
    return "|".join(escaped(text) for text in texts)
