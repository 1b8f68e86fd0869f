"""Real pages made over as other sites would make them: the generic extractor must not lean on names and metadata."""

from __future__ import annotations

import copy
import gzip
import hashlib
import importlib.util
import json
import statistics

import pytest
from lxml import etree, html

from newsclean.errors import PageError
from newsclean.extract.generic.html import GenericHtml
from newsclean.model import RawPage
from newsclean.page import PageView

_EVERY = {"publishers": 5, "wcxb": 10}
_WRAPPED = frozenset(("p", "h2", "h3", "ul", "ol", "blockquote"))
_WITHIN = frozenset(("li", "td", "blockquote", "figcaption", "button", "a", "span", "label", "ul", "ol"))


def _renamed(tree):
    """Class names and ids that mean nothing, equal where they were equal."""
    for element in tree.iter(etree.Element):
        for name in ("class", "id"):
            words = element.get(name, "").split()
            if words:
                element.set(name, " ".join(map(_hashed, words)))


def _hashed(word):
    return "c" + "".join(chr(97 + int(digit, 16)) for digit in hashlib.md5(word.encode()).hexdigest()[:6])


def _without_filing(tree):
    """No JSON-LD and no meta elements."""
    for element in [*tree.iter("script", "meta")]:
        if (element.tag == "meta" or "ld+json" in element.get("type", "")) and element.getparent() is not None:
            element.drop_tree()


def _wrapped(tree):
    """Each block in a numbered element of its own, as page builders make them."""
    blocks = [element for element in tree.iter(*_WRAPPED) if element.getparent().tag not in _WITHIN]
    for number, element in enumerate(blocks):
        wrapper = html.Element("div", {"class": f"cell cell-{number}"})
        wrapper.tail, element.tail = element.tail, None
        element.getparent().replace(element, wrapper)
        wrapper.append(element)


def _bare(tree):
    """No class, no id and no role at all."""
    for element in tree.iter(etree.Element):
        for name in ("class", "id", "role"):
            element.attrib.pop(name, None)


# What the extractor reaches on the sample, less a little: it must not fall.
FLOORS = {
    _renamed: {"body": 0.955, "title": 0.79, "standfirst": 0.72, "authors": 0.91},
    _without_filing: {"body": 0.943, "title": 0.67, "standfirst": 0.75, "authors": 0.67},
    _wrapped: {"body": 0.96, "title": 0.79, "standfirst": 0.82, "authors": 0.91},
    _bare: {"body": 0.956, "title": 0.79, "standfirst": 0.52, "authors": 0.91},
}


@pytest.fixture(scope="module")
def sample(shared):
    """Return the sampled pages as trees, each with its address and gold, and the shared scorer."""
    spec = importlib.util.spec_from_file_location("score", shared / "eval" / "score.py")
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)

    return score, [page for name, every in _EVERY.items() for page in _pages(shared / "pages" / name, every)]


def _pages(folder, every):
    urls = {row["file"]: row.get("url") for row in _rows(folder / "manifest.jsonl")}
    for row in [row for row in _rows(folder / "gold.jsonl") if row["articles"]][::every]:
        raw = RawPage(body=gzip.decompress((folder / row["file"]).read_bytes()), raw_path=row["file"])
        yield PageView(raw).tree, urls.get(row["file"]), row["articles"][0]


def _rows(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _figures(score, pages, changed):
    precisions, recalls = [], []
    shares = {name: [] for name in ("title", "standfirst", "authors")}
    for tree, url, gold in pages:
        made_over = copy.deepcopy(tree)
        changed(made_over)
        found = _found(RawPage(body=html.tostring(made_over, encoding="utf-8"), raw_path="p", url=url, charset="utf-8"))
        text = "\n\n".join(block.text for block in found.blocks) if found else ""
        precision, recall = score.prf("\n".join(gold["body"]), text)
        precisions.append(precision)
        recalls.append(recall)
        for name in ("title", "standfirst"):
            if name in gold:
                shares[name].append(found is not None and score.fold(gold[name]) == score.fold(getattr(found, name)))
        if gold.get("authors"):
            shares["authors"].append(found is not None and score.names(gold["authors"]) == score.names(found.authors))
    p, r = statistics.fmean(precisions), statistics.fmean(recalls)
    return {"body": 2 * p * r / (p + r)} | {name: statistics.fmean(hits) for name, hits in shares.items()}


def _found(raw):
    try:
        return GenericHtml().extract(PageView(raw))[0]
    except PageError:
        return None


@pytest.mark.parametrize("changed", FLOORS, ids=lambda changed: changed.__name__.lstrip("_"))
def test_pages_made_over_are_still_read(sample, changed):
    """Bodies and fields of pages under other names, without metadata, or otherwise wrapped stay above their floors."""
    figures = _figures(*sample, changed)
    fallen = {key: figures[key] for key, floor in FLOORS[changed].items() if figures[key] < floor}
    assert not fallen
