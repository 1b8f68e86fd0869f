"""Languages told by their small words: those that a model does not know, or takes for a greater neighbour."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from unicodedata import normalize

from newsclean.language.scripts import in_latin_1

__all__ = ["Vote", "smaller_neighbour", "vote", "votes_plainly"]

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_MARKS = re.compile(r"[\u0300-\u036f]+")
_CURLY_APOSTROPHES = "’‘"
_APOSTROPHES = f"{_CURLY_APOSTROPHES}ʻʼ`´"
_ASCII_LETTER = re.compile("[A-Za-z]")

# Function words without accents, chosen so that no other language of news has them in number. One or two letters
# only where a language lives on them.
_TELLING = {
    "ceb": "ug kay nga kini niini usa gikan iyang sila ilang adunay apan",
    "eo": "kaj estas estis oni ankau kiu kiuj tiu pri sed kun ekde gi ci cu ties tio",
    "eu": "eta da du dira ez bat izan dute zen zuen ere baina duen egin dela baino ditu dituzte batean hau",
    "fy": "fan it yn foar mei oan hat wurde ek dy harren oer sa",
    "ga": "agus bhi ta ata raibh leis gur bhfuil chun faoi se seo nach ag don ar an",
    "gd": "agus bha tha anns airson aig iad chan robh ris mar",
    "gl": "unha xa moi tamen ata cando dende pola polo mais despois",
    "ha": "wannan cewa kuma domin cikin wani wata sun yadda shi ba amma",
    "ht": "nan yo pou ak yon moun gen sou epi nou pa ki",
    "ku": "ji li di ku bi ev ew hat kir dike bo her hatin",
    "la": "quae quod autem enim etiam atque eius esse sunt sed quam fuit nec cum ut quibus hoc ad qui ex est",
    "lb": "ass fir vun dei och huet gouf eng wei sinn net awer hunn dass mat",
    "lg": "mu ku nga era nti naye oba abantu kubanga okuva buli omuntu kino olwa eri bwe nnyo",
    "mg": "ny sy dia amin fa izay tamin tsy ireo ho amin'ny izany",
    "mi": "te nga ki ko kei kia ana nei hei kua tenei mo ai ratou enei ahau",
    "nso": "gore goba gomme bjalo eupsa ge bja bjo yeo wa ba go",
    "ny": "ndi kuti anthu koma chifukwa monga mwa iye onse ngati ayi mu ku",
    "sn": "kuti asi nokuti vanhu chete iyo ari izvi uye kubva zvinhu ava kana mu pa aive akati",
    "st": "hore empa kapa hae haholo hape jwalo tse eo ho batho feela le ba ka ya",
    "tk": "we bilen hem ucin boldy edip bolan boyunca onun olar bolup hakynda seyle diyip bolmagy her bir bu",
    "tn": "gore mme kgotsa jaaka fa jwa gagwe jalo gape go thata ba ya ka ne",
    "ts": "leswaku hikuva kumbe naswona loko swi hi ku va xi eka yena leyi lava ni na ka swa",
    "uz": "va bilan uchun ham edi deb kerak bo'lgan emas bo'yicha har esa qilish o'z bo'lib lekin yoki",
    "xh": "ukuba kwaye okanye kodwa xa kunye oko ngenxa apho nokuba kuba ukuze nje abantu into nto",
    "yo": "ni ti awon naa pe lati fun won je ko si bi",
    "zu": "ukuthi futhi noma kodwa ngoba uma lokhu kanye kusho ngokuthi abantu nje kakhulu ukuba emva ngesikhathi",
}
# The greater neighbour a model answers for a language it does not tell from it: words of the one, words of the other.
_MALAY = (
    "aktiviti amat apabila bagaimanapun bahawa bandar beliau berbeza boleh daripada ekoran hendaklah ialah iaitu "
    "isteri kerana komuniti kualiti manakala menerusi ogos pejabat pelbagai perkhidmatan polis sahaja sebarang "
    "sekiranya selepas syarikat telefon tempoh tiada universiti wang"
)
_INDONESIAN = (
    "agustus aktivitas bahwa berbeda bisa desember istri kabupaten kantor karena komunitas kota kualitas mobil "
    "perusahaan polisi provinsi saat saja sedangkan setelah telepon uang universitas yaitu yakni"
)
_NEIGHBOURS = {"id": ("ms", _MALAY, _INDONESIAN)}
_NEIGHBOUR_HITS = 2

_PLAIN_KINDS, _PLAIN_SHARE = 5, 0.06
_LIKELY_KINDS, _LIKELY_SHARE = 2, 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """The language that most words speak for: `hits` of them, of `distinct` kinds, `share` (0 to 1) of all.

    `rival` is the number of hits of the next language.
    """

    language: str
    hits: int
    distinct: int
    share: float
    rival: int

    @property
    def confidence(self) -> float:
        """The language's part (0 to 1) of the hits of the two foremost."""
        return self.hits / (self.hits + self.rival)

    @property
    def is_plain(self) -> bool:
        """So many words of so many kinds are no accident, whatever a model says."""
        return self.distinct >= _PLAIN_KINDS and self.share >= _PLAIN_SHARE and self.hits > self.rival

    @property
    def is_likely(self) -> bool:
        """Enough for a text that is known to be in none of the model's languages."""
        return self.distinct >= _LIKELY_KINDS and self.share >= _LIKELY_SHARE and self.hits > self.rival


