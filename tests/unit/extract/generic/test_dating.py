"""Dates: printed in any language, beside others on a page, and in the address as the last resort."""

from __future__ import annotations

import json

import pytest

from newsclean.extract.generic.facts.printed_dates import date_span, moment_in
from newsclean.extract.generic.html import GenericHtml
from newsclean.model import Precision, RawPage
from newsclean.page import PageView

BODY = "".join(
    f"<p>{text}</p>"
    for text in (
        "The harbour office said on Monday that the old crane would be taken down before the winter storms arrive.",
        "Workers had found cracks in its northern leg in May, and the engineers advised against another season.",
        "A new crane, ordered from a yard across the bay, is to be delivered in spring and tested in the summer.",
    )
)


def found_on(inside: str, head: str = "", url: str | None = None):
    html = f"<html lang=en><head><title>Old crane to go soon</title>{head}</head><body><article>"
    html += f"<h1>Old crane to go soon</h1>{inside}{BODY}</article></body></html>"
    return GenericHtml().extract(PageView(RawPage(body=html.encode(), raw_path="p.html", url=url)))[0]


def day_of(inside: str, head: str = "", url: str | None = None):
    found = found_on(inside, head, url).published
    return found.at.date().isoformat() if found else None


@pytest.mark.parametrize(
    "text",
    [
        "12 May 2024",
        "12. toukokuuta 2024",
        "12 de maio de 2024",
        "12. května 2024",
        "12 травня 2024",
        "12 Μαΐου 2024",
        "12 Mayıs 2024",
        "12 مايو 2024",
        "١٢ مايو ٢٠٢٤",
        "12 मई 2024",
        "१२ मई २०२४",
        "12 พฤษภาคม 2567",
        "2024. május 12.",
        "2024 m. gegužės 12 d.",
        "2024. gada 12. maijā",
        "12 tháng 5, 2024",
        "2024년 5월 12일",
        "2024.05.12",
        "12.05.24",
        "Sun, 12 Mei 2024",
        "12 май 2024 г.",
        "12 de mayo del 2024",
    ],
)
def test_a_printed_date_is_read_in_many_languages(text):
    """The same day, as newsrooms of many countries print it."""
    moment = moment_in(text)
    assert moment is not None
    assert (moment.at.date().isoformat(), moment.precision) == ("2024-05-12", Precision.DAY)


@pytest.mark.parametrize("text", ["12 cranes 2024", "version 1.2.3", "31 February 2024", "10.20.30.40", "May be 2024"])
def test_what_is_no_date_gives_none(text):
    """Numbers and words beside a year are no date."""
    assert moment_in(text) is None


def test_a_sentence_is_longer_than_its_date():
    """The characters of a date are told from those of a sentence around it."""
    assert date_span("12 May 2024") == len("12 May 2024") + 1
    assert date_span("The crane in the harbour, 12 May 2024") < 20


def test_a_caption_does_not_date_a_story():
    """A date in a sentence under a picture gives way to one that has a label, wherever it stands."""
    caption = "<p>Old cranes at work in the harbour of the bay in storms, 24 April 2023</p>"
    assert day_of(f"{caption}<ul><li>Datum 28.04.2023</li></ul>") == "2023-04-28"


def test_a_date_before_an_update_is_the_publication():
    """Where one line has both, the first is when it was published."""
    assert day_of("<div>Ada Brook | 05.04.2025 - Güncelleme : 07.04.2025</div>") == "2025-04-05"


def test_the_first_publication_is_what_a_sentence_calls_it():
    """A page that says when it was originally published is not dated by when it was redone."""
    end = "<p>This article was originally published on 26 Sep 2019 but has been kept up to date.</p>"
    assert day_of(f'<p class="date">30 Sep 2022</p>{BODY}{end}') == "2019-09-26"


def test_names_of_no_standard_and_addresses_come_last():
    """A meta element whose name speaks of publication, then the address, date a page that prints nothing."""
    assert day_of("", '<meta name="x:first-published" content="July 17, 2025">') == "2025-07-17"
    assert day_of("", url="https://p.example/news/article/A2026012914320005196") == "2026-01-29"
    assert day_of("", url="https://p.example/news/article/20000000") is None


def test_dates_name_their_witness():
    """Each date says who gave it."""
    filed = {"@type": "NewsArticle", "datePublished": "2024-05-12", "dateModified": "2024-05-13"}
    head = f'<script type="application/ld+json">{json.dumps(filed)}</script>'
    told = dict(found_on("", head).witnesses)
    assert (told["published_at"], told["modified_at"]) == ("jsonld:datePublished", "jsonld:dateModified")
    assert dict(found_on("<div>12 May 2024</div>").witnesses)["published_at"] == "visible"
    assert dict(found_on("", url="https://p.example/2024/05/12/crane").witnesses)["published_at"] == "url"


def test_microdata_dates_a_story():
    """An element marked as the date of publication is a witness before what is merely printed."""
    found = found_on('<div>9 May 2024</div><span itemprop="datePublished" content="2024-05-12T10:00:00Z">Sunday</span>')
    assert dict(found.witnesses)["published_at"] in ("microdata:datePublished", "visible")
    assert day_of('<span itemprop="datePublished" content="2024-05-12T10:00:00Z">Sunday</span>') == "2024-05-12"


def test_a_time_that_speaks_of_an_update_comes_after_what_does_not():
    """The words in a `<time>` and right before it say what its date is; the address knows the first publication."""
    update = "<p>{}<time datetime=2024-06-02>{}</time></p>".format
    plain = "<p><time datetime=2024-05-12>12 May</time></p>"
    for updated in (update("", "Updated 2 June"), update("Updated ", "2 June")):
        assert day_of(updated + plain) == "2024-05-12"
        assert day_of(updated, url="https://p.example/2024/05/12/crane") == "2024-05-12"
        assert day_of(updated) == "2024-06-02"


def test_the_time_of_a_comment_dates_no_story():
    """A `<time>` that is the link to a comment is the comment's."""
    comment = '<div class=x><a href="#comment-7"><time datetime=2020-01-02>2 January</time></a></div>'
    assert day_of(f"{comment}<p>12 May 2024</p>") == "2024-05-12"


def test_how_long_a_video_can_be_seen_dates_no_story():
    """A date after a word for `until` is that of an end."""
    assert day_of("<p>Video, 3 min. Verfügbar bis 06.05.2025.</p><p>Stand: 12.05.2024</p>") == "2024-05-12"
    assert day_of("<p>From 12.05.2024, available until 06.05.2025.</p>") == "2024-05-12"
