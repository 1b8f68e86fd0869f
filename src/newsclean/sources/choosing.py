"""Which pages of the input are wanted: told by what their source says of them, before they are parsed.

What a source does not say excludes nothing. A page that is not wanted ends in the ledger, as `filtered`.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003  (the fields are read at run time)
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsclean.errors import ConfigError, NotAnArticle, Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.model import PageFacts

__all__ = ["Choice", "Reading"]

_STATUS = re.compile(r"[1-5][\dxX]{2}")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/(?:\*|[\w.+-]+)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Conditions on pages; an empty one lets all through.

    `hosts` take their subdomains along. `fetched_since` (inclusive) and `fetched_before` are aware.
    `statuses` are HTTP statuses as `200` or `2xx`, `media_types` as `text/html` or `text/*`,
    `languages` what a Content-Language header (or a WET record) states, `en` taking `en-GB` along.
    """

    hosts: tuple[str, ...] = ()
    fetched_since: dt.datetime | None = None
    fetched_before: dt.datetime | None = None
    statuses: tuple[str, ...] = ()
    media_types: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no page could meet: it is a slip of the pen."""
        for status in self.statuses:
            if not _STATUS.fullmatch(status):
                raise ConfigError(f"status {status}: no HTTP status; write 200, or 2xx for all from 200 to 299")
        for host in self.hosts:
            if "/" in host or " " in host or not host:
                raise ConfigError(f"host {host!r}: no host; write example.com, without https:// and path")
        for media_type in self.media_types:
            if not _MEDIA_TYPE.fullmatch(media_type):
                raise ConfigError(
                    f"media type {media_type!r}: no media type; write text/html, or text/* for all of text"
                )
        for name in ("fetched_since", "fetched_before"):
            moment = getattr(self, name)
            if moment is not None and moment.tzinfo is None:
                raise ConfigError(f"{name} {moment.isoformat()}: has no time zone; write it as 2026-01-31T09:30:00Z")
        if self.fetched_since and self.fetched_before and self.fetched_since >= self.fetched_before:
            raise ConfigError(
                f"fetched_since {self.fetched_since.isoformat()}: no page is fetched then or later, and before "
                f"{self.fetched_before.isoformat()} (fetched_before); give an earlier and a later one"
            )

    def refusal(self, facts: PageFacts, *, language: str | None = None) -> NotAnArticle | None:
        """Return why a page is not wanted, None for one that is; `language` is what its header states."""
        cause = self._cause(facts, language)
        return NotAnArticle(Reason.FILTERED, f"not asked for: {cause}") if cause else None

    def _cause(self, facts: PageFacts, language: str | None) -> str | None:
        if self.hosts and facts.url and not self._has_host(facts.url):
            return f"its address is {facts.url[:200]}"
        if facts.fetched_at and not self._has_time(facts.fetched_at):
            return f"fetched at {facts.fetched_at.isoformat()}"
        if self.statuses and facts.status and not _is_any(str(facts.status), self.statuses):
            return f"status {facts.status}"
        if self.media_types and facts.media_type and not _is_any(facts.media_type, self.media_types):
            return f"media type {facts.media_type}"
        if self.languages and language and not self._has_language(language):
            return f"language {language}"
        return None

    def _has_host(self, url: str) -> bool:
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:
            return False
        return any(host == one or host.endswith(f".{one}") for one in map(str.lower, self.hosts))

    def _has_time(self, at: dt.datetime) -> bool:
        is_early = self.fetched_since is not None and at < self.fetched_since
        return not is_early and (self.fetched_before is None or at < self.fetched_before)

    def _has_language(self, stated: str) -> bool:
        tags = [tag.split(";")[0].strip().lower() for tag in stated.split(",")]
        return any(tag == one or tag.startswith(f"{one}-") for tag in tags for one in map(str.lower, self.languages))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the input is read: which column of a table (JSONL, Parquet) holds the pages, and which are wanted.

    Without a column, `html` or `text` is looked for, in this order.
    """

    html_column: str | None = None
    text_column: str | None = None
    choice: Choice = Choice()

    def __post_init__(self) -> None:
        """Refuse two columns: a page is one or the other."""
        if self.html_column and self.text_column:
            raise ConfigError("an HTML column and a text column are given; a page is one or the other: leave one out")

    @property
    def takes_tables(self) -> bool:
        """Whether tables in a folder are pages: where a column is named they are meant."""
        return bool(self.html_column or self.text_column)


def _is_any(value: str, patterns: Sequence[str]) -> bool:
    return any(_matches(value.lower(), pattern.lower()) for pattern in patterns)


def _matches(value: str, pattern: str) -> bool:
    if pattern.endswith("/*"):
        return value.startswith(pattern[:-1])
    if "/" in pattern:
        return value == pattern
    return all(one in ("x", digit) for one, digit in zip(pattern, value, strict=False))
