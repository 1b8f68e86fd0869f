"""What script and letters tell before any model is asked."""

from __future__ import annotations

import pytest

from newsclean.language.guard import decide
from newsclean.language.scripts import count_letters

ONE_LANGUAGE_SCRIPTS = {
    "hy": "Քաղաքային խորհուրդը երեկ որոշեց վերանորոգել հին կամուրջը և բացել նոր դպրոց։",
    "ka": "ქალაქის საბჭომ გუშინ გადაწყვიტა ძველი ხიდის შეკეთება და ახალი სკოლის გახსნა.",
    "el": "Το δημοτικό συμβούλιο αποφάσισε χθες να επισκευάσει την παλιά γέφυρα.",
    "he": "מועצת העיר החליטה אתמול לתקן את הגשר הישן ולפתוח בית ספר חדש.",
    "th": "สภาเมืองตัดสินใจเมื่อวานนี้ว่าจะซ่อมสะพานเก่าและเปิดโรงเรียนใหม่",
    "ko": "시의회는 어제 낡은 다리를 수리하고 새 학교를 열기로 결정했다고 밝혔다.",
    "ja": "市議会は昨日、古い橋を修理し、新しい学校を開くことを決定したと発表した。",
    "zh": "市议会昨天决定修复旧桥并开设一所新学校，预计明年春天完工并向公众开放。",
}
CYRILLIC = {
    "uk": "Міська рада вчора вирішила відремонтувати старий міст і відкрити нову школу її району.",
    "be": "Гарадскі савет учора вырашыў адрамантаваць стары мост і адкрыць новую школу ў раёне.",
    "kk": "Қалалық кеңес кеше ескі көпірді жөндеуге және жаңа мектеп ашуға шешім қабылдады.",
    "ky": "Шаардык кеңеш кечээ эски көпүрөнү оңдоону жана жаңы мектеп ачууну чечти.",
    "mn": "Хотын зөвлөл өчигдөр хуучин гүүрийг засаж, шинэ сургууль нээхээр шийдвэрлэжээ.",
    "tt": "Шәһәр советы кичә иске күперне төзәтергә һәм яңа мәктәп ачарга карар кылды, җәй җитте.",
    "tg": "Шӯрои шаҳр дирӯз қарор кард, ки пули кӯҳнаро таъмир ва мактаби нав кушояд, ҷашн мегиранд.",
    "uz": "Шаҳар кенгаши кеча эски кўприкни таъмирлаш ва янги мактаб очишга қарор қилди, ўғил болалар.",
}
OTHERS = {
    "az": "Şəhər şurası dünən köhnə körpünü təmir etmək və yeni məktəb açmaq qərarına gəldi.",
    "is": "Bæjarráð ákvað í gær að gera við gömlu brúna og opna nýjan skóla það haust.",
    "ur": "شہر کی کونسل نے کل پرانے پل کی مرمت اور نیا سکول کھولنے کا فیصلہ کیا ہے، ڈاکٹر نے کہا۔",
    "fa": "شورای شهر دیروز تصمیم گرفت پل قدیمی را تعمیر کند و مدرسه‌ای جدید در پارک بگشاید، چرا که ژرف است.",
}


@pytest.mark.parametrize(("language", "text"), (ONE_LANGUAGE_SCRIPTS | CYRILLIC | OTHERS).items())
def test_script_and_letters_name_the_language(language, text):
    """A script or an alphabet that one language has alone names it, without a model."""
    tag = decide(text)
    assert tag is not None
    assert (tag.language, tag.source, tag.declared) == (language, "script", None)
    assert 0.9 < tag.confidence <= 1.0


@pytest.mark.parametrize(
    "text",
    [
        "The city council decided yesterday to repair the old bridge and open a new school.",
        "Городской совет вчера решил отремонтировать старый мост и открыть новую школу, объявил мэр.",
        "Общинският съвет реши вчера да ремонтира стария мост и да открие ново училище.",
        "قرر مجلس المدينة أمس إصلاح الجسر القديم وفتح مدرسة جديدة في الحي الشمالي.",
        "नगर परिषद ने कल पुराने पुल की मरम्मत करने और नया स्कूल खोलने का निर्णय लिया।",
    ],
)
def test_scripts_of_many_languages_are_left_to_a_model(text):
    """Where the letters fit several languages nothing is decided."""
    assert decide(text) is None


@pytest.mark.parametrize("text", ["", "2024 – 17:30", "Too short to tell", "日本の学校", "a" * 19])
def test_under_twenty_letters_nothing_is_said(text):
    """Fewer than 20 letters are undetermined in any script, and nothing is taken to have decided."""
    tag = decide(text)
    assert tag is not None
    assert (tag.language, tag.confidence, tag.source) == ("und", 0.0, "none")


def test_vowel_signs_count_as_letters():
    """A Bengali headline is not too short because Unicode calls its vowels marks."""
    text = "সেতু মেরামত শুরু হচ্ছে সোমবার"
    assert sum(char.isalpha() for char in text) < 20
    tag = decide(text)
    assert tag is not None
    assert tag.language == "bn"


def test_foreign_letters_in_a_russian_text_prove_nothing():
    """A Russian story that quotes a Kazakh and a Ukrainian name is not taken for either language."""
    story = "Городской совет решил отремонтировать старый мост, сообщил мэр на встрече с журналистами. " * 8
    assert decide(story + "Гостями были Тұрар Өтеген и Андрій Їжак.") is None


def test_turkish_in_the_wrong_charset_is_not_icelandic():
    """Turkish read as Western European has ð and þ, but also letters that Icelandic has not."""
    assert (
        decide("Belediye dün eski köprüyü onarmaya ve çocuklar için yeni bir okul açmaya karar verdiðini þöyle") is None
    )


def test_serbian_and_macedonian_need_a_letter_of_their_own():
    """A text in the letters that both have is left open; one with a letter that only one has is not."""
    shared = decide("Јуче је поправљен стари мост на реци код села")
    own = decide("Градско веће је јуче одлучило да ће поправити стари мост, рекао је председник општине")
    assert shared is None
    assert own is not None
    assert own.language == "sr"


def test_chinese_with_a_japanese_brand_stays_chinese():
    """A few kana in a Chinese text are a name; beside enough kana, Han characters are Japanese."""
    assert count_letters("市议会昨天决定修复旧桥并开设一所新学校，预计明年春天完工，商店の开放").script == "han"
    assert count_letters("新しい橋の開通式").script == "kana"


def test_latin_names_do_not_outweigh_han_characters():
    """A Chinese text with foreign company names in Latin letters is Chinese."""
    tag = decide("市议会昨天与Northern Bridge Company及River Construction签署协议，决定修复旧桥并开设一所新学校")
    assert tag is not None
    assert tag.language == "zh"
