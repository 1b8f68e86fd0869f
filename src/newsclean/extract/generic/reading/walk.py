"""One pass over the tree: every visible run of text, with what its elements say of it.

Runs are cut as in `newsclean.page.units`: by block elements and by two `<br>` in a row. The pass is
iterative (100,000 nested tags are only slow) and keeps no copies.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from newsclean.extract.generic.reading.evidence import NEUTRAL, Evidence, evidence_of, evidence_of_class
from newsclean.extract.generic.reading.pieces import Frame, Piece, Walked
from newsclean.extract.generic.reading.shapes import BLOCK, BREAK, INLINE, SHAPES, menu_lines
from newsclean.model import BlockKind
from newsclean.page.units import INLINE_TAGS
from newsclean.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_MENUS: Final = frozenset(("navigation", "footer"))
_TELLING: Final = frozenset(("time", "label", "button", "option", "textarea", "select"))  # without a class, too
# What these elements hold is named by their class alone: their ids are made from the text, roles are rare.
_NAMED_BY_CLASS: Final = INLINE_TAGS | {"li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "tr", "th", "br"}
_UNSEEN: Final = ("sr-only", "visually-hidden", "visuallyhidden", "screen-reader")
_ASIDE: Final = Evidence(noise="widget")
_BOLD: Final = frozenset(("b", "strong"))
_HEADING: Final = BlockKind.HEADING
_AT_ONCE: Final = 1_000  # a list of all children takes a third of the time of an iterator, and room for all
_BREAK: Final = "\n\r"  # a text that stands for `<br>`, known by identity

__all__ = ["walk"]


class _Run:
    """The run of text being collected; `texts` is empty until text comes that is not white space."""

    __slots__ = ("held", "holder", "inline", "links", "pieces", "strong", "texts")

    def __init__(self, pieces: list[Piece]) -> None:
        self.pieces = pieces
        self.texts: list[str] = []
        self.links = self.strong = 0  # characters of it inside links and bold type
        self.inline = NEUTRAL
        self.holder: Any = None  # the open inline element that the run began with, if it has evidence
        self.held = 0  # texts of the run when that element ended

    def close(self, frame: Frame) -> None:
        """End the run: what was collected becomes a piece of `frame`."""
        texts = self.texts
        if texts:
            text = squeeze(texts[0] if len(texts) == 1 else "".join(texts))
            if text:
                frame.runs = run = frame.runs + 1
                inline = self.inline
                if inline is not NEUTRAL and self.holder is None and not _is_blank(texts[self.held :]):
                    inline = NEUTRAL
                self.pieces.append(Piece(text, frame, run, self.links, self.strong, inline))
            texts.clear()
        self.links = self.strong = self.held = 0
        self.inline, self.holder = NEUTRAL, None

    def line_break(self, frame: Frame) -> None:
        """Note a `<br>`: the second in a row ends the run."""
        texts = self.texts
        for text in reversed(texts):
            if text is _BREAK:
                self.close(frame)
                return
            if not text.isspace():
                break
        if texts:
            texts.append(_BREAK)

    def count(self, text: str, links: int, strong: int) -> None:
        """Note that `text` stands in a link or in bold type."""
        if not text.isspace():
            size = len(text)
            if links:
                self.links += size
            if strong:
                self.strong += size

    def hold(self, element: Any, evidence: Evidence) -> None:
        """Note what an inline element that opens a run says of it."""
        if evidence is not NEUTRAL:
            self.inline, self.holder = evidence, element

    def let_go(self) -> None:
        """Note that the inline element has ended that the run began with."""
        self.holder, self.held = None, len(self.texts)

    def set_aside(self, text: str | None, frame: Frame) -> None:
        """Make a piece of its own of a word for screen readers: in the middle of a sentence it is no part of it."""
        text = squeeze(text or "")
        if text:
            frame.runs += 1
            self.pieces.append(Piece(text, frame, frame.runs, 0, 0, _ASIDE))


def walk(root: HtmlElement) -> Walked:
    """Read all visible text of `root`."""
    frames = [Frame(root, str(root.tag), None, 0)]
    pieces: list[Piece] = []
    _read(root, frames, pieces)
    return Walked(frames, pieces)


def _read(root: Any, frames: list[Frame], pieces: list[Piece]) -> None:  # noqa: C901, PLR0912, PLR0915
    """Visit all elements below `root`: the most costly part of all, so one loop that calls next to nothing."""
    run = _Run(pieces)
    texts = run.texts
    element, children, frame = root, iter(root), frames[0]
    links = strong = 0  # open elements of these kinds
    outer: list[tuple[Any, Iterator[Any], Frame, int, int]] = []
    text = root.text
    while True:
        if text and (texts or not text.isspace()):  # of what was just entered, or after what was just left
            texts.append(text)
            if links or strong:
                run.count(text, links, strong)
        for child in children:
            tag = child.tag
            shape = SHAPES.get(tag, BLOCK)
            if shape == BLOCK:
                if texts or run.holder is not None:
                    run.close(frame)
                text = child.text
                within = len(child)
                if within or (text and not text.isspace()):
                    order = len(frames)
                    inner = Frame(child, tag, frame, order) if frame.is_quiet else _named(child, tag, frame, order)
                    frames.append(inner)
                    if not within:
                        _take_leaf(text, inner, links, strong, pieces)
                    elif inner.is_read or inner.evidence.noise not in _MENUS or not _take_menu(inner, pieces):
                        outer.append((element, children, frame, links, strong))
                        element, frame = child, inner
                        children = iter(child[:] if within < _AT_ONCE else child)
                        break
            elif shape == INLINE:
                if not texts:
                    if run.holder is None:
                        classes = child.get("class")
                        if classes or tag in _TELLING:
                            run.hold(child, evidence_of_class(tag, classes or ""))
                elif tag == "span" and not len(child) and _is_hidden(child.get("class")) and frame.kind is not _HEADING:
                    run.set_aside(child.text, frame)
                    text = child.tail
                    if text:
                        texts.append(text)
                        if links or strong:
                            run.count(text, links, strong)
                    continue
                within = len(child)
                if within:
                    outer.append((element, children, frame, links, strong))
                    element, children = child, iter(child[:] if within < _AT_ONCE else child)
                    links += tag == "a"
                    strong += tag in _BOLD
                    text = child.text
                    break
                text = child.text
                if text and (texts or not text.isspace()):
                    texts.append(text)
                    if links or strong or tag == "a" or tag in _BOLD:
                        run.count(text, links or tag == "a", strong or tag in _BOLD)
                if child is run.holder:
                    run.let_go()
            elif shape == BREAK:
                run.line_break(frame)
            text = child.tail
            if text and (texts or not text.isspace()):
                texts.append(text)
                if links or strong:
                    run.count(text, links, strong)
        else:
            if element is frame.element:
                if texts or run.holder is not None:
                    run.close(frame)
                if not outer:
                    return
            elif element is run.holder:
                run.let_go()
            text = element.tail
            element, children, frame, links, strong = outer.pop()


def _take_leaf(text: str, frame: Frame, links: int, strong: int, pieces: list[Piece]) -> None:
    """Make a piece of a block element that has only text, as most have."""
    text = squeeze(text)
    if text:
        frame.runs = 1
        size = len(text)
        pieces.append(Piece(text, frame, 1, size if links else 0, size if strong else 0, NEUTRAL))


def _take_menu(frame: Frame, pieces: list[Piece]) -> bool:
    """Make one piece of an element that names itself a menu; False where it holds more than labels."""
    frame.is_read = True
    lines = menu_lines(frame.element)
    if lines:
        text = "\n".join(lines)
        pieces.append(Piece(text, frame, 1, len(text), 0, NEUTRAL))
    return lines is not None


def _named(element: Any, tag: str, parent: Frame, order: int) -> Frame:
    """Return the frame of a block element, with what its own names say of its content."""
    if tag in _NAMED_BY_CLASS:
        classes = element.get("class") or ""
        evidence = evidence_of_class(tag, classes) if classes or tag in _TELLING else NEUTRAL
        return Frame(element, tag, parent, order, evidence, classes)
    classes = identity = role = ""
    for name, value in element.items():  # most have one attribute or two: to ask for these three takes longer
        if name == "class":
            classes = value
        elif name == "id":
            identity = value
        elif name == "role":
            role = value
    plain = not (identity or role)
    evidence = evidence_of_class(tag, classes) if plain else evidence_of(tag, classes, identity, role)
    return Frame(element, tag, parent, order, evidence, classes, identity)


@lru_cache(maxsize=4096)
def _is_hidden(classes: str | None) -> bool:
    return bool(classes) and any(name in classes for name in _UNSEEN)  # type: ignore[operator]


def _is_blank(texts: list[str]) -> bool:
    return all(text.isspace() for text in texts)
