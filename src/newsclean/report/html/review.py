"""`newsclean audit`: a sheet of pages to judge, and verdicts on them that become golden cases."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from newsclean.dataset import Dataset
from newsclean.model import Reason
from newsclean.report.html.article import shown_page
from newsclean.report.html.audit import explained, sampled
from newsclean.report.html.rendering import embedded_json, render, write_page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsclean.model import Article
    from newsclean.run.explaining import Explanation

__all__ = ["EDITABLE", "VERDICTS", "write_sheet"]

VERDICTS: Final = (
    ("right", "Right"),
    ("wrong", "Wrong: mended above"),
    ("no_article", "This is no article"),
    ("skip", "Skip"),
)
# What a reviewer may mend, and how it is typed: as one text, one value a line, or paragraphs parted by blank lines.
EDITABLE: Final = {
    "title": "text",
    "standfirst": "text",
    "byline": "text",
    "authors": "lines",
    "agency": "text",
    "section": "text",
    "topics": "lines",
    "place": "text",
    "published_at": "text",
    "body": "paragraphs",
}
_ROWS: Final = {"text": 2, "lines": 3, "paragraphs": 16}
_KEY_CHARS: Final = 20


def write_sheet(
    dataset: Path, output: Path, *, sample: int, by: str, sites: Sequence[str | Path] = ()
) -> tuple[Path, int]:
    """Write the review sheet of `sample` pages picked `by` one of `WAYS`; return where it is and how many it has.

    Pages whose raw file is gone or changed are left out. Raises DatasetError.
    """
    found = Dataset.open(dataset, create=False)
    # Some raw files may be gone: more are asked for than are wanted.
    keys = sampled(found, most=2 * sample, by=by)
    items: list[dict[str, Any]] = []
    pages: dict[str, dict[str, Any]] = {}
    for key, explanation in explained(found, keys, sites=sites):
        if len(items) == sample:
            break
        item = _item(explanation)
        items.append(item)
        facts = explanation.outcome.page
        pages[item["key"]] = {"raw_path": key[0], "raw_offset": key[1], "raw_sha256": facts.sha256}
    digest = hashlib.sha256("".join(pages).encode()).hexdigest()[:_KEY_CHARS]
    html = render(
        "review.html",
        title=f"newsclean audit: {dataset.resolve().name}",
        scripts=("review.js",),
        by=by,
        items=items,
        verdicts=VERDICTS,
        reasons=sorted(map(str, Reason)),
        sheet=embedded_json({"dataset": str(dataset), "sheet": digest, "pages": pages}),
    )
    return write_page(output, html), len(items)


def _item(explanation: Explanation) -> dict[str, Any]:
    outcome, shown = explanation.outcome, shown_page(explanation)
    facts = outcome.page
    where = facts.raw_path if facts.raw_offset is None else f"{facts.raw_path} at byte {facts.raw_offset}"
    for segment, article in enumerate(shown.articles):
        article["segment"] = segment
        article["editable"] = _editable(article["article"])
    titles = [article.title for article in outcome.articles if article.title]
    return {
        "key": hashlib.sha256(where.encode("utf-8", "surrogatepass")).hexdigest()[:_KEY_CHARS],
        "title": titles[0] if titles else facts.raw_path,
        "where": where,
        "url": facts.url,
        "read_by": f"{outcome.extractor} ({outcome.strategy})",
        "groups": shown.groups,
        "articles": shown.articles,
    }


def _editable(article: Article) -> list[dict[str, Any]]:
    found = []
    for name, kind in EDITABLE.items():
        if name == "published_at":
            text = article.published.at.isoformat() if article.published else ""
        else:
            value = getattr(article, name)
            text = "\n".join(value) if isinstance(value, tuple) else value or ""
        found.append({"name": name, "kind": kind, "text": text, "rows": _ROWS[kind]})
    return found
