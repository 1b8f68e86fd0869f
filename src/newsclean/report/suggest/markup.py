"""The body of HTML pages: which element holds it on most of them, and what inside that element is none of it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from statistics import fmean
from typing import TYPE_CHECKING, Any, Final

from newsclean.page import units
from newsclean.report.suggest.lines import escaped
from newsclean.report.suggest.selecting import names_of, select
from newsclean.report.suggest.writing import Row
from newsclean.text import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newsclean.page import Unit
    from newsclean.report.suggest.sample import SamplePage

__all__ = ["Bodies", "Container", "PageText", "containers", "drop_rows", "remove_rows"]

_WHOLE: Final = 0.9  # of the body's characters, for an element to hold it
_OUTER: Final = 6  # elements above a block that are looked at
_LEAST_SHARE: Final = 0.1
_LEAST_PAGES: Final = 3
_RARE: Final = 0.03
_FEW: Final = 5  # pages among which one counts
_MOST_LAYOUTS: Final = 4
_MOST_CANDIDATES: Final = 200
_COVERAGE: Final = 0.35  # how much the share of pages counts beside how well a selector fits
_LISTED: Final = 0.3  # what a selector loses that finds something on every page that is no article
_KEPT: Final = 0.05  # of what an element to be removed holds, at most this much may be body
_SEEN_REMOVED: Final = 0.8
_HIDDEN: Final = re.compile(
    r"(?:^|[_-])(?:hidden|tooltip|sr-only|visually-?hidden|screen-reader)(?:$|[_-])", re.IGNORECASE
)
_TELLING: Final = frozenset({"aside", "nav", "form", "footer", "figure", "figcaption", "header"})
_KINDS: Final = (
    ("share", re.compile(r"share|social|sharing", re.IGNORECASE)),
    ("related", re.compile(r"relat|recommend|more|also|teaser|promo|popular|trending", re.IGNORECASE)),
    ("newsletter", re.compile(r"newsletter|subscri|signup", re.IGNORECASE)),
    ("advert", re.compile(r"(?:^|[^a-z])ads?(?:$|[^a-z])|advert|sponsor|banner", re.IGNORECASE)),
    ("caption", re.compile(r"caption|figure|credit", re.IGNORECASE)),
    ("navigation", re.compile(r"nav|menu|breadcrumb|pag(?:er|ination)|tags?(?:$|[^a-z])", re.IGNORECASE)),
)


class PageText:
    """The visible units of a page, and for each element how many characters of body and of other text it holds."""

    def __init__(self, page: SamplePage) -> None:
        self.page = page
        self.units: list[Unit] = list(units(page.view.tree))
        self.sums: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
        self.size = 0
        for unit in self.units:
            is_body = self.is_body(unit)
            self.size += len(unit.text) if is_body else 0
            at = unit.element
            while at is not None:
                self.sums[at][0 if is_body else 1] += len(unit.text)
                at = at.getparent()

    def is_body(self, unit: Unit) -> bool:
        """Tell whether the generic extractor has this text in the body."""
        return unit.text in self.page.body

    def held(self, elements: Iterable[Any]) -> tuple[int, int]:
        """Return how much body and other text is in the elements, each text counted once."""
        chosen = set(elements)
        outer = [one for one in chosen if not any(above in chosen for above in one.iterancestors())]
        sums = [self.sums.get(one, (0, 0)) for one in outer]
        return sum(one[0] for one in sums), sum(one[1] for one in sums)


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A selector of bodies and the pages that it is for; `whole` of `of` pages have their body in it."""

    selector: str
    pages: tuple[PageText, ...]
    whole: int
    of: int


@dataclass(slots=True)
class Bodies:
    """The pages with an article, and those without."""

    articles: list[PageText] = field(default_factory=list)
    others: list[SamplePage] = field(default_factory=list)


