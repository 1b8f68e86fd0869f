"""Languages told by their small words."""

from __future__ import annotations

import pytest

from newsclean.language.words import smaller_neighbour, vote

TEXTS = {
    "eu": "Udalak atzo erabaki zuen zubi zaharra konpontzea eta eskola berri bat irekitzea, baina lana ez da amaitu, "
    "eta hau egin dela esan dute, zen bezala",
    "ga": "Bhí an chomhairle ag caint inné faoi an droichead agus tá siad sásta leis, agus don scoil atá nua chun gur",
    "mi": "I kī te kaunihera kei te whakatika rātou i te piriti, ā, ko te kura hou kua tū hei kāinga mō ngā tamariki",
    "uz": "Shahar kengashi kecha eski koʻprikni taʼmirlash va yangi maktab ochish uchun qaror qildi, bu esa har yil "
    "kerak bilan ham boʻlgan, deb",
}


@pytest.mark.parametrize(("language", "text"), TEXTS.items())
def test_small_words_name_their_language(language, text):
    """A text full of a language's small words is of that language, however its accents are written."""
    found = vote(text)
    assert found is not None
    assert found.language == language
    assert found.is_plain
    assert 0.5 < found.confidence <= 1.0


def test_great_languages_give_no_plain_vote():
    """The words of a language that has no list do not make up another one."""
    found = vote("The council said on Monday that it will repair the old bridge and open a new school in the spring.")
    assert found is None or not found.is_likely


def test_no_words_no_vote():
    """Without a telling word there is no vote."""
    assert vote("12 + 30") is None


def test_malay_is_told_from_indonesian_by_its_words():
    """Words that only Malay has turn an answer `id` into `ms`; Indonesian ones, or none, leave it."""
    malay = "Beliau berkata perkara itu berlaku kerana syarikat tidak boleh hadir selepas mesyuarat"
    assert smaller_neighbour("id", malay) == "ms"
    assert smaller_neighbour("id", malay + " karena perusahaan polisi bahwa bisa yaitu setelah") is None
    assert smaller_neighbour("id", "Presiden berkata negara itu besar") is None
    assert smaller_neighbour("en", malay) is None
