"""Names in bylines: words of authorship in many languages, and what is no name."""

from __future__ import annotations

import json

import pytest

from newsclean.extract.generic.facts.names import is_label, names_in, reads_as_name, said_by
from newsclean.extract.generic.facts.sitename import Site
from newsclean.extract.generic.html import GenericHtml
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


def authors_of(top: str, head: str = "", language: str = "en", tail: str = ""):
    html = f"<html lang={language}><head><title>Old crane to go soon</title>{head}</head><body><article>"
    html += f"<h1>Old crane to go soon</h1>{top}{BODY}{tail}</article></body></html>"
    raw = RawPage(body=html.encode(), raw_path="p.html", url="https://www.bt.example/2024/crane")
    return GenericHtml().extract(PageView(raw))[0].authors


@pytest.mark.parametrize(
    ("line", "language", "names"),
    [
        ("By Di Else", "en", ["Di Else"]),
        ("di Ada Riva e Bruno Colle", "it", ["Ada Riva", "Bruno Colle"]),
        ("A cura di Ada Riva", "it", ["Ada Riva"]),
        ("Door Ada van den Brook en Jan Kade", "nl", ["Ada van den Brook", "Jan Kade"]),
        ("Av Ada Bekk og Bjørn Havn", "no", ["Ada Bekk", "Bjørn Havn"]),
        ("Text: Ada Bäck", "sv", ["Ada Bäck"]),
        ("Autor: Jana Přístavní", "cs", ["Jana Přístavní"]),
        ("Oprac.: Jan Portowy", "pl", ["Jan Portowy"]),
        ("Szerző: Kikötő Anna és Daru Béla", "hu", ["Kikötő Anna", "Daru Béla"]),
        ("Автор: Анна Портовая", "ru", ["Анна Портовая"]),
        ("Γράφει ο Νίκος Λιμάνης", "el", ["Νίκος Λιμάνης"]),
        ("بقلم: سلمى الميناوي", "ar", ["سلمى الميناوي"]),
        ("Oleh Budi Pelabuhan", "id", ["Budi Pelabuhan"]),
        ("Dan Brook", "en", ["Dan Brook"]),
        ("By April Brook on Friday December 19, 2025", "en", ["April Brook"]),
        ("강나루 기자", "ko", ["강나루"]),
        ("记者 王港", "zh", ["王港"]),
        ("Do 25.04.24 | 14:07 Uhr | Von Ada Kirch-Bach", "de", ["Ada Kirch-Bach"]),
        ("Bay Radio (www.bayradio.example)", "en", ["Bay Radio"]),
        ("Published August 7, 2023 by Nicola Brook", "en", ["Nicola Brook"]),
        ("लेखक: अदा नदी", "hi", ["अदा नदी"]),
        ("항구, 만도시 강나루 기자 ada@bay.example", "ko", ["강나루"]),
        ("Von dpa 30.04.2024, 18:58", "de", ["dpa"]),
        ("Ada Brook, Ben Hill (Enviado especial)", "es", ["Ada Brook", "Ben Hill"]),
    ],
)
def test_bylines_of_many_languages(line, language, names):
    """A byline gives its names, whatever word it opens with; a word of another language is part of a name."""
    assert names_in(line, language=language) == names


@pytest.mark.parametrize("text", ["Full bio", "5 min read", "Article by", "The Author", "Written By", "Autor"])
def test_labels_are_nobody(text):
    """What stands in the place of a name and is none gives none."""
    assert names_in(text) == []


def test_filed_names_are_left_whole():
    """A filed name that opens like a byline of another language is a name."""
    assert names_in("Di Else", filed=True, language="en") == ["Di Else"]
    assert names_in("Von Miller", filed=True, language="en") == ["Von Miller"]
    assert names_in("von Ada Brook", filed=True, language="de") == ["Ada Brook"]
    assert names_in("By Ada Brook", filed=True) == ["Ada Brook"]


def test_words_before_no_name_say_nothing():
    """What goes on in small letters is a sentence, and no byline."""
    assert not said_by("Von wegen: der alte Kran bleibt")
    assert not said_by("By taking it down, the harbour saves money")
    assert said_by("By admin")
    assert is_label("Written by")
    assert is_label("Autor")
    assert not is_label("Home")


def test_a_name_in_brackets_is_a_part_of_a_name():
    """A maiden name in brackets does not unmake a name."""
    assert reads_as_name("Ada (Hill) Brook")
    assert not reads_as_name("the harbour office")


def test_the_site_signs_in_many_ways():
    """The site's name, its initials and its desk are no persons."""
    site = Site(names=frozenset(("harbour post",)), host_words=frozenset(("hp",)))
    assert all(map(site.signs_as, ("Harbour Post", "Harbour Post Staff", "Harbour Papers", "Online Redaktion")))
    assert not site.signs_as("Ada Brook")


def test_a_person_wins_over_the_publisher():
    """Where the page files its publisher as the author, a person printed as the author is taken."""
    head = '<meta property="og:site_name" content="Bay Times"><meta name="author" content="Bay Times Team">'
    assert authors_of('<div class="author-name">Ada Brook</div>', head) == ("Ada Brook",)
    assert authors_of("", head) == ("Bay Times Team",)


def test_a_label_names_the_line_below_it():
    """`Article written by:` at the end of a text is followed by its author."""
    assert authors_of("", tail="<h4>Article written by:</h4><p>Ada Brook, MD</p>") == ("Ada Brook, MD",)


