"""From an lxml tree to the pieces of text that a reader sees, in order, each with its place.

A unit is a run of text that no block element, `<hr>` or double `<br>` interrupts (in `<pre>`, no
blank line either): what a browser's innerText puts on lines of its own; a table cell is one too.
Units are the currency of extraction: an extractor says of each one whether it is body, a field or
to be removed, so nothing visible can get lost in between.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree

from newsclean.model import BlockKind
from newsclean.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.html import HtmlElement

__all__ = ["INVISIBLE_TAGS", "Unit", "units"]

INVISIBLE_TAGS = frozenset(
    (
        *("head", "title", "script", "style", "template", "noscript", "noembed", "noframes", "iframe"),
        *("object", "svg", "math", "canvas", "audio", "video", "datalist", "meta", "link", "param"),
        *("source", "track"),
    )
)
INLINE_TAGS = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em"),
        *("font", "i", "img", "ins", "kbd", "label", "mark", "nobr", "output", "q", "rb", "rp", "rt"),
        *("rtc", "ruby", "s", "samp", "slot", "small", "span", "strike", "strong", "sub", "sup", "time"),
        *("tt", "u", "var", "wbr", "picture", "button", "o:p"),
    )
)
_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), BlockKind.HEADING),
    **dict.fromkeys(("li", "dd", "dt"), BlockKind.LIST_ITEM),
    "blockquote": BlockKind.QUOTE,
    "figcaption": BlockKind.CAPTION,
    "caption": BlockKind.CAPTION,
    "pre": BlockKind.PREFORMATTED,
}
_BLOCK, _INLINE, _SKIP, _BR = range(4)
# An element's tag is a string; a comment's, an instruction's, an entity's is the function that makes it.
_SHAPES: dict[object, int] = {
    **dict.fromkeys(INLINE_TAGS, _INLINE),
    **dict.fromkeys(INVISIBLE_TAGS, _SKIP),
    **dict.fromkeys((etree.Comment, etree.ProcessingInstruction, etree.Entity), _SKIP),
    "br": _BR,
}
_BREAK = "\n\r"  # a piece of a run that stands for `<br>`, known by identity
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_CLOSES = frozenset(",.;:!?…%)]}»”’")  # what has no space before it, when what stood between is taken out
_DEEPEST = 64  # paths name the steps down to here: hostile nesting would make them grow with the square
_LONGEST_NAME = 40  # same, for ids and classes


@dataclass(frozen=True, slots=True)
class Unit:
    """One visible run of text.

    `element` is the nearest block element around it, `mark` what the caller said of the region
    that it lies in (None: nothing), `where` its DOM path with the ordinal of the run inside it.
    """

    text: str
    kind: BlockKind
    where: str
    element: Any
    mark: Any


class _Frame:
    """An open element: what holds for the text inside it, and how far its children are done."""

    __slots__ = (
        *("anchor", "block", "children", "counts", "depth", "element", "kind"),
        *("mark", "nth", "outer", "parent", "path", "runs", "tag"),
    )

    def __init__(self, element: Any, tag: str, parent: _Frame | None, mark: Any) -> None:
        self.element = element
        self.tag = tag
        self.parent = parent
        self.mark = mark
        # The block element whose runs the text belongs to, and the nearest ancestor whose path is spelt out;
        # None: the element itself. (A reference to itself would keep it until the garbage is collected.)
        self.block: _Frame | None = None
        self.anchor: _Frame | None = None
        self.children = iter(element)
        self.counts: dict[str, int] | None = None
        self.outer: _Context | None = None
        self.path = ""
        self.runs = self.depth = 0
        self.nth = 1
        if parent is None:
            self.kind = _KINDS.get(tag, BlockKind.PARAGRAPH)
            return
        self.kind = _KINDS.get(tag, parent.kind)
        self.depth = parent.depth + 1
        if self.depth > _DEEPEST:
            self.anchor = parent.anchor or parent
        counts = parent.counts
        if counts is None:
            counts = parent.counts = {}
        self.nth = counts[tag] = counts.get(tag, 0) + 1


class _Context:
    """A text being collected: the page's own, or that of a marked inline element inside a sentence."""

    __slots__ = ("aside", "found", "run")

    def __init__(self) -> None:
        self.run: list[str] = []  # the pieces of the run so far
        self.aside: list[Any] = []  # what marked inline elements within the run gave: lists as `found`
        self.found: list[Any] = []  # units, and for each aside a list of the same form


def units(root: HtmlElement, marks: Mapping[Any, Any] | None = None) -> Iterator[Unit]:
    """Yield the visible units of `root` in document order, its own tail left out.

    `marks` gives elements a mark that holds for everything inside them, until an element further
    in has a mark of its own. A unit never spans two marks: text of a marked inline element (a
    tooltip in the middle of a sentence) is a unit of its own and follows the sentence around it,
    which stays one unit.
    """
    context = _Context()
    if root.text:
        context.run.append(root.text)
    marks = marks or {}
    _walk(_Frame(root, str(root.tag), None, marks.get(root)), context, marks)
    return _flat(context.found)


