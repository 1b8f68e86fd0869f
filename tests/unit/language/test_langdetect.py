"""langdetect behind the guard: right, repeatable, and the same by its short way as in full."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import pytest

from newsclean.language import identify, langdetect_model

KNOWN = {
    "en": "The city council decided yesterday to repair the old bridge and to open a new school next spring.",
    "ru": "Городской совет вчера решил отремонтировать старый мост и открыть весной новую школу.",
    "bg": "Общинският съвет реши вчера да ремонтира стария мост и да открие ново училище през пролетта.",
    "de": "Der Stadtrat beschloss gestern, die alte Brücke zu reparieren und im Frühling eine neue Schule zu eröffnen.",
    "fr": "Le conseil municipal a décidé hier de réparer le vieux pont et d'ouvrir une nouvelle école au printemps.",
    "es": "El ayuntamiento decidió ayer reparar el viejo puente y abrir una nueva escuela en la próxima primavera.",
    "tr": "Belediye meclisi dün eski köprüyü onarmaya ve ilkbaharda yeni bir okul açmaya karar verdiğini duyurdu.",
    "vi": "Hội đồng thành phố hôm qua đã quyết định sửa chữa cây cầu cũ và mở một trường học mới vào mùa xuân.",
    "ar": "قرر مجلس المدينة أمس إصلاح الجسر القديم وفتح مدرسة جديدة في الربيع القادم.",
    "hi": "नगर परिषद ने कल पुराने पुल की मरम्मत करने और वसंत में नया स्कूल खोलने का निर्णय लिया।",
}
ZULU = (
    "Umkhandlu wedolobha unqume izolo ukuthi uzolungisa ibhuloho elidala futhi uvule isikole esisha ngentwasahlobo. "
    "Imeya ithe abantu bazosizakala kakhulu ngoba umgwaqo ubuvaliwe isikhathi eside, kodwa imali isitholakele."
)
DOUBTFUL = "No hi ha res de nou en la vida de la ciutat"
THREADS = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from newsclean.language import identify
texts = json.load(sys.stdin)
with ThreadPoolExecutor(int(sys.argv[1])) as pool:
    tags = pool.map(lambda text: identify(text, backend="langdetect"), texts)
    print(json.dumps([[tag.language, tag.confidence, tag.source] for tag in tags]))
"""


@pytest.mark.parametrize(("language", "text"), KNOWN.items())
def test_its_own_languages(language, text):
    """Ordinary news sentences in langdetect's languages are named, with a confidence between 0 and 1."""
    tag = identify(text, backend="langdetect")
    assert (tag.language, tag.source, tag.declared) == (language, "langdetect", None)
    assert 0.5 < tag.confidence <= 1.0


def test_a_language_it_does_not_know_is_not_taken_for_its_own():
    """Zulu is no Swahili: what fits no profile is told by its words."""
    tag = identify(ZULU, backend="langdetect")
    assert (tag.language, tag.source) == ("zu", "words")


def test_a_text_that_fits_nothing_is_undetermined():
    """Letters in no language's order are `und`, not the language they happen to look like most."""
    tag = identify("Xqzv wkrtp ghjkl zzxcv bnmqw rtypl " * 20, backend="langdetect")
    assert (tag.language, tag.confidence) == ("und", 0.0)


def test_no_known_ngram_is_undetermined():
    """Letters of a script that no profile has are `und`."""
    assert identify("ⴰⵣⵓⵍ ⴼⵍⵍⴰⵡⵏ ⴰⵢⵜⵎⴰ ⴷ ⵉⵙⵜⵎⴰ ⴳ ⵜⵎⵓⵔⵜ", backend="langdetect").language == "und"


def test_capitals_are_read():
    """A text all in capitals is not empty, though langdetect passes over such words."""
    assert identify(KNOWN["de"].upper(), backend="langdetect").language == "de"


def test_addresses_are_no_evidence():
    """Links and mail addresses say nothing of the language."""
    links = " https://www.example.org/the/city/council/and/the/bridge press.office@example.org" * 3
    assert identify(KNOWN["fr"] + links, backend="langdetect").language == "fr"


@pytest.mark.parametrize("text", [*KNOWN.values(), ZULU])
def test_short_way_answers_as_the_full_one(text, monkeypatch):
    """Where one pass leaves no doubt, sampling gives the same answer."""
    long_text = " ".join([text] * 4)
    short = identify(long_text, backend="langdetect")
    monkeypatch.setattr(langdetect_model, "_PLAIN_LEAD", math.inf)
    assert identify(long_text, backend="langdetect").language == short.language


def test_plain_texts_are_not_sampled(monkeypatch):
    """A plain body never reaches the sampling."""
    monkeypatch.setattr(langdetect_model, "_sampled", None)
    for text in KNOWN.values():
        assert identify(" ".join([text] * 4), backend="langdetect").confidence == 1.0


def test_a_glance_is_enough_for_a_long_plain_text(monkeypatch):
    """A long text in a language of its own is named by a part of its n-grams, and as all of them name it."""
    long_text = " ".join([KNOWN["en"]] * 8)
    in_full = langdetect_model._in_full
    monkeypatch.setattr(langdetect_model, "_in_full", None)
    glance = identify(long_text, backend="langdetect")
    monkeypatch.setattr(langdetect_model, "_in_full", in_full)
    monkeypatch.setattr(langdetect_model, "_at_a_glance", lambda *_: None)
    assert identify(long_text, backend="langdetect") == glance


def test_small_words_are_looked_for_at_a_glance_too():
    """A long text in a language without a profile is told by its words, however short the look at it."""
    assert identify(" ".join([ZULU] * 4), backend="langdetect").language == "zu"


def test_answers_do_not_depend_on_threads():
    """First use from four threads at once gives the answers of one thread, sampled ones too, in fresh processes."""
    texts = [text[:cut] for text in KNOWN.values() for cut in (45, 60, 100)] + [ZULU, DOUBTFUL]
    runs = [
        json.loads(
            subprocess.run(
                [sys.executable, "-c", THREADS, threads],
                input=json.dumps(texts),
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
        for threads in ("1", "4", "4")
    ]
    assert runs[0] == runs[1] == runs[2]
    assert any(0 < confidence < 1 for _, confidence, source in runs[0] if source == "langdetect")


def test_profiles_are_taken_by_name():
    """The order of the languages is that of their names, not of the files on this disk."""
    languages = langdetect_model._load_factory().langlist
    assert languages == sorted(languages)
    assert len(languages) == 55


def test_the_table_as_far_as_it_is_filled_is_langdetects_own():
    """Of the n-grams of a text, capitals too, each row that langdetect has is there, and no other."""
    own = langdetect_model.DetectorFactory()
    own.load_json_profile([path.read_text("utf-8") for path in langdetect_model._profile_files()])
    table = langdetect_model._load_factory().word_lang_prob_map
    text = f" {DOUBTFUL} DOUBT "
    table.fill(text)
    ngrams = {text[at : at + size] for size in (1, 2, 3) for at in range(len(text))}
    assert dict(table) == {ngram: row for ngram, row in own.word_lang_prob_map.items() if ngram in ngrams}
    assert len(table) > 20


def test_langdetect_is_loaded_for_doubtful_texts_only():
    """A plain text is named from the profiles alone; langdetect's own tables are built when a text is sampled."""
    backend = langdetect_model.LangdetectBackend()
    backend.identify(" ".join([KNOWN["en"]] * 8))
    assert backend._factory is None
    backend.identify(DOUBTFUL)
    assert backend._factory is not None
