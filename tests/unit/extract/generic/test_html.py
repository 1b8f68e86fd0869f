"""The generic extractor on pages written by hand: what is body, what is a field, what is thrown away."""

from __future__ import annotations

import pytest

from newsclean.errors import ExtractionFailed, NotAnArticle
from newsclean.extract.generic.html import GenericHtml
from newsclean.model import BlockKind, RawPage, Reason
from newsclean.page import PageView
from newsclean.page.visible import count_visible_chars
from newsclean.text import count_chars

SENTENCES = (
    "The harbour office said on Monday that the old crane would be taken down before the winter storms arrive.",
    "Workers had found cracks in its northern leg in May, and the engineers advised against another season of use.",
    "A new crane, ordered from a yard across the bay, is to be delivered in spring and tested in the summer.",
    "Until then, the fishing boats will be unloaded by hand, which takes about twice as long, the office said.",
)
BODY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
HEAD = """<head><title>Old crane to go - Harbour Post</title><meta property="og:site_name" content="Harbour Post">
<meta property="og:type" content="article"><meta property="og:title" content="Old crane to go">
<meta name="description" content="The crane of 1921 is no longer safe.">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Old crane to go",
"datePublished": "2024-05-06T10:30:00+02:00", "author": [{"@type": "Person", "name": "Ada Brook"}]}</script></head>"""


def view_of(html: str, url: str | None = "https://harbourpost.example/2024/05/06/old-crane-to-go") -> PageView:
    return PageView(RawPage(body=html.encode(), raw_path="page.html", url=url))


def extract(html: str, url: str | None = "https://harbourpost.example/2024/05/06/old-crane-to-go"):
    return GenericHtml().extract(view_of(html, url))[0]


def page(inside: str, head: str = HEAD) -> str:
    return f"<!doctype html><html lang='en'>{head}<body>{inside}</body></html>"


STORY = f"""<header><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav></header>
<main><article><h1>Old crane to go</h1><p class="standfirst">The crane of 1921 is no longer safe.</p>
<div class="byline">By Ada Brook</div><div class="article-body">{BODY}
<div class="related"><h3>Related</h3><p>A long teaser of another story, with nothing of cranes in it.</p></div>
<figure><img src="x.jpg"><figcaption>The crane in July. Photo: B. Hill</figcaption></figure>
<p>The mayor called the crane a friend of her childhood.</p></div></article></main>
<footer><p>Copyright 2024 Harbour Post. All rights reserved, in all the harbours of this and other bays.</p></footer>"""


def test_the_body_is_the_paragraphs_in_order():
    """The story's own paragraphs and nothing else make the body."""
    found = extract(page(STORY))
    assert [block.text for block in found.blocks] == [
        *SENTENCES,
        "The mayor called the crane a friend of her childhood.",
    ]


def test_fields_are_moved_and_not_repeated():
    """Headline, standfirst and caption are fields, and no part of the body."""
    found = extract(page(STORY))
    assert found.title == "Old crane to go"
    assert found.standfirst == "The crane of 1921 is no longer safe."
    assert [caption.text for caption in found.captions] == ["The crane in July. Photo: B. Hill"]
    assert found.authors == ("Ada Brook",)
    assert found.published is not None
    assert found.published.at.isoformat() == "2024-05-06T08:30:00+00:00"


def test_every_visible_character_is_accounted_for():
    """Blocks and removals together hold all visible text."""
    view = view_of(page(STORY))
    found = GenericHtml().extract(view)[0]
    kept = sum(count_chars(block.text) for block in found.blocks)
    removed = sum(count_chars(removal.text) for removal in found.removals)
    assert kept + removed == count_visible_chars(view)


def test_moved_text_names_its_column():
    """A removal that became a field says which; its rule is the generic extractor's."""
    found = extract(page(STORY))
    moved = {removal.moved_to for removal in found.removals}
    assert {"title", "standfirst", "captions"} <= moved
    assert all(removal.rule.startswith("generic:") for removal in found.removals)


