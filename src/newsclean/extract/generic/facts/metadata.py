"""Topics, publisher, address and terms of use, as the page files them, each with its witness."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from newsclean.extract.generic.reading.witness import strings
from newsclean.text import squeeze

if TYPE_CHECKING:
    from newsclean.extract.generic.reading.witness import Witness
    from newsclean.page import PageView

__all__ = ["Filed", "read_filed"]

_TRUTHS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_TIERS: Final = {"free": True, "metered": False, "locked": False}
_SIGNALS: Final = ("noindex", "nofollow", "noarchive", "nosnippet", "noimageindex", "noai", "noimageai", "notranslate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What the page files of its story beside headline, authors and dates; `witnesses` say where."""

    section: str | None
    topics: tuple[str, ...]
    canonical_url: str | None
    publisher: str | None
    license: str | None
    is_free: bool | None
    robots: str | None
    witnesses: tuple[tuple[str, str], ...]


def read_filed(view: PageView, witness: Witness) -> Filed:
    """Read them all; None and empty where the page says nothing."""
    found = {
        "section": _section(witness),
        "topics": _topics(witness),
        "canonical_url": _canonical_url(view, witness),
        "publisher": _publisher(witness),
        "license": _license(view, witness),
        "is_free": _is_free(witness),
        "robots": _robots(witness),
    }
    told = tuple((name, by) for name, (value, by) in found.items() if value not in (None, ()))
    return Filed(**{name: value for name, (value, _) in found.items()}, witnesses=told)


def _section(witness: Witness) -> tuple[Any, str]:
    said, by = witness.told("article:section")
    return (said, by) if said else (witness.section, "jsonld:articleSection")


def _topics(witness: Witness) -> tuple[Any, str]:
    values, by = list(strings(witness.article.get("keywords"))), "jsonld:keywords"
    if not values:
        said, by = witness.told("news_keywords", "keywords", "article:tag")
        values = [said] if said else []
    parts = values if len(values) > 1 else re.split(r"\s*[,;|]\s*", values[0]) if values else []
    return tuple(dict.fromkeys(part for part in (squeeze(p) for p in parts) if part)), by


def _publisher(witness: Witness) -> tuple[Any, str]:
    for name in strings(witness.article.get("publisher")):
        return name, "jsonld:publisher"
    return witness.told("og:site_name")


def _canonical_url(view: PageView, witness: Witness) -> tuple[Any, str]:
    for link in view.telling["link"]:
        if (link.get("rel") or "").lower() == "canonical" and link.get("href", "").startswith("http"):
            return str(link.get("href")), "link:canonical"
    return witness.told("og:url")


def _license(view: PageView, witness: Witness) -> tuple[Any, str]:
    """The licence that the page declares for its story: an address or a name."""
    for key in ("license", "usageInfo"):
        value = witness.article.get(key)
        found = value.get("url") or value.get("@id") or value.get("name") if isinstance(value, dict) else value
        if isinstance(found, str) and found.strip():
            return squeeze(found), f"jsonld:{key}"
    for tag in ("link", "a"):
        for link in view.telling[tag]:
            says = link.get("rel")
            if says and "license" in says.lower().split() and link.get("href"):
                return squeeze(link.get("href")), "link:license"
    return witness.told("dcterms.license", "dc.rights.license", "license")


def _is_free(witness: Witness) -> tuple[bool | None, str]:
    """What the page says of its being free to read; None where it does not."""
    value: Any = witness.article.get("isAccessibleForFree")
    if isinstance(value, str):
        value = _TRUTHS.get(value.strip().lower().rsplit("/", 1)[-1])
    if isinstance(value, bool):
        return value, "jsonld:isAccessibleForFree"
    tier, by = witness.told("article:content_tier")
    return _TIERS.get((tier or "").lower()), by


def _robots(witness: Witness) -> tuple[str | None, str]:
    """The page's restrictions on machines, each once, in the order of `_SIGNALS`; None without one."""
    said = ",".join(filter(None, (witness.said(name) for name in ("robots", "googlebot", "googlebot-news")))).lower()
    words = set(re.split(r"[\s,;]+", said))
    if "none" in words:
        words |= {"noindex", "nofollow"}
    found = [signal for signal in _SIGNALS if signal in words]
    if (witness.said("tdm-reservation") or "").strip() == "1":
        found.append("tdm-reservation")
    return ", ".join(found) or None, "meta:robots"
