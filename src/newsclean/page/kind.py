"""Tell what a page is by what it says, never by its file name: markup, a text dump, or no page at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from newsclean.model import PageKind

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["binary_format", "kind_of", "not_a_page"]

_HEAD_CHARS = 65_536
_HTML_NAMES = (
    "a|abbr|acronym|address|article|aside|b|base|big|blockquote|body|br|button|center|code|dd|del|details|dfn|div|dl|dt|em|"
    "embed|fieldset|figcaption|figure|font|footer|form|frameset|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|label|li|"
    "link|main|meta|nav|noscript|ol|option|p|picture|pre|script|section|select|small|span|strong|style|sub|summary|sup|"
    "table|tbody|td|template|tfoot|th|thead|time|title|tr|u|ul|video"
)
_TAG = re.compile(rf"</?(?:{_HTML_NAMES})(?:\s[^<>]*|/)?>", re.IGNORECASE)
_HTML_NAME = re.compile(rf"(?:{_HTML_NAMES})|[a-z][\w.]*-[\w.-]*", re.IGNORECASE)
_DOCUMENT_NAMES = frozenset(("html", "head", "body"))
_PROLOGUE = re.compile(r"[\s\ufeff]+|<!--.*?-->|<\?[^>]*>", re.DOTALL)
_OPENING = re.compile(r"<(!doctype\s+)?([a-z][\w:.-]*)", re.IGNORECASE)
# The share of lines with tags from which on a text is markup, with and without a tag to open it.
_SHARE_OPENED, _SHARE = 0.1, 0.3
_TAGS_OPENED, _TAGS = 2, 4

_XML_FORMATS = {
    "rss": "a feed",
    "feed": "a feed",
    "rdf:rdf": "a feed",
    "opml": "a list of feeds",
    "urlset": "a sitemap",
    "sitemapindex": "a sitemap",
    "svg": "a picture (SVG)",
}
_TEXT_FORMATS = {
    "%PDF-": "a PDF document",
    "%!PS": "a PostScript document",
    "{\\rtf": "a rich text document (RTF)",
    "WARC/": "a web archive (WARC)",
    "filedesc://": "a web archive (ARC)",
    "From: <Saved by": "a saved web page (MHTML)",
    "BEGIN:VCALENDAR": "a calendar",
    "#EXTM3U": "a playlist",
    "WEBVTT": "subtitles",
}
_BINARY_FORMATS = {
    b"%PDF-": "a PDF document",
    b"\x89PNG\r\n": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF87a": "a picture (GIF)",
    b"GIF89a": "a picture (GIF)",
    b"\x00\x00\x01\x00": "an icon",
    b"PK\x03\x04": "a ZIP archive (or an office document or a book, which are such)",
    b"PK\x05\x06": "an empty ZIP archive",
    b"\x1f\x8b": "gzip data within compressed data",
    b"\x28\xb5\x2f\xfd": "zstd data within compressed data",
    b"BZh": "a bzip2 file: unpack it first",
    b"\xfd7zXZ\x00": "an xz file: unpack it first",
    b"\x04\x22\x4d\x18": "an lz4 file: unpack it first",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"Rar!\x1a": "a RAR archive",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"\x7fELF": "a program",
    b"SQLite format 3\x00": "an SQLite database",
    b"PAR1": "a Parquet file",
    b"bplist00": "a property list or a Safari web archive",
    b"OggS": "sound or a film (Ogg)",
    b"ID3\x02": "sound (MP3)",
    b"ID3\x03": "sound (MP3)",
    b"ID3\x04": "sound (MP3)",
    b"wOFF": "a font",
    b"wOF2": "a font",
    b"\x00asm": "a program (WebAssembly)",
}
_RIFF_FORMATS = {b"WEBP": "a picture (WebP)", b"WAVE": "sound (WAV)", b"AVI ": "a film (AVI)"}
_ROBOTS = re.compile(r"user-agent\s*:", re.IGNORECASE)
_ROBOTS_LINES = 50


def kind_of(text: str) -> PageKind:
    """Return HTML for a document or a fragment of one, TEXT for everything else."""
    head = text[:_HEAD_CHARS]
    if "<" not in head:
        return PageKind.TEXT
    doctype, name = _opening(head)
    if doctype or name in _DOCUMENT_NAMES:
        return PageKind.HTML if name in _DOCUMENT_NAMES else PageKind.TEXT
    if name in _XML_FORMATS:
        return PageKind.TEXT
    opened = bool(name) and _HTML_NAME.fullmatch(name) is not None
    return PageKind.HTML if _tags_carry_the_text(head, opened=opened) else PageKind.TEXT


def not_a_page(text: str) -> str | None:
    """Return what `text` is (`a feed`, `JSON data`, ...) when it is a whole file of another trade, else None."""
    head = text[:_HEAD_CHARS].lstrip("\ufeff \t\n")
    for prefix, form in _TEXT_FORMATS.items():
        if head.startswith(prefix):
            return form
    if head.startswith(("{", "[")):
        return "JSON data" if _is_json(text) else None
    if head.startswith("<"):
        return _xml_format(head)
    return "rules for robots (robots.txt)" if _opens_as_robots(head) else None


def binary_format(body: bytes) -> str | None:
    """Return what the first bytes say of a file that is no text (`a PDF document`, ...), else None."""
    for magic, form in _BINARY_FORMATS.items():
        if body.startswith(magic):
            return form
    if body.startswith(b"RIFF"):
        return _RIFF_FORMATS.get(body[8:12])
    if body[257:262] == b"ustar":
        return "a TAR archive"
    return "a film (MP4)" if body[4:8] == b"ftyp" else None


def _opening(head: str) -> tuple[bool, str]:
    """Return whether the first tag is a doctype, and its name in lower case (empty: text comes first)."""
    at = 0
    while skipped := _PROLOGUE.match(head, at):
        at = skipped.end()
    match = _OPENING.match(head, at)
    return (bool(match[1]), match[2].lower()) if match else (False, "")


def _tags_carry_the_text(head: str, *, opened: bool) -> bool:
    """Tell whether tags stand on so many lines that `head` is markup, not a text that speaks of tags."""
    lines = tagged = tags = 0
    for line in head.split("\n"):
        if line and not line.isspace():
            lines += 1
            found = sum(1 for _ in _TAG.finditer(line)) if "<" in line else 0
            tags += found
            tagged += found > 0
    least, share = (_TAGS_OPENED, _SHARE_OPENED) if opened else (_TAGS, _SHARE)
    return tags >= least and tagged >= share * lines


def _xml_format(head: str) -> str | None:
    doctype, name = _opening(head)
    if name in _XML_FORMATS:
        return _XML_FORMATS[name]
    if name in _DOCUMENT_NAMES or not name or not head.startswith("<?xml"):
        return None
    return "XML data" if doctype or not _HTML_NAME.fullmatch(name) else None


def _is_json(text: str) -> bool:
    """Tell whether `text` is one JSON value, or lines of which the first two are each one."""
    if _parses(text):
        return True
    lines = [line for line, _ in zip(_filled_lines(text), range(2), strict=False)]
    return len(lines) > 1 and all(line.startswith(("{", "[")) and _parses(line) for line in lines)


def _parses(text: str) -> bool:
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return False
    return True


def _opens_as_robots(head: str) -> bool:
    for line, _ in zip(_filled_lines(head), range(_ROBOTS_LINES), strict=False):
        if not line.startswith("#"):
            return _ROBOTS.match(line) is not None
    return False


def _filled_lines(text: str) -> Iterator[str]:
    """Yield the lines that are not blank, outer space stripped, without splitting the whole text."""
    at = 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end].strip()
        if line:
            yield line
        at = end + 1
