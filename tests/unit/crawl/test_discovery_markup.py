"""The reader of elements: bounded, deaf to DTDs, and not put off by what is no XML."""

from __future__ import annotations

import gzip
import time

import pytest

from newsclean.crawl.discovery.markup import address, children, elements, root_name, text_chunks, value


def in_pieces(text, size):
    return iter([text[at : at + size] for at in range(0, len(text), size)])


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 10_000])
def test_elements_are_the_same_however_the_stream_is_cut(size):
    """Where the chunks of a stream end makes no difference to what is read."""
    text = "<r><!-- <url>no</url> --><url><loc>a</loc></url>\n"
    text += "<x:url id='1'><loc>b</loc></x:url><url/><url><loc>c</loc></url></r>"
    found = [(one.prefix, one.inner) for one in elements(in_pieces(text, size), ("url",))]
    assert found == [("", "<loc>a</loc>"), ("x", "<loc>b</loc>"), ("", "<loc>c</loc>")]


def test_an_element_without_end_ends_at_the_next():
    """A missing end tag costs no entry."""
    found = [one.inner for one in elements(iter(["<url>a<url>b</url><url>c</r>"]), ("url",))]
    assert found == ["a", "b", "c"]


def test_a_torn_end_gives_no_half_of_an_address():
    """What the stream breaks off in is left out, what was whole before it is kept."""
    found = [one.inner for one in elements(iter(["<url><loc>a</loc><lastmod>2026-1"]), ("url",))]
    assert found == ["<loc>a</loc>"]
    assert [one.inner for one in elements(iter(["<url><loc>http://news.exam"]), ("url",))] == [""]


def test_ends_within_cdata_are_text():
    """CDATA may hold anything, the element's own end tag too."""
    (item,) = elements(iter(["<item><d><![CDATA[</item><item>]]></d><link>x</link></item>"]), ("item",))
    assert [(child.name, value(child.inner)) for child in children(item.inner)] == [
        ("d", "</item><item>"),
        ("link", "x"),
    ]


def test_an_endless_element_is_left_out_and_the_rest_read():
    """Memory is bounded by the longest element that is allowed."""
    text = "<url>" + "x" * 2_500_000 + "</url><url>b</url>"
    assert [one.inner for one in elements(in_pieces(text, 65_536), ("url",))][-1] == "b"
    assert all(len(one.inner) < 1_100_000 for one in elements(in_pieces(text, 65_536), ("url",)))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("http://a/?x=1&amp;y=2", "http://a/?x=1&y=2"),
        ("http://a/?x=1&y=2", "http://a/?x=1&y=2"),
        ("http://a/?x=1&copy=2", "http://a/?x=1&copy=2"),
        ("<![CDATA[http://a/?x=1&amp;y=2]]>", "http://a/?x=1&y=2"),
        ("http://a/<![CDATA[?x=1&y=2]]>", "http://a/?x=1&y=2"),
        ("\n   http://a/\n  b ", "http://a/b"),
        ("http://a/?x=1&amp;amp;y=2", "http://a/?x=1&y=2"),
        ("http://a/&#x41;&#66;", "http://a/AB"),
    ],
)
def test_addresses_survive_every_way_of_writing_ampersands(written, meant):
    """An ampersand in an address is one, bare, escaped, escaped twice or in CDATA."""
    assert address(written) == meant


def test_entities_of_a_dtd_are_not_expanded():
    """A document's own entities stay what they are: no bomb, no file of ours."""
    bomb = '<!DOCTYPE r [<!ENTITY a "xxxxxxxxxx"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    bomb += "<r><url><loc>&a;&f;</loc></url></r>"
    (url,) = elements(iter([bomb]), ("url",))
    assert value(next(children(url.inner)).inner) == "&a;&f;"


@pytest.mark.parametrize(
    "hostile",
    [
        "<item>" + "<![CDATA[" * 60_000,
        "<item>" + "<a>" * 150_000 + "</item>",
        "<item>" + "<!--" * 100_000 + "</item>",
        "<" * 400_000,
        "<item " * 60_000,
        "<!-- x -->" * 40_000,
        "<?x?>" * 40_000 + "<" * 1000,
        "<a:" * 100_000,
    ],
)
def test_hostile_markup_takes_no_time(hostile):
    """What is read is read in a time that grows with its length alone."""
    start = time.process_time()
    root_name(hostile)
    for item in elements(in_pieces(hostile, 65_536), ("item",)):
        for child in children(item.inner):
            value(child.inner)
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("<?xml version='1.0'?>\n<!-- c --><!DOCTYPE x [<!ENTITY a 'b'>]><rss>", "rss"),
        ("\n\n junk <rdf:RDF xmlns='x'>", "rdf"),
        ("http://a/b\nhttp://a/c", ""),
        ("", ""),
    ],
)
def test_root_name_looks_past_what_stands_before(head, name):
    """The first element decides, whatever stands above it."""
    assert root_name(head) == name


@pytest.mark.parametrize(
    ("body", "declared"),
    [
        ("<r>жизнь".encode(), None),
        ("<r>жизнь".encode(), "windows-1251"),
        (b"\xef\xbb\xbf" + "<r>жизнь".encode(), "latin-1"),
        ("<r>жизнь".encode("utf-16"), None),
        ('<?xml version="1.0" encoding="windows-1251"?><r>жизнь'.encode("windows-1251"), None),
        ("<r>жизнь".encode("windows-1251"), "windows-1251"),
        (gzip.compress("<r>жизнь".encode()), None),
    ],
)
def test_text_is_read_in_the_charset_that_it_is_in(body, declared):
    """Byte order mark, declaration and contents agree on the text, even where the server lies."""
    assert "".join(text_chunks(body, declared=declared)).endswith("<r>жизнь")


def test_gzip_is_unpacked_within_bounds():
    """A bomb gives no more than was allowed, a torn end or several members no error."""
    bomb = gzip.compress(b"x" * 30_000_000)
    assert sum(map(len, text_chunks(bomb, max_bytes=100_000))) == 100_000
    assert "".join(text_chunks(gzip.compress(b"ab") + gzip.compress(b"cd"))) == "abcd"
    torn = gzip.compress(bytes(range(32, 127)) * 2_000)
    assert "".join(text_chunks(torn[: len(torn) // 2])).startswith(' !"#')
