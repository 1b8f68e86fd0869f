"""Each check by itself: when it speaks, what it says, and what explains what."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from newsclean.dataset.counts.measures import FIELDS, LayoutMeasures, Measures, Sample, SiteMeasures
from newsclean.schedule.alarms.history import CrawlMeasures, History, Remembered
from newsclean.schedule.alarms.judging import NAMES, judge
from newsclean.schedule.alarms.subject import Subject
from newsclean.schedule.records import Kind

MONDAY = dt.datetime(2026, 3, 2, 6, tzinfo=dt.UTC)
SITE = "lowmark.test"


def site(articles=30, *, layout="html:2026", chars=2000.0, languages=None, missing=(), reasons=None, **more):
    log = math.log(chars)
    made = LayoutMeasures(
        articles=articles,
        filled={name: articles for name in FIELDS if name not in missing},
        languages=languages or {"en": articles},
        log_chars=articles * log,
        log_chars_squared=articles * (log * log + 0.3),
    )
    rejected = sum((reasons or {}).values())
    return SiteMeasures(
        pages=articles + rejected,
        with_articles=articles,
        articles=articles,
        reasons=reasons or {},
        layouts={layout: made} if articles else {},
        **more,
    )


def history(*sites, crawl=None):
    past = [
        Remembered(slot=MONDAY - dt.timedelta(days=len(sites) - day), sites={SITE: one}, crawl=crawl)
        for day, one in enumerate(sites)
    ]
    return History(past)


def subject(now, past=None, **more):
    sites = {SITE: now} if isinstance(now, SiteMeasures) else now
    values = {
        "job": "lowmark",
        "slot": MONDAY,
        "kind": Kind.SCHEDULED,
        "measures": Measures(sites=sites, samples={("fallback", SITE): [Sample("raw/a.warc.gz", 77), Sample("b")]}),
        "history": past or history(*[site()] * 20),
        "clean": {"files": 30},
    }
    return Subject(**{**values, **more})


def told(*arguments, **more):
    return {one.check: one for one in judge(subject(*arguments, **more))}


def test_a_usual_run_raises_nothing():
    """The same as ever is no alarm."""
    assert told(site()) == {}


def test_a_redesign_is_named_with_the_layout_that_was_usual_and_pages_to_look_at():
    """The fallback alarm says what part fits no layout, what most were before, and where to look."""
    found = told(site(layout="generic:html", fallback=28, missing=("authors", "standfirst"), reasons={"no_body": 12}))
    assert list(found) == ["fallback"]
    one = found["fallback"]
    assert one.sentence == (
        "lowmark.test: 28 of 30 articles fit no layout of its profile (93%, usually 0%; most were html:2026): "
        "the layout of the site has changed, and the profile needs one more"
    )
    assert one.samples == ("raw/a.warc.gz at byte 77", "b")
    assert (one.site, one.layout) == (SITE, "html:2026")
    assert one.value > one.high


@pytest.mark.parametrize(
    ("now", "check", "words"),
    [
        (
            site(12, reasons={"error_page": 18}),
            "rejections",
            "18 of 30 pages were rejected as error_page (60%, usually 0%)",
        ),
        (
            site(30, missing=("title", "published_at")),
            "field_fall",
            "title in 0 of 30 (usually 100%), published_at in 0",
        ),
        (site(30, chars=300), "body_length", "bodies are shorter than usual, typically 300 characters and not 2,000"),
        (site(30, chars=20_000), "body_length", "bodies are longer than usual"),
        (site(30, languages={"es": 29, "en": 1}), "language_mix", "29 of 30 articles are in es (97%, usually 0%)"),
        (site(30, languages={"und": 30}), "language_mix", "in no language that can be told"),
        (site(30, future=6), "future_dates", "6 of 30 articles are dated after the fetch (20%)"),
        (site(30, repeated=25), "same_page", "25 of 30 addresses gave the same text"),
        (site(30, identical=28), "same_page", "28 of 30 addresses gave the same page"),
    ],
)
def test_each_fault_has_its_sentence(now, check, words):
    """One alarm, its check, and the figures in a sentence."""
    found = told(now)
    assert list(found) == [check]
    assert words in found[check].sentence


def test_a_drop_is_named_with_what_is_usual():
    """Far too few articles are told with the usual count, and the least that is normal."""
    found = told(site(5), history(*[site(100)] * 20))
    assert found["yield_drop"].sentence == (
        "lowmark.test gave 5 articles this time, usually 100 and not below 6: fewer pages were there to be cleaned"
    )


def test_a_single_slip_of_the_pen_is_none():
    """One article of thirty that is dated ahead is a slip."""
    assert told(site(30, future=1)) == {}


def test_an_empty_feed_is_told_from_one_without_news():
    """Sources that name nothing at all are empty; those that name known articles only have no news."""
    past = history(*[site(2)] * 3, crawl=CrawlMeasures(named=20, fetched=2, requests=3))
    empty = CrawlMeasures(named=0, fetched=0, requests=2)
    found = told({}, past, crawl=empty)
    assert "name no article, not even a known one" in found["zero_yield"].sentence
    assert told({}, past, crawl=CrawlMeasures(named=20, fetched=0, requests=2)) == {}
    assert "zero_yield" in told({}, History(), crawl=empty), "on the first run of all, too"


def test_failed_requests_are_named_as_the_cause():
    """A crawl that found nothing because its requests failed says so, with the crawl's own words."""
    crawl = CrawlMeasures(named=0, requests=4, failed=3)
    found = told({}, History(), crawl=crawl, troubles=("3 requests for a feed failed",))
    assert "3 of 4 requests failed: 3 requests for a feed failed" in found["zero_yield"].sentence


