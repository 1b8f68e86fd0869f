"""What came: dates in the future, one page for all addresses, bodies of another length."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from newsclean.dataset.counts.measures import LayoutMeasures
from newsclean.schedule.alarms.limits import Share, level_limits, most_share
from newsclean.schedule.alarms.subject import alarm, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsclean.dataset.counts.measures import SiteMeasures
    from newsclean.schedule.alarms.subject import Subject
    from newsclean.schedule.records import Alarm

__all__ = ["body_length", "future_dates", "same_page"]

# A slip of the pen is in one article of a thousand; a run in which there are more is one of a thousand.
_SLIPS: Final = 0.001
_SLIP_CHANCE: Final = 0.001
_FEWEST_SLIPS: Final = 2
_FEW: Final = 5
_SLIP_FACTOR: Final = 3
_FEWEST_SAME: Final = 4
_MOST_SAME: Final = 0.4
_FEWEST_LENGTHS: Final = 8
_FEWEST_BLOCKS: Final = 3


def future_dates(subject: Subject) -> Iterator[Alarm]:
    """Yield an alarm for each site with more articles from the future than slips of the pen; needs no earlier runs."""
    for name, site in subject.sites():
        now = _with_last(subject, name, Share(site.future, site.articles))
        rate = _rate_of_slips(subject, name)
        if now.part < _FEWEST_SLIPS or rate >= 1 or _chance_of_slips(now, rate) > _SLIP_CHANCE:
            continue
        sentence = (
            f"{name}: {now.part:,} of {now.whole:,} articles are dated after the fetch ({percent(now.value)}): "
            "the site's dates are wrong, or another date of the page is taken for them"
        )
        samples = subject.samples("future", name)
        yield alarm("future_dates", sentence, site=name, value=now.value, high=rate, samples=samples)


def same_page(subject: Subject) -> Iterator[Alarm]:
    """Yield an alarm for each site that gives one page, or one text, for many addresses; needs no earlier runs."""
    for name, site in subject.sites():
        pages, texts = Share(site.identical, site.pages), Share(site.repeated, site.articles)
        now, what = max((texts, "text"), (pages, "page"), key=lambda one: one[0].value)
        if now.part < _FEWEST_SAME or now.value < _MOST_SAME:
            continue
        past = [_same(run.sites[name], what) for run in subject.history.normal(name) if name in run.sites]
        is_known = sum(one.whole > 0 for one in past) >= subject.min_runs
        if is_known and most_share(now, past) is None:
            continue
        sentence = (
            f"{name}: {now.part:,} of {now.whole:,} addresses gave the same {what}: a cookie wall, a login or a check "
            "for robots is served in place of articles"
        )
        samples = subject.samples("repeated", name) or subject.samples("identical", name)
        yield alarm("same_page", sentence, site=name, value=now.value, high=_MOST_SAME, samples=samples)


def body_length(subject: Subject) -> Iterator[Alarm]:
    """Yield an alarm for each layout of a site whose bodies are far shorter or longer than usual."""
    for name, site in subject.sites():
        if not subject.is_known(name):
            continue
        for layout, now in [("", site.whole), *sorted(site.layouts.items())]:
            if found := _drift(subject, name, layout, now):
                yield found
                break


def _drift(subject: Subject, name: str, layout: str, now: LayoutMeasures) -> Alarm | None:
    earlier = _earlier(subject, name, layout)
    # A run of a few articles proves little: with the last ones it may prove more.
    while now.articles and now.articles < _FEWEST_LENGTHS and earlier:
        now = _sum(now, earlier.pop())
    if now.articles < _FEWEST_LENGTHS:
        return None
    past = _lengths(earlier)
    error = max(now.spread_log_chars, 0.4) / math.sqrt(now.articles)
    limit = level_limits(now.mean_log_chars, error, past) if len(past) >= _FEWEST_BLOCKS else None
    if limit is None:
        return None
    is_short = now.mean_log_chars < limit.low
    cause = (
        "part of the text is left behind, or a teaser or a wall is served in its place"
        if is_short
        else "text of the site's frame or of other stories is taken for the body"
    )
    sentence = (
        f"{name}{f', layout {layout}' if layout else ''}: bodies are {'shorter' if is_short else 'longer'} than usual, "
        f"typically {math.exp(now.mean_log_chars):,.0f} characters and not {math.exp(limit.usual):,.0f}: {cause}"
    )
    return alarm(
        "body_length",
        sentence,
        site=name,
        layout=layout,
        value=math.exp(now.mean_log_chars),
        low=math.exp(limit.low),
        high=math.exp(limit.high),
        samples=subject.samples("layout", name, layout or max(subject.measures.sites[name].layouts)),
    )


def _earlier(subject: Subject, name: str, layout: str) -> list[LayoutMeasures]:
    sites = [run.sites[name] for run in subject.history.normal(name) if name in run.sites]
    found = [site.layouts.get(layout) if layout else site.whole for site in sites]
    return [one for one in found if one is not None and one.articles]


def _sum(one: LayoutMeasures, other: LayoutMeasures) -> LayoutMeasures:
    total = LayoutMeasures()
    for part in (one, other):
        total.add(part)
    return total


def _lengths(earlier: Sequence[LayoutMeasures]) -> list[float]:
    """Return the mean logarithms of earlier bodies, small runs put together."""
    found = []
    articles, total = 0, 0.0
    for one in earlier:
        articles, total = articles + one.articles, total + one.log_chars
        if articles >= _FEWEST_LENGTHS:
            found.append(total / articles)
            articles, total = 0, 0.0
    return found


def _same(site: SiteMeasures, what: str) -> Share:
    return Share(site.repeated, site.articles) if what == "text" else Share(site.identical, site.pages)


def _with_last(subject: Subject, name: str, now: Share) -> Share:
    """Add the last two runs to one of a few articles: a single date may be a slip, another one after it is none."""
    if not now.part or now.whole >= _FEW:
        return now
    last = [run.sites[name] for run in subject.history.normal(name) if name in run.sites][-2:]
    return sum((Share(site.future, site.articles) for site in last), now)


def _rate_of_slips(subject: Subject, name: str) -> float:
    past = [run.sites[name] for run in subject.history.normal(name) if name in run.sites][:-2]
    articles = sum(site.articles for site in past)
    return max(_SLIPS, _SLIP_FACTOR * sum(site.future for site in past) / articles) if articles else _SLIPS


def _chance_of_slips(now: Share, rate: float) -> float:
    """Return the chance of so many slips or more: one less that of fewer."""
    return max(0.0, 1 - sum(_chance_of(part, now.whole, rate) for part in range(now.part)))


def _chance_of(part: int, whole: int, rate: float) -> float:
    ways = math.lgamma(whole + 1) - math.lgamma(part + 1) - math.lgamma(whole - part + 1)
    return math.exp(ways + part * math.log(rate) + (whole - part) * math.log1p(-rate))
