"""Verdicts typed into a review sheet, turned into golden cases: saved pages with what must be read from them."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from newsclean.cleaning import cleaned
from newsclean.dataset import Dataset
from newsclean.errors import ConfigError, PageError
from newsclean.extract.routing import load_router
from newsclean.model import PageKind, Precision, Reason
from newsclean.page import PageView
from newsclean.report.html.review import EDITABLE
from newsclean.run.api import site_folders
from newsclean.run.cases import seen_values, site_of_case
from newsclean.run.rereading import PAGE_FACTS, raw_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsclean.extract.routing import Router
    from newsclean.model import RawPage

__all__ = ["Imported", "import_verdicts"]

_SLUG: Final = re.compile(r"[^a-z0-9]+")
_SLUG_CHARS: Final = 48
_HASH_CHARS: Final = 8
_PARAGRAPHS: Final = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of one verdict: the case's folder, or why there is none."""

    raw_path: str
    folder: Path | None
    problem: str | None = None


def import_verdicts(
    file: Path, cases: Path, *, dataset: Path | None = None, sites: Sequence[str | Path] = ()
) -> Iterator[Imported]:
    """Write a golden case below `cases` for every verdict in `file`, and yield what became of each.

    The raw pages are read by way of the dataset that the sheet was made of, or `dataset`. A case
    that is there already is replaced. Raises ConfigError for a file that no review sheet wrote.
    """
    stated = _read(file)
    found = Dataset.open(dataset or Path(stated["dataset"]), create=False)
    router = load_router(site_folders(sites))
    rows = {(row["raw_path"], row["raw_offset"]): row for row in found.iter_rows("pages", PAGE_FACTS)}
    base = found.path.resolve().parent
    for number, verdict in enumerate(stated["verdicts"]):
        where = f"{file}: verdicts[{number}]"
        key = (verdict.get("raw_path"), verdict.get("raw_offset"))
        if key not in rows:
            yield Imported(raw_path=str(key[0]), folder=None, problem=f"{where}: {found.path} has no such page")
            continue
        try:
            raw = raw_page(base, rows[key])
            folder = _write_case(raw, verdict, cases, router, where)
        except (PageError, ConfigError) as error:
            yield Imported(raw_path=str(key[0]), folder=None, problem=str(error))
            continue
        yield Imported(raw_path=str(key[0]), folder=folder)


def _read(file: Path) -> dict[str, Any]:
    try:
        stated = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{file}: cannot be read as verdicts: {error}; save them anew from the sheet") from error
    if not isinstance(stated, dict) or stated.get("newsclean_audit") != 1 or not isinstance(stated["verdicts"], list):
        raise ConfigError(f"{file}: this is no file of verdicts; `newsclean audit` makes a sheet that saves them")
    return stated


def _write_case(raw: RawPage, verdict: Mapping[str, Any], cases: Path, router: Router, where: str) -> Path:
    if raw.sha256 != verdict.get("raw_sha256"):
        raise ConfigError(f"{where}: {raw.raw_path} has changed since the verdict; judge it anew")
    view = PageView(raw)
    site, articles = _found(view, router)
    if site is None:
        raise ConfigError(f"{where}: {raw.raw_path}: no site is known for the page, and cases are kept by site")
    expected = _expected(verdict, articles, where)
    title = next((article["title"] for article in articles if "title" in article), "page")
    folder = cases / site / f"{_slug(title)}-{raw.sha256[:_HASH_CHARS]}"
    folder.mkdir(parents=True, exist_ok=True)
    name, other = ("page.html", "page.txt") if view.kind is PageKind.HTML else ("page.txt", "page.html")
    (folder / other).unlink(missing_ok=True)
    (folder / name).write_bytes(raw.body)
    _write_json(folder / "meta.json", _meta(raw))
    _write_json(folder / "expected.json", expected)
    return folder


def _found(view: PageView, router: Router) -> tuple[str | None, list[dict[str, Any]]]:
    """Return the page's site and what is read there today, as a case spells it."""
    site = site_of_case(router.site_of(view), view)
    try:
        extracted = router.extract(view)
    except PageError:
        return site, []
    return extracted.site or site, [seen_values(cleaned(one)) for one in extracted.extractions]


def _expected(verdict: Mapping[str, Any], articles: list[dict[str, Any]], where: str) -> dict[str, Any]:
    if verdict.get("verdict") == "no_article":
        reason = verdict.get("reason") or Reason.NOT_AN_ARTICLE
        if reason not in set(Reason):
            raise ConfigError(f"{where}: {reason!r} is no reason; known are {', '.join(sorted(map(str, Reason)))}")
        return {"rejection": str(reason)}
    for correction in verdict.get("corrections", []):
        segment, field = correction["segment"], correction["field"]
        if field not in EDITABLE or segment >= len(articles):
            raise ConfigError(f"{where}: article {segment} with field {field!r} is not on the page")
        _correct(articles[segment], field, correction["text"], where)
    return {"articles": articles}


def _correct(article: dict[str, Any], field: str, typed: str, where: str) -> None:
    """Put what a reviewer typed in the place of what was read; nothing typed: the page has no such value."""
    value = _value(EDITABLE[field], typed)
    if not value:
        article.pop(field, None)
        if field == "published_at":
            article.pop("published_precision", None)
    elif field == "published_at":
        article |= _moment(typed.strip(), where)
    else:
        article[field] = value


def _value(kind: str, typed: str) -> str | list[str]:
    if kind == "text":
        return " ".join(typed.split())
    parts = _PARAGRAPHS.split(typed) if kind == "paragraphs" else typed.splitlines()
    return [squeezed for part in parts if (squeezed := " ".join(part.split()))]


def _moment(typed: str, where: str) -> dict[str, str]:
    try:
        at = dt.datetime.fromisoformat(typed)
    except ValueError as error:
        raise ConfigError(f"{where}: published_at {typed!r}: write it as 2026-01-31T09:30:00+00:00") from error
    if at.tzinfo is None:
        raise ConfigError(f"{where}: published_at {typed!r} has no time zone: write it as 2026-01-31T09:30:00+00:00")
    is_day = (at.hour, at.minute, at.second) == (0, 0, 0)
    precision = Precision.DAY if is_day else Precision.SECOND if at.second else Precision.MINUTE
    return {"published_at": at.isoformat(), "published_precision": str(precision)}


def _meta(raw: RawPage) -> dict[str, Any]:
    stated = {
        "url": raw.url,
        "fetched_at": raw.fetched_at.isoformat() if raw.fetched_at else None,
        "status": raw.status,
        "media_type": raw.media_type,
        "charset": raw.charset,
    }
    return {name: value for name, value in stated.items() if value is not None}


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _slug(title: str) -> str:
    return _SLUG.sub("-", title.lower()).strip("-")[:_SLUG_CHARS].strip("-") or "page"
