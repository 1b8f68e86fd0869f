"""One pass over the tree: every visible run of text, with what its elements say of it.

Runs are cut as in `newsclean.page.units`: by block elements and by two `<br>` in a row. The pass is
iterative (100,000 nested tags are only slow) and keeps no copies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsclean.extract.generic.evidence import NEUTRAL, Evidence, evidence_of
from newsclean.extract.generic.measure import LEAST_PROSE, ends_sentence, weight
from newsclean.model import BlockKind
from newsclean.page.units import INLINE_TAGS, INVISIBLE_TAGS
from newsclean.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_SKIPPED = INVISIBLE_TAGS | {"br"}
_QUIET = frozenset(("nav", "footer", "menu", "dialog"))  # names inside these decide nothing more
_LINKED = 0.5
_LONG = 80.0
_NO_PROSE = frozenset((BlockKind.HEADING, BlockKind.CAPTION))
_STEPS = 3
_LONGEST_NAME = 40  # hostile names would make paths grow
_BOLD = frozenset(("b", "strong"))

__all__ = ["Frame", "Piece", "Walked", "walk"]

_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), BlockKind.HEADING),
    **dict.fromkeys(("li", "dd", "dt"), BlockKind.LIST_ITEM),
    "blockquote": BlockKind.QUOTE,
    "figcaption": BlockKind.CAPTION,
    "caption": BlockKind.CAPTION,
    "pre": BlockKind.PREFORMATTED,
}


class Frame:
    """One block element: its place, its own evidence, and sums over the text inside it."""

    __slots__ = (
        "element",
        "evidence",
        "is_quiet",
        "kind",
        "noise",
        "order",
        "parent",
        "prose",
        "runs",
        "step",
        "tag",
        "value",
        "where",
    )

    def __init__(self, element: Any, tag: str, parent: Frame | None, order: int, evidence: Evidence) -> None:
        self.element = element
        self.tag = tag
        self.parent = parent
        self.order = order
        self.evidence = evidence
        self.kind: BlockKind = _KINDS.get(tag, parent.kind if parent else BlockKind.PARAGRAPH)
        self.is_quiet: bool = tag in _QUIET or (parent is not None and parent.is_quiet)
        self.noise: str | None = None
        self.prose = 0.0
        self.value = 0.0
        self.runs = 0
        self.where = self.step = ""


class Piece:
    """One visible run of text: `links` and `strong` count its characters inside `<a>` and `<b>`.

    `inline` is the evidence of inline elements that hold all of it, `size` its length in Latin
    letters' worth; `is_prose` says whether it reads as running text by length, end and links.
    """

    __slots__ = ("frame", "inline", "is_prose", "links", "run", "size", "strong", "text")

    def __init__(self, text: str, frame: Frame, run: int, links: int, strong: int, inline: Evidence) -> None:
        self.text = text
        self.frame = frame
        self.run = run
        self.links = links
        self.strong = strong
        self.inline = inline
        self.size = size = weight(text)
        self.is_prose = (
            size >= LEAST_PROSE
            and links <= _LINKED * len(text)
            and (size >= _LONG or ends_sentence(text))
            and frame.kind not in _NO_PROSE
        )

    @property
    def kind(self) -> BlockKind:
        """The kind of block that the markup makes of it."""
        return self.frame.kind

    @property
    def where(self) -> str:
        """The DOM path, with the ordinal of the run where its element has several."""
        path = _path(self.frame)
        return path if self.run == 1 else f"{path}#{self.run}"


class Walked:
    """What the pass found: frames in document order (a parent before its children), and pieces."""

    __slots__ = ("frames", "pieces")

    def __init__(self, frames: list[Frame], pieces: list[Piece]) -> None:
        self.frames = frames
        self.pieces = pieces


class _Run:
    """The run of text being collected."""

    __slots__ = ("breaks", "chars", "held", "holder", "inline", "links", "strong", "texts")

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._reset()

    def _reset(self) -> None:
        self.chars = self.links = self.strong = self.breaks = 0
        self.inline = NEUTRAL
        self.holder: Any = None  # the open inline element that the run began with, if it has evidence
        self.held = 0  # characters of the run when that element ended

    def add(self, text: str, links: int, strong: int) -> None:
        """Take up a text node; white space alone opens no run."""
        if text.isspace():
            if self.texts:
                self.texts.append(text)
            return
        self.texts.append(text)
        size = len(text)
        self.chars += size
        self.breaks = 0
        if links:
            self.links += size
        if strong:
            self.strong += size

    def close(self, frame: Frame, pieces: list[Piece]) -> None:
        """End the run: what was collected becomes a piece of `frame`."""
        if self.chars:
            text = squeeze("".join(self.texts))
            if text:
                frame.runs += 1
                inline = self.inline if self.holder is not None or self.held == self.chars else NEUTRAL
                pieces.append(Piece(text, frame, frame.runs, self.links, self.strong, inline))
        self.texts.clear()
        self._reset()

    def line_break(self, frame: Frame, pieces: list[Piece]) -> None:
        """Note a `<br>`: the second in a row ends the run."""
        if not self.texts:
            return
        self.breaks += 1
        self.texts.append("\n")
        if self.breaks > 1:
            self.close(frame, pieces)

    def hold(self, element: Any, evidence: Evidence) -> None:
        """Note what an inline element that opens a run says of it."""
        if evidence is not NEUTRAL:
            self.inline, self.holder = evidence, element


def walk(root: HtmlElement) -> Walked:  # noqa: C901, PLR0912, PLR0915  (one hot loop)
    """Read all visible text of `root`."""
    frame = Frame(root, str(root.tag), None, 0, NEUTRAL)
    frames = [frame]
    pieces: list[Piece] = []
    run = _Run()
    texts, add = run.texts, run.add
    links = strong = 0  # how many open elements are links, are bold
    children: Iterator[Any] = iter(root)
    element: Any = root
    open_elements: list[tuple[Any, Iterator[Any]]] = []
    if root.text:
        add(root.text, 0, 0)
    while True:
        child = next(children, None)
        if child is None:
            tag = element.tag
            if tag in INLINE_TAGS:
                links -= tag == "a"
                strong -= tag in _BOLD
                if element is run.holder:
                    run.holder, run.held = None, run.chars
            else:
                if texts or run.holder is not None:
                    run.close(frame, pieces)
                if frame.parent is None:
                    return Walked(frames, pieces)
                frame = frame.parent
            text = element.tail
            element, children = open_elements.pop()
            if text:
                add(text, links, strong)
            continue
        tag = child.tag
        if tag in _SKIPPED or not isinstance(tag, str):
            if tag == "br":
                run.line_break(frame, pieces)
            text = child.tail
            if text:
                add(text, links, strong)
            continue
        if tag in INLINE_TAGS:
            if not run.chars and run.holder is None:
                get = child.get
                run.hold(child, evidence_of(tag, get("class") or "", get("id") or "", get("role") or ""))
            if not len(child):
                text = child.text
                if text:
                    add(text, links or tag == "a", strong or tag in _BOLD)
                if child is run.holder:
                    run.holder, run.held = None, run.chars
                text = child.tail
                if text:
                    add(text, links, strong)
                continue
            links += tag == "a"
            strong += tag in _BOLD
        else:
            if texts or run.holder is not None:
                run.close(frame, pieces)
            if frame.is_quiet:
                evidence = NEUTRAL
            else:
                get = child.get
                evidence = evidence_of(tag, get("class") or "", get("id") or "", get("role") or "")
            frame = Frame(child, tag, frame, len(frames), evidence)
            frames.append(frame)
        open_elements.append((element, children))
        element, children = child, iter(child)
        text = child.text
        if text:
            add(text, links, strong)


def _path(frame: Frame) -> str:
    """Name an element by itself and the two around it; the ordinals are those of block elements on the page."""
    if not frame.where:
        steps: list[str] = []
        at: Frame | None = frame
        while at is not None and len(steps) < _STEPS:
            at.step = at.step or _step(at)
            steps.append(at.step)
            at = at.parent
        frame.where = "/".join(reversed(steps))
    return frame.where


def _step(frame: Frame) -> str:
    identity = frame.element.get("id")
    if identity:
        return f"{frame.tag}#{identity[:_LONGEST_NAME]}"
    classes = (frame.element.get("class") or "").split(None, 1)
    return f"{frame.tag}.{classes[0][:_LONGEST_NAME]}:{frame.order}" if classes else f"{frame.tag}:{frame.order}"
