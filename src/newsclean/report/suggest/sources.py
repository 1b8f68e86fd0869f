"""Where the fields of HTML pages are read: selectors and claims that agree with what the witnesses say together."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from newsclean.extract.dates import read_moment
from newsclean.extract.fields import author_names
from newsclean.report.suggest.selecting import select, selectors_of
from newsclean.report.suggest.writing import Row
from newsclean.text import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from newsclean.report.suggest.sample import SamplePage

__all__ = ["field_sources"]

_AGREES: Final = 0.5  # of the pages with a value, for a source to be proposed
_DIFFERS: Final = 0.25  # the witnesses err, too
_MOST_SOURCES: Final = 3
_ENOUGH: Final = 0.98
_CONSTANT: Final = 0.9  # the same value on so many pages says nothing of any of them
_LONGEST_DATE: Final = 80
_FEW: Final = 3
_TITLES: Final = ("meta:og:title", "jsonld:headline", "meta:twitter:title")
_DATES: Final = (
    *("jsonld:datePublished", "meta:article:published_time", "meta:datepublished", "meta:date", "meta:pubdate"),
    *("meta:publishdate", "meta:publish-date", "meta:dc.date", "meta:dc.date.issued", "meta:dcterms.created"),
    *("meta:parsely-pub-date", "meta:sailthru.date", "meta:ya:ovs:upload_date", "meta:cxenseparse:recs:publishtime"),
)
_CHANGES: Final = ("jsonld:dateModified", "meta:article:modified_time", "meta:og:updated_time", "meta:lastmod")
_AUTHORS: Final = ("jsonld:author.name", "meta:author", "meta:article:author", "meta:parsely-author", "meta:byl")
_STANDFIRSTS: Final = ()
_ATTRIBUTES: Final = ("datetime", "content")


@dataclass(frozen=True, slots=True)
class _Field:
    """A field: what it is on a page by all witnesses, the claims to try, how values compare, whether it is printed."""

    name: str
    known: Callable[[SamplePage], Any]
    claims: tuple[str, ...]
    read: Callable[[str], Any]
    is_printed: bool = True
    takes_all: bool = False


def field_sources(pages: Sequence[SamplePage]) -> dict[str, tuple[Row, ...]]:
    """Return for each field the sources that agree with the witnesses on most pages, best first."""
    found = {field.name: _sources_of(field, pages) for field in _FIELDS}
    if "captions" not in found and (captions := _captions(pages)):
        found["captions"] = captions
    for name, claim in (("section", "meta:article:section"), ("canonical_url", "meta:og:url")):
        count = sum(claim.removeprefix("meta:") in page.view.meta for page in pages)
        values = Counter(page.view.meta.get(claim.removeprefix("meta:")) for page in pages)
        if count >= _AGREES * len(pages) and (len(values) > 1 or len(pages) < _FEW):
            found[name] = (Row(values={"at": claim}, pages=count, of=len(pages)),)
    return {name: rows for name, rows in found.items() if rows}


def _sources_of(field: _Field, pages: Sequence[SamplePage]) -> tuple[Row, ...]:
    wanted = [(page, value) for page in pages if (value := field.known(page))]
    if not wanted or _says_nothing([value for _, value in wanted]):
        return ()
    candidates = list(field.claims)
    if field.is_printed:
        candidates += _printed(field, wanted)
    rows = [row for one in candidates if (row := _judged(one, field, wanted)) is not None]
    # What is printed is marked on the page, so that it cannot be taken for body: it goes first where it is as good.
    rows.sort(key=lambda row: (-_rank(row), len(row.values["at"])))
    return tuple(_needed(rows, field, wanted))


def _rank(row: Row) -> float:
    share = row.pages / row.of
    return share + (0.05 if row.values["at"].startswith("css:") and "@" not in row.values["at"] else 0.0)


def _needed(rows: Sequence[Row], field: _Field, wanted: Sequence[tuple[SamplePage, Any]]) -> Iterable[Row]:
    """Yield the best source, and then those that find something where the ones before them do not."""
    left = [page for page, _ in wanted]
    for count, row in enumerate(rows):
        still = [page for page in left if not _values(row.values["at"], page, takes_all=field.takes_all)]
        if count == 0 or len(still) < len(left):
            yield row
            left = still
        if count + 1 >= _MOST_SOURCES or len(left) <= (1 - _ENOUGH) * len(wanted):
            return


def _says_nothing(values: Sequence[Any]) -> bool:
    most = Counter(map(repr, values)).most_common(1)[0][1]
    return len(values) >= _FEW and most >= _CONSTANT * len(values)


def _printed(field: _Field, wanted: Sequence[tuple[SamplePage, Any]]) -> list[str]:
    """Return selectors of the elements whose text, or whose attribute, says a field's value."""
    counts: Counter[str] = Counter()
    for page, value in wanted:
        names: set[str] = set()
        for element in page.view.tree.iter():
            if not isinstance(element.tag, str) or element.tag in {"script", "style", "meta", "link", "head", "title"}:
                continue
            names.update(_names_saying(element, field, value))
        counts.update(names)
    least = max(1, int(_AGREES * len(wanted)))
    return [name for name, count in counts.most_common(60) if count >= least]


