"""What becomes of a piece that is not body: the rule's name, its kind, and the column it moved to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from newsclean.extract.generic.reading.evidence import NOISE_KINDS, Role
from newsclean.extract.generic.reading.measure import ends_sentence
from newsclean.extract.generic.reading.pieces import role_of
from newsclean.extract.generic.story.body import link_share
from newsclean.model import BlockKind, RemovalKind
from newsclean.text import lowered

if TYPE_CHECKING:
    from newsclean.extract.generic.facts.titles import Headline
    from newsclean.extract.generic.reading.pieces import Frame, Piece

__all__ = [
    "AFTER",
    "AUTHOR",
    "BEFORE",
    "BYLINE",
    "CAPTION",
    "CROSS_LINK",
    "ECHO",
    "LABEL",
    "OUTSIDE",
    "REPEATED",
    "STANDFIRST",
    "STRANGER",
    "TEASER",
    "TITLE",
    "UNFILED",
    "Fate",
    "fate_of",
    "is_in_figure",
]


class Fate(NamedTuple):
    """Why a piece is not in the body."""

    rule: str
    kind: RemovalKind
    moved_to: str | None = None


OUTSIDE: Final = Fate("outside-story", RemovalKind.TEMPLATE)
ECHO: Final = Fate("headline-echo", RemovalKind.METADATA_ECHO)
TITLE: Final = Fate("headline", RemovalKind.METADATA_ECHO, "title")
STANDFIRST: Final = Fate("standfirst", RemovalKind.METADATA_ECHO, "standfirst")
CAPTION: Final = Fate("caption", RemovalKind.CAPTION, "captions")
BYLINE: Final = Fate("byline", RemovalKind.METADATA_ECHO)
LABEL: Final = Fate("label", RemovalKind.METADATA_ECHO)
CROSS_LINK: Final = Fate("cross-link", RemovalKind.RELATED)
BEFORE: Final = Fate("before-story", RemovalKind.TEMPLATE)
AFTER: Final = Fate("after-story", RemovalKind.TEMPLATE)
STRANGER: Final = Fate("stranger", RemovalKind.OTHER)
UNFILED: Final = Fate("not-in-filed-text", RemovalKind.OTHER)
REPEATED: Final = Fate("repeated", RemovalKind.OTHER)
TEASER: Final = Fate("teaser", RemovalKind.RELATED)
AUTHOR: Final = Fate("author-box", RemovalKind.OTHER)
NOTICE: Final = Fate("notice", RemovalKind.TEMPLATE)

_NOISE: Final = {name: Fate(name, kind) for name, kind in NOISE_KINDS.items()}
# Members of enumerations that are asked for with every piece: to look one up there takes longer than all the rest.
_CAPTION_ROLE: Final = Role.CAPTION
_BYLINE_ROLE: Final = Role.BYLINE
_DATE_ROLE: Final = Role.DATE
_CAPTION: Final = BlockKind.CAPTION
_HEADING: Final = BlockKind.HEADING
_LIST_ITEM: Final = BlockKind.LIST_ITEM
_LONGEST_BYLINE: Final = 200
_LINKED: Final = 0.8
_PARTLY: Final = 0.3
_LABELLED: Final = re.compile(r"^.{2,45}?[:|►▶→»>–-]\s*")
# For `lowered` texts.
_INVITES: Final = re.compile(
    r"\W*(?:also read|read also|read more|read next|read:|see also|more on this|more:|related|recommended:|"
    r"watch\b|listen\b|click here|subscribe|sign up|"
    r"lesen sie|mehr zum thema|mehr zu|auch interessant|siehe auch|lire aussi|à lire|voir aussi|lee también|"
    r"lea también|te puede interesar|leia também|"
    r"leia mais|leggi anche|lees ook|læs også|les også|läs mer|läs också|lue myös|czytaj|zobacz|čtěte|přečtěte|"
    r"читайте|читать|смотрите также|дивіться|"
    r"follow us|get the latest|推荐阅读|相关阅读|延伸阅读|関連記事)"
)
_NOTICES: Final = re.compile(
    r"\W*(?:(?:copyright|©|\(c\) ?\d{4})|all rights reserved|this (?:article|story|post|content) (?:was|is|may|"
    r"has been)? ?(?:originally|first)? ?(?:published|appeared|contain)|"
    r"sign up (?:to|for|here)|subscribe (?:to|now|here|for)|follow .{2,40} on (?:google|facebook|twitter|"
    r"instagram|x\b|whatsapp|telegram)|"
    r"download (?:the|our) .{0,20}app|join (?:our|the) .{0,30}(?:channel|newsletter|group)|"
    r"placeholder\b|you may use these html tags|alle rechte vorbehalten|"
    r"advertisement|anzeige|werbung|publicidad|publicité|reklam|реклама|story continues below|article continues|"
    r"support our journalism|"
    r"melden sie sich|abonnieren sie|empfohlener (?:redaktioneller|externer) inhalt|externer inhalt|"
    r"an dieser stelle (?:findest|finden|befindet)|deine privatsphäre-einstellungen|"
    r"(?:have you )?got a (?:story|news ?tip|tip)\b|do you have a (?:story|tip)|for more stories like this|"
    r"know more\? (?:contact|email)|contact (?:the|our) (?:newsroom|newsdesk|reporter)|"
    r"ich bin (?:damit )?einverstanden|we (?:may )?(?:earn|receive) (?:a )?commission|(?:loading|wird geladen|"
    r"player wird)|your email address)"
)
_SHORT_NOTICE: Final = 320


def fate_of(piece: Piece, *, inside: bool, headline: Headline | None) -> Fate | None:
    """What the piece by itself says of its fate; None: it may be body."""
    if headline and len(piece.text) in headline.lengths and headline.is_echoed_by(piece.text):
        return TITLE if piece.frame.tag == "h1" else ECHO
    noise = piece.frame.noise or piece.inline.noise
    if not inside:
        return _NOISE[noise] if noise else OUTSIDE
    role = role_of(piece)
    if role is _CAPTION_ROLE or piece.kind is _CAPTION:
        return CAPTION
    if noise:
        return _NOISE[noise]
    if (role is _BYLINE_ROLE or role is _DATE_ROLE) and len(piece.text) < _LONGEST_BYLINE:
        return BYLINE
    if _is_cross_link(piece):
        return CROSS_LINK
    if is_in_figure(piece.frame):
        return CAPTION
    if len(piece.text) < _SHORT_NOTICE and piece.kind is not _HEADING and _NOTICES.match(lowered(piece.text)):
        return NOTICE
    return None


def _is_cross_link(piece: Piece) -> bool:
    if not piece.links:
        return False
    share = link_share(piece)
    if share > _LINKED:
        return piece.kind not in (_LIST_ITEM, _HEADING)
    if share < _PARTLY:
        return False
    if _INVITES.match(lowered(piece.text)):
        return True
    label = _LABELLED.match(piece.text)
    return bool(label) and not ends_sentence(piece.text) and len(piece.text) - label.end() <= piece.links + 3  # type: ignore[union-attr]


def is_in_figure(frame: Frame) -> bool:
    """Whether a frame lies in a figure, and in no table, quote or list inside it."""
    at: Frame | None = frame
    for _ in range(6):
        if at is None or at.tag in ("table", "blockquote", "li"):
            return False
        if at.tag == "figure":
            return True
        at = at.parent
    return False
