"""How elements part text (blocks, inline elements, breaks, what is not shown), and menus read in one go."""

from __future__ import annotations

from typing import Any, Final

from lxml import etree

from newsclean.page.units import INLINE_TAGS, INVISIBLE_TAGS
from newsclean.text import squeeze

__all__ = ["BLOCK", "BREAK", "HIDDEN", "INLINE", "SHAPES", "menu_lines"]

BLOCK: Final = 0
INLINE: Final = 1
HIDDEN: Final = 2
BREAK: Final = 3
# An element's tag is a string; a comment's, an instruction's, an entity's is the function that makes it.
SHAPES: Final[dict[object, int]] = {
    **dict.fromkeys(INLINE_TAGS, INLINE),
    **dict.fromkeys(INVISIBLE_TAGS, HIDDEN),
    **dict.fromkeys((etree.Comment, etree.ProcessingInstruction, etree.Entity), HIDDEN),
    **dict.fromkeys(("img", "wbr"), HIDDEN),  # nothing stands in them, and they part no text
    "br": BREAK,
}
_TELLING: Final = frozenset(("h1", "article", "main"))  # a menu that holds one is no mere menu
_LABEL: Final = 60


def menu_lines(menu: Any) -> list[str] | None:
    """The visible texts inside an element that names itself navigation; None where it holds more than labels."""
    lines: list[str] = []
    unseen = 0  # elements still to come inside one that is not shown
    for element in menu.iter():
        if unseen:
            unseen -= 1
            continue
        tag = element.tag
        if SHAPES.get(tag, BLOCK) == HIDDEN:
            unseen = sum(1 for _ in element.iterdescendants()) if len(element) else 0
        elif tag in _TELLING:
            return None
        else:
            text = element.text
            if text and not text.isspace():
                if len(text) > _LABEL and len(squeeze(text)) > _LABEL:
                    return None
                lines.append(text)
        text = element.tail
        if text and not text.isspace() and element is not menu:
            if len(text) > _LABEL and len(squeeze(text)) > _LABEL:
                return None
            lines.append(text)
    return [line for line in map(squeeze, lines) if line]
