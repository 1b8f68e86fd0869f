"""Language identification on real texts: 80 languages, and the bodies of real news pages.

A row answered `und` counts as half. Floors are pinned below what was measured; a lower one needs a reason in review.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import fmean

import pytest
from langdetect.detector_factory import PROFILES_DIRECTORY

from newsclean.language import identify, langdetect_model, warm

NEIGHBOURS_OF_RUSSIA = ("ru", "hy", "be", "kk", "ky", "tg", "uz", "uk", "az", "ka", "zh")
NORWEGIAN = {"nb": "no", "nn": "no"}


def _code(tag):
    subtag = tag.split("-")[0]
    return NORWEGIAN.get(subtag, subtag)


LANGDETECT_OWN = frozenset(_code(profile.name) for profile in Path(PROFILES_DIRECTORY).iterdir())


@pytest.fixture(scope="session")
def rows(shared):
    """Language, kind (title, sentence, text) and text of each gold row."""
    lines = (shared / "pages/language/gold.jsonl").read_text("utf-8").splitlines()
    return [(_code(row["language"]), row["kind"], row["text"]) for row in map(json.loads, lines)]


@pytest.fixture(scope="session")
def bodies(shared):
    """Language (None where the gold does not say) and body of each article in the gold of the page sets."""
    found = []
    for name in ("pages/kremlin", "pages/publishers", "pages/wcxb", "seeds"):
        for line in (shared / name / "gold.jsonl").read_text("utf-8").splitlines():
            found += [(one.get("language"), "\n\n".join(one["body"])) for one in json.loads(line)["articles"]]
    return [(language, body) for language, body in found if body]


def _scores(rows, backend, kind):
    """Mean score of each language over the rows of one kind."""
    warm(backend)
    scores = defaultdict(list)
    for language, its_kind, text in rows:
        if its_kind == kind:
            answer = _code(identify(text, backend=backend).language)
            scores[language].append(0.5 if answer == "und" else float(answer == language))
    return scores


def _mean(scores, languages=None):
    return fmean(score for language, of in scores.items() if languages is None or language in languages for score in of)


def test_langdetect_knows_its_own_languages(rows):
    """Texts in langdetect's languages are right, and news sentences nearly always."""
    assert _mean(_scores(rows, "langdetect", "text"), LANGDETECT_OWN) >= 0.99
    assert _mean(_scores(rows, "langdetect", "sentence"), LANGDETECT_OWN) >= 0.96


def test_guard_adds_the_languages_around_russia(rows):
    """Each language of the region is right on texts, though langdetect knows three of the eleven."""
    scores = _scores(rows, "langdetect", "text")
    wrong = {language: fmean(scores[language]) for language in NEIGHBOURS_OF_RUSSIA if fmean(scores[language]) < 0.97}
    assert not wrong


def test_langdetect_says_what_it_does_not_know(rows):
    """Over all 80 languages, 25 of them in no profile, texts are right or undetermined."""
    assert _mean(_scores(rows, "langdetect", "text")) >= 0.96


def test_py3langid_knows_nearly_all(rows):
    """With the extra, texts in all 80 languages are right."""
    pytest.importorskip("py3langid")
    scores = _scores(rows, "py3langid", "text")
    assert _mean(scores) >= 0.98
    assert _mean(scores, LANGDETECT_OWN) >= 0.99
    assert min(fmean(scores[language]) for language in NEIGHBOURS_OF_RUSSIA) >= 0.97
    assert _mean(_scores(rows, "py3langid", "sentence")) >= 0.92


@pytest.mark.parametrize("backend", ["langdetect", "py3langid"])
def test_news_pages_are_right(bodies, backend):
    """Bodies whose gold states the language get it, with either backend, and none of the others is undetermined."""
    if backend == "py3langid":
        pytest.importorskip("py3langid")
    answers = [(language, identify(body, backend=backend).language, body[:60]) for language, body in bodies]
    assert not [answer for answer in answers if answer[0] and answer[0] != answer[1]]
    assert not [answer for answer in answers if answer[1] == "und"]


@pytest.mark.slow
def test_short_way_answers_as_the_full_one(rows, bodies, monkeypatch):
    """On every gold row and body, langdetect's sampling gives the answer that one pass gave."""
    texts = [text for _, _, text in rows] + [body for _, body in bodies]
    short = [identify(text, backend="langdetect").language for text in texts]
    monkeypatch.setattr(langdetect_model, "_PLAIN_LEAD", math.inf)
    full = [identify(text, backend="langdetect").language for text in texts]
    assert not [(text[:60], one, other) for text, one, other in zip(texts, short, full, strict=True) if one != other]


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["langdetect", "py3langid"])
def test_answers_repeat(rows, backend):
    """A second run, and one with four threads, give every answer again, confidence included."""
    if backend == "py3langid":
        pytest.importorskip("py3langid")
    texts = [text for _, kind, text in rows if kind != "text"]
    ask = partial(identify, backend=backend)
    first = list(map(ask, texts))
    assert list(map(ask, texts)) == first
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, texts)) == first
