"""`GenericHtml`: any news page in HTML to an article, with no knowledge of its site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsclean.errors import ExtractionFailed
from newsclean.extract.generic import body, bylines, dating, measure, metadata, pagetype, selection, structured, titles
from newsclean.extract.generic.walk import walk
from newsclean.extract.generic.witness import read_witness
from newsclean.model import Extraction, Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.selection import Selection
    from newsclean.extract.generic.titles import Headline
    from newsclean.extract.generic.walk import Piece, Walked
    from newsclean.model import Block
    from newsclean.page import PageView

__all__ = ["GenericHtml"]

_PART = 0.4
_ENOUGH = 300.0


class GenericHtml:
    """The extractor for HTML pages of sites without a profile."""

    name = "generic"

    def extract(self, view: PageView) -> tuple[Extraction, ...]:
        """Return the page's one article; raises `NotAnArticle` or `ExtractionFailed`."""
        witness = read_witness(view)
        walked = walk(view.tree)
        body.mark_noise(walked)
        url = view.raw.url
        names = titles.site_names(witness, url)
        headings = [piece for piece in walked.pieces if piece.frame.tag == "h1"]
        page_title = next((element.text for element in view.tree.iter("title")), None)
        headline = titles.choose_title(
            [piece.text for piece in headings], witness, page_title, names, news=witness.is_news
        )
        filed = structured.filed_body(witness)
        chosen = selection.select(walked, witness, headline, filed)
        chosen = _with_data(chosen, view, filed, walked, headline)
        if not chosen.blocks:
            raise ExtractionFailed(Reason.NO_BODY, "no running text that could be a story")
        title_at = _place_of(headline, walked.pieces)
        dates = dating.read_dates(view, witness, walked.pieces, title_at)
        pagetype.demand_article(view, witness, walked, chosen, dates, headline.text if headline else None)
        authors = bylines.read_authors(view, witness, walked.pieces, title_at, names)
        return (
            Extraction(
                strategy=chosen.strategy,
                blocks=chosen.blocks,
                removals=chosen.removals,
                title=headline.text if headline else None,
                standfirst=chosen.standfirst,
                captions=chosen.captions,
                byline=authors.byline,
                authors=authors.names,
                published=dates.published,
                published_raw=dates.published_raw,
                modified=dates.modified,
                modified_raw=dates.modified_raw,
                section=witness.said("article:section") or witness.article_text("articleSection"),
                topics=metadata.read_topics(witness),
                canonical_url=metadata.canonical_url(view, witness),
                publisher=metadata.publisher(witness),
                declared_language=view.declared_language,
            ),
        )


def _with_data(
    chosen: Selection, view: PageView, filed: tuple[Block, ...], walked: Walked, headline: Headline | None
) -> Selection:
    """Take the body that the page holds as data, where its visible text is but a part of it or nothing."""
    shown = sum(measure.weight(block.text) for block in chosen.blocks)
    if (
        shown < _PART * sum(measure.weight(block.text) for block in filed)
        and sum(measure.weight(block.text) for block in filed) > _ENOUGH
    ):
        return selection.replaced(walked, headline, filed, "generic:jsonld")
    if shown < _ENOUGH:
        hydrated = structured.hydrated_body(view)
        if sum(measure.weight(block.text) for block in hydrated) > 2 * shown:
            return selection.replaced(walked, headline, hydrated, "generic:hydration")
    return chosen


def _place_of(headline: Headline | None, pieces: Sequence[Piece]) -> int | None:
    """The index of the piece that prints the headline, in an `<h1>` if possible."""
    if headline is None:
        return None
    for in_heading in (True, False):
        for index, piece in enumerate(pieces):
            if (piece.frame.tag == "h1") is in_heading and headline.is_echoed_by(piece.text):
                return index
    return None
