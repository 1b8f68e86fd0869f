"""`GenericHtml`: any news page in HTML to an article, with no knowledge of its site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsclean.errors import ExtractionFailed, NotAnArticle
from newsclean.extract.generic import pagetype
from newsclean.extract.generic.facts import bylines, dating, metadata, sitename, titles
from newsclean.extract.generic.reading.walk import walk
from newsclean.extract.generic.reading.witness import read_witness
from newsclean.extract.generic.story import access, body, fallback, selection, structured
from newsclean.model import Extraction, Reason
from newsclean.page.collector import collector_at_rest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.extract.generic.facts.titles import Headline
    from newsclean.extract.generic.reading.pieces import Piece
    from newsclean.page import PageView

__all__ = ["GenericHtml"]


class GenericHtml:
    """The extractor for HTML pages of sites without a profile."""

    name = "generic"

    @collector_at_rest()
    def extract(self, view: PageView) -> tuple[Extraction, ...]:
        """Return the page's one article; raises `NotAnArticle` or `ExtractionFailed`."""
        witness = read_witness(view)
        walked = walk(view.tree)
        body.mark_noise(walked)
        url = view.raw.url
        site = sitename.site_of(witness, url)
        page_title = titles.window_title(view)
        headline = titles.choose_title(walked.pieces, witness, page_title, site, url)
        filed = structured.filed_body(witness)
        chosen = selection.select(walked, witness, headline, filed)
        # Asked only where it can matter: with this much text, nobody is asked for more.
        other = pagetype.says_otherwise(view, witness) if fallback.is_thin(chosen) else None
        chosen = fallback.best_body(chosen, view, filed, walked, headline, may_ask=other is None)
        if not chosen.blocks:
            if other is not None:
                raise NotAnArticle(other.reason, f"no article: {other.says}")
            raise ExtractionFailed(Reason.NO_BODY, "no running text that could be a story")
        title_at = _place_of(headline, walked.pieces)
        dates = dating.read_dates(view, witness, walked.pieces, title_at)
        pagetype.demand_article(view, witness, walked, chosen, dates, headline.text if headline else None)
        authors = bylines.read_authors(view, witness, walked.pieces, title_at, site)
        filed_facts = metadata.read_filed(view, witness)
        told = (
            ("title", headline.witness if headline else ""),
            ("standfirst", "visible" if chosen.standfirst else ""),
            ("authors", authors.witness if authors.names else ""),
            ("published_at", dates.published_by),
            ("modified_at", dates.modified_by),
            *filed_facts.witnesses,
        )
        return (
            Extraction(
                strategy=chosen.strategy,
                extraction_confidence=chosen.confidence,
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
                section=filed_facts.section,
                topics=filed_facts.topics,
                canonical_url=filed_facts.canonical_url,
                publisher=filed_facts.publisher,
                declared_language=view.declared_language,
                flags=access.flags_of(witness, walked.pieces, chosen, is_free=filed_facts.is_free, url=url),
                license=filed_facts.license,
                is_free=filed_facts.is_free,
                robots=filed_facts.robots,
                witnesses=tuple(pair for pair in told if pair[1]),
            ),
        )


def _place_of(headline: Headline | None, pieces: Sequence[Piece]) -> int | None:
    """The index of the piece that prints the headline, in an `<h1>` if possible."""
    if headline is None:
        return None
    for in_heading in (True, False):
        for index, piece in enumerate(pieces):
            if (piece.frame.tag == "h1") is in_heading and headline.is_echoed_by(piece.text):
                return index
    return None
