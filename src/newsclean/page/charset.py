"""From bytes to text: the byte order mark, the declared charset, the markup's own word, detection.

Labels follow the WHATWG Encoding Standard (`latin-1` means windows-1252, ...), by way of w3lib.
A declaration is believed only if what it gives looks like text: servers and templates lie. Above
all declarations stands UTF-8 itself: what is valid UTF-8 beyond ASCII is not that by chance.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding, to_unicode

from newsclean.errors import UndecodablePage
from newsclean.model import Reason
from newsclean.page.kind import binary_format

__all__ = ["Decoded", "decode"]

_MAX_REPLACED_SHARE = 0.01  # more U+FFFD than this: the declaration was wrong (measured on real pages)
_MAX_CONTROL_SHARE = 0.02
_FEW = 4  # so much dirt makes no short page binary
_PROBE = 200_000
_HEAD = 1_000
_BLANK = b"\x00 \t\r\n\f\v"
_DETECT_BYTES = 65_536

_ESCAPE = 0x1B  # ISO-2022 charsets live on it
_JIS = b"\x1b$B"  # turns on Japanese in ISO-2022-JP
_CONTROLS = bytes((*range(9), *range(14, _ESCAPE), 127))  # what no text needs; 28 to 31 are white space
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_ASCII = bytes(range(128))
_STRAY_ZEROS = 0.01  # up to this share, zero bytes are dirt in a text
_WIDE_ZEROS = 0.02  # from this share on, on one side, they may be halves of UTF-16
_WIDE = ("utf-16-le", "utf-16-be")
_WIDE_STRANGE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\uf8ff\ufff0-\uffff]")
_SENTENCE_MARKS = " \n.,。，、"  # read the wrong way round, none of them is left

# Python knows codecs that are no charsets (`zlib`, `punycode`, ...): a page must not call them.
_NOT_CHARSETS = frozenset(("idna", "punycode", "raw-unicode-escape", "raw_unicode_escape", "unicode-escape"))
_NOT_CHARSETS |= frozenset(("unicode_escape", "undefined", "mbcs", "oem", "utf-7"))
_LATIN = frozenset(
    (
        *("cp1252", "cp1250", "cp1254", "cp1257", "iso8859-1", "iso8859-2", "iso8859-3", "iso8859-4"),
        *("iso8859-10", "iso8859-13", "iso8859-14", "iso8859-15", "iso8859-16", "mac-roman"),
    )
)
# Latin scripts put accents on single letters: words of nothing else are another script misnamed.
_FOREIGN_RUN = re.compile(rb"[\xa1-\xff]{5,}")
_FOREIGN_SHARE = 0.5
_FOREIGN_LEAST = 24
_BY_CHANCE = 8  # so many characters of a double-byte charset may be valid UTF-8 by chance
_TEXT_BETWEEN_TAGS = re.compile(rb"[^<>]+")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page as text, the charset it was read in and what named that charset."""

    text: str
    charset: str
    source: str
    utf8: bytes | None = field(default=None, repr=False, compare=False)  # the text encoded, where that is at hand


def decode(body: bytes, *, declared: str | None = None) -> Decoded:
    """Decode `body`, trying in turn its byte order mark, `declared`, its `<meta>`, UTF-8 and detection.

    Line ends come out as line feeds; zero bytes and other controls that no text needs are dropped.
    Raises `UndecodablePage` with reason `empty` or `binary`.
    """
    # A look at the beginning first: to strip a page is to copy it.
    if not body[:_HEAD].strip(_BLANK) and not body.strip(_BLANK):
        raise UndecodablePage(Reason.EMPTY, "the page has no text" if body else "the page has no bytes")
    form = binary_format(body)
    if form:
        raise UndecodablePage(Reason.BINARY, f"this is {form}")
    wide = _with_bom(body) or _without_bom(body)
    if wide:
        return wide
    body = _cleaned(body)
    named = _named(body, declared)
    text = _as_utf8(body)
    if text is None:
        return _by_name(body, named) or _detected(body)
    return _confirmed(body, text, named)


def _with_bom(body: bytes) -> Decoded | None:
    charset, bom = read_bom(body)
    if not charset or not bom:
        return None
    if charset == "utf-8":
        rest = _cleaned(body[len(bom) :])
        text = _as_utf8(rest)
        return None if text is None else _made(text, charset, "bom")
    text = body[len(bom) :].decode(charset, "replace")
    return _made(_unstrange(text), charset, "bom") if _is_wide_text(text) else None


def _without_bom(body: bytes) -> Decoded | None:
    """Read UTF-16 that does not say so: its ASCII has zero halves, and its sentences have points and spaces."""
    if b"\x00" not in body:
        return None
    probe = body[:_PROBE]
    zeros = max(probe[0::2].count(0), probe[1::2].count(0))
    controls = len(probe) - len(probe.translate(None, _CONTROLS))
    if zeros < _WIDE_ZEROS * len(probe) and controls < _MAX_CONTROL_SHARE * len(probe):
        return None
    marks, charset = max((_count_marks(probe.decode(charset, "replace")), charset) for charset in _WIDE)
    text = body.decode(charset, "replace") if marks else ""
    return _made(_unstrange(text), charset, "detected") if marks and _is_wide_text(text) else None


def _count_marks(text: str) -> int:
    return sum(map(text.count, _SENTENCE_MARKS))


def _is_wide_text(text: str) -> bool:
    probe = text[:_PROBE]
    return len(_WIDE_STRANGE.findall(probe)) <= 1 + _MAX_REPLACED_SHARE * len(probe)


def _unstrange(text: str) -> str:
    return text.translate(dict.fromkeys(_CONTROLS)) if any(chr(code) in text for code in _CONTROLS) else text


