"""`newsclean report`: a dataset, or one run of it, on one page."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from newsclean.dataset import Dataset
from newsclean.dataset.counts.overview import overview
from newsclean.errors import ConfigError
from newsclean.report.html.rendering import embedded_json, render, write_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from newsclean.dataset.counts.overview import Flow, Overview, RuleCount

__all__ = ["Doubtful", "doubtful_articles", "report_page", "write_report"]

_MOST_SITES: Final = 40
_MOST_RULES: Final = 300
_MOST_BARS: Final = 120  # more days than these are drawn as months
_WIDEST_BAR_REM: Final = 7
_OTHER: Final = "other sites"
_UNKNOWN: Final = "unknown site"
_SHORT_WORDS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    """An article worth a look, and why: low confidence, flags, few words."""

    article_id: str
    title: str
    site: str
    raw_path: str
    raw_offset: int | None
    segment: int
    url: str | None
    confidence: float | None
    words: int
    flags: tuple[str, ...]


def write_report(
    dataset: Path,
    output: Path,
    *,
    run_id: str | None = None,
    alarms: Sequence[str] | None = None,
    links: Mapping[str, str] | None = None,
    most_doubtful: int = 25,
) -> Path:
    """Write the report of the dataset in a folder, or of one of its runs, to the file `output`.

    `alarms` are shown where given, `links` lead from an article id to a page about it. Raises
    DatasetError where the dataset cannot be read, ConfigError for a run that it has no rows of.
    """
    found = Dataset.open(dataset, create=False)
    counts = overview(found, run_id=run_id)
    if run_id is not None and not counts.pages:
        runs = ", ".join(sorted({record.run_id for record in found.records().values()})[-5:])
        raise ConfigError(f"{dataset}: no rows of run {run_id} are in it; the last runs are {runs or 'none'}")
    doubtful = doubtful_articles(found, most=most_doubtful, run_id=run_id)
    name = dataset.resolve().name + (f", run {run_id}" if run_id else "")
    return write_page(output, report_page(counts, name=name, doubtful=doubtful, alarms=alarms, links=links or {}))


def doubtful_articles(dataset: Dataset, *, most: int, run_id: str | None = None) -> list[Doubtful]:
    """Return the articles that are least sure, worst first."""
    columns = ["article_id", "title", "site", "raw_path", "raw_offset", "segment", "url", "extraction_confidence"]
    columns += ["word_count", "flags", "run_id"]
    records = dataset.records().values()
    shards = sorted(record.shard_id for record in records if run_id is None or record.run_id == run_id)
    found = [
        Doubtful(
            article_id=row["article_id"],
            title=(row["title"] or "(no title)")[:200],
            site=row["site"] or _UNKNOWN,
            raw_path=row["raw_path"],
            raw_offset=row["raw_offset"],
            segment=row["segment"],
            url=row["url"],
            confidence=row["extraction_confidence"],
            words=row["word_count"],
            flags=tuple(row["flags"]),
        )
        for shard_id in shards
        for row in dataset.rows_of(shard_id, "articles", columns)
        if run_id is None or row["run_id"] == run_id
    ]
    return sorted(found, key=lambda one: (-_doubt(one), one.raw_path, one.segment))[:most]


def report_page(
    counts: Overview,
    *,
    name: str,
    doubtful: Sequence[Doubtful] = (),
    alarms: Sequence[str] | None = None,
    links: Mapping[str, str],
) -> str:
    """Return the page that shows `counts`."""
    shown = _shown_sites(counts.flows)
    days, unit = _days(counts, shown)
    return render(
        "overview.html",
        title=f"newsclean report: {name}",
        scripts=("echarts.js", "overview.js"),
        made_at=f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC",
        span=_span(counts),
        versions=", ".join(sorted({run.version for run in counts.runs})) or "-",
        cards=_cards(counts),
        alarms=alarms,
        balance=_balance(counts),
        sites=sorted(shown | ({_OTHER} if len({_site(f.site) for f in counts.flows}) > len(shown) else set())),
        unit=unit,
        fields=_field_names(counts),
        fill=_fill(counts),
        fill_left=max(0, len(counts.fill) - _MOST_SITES),
        reasons=_reasons(counts),
        rules=_rules(counts.rules[:_MOST_RULES]),
        rules_left=max(0, len(counts.rules) - _MOST_RULES),
        strategies=_strategies(counts.flows),
        flags=", ".join(f"{flag} {n:,}" for flag, n in sorted(counts.flags.items())),
        doubtful=[_doubtful_row(one, links) for one in doubtful],
        runs=[
            {
                "run_id": run.run_id,
                "version": run.version,
                "pages": f"{run.pages:,}",
                "at": f"{run.last:%Y-%m-%d %H:%M}",
            }
            for run in counts.runs[-50:]
        ],
        columns=counts.columns,
        counts=embedded_json(
            {
                "flows": _flows(counts.flows, shown),
                "days": days,
                "languages": _summed(((_shown(site, shown), lang), n) for (site, lang), n in counts.languages.items()),
                "words": [[_word_step(low), n] for low, n in sorted(counts.words.items())],
                "confidence": _confidence(counts.confidence),
            }
        ),
    )


def _doubt(one: Doubtful) -> float:
    sure = 1.0 if one.confidence is None else one.confidence
    return round(1 - sure + 0.3 * bool(one.flags) + 0.2 * (one.words < _SHORT_WORDS), 6)


def _site(site: str | None) -> str:
    return site or _UNKNOWN


def _shown(site: str | None, shown: set[str]) -> str:
    return _site(site) if _site(site) in shown else _OTHER


def _shown_sites(flows: Iterable[Flow]) -> set[str]:
    pages: dict[str, int] = defaultdict(int)
    for flow in flows:
        pages[_site(flow.site)] += flow.pages
    return set(sorted(pages, key=lambda site: (-pages[site], site))[:_MOST_SITES])


def _summed(pairs: Iterable[tuple[tuple[Any, ...], int]]) -> list[list[Any]]:
    found: dict[tuple[Any, ...], int] = defaultdict(int)
    for key, n in pairs:
        found[key] += n
    return [[*key, n] for key, n in sorted(found.items(), key=str)]


def _flows(flows: Iterable[Flow], shown: set[str]) -> list[list[Any]]:
    return _summed(((_shown(f.site, shown), _reader(f.strategy), f.reason), f.pages) for f in flows)


def _reader(strategy: str | None) -> str:
    """Name who read a page: a site profile, the generic extractor, the second opinion, or nobody."""
    if strategy is None:
        return "not read"
    owner, _, rest = strategy.partition(":")
    return f"generic {rest}" if owner == "generic" else f"site profile, {owner}"


def _days(counts: Overview, shown: set[str]) -> tuple[list[list[Any]], str]:
    dated = {day for _, day in counts.days if day}
    by_month = len(dated) > _MOST_BARS
    form = "%Y-%m" if by_month else "%Y-%m-%d"
    rows = (((_shown(site, shown), day and day.strftime(form)), n) for (site, day), n in counts.days.items())
    return _summed(rows), "month" if by_month else "day"


def _span(counts: Overview) -> str:
    if not counts.runs:
        return "No pages yet"
    runs = len({run.run_id for run in counts.runs})
    return f"{counts.pages:,} pages of {runs:,} run{'s' * (runs > 1)}"


def _balance(counts: Overview) -> str:
    with_articles = sum(flow.pages for flow in counts.flows if flow.reason is None)
    return f"{counts.pages:,} pages = {with_articles:,} with articles + {counts.rejections:,} rejected."


def _cards(counts: Overview) -> list[dict[str, str]]:
    visible, kept, cpu_ms = (
        sum(getattr(flow, name) for flow in counts.flows if flow.reason is None)
        for name in ("visible_chars", "kept_chars", "cpu_ms")
    )
    cpu_ms += sum(flow.cpu_ms for flow in counts.flows if flow.reason is not None)
    per_page = cpu_ms / counts.pages if counts.pages else 0.0
    figures = [
        (f"{counts.pages:,}", "raw pages", ""),
        (f"{counts.articles:,}", "articles", "good" if counts.articles else "bad"),
        (f"{counts.rejections:,}", f"rejections ({_percent(counts.rejections, counts.pages)})", ""),
        (_percent(kept, visible), "of the visible text of articles' pages is body", ""),
        (f"{sum(rule.pieces for rule in counts.rules):,}", "removed pieces, each with its rule", ""),
        (f"{len({_site(flow.site) for flow in counts.flows}):,}", "sites", ""),
        (f"{per_page:.1f} ms", "CPU a page", ""),
        (_size(counts.size_bytes), "raw bytes", ""),
    ]
    return [{"value": value, "label": label, "mood": mood} for value, label, mood in figures]


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "-"


def _size(size_bytes: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if size_bytes < 1000:  # noqa: PLR2004  (decimal units)
            return f"{size_bytes:.0f} {unit}" if unit == "B" else f"{size_bytes:.1f} {unit}"
        size_bytes /= 1000
    return f"{size_bytes:.1f} TB"


def _field_names(counts: Overview) -> list[str]:
    return list(dict.fromkeys(name for filled in counts.fill.values() for name in filled if name != "articles"))


def _fill(counts: Overview) -> list[dict[str, Any]]:
    names = _field_names(counts)
    whole: dict[str, int] = defaultdict(int)
    for filled in counts.fill.values():
        for name, n in filled.items():
            whole[name] += n
    rows: list[tuple[str, Mapping[str, int]]] = [("all sites", whole)] if counts.fill else []
    named = [(_site(site), filled) for site, filled in counts.fill.items()]
    rows += sorted(named, key=lambda row: (-row[1]["articles"], row[0]))[:_MOST_SITES]
    return [
        {
            "site": site,
            "articles": f"{filled['articles']:,}",
            "shares": [round(100 * filled[name] / max(1, filled["articles"])) for name in names],
        }
        for site, filled in rows
    ]


def _reasons(counts: Overview) -> list[dict[str, Any]]:
    return [
        {
            "reason": one.reason,
            "stage": one.stage,
            "pages": f"{one.pages:,}",
            "share": _percent(one.pages, counts.pages),
            "samples": one.samples,
        }
        for one in counts.reasons
    ]


def _rules(rules: Sequence[RuleCount]) -> list[dict[str, Any]]:
    most = max((rule.chars for rule in rules), default=1) or 1
    return [
        {
            "rule": rule.rule,
            "kind": rule.kind,
            "moved_to": rule.moved_to,
            "pieces": f"{rule.pieces:,}",
            "chars": f"{rule.chars:,}",
            "width": round(_WIDEST_BAR_REM * rule.chars / most, 2),
            "samples": rule.samples,
        }
        for rule in rules
    ]


def _strategies(flows: Iterable[Flow]) -> list[dict[str, str]]:
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0] * 5)
    for flow in flows:
        name = flow.strategy or "rejected before or while reading"
        owner = f"{flow.site}  " if flow.strategy and not flow.strategy.startswith("generic") else ""
        values = (flow.pages, flow.articles, flow.cpu_ms, flow.visible_chars, flow.kept_chars)
        sums[owner + name] = [a + b for a, b in zip(sums[owner + name], values, strict=True)]
    return [
        {
            "name": name,
            "pages": f"{pages:,.0f}",
            "articles": f"{articles:,.0f}",
            "cpu_ms": f"{cpu_ms / pages:.1f}",
            "kept": _percent(kept, visible),
        }
        for name, (pages, articles, cpu_ms, visible, kept) in sorted(
            sums.items(), key=lambda item: (-item[1][0], item[0])
        )
    ][:_MOST_RULES]


def _word_step(low: int) -> str:
    return f"{low}+"


def _confidence(found: Mapping[float | None, int]) -> list[list[Any]]:
    steps = {step / 10: 0 for step in range(10)} | {low: n for low, n in found.items() if low is not None}
    return [[f"{low:.1f}", n] for low, n in sorted(steps.items())]


def _doubtful_row(one: Doubtful, links: Mapping[str, str]) -> dict[str, Any]:
    return {
        "title": one.title,
        "href": links.get(one.article_id),
        "site": one.site,
        "raw_path": one.raw_path if one.raw_offset is None else f"{one.raw_path} at byte {one.raw_offset}",
        "confidence": "" if one.confidence is None else f"{one.confidence:.2f}",
        "words": f"{one.words:,}",
        "flags": ", ".join(one.flags),
    }
