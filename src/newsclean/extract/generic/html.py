"""`GenericHtml`: any news page in HTML to an article, with no knowledge of its site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsclean.errors import ExtractionFailed
from newsclean.extract.generic import body, metadata, selection, titles
from newsclean.extract.generic.walk import walk
from newsclean.extract.generic.witness import read_witness
from newsclean.model import Extraction, Reason

if TYPE_CHECKING:
    from newsclean.page import PageView

__all__ = ["GenericHtml"]


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
        headline = titles.choose_title([piece.text for piece in headings], witness, page_title, names)
        chosen = selection.select(walked, witness, headline)
        if not chosen.blocks:
            raise ExtractionFailed(Reason.NO_BODY, "no running text that could be a story")
        dates = metadata.read_dates(witness, walked)
        authors = metadata.read_authors(witness, walked, names)
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
