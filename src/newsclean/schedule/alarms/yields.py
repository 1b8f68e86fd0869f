"""How much came: nothing, much less than usual, nothing for long, entries that a feed has lost."""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Final

from newsclean.schedule.alarms.limits import least_count
from newsclean.schedule.alarms.subject import alarm
from newsclean.schedule.records import Kind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from newsclean.schedule.alarms.history import Remembered
    from newsclean.schedule.alarms.subject import Subject
    from newsclean.schedule.records import Alarm

__all__ = ["drought", "feed_gap", "yield_drop", "zero_yield"]

_FEWEST_RUNS: Final = 8
_FEWEST_LIKE: Final = 4
_DROUGHT_RUNS: Final = 20
_DROUGHT_EXPECTED: Final = 12
_DROUGHT_FACTOR: Final = 3
_LISTS: Final = frozenset({"listing", "forum", "gallery", "video", "product", "revisit"})
_GAPS_QUANTILE: Final = 0.9


def zero_yield(subject: Subject) -> Iterator[Alarm]:
    """Yield an alarm where nothing came and it cannot be that nothing was new; needs no earlier runs."""
    sentence = _of_sources(subject)
    if not sentence and not subject.measures.articles:
        sentence = _of_input(subject) or _of_pages(subject)
    if sentence:
        samples = tuple(sorted(str(one) for found in subject.measures.samples.values() for one in found))[:5]
        yield alarm("zero_yield", sentence, value=0, low=1, samples=samples)


def yield_drop(subject: Subject) -> Iterator[Alarm]:
    """Yield an alarm for each site, or for the job as a whole, that gave far fewer articles than it does at all times.

    The count has to be too low against all earlier runs, against those of the same day of the week, and
    against those of the same hour. Runs that came sooner after the last one than usual are left out.
    """
    if subject.kind is Kind.BACKFILL or _is_early(subject):
        return
    for site, now in subject.sites():
        past = subject.history.normal(site)
        counts = [(run.slot, _articles(run, site)) for run in past]
        if found := _drop(subject, site, now.articles, counts):
            yield found
            if len(subject.measures.sites.keys() | subject.history.sites()) == 1:
                return
    whole = [(run.slot, sum(one.articles for one in run.sites.values())) for run in subject.history.normal("")]
    if found := _drop(subject, "", subject.measures.articles, whole):
        yield found


def drought(subject: Subject) -> Iterator[Alarm]:
    """Yield an alarm for each site without an article for far longer than ever, where single runs say nothing."""
    for site, now in subject.sites():
        past = [_articles(run, site) for run in subject.history.runs]
        first = next((at for at, count in enumerate(past) if count), len(past))
        past = past[first:]
        if now.articles or len(past) < _DROUGHT_RUNS:
            continue
        streak, longest, rate = _streaks(past)
        dry = streak + 1
        expected = rate * dry
        if dry > _DROUGHT_FACTOR * max(longest, 1) and expected >= _DROUGHT_EXPECTED:
            sentence = (
                f"{_named(site, subject)} gave no article in the last {dry} runs, where about {expected:.0f} were to "
                f"be expected and {longest} runs without one were the most before: the spider may look in a wrong place"
            )
            yield alarm("drought", sentence, site=site, value=dry, high=_DROUGHT_FACTOR * max(longest, 1))


def feed_gap(subject: Subject) -> Iterator[Alarm]:
    """Yield an alarm where more feeds than usual have lost entries between two visits."""
    if subject.crawl is None or not subject.crawl.gaps:
        return
    past = sorted(run.crawl.gaps for run in subject.history.normal("") if run.crawl is not None)
    usual = past[int(_GAPS_QUANTILE * (len(past) - 1))] if len(past) >= subject.min_runs else 0
    if subject.crawl.gaps > usual:
        feeds = "a feed has" if subject.crawl.gaps == 1 else f"{subject.crawl.gaps} feeds have"
        sentence = (
            f"{feeds} lost entries since the last visit, as nothing in them was there before: articles in between "
            "may be missing; crawl more often, or give the spider a sitemap or a section to fill gaps from"
        )
        yield alarm("feed_gap", sentence, value=subject.crawl.gaps, high=usual)


