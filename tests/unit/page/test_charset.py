"""From bytes to text: whatever a page says of its charset, the text must come out right."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsclean.errors import Reason, UndecodablePage
from newsclean.page.charset import decode

RUSSIAN = "Губернатор провёл совещание о ремонте дорог. Работы начнутся весной, сообщили в пресс-службе. " * 2
GERMAN = "Die Bürger müssen für die Straße zahlen, heißt es im Rathaus. Größere Schäden gab es nicht. " * 2
POLISH = "Burmistrz spotkał się z mieszkańcami, którzy wrócili z Łodzi. Źródło: urząd gminy. " * 2
JAPANESE = "市長は三日夜、記者会見を開いた。新しい図書館の計画について説明した。カタカナもある。" * 2
CHINESE = "市长周三会见来访客人，双方就共同关心的问题交换意见。新图书馆将于明年开放。" * 2
KOREAN = "시장은 수요일 기자회견을 열었다. 새 도서관 계획을 설명했다." * 2
GREEK = "Ο δήμαρχος συναντήθηκε με τους κατοίκους της πόλης και μίλησε για τη νέα βιβλιοθήκη. " * 2


def page(text, meta=""):
    filler = "<p>ascii only</p>" * 20
    return f"<html><head>{meta}</head><body>{filler}<p>{text}</p></body></html>"


def charset(label):
    return f'<meta charset="{label}">'


@pytest.mark.parametrize(
    ("text", "label", "codec"),
    [
        (RUSSIAN, "windows-1251", "cp1251"),
        (RUSSIAN, "koi8-r", "koi8-r"),
        (GERMAN, "iso-8859-1", "cp1252"),
        (GERMAN + "„“€", "latin1", "cp1252"),
        (POLISH, "iso-8859-2", "iso8859-2"),
        (JAPANESE, "Shift_JIS", "cp932"),
        (JAPANESE, "euc-jp", "euc_jp"),
        (JAPANESE, "iso-2022-jp", "iso2022_jp"),
        (CHINESE, "gb2312", "gb18030"),
        (CHINESE, "gbk", "gb18030"),
        (KOREAN, "euc-kr", "cp949"),
        (GREEK, "iso-8859-7", "iso8859-7"),
        (RUSSIAN, "utf-8", "utf-8"),
    ],
)
def test_a_true_meta_is_believed(text, label, codec):
    """A page that names its charset rightly is read in it, by the labels of the web."""
    found = decode(page(text, charset(label)).encode(codec))
    assert text in found.text
    assert (found.charset, found.source) == (codec, "meta")


def test_the_source_speaks_before_the_markup():
    """A charset that the source declares counts more than the page's own."""
    found = decode(page(RUSSIAN, charset("koi8-r")).encode("cp1251"), declared="windows-1251")
    assert (found.charset, found.source) == ("cp1251", "declared")
    assert RUSSIAN in found.text


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        (RUSSIAN, "cp1251", "utf-8"),
        (RUSSIAN, "cp1251", "iso-8859-1"),
        (RUSSIAN, "koi8-r", "windows-1252"),
        (GERMAN, "cp1252", "utf-8"),
        (POLISH, "cp1250", "utf-8"),
        (JAPANESE, "euc_jp", "iso-8859-1"),
        (JAPANESE, "cp932", "utf-8"),
        (CHINESE, "gb18030", "utf-8"),
        (CHINESE, "gb18030", "iso-8859-1"),
        (GREEK, "cp1253", "utf-8"),
    ],
)
def test_a_wrong_meta_is_seen_through(text, codec, label):
    """A declaration that makes no text of the bytes is not believed, and the charset is detected."""
    found = decode(page(text, charset(label)).encode(codec))
    assert text in found.text
    assert found.source == "detected"


@pytest.mark.parametrize("label", ["windows-1251", "iso-8859-1", "gbk", "shift_jis", "koi8-r"])
def test_valid_utf8_is_utf8_whatever_is_declared(label):
    """Text beyond ASCII that is valid UTF-8 is not that by chance."""
    found = decode(page(RUSSIAN, charset(label)).encode())
    assert RUSSIAN in found.text
    assert (found.charset, found.source) == ("utf-8", "utf8")


