"""From an lxml tree to the pieces of text that a reader sees, in order, each with its place.

A unit is a run of text that no block element, `<hr>` or double `<br>` interrupts: what a browser's
innerText puts on lines of its own. Units are the currency of extraction: an extractor says of each
one whether it is body, a field or to be removed, so nothing visible can get lost in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsclean.model import BlockKind
from newsclean.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.html import HtmlElement

__all__ = ["INVISIBLE_TAGS", "Unit", "units"]

INVISIBLE_TAGS = frozenset(
    "head script style template noscript iframe object svg math canvas audio video meta link param source track".split()
)
INLINE_TAGS = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr q rp rt ruby s samp "
    "small span strike strong sub sup time tt u var wbr picture button o:p".split()
)
_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), BlockKind.HEADING),
    **dict.fromkeys(("li", "dd", "dt"), BlockKind.LIST_ITEM),
    "blockquote": BlockKind.QUOTE,
    "figcaption": BlockKind.CAPTION,
    "caption": BlockKind.CAPTION,
    "pre": BlockKind.PREFORMATTED,
}


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
    """The state of one open element during the walk."""

    __slots__ = ("children", "counts", "element", "inline", "kind", "mark", "parent", "runs", "step")

    def __init__(self, element: Any, parent: _Frame | None, kind: BlockKind, mark: Any, inline: bool, step: str) -> None:  # noqa: FBT001
        self.element = element
        self.parent = parent
        self.kind = kind
        self.mark = mark
        self.inline = inline
        self.step = step
        self.children = iter(element)
        self.counts: dict[str, int] = {}
        self.runs = 0


def _path(frame: _Frame) -> str:
    steps: list[str] = []
    at: _Frame | None = frame
    while at is not None:
        steps.append(at.step)
        at = at.parent
    return "/".join(reversed(steps))


def units(root: HtmlElement, marks: Mapping[Any, Any] | None = None) -> Iterator[Unit]:
    """Yield the visible units of `root` in document order.

    `marks` gives elements a mark that holds for everything inside them, until an element further
    in has a mark of its own. A unit never spans two marks: text of a marked inline element (a
    tooltip in the middle of a sentence) is a unit of its own, and the sentence around it is one.
    """
    marks = marks or {}
    frame = _Frame(root, None, _KINDS.get(root.tag, BlockKind.PARAGRAPH), marks.get(root), False, str(root.tag))
    block = frame  # the frame whose run is being collected
    run: list[str] = []
    aside: list[Unit] = []  # units of marked inline elements met within the run

    def close() -> Iterator[Unit]:
        text = squeeze("".join(run))
        run.clear()
        if text:
            block.runs += 1
            where = _path(block) if block.runs == 1 else f"{_path(block)}#{block.runs}"
            yield Unit(text, block.kind, where, block.element, block.mark)
        if aside:
            yield from aside
            aside.clear()

    if root.text:
        run.append(root.text)
    breaks = 0
    while True:
        child = next(frame.children, None)
        if child is None:
            if frame.parent is None:
                yield from close()
                return
            done, frame = frame, frame.parent
            if not done.inline:
                yield from close()
                block = _block_of(frame)
            tail = done.element.tail
            if tail:
                run.append(tail)
                breaks = 0 if tail.strip() else breaks
            continue
        tag = child.tag
        if not isinstance(tag, str) or tag in INVISIBLE_TAGS:
            if child.tail:
                run.append(child.tail)
            continue
        if tag == "br":
            breaks += 1
            run.append("\n")
            if breaks > 1:
                yield from close()
                breaks = 0
            if child.tail:
                run.append(child.tail)
                breaks = 0 if child.tail.strip() else breaks
            continue
        mark = marks.get(child, frame.mark)
        inline = tag in INLINE_TAGS
        if inline and mark is not frame.mark:
            # Marked otherwise than the sentence it stands in: its own units, the sentence goes on.
            aside.extend(_inside(child, marks, mark, frame))
            if child.tail:
                run.append(child.tail)
            continue
        breaks = 0
        if not inline:
            yield from close()
        step = tag if inline else _step(child, frame)
        frame = _Frame(child, frame, _KINDS.get(tag, frame.kind), mark, inline, step)
        if not inline:
            block = frame
        if child.text:
            run.append(child.text)


def _block_of(frame: _Frame) -> _Frame:
    while frame.inline and frame.parent is not None:
        frame = frame.parent
    return frame


def _inside(element: HtmlElement, marks: Mapping[Any, Any], mark: Any, frame: _Frame) -> Iterator[Unit]:
    base = _path(frame)
    for unit in units(element, {**marks, element: mark}):
        yield Unit(unit.text, unit.kind, f"{base}/{unit.where}", unit.element, unit.mark)


def _step(element: HtmlElement, parent: _Frame) -> str:
    identity = element.get("id")
    if identity:
        return f"{element.tag}#{identity}"
    count = parent.counts.get(element.tag, 0) + 1
    parent.counts[element.tag] = count
    classes = element.get("class", "").split()
    name = f"{element.tag}.{classes[0]}" if classes else element.tag
    return name if count == 1 else f"{name}[{count}]"
