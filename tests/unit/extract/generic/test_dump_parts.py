"""The parts of the dump extractor, each on its own."""

from __future__ import annotations

import json
from itertools import permutations
from math import exp
from pathlib import Path

import pytest

from newsclean.extract.dates import read_moment
from newsclean.extract.generic.dumps import address
from newsclean.extract.generic.dumps import context as dump_context
from newsclean.extract.generic.dumps import lines as dump_lines
from newsclean.extract.generic.dumps import model as dump_model
from newsclean.extract.generic.dumps import title as dump_title
from newsclean.extract.generic.dumps.dates import in_english
from newsclean.extract.generic.dumps.lines import look_at
from newsclean.extract.generic.dumps.live import is_live_blog
from newsclean.extract.generic.dumps.stretch import lines_of, looked
from newsclean.extract.generic.dumps.words import CUE_WORDS, FUNCTION_WORDS, Cue, cue_of
from newsclean.page.flowing import flowing


@pytest.mark.parametrize(
    ("label", "cue"),
    [
        ("Read more: a story", Cue.RELATED),
        ("Mehr zum Thema", Cue.RELATED),
        ("Читайте также", Cue.RELATED),
        ("اقرأ أيضا", Cue.RELATED),
        ("関連記事", Cue.RELATED),
        ("Publicité", Cue.ADVERT),
        ("© 2024 Somebody", Cue.COPYRIGHT),
        ("Udostępnij", Cue.SHARE),
        ("A plain headline of the day", Cue.NONE),
    ],
)
def test_labels_are_known_in_many_languages(label, cue):
    """A fixed label says what its line is, whatever its script."""
    words = label.lower().split()
    assert cue_of(label, words, CUE_WORDS.intersection(words)) is cue


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("Publikacja: 2 lutego 2025 21:52", "2025-02-02"),
        ("03 Temmuz 2024 - 18:24", "2024-07-03"),
        ("20. Januar 2025, 9.53 Uhr", "2025-01-20"),
        ("5 de marzo de 2024", "2024-03-05"),
        ("14 лютого 2024", "2024-02-14"),
        ("2024년 4월 9일", "2024-04-09"),
        ("13.5.24", "2024-05-13"),
    ],
)
def test_dates_of_many_languages(printed, day):
    """A printed date is read with its month in whatever language."""
    moment = read_moment(in_english(printed), None)
    assert moment is not None
    assert moment.at.date().isoformat() == day


def test_no_word_is_of_both_kinds():
    """Function words are counted as the known words that are no cues."""
    assert CUE_WORDS.isdisjoint(FUNCTION_WORDS)


def test_densest_stretch_spans_short_interruptions():
    """Prose on both sides of a short box is one stretch; far away prose is not in it."""
    prose = [0] * 5 + [300, 0, 0, 300, 300] + [0] * 40 + [100]
    assert dump_context.densest(prose, dump_context.STRICT) == (5, 10)


def test_every_feature_has_its_place():
    """No feature lies outside the table of weights."""
    looks = [
        look_at(text, wide_page=False)
        for text in ("Home", "A sentence that says it. And another one, too!", "12.03.2024")
    ]
    table = dump_model.read_rows(weights_file())
    assert len(table) == dump_context.FEATURE_COUNT
    assert all(0 <= number < len(table) for ids in dump_context.features(looks, [0, 1, 2]) for number in ids)


def weights_file():
    return json.loads(Path(dump_model.__file__).with_name("weights.json").read_text(encoding="utf-8"))


def test_no_line_is_beyond_what_the_model_can_hold():
    """However the features of a line come together, no state is so far below another that its chance is unknown."""
    rows = dump_model.read_rows(weights_file())
    starts = sorted((dump_lines.GROUPS | dump_context.GROUPS).items(), key=lambda item: item[1])
    ends = [start for _, start in starts[1:]] + [dump_context.FEATURE_COUNT]
    for one, other in permutations(range(len(dump_model.STATES)), 2):
        widest = 0
        for (name, start), end in zip(starts, ends, strict=True):
            apart = [row[one] - row[other] for row in rows[start:end]]
            # A line may have several marks at once.
            widest += sum(size for size in apart if size > 0) if name == "marks" else max(apart)
        assert widest < len(dump_model._LIKELY)


def test_refined_title_follows_the_address():
    """A kicker is taken off or joined on when the address says so, else the line stays."""
    slug = address.slug_words("https://x.example/a/old-bridge-will-be-rebuilt-in-march")
    assert (
        address.refined("Port news: Old bridge will be rebuilt in March", None, slug)
        == "Old bridge will be rebuilt in March"
    )
    assert address.refined("Port news: Old bridge", None, frozenset()) == "Port news: Old bridge"


