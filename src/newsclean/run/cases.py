"""Golden cases: a saved page with what must be read from it, each field its own verdict.

    <folder>/<site>/<case>/page.html or page.txt    the page as it came
                           meta.json                what a manifest would say of it (may be missing)
                           expected.json            {"articles": [{field: value, ..., "body": [block, ...]}, ...]}
                                                    or {"rejection": reason}

A case names every field that its page has: one that is read and not named was made up.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any, Final

from newsclean.cleaning import cleaned
from newsclean.cleaning.publishing import registered_domain
from newsclean.errors import ConfigError, PageError
from newsclean.model import Extraction, RawPage
from newsclean.page import PageView

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from newsclean.extract.routing import Router
    from newsclean.extract.site import SiteExtractor

    _Pair = tuple[str, Any, Any]  # a field, what is expected of it, what was found

__all__ = ["Case", "CaseResult", "Difference", "check_case", "find_cases", "seen_values", "site_of_case"]

_META_KEYS: Final = frozenset({"url", "fetched_at", "status", "media_type", "charset"})
# `witnesses` say how a value was read; a case says what.
_APART: Final = frozenset({"blocks", "removals", "published", "modified", "witnesses"})
_OF_MOMENTS: Final = frozenset(f"{name}_{part}" for name in ("published", "modified") for part in ("at", "precision"))
_FIELDS: Final = {field.name for field in fields(Extraction)} - _APART | _OF_MOMENTS | {"body"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A golden case: `site` and `name` are its folders."""

    site: str
    name: str
    page: Path
    meta: Mapping[str, Any]
    expected: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field that is not as expected; `field` is `site`, `rejection`, `articles` or `articles[0].title`."""

    field: str
    expected: Any
    found: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """What came of a case: how many fields were compared, and which differ."""

    case: Case
    compared: int
    differences: tuple[Difference, ...]


def find_cases(folder: Path) -> Iterator[Case]:
    """Yield the cases in `folder` (of all sites, of one, or a case itself), by name; a bad one is a ConfigError."""
    for path in sorted(folder.rglob("expected.json")):
        place = path.parent.resolve()
        pages = [place / name for name in ("page.html", "page.txt") if (place / name).exists()]
        if len(pages) != 1:
            raise ConfigError(f"{path.parent}: a case has one page, page.html or page.txt; there are {len(pages)}")
        yield Case(
            site=place.parent.name,
            name=place.name,
            page=pages[0],
            meta=_meta(place / "meta.json"),
            expected=_expected(path),
        )


def check_case(case: Case, router: Router) -> CaseResult:
    """Read the case's page and compare what was seen there, field by field."""
    view = PageView(_raw_page(case))
    try:
        extracted = router.extract(view)
    except PageError as error:
        reason = ("rejection", case.expected.get("rejection"), str(error.reason))
        return _result(case, [reason, ("site", case.site, site_of_case(router.site_of(view), view))])
    found = [seen_values(cleaned(one)) for one in extracted.extractions]
    outcome: list[_Pair] = [
        ("rejection", case.expected.get("rejection"), None),
        ("site", case.site, extracted.site or registered_domain(view.raw.url)),
    ]
    return _result(case, [*outcome, *_article_pairs(case.expected.get("articles", []), found)])


def seen_values(found: Extraction) -> dict[str, Any]:
    """Return an extraction as a case spells it: body as blocks, moments as ISO text, nothing that is empty."""
    values = {field.name: getattr(found, field.name) for field in fields(found) if field.name not in _APART}
    for name in ("published", "modified"):
        moment = getattr(found, name)
        if moment is not None:
            values |= {f"{name}_at": moment.at.isoformat(), f"{name}_precision": str(moment.precision)}
    values["body"] = [block.text for block in found.blocks]
    return {name: _plain(value) for name, value in sorted(values.items()) if value}


def site_of_case(known: SiteExtractor | None, view: PageView) -> str | None:
    """Return the site that a page's case is kept under: its profile's, else the registered domain of its URL."""
    return known.site if known else registered_domain(view.raw.url)


def _article_pairs(wanted: list[dict[str, Any]], found: list[dict[str, Any]]) -> Iterator[_Pair]:
    yield "articles", len(wanted), len(found)
    for number, (expected, seen) in enumerate(zip(wanted, found, strict=False)):
        for name in sorted(expected.keys() | seen.keys()):
            yield f"articles[{number}].{name}", expected.get(name), seen.get(name)


def _result(case: Case, pairs: Sequence[_Pair]) -> CaseResult:
    differences = [Difference(field=name, expected=want, found=have) for name, want, have in pairs if want != have]
    return CaseResult(case=case, compared=len(pairs), differences=tuple(differences))


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if is_dataclass(value):
        stated = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: one for name, one in stated.items() if one is not None}
    return value


def _raw_page(case: Case) -> RawPage:
    meta = dict(case.meta)
    fetched_at = meta.pop("fetched_at", None)
    return RawPage(
        body=case.page.read_bytes(),
        raw_path=f"{case.site}/{case.name}/{case.page.name}",
        fetched_at=dt.datetime.fromisoformat(fetched_at) if fetched_at else None,
        **meta,
    )


def _meta(path: Path) -> dict[str, Any]:
    meta = _object(path) if path.exists() else {}
    if unknown := sorted(meta.keys() - _META_KEYS):
        raise ConfigError(f"{path}: {unknown[0]}: unknown key; known are {', '.join(sorted(_META_KEYS))}")
    return meta


def _expected(path: Path) -> dict[str, Any]:
    expected = _object(path)
    articles = expected.get("articles", [])
    if ("rejection" in expected) == bool(articles):
        raise ConfigError(f'{path}: either "articles", with one or more, or "rejection" is needed')
    for number, article in enumerate(articles):
        if unknown := sorted(article.keys() - _FIELDS):
            known = ", ".join(sorted(_FIELDS))
            raise ConfigError(f"{path}: articles[{number}].{unknown[0]}: unknown field; known are {known}")
    return expected


def _object(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}; mend it") from error
    if not isinstance(found, dict):
        raise ConfigError(f"{path}: a JSON object is needed")
    return found
