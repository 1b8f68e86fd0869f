"""Topics, publisher and address, as the page files them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsclean.extract.generic.witness import strings
from newsclean.text import squeeze

if TYPE_CHECKING:
    from newsclean.extract.generic.witness import Witness
    from newsclean.page import PageView

__all__ = ["canonical_url", "publisher", "read_topics"]


def read_topics(witness: Witness) -> tuple[str, ...]:
    """The topics that the page names."""
    values = list(strings(witness.article.get("keywords")))
    if not values:
        values = [witness.said("news_keywords", "keywords", "article:tag") or ""]
    parts = values if len(values) > 1 else re.split(r"\s*[,;|]\s*", values[0]) if values else []
    return tuple(dict.fromkeys(part for part in (squeeze(p) for p in parts) if part))


def publisher(witness: Witness) -> str | None:
    """The publisher that the article names, else the site's name."""
    for name in strings(witness.article.get("publisher")):
        return name
    return witness.said("og:site_name")


def canonical_url(view: PageView, witness: Witness) -> str | None:
    """The address that the page gives as its own."""
    for link in view.tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and link.get("href", "").startswith("http"):
            return str(link.get("href"))
    return witness.said("og:url")