def _names_saying(element: Any, field: _Field, value: Any) -> Iterable[str]:
    if field.name in {"published", "modified"}:
        for attribute in _ATTRIBUTES:
            stated = element.get(attribute)
            if stated and field.read(stated) == value:
                yield from (f"css:{name}@{attribute}" for name in selectors_of(element))
    if len(element) > _FEW * 2 or element.tag in {"body", "html", "main"}:
        return
    text = squeeze(element.text_content())
    if text and field.read(text) == value:
        yield from (f"css:{name}" for name in selectors_of(element))


def _judged(source: str, field: _Field, wanted: Sequence[tuple[SamplePage, Any]]) -> Row | None:
    agrees = differs = 0
    samples: list[str] = []
    for page, value in wanted:
        values = _values(source, page, takes_all=field.takes_all)
        if not values:
            continue
        if field.read(" ; ".join(values) if field.takes_all else values[0]) == value:
            agrees += 1
            samples.append(values[0])
        else:
            differs += 1
    if agrees < _AGREES * len(wanted) or differs > _DIFFERS * len(wanted):
        return None
    stated = {"at": source, "take": "all"} if field.takes_all and source.startswith("css:") else {"at": source}
    return Row(values=stated, pages=agrees, of=len(wanted), samples=tuple(samples[:2]))


def _values(source: str, page: SamplePage, *, takes_all: bool = False) -> list[str]:
    scheme, _, target = source.partition(":")
    if scheme == "meta":
        stated = page.view.meta.get(target)
        return [stated] if stated else []
    if scheme == "jsonld":
        return [text for item in page.view.json_ld for text in _claimed(item, target.split("."))]
    selector, _, attribute = target.partition("@")
    elements = select(selector, page)
    texts = [element.get(attribute) or "" if attribute else squeeze(element.text_content()) for element in elements]
    found = [text for text in texts if text]
    return found if takes_all else found[:1]


def _claimed(value: Any, path: list[str]) -> list[str]:
    if isinstance(value, list):
        return [text for item in value for text in _claimed(item, path)]
    if not path:
        return [value] if isinstance(value, str) and value.strip() else []
    return _claimed(value[path[0]], path[1:]) if isinstance(value, dict) and path[0] in value else []


def _captions(pages: Sequence[SamplePage]) -> tuple[Row, ...]:
    """Return the selector of the elements whose texts are captions, if one holds most of them."""
    wanted = [
        (page, {fold(one.text) for one in page.found.captions}) for page in pages if page.found and page.found.captions
    ]
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for page, captions in wanted:
        names = {
            name
            for element in page.view.tree.iter("figcaption", "div", "p", "span")
            if len(element) <= _FEW and fold(squeeze(element.text_content())) in captions
            for name in selectors_of(element)
        }
        for name in names:
            texts = {fold(text) for text in _values(f"css:{name}", page, takes_all=True)}
            counts[name][0 if texts == captions else 1] += 1
    best = max(counts, key=lambda name: (counts[name][0] - counts[name][1], -len(name), name), default=None)
    if best is None or counts[best][0] < _AGREES * len(wanted):
        return ()
    return (Row(values={"at": f"css:{best}", "take": "all"}, pages=counts[best][0], of=len(wanted)),)


def _day(text: str) -> str | None:
    moment = read_moment(text, None) if len(text) <= _LONGEST_DATE else None
    return moment.at.date().isoformat() if moment else None


def _moment_of(name: str) -> Callable[[SamplePage], str | None]:
    def known(page: SamplePage) -> str | None:
        raw = getattr(page.found, f"{name}_raw") if page.found else None
        return _day(raw) if raw else None

    return known


def _folded_of(name: str) -> Callable[[SamplePage], str | None]:
    def known(page: SamplePage) -> str | None:
        value = getattr(page.found, name) if page.found else None
        return fold(value) if value else None

    return known


def _authors_of(page: SamplePage) -> frozenset[str]:
    return frozenset(fold(name) for name in page.found.authors) if page.found else frozenset()


def _names_in(text: str) -> frozenset[str]:
    return frozenset(fold(name) for name in author_names([text]))


_FIELDS: Final = (
    _Field("title", _folded_of("title"), _TITLES, fold),
    _Field("standfirst", _folded_of("standfirst"), _STANDFIRSTS, fold),
    _Field("published", _moment_of("published"), _DATES, _day),
    _Field("modified", _moment_of("modified"), _CHANGES, _day),
    _Field("authors", _authors_of, _AUTHORS, _names_in, takes_all=True),
)
