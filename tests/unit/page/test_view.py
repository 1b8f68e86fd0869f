"""`PageView`: each reading of a page worked out once, and errors that reject a page."""

from __future__ import annotations

import pickle

import pytest

from newsclean.errors import PageError, Reason, UndecodablePage
from newsclean.model import PageKind, RawPage
from newsclean.page import Line, PageView, charset, kind


def view(body, **more):
    return PageView(RawPage(body=body.encode() if isinstance(body, str) else body, raw_path="page.html", **more))


def test_a_view_costs_nothing_until_asked(monkeypatch):
    """Making a view reads nothing, and each reading happens once."""
    calls = []
    monkeypatch.setattr("newsclean.page.view.decode", lambda *a, **k: calls.append(1) or charset.decode(*a, **k))
    monkeypatch.setattr("newsclean.page.view.kind_of", lambda text: calls.append(2) or kind.kind_of(text))
    page = view("<html><body><p>x</p></body></html>")
    assert calls == []
    for _ in range(2):
        assert (page.kind, page.charset, page.charset_source) == (PageKind.HTML, "utf-8", "utf8")
        assert page.tree is page.tree
        assert page.elements is page.elements
        assert page.meta is page.meta
        assert page.lines is page.lines
    assert sorted(calls) == [1, 2]


def test_the_declared_charset_of_the_page_is_used():
    """What the source says of the charset reaches the decoder."""
    page = view("<p>Мост открыт для движения".encode("koi8-r"), charset="koi8-r")
    assert (page.text, page.charset_source) == ("<p>Мост открыт для движения", "declared")


def test_lines_end_where_an_editor_ends_them():
    """Lines are numbered as in the file; what only Unicode calls a line end stays within a line."""
    page = view("one \r\n\r\n  two\rthree\u2028four\x0cfive\x85six\n")
    assert page.lines == (
        Line(1, "one"),
        Line(2, ""),
        Line(3, "two"),
        Line(4, "three\u2028four\x0cfive\x85six"),
        Line(5, ""),
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"%PDF-1.4 x", Reason.BINARY),
        (b"<!DOCTYPE html>", Reason.UNPARSEABLE),
        (b"<html>" + b"<b>" * 5_000, Reason.UNPARSEABLE),
    ],
)
@pytest.mark.parametrize("member", ["tree", "elements", "meta", "json_ld", "declared_language"])
def test_what_cannot_be_read_is_a_page_error(body, reason, member):
    """Every member raises the error that rejects the page, every time it is asked for."""
    page = view(body)
    for _ in range(2):
        with pytest.raises(UndecodablePage) as caught:
            getattr(page, member)
        assert caught.value.reason is reason
        assert isinstance(pickle.loads(pickle.dumps(caught.value)), PageError)


def test_elements_are_found_by_tag_class_and_id():
    """The index has elements in document order, each once under each of its names."""
    page = view("<body><p class='a b a' id='x'>1</p><!-- no --><div class='b'><p id=' '>2</p></div></body>")
    assert [element.text for element in page.elements["p"]] == ["1", "2"]
    assert [element.tag for element in page.elements[".b"]] == ["p", "div"]
    assert [len(page.elements[key]) for key in (".a", "#x", "html", "body")] == [1, 1, 1, 1]
    assert page.elements.get("table", ()) == ()
    assert "table" not in page.elements
    with pytest.raises(KeyError):
        page.elements["table"]


def test_meta_keeps_the_first_of_each_name():
    """Names of all sorts are lower case, the first filled content counts."""
    page = view(
        "<meta property='og:Title' content=' One '><meta name='og:title' content='Two'><meta name='empty' content=' '>"
        "<meta itemprop='datePublished' content='2026-01-01'><meta http-equiv='Content-Language' content='fr-FR'>"
        "<meta name=nothing><meta content='nameless'><p>x"
    )
    assert page.meta == {"og:title": "One", "datepublished": "2026-01-01", "content-language": "fr-FR"}


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ('{"a": 1}', [{"a": 1}]),
        ('{"a": 1};\n', [{"a": 1}]),
        ('<!-- {"a": 1} -->', [{"a": 1}]),
        ('//<![CDATA[\n{"a": 1}\n//]]>', [{"a": 1}]),
        ('/*<![CDATA[*/{"a": 1}/*]]>*/', [{"a": 1}]),
        ('[{"a": 1}, [{"b": 2}], 3, null]', [{"a": 1}, {"b": 2}]),
        ('{"@graph": [{"a": 1}], "c": 3}', [{"@graph": [{"a": 1}], "c": 3}, {"a": 1}]),
        ('{"a": "two\nlines\t"}', [{"a": "two\nlines\t"}]),
        ('{"a": ', []),
        ("", []),
        ("text", []),
        ("[" * 100_000, []),
        ('{"a":' * 50_000, []),
        ('{"a": ' + "9" * 10_000 + "}", []),
        ('{"@graph": "x"}', [{"@graph": "x"}]),
    ],
)
def test_json_ld_is_read_where_it_parses(script, found):
    """Objects come in their order, dressed or nested as they may be; what is no JSON gives nothing."""
    page = view(f"<script type='application/ld+json'>{script}</script><script>{{}}</script><p>x")
    assert list(page.json_ld) == found


def test_json_ld_of_all_scripts_is_joined():
    """One broken script does not hide the others."""
    page = view(
        "<script type='application/ld+json'>{</script><script type=' Application/LD+JSON'>{\"a\": 1}</script>"
        "<p>x<script type='application/ld+json'>{\"b\": 2}</script>"
    )
    assert page.json_ld == ({"a": 1}, {"b": 2})


@pytest.mark.parametrize(
    ("markup", "language"),
    [
        ("<html lang='en-GB'><p>x</p></html>", "en"),
        ("<html lang=' RU '><p>x</p></html>", "ru"),
        ("<html xml:lang='fr'><p>x</p></html>", "fr"),
        ("<html lang='${lang}'><meta property='og:locale' content='de_AT'><p>x</p></html>", "de"),
        ("<html><meta http-equiv='content-language' content='pl'><p>x</p></html>", "pl"),
        ("<html lang='english'><p>x</p></html>", None),
        ("<html lang=''><p>x</p></html>", None),
        ("A text has no markup.", None),
    ],
)
def test_the_declared_language_is_a_primary_subtag(markup, language):
    """The markup's own word on its language, in lower case, without region; no word is None."""
    assert view(markup).declared_language == language
