"""Which pieces are the story: the region with most prose, then each piece in it by itself.

Every frame is given the sum of what its pieces are worth (prose counts for it, link lists against),
so that the frame with the highest sum is the smallest one that holds the whole story.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from newsclean.extract.generic.reading.evidence import Role
from newsclean.extract.generic.reading.pieces import classes_of
from newsclean.model import BlockKind

if TYPE_CHECKING:
    from newsclean.extract.generic.reading.pieces import Frame, Piece, Walked

__all__ = ["Region", "choose_region", "link_share", "mark_noise", "noise_of"]

# Members of enumerations that are asked for with every piece: to look one up there takes longer than all the rest.
_NO_TEXT: Final = (Role.CAPTION, Role.BYLINE, Role.DATE)
_HEADING: Final = BlockKind.HEADING
_LIST_ITEM: Final = BlockKind.LIST_ITEM
_LINKED: Final = 0.5
_MOST: Final = 0.45
_WORDLESS: Final = frozenset(("navigation", "share", "media", "tags"))  # what these name has no paragraphs
_TOO_MUCH: Final = 600.0


def link_share(piece: Piece) -> float:
    """The part of a piece that lies in links, 0 to 1."""
    links = piece.links
    return min(1.0, links / len(piece.text)) if links else 0.0


def mark_noise(walked: Walked) -> None:
    """Set each frame's `noise`: its own or an outer one's, unless it holds most of the prose.

    A name that says `sidebar` of the element that holds the story is about the layout.
    """
    for piece in walked.pieces:
        if piece.is_prose:
            piece.frame.prose += piece.size
    for frame in reversed(walked.frames):
        if frame.prose and frame.parent is not None:
            frame.parent.prose += frame.prose
    most = walked.frames[0].prose * _MOST
    void = _void_names(walked.frames, most)
    titled = _above_headlines(walked.frames)
    for frame in walked.frames:
        outer = frame.parent.noise if frame.parent is not None else None
        if outer:
            frame.noise = outer
            continue
        own = frame.evidence.noise
        if own is None:
            continue
        if (frame.prose > most and (own != "comments" or frame.order in titled)) or _name_of(frame) in void:
            own = None
        if own in _WORDLESS and not frame.evidence.sure and frame.prose > _TOO_MUCH:
            own = None
        frame.noise = own


def _above_headlines(frames: list[Frame]) -> set[int]:
    found: set[int] = set()
    for frame in frames:
        if frame.tag == "h1":
            at = frame.parent
            while at is not None and at.order not in found:
                found.add(at.order)
                at = at.parent
    return found


def _name_of(frame: Frame) -> tuple[str, str]:
    return (frame.tag, classes_of(frame))


def _void_names(frames: list[Frame], most: float) -> set[tuple[str, str]]:
    """Names that say noise of elements which together hold most of the prose: they say it of the layout."""
    held: dict[tuple[str, str], float] = {}
    for frame in frames:
        if frame.evidence.noise and frame.prose and not frame.evidence.sure:
            name = _name_of(frame)
            held[name] = held.get(name, 0.0) + frame.prose
    return {name for name, prose in held.items() if prose > most}


class Region:
    """The frame that holds the story and how sure its choice is, 0 to 1."""

    __slots__ = ("confidence", "frame")

    def __init__(self, frame: Frame, confidence: float) -> None:
        self.frame = frame
        self.confidence = confidence


def choose_region(walked: Walked) -> Region:
    """Return the frame whose pieces are worth most together."""
    total = 0.0
    for piece in walked.pieces:
        value = _value(piece)
        if value:
            piece.frame.value += value
            if value > 0:
                total += value
    best = walked.frames[0]
    for frame in reversed(walked.frames):
        value, parent = frame.value, frame.parent
        if value and parent is not None:
            parent.value += value
        most = best.value  # the root's, which grows, until there is a better one
        if value > most or (value == most and frame.order > best.order):
            best = frame
    # The root's own sum is complete only now.
    root = walked.frames[0]
    if root.value > best.value:
        best = root
    return Region(best, best.value / total if total else 0.0)


def _value(piece: Piece) -> float:
    frame = piece.frame
    if frame.noise:
        return 0.0
    role = frame.evidence.role
    if role is not None and role in _NO_TEXT:
        return 0.0
    size = piece.size
    share = link_share(piece) if piece.links else 0.0
    if piece.is_prose:
        worth = size * (1 - share)
        return worth * (0.6 if piece.kind is _LIST_ITEM else 1.0)
    if share > _LINKED:
        return -min(size, 60.0)
    return 0.0 if piece.kind is _HEADING or frame.tag in ("td", "th") else -min(size, 2.0)


def noise_of(piece: Piece) -> str | None:
    """The boilerplate that a piece's elements name it as, if any."""
    inline = piece.inline
    return piece.frame.noise or inline.noise
