"""Wire services, and where an article names the one that its text comes from."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["AGENCY_COLUMNS", "agency_evidence"]

AGENCY_COLUMNS: Final = ("agency", "dateline", "byline", "body")
_EDGE: Final = 250  # characters at either end of a body in which a credit stands
_SHOWN: Final = 80


def agency_evidence(row: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return a wire service and the words that name it (`dateline: LOWMARK, May 6. /TASS/`), or None."""
    if named := row["agency"]:
        return _known(named) or named, f"agency: {named}"
    for where, text in _places(row):
        if match := _credit(where).search(text):
            name = next(filter(None, match.groups()))
            return _names()[name.casefold()], f"{where}: {_shown(text, match)}"
    return None


def _places(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if row["dateline"]:
        yield "dateline", row["dateline"]["text"]
    if row["byline"]:
        yield "byline", row["byline"]
    body = row["body"]
    yield "body", body[:_EDGE]
    if len(body) > _EDGE:
        yield "body", body[max(_EDGE, len(body) - _EDGE) :]


def _known(name: str) -> str | None:
    return _names().get(name.casefold())


def _shown(text: str, match: re.Match[str]) -> str:
    start = max(0, match.end() - _SHOWN)
    return " ".join(text[start : match.end()].split())


@cache
def _names() -> dict[str, str]:
    return {name.casefold(): agency for agency, name in _printed()}


@cache
def _credit(where: str) -> re.Pattern[str]:
    """Return what a credit looks like: a name by itself, but within a body only between signs."""
    # As the service writes it: in lower case some names are words.
    names = "|".join(sorted((re.escape(name) for _, name in _printed()), key=len, reverse=True))
    if where == "body":
        return re.compile(rf"[(/\[]\s?({names})\s?[)/\]]|\A[^\n]{{0,60}}?\b({names}),? ?[-–—]")
    return re.compile(rf"(?<!\w)({names})(?!\w)")


@cache
def _printed() -> tuple[tuple[str, str], ...]:
    content = (files("newsclean.dedup") / "agencies.toml").read_text(encoding="utf-8")
    return tuple((agency, name) for agency, names in tomllib.loads(content).items() for name in (agency, *names))
