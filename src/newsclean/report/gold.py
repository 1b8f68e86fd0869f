"""Gold records: what must come of each page of a corpus, and the hash that tells one corpus from another.

    gold.jsonl    {"file": "de/story.html.gz", "articles": [{"title": ..., "body": [block, ...], ...}]}

`file` is relative to the folder of the pages; no articles: the page is none, and must give no row.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from newsclean.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["Corpus", "GoldPage", "load_corpus"]

_GOLD: Final = "gold.jsonl"
_MANIFEST: Final = "manifest.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldPage:
    """A page of a corpus and the articles that it holds, in their order."""

    file: str
    articles: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Gold records and the folder that their pages are in."""

    gold: Path
    folder: Path
    pages: tuple[GoldPage, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        """Where the pages lie; raises ConfigError for one that is not there."""
        found = tuple(self.folder / page.file for page in self.pages)
        for path in found:
            if not path.is_file():
                raise ConfigError(
                    f"{path}: {self.gold} names this page, and it is not there; name its folder by --pages"
                )
        return found

    @property
    def gold_sha256(self) -> str:
        """Hash of the file of gold records."""
        return hashlib.sha256(self.gold.read_bytes()).hexdigest()

    @property
    def pages_sha256(self) -> str:
        """Hash of the names and bytes of all pages, and of the manifest beside them, which tells their URLs."""
        digest = hashlib.sha256()
        manifest = self.folder / _MANIFEST
        for path in (*sorted(self.files), *((manifest,) if manifest.exists() else ())):
            digest.update(path.relative_to(self.folder).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()


def load_corpus(gold: Path, pages: Path | None = None) -> Corpus:
    """Read gold records (a file, or the folder of a gold.jsonl); the pages lie beside it or in `pages`.

    Raises ConfigError naming the line that cannot be used.
    """
    path = gold / _GOLD if gold.is_dir() else gold
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        cause = error.strerror if isinstance(error, OSError) else error
        raise ConfigError(f"{path}: cannot be read: {cause}; name a {_GOLD} or its folder") from error
    found = tuple(_page(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip())
    if not found:
        raise ConfigError(f"{path}: no gold records in it; give one row a page")
    return Corpus(gold=path, folder=pages or path.parent, pages=found)


def _page(line: str, where: str) -> GoldPage:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise ConfigError(f"{where}: no JSON: {error}; mend the line") from error
    articles = row.get("articles") if isinstance(row, dict) else None
    if not isinstance(articles, list) or not isinstance(row.get("file"), str):
        raise ConfigError(f'{where}: an object with "file" and a list "articles" is needed')
    for article in articles:
        if not isinstance(article, dict) or not isinstance(article.get("body"), list):
            raise ConfigError(f'{where}: each article is an object with a list "body"')
    return GoldPage(file=row["file"], articles=tuple(articles))