def test_other_stories_authors_do_not_sign_this_one():
    """Links to authors of stories beside this one do not add to its byline."""
    link = '<a rel="author" href="/authors/{0}">{1}</a>'
    top = f"<div class=byline>By {link.format('ada', 'Ada Brook')}</div>"
    others = "".join(f"<div>{link.format(i, name)}</div>" for i, name in enumerate(("Ben Hill", "Cleo Dune")))
    assert authors_of(top, tail=others) == ("Ada Brook",)


def test_a_signed_line_under_the_headline_wins_over_who_posted_it():
    """Outside newsrooms the meta element names who posted the text, the line under the headline who wrote it."""
    head = '<meta name="author" content="Ben Hill">'
    assert authors_of("<h3>By Ada Brook, columnist of the bay</h3>", head) == ("Ada Brook",)
    news = f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "author": "Ben Hill"})}</script>'
    assert authors_of("<h3>By Ada Brook, columnist of the bay</h3>", news) == ("Ben Hill",)


def test_microdata_names_the_author():
    """An element marked as the author's is a witness, by the name inside it."""
    top = '<div itemprop="author" itemscope><span>Photo</span><span itemprop="name">Ada Brook</span></div>'
    assert authors_of(top) == ("Ada Brook",)


@pytest.mark.parametrize(
    "line",
    ["ByAda Brook", "Ada BrookPublished: 3 May 2024", "Ada BrookRedakteurin", "Ada BrookCorrespondent, North"],
)
def test_what_stands_beside_a_name_without_a_space_is_none_of_it(line):
    """Elements side by side are parted by their looks alone; no space stands between their texts."""
    assert names_in(line) == ["Ada Brook"]


def test_names_in_elements_of_one_make_are_parted_by_them():
    """Where no sign and no space stands between names, dates and roles, their elements do."""
    link = "<a class=n>{}</a>".format
    names = ("Ada Brook", "Ben van der Hill", "Cleo Dune")
    assert authors_of(f"<div class=byline>{''.join(map(link, names))}<span>12 May</span></div>") == names
    assert authors_of(f"<div class=byline>{link('Ada Brook')}<span>Bay News Desk</span></div>") == ("Ada Brook",)
    assert authors_of(f"<div><span>By</span>{link('Ada Brook')}<span>Updated</span>5 May 2024</div>") == ("Ada Brook",)
    assert authors_of(f"<div class=byline>Bay Guides · By {link('Ada Brook')}</div>") == ("Ada Brook",)


def test_each_author_may_have_a_line():
    """Lines made as the byline is add their names to it, with a role between them or after."""
    card = "<div class=byline>{}</div><div>Harbour correspondent</div>".format
    assert authors_of(card("Ada Brook") + card("Ben Hill")) == ("Ada Brook", "Ben Hill")
    assert authors_of("<div class=byline>Ada Brook</div><div class=byline>Fact Checked</div>") == ("Ada Brook",)


@pytest.mark.parametrize(
    "top",
    [
        "<p class=x>Ada Brook</p><p class=y>14:07</p>",
        "<p class=x>Ada Brook</p><p class=y>Harbour correspondent</p>",
        "<p class=x>Author of the article:</p><p class=y>Ada Brook</p>",
        "<p class=x>Ada Brook - Korrespondentin</p>",
        "<p class=x>12 May</p><p class=y>Ada Brook</p><p class=z>Share</p>",
    ],
)
def test_a_name_under_the_headline_is_borne_out_by_what_is_beside_it(top):
    """A date, a role, a label or the name once more says that a name without a word of authorship is the author's."""
    assert authors_of(top, tail="<p>Ada Brook</p>" if "Share" in top else "") == ("Ada Brook",)


@pytest.mark.parametrize("label", ["Bay City", "Reading Time", "Last Updated", "Our Blogs", "Kommentar von"])
def test_a_label_with_capitals_is_no_name(label):
    """Nothing bears out a place, and labels are told by their words."""
    beside = "" if label == "Bay City" else "<p class=y>5 min</p>"
    assert authors_of(f"<p class=x>{label}</p>{beside}") == ()


def test_links_at_the_top_come_before_links_elsewhere():
    """The author that is named at the headline wins over those of stories beside this one."""
    others = '<div><a href="/author/ben">Ben Hill</a></div><div><a href="/author/ada">Ada Brook</a></div>'
    others = f"{BODY * 10}{others}"
    assert authors_of("<p class=x>Ada Brook reports</p>", tail=others) == ("Ada Brook",)
    assert authors_of("<div class=byline>Cleo</div>", tail=others) == ("Cleo",)
    assert authors_of("", tail=others) == ("Ben Hill",)


def test_a_byline_with_more_names_than_links_is_read_in_full():
    """Who has no page of their own is named in the line alone."""
    linked = '<a rel="author" href="/a/1">Ada Brook</a>'
    assert authors_of(f"<div>By {linked}, Ben Hill and Cleo Dune</div>", '<meta name="author" content="">') == (
        "Ada Brook",
        "Ben Hill",
        "Cleo Dune",
    )


def test_who_took_a_picture_is_not_who_wrote_the_story():
    """Microdata of pictures has authors, too: with a label before them."""
    picture = '<figure><span itemprop="author">(Image: Bay Pictures)</span></figure>'
    assert authors_of(f"{picture}<div class=byline>Ada Brook</div>") == ("Ada Brook",)
