"""py3langid, the extra: more languages, the same form of answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from newsclean.language import identify

pytest.importorskip("py3langid")

TEXTS = {
    "en": "The city council decided yesterday to repair the old bridge and to open a new school next spring.",
    "ru": "Городской совет вчера решил отремонтировать старый мост и открыть весной новую школу.",
    "zu": "Umkhandlu wedolobha unqume izolo ukuthi uzolungisa ibhuloho elidala futhi uvule isikole esisha kusasa.",
    "eu": "Udalak atzo erabaki zuen zubi zaharra konpontzea eta datorren udaberrian eskola berri bat irekitzea.",
}
MAORI = (
    "I kī te kaunihera kei te whakatika rātou i te piriti tawhito, ā, ko te kura hou kua tū hei kāinga mō ngā tamariki "
    "katoa o te tāone nei, kia pai ai te noho ki reira"
)


@pytest.mark.parametrize(("language", "text"), TEXTS.items())
def test_its_languages(language, text):
    """Ordinary news sentences are named, langdetect's languages and others, with a confidence between 0 and 1."""
    tag = identify(text, backend="py3langid")
    assert (tag.language, tag.source, tag.declared) == (language, "py3langid", None)
    assert 0.4 <= tag.confidence <= 1.0
    assert isinstance(tag.confidence, float)


def test_a_language_it_does_not_know_is_told_by_its_words():
    """Māori is in no table of py3langid."""
    tag = identify(MAORI, backend="py3langid")
    assert (tag.language, tag.source) == ("mi", "words")


def test_no_language_is_undetermined():
    """What py3langid calls no language, or is not sure of, is `und`."""
    assert identify("a1b2c3d4e5f6 " * 20, backend="py3langid").language == "und"


def test_answers_do_not_depend_on_threads():
    """Four threads give the answers of one."""
    texts = [text[:cut] for text in TEXTS.values() for cut in (45, 60, 100)]
    alone = [identify(text, backend="py3langid") for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda text: identify(text, backend="py3langid"), texts)) == alone
