"""Floors under the generic dump extractor on the corpora beside the repository; lowering one is a decision."""

from __future__ import annotations

import importlib.util
import json
import statistics

import pytest

from newsclean.errors import PageError
from newsclean.extract.generic.dumps.extractor import GenericText
from newsclean.model import RawPage
from newsclean.page import PageView

# These pages also served to fit the weights: the floors guard against breakage, they are no estimate.
FLOORS = {"publishers": (0.945, 0.73), "wcxb": (0.94, 0.72)}


def _scorer(shared):
    spec = importlib.util.spec_from_file_location("score", shared / "eval" / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _found(folder, row, url):
    raw = RawPage(body=(folder / row["file"]).read_bytes(), raw_path=row["file"], url=url)
    try:
        return GenericText().extract(PageView(raw))[0]
    except PageError:
        return None


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_body_and_title_stay_above_their_floors(shared, name):
    """Body F1 and the share of exact titles do not fall below what has been reached."""
    score = _scorer(shared)
    folder = shared / "pages" / "dumps" / name
    urls = {
        row["file"]: row["url"] for row in map(json.loads, (folder / "manifest.jsonl").read_text("utf-8").splitlines())
    }
    precisions, recalls, titles = [], [], []
    for row in map(json.loads, (folder / "gold.jsonl").read_text("utf-8").splitlines()):
        found = _found(folder, row, urls.get(row["file"]))
        gold = row["articles"][0]
        precision, recall = score.prf(
            "\n".join(gold["body"]), "\n\n".join(b.text for b in found.blocks) if found else ""
        )
        precisions.append(precision)
        recalls.append(recall)
        titles.append(found is not None and score.fold(gold["title"]) == score.fold(found.title))
    p, r = statistics.fmean(precisions), statistics.fmean(recalls)
    body_floor, title_floor = FLOORS[name]
    assert 2 * p * r / (p + r) >= body_floor
    assert statistics.fmean(titles) >= title_floor


def _stories(body, url=None):
    try:
        return GenericText().extract(PageView(RawPage(body=body, raw_path="page.txt", url=url)))
    except PageError:
        return ()


def test_no_single_page_is_split(shared):
    """Each real dump is one page, and gives one story at most."""
    files = sorted((shared / "pages" / "dumps").rglob("*.txt")) + sorted(
        (shared / "pages" / "other_text").rglob("*.txt")
    )
    split = [path.name for path in files if len(_stories(path.read_bytes())) > 1]
    assert not split


# Which share of two dumps run together is known for two, with both bodies as good as apart.
PAIRS = {"publishers": 0.55, "wcxb": 0.45}


@pytest.mark.parametrize("name", sorted(PAIRS))
def test_dumps_run_together_are_parted(shared, name):
    """Of pairs of dumps made by joining each to one some way on, at least the pinned share is parted well."""
    score = _scorer(shared)
    folder = shared / "pages" / "dumps" / name
    rows = [json.loads(line) for line in (folder / "gold.jsonl").read_text("utf-8").splitlines()]
    good = 0
    pairs = list(zip(rows, rows[len(rows) // 2 :] + rows[: len(rows) // 2], strict=True))[::2]
    for pair in pairs:
        found = _stories(b"\n".join((folder / row["file"]).read_bytes() for row in pair))
        if len(found) == len(pair):
            halves = [
                score.prf("\n".join(row["articles"][0]["body"]), "\n".join(block.text for block in one.blocks))
                for row, one in zip(pair, found, strict=True)
            ]
            good += all(min(precision, recall) > 0.7 for precision, recall in halves)
    assert good / len(pairs) >= PAIRS[name]
