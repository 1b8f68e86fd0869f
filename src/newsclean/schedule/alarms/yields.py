"""How much came: nothing, much less than usual, nothing for long, entries that a feed has lost."""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Final

from newsclean.schedule.alarms.counting import expected, shortfall
from newsclean.schedule.alarms.subject import alarm
from newsclean.schedule.records import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsclean.schedule.alarms.counting import Past
    from newsclean.schedule.alarms.history import Remembered
    from newsclean.schedule.alarms.subject import Subject
    from newsclean.schedule.records import Alarm

__all__ = ["drought", "feed_gap", "yield_drop", "zero_yield"]

_FEWEST_RUNS: Final = 8
_DROUGHT_RUNS: Final = 20
_DROUGHT_EXPECTED: Final = 25
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
    """Yield an alarm for each site, or for the job as a whole, that gave far fewer articles than usual.

    Fewer than in a run of the same hour and day of the week, or fewer in the last days together. Runs
    that came sooner after the last one than usual are left out.
    """
    if subject.kind is Kind.BACKFILL or _is_early(subject):
        return
    for site, now in subject.sites():
        past, recent = _counts(subject.history.normal(site), site), _counts(subject.history.runs, site)
        if found := _drop(subject, site, now.articles, past, recent):
            yield found
            if len(subject.measures.sites.keys() | subject.history.sites()) == 1:
                return
    past, recent = _counts(subject.history.normal(""), ""), _counts(subject.history.runs, "")
    if found := _drop(subject, "", subject.measures.articles, past, recent):
        yield found


def drought(subject: Subject) -> Iterator[Alarm]:
    """Yield an alarm for each site without an article for far longer than ever, where single runs say nothing."""
    for site, now in subject.sites():
        counts = _counts(subject.history.runs, site)
        first = next((at for at, (_, count) in enumerate(counts) if count), len(counts))
        counts = counts[first:]
        if now.articles or len(counts) < _DROUGHT_RUNS:
            continue
        dry, longest = _streaks([count for _, count in counts])
        before, within = counts[: len(counts) - dry], counts[len(counts) - dry :]
        usual = expected([subject.slot, *(slot for slot, _ in within)], before)
        if dry + 1 > _DROUGHT_FACTOR * max(longest, 1) and usual >= _DROUGHT_EXPECTED:
            sentence = (
                f"{_named(site, subject)} gave no article in the last {dry + 1} runs, where about {usual:.0f} were to "
                f"be expected and {longest} runs without one were the most before: the spider may look in a wrong place"
            )
            yield alarm("drought", sentence, site=site, value=dry + 1, high=_DROUGHT_FACTOR * max(longest, 1))


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


def _drop(subject: Subject, site: str, now: int, past: Past, recent: Past) -> Alarm | None:
    if len(past) < (_FEWEST_RUNS if now else subject.min_runs + 2):
        return None
    found = shortfall(now, subject.slot, past, recent)
    if found is None:
        return None
    came = f"{found.articles:,} article{'' if found.articles == 1 else 's'}" if found.articles else "no article"
    when = f"in the last {found.days} days" if found.days else "this time"
    sentence = (
        f"{_named(site, subject)} gave {came} {when}, usually {found.usual:,.0f} and not below {found.least:,}: "
        f"{_cause_of_drop(subject)}"
    )
    return alarm("yield_drop", sentence, site=site, value=found.articles, low=found.least)


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


def _streaks(counts: Sequence[int]) -> tuple[int, int]:
    """Return the zeros at the end, and the longest row of zeros before them."""
    end = len(counts)
    while end and counts[end - 1] == 0:
        end -= 1
    longest = current = 0
    for count in counts[:end]:
        current = 0 if count else current + 1
        longest = max(longest, current)
    return len(counts) - end, longest


def _counts(runs: Sequence[Remembered], site: str) -> Past:
    return [(run.slot, _articles(run, site)) for run in runs]


def _articles(run: Remembered, site: str) -> int:
    if not site:
        return sum(one.articles for one in run.sites.values())
    found = run.sites.get(site)
    return found.articles if found else 0


def _named(site: str, subject: Subject) -> str:
    return site or subject.job
