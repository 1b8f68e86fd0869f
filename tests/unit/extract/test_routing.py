"""Which extractor takes a page: its URL, the URL it states, its signature, else the generic one."""

from __future__ import annotations

import pytest

from newsclean.errors import ConfigError, NotAnArticle, ProfileError
from newsclean.extract.routing import load_router
from newsclean.model import RawPage
from newsclean.page import PageView

PROFILE = """
publisher = "Courier"
hosts = {hosts}
[[signature]]
all = ['^COURIER$']
[[signature]]
kind = "html"
all = ['courier-logo']
[[layout]]
name = "2020"
[layout.html]
evidence = ["article"]
body = ["article"]
[layout.html.fields]
title = ["css:h1"]
[layout.text]
head = [{{ line = 'COURIER' }}, {{ field = "title" }}]
"""
ARTICLE = "<html><head>{}</head><body><article><h1>T</h1><p>The text.</p></article></body></html>"
STORY = " ".join(["A sentence of ordinary words that a story is made of stands here."] * 4)
REDESIGN = f"<html><body><main><h1>A headline</h1><p>{STORY}</p><p>{STORY}</p></main></body></html>"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "courier.example.toml").write_text(PROFILE.format(hosts='["courier.example", "herald.example"]'))
    return tmp_path


@pytest.fixture
def router(folder):
    return load_router([folder])


def page(text, url=None):
    return PageView(RawPage(body=text.encode(), raw_path="page", url=url))


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://courier.example/1", "courier.example"),
        ("http://www.de.courier.example:8080/1", "courier.example"),
        ("https://HERALD.example./1", "courier.example"),
        ("https://notcourier.example/1", None),
        ("https://courier.example.org/1", None),
        (None, None),
    ],
)
def test_a_host_and_its_subdomains_are_a_sites(router, url, site):
    """A URL is a site's if its host is, or a parent of it; a host that only ends alike is not."""
    found = router.site_of_url(url)
    assert (found.site if found else None) == site


@pytest.mark.parametrize(
    ("text", "url", "site"),
    [
        (ARTICLE.format(""), "https://courier.example/1", "courier.example"),
        (ARTICLE.format("<link rel='canonical' href='https://courier.example/1'>"), None, "courier.example"),
        (ARTICLE.format("<link rel='canonical' href='https://courier.example/1'>"), "https://mirror.example/1", None),
        (ARTICLE.format("<meta property='og:url' content='https://courier.example/1'>"), None, "courier.example"),
        (ARTICLE.format("<link rel='icon' href='/courier-logo.png'>"), None, "courier.example"),
        (ARTICLE.format(""), None, None),
        ("Menu\nCOURIER\nT\nThe text.", None, "courier.example"),
        ("Menu\nCOURIER\nT\nThe text.", "https://other.example/1", None),
        ("Menu\nTHE COURIER said", None, None),
    ],
)
def test_evidence_in_its_order(router, text, url, site):
    """The URL of the fetch decides; else what the markup states; else a signature of text or markup."""
    found = router.site_of(page(text, url))
    assert (found.site if found else None) == site


def test_a_known_layout_is_read_by_the_profile(router):
    """What comes out names extractor, site and the profile's hash."""
    extracted = router.extract(page(ARTICLE.format(""), "https://courier.example/1"))
    assert extracted.extractor == extracted.site == "courier.example"
    assert extracted.profile_sha256 == next(p.sha256 for p in router.profiles if p.site == "courier.example")
    assert extracted.extractions[0].strategy == "html:2020"


def test_a_redesign_loses_nothing_and_is_seen(router):
    """A page of a known site in an unknown layout goes to the generic extractor with a flag."""
    extracted = router.extract(page(REDESIGN, "https://courier.example/1"))
    assert extracted.site == "courier.example"
    assert extracted.extractor.startswith("generic")
    (found,) = extracted.extractions
    assert "unknown_layout" in found.flags
    assert found.publisher == "Courier"
    assert [block.text for block in found.blocks] == [STORY, STORY]


def test_a_page_of_no_site_is_generic(router):
    """A page of an unknown site has no site and no profile."""
    extracted = router.extract(page(REDESIGN, "https://other.example/1"))
    assert (extracted.site, extracted.profile_sha256) == (None, None)


def test_a_refusal_is_not_tried_again_by_the_generic_extractor(router):
    """What a profile knows to be no article stays none."""
    listing = "https://tass.com/politics"
    with pytest.raises(NotAnArticle):
        router.extract(page(REDESIGN, listing))


def test_a_folder_of_ones_own_replaces_a_built_in_profile(folder):
    """A profile of the same name in a user's folder comes before the built-in one."""
    (folder / "tass.com.toml").write_text(PROFILE.format(hosts='["tass.com"]').replace("Courier", "Mine"))
    router = load_router([folder])
    assert router.site_of_url("https://tass.com/politics/1").profile.publisher == "Mine"


def test_two_profiles_cannot_share_a_host(folder):
    """The error names both files and the host."""
    (folder / "other.example.toml").write_text(PROFILE.format(hosts='["herald.example"]'))
    with pytest.raises(ProfileError, match=r"herald\.example is taken by courier\.example\.toml"):
        load_router([folder])


def test_a_missing_folder_is_an_error(tmp_path):
    """A folder of profiles that is none must be named, with the remedy."""
    with pytest.raises(ConfigError, match="no such folder of site profiles"):
        load_router([tmp_path / "nosuch"])


def test_the_routers_hash_knows_hosts_and_signatures(folder):
    """What decides which site takes a page must change the hash, and nothing else."""
    first = load_router([folder]).sha256
    path = folder / "courier.example.toml"
    text = path.read_text()
    path.write_text(text.replace("h1", "h2"))
    assert load_router([folder]).sha256 == first
    path.write_text(text.replace("courier-logo", "courier-mark"))
    assert load_router([folder]).sha256 != first
