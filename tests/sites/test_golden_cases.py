"""Golden cases: a page written by hand in the form of a real site, and what must be read from it.

tests/sites/<site>/<case>/page.html or page.txt
                          meta.json      {"url": ..., "fetched_at": ...}, both optional
                          expected.json  {"articles": [{field: value, "body": [...]}]} or {"rejection": reason}
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from newsclean.cleaning import cleaned
from newsclean.errors import PageError
from newsclean.extract.routing import Router, load_router
from newsclean.model import Extraction, RawPage
from newsclean.page import PageView

CASES_FOLDER = Path(__file__).parent
CASES = sorted(path.parent for path in CASES_FOLDER.glob("*/*/page.*"))
FIELDS_NOT_COMPARED = {"blocks", "removals", "witnesses"}


@dataclass(frozen=True)
class Seen:
    """What was read from a case: articles as plain values, or why there are none."""

    site: str | None
    articles: tuple[dict[str, Any], ...] = ()
    rejection: str | None = None
    detail: str = ""


@cache
def router() -> Router:
    return load_router()


@cache
def seen(case: Path) -> Seen:
    (page,) = case.glob("page.*")
    meta = _json(case / "meta.json") if (case / "meta.json").exists() else {}
    fetched = meta.get("fetched_at")
    raw = RawPage(
        body=page.read_bytes(),
        raw_path=page.name,
        url=meta.get("url"),
        fetched_at=dt.datetime.fromisoformat(fetched) if fetched else None,
    )
    view = PageView(raw)
    try:
        extracted = router().extract(view)
    except PageError as error:
        site = router().site_of(view)
        return Seen(site=site.site if site else None, rejection=str(error.reason), detail=error.detail)
    return Seen(site=extracted.site, articles=tuple(plain(cleaned(one)) for one in extracted.extractions))


def plain(found: Extraction) -> dict[str, Any]:
    """The fields of an extraction that hold something, as JSON values."""
    values = {f.name: getattr(found, f.name) for f in dataclasses.fields(found) if f.name not in FIELDS_NOT_COMPARED}
    for name in ("published", "modified"):
        moment = values.pop(name)
        if moment:
            values |= {f"{name}_at": moment.at.isoformat(), f"{name}_precision": str(moment.precision)}
    values["body"] = [block.text for block in found.blocks]
    return {name: _plain_value(value) for name, value in values.items() if value}


def _plain_value(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain_value(item) for item in value]
    if dataclasses.is_dataclass(value):
        return {f.name: v for f in dataclasses.fields(value) if (v := getattr(value, f.name)) is not None}
    return value


@cache
def _json(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def expected(case: Path) -> dict[str, Any]:
    return _json(case / "expected.json") if (case / "expected.json").exists() else {}


def name_of(case: Path) -> str:
    return f"{case.parent.name}/{case.name}"


def article_cases() -> list[Any]:
    return [
        pytest.param(case, i, id=f"{name_of(case)}-{i}")
        for case in CASES
        for i in range(len(expected(case).get("articles", [])))
    ]


def field_cases() -> list[Any]:
    return [
        pytest.param(case, i, field, id=f"{name_of(case)}-{i}-{field}")
        for case in CASES
        for i, article in enumerate(expected(case).get("articles", []))
        for field in article
    ]


@pytest.mark.parametrize(("case", "i", "field"), field_cases())
def test_reads_each_field(case: Path, i: int, field: str):
    """Every field that a case expects must be read exactly so."""
    found = seen(case).articles
    assert i < len(found), f"{name_of(case)}: {len(found)} articles, {seen(case).rejection} {seen(case).detail}"
    assert found[i].get(field) == expected(case)["articles"][i][field]


@pytest.mark.parametrize(("case", "i"), article_cases())
def test_reads_no_field_that_is_not_there(case: Path, i: int):
    """A case must name all fields that its page has: what else is read was made up."""
    assert sorted(seen(case).articles[i]) == sorted(expected(case)["articles"][i])


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_gives_one_outcome(case: Path):
    """A page must give the number of articles that the case holds, or none for the reason that it names."""
    want, have = expected(case), seen(case)
    assert have.rejection == want.get("rejection"), have.detail
    assert len(have.articles) == len(want.get("articles", []))


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_case_is_its_sites(case: Path):
    """A page in a site's folder must be taken by that site's profile, with its URL or by its signature."""
    assert seen(case).site == case.parent.name


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_expectations_are_well_formed(case: Path):
    """Expected keys are sorted and no expected value is empty, so that a case cannot pass by saying nothing."""
    want = expected(case)
    assert ("rejection" in want) != ("articles" in want), f"{case}: name articles or a rejection"
    for article in want.get("articles", []):
        assert list(article) == sorted(article)
        assert all(value or value == 0 for value in article.values())


def strategies() -> list[Any]:
    return [
        pytest.param(one.site, f"{kind}:{layout.name}", id=f"{one.site}-{kind}:{layout.name}")
        for one in router().profiles
        for layout in one.profile.layout
        for kind, rules in (("html", layout.html), ("text", layout.text))
        if rules
    ]


@pytest.mark.parametrize(("site", "strategy"), strategies())
def test_every_layout_and_strategy_has_a_case(site: str, strategy: str):
    """No rule of a built-in profile may stand without a page that shows what it is for."""
    of_site = [seen(case) for case in CASES if case.parent.name == site]
    used = {article["strategy"] for one in of_site for article in one.articles}
    used |= {one.detail.rpartition(" of layout ")[2] for one in of_site if one.rejection}
    assert strategy in used, f"no case of {site} is read by {strategy}: {sorted(used)}"