def test_what_the_page_declares_of_its_use_is_kept():
    """Licence, free access and restrictions on machines are the page's own word, in columns of their own."""
    head = HEAD.replace('"headline"', '"isAccessibleForFree": "False", "license": "https://law.example/by", "headline"')
    head = head.replace(
        "</head>",
        '<meta name="robots" content="noai, index, max-snippet:-1"><meta name="tdm-reservation" content="1"></head>',
    )
    found = extract(page(STORY, head))
    assert (found.license, found.is_free, found.robots) == ("https://law.example/by", False, "noai, tdm-reservation")
    silent = extract(page(STORY))
    assert (silent.license, silent.is_free, silent.robots) == (None, None, None)


def test_a_shop_is_no_article():
    """A page that is made up of prices and the labels of a shop is rejected as a product page."""
    card = "<div><p>A lamp for harbours, quays and long winter evenings at sea.</p>"
    card += "<span>$ 19</span><div>Add to cart</div></div>"
    with pytest.raises(NotAnArticle) as caught:
        extract(page(card * 40, "<head><title>Lamps</title></head>"), "https://shop.example/lamps")
    assert caught.value.reason is Reason.PRODUCT


def test_a_video_with_hardly_a_text_is_no_article():
    """A page that declares itself a video's, and has two sentences, is rejected as one."""
    head = '<head><title>Crane falls</title><meta property="og:type" content="video.other"></head>'
    with pytest.raises(NotAnArticle) as caught:
        extract(page(f"<h1>Crane falls</h1><p>{SENTENCES[0]}</p>", head), "https://tv.example/v/12")
    assert caught.value.reason is Reason.VIDEO


def test_a_quotation_set_apart_is_not_said_twice():
    """A pull quote whose words stand in a paragraph is taken out, and the name under it."""
    quote = f"<blockquote><p>{SENTENCES[2]}</p><p>Ada Brook, harbour master</p></blockquote>"
    found = extract(page(f"<article><h1>Old crane to go</h1>{BODY}{quote}{BODY.replace('crane', 'gantry')}</article>"))
    assert [block.kind for block in found.blocks].count(BlockKind.QUOTE) == 0
    assert SENTENCES[2] in [block.text for block in found.blocks]


def test_what_closes_a_text_and_is_none_of_it_is_taken_out():
    """A line about the author and an announcement of what is gone do not end a body."""
    close = "<p>Ada Brook is a reporter for the harbour and the bay.</p><p>All about the harbour in our live blog:</p>"
    found = extract(page(f"<article><h1>Old crane to go</h1>{BODY}{close}</article>"))
    assert [block.text for block in found.blocks] == list(SENTENCES)


def test_a_menu_is_one_removal_and_wholly_accounted_for():
    """A menu's labels are kept together, what is not shown inside it left out."""
    menu = "<nav><svg><title>x</title></svg><ul>" + "<li><a href='/'>Ports <b>North</b></a></li>" * 30 + "</ul></nav>"
    view = view_of(page(menu + STORY))
    found = GenericHtml().extract(view)[0]
    kept = sum(count_chars(block.text) for block in found.blocks)
    assert kept + sum(count_chars(removal.text) for removal in found.removals) == count_visible_chars(view)
    assert sum("Ports" in removal.text for removal in found.removals) == 1


def test_the_same_page_gives_the_same_extraction():
    """Nothing is remembered from page to page."""
    first = extract(page(STORY))
    extract(page(BODY, head="<head><title>Another</title></head>"))
    assert extract(page(STORY)) == first


def test_the_site_name_is_cut_off_a_title():
    """A suffix that the page itself calls the site's name is no part of the headline."""
    head = '<head><title>Ferry late again | Harbour Post</title><meta property="og:site_name" content="Harbour Post"></head>'  # noqa: E501
    assert extract(page(f"<div>{BODY}</div>", head)).title == "Ferry late again"


