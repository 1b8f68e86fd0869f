"""Say of each line that is not in a body why not, in a reader's terms: a rule and a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsclean.extract.generic.dump_model import BEFORE, INSIDE
from newsclean.extract.generic.dump_words import Cue
from newsclean.model import RemovalKind

if TYPE_CHECKING:
    from newsclean.extract.generic.dump_lines import Look

__all__ = ["fate_of"]

_BY_CUE: dict[int, tuple[str, RemovalKind]] = {
    Cue.RELATED: ("related-label", RemovalKind.RELATED),
    Cue.SHARE: ("share-bar", RemovalKind.SHARE),
    Cue.NEWSLETTER: ("newsletter-box", RemovalKind.NEWSLETTER),
    Cue.ADVERT: ("advert-label", RemovalKind.ADVERT),
    Cue.COPYRIGHT: ("copyright-line", RemovalKind.COPYRIGHT),
    Cue.COMMENTS: ("comments-label", RemovalKind.OTHER),
    Cue.NAVIGATION: ("menu-label", RemovalKind.NAVIGATION),
    Cue.CREDIT: ("picture-credit", RemovalKind.CAPTION),
    Cue.BYLINE: ("byline", RemovalKind.METADATA_ECHO),
    Cue.TIME: ("date-line", RemovalKind.METADATA_ECHO),
    Cue.NOTICE: ("editorial-notice", RemovalKind.OTHER),
}
_HEADLINE_LIKE = 35
_CROSS_LINK, _ASIDE = ("cross-link", RemovalKind.RELATED), ("aside", RemovalKind.OTHER)
_BEFORE_BODY, _MENU = ("before-body", RemovalKind.OTHER), ("menu", RemovalKind.NAVIGATION)
_OTHER_STORY, _FOOTER = ("other-story", RemovalKind.RELATED), ("footer", RemovalKind.NAVIGATION)


def fate_of(look: Look, state: int, title: str | None) -> tuple[str, RemovalKind]:
    """Return the rule (without its owner) and the kind for a line before, inside or after the body (`state`)."""
    if title is not None and look.text == title:
        return "headline-again", RemovalKind.METADATA_ECHO
    if look.cue:
        return _BY_CUE[look.cue]
    if look.credit:
        return "picture-caption", RemovalKind.CAPTION
    if look.dated and look.kind < 2:  # noqa: PLR2004
        return "date-line", RemovalKind.METADATA_ECHO
    return _by_state(look, state)


def _by_state(look: Look, state: int) -> tuple[str, RemovalKind]:
    headline_like = look.size >= _HEADLINE_LIKE
    if state == INSIDE:
        return _CROSS_LINK if headline_like and not look.prose else _ASIDE
    if state == BEFORE:
        return _BEFORE_BODY if look.prose else _MENU
    return _OTHER_STORY if headline_like else _FOOTER
