"""What the rows of a run come to: counted by site and layout, with pages to look at."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import msgspec
import pytest

from newsclean.dataset.counts.measures import FIELDS, LayoutMeasures, Sample
from newsclean.dataset.counts.measuring import NO_SITE, measure
from newsclean.model import LanguageTag, Moment, Precision, Reason


@pytest.fixture
def measured(dataset, samples):
    """Return what commits outcomes as a shard, and measures it."""

    def measured(*outcomes, **options):
        samples.commit(dataset, "one", list(outcomes))
        return measure(dataset, dataset.records().values(), **options)

    return measured


def with_article(samples, outcome, **changes):
    return samples.told(replace(outcome, articles=tuple(replace(one, **changes) for one in outcome.articles)))


def test_articles_are_counted_by_layout_with_their_fields(measured, samples):
    """Fields that are filled, languages, and the logarithms of lengths, for each strategy of a site."""
    plain = samples.outcome("raw/a.html", text="море")
    empty = with_article(samples, samples.outcome("raw/b.html", 7), title=None, authors=(), byline=None, captions=())
    und = with_article(
        samples, samples.outcome("raw/c.html"), language=LanguageTag(language="und", confidence=0, source="none")
    )
    found = measured(plain, empty, und)
    layout = found.sites["example.org"].layouts["generic:html"]
    assert layout.articles == 3
    assert layout.filled["standfirst"] == 3
    assert (layout.filled["title"], layout.filled["authors"], layout.filled["captions"]) == (2, 2, 2)
    assert (layout.languages, layout.filled["language"]) == ({"en": 2, "und": 1}, 2)
    lengths = [len(one.body) for outcome in (plain, empty, und) for one in outcome.articles]
    assert layout.log_chars == pytest.approx(sum(map(math.log, lengths)))
    assert set(layout.filled) <= set(FIELDS)
    assert found.samples["missing", "example.org", "title"] == [Sample("raw/b.html", 7)]
    assert str(found.samples["missing", "example.org", "title"][0]) == "raw/b.html at byte 7"


def test_rejections_are_counted_by_reason_but_not_what_is_no_story(measured, samples):
    """Feeds, answers without news and redirects are no pages that gave no article; robots.txt is none either."""
    outcomes = [
        samples.outcome("raw/a.html"),
        samples.rejected("raw/b.html", reason=Reason.NO_BODY),
        samples.rejected("raw/c.html", reason=Reason.REVISIT),
        samples.rejected("raw/d.html", reason=Reason.MEDIA_TYPE),
    ]
    for name, url, status in (("e", "https://example.org/robots.txt", 404), ("f", "https://example.org/x", 301)):
        one = samples.rejected(f"raw/{name}.html", reason=Reason.HTTP_STATUS)
        outcomes.append(replace(one, page=msgspec.structs.replace(one.page, url=url, status=status)))
    found = measured(*outcomes)
    assert (found.pages, found.articles) == (2, 1)
    assert found.sites[NO_SITE].reasons == {"no_body": 1}
    assert found.samples["reason", NO_SITE, "no_body"] == [Sample("raw/b.html")]


def test_dates_after_the_fetch_are_counted_with_a_day_and_a_half_of_grace(measured, samples):
    """A zone that is not told makes a date a day early; one of next year is wrong."""
    at = [samples.DAY + span for span in (dt.timedelta(hours=30), dt.timedelta(hours=40), dt.timedelta(days=27_000))]
    outcomes = [
        with_article(samples, samples.outcome(f"raw/{number}.html"), published=Moment(at=one, precision=Precision.DAY))
        for number, one in enumerate(at)
    ]
    found = measured(*outcomes)
    assert found.sites["example.org"].future == 2
    assert found.samples["future", "example.org"] == [Sample("raw/1.html"), Sample("raw/2.html")]


def test_the_same_text_and_the_same_bytes_at_many_addresses_are_counted(measured, samples):
    """Addresses count, not rows: one address that was fetched twice gives its own text twice."""
    outcomes = []
    for number in range(6):
        one = samples.outcome(f"raw/{number}.html", text="all the same")
        url = f"https://example.org/{min(number, 4)}"
        one = with_article(samples, one, url=url)
        outcomes.append(replace(one, page=msgspec.structs.replace(one.page, url=url, sha256="b" * 64)))
    site = measured(*outcomes).sites["example.org"]
    assert (site.repeated, site.identical) == (5, 5)
    assert site.articles == 6


def test_an_unknown_layout_counts_as_fallback(measured, samples):
    """The flag says that the site has a profile and the page fits none of its layouts."""
    found = measured(with_article(samples, samples.outcome(), flags=("unknown_layout",)))
    assert found.sites["example.org"].fallback == 1
    assert found.samples["fallback", "example.org"] == [Sample("raw/a.html")]


def test_only_rows_of_the_runs_in_question_count(dataset, samples):
    """With run ids, rows that were carried over from earlier runs are left out."""
    samples.commit(dataset, "old", [samples.outcome("raw/a.html"), samples.outcome("raw/b.html")], "run-1")
    carry = [("old", frozenset({"raw/b.html"}))]
    samples.commit(dataset, "new", [samples.outcome("raw/a.html")], "run-2", replaces=["old"], carry=carry)
    records = list(dataset.records().values())
    assert measure(dataset, records).articles == 2
    assert measure(dataset, records, run_ids=frozenset({"run-2"})).articles == 1


def test_layouts_add_up():
    """The site as a whole is the sum of its layouts."""
    one = LayoutMeasures(articles=2, filled={"title": 1}, languages={"en": 2}, log_chars=10, log_chars_squared=60)
    two = LayoutMeasures(articles=1, filled={"title": 1}, languages={"ru": 1}, log_chars=8, log_chars_squared=64)
    one.add(two)
    assert (one.articles, one.filled, one.languages) == (3, {"title": 2}, {"en": 2, "ru": 1})
    assert one.mean_log_chars == 6
    assert one.spread_log_chars == pytest.approx(math.sqrt(124 / 3 - 36))