def test_a_spider_of_somebody_else_is_not_judged_by_what_it_does_not_tell():
    """Without newsclean's own counts, pages that came are proof enough that it found something."""
    crawl = CrawlMeasures.of({"counts": {}, "articles": 0, "requests": 31, "failed": 0})
    assert crawl.named is None
    assert told(site(), crawl=crawl) == {}


def test_all_rejected_on_the_first_run_needs_no_history():
    """A first run whose pages are all rejected gave nothing, whatever is usual."""
    found = told(site(0, reasons={"no_body": 5}), History())
    assert found["zero_yield"].sentence == "all 5 pages were rejected (5 no_body)"


def test_a_feed_that_lost_entries_is_told():
    """A gap is told, unless gaps are daily bread at this job."""
    past = history(*[site()] * 10, crawl=CrawlMeasures(named=40))
    assert "a feed has lost entries" in told(site(), past, crawl=CrawlMeasures(named=40, gaps=1))["feed_gap"].sentence
    past = history(*[site()] * 10, crawl=CrawlMeasures(named=40, gaps=2))
    assert told(site(), past, crawl=CrawlMeasures(named=40, gaps=2)) == {}


def test_a_dry_spell_of_a_slow_site_is_told_in_the_end():
    """A site of an article a run or two is allowed its empty runs, but not so many as never before."""
    counts = [1, 2, 0, 1, 3, 0, 2, 1, 1, 2] * 4
    for dry in range(40):
        past = history(*[site(count) for count in (*counts, *[0] * dry)])
        found = told({}, past, crawl=CrawlMeasures(named=20, requests=1))
        if found:
            assert 15 < dry < 35
            assert f"in the last {dry + 1} runs" in next(iter(found.values())).sentence or "days" in str(found)
            return
        assert dry < 35
    raise AssertionError


def test_the_same_answer_for_all_explains_the_rest():
    """A wall is one alarm: that its text is short, in no layout and without a byline follows from it."""
    now = site(30, layout="generic:html", fallback=30, repeated=30, chars=400, missing=FIELDS[1:])
    assert list(told(now)) == ["same_page"]


def test_checks_can_be_left_out_everywhere_or_at_a_site():
    """`off` names a check, or a check at a site."""
    now = subject(site(30, future=6))
    assert judge(now, off={"future_dates"}) == ()
    assert judge(now, off={f"future_dates:{SITE}"}) == ()
    assert len(judge(now, off={"future_dates:other.test"})) == 1
    assert "future_dates" in NAMES


def test_a_run_soon_after_the_last_is_not_judged_by_its_yield():
    """Somebody who runs a job by hand an hour after it ran finds nothing new, which is no alarm."""
    past = history(*[site()] * 20)
    soon = past.runs[-1].slot + dt.timedelta(hours=1)
    assert told(site(0), past, slot=soon) == {}
    assert told(site(0), past, slot=soon + dt.timedelta(days=1)) != {}


def test_what_was_accepted_is_usual_from_then_on():
    """An accepted run begins a new history of its site; an alarm that is open or dropped is no example."""
    es = site(30, languages={"es": 30})
    runs = [Remembered(slot=MONDAY - dt.timedelta(days=9 - day), sites={SITE: site()}) for day in range(5)]
    suspect = frozenset({SITE})
    odd = [Remembered(slot=MONDAY - dt.timedelta(days=4 - day), sites={SITE: es}, suspect=suspect) for day in range(4)]
    assert "language_mix" in told(es, History([*runs, *odd]))
    accepted = [
        Remembered(slot=MONDAY - dt.timedelta(days=4 - day), sites={SITE: es}, accepted=suspect) for day in range(4)
    ]
    assert told(es, History([*runs, *accepted])) == {}