def test_two_characters_may_be_utf8_by_chance():
    """A word or two of a double-byte charset that happen to be valid UTF-8 are read as declared."""
    found = decode("<meta charset=gbk><p>联通".encode("gbk"))
    assert found.text.endswith("联通")
    assert found.charset == "gb18030"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [page(RUSSIAN), page(CHINESE), RUSSIAN, "\n".join([CHINESE] * 5), page(GERMAN)])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_utf16_is_read_with_and_without_its_mark(codec, text, bom):
    """UTF-16 is known by its mark, else by where its zero bytes lie."""
    found = decode((bom + text).encode(codec))
    assert found.text == text
    assert (found.charset, found.source) == (codec, "bom" if bom else "detected")


def test_utf32_with_its_mark_is_read():
    """A UTF-32 mark is not taken for the UTF-16 one that it begins with."""
    assert decode(RUSSIAN.encode("utf-32")).text == RUSSIAN


def test_a_declared_utf16_that_can_be_read_is_utf8():
    """A declaration that was read byte by byte cannot be true; the standard takes it for UTF-8."""
    found = decode(page(RUSSIAN, charset("utf-16")).encode())
    assert (found.charset, found.source) == ("utf-8", "meta")


@pytest.mark.parametrize(
    "label",
    [
        *("zlib", "zip", "bz2", "hex", "base64", "rot13", "punycode", "idna", "unicode_escape", "raw_unicode_escape"),
        *("undefined", "utf-7", "no-such-charset", "\x00", "a" * 10_000, "", " ", "utf-8\n\n", "é", "mbcs", "oem"),
    ],
)
def test_an_unknown_or_hostile_label_does_no_harm(label):
    """Labels that are no charsets, Python's own codecs among them, are passed over."""
    assert GERMAN in decode(page(GERMAN, charset(label)).encode()).text
    assert GERMAN in decode(page(GERMAN).encode(), declared=label).text
    assert GERMAN in decode(page(GERMAN, charset(label)).encode("cp1252", "replace")).text


@pytest.mark.parametrize("declared", [None, "utf-8", "windows-1251"])
def test_a_few_broken_bytes_leave_utf8_utf8(declared):
    """A page of UTF-8 with some broken bytes stays UTF-8, and shows where they are."""
    body = page(RUSSIAN).encode()
    found = decode(body[:-100] + b"\xff\xd0" + body[-100:], declared=declared)
    assert found.charset == "utf-8"
    assert 1 <= found.text.count("\ufffd") <= 3


@pytest.mark.parametrize("cut", range(1, 6))
def test_a_page_cut_within_a_character_stays_utf8(cut):
    """The half character at the end of a cut page says nothing against the charset."""
    for text in ("plain ascii and one €", RUSSIAN, "漢"):
        body = text.rstrip().encode()
        found = decode(b"<p>" + body[: len(body) - cut] if cut < len(body) else b"<p>x")
        assert found.charset == "utf-8"


def test_replacement_characters_of_the_page_itself_count_for_nothing():
    """U+FFFD that stands in the bytes is the page's own text."""
    text = "damaged \ufffd\ufffd upstream " * 30
    found = decode(text.encode(), declared="utf-8")
    assert (found.text, found.charset) == (text, "utf-8")


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("It’s the man’s dog, he said – “twice”. " * 3, "cp1252"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (JAPANESE, "cp932"),
        (JAPANESE, "iso2022_jp"),
        (CHINESE, "gb18030"),
        (GERMAN, "cp1252"),
    ],
)
def test_without_any_declaration_the_charset_is_detected(text, codec):
    """Where nobody names a charset, the bytes between the tags tell it."""
    assert text in decode(page(text).encode(codec)).text


def test_markup_does_not_drown_the_text_that_tells_the_charset():
    """A hundred kilobytes of ASCII markup before the text do not make it Western."""
    head = "<script>var a = 1;</script>" * 5_000
    assert RUSSIAN in decode(page(RUSSIAN, head).encode("cp1251")).text


