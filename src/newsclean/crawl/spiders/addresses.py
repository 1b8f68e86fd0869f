"""Read the `url` argument of the spiders that need no code."""

from __future__ import annotations

import re

from newsclean.errors import ConfigError

__all__ = ["addresses"]


def addresses(text: str, *, spider: str) -> tuple[str, ...]:
    """Return the web addresses in an argument; raises `ConfigError` for none, and for what is none."""
    found = tuple(part for part in re.split(r"\s+|,(?=https?://)", text.strip()) if part)
    if not found:
        raise ConfigError(f"spider {spider}: no address to begin with; say -a url=https://...")
    wrong = next((one for one in found if not one.startswith(("http://", "https://"))), None)
    if wrong:
        raise ConfigError(f"spider {spider}: url={wrong}: must begin with http:// or https://")
    return found
