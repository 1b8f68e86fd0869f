"""Pages of a dataset picked out for a person to look at, each as raw and clean side by side."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any, Final

from newsclean.dataset import Dataset
from newsclean.errors import PageError
from newsclean.extract.routing import load_router
from newsclean.report.html.article import article_page
from newsclean.report.html.overview import doubtful_articles
from newsclean.report.html.rendering import write_page
from newsclean.run.api import site_folders
from newsclean.run.explaining import Explanation, explain
from newsclean.run.pipeline import Toolbox
from newsclean.run.rereading import PAGE_FACTS, raw_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    Key = tuple[str, int | None]

__all__ = ["WAYS", "explained", "sampled", "write_audit_pages"]

WAYS: Final = ("confidence", "site", "rule")
_NAME_CHARS: Final = 16


def write_audit_pages(dataset: Path, report: Path, *, most: int, run_id: str | None = None) -> dict[str, str]:
    """Write a page for each of the least sure articles, in a folder beside `report`; return the links by article id.

    An article whose raw file is gone or changed gets none.
    """
    found = Dataset.open(dataset, create=False)
    doubtful = doubtful_articles(found, most=most, run_id=run_id)
    folder = report.with_name(f"{report.stem}-pages")
    ids: dict[Key, list[str]] = defaultdict(list)
    for one in doubtful:
        ids[one.raw_path, one.raw_offset].append(one.article_id)
    links: dict[str, str] = {}
    for key, explanation in explained(found, list(ids)):
        name = f"{ids[key][0][:_NAME_CHARS]}.html"
        write_page(folder / name, article_page(explanation))
        links |= dict.fromkeys(ids[key], f"{folder.name}/{name}")
    return links


def explained(
    dataset: Dataset, keys: Sequence[Key], *, sites: Sequence[str | Path] = ()
) -> Iterator[tuple[Key, Explanation]]:
    """Yield the explanation of each page that can be read as it was, in the order of `keys` (raw path and offset)."""
    wanted = set(keys)
    rows = {_key(row): row for row in dataset.iter_rows("pages", PAGE_FACTS) if _key(row) in wanted}
    tools = Toolbox(router=load_router(site_folders(sites)))
    base = dataset.path.resolve().parent
    for key in keys:
        try:
            raw = raw_page(base, rows[key])
        except PageError:
            continue
        if raw.sha256 == rows[key]["raw_sha256"]:
            yield key, explain(raw, tools)


def sampled(dataset: Dataset, *, most: int, by: str) -> list[Key]:
    """Pick pages with articles: the least sure ones, some of every site, or one for every rule, rare rules first.

    The same dataset gives the same pages. `by` is one of `WAYS`.
    """
    if by == "confidence":
        doubtful = doubtful_articles(dataset, most=most)
        return list(dict.fromkeys((one.raw_path, one.raw_offset) for one in doubtful))
    if by == "site":
        return _one_of_each(_groups(dataset, "articles", "site"), most)
    return _one_of_each(_groups(dataset, "removals", "rule"), most)


def _groups(dataset: Dataset, table: str, column: str) -> list[list[Key]]:
    """Return the pages by the value of a column, the rarest value first, each group in an order of chance."""
    groups: dict[str, set[Key]] = defaultdict(set)
    for row in dataset.iter_rows(table, ["raw_path", "raw_offset", column]):
        groups[row[column] or ""].add(_key(row))
    ranked = sorted(groups.items(), key=lambda item: (len(item[1]), item[0]))
    return [sorted(keys, key=_shuffled) for _, keys in ranked]


def _one_of_each(groups: Iterable[Sequence[Key]], most: int) -> list[Key]:
    """Take the first of every group, then the second, no page twice."""
    rounds = chain.from_iterable(zip_longest(*groups))
    return list(dict.fromkeys(key for key in rounds if key is not None))[:most]


def _shuffled(key: Key) -> str:
    return hashlib.sha256(repr(key).encode("utf-8", "surrogatepass")).hexdigest()


def _key(row: dict[str, Any]) -> Key:
    return row["raw_path"], row["raw_offset"]