def test_double_encoded_text_is_left_as_it_is():
    """What somebody encoded twice is evidence: it is read as it stands, not mended."""
    twice = RUSSIAN.encode().decode("latin-1")
    assert twice in decode(page(twice).encode()).text


@pytest.mark.parametrize("body", [b"", b" \r\n\t", b"\x00" * 100, b"\x00\n"])
def test_nothing_is_empty(body):
    """A page without a visible byte is empty, not binary."""
    with pytest.raises(UndecodablePage) as caught:
        decode(body)
    assert caught.value.reason is Reason.EMPTY


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"%PDF-1.7\n" + b"text " * 100, "PDF"),
        (b"\x89PNG\r\n\x1a\n" + b"abc" * 50, "PNG"),
        (b"\xff\xd8\xff\xe0" + b"abc" * 50, "JPEG"),
        (b"PK\x03\x04" + b"abc" * 50, "ZIP"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WebP"),
        (b"BZh91AY" + b"abc" * 50, "bzip2"),
        (b"\x00\x00\x00\x18ftypmp42", "MP4"),
        (b"name.html".ljust(257, b"\x00") + b"ustar\x0000", "TAR"),
        (random.Random(1).randbytes(5_000), "control bytes"),
        (b"GIF89a" + b"\x00" * 10, "GIF"),
        (b"a\x00\x00\x00b\x00\x00\x00" * 50, "zero bytes"),
    ],
)
def test_binary_is_refused_and_says_what_it_is(body, detail):
    """Bytes that are no text are refused with a word on what they are, if they show it."""
    with pytest.raises(UndecodablePage, match=detail) as caught:
        decode(body)
    assert caught.value.reason is Reason.BINARY


def test_stray_zero_bytes_and_controls_are_dropped():
    """Dirt in a text does not make it binary, and does not stay in it."""
    found = decode(b"<p>a\x00b</p><p>c\x01d\x08e</p>" + b"<p>text</p>" * 50)
    assert found.text.startswith("<p>ab</p><p>cde</p>")


def test_one_control_does_not_make_a_short_page_binary():
    """Shares say little of a few words: some dirt is let pass there."""
    assert decode(b"<p>a\x01b").text == "<p>ab"
    assert decode(b"<p>a\x00b").text == "<p>ab"


def test_zero_bytes_that_pad_a_file_are_dropped():
    """A file padded with zero bytes by a crash still has its text."""
    assert decode(b"<p>text</p>" + b"\x00" * 4_096).text == "<p>text</p>"


def test_line_ends_are_line_feeds():
    """Line ends of all three sorts come out as one; what else parts lines stays."""
    text = "one\r\ntwo\rthree\nfour\u2028five\x85six\x0cseven"
    assert decode(text.encode()).text == "one\ntwo\nthree\nfour\u2028five\x85six\x0cseven"
    assert decode(text.encode("utf-16")).text == "one\ntwo\nthree\nfour\u2028five\x85six\x0cseven"


def test_byte_order_marks_do_not_stay_in_the_text():
    """One mark or two, neither stays before the doctype."""
    found = decode(b"\xef\xbb\xbf\xef\xbb\xbf<!DOCTYPE html><p>x")
    assert (found.text, found.source) == ("<!DOCTYPE html><p>x", "bom")


def test_a_utf8_mark_before_another_charset_is_seen_through():
    """A mark that a template put before text of another charset does not spoil it."""
    assert RUSSIAN in decode(b"\xef\xbb\xbf" + page(RUSSIAN).encode("cp1251")).text


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "shift_jis", "utf-16", "hz", "iso-2022-kr", "x"]))
def test_any_bytes_are_text_or_a_refusal(body, declared):
    """No bytes whatsoever raise anything but the one error that rejects a page."""
    try:
        found = decode(body, declared=declared)
    except UndecodablePage as error:
        assert error.reason in {Reason.EMPTY, Reason.BINARY}  # noqa: PT017
    else:
        assert "\r" not in found.text
        assert found.source in {"bom", "declared", "meta", "utf8", "detected"}


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"), min_size=1))
def test_any_utf8_text_comes_back(text):
    """Valid UTF-8 comes back as it was written."""
    assert decode(b"<p>" + text.encode()).text == "<p>" + text
