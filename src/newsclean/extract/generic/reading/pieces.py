"""What a pass over a page finds: frames (block elements) and the pieces of text inside them."""

from __future__ import annotations

from typing import Any, Final

from newsclean.extract.generic.reading.evidence import NEUTRAL, Evidence, Role
from newsclean.extract.generic.reading.measure import LEAST_PROSE, ends_sentence, weight
from newsclean.model import BlockKind

__all__ = ["Frame", "Piece", "Walked", "classes_of", "role_of"]

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


class Frame:
    """One block element: its place, its own evidence, and sums over the text inside it.

    `classes` and `identity` are its `class` and `id`; None: not looked at yet, see `classes_of`.
    `is_quiet`: names inside it decide nothing more; `is_read`: taken for a menu, which it was not.
    """

    __slots__ = (
        *("classes", "element", "evidence", "identity", "is_quiet", "is_read", "kind", "noise", "order", "parent"),
        *("prose", "runs", "step", "tag", "value"),
    )

    def __init__(
        self,
        element: Any,
        tag: str,
        parent: Frame | None,
        order: int,
        evidence: Evidence = NEUTRAL,
        classes: str | None = None,
        identity: str | None = None,
    ) -> None:
        self.element = element
        self.tag = tag
        self.parent = parent
        self.order = order
        self.evidence = evidence
        self.classes = classes
        self.identity = identity
        if parent is None:
            self.kind = BlockKind.PARAGRAPH
            self.is_quiet = self.is_read = False
        else:
            self.kind = _KINDS.get(tag, parent.kind)
            self.is_quiet = parent.is_quiet or tag in _QUIET
            self.is_read = parent.is_read
        self.noise: str | None = None
        self.prose = 0.0
        self.value = 0.0
        self.runs = 0
        self.step = ""  # its name in a path, once it was asked for


class Piece:
    """One visible run of text, of the `kind` that its markup makes it.

    `links` and `strong` count its characters inside `<a>` and `<b>`, `inline` is the evidence of
    inline elements that hold all of it, `size` its length in Latin letters' worth; `is_prose` says
    whether it reads as running text by length, end and links.
    """

    __slots__ = ("frame", "inline", "is_prose", "kind", "links", "run", "size", "strong", "text")

    def __init__(self, text: str, frame: Frame, run: int, links: int, strong: int, inline: Evidence) -> None:
        self.text = text
        self.frame = frame
        self.run = run
        self.links = links
        self.strong = strong
        self.inline = inline
        self.kind = kind = frame.kind
        self.size: float = len(text) if text.isascii() else weight(text)
        self.is_prose = (
            self.size >= LEAST_PROSE
            and links <= _LINKED * len(text)
            and (self.size >= _LONG or ends_sentence(text))
            and kind is not _HEADING
            and kind is not _CAPTION
        )

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
