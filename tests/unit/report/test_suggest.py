"""Profiles proposed from what pages repeat: they load, they read the pages, they say what they rest on."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from newsclean.errors import ConfigError
from newsclean.extract.profile_loading import load_profile
from newsclean.extract.routing import Router
from newsclean.report.suggest.addresses import article_patterns, other_patterns
from newsclean.report.suggest.datelines import dated_line, dated_pattern
from newsclean.report.suggest.proposing import propose
from newsclean.report.suggest.sample import load_sample
from newsclean.report.suggest.writing import literal, shown


def load(toml, folder, name="lowmark.test"):
    path = folder / f"{name}.toml"
    path.write_text(toml)
    return Router([load_profile(path)])


@pytest.fixture
def html(pages, tmp_path):
    sample = load_sample([str(pages)], sources=(), most=100)
    return sample, propose(sample)


@pytest.fixture
def text(dumps):
    sample = load_sample([str(dumps)], sources=(), most=100)
    return sample, propose(sample, site="lowmark.test")


def test_a_profile_of_html_reads_the_stories(html, tmp_path, bodies):
    """Body, headline, standfirst, day and author are those of the pages; the box inside the story is gone."""
    sample, proposal = html
    assert (sample.site, proposal.site) == ("lowmark.test", "lowmark.test")
    router = load(proposal.toml, tmp_path)
    for page in sample.pages:
        if page.found is None:
            continue
        (found,) = router.extract(page.view).extractions
        topic = Path(page.raw.raw_path).stem
        assert [block.text for block in found.blocks] == bodies[topic]
        assert found.title == f"The old {topic} of Lowmark opens again"
        assert found.standfirst.startswith(f"What the {topic} means")
        assert found.published.at.month == 3
        assert len(found.authors) == 1


def test_a_profile_of_html_says_what_it_rests_on(html):
    """Each rule has its pages and what it takes; addresses of articles and of other pages are told apart."""
    _, proposal = html
    rules = tomllib.loads(proposal.toml)
    layout = rules["layout"][0]["html"]
    assert layout["body"] == ["div.story-text"]
    assert any("promo-box" in rule["css"] for rule in layout["remove"])
    assert "on 8 of 8 pages" in proposal.toml
    assert '"Read our letter from the isles"' in proposal.toml
    assert re.search(rules["urls"]["article"][0], "/news/2024/77")["key"] == "77"
    assert not re.search(rules["urls"]["article"][0], "/archive/1")
    assert rules["urls"]["not_article"][0]["pattern"] == "/archive(?:/|$)"
    assert proposal.trial.failed == proposal.trial.split == 0


def test_a_profile_of_dumps_reads_the_stories(text, tmp_path, bodies):
    """Head, share line and what is below the text are known by what all dumps have; a signature names the site."""
    sample, proposal = text
    router = load(proposal.toml, tmp_path)
    for page in sample.pages:
        extracted = router.extract(page.view)
        (found,) = extracted.extractions
        topic = Path(page.raw.raw_path).stem
        assert extracted.site == "lowmark.test"
        assert [block.text for block in found.blocks] == bodies[topic]
        assert found.title == f"The old {topic} of Lowmark opens again"
        assert found.published.at.year == 2024


def test_a_proposal_is_the_same_again(pages):
    """The same pages give the same text."""
    one, two = (propose(load_sample([str(pages)], sources=(), most=100)).toml for _ in range(2))
    assert one == two


def test_pages_of_a_host_are_found_where_they_lie(pages):
    """A host is looked for in the named folders; pages of other hosts are left out."""
    sample = load_sample(["lowmark.test"], sources=[str(pages)], most=3)
    assert sample.site == "lowmark.test"
    assert len(sample.pages) == 3
    with pytest.raises(ConfigError, match="no pages found"):
        load_sample(["other.test"], sources=[str(pages)], most=3)
    with pytest.raises(ConfigError, match="so this is a host"):
        load_sample(["lowmark.test"], sources=["nowhere"], most=3)


def test_pages_of_a_dataset_are_found(pages, tmp_path, monkeypatch):
    """A dataset stands for the raw pages it was made from."""
    from newsclean.run.api import run
    from newsclean.run.options import RunOptions

    monkeypatch.chdir(tmp_path)
    run([pages], tmp_path / "clean", options=RunOptions(workers=0, language_backend="langdetect"))
    assert len(load_sample(["lowmark.test"], sources=["clean"], most=100).pages) == 10


def test_pages_of_several_sites(pages):
    """Of several sites the most frequent one is taken, and the others are counted."""
    (pages / "other.html").write_text("<html><body><p>Hello</p></body></html>")
    with (pages / "manifest.jsonl").open("a") as manifest:
        manifest.write('\n{"file": "other.html", "url": "https://other.test/"}')
    sample = load_sample([str(pages)], sources=(), most=100)
    assert (sample.site, sample.other_sites) == ("lowmark.test", 1)
    assert "1 pages of other sites were left out" in propose(sample).toml


def test_pages_with_nothing_in_common(tmp_path):
    """Where nothing repeats and no element holds a body, that is said."""
    (tmp_path / "one.txt").write_text("Home\nShare\n")
    with pytest.raises(ConfigError, match="nothing to propose: of 1 pages 0 are articles"):
        propose(load_sample([str(tmp_path / "one.txt")], sources=(), most=10))


def test_addresses_with_one_shape_each():
    """A number is the key only if it tells all articles apart; one path alone says nothing."""
    (row,) = article_patterns(["https://a.test/news/1.html", "https://a.test/news/2.html"])
    assert row.values["pattern"] == r"^/news/[^/]+\.html/?(?:\?|$)"
    assert article_patterns(["https://a.test/news/1", "https://a.test/x/y/z"]) == []
    assert other_patterns(["https://a.test/news/1"], []) == []


@pytest.mark.parametrize(
    ("line", "is_dated"),
    [
        ("By Ann Other | Courier | Updated: 2024-03-05 10:30", True),
        ("March 5, 2024", True),
        ("5 марта 2024", True),
        ("05.03.2024, 10:30", True),
        ("The old ferry, which sank in the harbour on March 5, 2024, is back again.", False),
        ("Ferry to the isles", False),
    ],
)
def test_dated_lines(line, is_dated):
    """A line with a date is no sentence with one."""
    assert (dated_line(line) is not None) is is_dated


def test_one_pattern_for_all_dated_lines():
    """Names before the date become authors, and the words before it say what it is the date of."""
    lines = ["By Ann Other | Updated: 2024-03-05 10:30", "Courier | Updated: 2023-11-05 09:00"]
    pattern = re.compile(dated_pattern([dated_line(line) for line in lines]))
    first, second = (pattern.fullmatch(line) for line in lines)
    assert (first["authors"], first["modified"]) == ("Ann Other", "2024-03-05 10:30")
    assert (second["authors"], second["modified"]) == (None, "2023-11-05 09:00")


@pytest.mark.parametrize("text", ["plain", "it's", "both ' and \"", "tab\there", "back\\slash", "del\x7f"])
def test_literals_are_read_back(text):
    """Any text can be written as TOML."""
    assert tomllib.loads(f"key = {literal(text)}") == {"key": text}


def test_shown_texts_are_short_and_on_one_line():
    """A comment never breaks its line."""
    assert shown("one\ntwo") == '"one two"'
    assert len(shown("word " * 100)) < 70


def dump(number, lines):
    from newsclean.model import RawPage

    return RawPage(body="\n".join(lines).encode(), raw_path=f"{number}.txt")


def test_a_label_and_a_standfirst_that_may_be_missing(bodies, tmp_path):
    """Under a label a headline is known with and without a standfirst below it; a time may have its own line."""
    from newsclean.report.suggest.sample import Sample, SamplePage

    pages = []
    for number, (topic, body) in enumerate(bodies.items()):
        standfirst = [] if number % 2 else [f"What the {topic} means for the island is still open to all who ask."]
        head = ["Home", "Isles", "News of the day", f"The old {topic} of Lowmark opens again", *standfirst]
        lines = [*head, f"March {number + 3}, 2024", "10:30", *body, "Share this story", "Topics", "Isles"]
        pages.append(SamplePage(dump(number, lines)))
    proposal = propose(Sample(site="lowmark.test", pages=tuple(pages)))
    (extractor,) = load(proposal.toml, tmp_path).sites
    for page, (topic, body) in zip(pages, bodies.items(), strict=True):
        (found,) = extractor.extract(page.view)
        assert [block.text for block in found.blocks] == body
        assert found.title == f"The old {topic} of Lowmark opens again"
        assert found.published.at.hour == 10
    assert sum(extractor.extract(page.view)[0].standfirst is not None for page in pages) == 4


def test_a_wire_story_begins_where_its_agency_is_named(bodies, tmp_path):
    """The sign of an agency in the first line of most stories tells a standfirst from the body."""
    from newsclean.report.suggest.sample import Sample, SamplePage

    pages = []
    for number, (topic, (first, *rest)) in enumerate(bodies.items()):
        lines = [
            "All news",
            f"The old {topic} of Lowmark opens again",
            f"What the {topic} means is open to all, many say.",
        ]
        lines += [
            f"LOWMARK, March {number + 3}. /WIRE/. {first}",
            *rest,
            f"© Ann Other{number}/WIRE",
            rest[0][:80] + ".",
        ]
        pages.append(SamplePage(dump(number, [*lines, "Tags", topic])))
    proposal = propose(Sample(site="lowmark.test", pages=tuple(pages)))
    (extractor,) = load(proposal.toml, tmp_path).sites
    for page in pages:
        (found,) = extractor.extract(page.view)
        assert found.blocks[0].text.startswith("LOWMARK, March ")
        assert found.standfirst.endswith("is open to all, many say.")
        assert "Tags" not in [block.text for block in found.blocks]
    assert r"'/WIRE/'" in proposal.toml
