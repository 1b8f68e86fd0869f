"""Golden cases: a saved page with the fields it must give, each field its own verdict.

    <folder>/<site>/<case>/page.html or page.txt    the page as it came
                           meta.json                what a manifest would say of it (may be missing)
                           expected.json            {"articles": [{field: value, ..., "body": [block, ...]}, ...]}
                                                    or {"rejection": reason}

Only the fields that a case names are compared.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any, Final

from newsclean.errors import ConfigError
from newsclean.model import Article, Moment, RawPage
from newsclean.run.pipeline import clean_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from newsclean.model import PageOutcome
    from newsclean.run.pipeline import Toolbox

__all__ = ["Case", "CaseResult", "Difference", "case_values", "check_case", "find_cases"]

_META_KEYS: Final = frozenset({"url", "fetched_at", "status", "media_type", "charset"})
_COMPUTED: Final = ("published_at", "published_precision", "modified_at", "language", "declared_language")
_FIELDS: Final = frozenset(field.name for field in fields(Article)) - {"published", "modified"} | set(_COMPUTED)


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
    """A field that is not as expected; `field` is `articles`, `rejection`, or `articles[0].title`."""

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
    for expected in sorted(folder.rglob("expected.json")):
        place = expected.parent
        pages = [place / name for name in ("page.html", "page.txt") if (place / name).exists()]
        if len(pages) != 1:
            raise ConfigError(f"{place}: a case has one page, page.html or page.txt; there are {len(pages)}")
        meta_path = place / "meta.json"
        meta = _object(meta_path) if meta_path.exists() else {}
        if unknown := sorted(meta.keys() - _META_KEYS):
            raise ConfigError(f"{meta_path}: {unknown[0]}: unknown key; known are {', '.join(sorted(_META_KEYS))}")
        case = Case(
            site=place.resolve().parent.name,
            name=place.resolve().name,
            page=pages[0],
            meta=meta,
            expected=_object(expected),
        )
        _check_expected(case, expected)
        yield case


def check_case(case: Case, tools: Toolbox) -> CaseResult:
    """Clean the case's page and compare what came of it, field by field."""
    outcome = clean_page(_raw_page(case), tools)
    wanted = case.expected.get("rejection")
    found = str(outcome.rejection.reason) if outcome.rejection else None
    if wanted is not None or found is not None:
        differs = wanted != found
        difference = Difference(field="rejection", expected=wanted, found=found)
        return CaseResult(case=case, compared=1, differences=(difference,) if differs else ())
    return _compared(case, outcome)


def case_values(article: Article) -> dict[str, Any]:
    """Return an article as a case spells it: body as blocks, dates as ISO text, empty fields left out."""
    values = {name: _plain(value) for name, value in _columns(article).items()}
    return {name: value for name, value in values.items() if value not in (None, [], "")}


def _compared(case: Case, outcome: PageOutcome) -> CaseResult:
    wanted = case.expected["articles"]
    differences = []
    compared = 1
    if len(wanted) != len(outcome.articles):
        difference = Difference(field="articles", expected=len(wanted), found=len(outcome.articles))
        differences.append(difference)
    for number, (expected, article) in enumerate(zip(wanted, outcome.articles, strict=False)):
        found = {name: _plain(value) for name, value in _columns(article).items()}
        for name, value in expected.items():
            compared += 1
            if found[name] != value:
                field = f"articles[{number}].{name}"
                differences.append(Difference(field=field, expected=value, found=found[name]))
    return CaseResult(case=case, compared=compared, differences=tuple(differences))


def _columns(article: Article) -> dict[str, Any]:
    values = {field.name: getattr(article, field.name) for field in fields(article)}
    values["body"] = article.body.split("\n\n") if article.body else []
    for name in ("published", "modified"):
        moment: Moment | None = values.pop(name)
        values[f"{name}_at"] = moment.at if moment else None
        if name == "published":
            values["published_precision"] = moment.precision if moment else None
    values["language"] = article.language.language
    values["declared_language"] = article.language.declared
    return values


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    return str(value) if isinstance(value, str) else value


def _raw_page(case: Case) -> RawPage:
    meta = dict(case.meta)
    fetched_at = meta.pop("fetched_at", None)
    return RawPage(
        body=case.page.read_bytes(),
        raw_path=f"{case.site}/{case.name}/{case.page.name}",
        fetched_at=dt.datetime.fromisoformat(fetched_at) if fetched_at else None,
        **meta,
    )


def _object(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}; mend it") from error
    if not isinstance(found, dict):
        raise ConfigError(f"{path}: a JSON object is needed")
    return found


def _check_expected(case: Case, path: Path) -> None:
    articles = case.expected.get("articles", [])
    if ("rejection" in case.expected) == bool(articles):
        raise ConfigError(f'{path}: either "articles", with one or more, or "rejection" is needed')
    for number, article in enumerate(articles):
        if unknown := sorted(article.keys() - _FIELDS):
            known = ", ".join(sorted(_FIELDS))
            raise ConfigError(f"{path}: articles[{number}].{unknown[0]}: unknown field; known are {known}")