def containers(bodies: Bodies) -> list[Container]:
    """Return the selectors that hold the bodies of all pages between them, that of most pages first."""
    left = list(bodies.articles)
    found: list[Container] = []
    least = max(1, min(_LEAST_PAGES, len(left) // _LEAST_PAGES), int(_LEAST_SHARE * len(left)))
    while left and len(left) >= least and len(found) < _MOST_LAYOUTS:
        best = max(_candidates(left), key=lambda one: (_worth(one, left, bodies.others), -len(one), one), default=None)
        if best is None:
            break
        held = [text for text in left if _recall(best, text) >= _WHOLE]
        if len(held) < least:
            break
        found.append(Container(selector=best, pages=tuple(held), whole=len(held), of=len(bodies.articles)))
        left = [text for text in left if not select(best, text.page)]
    return found


def _candidates(texts: Sequence[PageText]) -> list[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        names: set[str] = set()
        seen: set[Any] = set()
        for unit in text.units:
            at = unit.element if text.is_body(unit) else None
            for _ in range(_OUTER):
                if at is None or at in seen:
                    break
                seen.add(at)
                names.update(names_of(at))
                at = at.getparent()
        counts.update(names)
    least = max(1, int(_LEAST_SHARE * len(texts)))
    return [name for name, count in counts.most_common(_MOST_CANDIDATES) if count >= least]


def _worth(selector: str, texts: Sequence[PageText], others: Sequence[SamplePage]) -> float:
    """Return how well a selector holds the bodies: all of each, little else, and nothing where there is no article."""
    applied = [text for text in texts if select(selector, text.page)]
    if not applied:
        return 0.0
    # An element that holds just the body on most pages beats one with much else on all: the rest is another layout.
    coverage = float((len(applied) / len(texts)) ** _COVERAGE)
    worth = fmean(_page_worth(selector, text) for text in applied) * coverage
    listed = sum(bool(select(selector, page)) for page in others) / len(others) if others else 0.0
    return worth * (1 - _LISTED * listed)


def _page_worth(selector: str, text: PageText) -> float:
    elements = select(selector, text.page)
    body, other = text.held(elements) if elements else (0, 0)
    if not body:
        return 0.0
    recall, precision = body / text.size, body / (body + other)
    return recall**2 * (0.5 + 0.5 * precision)


def _recall(selector: str, text: PageText) -> float:
    return text.held(select(selector, text.page))[0] / text.size if text.size else 0.0


def remove_rows(container: Container, fields: frozenset[str]) -> list[Row]:
    """Return rules for elements inside a container that hardly ever hold body; `fields` are left alone."""
    found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, text in enumerate(container.pages):
        tops = set(select(container.selector, text.page))
        for element, sample in _strange(text, tops):
            for name in _removable(element):
                found[name].append((number, sample))
        for name, element in _hidden(tops):
            found[name].append((number, squeeze(element.text_content())))
    rows: list[Row] = []
    least = max(1 if len(container.pages) <= _FEW else 2, int(_RARE * len(container.pages)))
    taken: set[tuple[int, str]] = set()
    for name, places in sorted(found.items(), key=lambda item: (-len(set(item[1])), item[0])):
        selector = f"{container.selector} {name}"
        pages = {number for number, _ in places}
        if len(pages) < least or selector in fields or name in fields or set(places) <= taken:
            continue
        if _is_body(selector, container):
            continue
        taken.update(places)
        samples = Counter(sample for _, sample in places if sample)
        rows.append(
            Row(
                values={"css": selector, "rule": _rule_name(name), "kind": _kind_of(name)},
                pages=len(pages),
                of=len(container.pages),
                samples=tuple(sample for sample, _ in samples.most_common(3)),
            )
        )
    return rows


def _strange(text: PageText, tops: set[Any]) -> Iterable[tuple[Any, str]]:
    """Yield the outermost elements below `tops` that hold no body, with their text; fields' own texts left out."""
    apart = _texts_of_fields(text.page)
    done: set[Any] = set()
    for unit in text.units:
        if text.is_body(unit) or fold(unit.text) in apart:
            continue
        best = None
        at = unit.element
        while at is not None and at not in tops:
            if text.sums[at][0]:
                break
            best, at = at, at.getparent()
        if best is not None and best not in done and any(above in tops for above in best.iterancestors()):
            done.add(best)
            yield best, unit.text


def _texts_of_fields(page: SamplePage) -> frozenset[str]:
    found = page.found
    if found is None:
        return frozenset()
    texts = [found.title, found.standfirst, *(caption.text for caption in found.captions)]
    return frozenset(fold(text) for text in texts if text)


def _removable(element: Any) -> list[str]:
    """Return names for an element, or for what is in it, that say enough to remove by."""
    own = [name for name in names_of(element) if "." in name or "#" in name or "[" in name or name in _TELLING]
    if own:
        return own[:2]
    inner = next((one for one in element.iterdescendants() if isinstance(one.tag, str) and one.get("class")), None)
    return [] if inner is None else list(names_of(inner))[:1]


def _hidden(tops: set[Any]) -> Iterable[tuple[str, Any]]:
    """Yield what a name says is not shown: a card, a label for screen readers; and a selector by that name."""
    for top in tops:
        for element in top.iterdescendants():
            if not isinstance(element.tag, str) or element.tag == "a":
                continue
            name = next((one for one in names_of(element) if _HIDDEN.search(one.partition(".")[2])), None)
            if name is not None and element.text_content().strip():
                yield name, element


def _is_body(selector: str, container: Container) -> bool:
    """Tell whether a selector holds body text, more than by a slip of the generic extractor."""
    body = other = 0
    for text in container.pages:
        elements = select(selector, text.page)
        if elements:
            one, two = text.held(elements)
            body, other = body + one, other + two
    return body > _KEPT * (body + other)


def drop_rows(container: Container, removed: Sequence[Row]) -> list[Row]:
    """Return rules for lines inside a container that stand on several pages alike and are no body on them."""
    seen: defaultdict[str, set[int]] = defaultdict(set)
    kept: Counter[str] = Counter()
    for number, text in enumerate(container.pages):
        tops = set(select(container.selector, text.page))
        gone = {element for row in removed for element in select(row.values["css"], text.page)}
        for unit in text.units:
            chain = {unit.element, *unit.element.iterancestors()}
            if (
                chain & tops
                and not chain & gone
                and fold(unit.text)
                and fold(unit.text) not in _texts_of_fields(text.page)
            ):
                seen[unit.text].add(number)
                kept[unit.text] += text.is_body(unit)
    least = max(_LEAST_PAGES, int(_LEAST_SHARE * len(container.pages)))
    lines = [
        line for line, pages in seen.items() if len(pages) >= least and kept[line] <= (1 - _SEEN_REMOVED) * len(pages)
    ]
    return [
        Row(
            values={"line": escaped(line), "rule": "repeated", "kind": _kind_of(line)},
            pages=len(seen[line]),
            of=len(container.pages),
            samples=(line,),
        )
        for line in sorted(lines, key=lambda line: (-len(seen[line]), line))
    ]


def _rule_name(selector: str) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", selector.partition(".")[2].lower() or selector.lower()).strip("-")
    return name or "inside"


def _kind_of(name: str) -> str:
    return next((kind for kind, pattern in _KINDS if pattern.search(name)), "other")
