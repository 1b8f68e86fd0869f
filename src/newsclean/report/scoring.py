"""Score rows of a dataset against gold records, page by page, into the figures that floors are set for."""

from __future__ import annotations

import statistics
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from newsclean.report.comparing import blocks_of, captions_of, days_of, folded, names_of, overlap, squeezed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from newsclean.report.gold import GoldPage

__all__ = ["COLUMNS", "Overlap", "PageScore", "Score", "score"]

COLUMNS: Final = (
    *("raw_path", "segment", "title", "standfirst", "body", "authors", "published_at", "modified_at"),
    *("language", "agency", "captions", "topics"),
)
_SHARES: Final = (
    *("exact", "title", "standfirst", "date", "authors", "language", "agency", "captions", "topics"),
    *("articles", "no_article"),
)
_DIGITS: Final = 4
_BAD: Final = 0.5  # a body with a lower F1 is not the story


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Mean precision and mean recall over articles, and the harmonic mean of the two means."""

    f1: float
    precision: float
    recall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PageScore:
    """How well one article's body was found."""

    file: str
    f1: float
    precision: float
    recall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a dataset scores, every figure 0 to 1 and to four digits.

    `articles` and `rows` count the gold's articles and the dataset's rows; `body` is the overlap of
    bodies, `lead` that of standfirst and body together (it does not matter in which of the two a
    sentence stands). `shares`: `exact` bodies equal block by block; `title`, `standfirst`,
    `authors`, `topics` equal after folding; `date` right somewhere on earth, or rightly missing;
    `language`, `agency`, `captions` equal; `articles` pages with the right number of them;
    `no_article` pages rightly without. A share that the gold says nothing of is not there. `bad`:
    articles with a body F1 below .5; `snippets`: texts that the gold wants in a body (`with`) or not
    (`without`) and that are there. `worst` are all articles, worst body first.
    """

    articles: int
    rows: int
    body: Overlap
    lead: Overlap
    bad: float | None
    shares: Mapping[str, float]
    snippets: Mapping[str, float]
    worst: tuple[PageScore, ...]

    @property
    def figures(self) -> dict[str, float]:
        """Return the figures that are better the higher they are, by name: those that may have a floor."""
        found = {"body": self.body.f1, "lead": self.lead.f1} if self.articles else {}
        return found | dict(self.shares)


@dataclass(slots=True)
class _Sums:
    body: list[tuple[float, float]] = field(default_factory=list)
    lead: list[tuple[float, float]] = field(default_factory=list)
    hits: defaultdict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    snippets: defaultdict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    pages: list[PageScore] = field(default_factory=list)


def score(gold: Iterable[GoldPage], rows: Iterable[Mapping[str, Any]]) -> Score:
    """Score rows of `articles` (with `COLUMNS`); a row is a page's if its `raw_path` ends in the page's `file`."""
    by_name: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    count = 0
    for row in rows:
        count += 1
        by_name[PurePosixPath(row["raw_path"]).name].append(row)
    sums = _Sums()
    for page in gold:
        same = by_name.get(PurePosixPath(page.file).name, ())
        found = [row for row in same if row["raw_path"].endswith(page.file)]
        _add_page(sums, page, sorted(found, key=lambda row: row["segment"] or 0))
    return _summed(sums, count)


def _add_page(sums: _Sums, page: GoldPage, found: Sequence[Mapping[str, Any]]) -> None:
    if not page.articles:
        sums.hits["no_article"].append(not found)
        return
    sums.hits["articles"].append(len(found) == len(page.articles))
    for at, gold in enumerate(page.articles):
        row = found[at] if at < len(found) else {}
        _add_texts(sums, page.file, gold, row)
        for name, is_right in _verdicts(gold, row):
            sums.hits[name].append(is_right)
        for name in ("with", "without") if "with" in gold else ():
            sums.snippets[name] += [text in (row.get("body") or "") for text in gold[name]]


def _add_texts(sums: _Sums, file: str, gold: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    body = row.get("body") or ""
    precision, recall = overlap("\n".join(gold["body"]), body)
    sums.body.append((precision, recall))
    lead = "\n".join([gold.get("standfirst") or "", *gold["body"]])
    sums.lead.append(overlap(lead, "\n".join([row.get("standfirst") or "", body])))
    f1 = _harmonic(precision, recall)
    rounded = (round(value, 3) for value in (f1, precision, recall))
    sums.pages.append(PageScore(file=file, **dict(zip(("f1", "precision", "recall"), rounded, strict=True))))
    sums.hits["exact"].append([squeezed(block) for block in gold["body"]] == blocks_of(body))


def _verdicts(gold: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield whether each field is right that the gold says something of."""
    if gold.get("title"):
        yield "title", folded(gold["title"]) == folded(row.get("title"))
    if "standfirst" in gold:
        yield "standfirst", folded(gold["standfirst"]) == folded(row.get("standfirst"))
    yield from _date_verdict(gold, row)
    for name in ("authors", "topics"):
        if gold.get(name):
            yield name, names_of(gold[name]) == names_of(row.get(name))
    for name in ("language", "agency"):
        if name in gold:
            yield name, bool(row) and (gold[name] or None) == (row.get(name) or None)
    if gold.get("captions"):
        yield "captions", captions_of(gold["captions"]) == captions_of(row.get("captions"))


def _date_verdict(gold: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    stated = gold.get("date") or gold.get("published_at") or gold.get("modified_at")
    if stated:
        days = days_of(row.get("published_at")) | (
            days_of(row.get("modified_at")) if gold.get("modified_at") else set()
        )
        yield "date", any(day.startswith(stated[:10]) for day in days)
    elif "published_at" in gold:
        yield "date", bool(row) and not row.get("published_at")


def _summed(sums: _Sums, rows: int) -> Score:
    shares = {name: _mean(sums.hits[name]) for name in _SHARES if sums.hits.get(name)}
    return Score(
        articles=len(sums.pages),
        rows=rows,
        body=_overlap(sums.body),
        lead=_overlap(sums.lead),
        bad=_mean([page.f1 < _BAD for page in sums.pages]) if sums.pages else None,
        shares=shares,
        snippets={name: _mean(hits) for name, hits in sums.snippets.items() if hits},
        worst=tuple(sorted(sums.pages, key=lambda page: (page.f1, page.precision, page.recall, page.file))),
    )


def _overlap(pairs: Sequence[tuple[float, float]]) -> Overlap:
    precision = statistics.fmean(pair[0] for pair in pairs) if pairs else 0.0
    recall = statistics.fmean(pair[1] for pair in pairs) if pairs else 0.0
    means = (_harmonic(precision, recall), precision, recall)
    return Overlap(**dict(zip(("f1", "precision", "recall"), (round(one, _DIGITS) for one in means), strict=True)))


def _harmonic(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _mean(hits: Sequence[bool]) -> float:
    return round(statistics.fmean(hits), _DIGITS)
