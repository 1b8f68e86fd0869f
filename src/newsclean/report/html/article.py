"""The audit view of one page: raw on one side, clean on the other, and a way from each field to where it was read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from importlib.metadata import version
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from newsclean.report.html.rendering import render

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newsclean.model import Article
    from newsclean.run.explaining import Explanation, Piece

__all__ = ["ShownPage", "article_page", "shown_page"]

_KEPT: Final = "kept"
_FIELDS: Final = (
    *(
        "title",
        "standfirst",
        "byline",
        "authors",
        "agency",
        "dateline",
        "section",
        "topics",
        "persons",
        "places",
        "place",
    ),
    *("published_at", "modified_at", "captions", "language", "word_count", "canonical_url", "license", "flags"),
)
# A field is read in the pieces that were moved to it, or to the column that it is a part of.
_READ_IN: Final = {
    "published_at": ("published_raw",),
    "modified_at": ("modified_raw",),
    "authors": ("byline",),
    "agency": ("byline",),
}
_MOST_PLACES: Final = 12
# What is thrown away and longer than this is folded.
_MOST_LINES: Final = 4
_MOST_CHARS: Final = 500


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page taken apart, ready to be shown: its pieces in order, and its articles with where each part was read.

    Pieces come in groups: what one rule threw away in a row is one, anything else stands alone.
    """

    groups: list[list[dict[str, Any]]]
    articles: list[dict[str, Any]]
    kinds: list[tuple[str, int]]


def article_page(explanation: Explanation) -> str:
    """Return the page that shows what became of a raw page, as HTML."""
    outcome = explanation.outcome
    shown = shown_page(explanation)
    titles = [article.title for article in outcome.articles if article.title]
    return render(
        "article.html",
        title=titles[0] if titles else outcome.page.raw_path,
        page=outcome.page,
        read_by=f"{outcome.extractor} ({outcome.strategy})" if outcome.extractor else None,
        version=version("newsclean"),
        rejection=outcome.rejection,
        lost=explanation.lost,
        groups=shown.groups,
        articles=shown.articles,
        kinds=shown.kinds,
    )


def shown_page(explanation: Explanation) -> ShownPage:
    """Return what a template needs to show an explanation."""
    is_rejected = not explanation.outcome.articles
    pieces = [_shown_piece(n, piece, is_rejected=is_rejected) for n, piece in enumerate(explanation.pieces)]
    kinds = Counter(piece["fate"] for piece in pieces if piece["fate"])
    articles = [_shown_article(n, one, explanation.pieces) for n, one in enumerate(explanation.outcome.articles)]
    groups = [list(group) for _, group in groupby(pieces, key=lambda piece: piece["group"])]
    return ShownPage(groups, articles, kinds.most_common())


def _shown_piece(number: int, piece: Piece, *, is_rejected: bool) -> dict[str, Any]:
    fate = "" if is_rejected else str(piece.kind or _KEPT)
    why = f"{f'to {piece.moved_to}, ' if piece.moved_to else ''}{piece.rule}" if piece.rule is not None else None
    is_thrown_away = piece.rule is not None and piece.moved_to is None
    is_long = is_thrown_away and (piece.text.count("\n") > _MOST_LINES or len(piece.text) > _MOST_CHARS)
    return {
        "number": number,
        "text": piece.text,
        "fate": fate,
        "why": why,
        "is_long": is_long,
        "where": piece.where,
        "place": _short(piece.where),
        "group": (piece.rule, fate) if is_thrown_away else number,
    }


def _short(where: str) -> str:
    """Return the last step of a DOM path, or the line."""
    return where.rpartition("/")[2]


def _shown_article(segment: int, article: Article, pieces: Sequence[Piece]) -> dict[str, Any]:
    mine = [(n, piece) for n, piece in enumerate(pieces) if piece.segment == segment]
    blocks = [{"number": n, "text": piece.text, "where": piece.where} for n, piece in mine if piece.rule is None]
    told = dict(article.witnesses)
    fields = [
        {**_shown_field(name, value, mine), "witness": told.get(name)}
        for name in _FIELDS
        for value in [_value(article, name)]
        if value
    ]
    return {"fields": fields, "blocks": blocks, "article": article}


def _shown_field(name: str, value: str, mine: Iterable[tuple[int, Piece]]) -> dict[str, Any]:
    columns = (name, *_READ_IN.get(name, ()))
    found = [(n, piece.where) for n, piece in mine if piece.moved_to in columns][:_MOST_PLACES]
    return {
        "name": name,
        "value": value,
        "pieces": [n for n, _ in found],
        "places": [(where, _short(where)) for _, where in found],
    }


def _value(article: Article, name: str) -> str:
    if name in ("published_at", "modified_at"):
        moment = article.published if name == "published_at" else article.modified
        return f"{moment.at:%Y-%m-%d %H:%M:%S} UTC, known to the {moment.precision}" if moment else ""
    if name == "language":
        return f"{article.language.language} ({article.language.confidence:.2f}, {article.language.source})"
    if name == "captions":
        return " | ".join(f"{one.text}{f' [{one.credit}]' if one.credit else ''}" for one in article.captions)
    if name == "dateline":
        return article.dateline.text if article.dateline else ""
    value = getattr(article, name)
    return ", ".join(value) if isinstance(value, tuple) else str(value or "")
