"""Headlines: which of a page's titles is taken, and what is cut off it."""

from __future__ import annotations

import json

import pytest

from newsclean.extract.generic.facts.address import spelled_out, words_of_address
from newsclean.extract.generic.facts.sitename import Site, site_of, strip_site
from newsclean.extract.generic.html import GenericHtml
from newsclean.extract.generic.reading.witness import Witness
from newsclean.model import RawPage
from newsclean.page import PageView

BODY = "".join(
    f"<p>{text}</p>"
    for text in (
        "The harbour office said on Monday that the old crane would be taken down before the winter storms arrive.",
        "Workers had found cracks in its northern leg in May, and the engineers advised against another season.",
        "A new crane, ordered from a yard across the bay, is to be delivered in spring and tested in the summer.",
    )
)
SITE = Site(
    names=frozenset(("harbour post", "harbourpost example", "harbourpost", "world crane awards")),
    host_words=frozenset(("harbourpost", "rust", "lang")),
    sections=frozenset(("local news", "政治")),
)


def title_of(url, *, h1=None, og=None, headline=None, window=None, kind="NewsArticle", extra=""):
    head = f"<title>{window or ''}</title>"
    if og:
        head += f'<meta property="og:title" content="{og}">'
    if headline:
        head += f'<script type="application/ld+json">{json.dumps({"@type": kind, "headline": headline})}</script>'
    top = f"<h1>{h1}</h1>" if h1 else ""
    html = f"<html lang=en><head>{head}</head><body>{extra}<article>{top}{BODY}</article></body></html>"
    return GenericHtml().extract(PageView(RawPage(body=html.encode(), raw_path="p.html", url=url)))[0].title


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Old crane to go | Harbour Post", "Old crane to go"),
        ("Old crane to go - The Harbour Post Blog", "Old crane to go"),
        ("Old crane to go | Local news | Harbour Post", "Old crane to go"),
        ("Old crane to go | News", "Old crane to go"),
        ("Old crane to go | Harbour Post Bay Edition", "Old crane to go"),
        ("Old crane to go | WCA", "Old crane to go"),
        ("Old crane to go | Rust Blog", "Old crane to go"),
        ("旧起重机将拆除-政治ㅣHarbour Post", "旧起重机将拆除"),
        ("Old crane to go - and the storms to come", "Old crane to go - and the storms to come"),
        ("Harbour Post - Old crane to go", "Old crane to go"),
        ("Crane-lovers of the harbour", "Crane-lovers of the harbour"),
    ],
)
def test_names_of_site_and_section_are_cut(text, left):
    """Only what the page calls its site, or the section it stands in, is cut off a title."""
    assert strip_site(text, SITE) == left


def test_an_address_names_the_sections_and_not_the_story():
    """The last part of an address is the story's own."""
    site = site_of(Witness([], {}), "https://www.harbourpost.example/local-news/old-crane-to-go/")
    assert site.sections == {"local news"}


def test_the_address_decides_between_titles():
    """Of two headlines that a newsroom files, the one that its address spells out was there first."""
    url = "https://harbourpost.example/a/hafenstaedte-verlieren-ihren-aeltesten-kran-12345.html"
    filed = "Hafenstädte verlieren ihren ältesten Kran"
    assert title_of(url, h1="Abschied von 1921", og="Abschied von 1921", headline=filed) == filed
    assert title_of(None, h1="Abschied von 1921", og="Abschied von 1921", headline=filed) == "Abschied von 1921"


def test_words_of_addresses_are_read_without_marks():
    """Umlauts stand in addresses as one letter or two, and keys of the site count for nothing."""
    address = words_of_address("https://p.example/x/aerger-ueber-grosse-kraene-id20240506.html")
    assert address == ["arger", "uber", "grosse", "krane"]
    assert spelled_out("Ärger über große Kräne", address) == 1.0
    assert spelled_out("Something else", address) == 0.0


def test_a_headline_cut_short_gives_way_to_the_whole():
    """What is filed is cut at a length; another witness that goes on has the rest."""
    whole = (
        "The old crane of the harbour is to go before the storms, and here is what the people on the quays say about it"
    )
    assert title_of(None, og=whole, headline=whole[:97], window=whole) == whole


def test_kickers_of_their_own_are_no_part_of_the_headline():
    """What heading and tag say alike after different kickers is the headline."""
    found = title_of(None, h1="At the bay - Old crane will have to go", og="Storms ahead: Old crane will have to go")
    assert found == "Old crane will have to go"


def test_what_the_page_prints_tells_where_a_title_ends():
    """Without an h1, a line that prints only the beginning of the window's title shows what is no part of it."""
    window = "Old crane will have to go before the storms | Quays"
    extra = "<div class=top>Old crane will have to go before the storms</div>"
    assert title_of(None, window=window, extra=extra) == "Old crane will have to go before the storms"
    menu = '<nav><a href="/q">Quays</a><a href="/s">Ships</a></nav>'
    assert title_of(None, window=window, extra=menu) == "Old crane will have to go before the storms"


def test_a_lone_word_is_no_headline():
    """An h1 of one word that is a part of nothing gives way to what the page calls itself."""
    og = "How we took the crane, the quay and hundreds of boats apart in a day"
    assert title_of(None, h1="Crane", og=og, window=og) == og


SEARCHED = "8 harbour cranes that had to go this year"


def test_a_headline_shown_above_the_story_wins_over_a_window_title_that_nothing_bears_out():
    """Where a page files nothing, what heads its story is the headline, and not the title made for searches."""
    shown = "The old crane leaves the quay before the storms"
    for headline in (shown, "旧起重机在冬季风暴到来之前离开码头"):
        assert title_of(None, h1=headline, window=SEARCHED) == headline
    assert title_of(None, h1=shown, window=SEARCHED, og=SEARCHED) == SEARCHED


@pytest.mark.parametrize(
    ("h1", "extra"),
    [
        ("Pages of the harbour", ""),
        ('<a href="/">All the news of the bay and its harbours</a>', ""),
        ("All the news of the bay and its harbours", f"<h2>{SEARCHED}</h2>"),
    ],
    ids=["a name", "a link", "the title in another heading"],
)
def test_a_heading_that_is_no_headline_does_not_win(h1, extra):
    """Names, links and slogans above the headline proper are none."""
    assert title_of(None, h1=h1, window=SEARCHED, extra=extra) == SEARCHED


def test_a_window_title_that_the_address_spells_out_is_the_filed_one():
    """The address is made of the headline that the story was filed under."""
    url = "https://harbourpost.example/a/8-harbour-cranes-that-had-to-go-this-year"
    assert title_of(url, h1="The old crane leaves the quay before the storms", window=SEARCHED) == SEARCHED


def test_the_window_title_tells_a_kicker_where_nothing_is_filed():
    """What stands before or after the headline in its `<h1>` is cut where the window's title has it without."""
    bare = "Old crane leaves the quay"
    assert title_of(None, h1=f"Storms in the bay - {bare}", window=bare) == bare
    assert title_of(None, h1=f"{bare} (harbour.example) 12", window=bare) == bare
    assert title_of(None, h1=f"Why the {bare}", window=bare) == f"Why the {bare}"
