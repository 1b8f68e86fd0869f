"""The cleaning steps in their order, and how further ones are added."""

from __future__ import annotations

from collections.abc import Callable

from newsclean.cleaning.echoes import without_echoes
from newsclean.model import Extraction

__all__ = ["STEPS", "CleaningStep", "cleaned"]

CleaningStep = Callable[[Extraction], Extraction]

STEPS: tuple[CleaningStep, ...] = (without_echoes,)


def cleaned(found: Extraction) -> Extraction:
    """Return `found` after all steps; running them again changes nothing."""
    for step in STEPS:
        found = step(found)
    return found
