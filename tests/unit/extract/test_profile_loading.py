"""Site profiles from files: what loads, and errors that name file, key and way out."""

from __future__ import annotations

import pytest

from newsclean.errors import ProfileError
from newsclean.extract.profile_loading import built_in_folder, load_folder, load_profile
from newsclean.extract.routing import load_router

MINIMAL = """
publisher = "Courier"
[[layout]]
name = "x"
[layout.text]
head = [{ field = "title" }]
"""


def write(folder, content, name="courier.example.toml"):
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_a_profile_is_named_by_its_file(tmp_path):
    """The file's name is the site, and its only host unless it names others."""
    loaded = load_profile(write(tmp_path, MINIMAL))
    assert loaded.site == "courier.example"
    assert loaded.hosts == ("courier.example",)
    assert loaded.profile.publisher == "Courier"


def test_another_text_is_another_hash(tmp_path):
    """A changed profile must be seen by its hash, for old rows to be told from new ones."""
    first = load_profile(write(tmp_path, MINIMAL))
    again = load_profile(write(tmp_path, MINIMAL))
    changed = load_profile(write(tmp_path, MINIMAL + "# a comment\n"))
    assert first.sha256 == again.sha256 != changed.sha256


def test_built_in_profiles_load_and_agree():
    """All profiles that come with newsclean must compile and share no host."""
    loaded = load_folder(built_in_folder())
    assert {"tass.com", "tass.ru", "chinadaily.com.cn", "xinhuanet.com", "kremlin.ru"} <= {one.site for one in loaded}
    load_router()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("publisher", "publishr", ["publishr: unknown key", 'did you mean "publisher"?']),
        ("head =", "hed =", ["layout[0].text.hed", "unknown key", '"head"']),
        ('publisher = "Courier"', "", ["publisher"]),
        ('{ field = "title" }', '{ field = "titel" }', ["layout[0].text", "'titel'", 'did you mean "title"?']),
        ('{ field = "title" }', '{ line = "(?P<titl>.*)" }', ["'titl'", '"title"']),
        (
            '{ field = "title" }',
            '{ line = "(", field = "title" }',
            ["layout[0].text.head[0].line", "'('", "does not compile"],
        ),
        (
            '{ field = "title" }',
            '{ field = "title", also = ["["] }',
            ["layout[0].text.head[0].also[0]", "does not compile"],
        ),
        ("[layout.text]\nhead", "[layout.html]\nevidence", ["layout[0].html"]),
        ('[layout.text]\nhead = [{ field = "title" }]', "", ["layout[0]", "neither html nor text rules"]),
        ("[[layout]]", "reject = [{ pattern = 'x', reason = 'nosuch' }]\n[[layout]]", ["reject", "nosuch"]),
        ("[[layout]]", "[urls]\narticle = ['*']\n[[layout]]", ["urls.article[0]", "does not compile"]),
        ("[[layout]]", "[[signature]]\nall = ['(']\n[[layout]]", ["signature[0].all[0]", "does not compile"]),
        ("publisher", "= publisher", ["no TOML"]),
    ],
)
def test_an_error_names_file_key_and_remedy(tmp_path, old, new, words):
    """Whoever writes a profile must be told which file, which key, and what it should be."""
    path = write(tmp_path, MINIMAL.replace(old, new, 1))
    with pytest.raises(ProfileError) as raised:
        load_profile(path)
    for word in [str(path), *words]:
        assert word in str(raised.value)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ('evidence = ["div["]\nbody = []', ["layout[0].html.evidence[0]", "does not compile"]),
        ('evidence = []\nbody = ["p:nosuch("]', ["layout[0].html.body[0]", "does not compile"]),
        ('evidence = []\nbody = []\nremove = [{ css = "#", rule = "x" }]', ["layout[0].html.remove[0].css"]),
        (
            'evidence = []\nbody = []\n[layout.html.fields]\ntitle = ["h1"]',
            ["layout[0].html.fields.title[0]", "css:, xpath:"],
        ),
        ('evidence = []\nbody = []\n[layout.html.fields]\nheadline = ["css:h1"]', ["layout[0].html.fields.headline"]),
        (
            'evidence = []\nbody = []\n[layout.html.fields]\ntitle = [{ at = "css:h1", pattern = "(" }]',
            ["layout[0].html.fields.title[0].pattern"],
        ),
        (
            'evidence = []\nbody = []\ndrop = [{ line = "x", rule = "x", field = "nosuch" }]',
            ["layout[0].html", "'nosuch'"],
        ),
    ],
)
def test_an_error_in_markup_rules_names_its_place(tmp_path, rules, words):
    """Selectors, sources and patterns must be checked when the profile loads, each by its place."""
    path = write(tmp_path, f'publisher = "Courier"\n[[layout]]\nname = "x"\n[layout.html]\n{rules}\n')
    with pytest.raises(ProfileError) as raised:
        load_profile(path)
    for word in [str(path), *words]:
        assert word in str(raised.value)


def test_a_missing_file_is_an_error_of_the_profile(tmp_path):
    """A file that cannot be read must be named, with the reason."""
    with pytest.raises(ProfileError, match=r"nosuch\.toml: cannot be read"):
        load_profile(tmp_path / "nosuch.toml")
