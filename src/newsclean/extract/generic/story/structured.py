"""A body that the page holds as data and not as text: JSON-LD `articleBody`, or the state its scripts start from."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from lxml import etree, html

from newsclean.extract.generic.reading.measure import weight
from newsclean.extract.generic.reading.walk import walk
from newsclean.extract.generic.reading.witness import plain
from newsclean.model import Block
from newsclean.text import squeeze

if TYPE_CHECKING:
    from newsclean.extract.generic.reading.witness import Witness
    from newsclean.page import PageView

__all__ = ["filed_body", "hydrated_body"]

_PARAGRAPH_TAG: Final = re.compile(r"<(?:p|br|div|li|h[2-6])\b", re.IGNORECASE)
_LINES: Final = re.compile(r"\s*\n\s*")
_LONG_ENOUGH: Final = 280.0
_MOST_CHARS: Final = 3_000_000
_MARKUP_IN_SCRIPT: Final = re.compile(r"(?:<|\\u003[cC])p\b")
_LITERAL: Final = re.compile(r'"(?:[^"\\]|\\.){400,}"')
_DEEPEST: Final = 2


def filed_body(witness: Witness) -> tuple[Block, ...]:
    """The paragraphs of the longest `articleBody` among the page's JSON-LD; empty without one."""
    texts = [item["articleBody"] for item in witness.objects if isinstance(item.get("articleBody"), str)]
    return _blocks_of(max(texts, key=len), "jsonld:articleBody") if texts else ()


def hydrated_body(view: PageView) -> tuple[Block, ...]:
    """The paragraphs of the longest piece of HTML in the strings of the page's scripts; empty without one."""
    best = ""
    for script in view.telling["script"]:
        text = script.text or ""
        if len(text) < _MOST_CHARS and _may_hold_markup(text) and _MARKUP_IN_SCRIPT.search(text):
            best = max((best, _longest_html(text, _DEEPEST)), key=len)
    blocks = _blocks_of(best, "script") if best else ()
    return blocks if sum(weight(block.text) for block in blocks) >= _LONG_ENOUGH else ()


def _longest_html(text: str, depth: int) -> str:
    """The longest markup among the string literals of a script, those within a literal too."""
    best = ""
    for literal in _LITERAL.finditer(text):
        try:
            value = json.loads(literal[0], strict=False)
        except ValueError:
            continue
        if value.count("<p") > 1 and len(value) > len(best):
            best = value
        elif depth and _may_hold_markup(value) and _MARKUP_IN_SCRIPT.search(value):
            best = max((best, _longest_html(value, depth - 1)), key=len)
    return best


def _may_hold_markup(text: str) -> bool:
    return "<p" in text or "\\u003cp" in text or "\\u003Cp" in text


def _blocks_of(text: str, where: str) -> tuple[Block, ...]:
    if _PARAGRAPH_TAG.search(text) or "&lt;p" in text:
        return _blocks_of_markup(text, where)
    lines = [squeeze(plain(line)) for line in _LINES.split(text)]
    return tuple(Block(text=line, where=f"{where}#{number}") for number, line in enumerate(filter(None, lines), 1))


def _blocks_of_markup(text: str, where: str) -> tuple[Block, ...]:
    if "&lt;p" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    try:
        root: Any = html.fragment_fromstring(text, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ()
    pieces = [piece for piece in walk(root).pieces if piece.is_prose or piece.links < len(piece.text) * 0.8]
    return tuple(
        Block(text=piece.text, kind=piece.kind, where=f"{where}#{number}") for number, piece in enumerate(pieces, 1)
    )
