"""One pass over the tree: every visible run of text, with what its elements say of it.

Runs are cut as in `newsclean.page.units`: by block elements and by two `<br>` in a row. The pass is
iterative (100,000 nested tags are only slow) and keeps no copies.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from newsclean.extract.generic.evidence import NEUTRAL, Evidence, evidence_of
from newsclean.extract.generic.pieces import Frame, Piece, Walked
from newsclean.extract.generic.shapes import BLOCK, BREAK, INLINE, SHAPES, menu_lines
from newsclean.model import BlockKind
from newsclean.page.units import INLINE_TAGS
from newsclean.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_MENUS = frozenset(("navigation", "footer"))
_TELLING = frozenset(("time", "label", "button", "option", "textarea", "select"))  # without a class, too
# What these elements hold is named by their class alone: their ids are made from the text, roles are rare.
_NAMED_BY_CLASS = INLINE_TAGS | {"li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "tr", "th", "br"}
_UNSEEN = ("sr-only", "visually-hidden", "visuallyhidden", "screen-reader")
_ASIDE = Evidence(noise="widget")
_BOLD = frozenset(("b", "strong"))

__all__ = ["walk"]


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

    def hold(self, element: Any, tag: str) -> None:
        """Note what an inline element that opens a run says of it."""
        evidence = _evidence(element, tag)
        if evidence is not NEUTRAL:
            self.inline, self.holder = evidence, element

    def let_go(self) -> None:
        """Note that the inline element has ended that the run began with."""
        self.holder, self.held = None, self.chars


class _Walk:
    """The state of one pass: the open frame, the open inline elements that count, what was found."""

    __slots__ = ("frame", "frames", "links", "pieces", "run", "strong")

    def __init__(self, root: HtmlElement) -> None:
        self.frame = Frame(root, str(root.tag), None, 0, NEUTRAL)
        self.frames = [self.frame]
        self.pieces: list[Piece] = []
        self.run = _Run()
        self.links = self.strong = 0

    def read(self, root: HtmlElement) -> None:  # noqa: C901, PLR0912  (one hot loop)
        """Visit all elements below `root`; what is inside an element is entered and left, and never called."""
        run = self.run
        texts, add = run.texts, run.add
        element: Any = root
        children: Iterator[Any] = iter(root)
        outer: list[tuple[Any, Iterator[Any]]] = []
        if root.text:
            add(root.text, 0, 0)
        while True:
            for child in children:
                tag = child.tag
                shape = SHAPES.get(tag, BLOCK)
                if shape == BLOCK:
                    if texts or run.holder is not None:
                        run.close(self.frame, self.pieces)
                    entered = self._enter(child, tag)
                elif shape == INLINE:
                    entered = self._open(child, tag)
                else:
                    entered = False
                    if shape == BREAK:
                        run.line_break(self.frame, self.pieces)
                if entered:
                    outer.append((element, children))
                    element, children = child, iter(child)
                    text = child.text
                    if text:
                        add(text, self.links, self.strong)
                    break
                text = child.tail
                if text and (texts or not text.isspace()):
                    add(text, self.links, self.strong)
            else:
                self._leave(element)
                if not outer:
                    return
                text = element.tail
                element, children = outer.pop()
                if text and (texts or not text.isspace()):
                    add(text, self.links, self.strong)

    def _enter(self, element: Any, tag: str) -> bool:
        """Open a block element; False where it is done with: it is empty, has only text, or is a menu."""
        parent = self.frame
        text = None
        if not len(element):
            text = element.text
            if not text or text.isspace():
                return False
        evidence = NEUTRAL if parent.is_quiet else _evidence(element, tag)
        frame = Frame(element, tag, parent, len(self.frames), evidence)
        self.frames.append(frame)
        if text:
            self._take_leaf(text, frame)
            return False
        if not frame.is_read and frame.evidence.noise in _MENUS:
            frame.is_read = True
            lines = menu_lines(element)
            if lines is not None:
                if lines:
                    text = "\n".join(lines)
                    self.pieces.append(Piece(text, frame, 1, len(text), 0, NEUTRAL))
                return False
        self.frame = frame
        return True

    def _take_leaf(self, text: str, frame: Frame) -> None:
        text = squeeze(text)
        if text:
            frame.runs = 1
            size = len(text)
            self.pieces.append(Piece(text, frame, 1, size if self.links else 0, size if self.strong else 0, NEUTRAL))

    def _open(self, element: Any, tag: str) -> bool:
        """Open an inline element; False where it is done with, having no children."""
        run = self.run
        if not run.chars:
            if run.holder is None:
                run.hold(element, tag)
        elif (
            tag == "span"
            and not len(element)
            and self.frame.kind is not BlockKind.HEADING
            and _is_hidden(element.get("class"))
        ):
            text = squeeze(element.text or "")
            if text:  # a word for screen readers in the middle of a sentence is no part of it
                self.frame.runs += 1
                self.pieces.append(Piece(text, self.frame, self.frame.runs, 0, 0, _ASIDE))
            return False
        if len(element):
            self.links += tag == "a"
            self.strong += tag in _BOLD
            return True
        text = element.text
        if text:
            run.add(text, self.links or tag == "a", self.strong or tag in _BOLD)
        if element is run.holder:
            run.let_go()
        return False

    def _leave(self, element: Any) -> None:
        tag = element.tag
        if SHAPES.get(tag) == INLINE:
            self.links -= tag == "a"
            self.strong -= tag in _BOLD
            if element is self.run.holder:
                self.run.let_go()
            return
        if self.run.texts or self.run.holder is not None:
            self.run.close(self.frame, self.pieces)
        if self.frame.parent is not None:
            self.frame = self.frame.parent


def walk(root: HtmlElement) -> Walked:
    """Read all visible text of `root`."""
    state = _Walk(root)
    state.read(root)
    return Walked(state.frames, state.pieces)


def _evidence(element: Any, tag: str) -> Evidence:
    get = element.get
    if tag in _NAMED_BY_CLASS:
        classes = get("class")
        return evidence_of(tag, classes, "", "") if classes or tag in _TELLING else NEUTRAL
    return evidence_of(tag, get("class"), get("id"), get("role"))


@lru_cache(maxsize=4096)
def _is_hidden(classes: str | None) -> bool:
    return bool(classes) and any(name in classes for name in _UNSEEN)  # type: ignore[operator]