def vote(text: str) -> Vote | None:
    """Count the telling words of `text`; None where it has none."""
    return _counted(_words(text))


def _counted(words: list[str]) -> Vote | None:
    telling = Counter([word for word in words if word in _LANGUAGES_OF])
    hits: Counter[str] = Counter()
    distinct: Counter[str] = Counter()
    for word, times in telling.items():
        for language in _LANGUAGES_OF[word]:
            hits[language] += times
            distinct[language] += 1
    if not hits:
        return None
    best, *others = sorted(hits, key=lambda language: (-hits[language], language))
    rival = hits[others[0]] if others else 0
    return Vote(language=best, hits=hits[best], distinct=distinct[best], share=hits[best] / len(words), rival=rival)


def votes_plainly(text: str) -> bool:
    """Say whether `vote` would give a plain answer."""
    words = _words(text)
    if len(_ALL_TELLING.intersection(words)) < _PLAIN_KINDS:
        return False
    found = _counted(words)
    return found is not None and found.is_plain


def smaller_neighbour(language: str, text: str) -> str | None:
    """Name the neighbour whose words, not those of `language`, are in `text`; None: it may well be `language`."""
    if language not in _NEIGHBOURS:
        return None
    neighbour, its_words, other_words = _NEIGHBOURS[language]
    words = Counter(_words(text))
    hits = sum(words[word] for word in its_words.split())
    against = sum(words[word] for word in other_words.split())
    return neighbour if hits >= _NEIGHBOUR_HITS and hits > against else None


def _words(text: str) -> list[str]:
    """Return the words of `text` in small letters, without accents, with one form of apostrophe.

    None where no letter is Latin, as those of all words here are.
    """
    quickly = _latin_1_words(text)
    if quickly is not None:
        return quickly
    plain = _MARKS.sub("", normalize("NFD", text.lower()))
    if not _ASCII_LETTER.search(plain):
        return []
    for apostrophe in _APOSTROPHES:
        if apostrophe in plain:
            plain = plain.replace(apostrophe, "'")
    return _WORD.findall(plain)


def _latin_1_words(text: str) -> list[str] | None:
    """Return the words of most texts in Latin letters, by tables of bytes in a fraction of the time; None of others."""
    table = _PLAIN_ASCII if text.isascii() else _PLAIN_LATIN_1
    for apostrophe in _CURLY_APOSTROPHES:
        if apostrophe in text:
            text = text.replace(apostrophe, "'")
    plain = in_latin_1(text)
    if plain is None:
        return None
    plain = plain.translate(table)
    if b"'" in plain:  # one between letters is part of the word, all others part words
        plain = b" %b " % plain.replace(b"''", b" ")
        plain = plain.replace(b" '", b" ").replace(b"' ", b" ")
    return plain.decode("latin-1").split()


def _index_words() -> dict[str, tuple[str, ...]]:
    languages_of: dict[str, tuple[str, ...]] = {}
    for language, words in _TELLING.items():
        for word in words.split():
            languages_of[word] = (*languages_of.get(word, ()), language)
    return languages_of


def _plain(code: int, apostrophes: str) -> int:
    """Return what a character is in a word of `_words`, a space if it is in none."""
    if chr(code) in apostrophes:
        return ord("'")
    plain = _MARKS.sub("", normalize("NFD", chr(code).lower()))
    return ord(plain) if _WORD.fullmatch(plain) else ord(" ")


_LANGUAGES_OF = _index_words()
_ALL_TELLING = frozenset(_LANGUAGES_OF)
_PLAIN_LATIN_1 = bytes(_plain(code, f"'{_APOSTROPHES}") for code in range(256))
_PLAIN_ASCII = bytes(_plain(code, "'") for code in range(256))  # here a grave accent parts words
