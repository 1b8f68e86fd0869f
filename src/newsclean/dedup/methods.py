"""How copies are looked for: three methods, each finding what the one before finds and more."""

from __future__ import annotations

from enum import StrEnum
from importlib.util import find_spec
from typing import Final

from newsclean.errors import ConfigError

__all__ = ["Method", "chosen_method"]

_AUTO: Final = "auto"


class Method(StrEnum):
    """What two texts must share to be compared; equal ones are always found.

    `paragraphs` misses a copy in which every paragraph was touched, `minhash` does not.
    """

    EXACT = "exact"
    PARAGRAPHS = "paragraphs"
    MINHASH = "minhash"


def chosen_method(name: str) -> Method:
    """Return the method of that name; `auto` is the best that is installed. Raises ConfigError."""
    is_installed = find_spec("rensa") is not None
    if name == _AUTO:
        return Method.MINHASH if is_installed else Method.PARAGRAPHS
    if name not in set(Method):
        raise ConfigError(f"no method {name!r}; there are {_AUTO}, {', '.join(Method)}")
    if name == Method.MINHASH and not is_installed:
        raise ConfigError('the method minhash needs rensa; install it with: pip install "newsclean[dedup]"')
    return Method(name)
