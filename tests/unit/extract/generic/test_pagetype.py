"""What pages are: articles with flags, and those that are none, by kind."""

from __future__ import annotations

import json

import pytest

from newsclean.errors import PageError
from newsclean.extract.generic.html import GenericHtml
from newsclean.model import RawPage, Reason
from newsclean.page import PageView

SENTENCES = (
    "The harbour office said on Monday that the old crane would be taken down before the winter storms arrive.",
    "Workers had found cracks in its northern leg in May, and the engineers advised against another season.",
    "A new crane, ordered from a yard across the bay, is to be delivered in spring and tested in the summer.",
)
BODY = "".join(f"<p>{text}</p>" for text in SENTENCES)


def read(inside: str, *, title: str = "Old crane to go", url: str | None = None, filed: dict | None = None):
    head = f"<title>{title}</title>"
    if filed:
        head += f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **filed})}</script>'
    html = f"<html lang=en><head>{head}</head><body><article><h1>{title}</h1>{inside}</article></body></html>"
    return GenericHtml().extract(PageView(RawPage(body=html.encode(), raw_path="p.html", url=url)))[0]


def reason_of(*args, **kwargs):
    with pytest.raises(PageError) as caught:
        read(*args, **kwargs)
    return caught.value.reason


@pytest.mark.parametrize(
    "title", ["404 Not Found", "Access Denied", "Seite nicht gefunden", "Страница не найдена", "Sign in", "ログイン"]
)
def test_errors_and_gates_are_named(title):
    """A page that says that there is nothing to read, or asks for a login, is an error page."""
    assert reason_of(
        "<p>You may want to go back to the front page of the bay, or look for something else.</p>", title=title
    ) is (Reason.ERROR_PAGE)
    assert reason_of("", title=title) is Reason.ERROR_PAGE


@pytest.mark.parametrize(
    "title", ["Forbidden City opens its oldest hall again", "Error at the mint: a coin of two sides"]
)
def test_stories_may_speak_of_errors(title):
    """A headline that only has such a word is that of a story."""
    assert read(BODY, title=title).title == title


def test_a_section_page_is_a_listing():
    """A page named as the last part of its address, full of headings that lead elsewhere, is a hub."""
    card = (
        '<div><h2><a href="/a/{0}">The crane of pier {0} is to be taken down</a></h2><p>' + SENTENCES[0] + "</p></div>"
    )
    cards = "".join(card.format(number) for number in range(16))
    assert reason_of(cards, title="Harbours", url="https://bay.example/sections/harbours/") is Reason.LISTING


def test_answers_under_one_subject_make_a_forum():
    """Posts that repeat the subject of the page are a thread's."""
    post = f"<div><div>Re: Old crane to go by Ada: 3:21pm On Mar 09</div><p>{SENTENCES[1]}</p></div>"
    assert reason_of(post * 6) is Reason.FORUM


def test_prices_with_ratings_are_a_shop():
    """Cards of goods with prices and counts of reviews are no article."""
    card = "<div><a href=/l>Lamp for quays</a><span>$ 19</span><div>(34)</div>"
    card += "<p>A lamp for long evenings at sea.</p></div>"
    sort = "<div>Sort by:</div><div>Price high to low</div><div>Price low to high</div><div>In stock</div>"
    assert reason_of(sort + card * 14, title="Lamps for the harbour") is Reason.PRODUCT


def test_a_gallery_with_hardly_a_text_is_no_article():
    """A gallery's address and a sentence beside it make no story."""
    lone = f"<p>{SENTENCES[0]}</p>"
    found = reason_of(lone, title="Cranes", url="https://bay.example/galerie/cranes/")
    assert found is Reason.GALLERY
    assert read(BODY, url="https://bay.example/photos/2024/05/06/old-crane-to-go-at-last-says-office/").blocks


def test_a_text_cut_off_at_a_wall_is_flagged():
    """What is declared not to be free and breaks off is the beginning of a longer text."""
    locked = {"headline": "Old crane to go", "isAccessibleForFree": False, "datePublished": "2024-05-06"}
    cut = BODY.replace("tested in the summer.", "tested in …")
    assert "truncated" in read(cut, filed=locked).flags
    assert "truncated" in read(BODY, filed={**locked, "wordCount": 900}).flags
    whole = "".join(f"<p>{text} It is number {number}.</p>" for number in range(8) for text in SENTENCES)
    assert read(whole, filed=locked).flags == ()
    assert read(cut, filed={**locked, "isAccessibleForFree": True}).flags == ()


def test_a_wall_counts_where_the_text_ends():
    """An undeclared wall under a text that is cut short is evidence; a banner above a whole text is none."""
    wall = "<div>Subscribe now to continue reading this story</div>"
    filed = {"headline": "Old crane to go", "datePublished": "2024-05-06"}
    assert read(BODY.replace("summer.", "summer ...") + wall, filed=filed).flags == ("truncated",)
    assert read(wall + BODY, filed=filed).flags == ()


def test_a_live_blog_is_an_article_with_a_flag():
    """What declares itself a live blog, or is called live and made of timed posts, keeps its posts as blocks."""
    found = read(BODY, filed={"@type": "LiveBlogPosting", "headline": "Old crane to go"})
    assert found.flags == ("live_blog",)
    posts = "".join(f"<div><h3>1{hour}:30</h3><p>{text}</p></div>" for hour in range(3) for text in SENTENCES)
    timed = read(posts, url="https://bay.example/news/old-crane-live-blog-of-the-day")
    assert timed.flags == ("live_blog",)
    assert SENTENCES[0] in [block.text for block in timed.blocks]


def test_a_headline_with_its_date_beside_it_heads_a_story_among_cards():
    """Front matter tells a story from a list, whatever leads elsewhere around it; a thread of a forum has it, too."""
    cards = "".join(f'<div><h2><a href="/a/{n}">Pier {n} is closed</a></h2></div>' for n in range(16))
    title = "The oldest crane of the bay is going in spring"
    around = f"<p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p></article><div class=cards>{cards}</div><article>"
    dated = f"<p>12 May 2024</p>{around}"
    assert read(dated, title=title).title == title
    assert read(f"<p>By Ada Brook</p><p><time datetime=2024-05-12></time></p>{around}", title=title).title == title
    assert reason_of(around, title=title) is Reason.LISTING
    assert reason_of(dated, title="Cranes") is Reason.LISTING
    assert reason_of(dated, title=title, url="https://p.example/forum/crane") is Reason.FORUM
