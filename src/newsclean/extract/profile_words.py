"""Lists of words in a profile that its patterns name: `{places}` stands for any of `[words] places = [...]`."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["with_words"]

_NAME = re.compile(r"\{([a-z][a-z_]+)\}")


def with_words(data: dict[str, Any]) -> dict[str, Any]:
    """Return a profile's TOML with each `{name}` of its table `words` spelt out in all other strings.

    The entries of a list are patterns themselves, which may name the lists before theirs; they are
    tried in their order. Braces around anything else stay as they are.
    """
    words = data.get("words")
    if not isinstance(words, dict):
        return data
    groups: dict[str, str] = {}
    for name, entries in words.items():
        known = [_spelt_out(entry, groups) for entry in entries if isinstance(entry, str)]
        groups[name] = f"(?:{'|'.join(known)})"
    return {key: value if key == "words" else _spelt_out(value, groups) for key, value in data.items()}


def _spelt_out(value: Any, groups: dict[str, str]) -> Any:
    if isinstance(value, str):
        return _NAME.sub(lambda match: groups.get(match[1], match[0]), value)
    if isinstance(value, list):
        return [_spelt_out(item, groups) for item in value]
    if isinstance(value, dict):
        return {key: _spelt_out(item, groups) for key, item in value.items()}
    return value