def _of_sources(subject: Subject) -> str | None:
    crawl = subject.crawl
    if crawl is None or crawl.named:
        return None
    # Without earlier runs it cannot be told whether a page that was fetched again was named or only due.
    if crawl.fetched or subject.measures.pages:
        earlier = [run.crawl.named for run in subject.history.normal("") if run.crawl is not None]
        if crawl.named is None or len(earlier) < subject.min_runs or not all(earlier):
            return None
    if crawl.requests == 0:
        return "the crawl asked for nothing: the spider has no start, or all that it asks for is refused"
    if crawl.failed:
        why = f": {'; '.join(subject.troubles)}" if subject.troubles else ""
        return f"the crawl found no article, and {crawl.failed} of {crawl.requests} requests failed{why}"
    why = f" ({'; '.join(subject.troubles)})" if any("none" in one for one in subject.troubles) else ""
    return f"the feeds, sitemaps or sections of the spider are empty: they name no article, not even a known one{why}"


def _of_input(subject: Subject) -> str | None:
    if subject.crawl is not None or subject.clean is None:
        return None
    return None if subject.clean.get("files") else "there is no page in what is to be cleaned: the folder is empty"


def _of_pages(subject: Subject) -> str | None:
    reasons: dict[str, int] = {}
    for site in subject.measures.sites.values():
        for reason, count in site.reasons.items():
            if reason not in _LISTS:
                reasons[reason] = reasons.get(reason, 0) + count
    if not reasons or subject.is_known(""):
        return None
    told = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items(), key=lambda one: -one[1]))
    return f"all {sum(reasons.values())} pages were rejected ({told})"


def _drop(subject: Subject, site: str, now: int, past: Sequence[tuple[dt.datetime, int]]) -> Alarm | None:
    limits = []
    for pool, fewest in (
        (past, _FEWEST_RUNS if now else subject.min_runs + 2),
        ([one for one in past if one[0].weekday() == subject.slot.weekday()], _FEWEST_LIKE),
        ([one for one in past if one[0].hour == subject.slot.hour], _FEWEST_LIKE),
    ):
        if len(pool) < fewest:
            if pool is past:
                return None
            continue
        limit = least_count(now, [count for _, count in pool])
        if limit is None:
            return None
        limits.append(limit)
    tightest = min(limits, key=lambda limit: limit.least)
    came = f"{now:,} article{'' if now == 1 else 's'}" if now else "no article"
    sentence = (
        f"{_named(site, subject)} gave {came}, usually {tightest.usual:,.0f} and not below {tightest.least:,}: "
        + (_cause_of_drop(subject))
    )
    return alarm("yield_drop", sentence, site=site, value=now, low=tightest.least)


def _cause_of_drop(subject: Subject) -> str:
    crawl = subject.crawl
    if crawl is None:
        return "fewer pages were there to be cleaned"
    if crawl.named == 0:
        return "its feeds, sitemaps or sections name no article, not even a known one"
    if crawl.failed:
        return f"{crawl.failed:,} requests failed"
    return "its feeds, sitemaps or sections name fewer new ones"


def _is_early(subject: Subject) -> bool:
    slots = [run.slot for run in subject.history.runs]
    if len(slots) < 2:  # noqa: PLR2004  (no distance between fewer)
        return False
    usual = median((later - earlier).total_seconds() for earlier, later in pairwise(slots))
    return (subject.slot - slots[-1]).total_seconds() < usual / 2


def _streaks(counts: Sequence[int]) -> tuple[int, int, float]:
    """Return the zeros at the end, the longest row of zeros before them, and articles a run before them."""
    end = len(counts)
    while end and counts[end - 1] == 0:
        end -= 1
    longest = current = 0
    for count in counts[:end]:
        current = 0 if count else current + 1
        longest = max(longest, current)
    return len(counts) - end, longest, sum(counts[:end]) / max(end, 1)


def _articles(run: Remembered, site: str) -> int:
    found = run.sites.get(site)
    return found.articles if found else 0


def _named(site: str, subject: Subject) -> str:
    return site or subject.job