def _cleaned(body: bytes) -> bytes:
    """Return `body` without needless controls and with line feeds for line ends; too many controls are no text."""
    if any(code in body for code in _CONTROLS):
        body = body.rstrip(b"\x00")  # a file system's padding
        clean = body.translate(None, _CONTROLS)
        zeros = body.count(0)
        if zeros > _FEW + _STRAY_ZEROS * len(body):
            raise UndecodablePage(Reason.BINARY, f"{zeros} zero bytes among {len(body)}: this is no text")
        if len(body) - len(clean) > _FEW + _MAX_CONTROL_SHARE * len(body):
            raise UndecodablePage(Reason.BINARY, f"{len(body) - len(clean)} control bytes among {len(body)}: no text")
        body = clean
    if b"\r" not in body:
        return body
    if _LONE_RETURN.search(body) is None:
        return body.replace(b"\r", b"")  # a third of the time that it takes to put something else in its place
    return body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _named(body: bytes, declared: str | None) -> list[tuple[str, str]]:
    """Return the charsets that `declared` and the markup name, each with its source, unknown ones left out."""
    found = []
    for label, source in ((declared, "declared"), (html_body_declared_encoding(body), "meta")):
        charset = _known(label) if label else None
        if charset and charset.startswith(("utf-16", "utf-32")):
            charset = "utf-8"  # what could be read is no UTF-16; the standard says so too
        if charset:
            found.append((charset, source))
    return found


def _known(label: str) -> str | None:
    try:
        charset = resolve_encoding(label.strip())
    except (UnicodeError, ValueError):  # a label with a zero byte
        return None
    if not charset or charset in _NOT_CHARSETS:
        return None
    try:
        b"a".decode(charset, "ignore")
    except (LookupError, UnicodeError):
        return None
    return charset


def _as_utf8(body: bytes) -> str | None:
    """Read `body` as UTF-8 with some broken bytes at most, else None."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":  # cut in the middle of a character
            return body.decode("utf-8", "replace")
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd") - body.count(b"\xef\xbf\xbd")
    beyond_ascii = len(text) - len(body) + len(body.translate(None, _ASCII))
    return text if beyond_ascii >= 2 * broken else None


def _confirmed(body: bytes, text: str, named: list[tuple[str, str]]) -> Decoded:
    """Name the charset of `body`, which reads well as UTF-8: that, but for the ASCII dress of another."""
    for charset, source in named:
        if charset == "utf-8":
            return _made(text, charset, source, body)
        if body.isascii() and _ESCAPE not in body and not charset.startswith("hz"):
            return _made(text, charset, source)
        if len(body.translate(None, _ASCII)) <= 2 * _BY_CHANCE and charset not in _LATIN:
            found = _tried(body, charset)
            if found is not None and (body.isascii() or _is_multi_byte(found, body)):
                return _made(found, charset, source)
    if body.isascii() and _JIS in body:
        return _made(_tried(body, "iso2022_jp") or text, "iso2022_jp", "detected")
    return _made(text, "utf-8", "utf8", body)


def _is_multi_byte(text: str, body: bytes) -> bool:
    return len(text) < len(body) and "\ufffd" not in text


def _by_name(body: bytes, named: list[tuple[str, str]]) -> Decoded | None:
    for charset, source in named:
        if charset == "utf-8" or (charset in _LATIN and _is_foreign(body)):
            continue
        text = _tried(body, charset)
        if text is not None:
            return _made(text, charset, source)
    return None


def _tried(body: bytes, charset: str) -> str | None:
    """Decode `body`; None when the outcome is no text, so that the charset must be wrong."""
    try:
        text = to_unicode(body, charset)
    except UnicodeError:
        return None
    probe = text[:_PROBE]
    return text if probe.count("\ufffd") <= _MAX_REPLACED_SHARE * len(probe) else None


def _is_foreign(body: bytes) -> bool:
    high = len(body.translate(None, _ASCII))
    in_runs = sum(map(len, _FOREIGN_RUN.findall(body)))
    return high >= _FOREIGN_LEAST and in_runs >= _FOREIGN_SHARE * high


def _detected(body: bytes) -> Decoded:
    import chardet  # noqa: PLC0415  (most pages declare their charset or are UTF-8)

    eras = chardet.EncodingEra.MODERN_WEB  # with all of them, three curly quotes become a Macintosh's Czech
    guess = chardet.detect(_telling(body), encoding_era=eras, prefer_superset=True)["encoding"]
    for label in (guess, "windows-1252"):
        charset = _known(label) if label else None
        text = _tried(body, charset) if charset else None
        if charset and text is not None:
            return _made(text, charset, "detected")
    raise UndecodablePage(Reason.BINARY, f"no charset makes text of it (best guess: {guess or 'none'})")


def _telling(body: bytes) -> bytes:
    """Return the first pieces between tags that are not ASCII: markup tells a detector nothing."""
    pieces: list[bytes] = []
    size = 0
    for match in _TEXT_BETWEEN_TAGS.finditer(body):
        piece = match[0]
        if not piece.isascii():
            pieces.append(piece)
            size += len(piece)
            if size > _DETECT_BYTES:
                break
    return b"\n".join(pieces)[:_DETECT_BYTES]


def _made(text: str, charset: str, source: str, utf8: bytes | None = None) -> Decoded:
    """`utf8` is what `text` was read from, if that is UTF-8 with line feeds for line ends."""
    if utf8 is None and "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith("\ufeff"):
        text, utf8 = text.lstrip("\ufeff"), None
    is_same = utf8 is not None and "\ufffd" not in text
    return Decoded(text, codecs.lookup(charset).name, source, utf8 if is_same else None)
