"""Cards of linked persons are taken out of sentences, and only where their end is sure."""

from __future__ import annotations

import pytest

from newsclean.extract.person_cards import without_person_cards
from newsclean.model import Block, Extraction


def cleared(text):
    found = without_person_cards(Extraction(strategy="text:a", blocks=(Block(text=text, where="L1"),)))
    return found.blocks[0].text, [removal.text for removal in found.removals]


@pytest.mark.parametrize(
    ("text", "left", "card"),
    [
        (
            "It was Anna Rekina Rekina Anna head of the Water Survey , who spoke.",
            "It was Anna Rekina, who spoke.",
            "Rekina Anna head of the Water Survey",
        ),
        (
            "Ms Rekina Rekina Anna Governor of the Northern Bank has been named.",
            "Ms Rekina has been named.",
            "Rekina Anna Governor of the Northern Bank",
        ),
        (
            "Б.Клюев Клюев Борис Ильич главный смотритель северных рек : Добрый день!",
            "Б.Клюев: Добрый день!",
            "Клюев Борис Ильич главный смотритель северных рек",
        ),
        (
            "Встретились с Борисом Клюевым Клюев Борис Ильич помощник Президента и обсудили паводок.",
            "Встретились с Борисом Клюевым и обсудили паводок.",
            "Клюев Борис Ильич помощник Президента",
        ),
        (
            "Борис Клюев Клюев Борис Министр промышленности и торговли Речного Края и помощник Анна Рекина были там.",
            "Борис Клюев и помощник Анна Рекина были там.",
            "Клюев Борис Министр промышленности и торговли Речного Края",
        ),
        (
            "[Бориса Клюева] Клюев Борис Ильич Заместитель Председателя Правительства сейчас ждут.",
            "[Бориса Клюева] сейчас ждут.",
            "Клюев Борис Ильич Заместитель Председателя Правительства",
        ),
    ],
)
def test_a_card_with_a_sure_end_goes(text, left, card):
    """The name said twice and what follows it up to the card's end must be taken out, and the mark closed up."""
    assert cleared(text) == (left, [card])


def test_cards_in_a_row_go_one_by_one():
    """Each name of a list has its own card."""
    text = "Анна Рекина Рекина Анна Павловна мэр Твери , Борис Клюев Клюев Борис Ильич губернатор Твери . Всё."
    assert cleared(text) == (
        "Анна Рекина, Борис Клюев. Всё.",
        ["Рекина Анна Павловна мэр Твери", "Клюев Борис Ильич губернатор Твери"],
    )


@pytest.mark.parametrize(
    "text",
    [
        "Борис Клюев Клюев Борис президент, председатель правления банка привлёк лучших.",
        "Boris Klyuev and Anna Rekina of Tver , who spoke.",
        "Михаил Михайлович Сперанский отмечал это .",
        "Anna Rekina Klyuev Boris warden , who spoke.",
    ],
)
def test_a_card_whose_end_is_not_sure_stays(text):
    """What cannot be told from the sentence, and names that are not said twice, must stay as printed."""
    assert cleared(text) == (text, [])


def test_no_cards_give_the_same_extraction():
    """An extraction without cards must come back as it is."""
    found = Extraction(strategy="text:a", blocks=(Block(text="Anna Rekina spoke.", where="L1"),))
    assert without_person_cards(found) is found
