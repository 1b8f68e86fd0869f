"""Floors under the generic HTML extractor on the corpora beside the repository; lowering one is a decision."""

from __future__ import annotations

import gzip
import importlib.util
import json
import statistics

import pytest

from newsclean.errors import PageError
from newsclean.extract.generic.html import GenericHtml
from newsclean.model import RawPage
from newsclean.page import PageView

# These pages have been looked at while the rules were written: pages unseen may give less.
FLOORS = {
    "publishers": {
        "body": 0.972,
        "exact": 0.48,
        "title": 0.895,
        "standfirst": 0.865,
        "date": 0.985,
        "authors": 0.91,
        "articles": 1.0,
    },
    "wcxb": {"body": 0.945, "title": 0.89, "date": 0.883, "authors": 0.862, "articles": 0.985, "no_article": 0.94},
}


def _scorer(shared):
    spec = importlib.util.spec_from_file_location("score", shared / "eval" / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _found(folder, row, url):
    raw = RawPage(body=gzip.decompress((folder / row["file"]).read_bytes()), raw_path=row["file"], url=url)
    try:
        return GenericHtml().extract(PageView(raw))[0]
    except PageError:
        return None


def _rows(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _lines(blocks):
    return [" ".join(block.split()) for block in blocks]


def _figures(score, folder):
    urls = {row["file"]: row.get("url") for row in _rows(folder / "manifest.jsonl")}
    precisions, recalls = [], []
    shares = {name: [] for name in ("exact", "title", "standfirst", "date", "authors", "articles", "no_article")}
    for row in _rows(folder / "gold.jsonl"):
        found = _found(folder, row, urls.get(row["file"]))
        if not row["articles"]:
            shares["no_article"].append(found is None)
            continue
        gold = row["articles"][0]
        shares["articles"].append(found is not None)
        text = "\n\n".join(block.text for block in found.blocks) if found else ""
        precision, recall = score.prf("\n".join(gold["body"]), text)
        precisions.append(precision)
        recalls.append(recall)
        shares["exact"].append(_lines(gold["body"]) == score.blocks(text))
        if gold.get("date"):
            seen = score.day(found.published.at) if found and found.published else set()
            shares["date"].append(any(day.startswith(gold["date"][:10]) for day in seen))
        for name in ("title", "standfirst"):
            if name in gold:
                shares[name].append(found is not None and score.fold(gold[name]) == score.fold(getattr(found, name)))
        if gold.get("authors"):
            shares["authors"].append(found is not None and score.names(gold["authors"]) == score.names(found.authors))
    p, r = statistics.fmean(precisions), statistics.fmean(recalls)
    return {"body": 2 * p * r / (p + r)} | {name: statistics.fmean(hits) for name, hits in shares.items() if hits}


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_figures_stay_above_their_floors(shared, name):
    """Body F1 and the shares of exact fields do not fall below what has been reached."""
    figures = _figures(_scorer(shared), shared / "pages" / name)
    fallen = {key: figures[key] for key, floor in FLOORS[name].items() if figures[key] < floor}
    assert not fallen
