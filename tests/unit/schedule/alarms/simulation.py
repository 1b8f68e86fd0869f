"""Runs of jobs as they might have been: natural variation, on the level of what is counted of a run.

A site's articles are counted by a gamma-mixed Poisson variable, whose mean is the product of

    a base rate x the day of the week (Saturday .55, Sunday .45) x the season (a sine of 15% over the year, with a
    dip to 70% in the first half of August) x holidays (ten a year, .35) x the hour, for hourly jobs (a day's curve
    from .15 at night to 1.8 at noon) x news bursts (3% of the days begin one: x 1.5 to 3.5, for one to three days)
    x a slow growth (-20% to +40% a year) x a gamma factor of mean 1 and shape 12 (what a Poisson count leaves out)

Shares (of each field filled, each reason of a rejection, each language, each layout, pages read by a fallback) are
beta-binomial: each run draws its own share from a beta around the site's (an intra-run correlation of .02; in a burst
of .06, as much of it is of one kind). Lengths of bodies are log-normal (sigma .7) around a mean that itself varies from
run to run (sigma .07; .15 in a burst). One article in 20,000 is dated in the future by a slip of the pen, two in a
hundred runs have one text at two or three addresses. Runs are late by minutes, and 1% of the slots are missed.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from dataclasses import dataclass, field, replace

from newsclean.dataset.counts.measures import FIELDS, LayoutMeasures, Measures, Sample, SiteMeasures
from newsclean.schedule.alarms.history import CrawlMeasures, History, Remembered
from newsclean.schedule.alarms.judging import judge
from newsclean.schedule.alarms.subject import Subject
from newsclean.schedule.records import Kind

BEGIN = dt.datetime(2025, 3, 3, 6, 0, tzinfo=dt.UTC)
WEEK = (1.0, 1.05, 1.05, 1.0, 0.95, 0.55, 0.45)
HOURS = [0.15 + 1.65 * max(0.0, math.sin(math.pi * (hour - 4) / 19)) if 4 <= hour <= 23 else 0.15 for hour in range(24)]


@dataclass(frozen=True)
class Site:
    """A site as it is at any time: articles a day, and the shares of all that is counted."""

    name: str
    a_day: float
    layouts: dict = field(default_factory=lambda: {"html:2024": 0.93, "html:live": 0.07})
    filled: dict = field(
        default_factory=lambda: dict(
            zip(FIELDS, (1, 0.8, 0.9, 0.995, 0.97, 0.6, 0.75, 0.3, 0.4, 0.1, 0.995, 1), strict=True)
        )
    )
    rejected: dict = field(
        default_factory=lambda: {"not_an_article": 0.03, "video": 0.03, "gallery": 0.02, "no_body": 0.01}
    )
    languages: dict = field(default_factory=lambda: {"en": 0.97, "ru": 0.02, "und": 0.01})
    fallback: float = 0.01
    chars: float = 2600.0
    listings: int = 3


@dataclass(frozen=True)
class World:
    """A job: its sites, its distance between slots in hours."""

    sites: tuple
    every_h: int = 24

    def runs(self, count, seed):
        """Yield so many runs, with the slot, the measures and the crawl of each."""
        return _Runs(self, random.Random(seed)).run(count)


WORLDS = {
    "busy, daily": World((Site("agency.example", 240.0),)),
    "middling, daily": World(
        (Site("courier.example", 45.0, fallback=0.0, languages={"en": 1.0}, layouts={"html:one": 1.0}),)
    ),
    "small, daily": World((Site("village.example", 4.0, rejected={"not_an_article": 0.08, "listing": 0.05}),)),
    "five sites, daily": World(
        tuple(
            Site(f"site{number}.example", rate, layouts={"generic:html": 1.0}, fallback=0.0)
            for number, rate in enumerate((120.0, 60.0, 25.0, 10.0, 2.0))
        )
    ),
    "busy, hourly": World((Site("wire.example", 300.0),), every_h=1),
    "middling, every six hours": World(
        (Site("herald.example", 40.0, filled={**Site("", 0).filled, "authors": 0.5}),), 6
    ),
}


class _Runs:
    def __init__(self, world, dice):
        self.world = world
        self.dice = dice
        self.growth = dice.uniform(-0.2, 0.4)
        self.phase = dice.uniform(0, 2 * math.pi)
        self.holidays = {dice.randrange(365) for _ in range(10)}
        self.burst = 1.0
        self.burst_left = 0

    def run(self, count):
        slot = BEGIN
        made = 0
        while made < count:
            if self.dice.random() >= 0.01:
                made += 1
                yield slot, *self.one(slot)
            before = slot.date()
            slot += dt.timedelta(hours=self.world.every_h)
            if slot.date() != before:
                self.next_day()

    def next_day(self):
        self.burst_left -= 1
        if self.burst_left <= 0:
            self.burst = 1.0
            if self.dice.random() < 0.03:
                self.burst, self.burst_left = self.dice.uniform(1.5, 3.5), self.dice.randint(1, 3)

    def one(self, slot):
        measures = Measures(sites={})
        for site in self.world.sites:
            made = self.site(site, slot)
            if made.pages:
                measures.sites[site.name] = made
        articles = measures.articles
        named = articles + self.dice.randint(10, 30)
        return measures, CrawlMeasures(named=named, fetched=articles, requests=articles + 5, failed=0, gaps=0)

    def rate(self, site, slot):
        day = (slot - BEGIN).days
        season = 1 + 0.15 * math.sin(2 * math.pi * day / 365 + self.phase)
        if slot.month == 8 and slot.day <= 15:
            season *= 0.7
        holiday = 0.35 if day % 365 in self.holidays else 1.0
        hour = HOURS[slot.hour] if self.world.every_h < 24 else 1.0
        growth = 1 + self.growth * day / 365
        mean = (
            site.a_day * self.world.every_h / 24 * WEEK[slot.weekday()] * season * holiday * hour * self.burst * growth
        )
        return mean * self.dice.gammavariate(12, 1 / 12)

    def site(self, site, slot):
        articles = poisson(self.dice, self.rate(site, slot))
        made = SiteMeasures(articles=articles, with_articles=articles, pages=articles)
        for reason, share in site.rejected.items():
            if count := self.part(round(articles / (1 - share)), share):
                made.reasons[reason] = count
                made.pages += count
        if site.listings and self.dice.random() < 0.9:
            made.reasons["listing"] = made.reasons.get("listing", 0) + self.dice.randint(1, site.listings)
            made.pages += made.reasons["listing"]
        made.fallback = self.part(articles, site.fallback)
        left = articles - made.fallback
        for name, count in [*parted(self, left, site.layouts), ("generic:html", made.fallback)]:
            if count:
                made.layouts.setdefault(name, LayoutMeasures()).add(self.layout(site, count))
        made.future = sum(self.dice.random() < 5e-5 for _ in range(articles))
        if articles > 3 and self.dice.random() < 0.02:
            made.repeated = self.dice.randint(2, 3)
        return made

    def layout(self, site, count):
        made = LayoutMeasures(articles=count)
        made.filled = {name: self.part(count, share) for name, share in site.filled.items()}
        made.languages = {name: part for name, part in parted(self, count, site.languages) if part}
        mean = math.log(site.chars) + self.dice.gauss(0, 0.15 if self.burst > 1 else 0.07)
        logs = [self.dice.gauss(mean, 0.7) for _ in range(count)]
        made.log_chars, made.log_chars_squared = sum(logs), sum(log * log for log in logs)
        return made

    def part(self, whole, share):
        """A beta-binomial draw."""
        if whole <= 0 or share <= 0 or share >= 1:
            return max(0, whole) if share >= 1 else 0
        weight = 1 / (0.06 if self.burst > 1 else 0.02) - 1
        chance = self.dice.betavariate(share * weight, (1 - share) * weight)
        return sum(self.dice.random() < chance for _ in range(whole))


def parted(runs, whole, shares):
    """Part a whole by shares, one after the other, each drawn."""
    left, rest = whole, 1.0
    for name, share in shares.items():
        count = runs.part(left, min(1.0, share / rest)) if rest > 1e-9 else 0
        yield name, count
        left, rest = left - count, rest - share


def poisson(dice, mean):
    """A Poisson draw (by sums of small means, so that it is exact)."""
    total = 0
    while mean > 30:
        total, mean = total + _poisson(dice, 30), mean - 30
    return total + _poisson(dice, mean)


def _poisson(dice, mean):
    bound, product, count = math.exp(-mean), dice.random(), 0
    while product > bound:
        product *= dice.random()
        count += 1
    return count


def subject_of(slot, measures, crawl, past):
    return Subject(
        job="job",
        slot=slot,
        kind=Kind.SCHEDULED,
        measures=measures,
        history=History(tuple(past)),
        crawl=crawl,
        clean={"files": measures.pages},
    )


def judged(world, count, seed):
    """Yield each of `count` runs with its alarms; a run under alarm is remembered as one, as in life."""
    past = []
    for slot, measures, crawl in world.runs(count, seed):
        alarms = judge(subject_of(slot, measures, crawl, past))
        yield slot, measures, crawl, past, alarms
        suspect = frozenset(one.site for one in alarms)
        past.append(Remembered(slot=slot, sites=measures.sites, crawl=crawl, suspect=suspect))


# ---- what goes wrong: each takes a run as it would have been and makes it what it became ----


def new_layout(measures, dice):
    """No layout of the profile fits any more: the fallback reads most, without some fields, and rejects the rest."""

    def change(site):
        lost = round(site.articles * dice.uniform(0.05, 0.3))
        kept = site.articles - lost
        whole = site.whole
        share = kept / max(site.articles, 1)
        made = LayoutMeasures(
            articles=kept, log_chars=whole.log_chars * share, log_chars_squared=whole.log_chars_squared * share
        )
        made.filled = {name: round(count * share) for name, count in whole.filled.items()}
        for name in ("standfirst", "captions", "section", "authors"):
            made.filled[name] = round(made.filled.get(name, 0) * dice.uniform(0.0, 0.2))
        made.languages = {name: round(count * share) for name, count in whole.languages.items()}
        reasons = {**site.reasons, "no_body": site.reasons.get("no_body", 0) + lost}
        return replace(
            site, articles=kept, with_articles=kept, reasons=reasons, fallback=kept, layouts={"generic:html": made}
        )

    return _changed(measures, change)


def new_layout_unseen(measures, dice):
    """The same at a site without a profile: the generic extractor finds no byline and no standfirst any more."""

    def change(site):
        made = new_layout(Measures(sites={"": site}), dice).sites[""]
        return replace(made, fallback=0)

    return _changed(measures, change)


def cookie_wall(measures, dice):
    """Every address gives the same wall, which is taken for an article."""

    def change(site):
        made = LayoutMeasures(articles=site.pages, languages={"en": site.pages})
        made.filled = {"title": site.pages, "language": site.pages}
        made.log_chars, made.log_chars_squared = site.pages * 6.2, site.pages * 6.2**2
        return SiteMeasures(
            pages=site.pages,
            with_articles=site.pages,
            articles=site.pages,
            repeated=site.pages,
            identical=site.pages,
            layouts={"generic:html": made},
        )

    return _changed(measures, change)


def rejected_wall(measures, dice):
    """Every address gives a wall that is known for one, each with bytes of its own."""
    return _changed(measures, lambda site: SiteMeasures(pages=site.pages, reasons={"error_page": site.pages}))


def year_2099(measures, dice):
    """All articles are dated 2099."""
    return _changed(measures, lambda site: replace(site, future=site.articles))


def half_lost(measures, dice):
    """Nine tenths of the articles do not come."""

    def change(site):
        share = 0.1
        layouts = {name: _scaled(one, share) for name, one in site.layouts.items()}
        left = sum(one.articles for one in layouts.values())
        return replace(site, pages=left, articles=left, with_articles=left, reasons={}, layouts=layouts, fallback=0)

    return _changed(measures, change)


def other_language(measures, dice):
    """Another edition of the site is crawled."""

    def change(site):
        layouts = {name: replace(one, languages={"es": one.articles}) for name, one in site.layouts.items()}
        return replace(site, layouts=layouts)

    return _changed(measures, change)


def teasers(measures, dice):
    """Only the first paragraph is served."""

    def change(site):
        layouts = {}
        for name, one in site.layouts.items():
            shift = math.log(0.2)
            squares = one.log_chars_squared + 2 * shift * one.log_chars + one.articles * shift * shift
            layouts[name] = replace(one, log_chars=one.log_chars + one.articles * shift, log_chars_squared=squares)
        return replace(site, layouts=layouts)

    return _changed(measures, change)


def nothing(measures, dice):
    """The feed is empty."""
    return Measures(sites={})


FAULTS = {
    "new layout": (new_layout, {"fallback"}),
    "new layout, no profile": (new_layout_unseen, {"field_fall", "rejections"}),
    "cookie wall": (cookie_wall, {"same_page"}),
    "cookie wall, known": (rejected_wall, {"rejections", "zero_yield"}),
    "dates in 2099": (year_2099, {"future_dates"}),
    "empty feed": (nothing, {"zero_yield"}),
    "nine tenths lost": (half_lost, {"yield_drop"}),
    "another language": (other_language, {"language_mix"}),
    "teasers only": (teasers, {"body_length"}),
}


def crawl_of(fault, crawl):
    """The crawl that goes with a fault."""
    return replace(crawl, named=0, fetched=0) if fault == "empty feed" else crawl


def _changed(measures, change):
    sites = {name: change(site) for name, site in measures.sites.items()}
    return Measures(sites=sites, samples={("repeated", name): [Sample("raw/x.html")] for name in sites})


def _scaled(one, share):
    count = round(one.articles * share)
    part = count / max(one.articles, 1)
    return LayoutMeasures(
        articles=count,
        filled={name: round(n * part) for name, n in one.filled.items()},
        languages={name: round(n * part) for name, n in one.languages.items()},
        log_chars=one.log_chars * part,
        log_chars_squared=one.log_chars_squared * part,
    )
