"""Fit the weights by which the dump extractor finds a headline, and print how well they generalise.

    python tests/eval/fit_dump_title.py [--write]

Reads the pages that `fit_dump_model.py` reads, with their addresses. Sites are parted into five folds:
each is scored with the weights fitted to the others; what is counted is whether the line chosen is, or
holds, the gold title. With --write the weights fitted to all pages replace those in `dumps/title.py`.
Needs numpy and a minute; the same pages give the same weights.
"""

from __future__ import annotations

import re
import sys

import numpy as np
from fit_dump_model import REPOSITORY, SETS, SHARED, pages, rows_of, score, site_digest

from newsclean.extract.generic.dumps import extractor as dump
from newsclean.extract.generic.dumps import model as dump_model
from newsclean.extract.generic.dumps import title as dump_title
from newsclean.extract.generic.dumps.address import slug_words

SOURCE = REPOSITORY / "src/newsclean/extract/generic/dumps/title.py"
SHRINK, ROUNDS, FOLDS = 2.0, 400, 5
LESS = 0.5  # what a page rendered by us counts
MOST_MORE, LEAST_SHARE = 0.4, 0.6  # of a line that holds the gold title; of a gold title that a line is a part of


def addresses():
    """Return the address of each page by set and file name without its endings."""
    found = {}
    for name in SETS:
        for folder in (SHARED / "pages" / name, SHARED / "pages/dumps" / name):
            for row in rows_of(folder / "manifest.jsonl"):
                found[name, stem_of(row["file"])] = row["url"]
    return found


def stem_of(file):
    return file.removesuffix(".txt").removesuffix(".html.gz")


def is_gold(line, title):
    """Tell whether a line is the title, or (weaker, 0.5) holds it or is most of it."""
    line, title = score.fold(line), score.fold(title)
    if line == title:
        return 1.0
    holds = title in line and len(title) > MOST_MORE * len(line)
    return 0.5 if line and (holds or (line in title and len(line) > LEAST_SHARE * len(title))) else 0.0


def choices():
    """Yield what there was to choose from on each page: fold, set, traits (lines x traits) and which line was right."""
    urls, weights = addresses(), dump_model.pinned()
    for page in pages():
        seen, title, name = page["seen"], page["row"]["articles"][0].get("title"), page["set"]
        body = dump.body_of(seen, weights)
        if not body or not title or name.endswith(("without blanks", "again")):
            continue
        words = frozenset().union(*[seen.looks[at].rare for at in body])
        slug = slug_words(urls.get((name.split()[0], stem_of(page["row"]["file"]))))
        lines = dump_title.candidates(seen.looks, body[0])
        table = np.zeros((len(lines), len(dump_title.TRAITS)))
        for row, at in zip(table, lines, strict=True):
            row[dump_title.traits(seen, at, body[0], slug, words)] = 1
        right = np.array([is_gold(seen.looks[at].text, title) for at in lines])
        yield fold_of(page), name, table, right == right.max(initial=0.1)


def fold_of(page):
    return int.from_bytes(site_digest(page), "big") % FOLDS


def fit(data):
    """Fit a weight a trait by Adam on the likelihood that a right line is chosen."""
    data = [(table, right, LESS if "rendered" in name else 1.0) for _, name, table, right in data if right.any()]
    weights, mean, spread = (np.zeros(len(dump_title.TRAITS)) for _ in range(3))
    for turn in range(1, ROUNDS + 1):
        slope = -SHRINK * weights
        for table, right, much in data:
            scores = table @ weights
            chances = np.exp(scores - scores.max())
            wanted = chances * right
            slope += much * (table.T @ (wanted / wanted.sum() - chances / chances.sum()))
        mean += 0.1 * (slope - mean)
        spread += 0.01 * (slope * slope - spread)
        step = (mean / (1 - 0.9**turn)) / (np.sqrt(spread / (1 - 0.99**turn)) + 1e-8)
        weights += 0.1 * (1.02 - turn / ROUNDS) * step
    return weights


def written(weights):
    """Return the source of `dumps/title.py` with these weights."""
    rows = {name: round(float(weight), 1) for name, weight in zip(dump_title.TRAITS, weights, strict=True)}
    lines = "".join(f'    "{name}": {weight},\n' for name, weight in sorted(rows.items()) if weight)
    source = SOURCE.read_text(encoding="utf-8")
    return re.sub(r"(?<=WEIGHTS: Final\[dict\[str, float\]\] = \{\n).*?(?=\})", lines, source, count=1, flags=re.DOTALL)


def main():
    data = list(choices())
    hits = {}
    for fold in range(FOLDS):
        weights = fit([one for one in data if one[0] != fold])
        for where, name, table, right in data:
            if where == fold:
                hits.setdefault(name, []).append(bool(len(right)) and bool(right[np.argmax(table @ weights)]))
    for name, found in sorted(hits.items()):
        print(f"{name:20} {np.mean(found):.3f} of {len(found)} pages, each by weights fitted to other sites")
    if "--write" in sys.argv:
        SOURCE.write_text(written(fit(data)), encoding="utf-8")


if __name__ == "__main__":
    main()
