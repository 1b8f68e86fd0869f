"""`Finding`: what a check of a dataset has to say."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Finding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it must be: `where` is a file or a page, relative to the dataset."""

    where: str
    message: str
