"""Fit the weights of the dump extractor's line model to the pages in ../shared and print how well it generalises.

    python tests/eval/fit_dump_model.py [--write]

Reads the dumps with gold bodies, and the HTML articles rendered about as a browser's innerText would be:
those that have a dump too, for the lines differ, and that made unseen sites .01 better. Sites are parted
into two halves: each half is scored by the model fitted to the other. With --write the model fitted to
all pages replaces `dumps/weights.json`. Needs numpy and some minutes; the same pages give the same weights.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import re
import sys
from pathlib import Path

import numpy as np

from newsclean.extract.generic.dumps import context as dump_context
from newsclean.extract.generic.dumps import extractor as dump
from newsclean.extract.generic.dumps import lines as dump_lines
from newsclean.extract.generic.dumps import model as dump_model
from newsclean.extract.generic.dumps import stretch as dump_stretch
from newsclean.model import RawPage
from newsclean.page import PageView
from newsclean.page.flowing import flowing
from newsclean.text import squeeze

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = REPOSITORY.parent / "shared"
WEIGHTS = REPOSITORY / "src/newsclean/extract/generic/dumps/weights.json"
SETS = ("publishers", "wcxb")
COUNT = len(dump_model.STATES)
# What a state's weights are made of: body, first, before, inside, close, close and after.
TIE = np.array(
    [
        [0, 1, 1, 0, 0, 0],
        [0, 1, 0, 0, 0, 0],
        [1, 0, 0, 0, 0, 0],
        [0, 0, 0, 1, 0, 0],
        [0, 0, 0, 0, 1, 0],
        [0, 0, 0, 0, 1, 1],
    ],
    float,
)
SHRINK = np.array([1, 4, 4, 4, 4, 4], float) * 8
ROUNDS, LONGEST, UNIT = 200, 450, 64
LEGAL = np.zeros((COUNT, COUNT), bool)
for _from, _to in ((0, 0), (0, 1), (1, 2), (1, 3), (1, 4), (2, 2), (2, 3), (2, 4), (3, 3), (3, 2), (4, 5), (5, 5)):
    LEGAL[_from, _to] = True
TINY, MOST = 1e-300, 60.0
START, END = np.array([1, 1, 0, 0, 0, 0.0]), np.array([1, 1, 1, 0, 1, 1.0])
SKIPPED = frozenset(
    "head script style template noscript iframe object svg math canvas audio video textarea select option".split()
)
BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "  # noqa: E501
    "header hr html legend li main menu nav ol p pre section summary table tbody thead tfoot tr ul caption".split()
)
_spec = importlib.util.spec_from_file_location("score", SHARED / "eval/score.py")
score = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(score)


def rendered(root):
    """Return the innerText of a tree: a line a block element, a blank line around each paragraph."""
    pieces = []

    def walk(element):
        tag = element.tag
        if not isinstance(tag, str) or tag in SKIPPED:
            return
        breaks = 2 if tag == "p" else 1 if tag in BLOCKS else 0
        pieces.append("\n" if tag == "br" else breaks)
        pieces.append(re.sub(r"\s+", " ", element.text or ""))
        for child in element:
            walk(child)
            pieces.append(re.sub(r"\s+", " ", child.tail or ""))
        pieces.append(breaks)

    walk(root)
    out, pending = [], 0
    for piece in pieces:
        if isinstance(piece, int):
            pending = max(pending, piece)
        elif piece == "\n" or (piece if not pending else piece.strip()):
            out.append("\n" * pending + (piece.lstrip(" ") if pending else piece))
            pending = 0
    return "".join(out).strip("\n")


def folded(text):
    return " ".join(score.tokens(text.replace("’", "'")))


def labelled(lines, body):
    """Say of each line whether it is body: the chain of lines, in order, that covers most of the gold text."""
    keys = [folded(block) for block in body]
    bare = [re.sub(r"^\d+ ", "", key) for key in keys]
    whole = " " + "  ".join(bare) + " "
    spans, at = [], 1
    for key in bare:
        spans.append((at, at + len(key)))
        at += len(key) + 2
    found = []
    for number, line in enumerate(lines):
        key = folded(line)
        exact = [span for span, a, b in zip(spans, keys, bare, strict=True) if key and key in (a, b)]
        starts = [] if exact or len(key) < 2 else [m.start() + 1 for m in re.finditer(re.escape(f" {key} "), whole)][:6]
        found += [(number, a, b, 2) for a, b in exact] + [(number, a, a + len(key), -8) for a in starts]
    best, link = [], []
    for j, (number, a, b, bonus) in enumerate(found):
        options = [
            (best[i] - 0.4 * min(number - found[i][0] - 1, 30), i)
            for i in range(j)
            if found[i][0] < number and found[i][2] <= a
        ]
        value, before = max(options, default=(0, -1))
        best.append(max(value, 0) + b - a + bonus)
        link.append(before if value > 0 else -1)
    labels, at = [False] * len(lines), max(range(len(best)), key=best.__getitem__, default=-1)
    while at >= 0:
        labels[found[at][0]] = True
        at = link[at]
    return labels


def states_of(labels):
    on = [at for at, label in enumerate(labels) if label]
    if not on:
        return [0] * len(labels)
    return [
        0 if i < on[0] else 1 if i == on[0] else 2 if y else 3 if i < on[-1] else 4 if i == on[-1] + 1 else 5
        for i, y in enumerate(labels)
    ]


def page_of(text, row, name, weight=1.0, *, squashed=False):
    if squashed:
        text = "\n".join(filter(None, map(squeeze, text.split("\n"))))
    lines = dump_stretch.lines_of(flowing(text), text.encode("utf-8", "surrogatepass"))
    seen = dump_stretch.looked(lines)
    labels = labelled(lines.tidy, row["articles"][0]["body"])[seen.begin : seen.begin + len(seen.looks)]
    return {
        "row": row,
        "set": name,
        "weight": weight,
        "seen": seen,
        "ids": dump_context.features(seen.looks, seen.gaps) if seen.looks else [],
        "states": states_of(labels),
    }


def rows_of(file):
    """Return the rows of a JSONL file."""
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def pages():
    """Yield the labelled pages; each dump a second time, at less weight, without its blank lines; then as rendered."""
    for name in SETS:
        dumps, html = SHARED / "pages/dumps" / name, SHARED / "pages" / name
        rows = rows_of(dumps / "gold.jsonl")
        for row in rows:
            text = (dumps / row["file"]).read_text(encoding="utf8")
            yield page_of(text, row, name)
            yield page_of(text, row, f"{name} without blanks", 0.3, squashed=True)
        have = {row["file"].removesuffix(".txt") for row in rows}
        for row in rows_of(html / "gold.jsonl"):
            if row["articles"]:
                again = " again" if row["file"].removesuffix(".html.gz") in have else ""
                view = PageView(RawPage(body=gzip.decompress((html / row["file"]).read_bytes()), raw_path=row["file"]))
                page = page_of(rendered(view.tree), row, f"{name} rendered{again}")
                if any(page["states"]):
                    yield page


def fit(data):
    """Fit the weights (features x states) and steps by Adam on the likelihood; deterministic."""
    data = sorted(data, key=lambda page: -min(LONGEST, len(page["ids"])))
    lengths = np.array([min(LONGEST, len(page["ids"])) for page in data])
    width, number = lengths.max(), len(data)
    where = np.concatenate([n * width + np.arange(length) for n, length in enumerate(lengths)])
    ids = [line for page in data for line in page["ids"][:LONGEST]]
    rows, columns = np.repeat(np.arange(len(ids)), [len(line) for line in ids]), np.concatenate(ids)
    truth = np.eye(COUNT)[np.concatenate([page["states"][:LONGEST] for page in data])]
    page_weight = np.array([page["weight"] for page in data])
    weight = page_weight[where // width]
    wanted = np.zeros((COUNT, COUNT))
    for page, w in zip(data, page_weight, strict=True):
        np.add.at(wanted, (page["states"][: LONGEST - 1][: len(page["states"]) - 1], page["states"][1:LONGEST]), w)
    parts, steps = np.zeros((dump_context.FEATURE_COUNT, COUNT)), np.zeros((COUNT, COUNT))
    moments = [np.zeros_like(x) for x in (parts, parts, steps, steps)]
    for turn in range(1, ROUNDS + 1):
        table = parts @ TIE
        scores = np.zeros((number * width, COUNT))
        scores[where] = np.stack([np.bincount(rows, table[columns, k], len(ids)) for k in range(COUNT)], 1)
        chances, pairs = expected(scores.reshape(number, width, COUNT), steps, lengths, page_weight)
        missing = (truth - chances.reshape(-1, COUNT)[where]) * weight[:, None]
        slope = np.stack([np.bincount(columns, missing[rows, k], dump_context.FEATURE_COUNT) for k in range(COUNT)], 1)
        slopes = (
            (slope @ TIE.T - SHRINK * parts) / number,
            np.where(LEGAL, (wanted - pairs - 1.2 * steps) / number, 0),
        )
        pace = 0.075 * (1 + np.cos(np.pi * turn / ROUNDS)) + 0.002
        for value, g, m, v in ((parts, slopes[0], *moments[:2]), (steps, slopes[1], *moments[2:])):
            m[:] += 0.1 * (g - m)
            v[:] += 0.01 * (g * g - v)
            value[:] += pace * (m / (1 - 0.9**turn)) / (np.sqrt(v / (1 - 0.99**turn)) + 1e-8)
    return parts @ TIE, steps


def expected(scores, steps, lengths, page_weight):
    """Return the chance of each state at each line, and the expected number of each step, over all pages at once."""
    number, width, _ = scores.shape
    move = np.exp(steps) * LEGAL
    ahead, back, scale = np.zeros_like(scores), np.zeros_like(scores), np.zeros((number, width))
    for t in range(width):
        k = int(np.searchsorted(-lengths, -t, side="left"))
        now = np.log((ahead[:k, t - 1] @ move if t else np.tile(START, (k, 1))) + TINY) + scores[:k, t]
        top = now.max(1)
        scale[:k, t] = top + np.log(np.exp(now - top[:, None]).sum(1))
        ahead[:k, t] = np.exp(now - scale[:k, t, None])
    last = lengths - 1
    back[np.arange(number), last] = END / ((ahead[np.arange(number), last] * END).sum(1) + 1e-30)[:, None]
    pairs = np.zeros((COUNT, COUNT))
    for t in range(width - 2, -1, -1):
        k = int(np.searchsorted(-lengths, -(t + 1), side="left"))
        # A state that cannot be reached may be likely by itself, beyond all that a number can hold.
        coming = np.exp(np.minimum(scores[:k, t + 1] - scale[:k, t + 1, None], MOST)) * back[:k, t + 1]
        back[:k, t] = coming @ move.T
        pairs += (ahead[:k, t] * page_weight[:k, None]).T @ coming
    return ahead * back, pairs * move


def as_weights(table, steps):
    """Return the fitted numbers in the form of `weights.json`."""
    groups = sorted((dump_lines.GROUPS | dump_context.GROUPS).items(), key=lambda item: item[1])
    ends = [start for _, start in groups[1:]] + [dump_context.FEATURE_COUNT]
    whole = np.rint(table * UNIT).astype(int).tolist()
    features = {
        n: {str(i - a): whole[i] for i in range(a, b) if any(whole[i])} for (n, a), b in zip(groups, ends, strict=True)
    }
    names = dump_model.STATES
    moves = {
        f"{names[a]}>{names[b]}": round(float(steps[a, b]) * UNIT)
        for a in range(COUNT)
        for b in range(COUNT)
        if LEGAL[a, b]
    }
    return {"unit": f"1/{UNIT}", "states": list(names), "steps": moves, "features": features}


def written(data):
    """Return the JSON text with one row a feature."""
    rows = [
        f'"{name}": {{\n'
        + ",\n".join(f'"{k}": {json.dumps(v, separators=(",", ":"))}' for k, v in group.items())
        + "\n}"
        for name, group in data["features"].items()
    ]
    head = "".join(f'"{key}": {json.dumps(data[key])},\n' for key in ("unit", "states", "steps"))
    return "{\n" + head + '"features": {\n' + ",\n".join(rows) + "\n}\n}\n"


def site_digest(page):
    """Return a hash of the site a page is of, to part sites by."""
    name = Path(page["row"]["file"]).name
    return hashlib.md5((name if name[0].isdigit() else name.split("_")[0]).encode()).digest()


def half_of(page):
    return site_digest(page)[1] % 2


def main():
    data = list(pages())
    totals = {}
    for half in (0, 1):
        weights = dump_model.read_weights(as_weights(*fit([page for page in data if half_of(page) != half])))
        for page in data:
            if half_of(page) == half:
                looks = page["seen"].looks
                body = "\n".join(looks[at].text for at in dump.body_of(page["seen"], weights))
                totals.setdefault((page["set"], half), []).append(
                    score.prf("\n".join(page["row"]["articles"][0]["body"]), body)
                )
    for (name, half), values in sorted(totals.items()):
        p, r = np.mean(values, axis=0)
        print(
            f"{name:26} half {half}, fitted to the other: F1 {2 * p * r / (p + r):.4f}  P {p:.4f}  R {r:.4f}  {len(values)} pages"  # noqa: E501
        )
    if "--write" in sys.argv:
        WEIGHTS.write_text(written(as_weights(*fit(data))), encoding="utf-8")


if __name__ == "__main__":
    main()
