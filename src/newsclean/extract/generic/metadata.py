"""Topics, publisher and address, as the page files them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newsclean.extract.generic.witness import strings
from newsclean.text import squeeze

if TYPE_CHECKING:
    from newsclean.extract.generic.witness import Witness
    from newsclean.page import PageView

__all__ = ["canonical_url", "declared_license", "is_free", "publisher", "read_topics", "robots"]

_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_TIERS = {"free": True, "metered": False, "locked": False}
_SIGNALS = ("noindex", "nofollow", "noarchive", "nosnippet", "noimageindex", "noai", "noimageai", "notranslate")


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


def declared_license(view: PageView, witness: Witness) -> str | None:
    """The licence that the page declares for its story: an address or a name."""
    for value in (witness.article.get("license"), witness.article.get("usageInfo")):
        found = value.get("url") or value.get("@id") or value.get("name") if isinstance(value, dict) else value
        if isinstance(found, str) and found.strip():
            return squeeze(found)
    for tag in ("link", "a") if "license" in view.text else ():
        for link in view.tree.iter(tag):
            if "license" in (link.get("rel") or "").lower().split() and link.get("href"):
                return squeeze(link.get("href"))
    return witness.said("dcterms.license", "dc.rights.license", "license")


def is_free(witness: Witness) -> bool | None:
    """What the page says of its being free to read; None where it does not."""
    value: Any = witness.article.get("isAccessibleForFree")
    if isinstance(value, str):
        return _TRUTHS.get(value.strip().lower().rsplit("/", 1)[-1])
    if isinstance(value, bool):
        return value
    tier = (witness.said("article:content_tier") or "").lower()
    return _TIERS.get(tier)


def robots(witness: Witness) -> str | None:
    """The page's restrictions on machines, each once, in the order of `_SIGNALS`; None without one."""
    said = ",".join(filter(None, (witness.said(name) for name in ("robots", "googlebot", "googlebot-news")))).lower()
    words = set(re.split(r"[\s,;]+", said))
    if "none" in words:
        words |= {"noindex", "nofollow"}
    found = [signal for signal in _SIGNALS if signal in words]
    if (witness.said("tdm-reservation") or "").strip() == "1":
        found.append("tdm-reservation")
    return ", ".join(found) or None
