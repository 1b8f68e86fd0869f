"""Count a page's visible text apart from any extraction: the other side of the conservation sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from newsclean.model import PageKind
from newsclean.page.units import INVISIBLE_TAGS
from newsclean.text import count_chars

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from newsclean.page.view import PageView

__all__ = ["count_visible_chars", "visible_texts"]

# An element's tag is a string; a comment's, an instruction's, an entity's is the function that makes it.
_HIDDEN = frozenset((*INVISIBLE_TAGS, etree.Comment, etree.ProcessingInstruction, etree.Entity))


def count_visible_chars(view: PageView) -> int:
    """Return how many characters a reader of the page sees, white space left out."""
    if view.kind is PageKind.TEXT:
        return count_chars(view.text, view.utf8)
    return count_chars("".join(_visible_texts(view.tree)))


def visible_texts(view: PageView) -> list[str]:
    """Return the lines of a text, marks apart that a program put in, or the text nodes that a page's reader sees."""
    if view.kind is PageKind.HTML:
        return _visible_texts(view.tree)
    return [*view.flowing.lines, *[one.text for one in view.flowing.taken]]


def _visible_texts(root: HtmlElement) -> list[str]:
    texts = [root.text] if root.text else []
    hidden = 0  # elements that are still to come inside one that is not shown
    for element in root.iterdescendants():
        if hidden:
            hidden -= 1
            continue
        if element.tag in _HIDDEN:
            hidden = sum(1 for _ in element.iterdescendants()) if len(element) else 0
        else:
            text = element.text
            if text:
                texts.append(text)
        tail = element.tail
        if tail:
            texts.append(tail)
    return texts
