"""Say of each line that is not in a body why not, in a reader's terms: a rule and a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsclean.extract.generic.dump_model import BEFORE, INSIDE
from newsclean.extract.generic.dump_words import Cue
from newsclean.model import RemovalKind

if TYPE_CHECKING:
    from newsclean.extract.generic.dump_lines import Look

__all__ = ["fate_of"]

_BY_CUE = {
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


def fate_of(look: Look, state: int, title: str | None) -> tuple[str, RemovalKind]:
    """Return the rule (without its owner) and the kind for a line before, inside or after the body (`state`)."""
    if title is not None and look.text == title:
        return "headline-again", RemovalKind.METADATA_ECHO
    if look.cue:
        return _BY_CUE[Cue(look.cue)]
    if look.credit:
        return "picture-caption", RemovalKind.CAPTION
    if look.dated and look.kind < 2:  # noqa: PLR2004
        return "date-line", RemovalKind.METADATA_ECHO
    return _by_state(look, state)


def _by_state(look: Look, state: int) -> tuple[str, RemovalKind]:
    headline_like = look.size >= _HEADLINE_LIKE
    if state == INSIDE:
        return ("cross-link", RemovalKind.RELATED) if headline_like and not look.prose else ("aside", RemovalKind.OTHER)
    if state == BEFORE:
        return ("before-body", RemovalKind.OTHER) if look.prose else ("menu", RemovalKind.NAVIGATION)
    return ("other-story", RemovalKind.RELATED) if headline_like else ("footer", RemovalKind.NAVIGATION)
