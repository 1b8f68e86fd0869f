"""Month names of many languages, so that a printed date can be read whatever language it is in."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["in_english"]

_ENGLISH: Final = "January February March April May June July August September October November December".split()
_MONTHS: Final = """
januar janeiro enero gennaio janvier januari tammikuuta tammikuu stycznia styczeń ledna leden január januára
ianuarie siječnja јануара januara siječanj sausio janvāris jaanuar ocak января січня студзеня януари ιανουαρίου
ιανουάριος يناير كانون_الثاني ינואר जनवरी জানুয়ারি জানুয়ারি ஜனவரி มกราคม jan jän jänner qershor_ janar ژانویه

februar fevereiro febrero febbraio février fevrier februari helmikuuta helmikuu lutego luty února únor február
februára februarie veljače фебруара februara veljača vasario februāris veebruar şubat февраля лютого лютага
февруари φεβρουαρίου φεβρουάριος فبراير شباط פברואר फरवरी ফেব্রুয়ারি ফেব্রুয়ারি பிப்ரவரி กุมภาพันธ์ feb fév
shkurt فوریه

märz marts março marco marzo mars maart maaliskuuta maaliskuu marca marzec března březen március martie ožujka
марта ožujak kovo marts märts mart березня сакавіка март μαρτίου μάρτιος مارس آذار מרץ मार्च মার্চ மார்ச் มีนาคม
mar mär mrz maret

april abril aprile avril huhtikuuta huhtikuu kwietnia kwiecień dubna duben április apríla aprilie travnja априла
aprila travanj balandžio aprīlis aprill nisan апреля квітня красавіка април απριλίου απρίλιος أبريل نيسان אפריל
अप्रैल এপ্রিল ஏப்ரல் เมษายน apr avr prill آوریل

mai maj maio mayo maggio mei toukokuuta toukokuu maja května květen május mája svibnja маја svibanj gegužės
maijs mayıs мая травня траўня май μαΐου μάιος مايو أيار מאי मई মে மே พฤษภาคม

juni junho junio giugno juin kesäkuuta kesäkuu czerwca czerwiec června červen június júna iunie lipnja јуна juna
lipanj birželio jūnijs juuni haziran июня червня чэрвеня юни ιουνίου ιούνιος يونيو حزيران יוני जून জুন ஜூன்
มิถุนายน jun

juli julho julio luglio juillet heinäkuuta heinäkuu lipca lipiec července červenec július júla iulie srpnja јула
jula srpanj liepos jūlijs juuli temmuz июля липня ліпеня юли ιουλίου ιούλιος يوليو تموز יולי जुलाई জুলাই ஜூலை
กรกฎาคม jul juil

august agosto août aout augustus augusti elokuuta elokuu sierpnia sierpień srpna srpen augusztus augusta
kolovoza августа avgusta kolovoz rugpjūčio augusts ağustos серпня жніўня август αυγούστου αύγουστος أغسطس آب
אוגוסט अगस्त আগস্ট ஆகஸ்ட் สิงหาคม aug ago agustus

september setembro septiembre settembre septembre syyskuuta syyskuu września wrzesień září szeptember septembra
septembrie rujna септембра rujan rugsėjo septembris eylül сентября вересня верасня септември σεπτεμβρίου
σεπτέμβριος سبتمبر أيلول ספטמבר सितंबर সেপ্টেম্বর செப்டம்பர் กันยายน sep sept

oktober outubro octubre ottobre octobre lokakuuta lokakuu października październik října říjen október októbra
octombrie listopada_ октобра oktobra spalio oktobris oktoober ekim октября жовтня кастрычніка октомври οκτωβρίου
οκτώβριος أكتوبر تشرين_الأول אוקטובר अक्टूबर অক্টোবর அக்டோபர் ตุลาคม okt oct

november novembro noviembre novembre marraskuuta marraskuu listopada listopadu listopad novembra noiembrie
studenoga новембра studeni lapkričio novembris kasım ноября листопада лістапада ноември νοεμβρίου νοέμβριος
نوفمبر تشرين_الثاني נובמבר नवंबर নভেম্বর நவம்பர் พฤศจิกายน nov

dezember desember december dezembro diciembre dicembre décembre decembre joulukuuta joulukuu grudnia grudzień
prosince prosinec decembra decembrie prosinca децембра gruodžio decembris detsember aralık декабря грудня снежня
декември δεκεμβρίου δεκέμβριος ديسمبر كانون_الأول דצמבר दिसंबर ডিসেম্বর டிசம்பர் ธันวาคม dez dec des
"""
_TO_ENGLISH: Final = {
    word.replace("_", " "): english
    for english, line in zip(_ENGLISH, _MONTHS.strip().split("\n\n"), strict=True)
    for word in line.split()
}
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_KOREAN: Final = re.compile(r"(\d{4})\s?[년.]\s?(\d{1,2})\s?[월.]\s?(\d{1,2})(?:\s?일)?")
_SHORT_YEAR: Final = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d\d)(?!\d)")
_SHORT_FORMS: Final = re.compile(r"(?<=\d)(?:\.|º|er|η|de|do)\s|(?<=\d)\sde\s|\sde\s(?=\d{4})", re.IGNORECASE)
# A year and what follows it, or a word and a month, that stood in neighbouring elements.
_GLUED_AFTER: Final = re.compile(r"(?<=[\s./-])((?:19|20)\d\d)(?=\d?\d:\d\d|[^\W\d_]{2})")
_GLUED_BEFORE: Final = re.compile(
    r"(?<=[a-zäöü])(?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? \d)"
)
_DASHED: Final = re.compile(r"(?<=\d)-([^\W\d_]{3,9})-(?=\d{4})")
_DOT_TIME: Final = re.compile(r"(?<=[\s,])(\d{1,2})[.h](\d\d)(?=$|\s|uhr)", re.IGNORECASE)


def in_english(text: str) -> str:
    """Return `text` with month names in English and its date and time in forms that `read_moment` knows."""
    # Functions where a group is put back: `sub` reads a template anew each time, also where nothing is found.
    text = _GLUED_AFTER.sub(_apart, _GLUED_BEFORE.sub(" ", text))
    if "." in text or not text.isascii():
        text = _KOREAN.sub(_with_dashes, text)
    if "-" in text:
        text = _DASHED.sub(_with_spaces, text)
    if "." in text:
        text = _SHORT_YEAR.sub(_with_century, text)
    text = _DOT_TIME.sub(_with_colon, text)
    text = _SHORT_FORMS.sub(" ", text)
    return _WORD.sub(_english, text)


def _apart(match: re.Match[str]) -> str:
    return f"{match[1]} "


def _with_dashes(match: re.Match[str]) -> str:
    return f"{match[1]}-{match[2]}-{match[3]}"


def _with_spaces(match: re.Match[str]) -> str:
    return f" {match[1]} "


def _with_century(match: re.Match[str]) -> str:
    return f"{match[1]}.{match[2]}.20{match[3]}"


def _with_colon(match: re.Match[str]) -> str:
    return f"{match[1]}:{match[2]}"


def _english(match: re.Match[str]) -> str:
    return _TO_ENGLISH.get(match[0].lower(), match[0])