@pytest.mark.parametrize(
    ("tag", "kind"), [("h2", BlockKind.HEADING), ("blockquote", BlockKind.QUOTE)], ids=["heading", "quote"]
)
def test_kinds_of_blocks_are_kept(tag, kind):
    """Headings and quotes inside the story stay blocks of their kind."""
    said = "We shall miss it, said the harbour master."
    inside = f"<article><h1>Old crane to go</h1>{BODY}<{tag}>{said}</{tag}>{BODY.replace('crane', 'gantry')}</article>"
    found = extract(page(inside))
    assert (said, kind) in [(block.text, block.kind) for block in found.blocks]


def test_lists_of_links_are_no_part_of_a_story():
    """A list whose items are all links is taken out, one of plain items stays."""
    links = "<ul><li><a href='/a'>Another harbour story</a></li><li><a href='/b'>And one more of them</a></li></ul>"
    plain = "<ul><li>Length: 40 metres.</li><li>Weight: 300 tonnes.</li></ul>"
    found = extract(
        page(f"<article><h1>Old crane to go</h1>{BODY}{plain}{links}{BODY.replace('crane', 'gantry')}</article>")
    )
    texts = [block.text for block in found.blocks]
    assert "Length: 40 metres." in texts
    assert "Another harbour story" not in texts


def test_a_body_held_only_as_json_ld_is_taken_from_there():
    """A story that the page files and does not show is read from `articleBody`."""
    text = "\\n".join(SENTENCES)
    head = f'<head><title>Crane</title><script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Crane", "articleBody": "{text}"}}</script></head>'  # noqa: E501
    found = extract(page("<p>Loading</p>", head))
    assert found.strategy == "generic:jsonld"
    assert [block.text for block in found.blocks] == list(SENTENCES)


def test_a_body_held_only_in_a_script_is_taken_from_there():
    """A story that scripts are to draw is read from the markup in their strings."""
    markup = BODY.replace("<", "\\u003c").replace(">", "\\u003e")
    found = extract(page(f'<div id="root"></div><script>run([1, {{"body": "{markup}"}}])</script>'))
    assert found.strategy == "generic:hydration"
    assert [block.text for block in found.blocks] == list(SENTENCES)


def test_a_page_without_text_fails_with_a_reason():
    """No text, no article: the reason is no_body."""
    with pytest.raises(ExtractionFailed) as caught:
        extract(page("<div></div>"))
    assert caught.value.reason is Reason.NO_BODY


def test_a_forum_is_no_article():
    """A page that declares itself a forum's is rejected as one."""
    head = '<head><title>Cranes?</title><script type="application/ld+json">{"@type": "DiscussionForumPosting"}</script></head>'  # noqa: E501
    with pytest.raises(NotAnArticle) as caught:
        extract(page(f"<div>{BODY}</div>", head), "https://talk.example/threads/cranes.12/")
    assert caught.value.reason is Reason.FORUM


def test_an_error_page_is_no_article():
    """A page that says that there is nothing is rejected as an error page."""
    head = "<head><title>404 Page not found</title></head>"
    with pytest.raises(NotAnArticle) as caught:
        extract(page("<p>Sorry, the page that you asked for does not exist any more on this site.</p>" * 2, head), None)
    assert caught.value.reason is Reason.ERROR_PAGE


def test_chinese_without_spaces_is_running_text():
    """Paragraphs of few characters in Chinese count as paragraphs."""
    lines = [
        "港务局周一表示，旧起重机将在冬季风暴来临之前拆除，工人们五月发现北侧支腿有裂缝。",
        "新起重机将于明年春天交付，夏天进行测试，届时渔船将恢复正常卸货作业。",
    ] * 2
    lines = [f"{line}（{number}）" for number, line in enumerate(lines)]
    found = extract(
        page("<article><h1>旧起重机将拆除</h1>" + "".join(f"<p>{line}</p>" for line in lines) + "</article>")
    )
    assert [block.text for block in found.blocks] == lines
