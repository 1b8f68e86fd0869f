"""Say of each line that is not in a body why not, in a reader's terms: a rule and a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from newsclean.extract.generic.dumps.model import BEFORE, INSIDE
from newsclean.extract.generic.dumps.words import Cue
from newsclean.model import RemovalKind

if TYPE_CHECKING:
    from newsclean.extract.generic.dumps.lines import Look

__all__ = ["OWNER", "fate_of"]

OWNER: Final = "generic-text"

_CUE_FATES: Final[dict[int, tuple[str, RemovalKind]]] = {
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
_BY_CUE: Final = {cue: (f"{OWNER}:{name}", kind) for cue, (name, kind) in _CUE_FATES.items()}
_HEADLINE_LIKE: Final = 35
_CROSS_LINK: Final = (f"{OWNER}:cross-link", RemovalKind.RELATED)
_ASIDE: Final = (f"{OWNER}:aside", RemovalKind.OTHER)
_BEFORE_BODY: Final = (f"{OWNER}:before-body", RemovalKind.OTHER)
_MENU: Final = (f"{OWNER}:menu", RemovalKind.NAVIGATION)
_OTHER_STORY: Final = (f"{OWNER}:other-story", RemovalKind.RELATED)
_FOOTER: Final = (f"{OWNER}:footer", RemovalKind.NAVIGATION)
_HEADLINE_AGAIN: Final = (f"{OWNER}:headline-again", RemovalKind.METADATA_ECHO)
_CAPTION, _DATE_LINE = (
    (f"{OWNER}:picture-caption", RemovalKind.CAPTION),
    (f"{OWNER}:date-line", RemovalKind.METADATA_ECHO),
)


def fate_of(look: Look, state: int, title: str | None) -> tuple[str, RemovalKind]:
    """Return the rule and the kind for a line before, inside or after the body (`state`)."""
    if title is not None and look.text == title:
        return _HEADLINE_AGAIN
    if look.cue:
        return _BY_CUE[look.cue]
    if look.credit:
        return _CAPTION
    if look.dated and look.kind < 2:  # noqa: PLR2004
        return _DATE_LINE
    headline_like = look.size >= _HEADLINE_LIKE
    if state == INSIDE:
        return _CROSS_LINK if headline_like and not look.prose else _ASIDE
    if state == BEFORE:
        return _BEFORE_BODY if look.prose else _MENU
    return _OTHER_STORY if headline_like else _FOOTER