def test_lines_are_weighed_by_the_sums_of_their_features():
    """The packed weights of signs give what the listed features give when each is added up for itself."""
    texts = [
        "Home",
        "By Ingrid Moss",
        "12.03.2024",
        "A sentence that says it all, and another one that says it too.",
        "The harbour of the northern island has a bridge again, and it was opened for the public on Saturday morning.",
        "The public came to the harbour, and many of those who came said they had waited for the bridge for years.",
        "Home",
    ]
    looks, gaps = [look_at(text, wide_page=False) for text in texts], [0, 1, 0, 2, 1, 1, 0]
    rows, listed = dump_model.read_rows(weights_file()), dump_context.features(looks, gaps)
    sums = [[sum(column) for column in zip(*[rows[number] for number in ids], strict=True)] for ids in listed]
    expected = [tuple(exp(-(max(line) - one) / 64) for one in line) for line in sums]
    assert dump_model.pinned().likelihoods(looks, dump_context.Surroundings(looks, gaps)) == expected


@pytest.mark.parametrize(
    ("openings", "answer"),
    [
        ([f"{18 - n}:2{n} Ingrid Moss" for n in range(6)], True),
        ([f"{9 + n}.0{n} Uhr" for n in range(6)], True),
        (["14:30", "14:30", "14:30", "14:30", "14:30", "14:30"], False),
        (["10:00 Opening", "14:30 Talk", "09:15 Tea", "18:00 Music", "11:20 Walk", "15:45 End"], False),
        (["14:30", "13:10"], False),
    ],
)
def test_clock_times_that_run_one_way_make_a_live_blog(openings, answer):
    """Many entries with ever later or ever earlier times are a live blog; a few times or a timetable are none."""
    texts = [line for opening in openings for line in (opening, "A sentence that says what has happened since then.")]
    assert is_live_blog([look_at(text, wide_page=False) for text in texts]) is answer


def test_headline_without_its_trail_where_the_page_says_it_so():
    """A trail of sections goes where the rest stands on a line of its own, else it stays."""
    line = "You are here: Home » Society » Old bridge will be rebuilt"
    assert dump_title.echoed(line, ["Home", "Old bridge will be rebuilt", line]) == "Old bridge will be rebuilt"
    assert dump_title.echoed(line, ["Home", line]) == line


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://x.example/a/old-bridge-rebuilt/", {"old", "bridge", "rebuilt"}),
        ("https://x.example/help-desk-for-students/old-bridge.php", {"old", "bridge"}),
        ("https://x.example/old-bridge-rebuilt/8812345", {"old", "bridge", "rebuilt"}),
        ("https://x.example/2026/bridge.html", {"bridge"}),
        ("https://news.harbour.example/news.harbour.example.38AB", set()),
        ("https://x.example/s/br%C3%BCcke-f%C3%BCr-h%C3%A4fen-2026", {"bruecke", "fuer", "haefen", "2026"}),
        ("https://x.example/", set()),
        (None, set()),
    ],
)
def test_words_of_an_address_are_those_of_its_last_telling_part(url, words):
    """Folders, file types, numbers of the site's own and the host's name say nothing of the headline."""
    assert address.slug_words(url) == words


def test_far_headline_is_found_by_a_long_address_alone():
    """Five words of an address and more point to a line; of several such lines the last is taken."""
    slug = address.slug_words("https://x.example/old-bridge-will-be-rebuilt-in-march")
    lines = ["Old bridge will be rebuilt in March", "Markets", "Old Bridge will be rebuilt: March", "Share"]
    assert address.by_address(lines, slug) == 2
    assert address.by_address(lines, frozenset(("old", "bridge"))) is None


def test_traits_have_their_numbers_and_the_headline_shown_twice_is_the_dated_one():
    """Each trait has a place among the weights; of two equal lines the one with its date below is the headline's."""
    texts = [
        *("Old bridge will be rebuilt in March", "12.03.2026", "Share", "Old bridge will be rebuilt in March"),
        "The old bridge over the harbour will be rebuilt, the council said on Tuesday after a long debate.",
    ]
    text = "\n".join(texts)
    seen = looked(lines_of(flowing(text), text.encode()))
    words = seen.looks[4].rare
    assert dump_title.headline(seen, 4, frozenset(), words) == 0
    for at in dump_title.candidates(seen.looks, 4):
        found = dump_title.traits(seen, at, 4, frozenset(("old", "bridge")), words)
        assert len(set(found)) == len(found) > 8
        assert all(0 <= number < len(dump_title.TRAITS) for number in found)
    assert set(dump_title.WEIGHTS) <= set(dump_title.TRAITS)
