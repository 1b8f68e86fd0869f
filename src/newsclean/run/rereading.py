"""The raw page behind a row of `pages`, read again; and the row behind an article id, a URL or a file."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from newsclean.errors import ConfigError
from newsclean.sources import SourceFile, read_page, read_record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsclean.dataset import Dataset
    from newsclean.model import RawPage

__all__ = ["PAGE_FACTS", "find_row", "raw_bytes", "raw_page"]

# What of a row of `pages` its raw page is made of.
PAGE_FACTS: Final = (
    *("raw_path", "raw_offset", "raw_sha256", "url", "raw_media_type", "charset", "charset_source"),
    *("http_status", "fetched_at", "source", "labels"),
)
_SHORTEST_ID: Final = 6
_ESCAPED: Final = re.compile(r"\\u(dc[89a-f][0-9a-f])")


def raw_bytes(base: Path, row: Mapping[str, Any]) -> RawPage:
    """Read a page's bytes again, a file's or those of a record in an archive; raises PageError.

    `base` is the folder that relative paths start from: the dataset's parent.
    """
    charset = row["charset"] if row["charset_source"] == "declared" else None
    path = row["raw_path"]
    file = SourceFile(path=_found(base, path), raw_path=path, size_bytes=0, mtime_ns=0, charset=charset)
    return read_page(file) if row["raw_offset"] is None else read_record(file, row["raw_offset"])


def _found(base: Path, raw_path: str) -> Path:
    r"""Return where a raw path leads; bytes of a name that are no UTF-8 stand in it as escapes (`\udce9`)."""
    path = Path(str(base), raw_path)
    if not _ESCAPED.search(raw_path) or path.exists():
        return path
    return Path(str(base), _ESCAPED.sub(lambda found: chr(int(found[1], 16)), raw_path))


def raw_page(base: Path, row: Mapping[str, Any]) -> RawPage:
    """Return the raw page of a row (`PAGE_FACTS`) with all that was known of it in the run; raises PageError."""
    return replace(
        raw_bytes(base, row),
        raw_offset=row["raw_offset"],
        url=row["url"],
        media_type=row["raw_media_type"],
        status=row["http_status"],
        fetched_at=row["fetched_at"],
        source=row["source"],
        labels=tuple((label["name"], label["value"]) for label in row["labels"]),
    )


def find_row(dataset: Dataset, what: str) -> dict[str, Any]:
    """Return the row of `pages` that an article id (its first 6 characters at least), a URL or a raw path names.

    Of several the last; raises ConfigError where there is none.
    """
    wanted = _pages_of_article(dataset, what)
    found = None
    for row in dataset.iter_rows("pages", PAGE_FACTS):
        if what in (row["url"], row["raw_path"]) or (row["raw_path"], row["raw_offset"]) in wanted:
            found = row
    if found is None:
        short = f"; of an id, {_SHORTEST_ID} characters are needed" if len(what) < _SHORTEST_ID else ""
        raise ConfigError(f"{what}: no file, and no article id, URL or raw path in {dataset.path}{short}")
    return found


def _pages_of_article(dataset: Dataset, what: str) -> set[tuple[str, int | None]]:
    columns = ("article_id", "canonical_url", "raw_path", "raw_offset")
    return {
        (row["raw_path"], row["raw_offset"])
        for row in dataset.iter_rows("articles", columns)
        if row["canonical_url"] == what or (len(what) >= _SHORTEST_ID and row["article_id"].startswith(what))
    }
