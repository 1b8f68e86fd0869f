"""A row of a table (a JSON object, a row of Parquet) as a page: one column is its text, the others say what is known.

`url`, `fetched_at`, `status`, `media_type` and `charset` are understood as in a manifest; what is
short besides becomes a label.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from newsclean.errors import Reason, UnreadablePage
from newsclean.model import PageFacts
from newsclean.sources.contained import StoredPage
from newsclean.sources.members import check_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newsclean.errors import PageError
    from newsclean.sources.choosing import Reading
    from newsclean.sources.records import SourceFile

__all__ = ["page_column", "row_page"]

_KNOWN: Final = frozenset(("url", "fetched_at", "status", "media_type", "charset", "content_language"))
_STATUS: Final = range(100, 600)
_LABEL_CHARS: Final = 200
_HTML: Final = "text/html"
_TEXT: Final = "text/plain"
_BODY: Final = ("html", "text")


def page_column(reading: Reading, columns: Iterable[str]) -> str | None:
    """Return the column that holds the pages, None where none of those that could is there."""
    wanted = [name for name in (reading.html_column, reading.text_column) if name] or list(_BODY)
    there = frozenset(columns)
    return next((name for name in wanted if name in there), None)


def row_page(file: SourceFile, offset: int, row: Mapping[str, object], *, source: str) -> StoredPage:
    """Return the page that a row is, at `offset` in the file."""
    column = page_column(file.reading, row)
    facts = _facts(file, offset, row, column, source)
    refusal = _refusal(file.reading, row, column) or file.reading.choice.refusal(
        facts, language=_text(row.get("content_language"))
    )
    if refusal is not None:
        return StoredPage(facts=facts, refusal=refusal)
    body = row[column or ""]
    content = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    return StoredPage(facts=facts, take=lambda max_bytes: _bounded(content, max_bytes))


def _facts(file: SourceFile, offset: int, row: Mapping[str, object], column: str | None, source: str) -> PageFacts:
    fetched_at, status = _moment(row.get("fetched_at")), _status(row.get("status"))
    unread = {"fetched_at": fetched_at, "status": status}
    labels = [
        (name, label)
        for name, value in row.items()
        if name != column and (name not in _KNOWN or (name in unread and unread[name] is None))
        if (label := _label(value)) is not None
    ]
    is_text = column is not None and column not in {file.reading.html_column, _BODY[0]}
    body = row.get(column) if column else None
    return PageFacts(
        raw_path=file.raw_path,
        raw_offset=offset,
        url=_text(row.get("url")),
        media_type=_text(row.get("media_type")) or (_TEXT if is_text else _HTML),
        charset="utf-8" if isinstance(body, str) else _text(row.get("charset")),
        status=status,
        fetched_at=fetched_at,
        source=source,
        labels=(*file.labels, *labels),
    )


def _refusal(reading: Reading, row: Mapping[str, object], column: str | None) -> PageError | None:
    if column is None:
        wanted = reading.html_column or reading.text_column or " or ".join(_BODY)
        known = ", ".join(list(row)[:20])
        detail = f"no column {wanted} in it: name one of {known or '(none)'} by --html-column or --text-column"
        return UnreadablePage(Reason.UNREADABLE, detail)
    body = row[column]
    if body is None or body in ("", b""):
        return UnreadablePage(Reason.EMPTY, f"nothing in column {column}")
    if not isinstance(body, str | bytes):
        return UnreadablePage(Reason.UNREADABLE, f"column {column} holds no text but {type(body).__name__}")
    return None


def _bounded(body: object, max_bytes: int) -> bytes:
    assert isinstance(body, bytes)
    check_size(len(body), max_bytes)
    return body


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _status(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:4])
    return value if isinstance(value, int) and not isinstance(value, bool) and value in _STATUS else None


def _moment(value: object) -> dt.datetime | None:
    """Return a moment in UTC, None for what is none: without a zone it could be many."""
    try:
        moment = dt.datetime.fromisoformat(value.strip()) if isinstance(value, str) else value
        is_full = isinstance(moment, dt.datetime) and moment.tzinfo is not None
        return moment.astimezone(dt.UTC) if is_full and isinstance(moment, dt.datetime) else None
    except (ValueError, OverflowError):
        return None


def _label(value: object) -> str | None:
    """Return a short single value as text, None for all else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | str | dt.date):
        text = str(value)
        return text if len(text) <= _LABEL_CHARS else None
    return None
