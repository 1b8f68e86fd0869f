"""What the make-up of a page says against its being an article: cards, prices, replies, links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsclean.extract.generic.story.body import link_share
from newsclean.model import BlockKind, Reason
from newsclean.text import fold, lowered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsclean.extract.generic.reading.pieces import Piece, Walked
    from newsclean.extract.generic.story.selection import Selection
    from newsclean.page import PageView

__all__ = ["MOST_AGAINST", "Against", "made_as"]

MOST_AGAINST = 17.5  # more than all that can be found here together
_PRICED = re.compile(
    r"^.*?(?:(?:[$€£¥₹]|\b(?:USD|EUR|GBP|Rs\.?|kr))\s?\d|\d\s?(?:€|£|kr\b|zł|Kč|руб|TL\b))", re.MULTILINE
)
_MONEY = ("$", "€", "£", "¥", "₹", "USD", "EUR", "GBP", "Rs", "kr", "zł", "Kč", "руб", "TL")  # each price has one
_REPLIES = frozenset(
    "reply quote upvote like report permalink answer antworten zitieren répondre citer responder citar ответить "
    "цитировать messages posts joined".split()
)
# For `lowered` texts that begin with a line end: from one to the next, the search is fast.
_SHOP = re.compile(
    r"\n(?:add to (?:cart|bag|basket)|quick (?:view|shop|add|buy)|choose options|select options|buy now|shop now|"
    r"in den warenkorb|ajouter au panier|añadir al carrito|aggiungi al carrello|sort by\b.*|filter(?: by)?|filters|"
    r"\d+ (?:items|products|results)|price,? ?:?-? ?(?:high|low) to (?:high|low)|price \((?:high|low).{0,12}\)|"
    r"best ?sell(?:ers|ing)|newest(?: first| arrivals)?|(?:in|out of) stock|"
    r"sold out|free shipping|your (?:cart|bag|basket)(?: is (?:currently )?empty)?|(?:view|go to) (?:cart|bag|basket)|"
    r"subtotal|add to (?:compare|wishlist)|preis (?:auf|ab)steigend|trier par|ordenar por|sortieren nach|"
    r"ordina per|sortuj|s[ıi]rala|сортировать|в корзину|nach preis|prix (?:dé)?croissant)[^\w\n]*(?=\n|$)"
)
_RATED = re.compile(
    r"^(?:\(\d[\d,.]*\)|\d(?:\.\d)? ?(?:out of|/) ?5(?: stars?)?.{0,20}|[★☆]{3,5}.{0,12}|\d[\d,]* reviews?)$",
    re.IGNORECASE | re.MULTILINE,
)
_ANSWERING = re.compile(r"(?:re|aw|sv|odp|ynt|rép)\s?:\s?", re.IGNORECASE)
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\bago\b")
# Members of enumerations that are asked for with every piece: to look one up there takes longer than all the rest.
_HEADING = BlockKind.HEADING
_SHORT = 60
_LABEL = 16
_LONG = 200.0
_PROSE = 80.0
_LINKED = 0.7
_MANY_PRICES, _VERY_MANY_PRICES = 12, 36
_MANY_HEADINGS = 15
_CARDS = 10
_DATES = 8
_TEASERS = 0.8  # of the paragraphs of a story, fewer are long
_MANY_REPLIES, _SOME_REPLIES = 10, 6
_ANSWERS, _SUBJECT = 5, 20
_COLON_AT_MOST = 5  # characters into what `_ANSWERING` matches
_WORDS_OF_SECTION = 2
_RATINGS = 5
_SHOP_LABELS = 4
_HARDLY = 0.12
_MANY_MAKES = 0.2


@dataclass(frozen=True, slots=True)
class Against:
    """A piece of evidence: the reason that it gives, how heavy it weighs, and what it says."""

    reason: Reason
    points: float
    says: str


def made_as(view: PageView, walked: Walked, chosen: Selection, title: str | None) -> list[Against]:
    """Return what the make-up of the page says against an article; `title` is its headline."""
    pieces = walked.pieces
    linked = sum([piece.kind is _HEADING and link_share(piece) > _LINKED for piece in pieces])
    found = [*_of_text(pieces, chosen), *_of_cards(view, pieces, chosen, linked), *_of_labels(pieces)]
    return [*found, *_of_title(view, pieces, linked, title)]


def _of_text(pieces: Sequence[Piece], chosen: Selection) -> Iterator[Against]:
    shown = sum([len(piece.text) for piece in pieces]) or 1
    if sum([len(block.text) for block in chosen.blocks]) < shown * _HARDLY:
        yield Against(Reason.LISTING, 1.25, "hardly any of its text is a story")
    if sum([size > _LONG for size in chosen.sizes]) <= 1:
        yield Against(Reason.LISTING, 0.75, "no paragraphs")
    if sum([piece.links for piece in pieces]) > shown * 0.5:
        yield Against(Reason.LISTING, 0.25, "mostly links")
    if chosen.confidence < _MANY_MAKES and chosen.strategy == "generic:dom":
        yield Against(Reason.LISTING, 1.0, "text of many makes")


def _of_cards(view: PageView, pieces: Sequence[Piece], chosen: Selection, linked: int) -> Iterator[Against]:
    if linked >= _MANY_HEADINGS:
        yield Against(Reason.LISTING, 1.0, "headings that lead elsewhere")
    if linked >= _CARDS and sum(1 for _ in view.tree.iter("article")) >= _CARDS:
        yield Against(Reason.LISTING, 1.0, "cards of stories")
    if linked >= _DATES:
        prose = sum([size > _PROSE for size in chosen.sizes])
        long = sum([size > _LONG for size in chosen.sizes])
        dated = sum(
            len(piece.text) < _SHORT and not piece.frame.noise and bool(_DATED.search(piece.text)) for piece in pieces
        )
        if dated >= _DATES and long < prose * _TEASERS:
            yield Against(Reason.LISTING, 0.75, "dated headings that lead elsewhere")


def _of_labels(pieces: Sequence[Piece]) -> Iterator[Against]:
    lines = "\n".join([piece.text for piece in pieces if len(piece.text) < _SHORT])
    # Counting words costs less than a pattern, and there are at least as many of them.
    prices = len(_PRICED.findall(lines)) if sum(map(lines.count, _MONEY)) >= _RATINGS else 0
    if prices >= _MANY_PRICES:
        yield Against(Reason.PRODUCT, 2.0 if prices >= _VERY_MANY_PRICES else 1.0, "a list of prices")
    if len(_SHOP.findall("\n" + lowered(lines))) >= _SHOP_LABELS:
        yield Against(Reason.PRODUCT, 1.25, "the labels of a shop")
    if prices >= _RATINGS and len(_RATED.findall(lines)) >= _RATINGS:
        yield Against(Reason.PRODUCT, 0.75, "prices with ratings")
    labels = [piece.text for piece in pieces if len(piece.text) < _LABEL and not piece.frame.noise]
    replies = sum([label.strip(" .:·()").lower() in _REPLIES for label in labels])
    if replies >= _SOME_REPLIES:
        points = 3.0 if replies >= _MANY_REPLIES else 1.0
        yield Against(Reason.FORUM, points, "replies as long as the page")


def _of_title(view: PageView, pieces: Sequence[Piece], linked: int, title: str | None) -> Iterator[Against]:
    subject = fold(title or "")
    if not subject:
        return
    section = urlsplit(view.raw.url or view.meta.get("og:url") or "").path.strip("/").rpartition("/")[2]
    if linked >= _DATES and fold(section) == subject and len(subject.split()) <= _WORDS_OF_SECTION:
        yield Against(Reason.LISTING, 1.0, "named as its section")
    addressed = [piece.text for piece in pieces if piece.text.find(":", 0, _COLON_AT_MOST) > 0]
    answers = [text[match.end() :] for text in addressed if (match := _ANSWERING.match(text))]
    if len(answers) < _ANSWERS:
        return
    if sum(fold(answer[:_SHORT]).startswith(subject[:_SUBJECT]) for answer in answers) >= _ANSWERS:
        yield Against(Reason.FORUM, 3.0, "answers under their subject")
