"""Whether a page is an article at all: what it declares, what its address says, and how its text is made up.

Each piece of evidence has a weight for or against; what is no article is named by the strongest
evidence against it. A page that gives no body is the extractor's own business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsclean.errors import NotAnArticle
from newsclean.extract.generic.body import link_share
from newsclean.extract.generic.measure import weight
from newsclean.extract.generic.witness import ARTICLE_TYPES
from newsclean.model import BlockKind, Reason

if TYPE_CHECKING:
    from newsclean.extract.generic.dating import Dates
    from newsclean.extract.generic.selection import Selection
    from newsclean.extract.generic.walk import Walked
    from newsclean.extract.generic.witness import Witness
    from newsclean.page import PageView

__all__ = ["demand_article"]


@dataclass(frozen=True, slots=True)
class _Evidence:
    reason: Reason
    points: float
    says: str


_FORUM_TYPES = frozenset(("discussionforumposting", "qapage"))
_LIST_TYPES = frozenset(("collectionpage", "itemlist", "searchresultspage", "offercatalog", "eventseries"))
_PRODUCT_TYPES = frozenset(("product", "productgroup", "individualproduct", "offershippingdetails"))
_FORUM_PATH = re.compile(
    r"/(?:forums?|threads?|topics?/\d|boards?/|viewtopic|showthread|viewthread|community/(?:threads?|t|questions|"
    r"discussions?)|questions/\d|discussions?/|"
    r"talk/|t/[^/]+/\d|d/\d+|groups/|topic/\d+|comments?/)|viewtopic\.php|showtopic|thread-\d+|[?&](?:topic|tid|"
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
    r"|/(?:news|blog|articles|index(?:\.\w+)?)/?$|/c/[^/]+/?$",
    re.IGNORECASE,
)
_SECTION_PATH = re.compile(r"/(?:topics?|archives?|collections?|sections?|series|events)(?:/|$)", re.IGNORECASE)
_STORY_PATH = re.compile(
    r"/(?:19|20)\d\d/(?:\d\d?|[a-z]{3})/|/[^/]*(?:[^/-]+-){4,}[^/]*/?$"
)  # a date, or a headline made into a name
_PRICE = re.compile(r"(?:[$€£¥₹]|\b(?:USD|EUR|GBP|Rs\.?|kr))\s?\d|\d\s?(?:€|£|kr\b|zł|Kč|руб|TL\b)")
_REFUSAL = re.compile(
    r"\b(?:404|403|page (?:not found|cannot be found|does not exist)|access denied|forbidden|just a moment|"
    r"not a (?:ro)?bot|are you (?:a )?(?:human|robot)|verify you are|"
    r"attention required|enable (?:javascript|cookies)|service unavailable|seite (?:wurde )?nicht gefunden|"
    r"page introuvable|página no encontrada|pagina non trovata|"
    r"страница не найдена|stránka nenalezena|sayfa bulunamadı|checking your browser|too many requests)\b",
    re.IGNORECASE,
)
_FEW = 6
_SEVERAL = 5
_LINKED = 0.7
_PRICE_TAG = 60
_LONG = 200.0
_BENEFIT = 1.0  # of the doubt: a page lost costs more than a page too many
_MANY_PRICES = 12
_MANY_LINKED_HEADINGS = 15


def demand_article(
    view: PageView, witness: Witness, walked: Walked, chosen: Selection, dates: Dates, title: str | None
) -> None:
    """Raise `NotAnArticle` where the evidence against an article outweighs that for one."""
    if len(chosen.blocks) <= _FEW and _REFUSAL.search(f"{title or ''} {chosen.blocks[0].text[:80]}"):
        raise NotAnArticle(Reason.ERROR_PAGE, f"an error or a gate: {title}")
    against = [*_declared(witness), *_addressed(view, witness), *_composed(walked, chosen)]
    total = _for_article(witness, chosen, dates, view.raw.url) - sum(item.points for item in against)
    if against and total < 0:
        worst = max(against, key=lambda item: item.points)
        raise NotAnArticle(worst.reason, f"no article: {', '.join(item.says for item in against)}")


def _for_article(witness: Witness, chosen: Selection, dates: Dates, url: str | None) -> float:
    points = _BENEFIT
    if witness.is_news:
        points += 3.0
    if witness.types & ARTICLE_TYPES and witness.article.get("headline"):
        points += 1.5
    if (witness.said("og:type") or "").lower() == "article":
        points += 1.0
    if witness.said("article:published_time"):
        points += 1.0
    if dates.published is not None:
        points += 0.5
    if url and _STORY_PATH.search(urlsplit(url).path):
        points += 0.75
    if sum(weight(block.text) > _LONG for block in chosen.blocks) >= _SEVERAL:
        points += 1.0
    return points


def _declared(witness: Witness) -> list[_Evidence]:
    found = []
    is_article = bool(witness.types & ARTICLE_TYPES)
    if witness.types & _FORUM_TYPES:
        found.append(_Evidence(Reason.FORUM, 4.0, "declared as a forum page"))
    if _FORUM_MAKERS.search(witness.said("generator") or ""):
        found.append(_Evidence(Reason.FORUM, 3.0, "made by forum software"))
    if witness.types & _LIST_TYPES and not is_article:
        found.append(_Evidence(Reason.LISTING, 2.0, "declared as a list"))
    if witness.types & _PRODUCT_TYPES and not is_article:
        found.append(_Evidence(Reason.NOT_AN_ARTICLE, 1.0, "declared as a product"))
    kind = (witness.said("og:type") or "").lower()
    if kind.startswith("product"):
        found.append(_Evidence(Reason.NOT_AN_ARTICLE, 2.5, "declared as a product"))
    return found


def _addressed(view: PageView, witness: Witness) -> list[_Evidence]:
    url = view.raw.url or witness.said("og:url")
    if not url:
        return []
    parts = urlsplit(url)
    found = []
    if parts.path.strip("/") == "" and not parts.query.startswith(("p=", "id=")):
        found.append(_Evidence(Reason.LISTING, 3.0, "the site's front page"))
    if _FORUM_PATH.search(f"{parts.path}?{parts.query}") or (parts.hostname or "").startswith(
        ("forum.", "forums.", "community.", "discuss.")
    ):
        found.append(_Evidence(Reason.FORUM, 3.5, "a forum's address"))
    elif _LIST_PATH.search(parts.path):
        found.append(_Evidence(Reason.LISTING, 2.0, "a list's address"))
    elif _SECTION_PATH.search(parts.path):
        found.append(_Evidence(Reason.LISTING, 1.0, "a section's address"))
    return found


def _composed(walked: Walked, chosen: Selection) -> list[_Evidence]:
    pieces = walked.pieces
    found = []
    shown = sum(len(piece.text) for piece in pieces) or 1
    kept = sum(len(block.text) for block in chosen.blocks)
    long = sum(weight(block.text) > _LONG for block in chosen.blocks)
    if kept < shown * 0.12:
        found.append(_Evidence(Reason.LISTING, 1.25, "hardly any of its text is a story"))
    if long <= 1:
        found.append(_Evidence(Reason.LISTING, 0.75, "no paragraphs"))
    if sum(piece.links for piece in pieces) > shown * 0.5:
        found.append(_Evidence(Reason.LISTING, 0.25, "mostly links"))
    linked = sum(piece.kind is BlockKind.HEADING and link_share(piece) > _LINKED for piece in pieces)
    if linked >= _MANY_LINKED_HEADINGS:
        found.append(_Evidence(Reason.LISTING, 1.0, "headings that lead elsewhere"))
    prices = sum(len(piece.text) < _PRICE_TAG and bool(_PRICE.search(piece.text)) for piece in pieces)
    if prices >= _MANY_PRICES:
        found.append(_Evidence(Reason.NOT_AN_ARTICLE, 2.0 if prices >= 3 * _MANY_PRICES else 1.0, "a list of prices"))
    return found
