"""From bytes to text: the byte order mark, the declared charset, the markup's own word, detection.

Labels follow the WHATWG Encoding Standard (`latin-1` means windows-1252, ...), by way of w3lib.
A declaration is believed only if what it gives looks like text: servers and templates lie.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding

from newsclean.errors import UndecodablePage
from newsclean.model import Reason

__all__ = ["Decoded", "decode"]

_MAX_REPLACED_SHARE = 0.01  # more U+FFFD than this: the declaration was wrong (measured on real pages)
_MAX_CONTROL_SHARE = 0.02
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SINGLE_BYTE = frozenset(
    (
        "cp1252",
        "cp1251",
        "cp1250",
        "cp1254",
        "cp1253",
        "cp1257",
        "iso8859-2",
        "iso8859-5",
        "iso8859-9",
        "iso8859-15",
        "koi8-r",
        "koi8-u",
        "latin1",
        "iso8859-1",
    )
)
_PROBE_CHARS = 200_000
_DETECT_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page as text, the charset it was read in and what named that charset."""

    text: str
    charset: str
    source: str


def decode(body: bytes, *, declared: str | None = None) -> Decoded:
    """Decode `body`, trying in turn its byte order mark, `declared`, its `<meta>`, UTF-8 and detection.

    Raises `UndecodablePage` with reason `empty` or `binary`.
    """
    if not body.strip():
        raise UndecodablePage(Reason.EMPTY, "the page has no text" if body else "the page has no bytes")
    bom_charset, bom = read_bom(body)
    if bom_charset and bom:
        return _made(body[len(bom) :], bom_charset, "bom")
    if b"\x00" in body[:4096]:
        raise UndecodablePage(Reason.BINARY, "zero bytes in the first 4 KiB: this is no text")
    for label, source in ((declared, "declared"), (html_body_declared_encoding(body), "meta")):
        charset = resolve_encoding(label) if label else None
        if charset:
            # Text that is valid UTF-8 with multi-byte characters was written in UTF-8: by chance it hardly happens.
            if charset in _SINGLE_BYTE and _is_utf8(body):
                break
            found = _made(body, charset, source)
            if _is_sensible(found.text):
                return found
    try:
        return Decoded(_plain(body.decode("utf-8")), "utf-8", "utf8")
    except UnicodeDecodeError:
        return _detected(body)


def _is_utf8(body: bytes) -> bool:
    if body.isascii():
        return False
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _made(body: bytes, charset: str, source: str) -> Decoded:
    return Decoded(_plain(codecs.decode(body, charset, "replace")), charset, source)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _is_sensible(text: str) -> bool:
    probe = text[:_PROBE_CHARS]
    allowed = len(probe) * _MAX_REPLACED_SHARE
    if probe.count("\ufffd") > allowed:
        return False
    return len(_CONTROL.findall(probe)) <= len(probe) * _MAX_CONTROL_SHARE


def _detected(body: bytes) -> Decoded:
    import chardet  # noqa: PLC0415  (most pages declare their charset or are UTF-8)

    guess = chardet.detect(body[:_DETECT_BYTES])["encoding"]
    charset = resolve_encoding(guess) if guess else None
    found = _made(body, charset or "utf-8", "detected")
    if not _is_sensible(found.text):
        raise UndecodablePage(Reason.BINARY, f"no charset makes text of it (best guess: {guess or 'none'})")
    return found
