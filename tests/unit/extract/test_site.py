"""The extractor made from a profile: which layout takes a page, what is refused, and what follows from datelines."""

from __future__ import annotations

import pytest

from newsclean.errors import ExtractionFailed, NotAnArticle, ProfileError
from newsclean.extract.profile_loading import load_profile
from newsclean.extract.site import SiteExtractor, UnknownLayout, site_extractor
from newsclean.model import RawPage, Reason
from newsclean.page import PageView

PROFILE = r"""
publisher = "Courier"
agency = "Wire"
dateline = [
    '(?P<place>[A-Z]+), (?P<month>[A-Z][a-z]+) (?P<day>\d+) \((?P<agency>\w+)(?: (?P<authors>[^)]+))?\)',
    '(?P<place>[A-Z]+) -',
]
[agencies]
"TW" = "The Wire"
[languages]
"de." = "de"
[urls]
article = ['/(?P<key>\d+)$']
not_article = [{ pattern = '^/photos/', reason = "gallery" }]
[[reject]]
pattern = '^Please log in$'
reason = "error_page"
[[reject]]
at = "meta:kind"
pattern = '^list$'
reason = "listing"
[[signature]]
all = ['^COURIER$']
none = ['^SATIRE$']
[[signature]]
kind = "html"
all = ['courier-logo']
[[layout]]
name = "2020"
language = "en"
[layout.html]
evidence = ["article"]
body = ["article"]
[layout.html.fields]
title = ["css:h1"]
captions = [{ at = "css:figcaption", take = "all" }]
[layout.text]
evidence = ['^COURIER$']
head = [{ line = 'COURIER' }, { field = "title" }]
[[layout]]
name = "shop"
reason = "not_an_article"
[layout.html]
evidence = ["form.buy"]
body = []
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    path = tmp_path_factory.mktemp("sites") / "courier.example.toml"
    path.write_text(PROFILE, encoding="utf-8")
    return SiteExtractor(load_profile(path))


def page(text, url=None):
    return PageView(RawPage(body=text.encode(), raw_path="page", url=url))


def article(body, head="", title="T"):
    return f"<html><head>{head}</head><body><article><h1>{title}</h1>{body}</article></body></html>"


def test_markup_and_text_of_one_layout(site):
    """A layout reads both forms of a page, and the strategy says which it was."""
    (markup,) = site.extract(page(article("<p>The text.</p>")))
    (text,) = site.extract(page("Menu\nCOURIER\nT\nThe text."))
    assert (markup.strategy, text.strategy) == ("html:2020", "text:2020")
    assert [b.text for b in markup.blocks] == [b.text for b in text.blocks] == ["The text."]
    assert markup.title == text.title == "T"
    assert markup.publisher == "Courier"


def test_a_page_of_no_known_layout_says_so(site):
    """A redesign must be told from a listing: the generic extractor takes the page from there."""
    with pytest.raises(UnknownLayout):
        site.extract(page("<html><body><main><p>New.</p></main></body></html>", url="https://courier.example/news/12"))


def test_a_url_of_no_article_in_no_layout_is_a_listing(site):
    """Where the profile knows the paths of articles, another path and no layout make a listing."""
    with pytest.raises(NotAnArticle) as raised:
        site.extract(page("<html><body><p>Links</p></body></html>", url="https://courier.example/news/"))
    assert raised.value.reason is Reason.LISTING


@pytest.mark.parametrize(
    ("text", "url", "reason"),
    [
        (article("<p>The text.</p>"), "https://courier.example/photos/1", Reason.GALLERY),
        ("COURIER\nPlease log in\nNow.", None, Reason.ERROR_PAGE),
        (article("<p>x</p>", head='<meta name="kind" content="list">'), None, Reason.LISTING),
        ("<html><body><form class='buy'><p>A cup</p></form></body></html>", None, Reason.NOT_AN_ARTICLE),
        (article("<figure><figcaption>A lake</figcaption></figure>"), None, Reason.GALLERY),
    ],
)
def test_what_is_no_article_is_refused_with_its_reason(site, text, url, reason):
    """By its URL, its text, a meta value, its layout, or because it is captions and no text."""
    with pytest.raises(NotAnArticle) as raised:
        site.extract(page(text, url))
    assert raised.value.reason is reason
    assert "courier.example" in raised.value.detail


def test_a_page_may_say_of_itself_that_it_is_no_article(site):
    """Without a URL the canonical link is held against the rules for URLs."""
    link = '<link rel="canonical" href="https://courier.example/photos/1">'
    with pytest.raises(NotAnArticle):
        site.extract(page(article("<p>The text.</p>", head=link)))


def test_no_body_is_a_failure(site):
    """A layout that fits and gives no text is an error with a reason, not an empty article."""
    with pytest.raises(ExtractionFailed) as raised:
        site.extract(page(article("")))
    assert raised.value.reason is Reason.NO_BODY


@pytest.mark.parametrize(
    ("text", "agency", "place", "authors"),
    [
        ("ROME, May 5 (TW) Rain.", "The Wire", "ROME", ()),
        ("ROME, May 5 (TW Ada Byron) Rain.", "The Wire", "ROME", ("Ada Byron",)),
        ("ROME, May 5 (Herald) Rain.", "Herald", "ROME", ()),
        ("ROME - Rain.", "Wire", "ROME", ()),
        ("Rain in Rome.", "Wire", None, ()),
    ],
)
def test_a_dateline_gives_place_agency_and_correspondent(site, text, agency, place, authors):
    """The first pattern that fits is read, the text stays whole, and the site's own agency is the last resort."""
    (found,) = site.extract(page(article(f"<p>{text}</p>")))
    assert found.agency == agency
    assert (found.dateline.place if found.dateline else None) == place
    assert found.authors == authors
    assert found.blocks[0].text == text


