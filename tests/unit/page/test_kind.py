"""Markup, a text dump, or no page at all: told by what a page says."""

from __future__ import annotations

import pytest

from newsclean.model import PageKind
from newsclean.page.kind import binary_format, kind_of, not_a_page

DUMP = "Valley Herald\nNews\nSport\n{title}\nThe mayor opened the bridge on Monday.\nShe thanked the builders.\n" * 5


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html><html><body>x",
        "\ufeff \n<!doctype HTML PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN'><html>",
        "<html><p>x",
        "<?xml version='1.0' encoding='utf-8'?>\n<!DOCTYPE html><html>",
        "<!-- saved from somewhere -->\n<!-- twice --><html>",
        "<HEAD><TITLE>x</TITLE></HEAD>",
        "<body>text only",
        "<p>The mayor opened the bridge.</p>\n<p>She thanked the builders.</p>",
        "<div class='story'><h1>Bridge</h1><p>Opened.</p></div>",
        "<p>A long fragment\nwhose lines\nare wrapped\nby hand</p>\n<p>and go on\nlike this</p>",
        "<article-body><p>Opened.</p></article-body>",
        "Opened on <b>Monday</b>.<br>\nThe builders <i>came</i>.<br>\nSo did <a href='/m'>the mayor</a>.<br>",
    ],
)
def test_documents_and_fragments_are_html(text):
    """A document says so at its start; a fragment has tags on its lines."""
    assert kind_of(text) is PageKind.HTML


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no sign at all",
        DUMP,
        DUMP.format(title="How <p> and <div> tags shape a page"),
        DUMP + 'Embed: <iframe src="x"></iframe> <div class="w"><a href="y">z</a></div>\n',
        DUMP.format(title="{{article.title}}") + "{{ 'SHARE' | translate }}\n" * 20,
        "<p> is the tag for a paragraph.\n" + DUMP,
        "5 < 6 and 7 > 3\n" * 10,
        "She said <laughs> and left.\nHe <sighs> stayed.\n",
        "<john@example.org> wrote:\n> quoted\n" * 5,
    ],
)
def test_texts_that_speak_of_tags_are_text(text):
    """A dump that mentions tags, embeds or template marks is still a text."""
    assert kind_of(text) is PageKind.TEXT


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("<?xml version='1.0'?>\n<rss version='2.0'><channel><title>a</title><link>b</link></channel></rss>", "a feed"),
        ("<feed xmlns='http://www.w3.org/2005/Atom'><title>a</title></feed>", "a feed"),
        ("<rdf:RDF xmlns:rdf='x'><channel/></rdf:RDF>", "a feed"),
        ("<!-- made by hand -->\n<urlset><url><loc>x</loc></url></urlset>", "a sitemap"),
        ("<?xml version='1.0'?><sitemapindex></sitemapindex>", "a sitemap"),
        ("<?xml version='1.0'?><newsMessage><p>x</p></newsMessage>", "XML data"),
        ("<svg xmlns='http://www.w3.org/2000/svg'><title>x</title></svg>", "a picture"),
        ('{"title": "Bridge", "body": "<p>Opened.</p>"}', "JSON data"),
        ("[]", "JSON data"),
        ('{"a": 1}\n\n{"a": 2}\nbroken', "JSON data"),
        ("%PDF-1.4", "a PDF"),
        ("WARC/1.0\r\nWARC-Type: response", "a web archive"),
        ("# comment\n\nUser-Agent: *\nDisallow: /", "rules for robots"),
    ],
)
def test_files_of_another_trade_are_no_pages(text, form):
    """Feeds, sitemaps, data and archives are known, and are no HTML pages."""
    assert (not_a_page(text) or "").startswith(form)
    if form != "XML data":
        assert kind_of(text) is PageKind.TEXT


@pytest.mark.parametrize(
    "text",
    [
        "",
        DUMP,
        "<!DOCTYPE html><html><body>{}</body></html>",
        "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body/></html>",
        "<p>x</p>",
        "{{page.title}}\n{{page.body}}",
        "[Photo: the bridge]\nThe mayor opened it.",
        '{"a": 1} is how it begins\nand then it is a text.',
        "# Heading\nUser agents of the city said.",
        "User agents: who they are\nA story.",
    ],
)
def test_pages_are_not_taken_for_anything_else(text):
    """Articles that begin with a bracket, a sign or a word of these trades are pages."""
    assert not_a_page(text) is None


def test_text_is_no_binary_format():
    """No text begins with the marks of a binary file."""
    for body in (b"", b"<html>", b"MZ is how a program begins", b"RIFF raff", DUMP.encode()):
        assert binary_format(body) is None


@pytest.mark.parametrize(
    "text",
    [
        " " * 200_000 + "<p>",
        "<!--" * 50_000,
        "<!-- -->" * 50_000,
        "<?" * 50_000,
        "<" * 200_000,
        "<a " * 100_000,
        "[" * 200_000,
        "{" * 200_000,
        "\n#" * 100_000,
    ],
)
def test_hostile_beginnings_are_only_read_once(text):
    """Beginnings made to send a search back and forth are told in one pass."""
    assert kind_of(text) in PageKind
    not_a_page(text)


def test_real_pages_are_told_apart(shared):
    """Every real HTML page is HTML and every real dump is text, and none is anything else."""
    import gzip

    from newsclean.page.charset import decode

    for folder, suffix, kind in (("publishers", "gz", PageKind.HTML), ("dumps", "txt", PageKind.TEXT)):
        for path in sorted((shared / "pages" / folder).rglob(f"*.{suffix}"))[::3]:
            body = path.read_bytes()
            text = decode(gzip.decompress(body) if suffix == "gz" else body).text
            assert (kind_of(text), not_a_page(text)) == (kind, None), path
