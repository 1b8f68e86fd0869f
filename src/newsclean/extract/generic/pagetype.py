"""Whether a page is an article at all: what it declares, what its address says, and how its text is made up.

Each piece of evidence has a weight for or against; what is no article is named by the strongest
evidence against it. A page that gives no body is the extractor's own business.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsclean.errors import NotAnArticle
from newsclean.extract.generic.facts.names import said_by
from newsclean.extract.generic.facts.titles import window_title
from newsclean.extract.generic.gates import refuses
from newsclean.extract.generic.makeup import MOST_AGAINST, Against, made_as
from newsclean.extract.generic.reading.evidence import Role
from newsclean.extract.generic.reading.pieces import role_of
from newsclean.extract.generic.reading.witness import ARTICLE_TYPES
from newsclean.model import Reason
from newsclean.text import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.facts.dating import Dates
    from newsclean.extract.generic.reading.pieces import Piece, Walked
    from newsclean.extract.generic.reading.witness import Witness
    from newsclean.extract.generic.story.selection import Selection
    from newsclean.page import PageView

__all__ = ["demand_article", "says_otherwise"]


_FORUM_TYPES = frozenset(("discussionforumposting", "qapage"))
_LIST_TYPES = frozenset(("collectionpage", "itemlist", "searchresultspage", "offercatalog", "eventseries"))
_PRODUCT_TYPES = frozenset(("product", "productgroup", "individualproduct", "offershippingdetails"))
_FORUM_PATH = re.compile(
    r"/(?:forums?|threads?|topics?/\d|boards?/|viewtopic|showthread|viewthread|community/(?:threads?|t|questions|"
    r"discussions?)|questions/\d|discussions?/|"
    r"talk/|t/[^/]+/\d|t/\d+/|d/\d+|groups/|topic/\d+|comments?/)|viewtopic\.php|showtopic|thread-\d+|[?&](?:topic|tid|"
    r"thread)=\d",
    re.IGNORECASE,
)
_FORUM_MAKERS = re.compile(
    r"\b(?:phpbb|vbulletin|xenforo|discourse|flarum|mybb|smf|simple machines|invision|ip\.board|vanilla forums|"
    r"nodebb|fluxbb|punbb|discuz|question2answer|woltlab)\b",
    re.IGNORECASE,
)
_LIST_PATH = re.compile(
    r"/(?:category|categories|tags?|search|browse|catalogs?|shop|cat|cp|rubrik|jobs|newest|latest|page/\d+)(?:/|$)"
    r"|/(?:news|blog|articles)/?$|^/index(?:\.\w+)?$|^/c/[^/]+|/c/[^/]+/?$",
    re.IGNORECASE,
)
_SECTION_PATH = re.compile(r"/(?:topics?|archives?|collections?|sections?|series|events)(?:/|$)", re.IGNORECASE)
_DATED_PATH = re.compile(r"/(?:19|20)\d\d/(?:\d\d?|[a-z]{3})/")
_HYPHENED = re.compile(r"[^-]-[^-]+-[^-]+-[^-]+-")
_GALLERY_TYPES = frozenset(("imagegallery", "mediagallery", "videogallery"))
_GALLERY_PATH = re.compile(
    r"/(?:photo-?)?(?:galler(?:y|ies)|gallerie|galeri[ea]s?|galeriler|photos?|in-pictures|slideshows?|diaporamas?|"
    r"fotostrecken?|bildergalerien?|fotogaler(?:ia|ie|ija|i)|fotos?|foto-galeri|fotoreportaj)(?:/|$)",
    re.IGNORECASE,
)
_VIDEO_PATH = re.compile(r"/(?:videos?|watch|mediathek|tv|live-?tv|clips?)/", re.IGNORECASE)
_SHORT = 500.0
_FEW = 6
_HARDLY = 300.0
_BEYOND_DOUBT = 6.0  # with so much for it, a newsroom's page is an article however it is made up
_SEVERAL = 5
_LONG = 200.0
_FRONT_MATTER = 0.75  # weighs so much
_WORDS_OF_HEADLINE = 6
_JUST_BEFORE, _JUST_AFTER, _LINE = 3, 8, 160
_SHOWN = frozenset(("visible", "markup:time"))
_BENEFIT = 1.0  # of the doubt: a page lost costs more than a page too many


def demand_article(
    view: PageView, witness: Witness, walked: Walked, chosen: Selection, dates: Dates, title: str | None
) -> None:
    """Raise `NotAnArticle` where the evidence against an article outweighs that for one."""
    size = sum(chosen.sizes)
    if len(chosen.blocks) <= _FEW and refuses(title, chosen.blocks[0].text, is_bare=size < _HARDLY):
        raise NotAnArticle(Reason.ERROR_PAGE, f"an error or a gate: {title}")
    is_short = size < _SHORT
    against = [*_declared(witness, is_short=is_short), *_addressed(view, witness, is_short=is_short)]
    points = _for_article(witness, chosen, dates, view.raw.url) - sum(item.points for item in against)
    if points >= (_BEYOND_DOUBT if witness.is_news else MOST_AGAINST):
        return
    made = made_as(view, walked, chosen, title)
    against += made
    total = points - sum(item.points for item in made)
    if -_FRONT_MATTER <= total < 0 and _has_front_matter(walked.pieces, title, dates, against):
        return
    if against and total < 0:
        worst = max(against, key=lambda item: item.points)
        raise NotAnArticle(worst.reason, f"no article: {', '.join(item.says for item in against)}")


def _has_front_matter(pieces: Sequence[Piece], title: str | None, dates: Dates, against: Sequence[Against]) -> bool:
    """Whether a headline of many words has its printed date beside it, or its byline: those of lists have none.

    Threads of a forum have both.
    """
    folded = fold(title or "")
    if len(folded.split()) < _WORDS_OF_HEADLINE or any(item.reason is Reason.FORUM for item in against):
        return False
    at = next((index for index, p in enumerate(pieces) if p.frame.tag == "h1" and fold(p.text) == folded), None)
    printed = dates.published_raw
    if at is None or printed is None or dates.published_by not in _SHOWN:
        return False
    beside = pieces[max(0, at - _JUST_BEFORE) : at + _JUST_AFTER]
    return any(
        len(piece.text) < _LINE
        and (printed in piece.text or role_of(piece) is Role.BYLINE or bool(said_by(piece.text)))
        for piece in beside
    )


def says_otherwise(view: PageView, witness: Witness) -> Against | None:
    """The strongest evidence against an article, where what the page declares and its address are against it."""
    title = window_title(view)
    if refuses(title, "", is_bare=False):
        return Against(Reason.ERROR_PAGE, 0.0, f"an error or a gate: {squeeze(title or '')}")
    against = [*_declared(witness, is_short=False), *_addressed(view, witness, is_short=False)]
    if sum(item.points for item in against) <= _for_kind(witness, view.raw.url):
        return None
    return max(against, key=lambda item: item.points)


def _for_article(witness: Witness, chosen: Selection, dates: Dates, url: str | None) -> float:
    points = _for_kind(witness, url)
    if dates.published is not None:
        points += 0.5
    if sum([size > _LONG for size in chosen.sizes]) >= _SEVERAL:
        points += 1.0
    return points


def _for_kind(witness: Witness, url: str | None) -> float:
    points = _BENEFIT
    if witness.is_news:
        points += 3.0
    if witness.types & ARTICLE_TYPES and witness.article.get("headline"):
        points += 1.5
    if (witness.said("og:type") or "").lower() == "article":
        points += 1.0
    if witness.said("article:published_time"):
        points += 1.0
    if url and _is_story_path(urlsplit(url).path) and not _FORUM_PATH.search(url):
        points += 0.75
    return points


def _is_story_path(path: str) -> bool:
    """Whether a path has a date in it, or ends in a headline made into a name."""
    _, slash, name = path.removesuffix("/").rpartition("/")
    return bool(slash and _HYPHENED.search(name)) or bool(_DATED_PATH.search(path))


def _declared(witness: Witness, *, is_short: bool) -> list[Against]:
    found = []
    is_article = bool(witness.types & ARTICLE_TYPES)
    if witness.types & _FORUM_TYPES:
        found.append(Against(Reason.FORUM, 4.0, "declared as a forum page"))
    if _FORUM_MAKERS.search(witness.said("generator") or ""):
        found.append(Against(Reason.FORUM, 3.0, "made by forum software"))
    if witness.types & _LIST_TYPES and not is_article:
        page_says_so = "collectionpage" in witness.types and "itemlist" in witness.types
        found.append(Against(Reason.LISTING, 3.75 if page_says_so else 2.0, "declared as a list"))
    if witness.types & _PRODUCT_TYPES and not is_article:
        found.append(Against(Reason.PRODUCT, 1.0, "declared as a product"))
    kind = (witness.said("og:type") or "").lower()
    if kind.startswith("product"):
        found.append(Against(Reason.PRODUCT, 2.5, "declared as a product"))
    if is_short and not is_article:
        if kind.startswith("video") or "videoobject" in witness.types:
            found.append(Against(Reason.VIDEO, 2.0, "declared as a video, with hardly a text"))
        if witness.types & _GALLERY_TYPES:
            found.append(Against(Reason.GALLERY, 2.0, "declared as a gallery, with hardly a text"))
    return found


def _addressed(view: PageView, witness: Witness, *, is_short: bool) -> list[Against]:
    url = view.raw.url or witness.said("og:url")
    if not url:
        return []
    parts = urlsplit(url)
    found = []
    if parts.path.strip("/") == "" and not parts.query.startswith(("p=", "id=")):
        found.append(Against(Reason.LISTING, 3.0, "the site's front page"))
    if _FORUM_PATH.search(f"{parts.path}?{parts.query}") or (parts.hostname or "").startswith(
        ("forum.", "forums.", "community.", "discuss.")
    ):
        found.append(Against(Reason.FORUM, 3.5, "a forum's address"))
    elif _LIST_PATH.search(parts.path):
        found.append(Against(Reason.LISTING, 2.0, "a list's address"))
    elif _SECTION_PATH.search(parts.path):
        found.append(Against(Reason.LISTING, 1.0, "a section's address"))
    if is_short and _GALLERY_PATH.search(parts.path):
        found.append(Against(Reason.GALLERY, 1.5, "a gallery's address, with hardly a text"))
    elif is_short and _VIDEO_PATH.search(parts.path):
        found.append(Against(Reason.VIDEO, 1.5, "a video's address, with hardly a text"))
    return found
