"""What a site calls itself, so that its name can be told from a headline or an author."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from newsclean.extract.generic.facts.byline_words import OWN_DESKS
from newsclean.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsclean.extract.generic.reading.witness import Witness

__all__ = ["SEPARATOR", "Site", "site_of", "strip_site"]

SEPARATOR: Final = re.compile(r"\s+[|–—•·»«/:~<>‹›-]+\s+|\s*[|｜ㅣ│┃¦丨_]+\s*|\s+-\s*|--")
_GLUED: Final = re.compile(r"\s?[-–—－](?P<tail>[^-–—－]{2,40})$")
_SIGNS: Final = frozenset("|–—•·»«/:~<>‹›-｜ㅣ│┃¦丨_－")  # each place to cut has one
_BARS: Final = re.compile(r"[|｜ㅣ│┃¦丨]")
_SHORTEST_PART: Final = 4
_NO_LABELS: Final = frozenset("co com org net gov ac edu or ne go gob gouv www amp m mobile".split())
_FEW_WORDS: Final = 3
_WORDS_OF_NAME: Final = 6
_MOST_CUTS: Final = 4
_KINDS_OF_SITE: Final = frozenset(
    "the blog blogs news online magazine official website site home homepage nachrichten noticias noticia actualité "
    "actualités notizie nieuws nyheter haberler haber новости uk us eu usa de fr es".split()
)


@dataclass(frozen=True, slots=True)
class Site:
    """The names of a site and of the sections that a page stands in, folded."""

    names: frozenset[str] = frozenset()
    host_words: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()

    def is_named(self, text: str) -> bool:
        """Whether `text` is the site's name and nothing else."""
        return fold(text) in self.names

    def signs_as(self, name: str) -> bool:
        """Whether an author's name is the site's own: with a word for its kind or its desk, or in full for initials."""
        words = fold(name).split()
        bare = [word for word in words if word not in _KINDS_OF_SITE and word not in OWN_DESKS]
        if not bare:
            return len(words) > 1
        return (
            " ".join(words) in self.names
            or " ".join(bare) in self.names
            or "".join(bare) in self.names
            or (len(words) > 1 and "".join(word[0] for word in words) in self.host_words)
        )

    def is_told_by(self, part: str, separator: str) -> bool:
        """Whether `part`, cut off a title at `separator`, says where the page stands and not what it is about."""
        folded = fold(part)
        words = [word for word in folded.split() if word not in _KINDS_OF_SITE]
        return (
            self._is_name(folded, words)
            or folded in self.sections
            or folded.endswith((" com", " org", " net"))
            or (not words and bool(folded) and bool(_BARS.search(separator)))
            or self._is_part_of_name(part, folded.replace(" ", ""))
            or (bool(_BARS.search(separator)) and len(words) <= _WORDS_OF_NAME and self._is_around_name(folded))
        )

    def _is_name(self, folded: str, words: list[str]) -> bool:
        joined = folded.replace(" ", "")
        if folded in self.names or any(joined == name.replace(" ", "") for name in self.names):
            return True
        if not words or len(words) > _FEW_WORDS:
            return False
        return " ".join(words) in self.names or "".join(words) in self.names or self.host_words.issuperset(words)

    def _is_part_of_name(self, part: str, joined: str) -> bool:
        """A short form: the initials of a name, or an end of the host's name (`Koia` of drinkkoia.com)."""
        if part.isupper() and 1 < len(part) <= _WORDS_OF_NAME:
            return any("".join(word[0] for word in name.split()) == joined for name in self.names)
        return len(joined) >= _SHORTEST_PART and any(
            word.startswith(joined) or word.endswith(joined) for word in self.host_words
        )

    def _is_around_name(self, folded: str) -> bool:
        padded, joined = f" {folded} ", folded.replace(" ", "")
        return any(
            f" {name} " in padded or joined.startswith(name) for name in self.names if len(name) > _SHORTEST_PART
        )


def site_of(witness: Witness, url: str | None) -> Site:
    """Collect what the page calls its site."""
    names = [
        witness.said("og:site_name"),
        witness.said("application-name"),
        witness.said("apple-mobile-web-app-title"),
        witness.said("al:ios:app_name"),
        witness.said("twitter:site"),
        witness.said("publisher", "article:publisher"),
    ]
    for item in witness.objects:
        for key in ("publisher", "sourceOrganization", "copyrightHolder"):
            value = item.get(key)
            if isinstance(value, dict) and isinstance(value.get("name"), str):
                names.append(value["name"])
    address = urlsplit(url or witness.said("og:url") or "")
    host = (address.hostname or "").removeprefix("www.")
    labels = [label for label in host.split(".")[:-1] if len(label) > 1 and label not in _NO_LABELS]
    return Site(
        names=_folded((*names, host, *labels)),
        host_words=frozenset(word for label in labels for word in label.split("-") if len(word) > 1),
        sections=_folded((*_segments(address.path), witness.said("article:section"), witness.section)),
    )


def strip_site(text: str, site: Site) -> str:
    """Cut off either end of `text` what the page says is the name of its site or section."""
    for _ in range(_MOST_CUTS):
        cut = _cut(text, site)
        if cut is None:
            break
        text = cut
    return text


def _cut(text: str, site: Site) -> str | None:
    if _SIGNS.isdisjoint(text):
        return None
    cuts = list(SEPARATOR.finditer(text))
    if cuts:
        last, first = cuts[-1], cuts[0]
        head, tail = text[: last.start()].strip(), text[last.end() :].strip()
        if head and tail and site.is_told_by(tail, last[0]):
            return head
        opening, rest = text[: first.start()].strip(), text[first.end() :].strip()
        if rest and opening and site.is_told_by(opening, first[0]):
            return rest
    glued = _GLUED.search(text)
    if glued and glued.start() and (site.is_named(glued["tail"]) or fold(glued["tail"]) in site.sections):
        return text[: glued.start()].strip()
    return None


def _segments(path: str) -> list[str]:
    return [unquote(segment).replace("-", " ").replace("_", " ") for segment in path.strip("/").split("/")[:-1]]


def _folded(names: Iterable[str | None]) -> frozenset[str]:
    return frozenset(fold(name) for name in names if name) - {""}