@pytest.mark.parametrize(
    ("url", "lang", "declared"),
    [("https://de.courier.example/1", "", "de"), ("https://courier.example/1", "", "en"), (None, "fr-FR", "fr")],
)
def test_the_declared_language(site, url, lang, declared):
    """Markup declares first, then the profile's prefixes of host and path, then the layout."""
    markup = article("<p>x</p>").replace("<html>", f'<html lang="{lang}">')
    (found,) = site.extract(page(markup, url))
    assert found.declared_language == declared


def test_one_url_cannot_name_two_articles(site):
    """A dump of several articles has no story key by its URL."""
    url = "https://courier.example/12"
    (one,) = site.extract(page("COURIER\nT\nThe text.", url))
    two = site.extract(page("COURIER\nT\nThe text.\nCOURIER\nU\nMore text.", url))
    assert one.story_key == "12"
    assert [found.story_key for found in two] == [None, None]


def test_a_signature_tells_a_text_without_a_url(site):
    """All patterns must be found, none of the unwanted; text and markup have signatures of their own."""
    assert site.recognises("Menu\nCOURIER\nT")
    assert not site.recognises("Menu\nTHE COURIER\nT")
    assert not site.recognises("COURIER\nSATIRE")
    assert site.recognises("<img class='courier-logo'>", page("<html><body><p>x").kind)
    assert not site.recognises("courier-logo")


def test_a_profile_may_name_a_subclass(tmp_path):
    """`extractor` names a class; what is none, or cannot be imported, is an error of the profile."""
    path = tmp_path / "courier.example.toml"

    def load(name):
        path.write_text(f'extractor = "{name}"\n' + PROFILE, encoding="utf-8")
        return site_extractor(load_profile(path))

    assert type(load("newsclean.extract.site:SiteExtractor")) is SiteExtractor
    for wrong in ("newsclean.nosuch:X", "newsclean.extract.site:Nosuch", "pathlib:Path"):
        with pytest.raises(ProfileError, match="extractor"):
            load(wrong)


def test_an_unknown_transform_is_an_error_of_the_profile(tmp_path):
    """A layout that names a step nobody knows must not load."""
    path = tmp_path / "courier.example.toml"
    path.write_text(PROFILE.replace('language = "en"', 'transforms = ["nosuch"]'), encoding="utf-8")
    with pytest.raises(ProfileError, match=r"courier\.example\.toml: unknown transform 'nosuch'"):
        SiteExtractor(load_profile(path))
