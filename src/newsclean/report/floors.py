"""Floors under the figures of one corpus: a file that says what has been reached, and on which pages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from newsclean.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsclean.report.gold import Corpus

__all__ = ["Floors", "floor_of", "load_floors", "raised", "save_floors"]

_MARGIN: Final = 0.005
_DIGITS: Final = 4
_KEYS: Final = ("gold_sha256", "pages_sha256", "figures")


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """The least that each figure may be, and the hashes of the corpus that it was measured on."""

    gold_sha256: str
    pages_sha256: str
    figures: Mapping[str, float]

    def is_of(self, corpus: Corpus) -> bool:
        """Tell whether the corpus is still the one that was measured."""
        return (self.gold_sha256, self.pages_sha256) == (corpus.gold_sha256, corpus.pages_sha256)

    def fallen(self, figures: Mapping[str, float]) -> dict[str, float]:
        """Return the floors that `figures` are below; a figure that is gone has fallen."""
        return {name: floor for name, floor in self.figures.items() if figures.get(name, -1.0) < floor}


def floor_of(figure: float) -> float:
    """Return the floor for a measured figure: a perfect one stays, any other may move by half a point."""
    return 1.0 if figure == 1.0 else round(max(0.0, figure - _MARGIN), _DIGITS)


def raised(old: Floors | None, corpus: Corpus, figures: Mapping[str, float], *, allow_lower: bool) -> Floors:
    """Return the floors to pin now; unless `allow_lower`, none of the old ones goes down."""
    found = {name: floor_of(figure) for name, figure in figures.items()}
    if old is not None and not allow_lower:
        found |= {name: max(floor, found.get(name, 0.0)) for name, floor in old.figures.items()}
    return Floors(gold_sha256=corpus.gold_sha256, pages_sha256=corpus.pages_sha256, figures=found)


def load_floors(path: Path) -> Floors | None:
    """Read a file of floors, None where there is none; raises ConfigError for one that cannot be used."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}; mend it, or write it anew by --write") from error
    if not isinstance(values, dict) or sorted(values) != sorted(_KEYS) or not _are_figures(values["figures"]):
        raise ConfigError(f"{path}: an object with {', '.join(_KEYS)} is needed; write it anew by --write")
    return Floors(**values)


def save_floors(floors: Floors, path: Path) -> None:
    """Write the floors for people to see in a diff: sorted, a line each."""
    values = {
        "gold_sha256": floors.gold_sha256,
        "pages_sha256": floors.pages_sha256,
        "figures": dict(sorted(floors.figures.items())),
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}; name another file by --floors") from error


def _are_figures(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(one, (int, float)) for one in value.values())
