"""Named steps that a layout may run on what was read: `transforms = ["join-inline-breaks"]` in a profile.

A transform takes an `Extraction` and returns a new one with the same text in it: it joins, moves
or removes blocks and accounts for what it moved or removed.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points
from typing import cast

from newsclean.errors import ProfileError
from newsclean.extract.inline_breaks import close_up_marks, join_inline_breaks
from newsclean.extract.person_cards import without_person_cards
from newsclean.extract.stray_captions import stray_captions
from newsclean.model import Extraction

__all__ = ["TRANSFORMS", "Transform", "transform_named"]

Transform = Callable[[Extraction], Extraction]

TRANSFORMS: dict[str, Transform] = {
    "close-up-marks": close_up_marks,
    "join-inline-breaks": join_inline_breaks,
    "person-cards": without_person_cards,
    "stray-captions": stray_captions,
}


def transform_named(name: str) -> Transform:
    """Return a built-in transform or one of entry point group `newsclean.transforms`."""
    if name in TRANSFORMS:
        return TRANSFORMS[name]
    others = entry_points(group="newsclean.transforms")
    if name in others.names:
        return cast("Transform", others[name].load())
    known = ", ".join(sorted({*TRANSFORMS, *others.names}))
    raise ProfileError(f"unknown transform {name!r}; known are: {known}")
