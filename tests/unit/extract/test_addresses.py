"""URLs: hosts, paths, and the URL that a page gives itself."""

from __future__ import annotations

import pytest

from newsclean.extract.addresses import host_of, page_url, stated_url, url_path
from newsclean.model import RawPage
from newsclean.page import PageView


def view(markup, url=None):
    return PageView(RawPage(body=markup.encode(), raw_path="page.html", url=url))


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.Example.com/a", "example.com"),
        ("http://en.example.com.:80/", "en.example.com"),
        ("no url", ""),
        ("http://[broken", ""),
        (None, ""),
    ],
)
def test_a_host_is_compared_without_case_and_www(url, host):
    """Hosts that are one site must be one string; what is no URL has none."""
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://a.example/b/1.htm?x=2#y", "/b/1.htm?x=2"),
        ("https://a.example", ""),
        ("http://[broken", ""),
        (None, ""),
    ],
)
def test_a_path_keeps_its_query(url, path):
    """Patterns must see path and query, and nothing of host or fragment."""
    assert url_path(url) == path


def test_a_canonical_link_comes_before_open_graph():
    """A page's rel=canonical names it; og:url stands in for it."""
    open_graph = '<meta property="og:url" content="https://a.example/og">'
    link = '<link rel="{}" href=" https://a.example/c "><body><p>x'
    assert stated_url(view(open_graph + link.format("Canonical"))) == "https://a.example/c"
    assert stated_url(view(open_graph + link.format("prev"))) == "https://a.example/og"


def test_a_canonical_link_without_a_host_names_nothing():
    """A relative canonical says nothing of the site."""
    assert stated_url(view('<html><head><link rel="canonical" href="/c"></head><body><p>x')) is None


def test_the_url_that_was_fetched_comes_first():
    """What the page was fetched from is seen, what it says of itself is only stated."""
    markup = '<html><head><link rel="canonical" href="https://a.example/c"></head><body><p>x'
    assert page_url(view(markup, url="https://b.example/1")) == "https://b.example/1"
    assert page_url(view(markup)) == "https://a.example/c"


def test_a_text_states_no_url():
    """A text dump has only the URL that its source knows."""
    assert page_url(PageView(RawPage(body=b"https://a.example/c", raw_path="page.txt"))) is None