def _walk(root: _Frame, context: _Context, marks: Mapping[Any, Any]) -> None:
    frame: _Frame | None = root
    while frame is not None:
        run = context.run  # the list is emptied and filled again, never replaced
        for child in frame.children:
            tag = child.tag
            shape = _SHAPES.get(tag, _BLOCK)
            if shape <= _INLINE:
                mark = marks.get(child, frame.mark) if marks else frame.mark
                if len(child) or (shape == _INLINE and mark is not frame.mark):
                    frame, context = _enter(_Frame(child, tag, frame, mark), shape, context)
                    break
                if shape == _BLOCK:
                    _take_leaf(child, tag, frame, mark, context)
                elif text := child.text:
                    run.append(text)
            elif shape == _BR:
                _break(context, frame.block or frame)
            tail = child.tail
            if tail and (run or not tail.isspace()):
                run.append(tail)
        else:
            frame, context = _leave(frame, context)


def _enter(frame: _Frame, shape: int, context: _Context) -> tuple[_Frame, _Context]:
    """Begin `frame` with its text; return it and the context that the text belongs to."""
    parent = frame.parent
    assert parent is not None
    if shape == _BLOCK:
        if context.run or context.aside:
            _close(context, parent.block or parent)
    elif frame.mark is parent.mark:
        frame.block = parent.block or parent
    else:
        frame.outer = context
        context = _Context()
    text = frame.element.text
    if text and (context.run or not text.isspace()):
        context.run.append(text)
    return frame, context


def _take_leaf(element: Any, tag: str, parent: _Frame, mark: Any, context: _Context) -> None:
    """Take a block element that has only text, as most have, without opening it; an empty one is not counted."""
    if context.run or context.aside:
        _close(context, parent.block or parent)
    text = element.text
    if text and not text.isspace():
        context.run.append(text)
        _close(context, _Frame(element, tag, parent, mark))


def _leave(frame: _Frame, context: _Context) -> tuple[_Frame | None, _Context]:
    """End `frame` with its tail; return its parent and the context that the text after it belongs to."""
    if frame.block is None and (context.run or context.aside):
        _close(context, frame)
    if frame.parent is None:
        return None, context
    tail = frame.element.tail
    outer = frame.outer
    if outer is not None:
        if context.found:
            outer.aside.append(context.found)
        context = outer
        if tail and tail[0] in _CLOSES:
            _drop_space(context.run)
    if tail and (context.run or not tail.isspace()):
        context.run.append(tail)
    return frame.parent, context


def _break(context: _Context, block: _Frame) -> None:
    """Note a `<br>`; a second one with nothing visible since the first ends the run."""
    for piece in reversed(context.run):
        if piece is _BREAK:
            _close(context, block)
            return
        if squeeze(piece):
            break
    context.run.append(_BREAK)


def _drop_space(run: list[str]) -> None:
    """Take away the space before an aside: the sentence goes on with a closing mark."""
    while run and run[-1] is not _BREAK:
        run[-1] = run[-1].rstrip()
        if run[-1]:
            return
        run.pop()


def _close(context: _Context, block: _Frame) -> None:
    """End the run: its text becomes a unit of `block`, if there is any, and its asides follow."""
    run = context.run
    if run:
        text = run[0] if len(run) == 1 else "".join(run)
        run.clear()
        if block.kind is not BlockKind.PREFORMATTED:
            _emit(text, block, context)
        else:
            for part in _BLANK_LINE.split(text):
                _emit(part, block, context)
    if context.aside:
        context.found.extend(context.aside)
        context.aside.clear()


def _emit(text: str, block: _Frame, context: _Context) -> None:
    clean = squeeze(text)
    if clean:
        block.runs += 1
        where = block.path or _path(block)
        if block.runs > 1:
            where = f"{where}#{block.runs}"
        context.found.append(Unit(clean, block.kind, where, block.element, block.mark))


def _path(frame: _Frame) -> str:
    """Return the path of `frame`, and keep it for those below; it recurses `_DEEPEST` times at most."""
    above = frame.anchor or frame.parent
    if above is None:
        frame.path = _step(frame)
    elif frame.anchor is None:
        frame.path = f"{above.path or _path(above)}/{_step(frame)}"
    else:
        frame.path = f"{above.path or _path(above)}/…{frame.depth}/{_step(frame)}"
    return frame.path


def _step(frame: _Frame) -> str:
    identity = frame.element.get("id")
    if identity:
        return f"{frame.tag}#{identity[:_LONGEST_NAME]}"
    classes = frame.element.get("class")
    names = classes.split(None, 1) if classes else None
    name = f"{frame.tag}.{names[0][:_LONGEST_NAME]}" if names else frame.tag
    return name if frame.nth == 1 else f"{name}[{frame.nth}]"


def _flat(found: list[Any]) -> Iterator[Unit]:
    """Yield the units of `found` and of the lists within it, at any depth, in order."""
    open_lists = [iter(found)]
    while open_lists:
        for item in open_lists[-1]:
            if isinstance(item, Unit):
                yield item
            else:
                open_lists.append(iter(item))
                break
        else:
            open_lists.pop()
