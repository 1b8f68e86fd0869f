"""What a pass over a page finds: frames (block elements) and the pieces of text inside them."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from newsclean.extract.generic.reading.evidence import NEUTRAL, Evidence, Role
from newsclean.extract.generic.reading.measure import LEAST_PROSE, ends_sentence, weight
from newsclean.model import BlockKind

__all__ = ["Frame", "Piece", "Walked", "classes_of", "frame_in", "piece_of", "role_of"]

_BODY_ROLE: Final = Role.BODY  # to look up a member of an enumeration takes longer than all the rest
_NEAREST: Final = range(3)  # of the elements around a piece, so many are asked for the field's name
_QUIET: Final = frozenset(("nav", "footer", "menu", "dialog"))  # names inside these decide nothing more
_LINKED: Final = 0.5
_LONG: Final = 80.0
_HEADING: Final = BlockKind.HEADING
_CAPTION: Final = BlockKind.CAPTION
_LONGEST_NAME: Final = 40  # hostile names would make paths grow
_KINDS: Final = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), BlockKind.HEADING),
    **dict.fromkeys(("li", "dd", "dt"), BlockKind.LIST_ITEM),
    "blockquote": BlockKind.QUOTE,
    "figcaption": BlockKind.CAPTION,
    "caption": BlockKind.CAPTION,
    "pre": BlockKind.PREFORMATTED,
}


class Frame(msgspec.Struct, gc=False, eq=False):
    """One block element: its place, its own evidence, and sums over the text inside it.

    `classes` and `identity` are its `class` and `id`; None: not looked at yet, see `classes_of`.
    `is_quiet`: names inside it decide nothing more; `is_read`: taken for a menu, which it was not.
    """

    # A struct, as a page has hundreds: made in a quarter of the time of a class of Python.
    element: Any
    tag: str
    parent: Frame | None
    order: int
    kind: BlockKind = BlockKind.PARAGRAPH
    is_quiet: bool = False
    is_read: bool = False
    evidence: Evidence = NEUTRAL
    classes: str | None = None
    identity: str | None = None
    noise: str | None = None
    prose: float = 0.0
    value: float = 0.0
    runs: int = 0
    step: str = ""  # its name in a path, once it was asked for


def frame_in(
    parent: Frame,
    element: Any,
    tag: str,
    order: int,
    evidence: Evidence = NEUTRAL,
    classes: str | None = None,
    identity: str | None = None,
) -> Frame:
    """Return the frame of an element in that of an outer one."""
    return Frame(
        element,
        tag,
        parent,
        order,
        _KINDS.get(tag, parent.kind),
        tag in _QUIET or parent.is_quiet,
        parent.is_read,
        evidence,
        classes,
        identity,
    )


class Piece(msgspec.Struct, gc=False, eq=False):
    """One visible run of text, of the `kind` that its markup makes it.

    `links` and `strong` count its characters inside `<a>` and `<b>`, `inline` is the evidence of
    inline elements that hold all of it, `size` its length in Latin letters' worth; `is_prose` says
    whether it reads as running text by length, end and links.
    """

    text: str
    frame: Frame
    run: int
    links: int
    strong: int
    inline: Evidence
    kind: BlockKind
    size: float
    is_prose: bool

    @property
    def where(self) -> str:
        """The DOM path, with the ordinal of the run where its element has several."""
        path = _path(self.frame)
        return path if self.run == 1 else f"{path}#{self.run}"


def piece_of(text: str, frame: Frame, run: int, links: int, strong: int, inline: Evidence) -> Piece:
    """Return the piece that a run of text of a frame makes."""
    kind = frame.kind
    size = len(text) if text.isascii() else weight(text)
    is_prose = (
        size >= LEAST_PROSE
        and links <= _LINKED * len(text)
        and (size >= _LONG or ends_sentence(text))
        and kind is not _HEADING
        and kind is not _CAPTION
    )
    return Piece(text, frame, run, links, strong, inline, kind, size, is_prose)


class Walked:
    """What the pass found: frames in document order (a parent before its children), and pieces."""

    __slots__ = ("frames", "pieces")

    def __init__(self, frames: list[Frame], pieces: list[Piece]) -> None:
        self.frames = frames
        self.pieces = pieces


def _path(frame: Frame) -> str:
    """Name an element by itself and the one around it; the ordinals are those of block elements on the page."""
    outer = frame.parent
    return (
        (frame.step or _step(frame)) if outer is None else f"{outer.step or _step(outer)}/{frame.step or _step(frame)}"
    )


def classes_of(frame: Frame) -> str:
    """The `class` of a frame's element."""
    classes = frame.classes
    if classes is None:
        classes = frame.classes = frame.element.get("class") or ""
    return classes


def _step(frame: Frame) -> str:
    identity = frame.identity
    if identity is None:
        identity = frame.identity = frame.element.get("id") or ""
    if identity:
        step = f"{frame.tag}#{identity[:_LONGEST_NAME]}"
    else:
        classes = classes_of(frame).split(None, 1)
        step = f"{frame.tag}.{classes[0][:_LONGEST_NAME]}:{frame.order}" if classes else f"{frame.tag}:{frame.order}"
    frame.step = step
    return step


def role_of(piece: Piece) -> Role | None:
    """The nearest field name among the elements around a piece."""
    role = piece.inline.role
    if role is not None:
        return role
    at: Frame | None = piece.frame
    for _ in _NEAREST:
        if at is None:
            return None
        role = at.evidence.role
        if role is not None and role is not _BODY_ROLE:
            return role
        at = at.parent
    return None
