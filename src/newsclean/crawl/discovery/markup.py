"""Elements out of a stream of XML that often is none.

Feeds and sitemaps in the wild have bare ampersands, undefined entities, zero bytes, wrong charsets
and missing ends, of which an XML parser dies, and a recovering one loses pieces of URLs. What is wanted
of them is a flat list of elements with some children, so that is what is read here: no entity is
expanded but characters, no DTD is heeded, nothing is held but the element at hand.
"""

from __future__ import annotations

import codecs
import html
import re
import zlib
from typing import TYPE_CHECKING, NamedTuple

from newsclean.errors import UndecodablePage
from newsclean.page.charset import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Child", "Element", "address", "children", "elements", "root_name", "text_chunks", "value"]

MAX_ELEMENT_CHARS = 1_000_000
MAX_CHILDREN = 1_000  # an element with more is no entry of a feed
MAX_BYTES = 256_000_000
_CHUNK = 1 << 16
_WHOLE = 1 << 20  # up to here a body is decoded at once, with detection
_GZIP = b"\x1f\x8b"
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});")
_SECTIONS = re.compile(r"<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<[^>]*>", re.DOTALL)
_ROOT = re.compile(
    r"(?><\?.*?\?>|<!--.*?-->|<![^>\[]*(?:\[.*?\]\s*)?>|[^<]+)*+<(?:[\w.-]+:)?([A-Za-z][\w.-]*)", re.DOTALL
)
_ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_CHILD = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    r"|<(?:(?P<prefix>[\w.-]+):)?(?P<name>[A-Za-z][\w.-]*)(?P<attributes>(?:\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)?)>",
    re.DOTALL,
)


class Child(NamedTuple):
    """A child of an element: names in lower case, attributes as written, and what is between its tags."""

    prefix: str
    name: str
    attributes: str
    inner: str

    def attribute(self, name: str) -> str | None:
        """Return the value of an attribute, characters decoded."""
        for key, double, single in _ATTRIBUTE.findall(self.attributes):
            if key.lower() == name:
                return _plain(double or single).strip()
        return None


Element = Child  # an element of the list is seen as a child of the document


def text_chunks(body: bytes, *, declared: str | None = None, max_bytes: int = MAX_BYTES) -> Iterator[str]:
    """Yield a body as text, unpacked if it is gzip, at most `max_bytes` of it; a torn end is left out.

    The charset is the byte order mark's, the declared one, UTF-8, or what is detected in a small body.
    """
    if body[:2] != _GZIP and len(body) <= _WHOLE:
        try:
            yield decode(body, declared=declared).text
        except UndecodablePage:
            return
        return
    chunks = _byte_chunks(body, max_bytes)
    first = next(chunks, b"")
    decoder = codecs.getincrementaldecoder(_codec(first, declared))(errors="replace")
    yield decoder.decode(first)
    for chunk in chunks:
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _codec(head: bytes, declared: str | None) -> str:
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    stated = _ENCODING.search(head[:1000])
    for label in (declared, stated[1].decode("ascii") if stated else None):
        try:
            codec = codecs.lookup(label) if label else None
        except LookupError:
            continue
        if codec and codec.name not in {"utf-16", "utf-32"}:  # these would have a byte order mark
            return codec.name
    return "utf-8"


def _byte_chunks(body: bytes, max_bytes: int) -> Iterator[bytes]:
    if body[:2] != _GZIP:
        view = memoryview(body)[:max_bytes]
        for start in range(0, len(view), _CHUNK):
            yield bytes(view[start : start + _CHUNK])
        return
    yield from _unpacked(body, max_bytes)


def _unpacked(body: bytes, max_bytes: int) -> Iterator[bytes]:
    """Unpack gzip, member by member, in pieces of bounded size."""
    room, rest = max_bytes, body
    while rest[:2] == _GZIP and room > 0:
        packed = zlib.decompressobj(wbits=31)
        while not packed.eof and room > 0:
            try:
                piece = packed.decompress(rest, min(_CHUNK, room))
            except zlib.error:
                return
            rest = packed.unconsumed_tail
            if not piece and not packed.eof:
                return
            room -= len(piece)
            yield piece
        rest = packed.unused_data


def root_name(head: str) -> str:
    """Return the local name of the first element in lower case, or the empty string for what is no markup."""
    match = _ROOT.match(head[:20_000])
    return match[1].lower() if match else ""


def elements(chunks: Iterator[str], names: tuple[str, ...]) -> Iterator[Element]:
    """Yield the elements with one of these local names, in order; those longer than a million characters are left out.

    An element without an end ends where the next one begins.
    """
    opening = re.compile(
        rf"<!--|<!\[CDATA\[|<(?:(?P<prefix>[\w.-]+):)?(?P<name>{'|'.join(names)})(?P<attributes>(?:\s[^<>]*)?)>",
        re.IGNORECASE,
    )
    endings = {name: _ending(name) for name in names}
    reader = _Reader(chunks)
    while match := reader.next_match(opening):
        if match["name"] is None:
            reader.skip_to("-->" if match[0] == "<!--" else "]]>")
            continue
        head = (match["prefix"] or "", match["name"].lower(), match["attributes"] or "")
        inner = reader.until(endings[head[1]]) if not head[2].endswith("/") else ""
        if inner is not None:
            yield Element(*head, inner)


def _ending(name: str) -> re.Pattern[str]:
    """Return what to look for within an element: CDATA and comments to step over, its end or the next one's start."""
    return re.compile(
        rf"(?P<over><!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z))|</(?:[\w.-]+:)?{name}\s*>|(?P<next><(?:[\w.-]+:)?{name}(?:\s[^<>]*)?>)",
        re.IGNORECASE | re.DOTALL,
    )


class _Reader:
    """A window on the stream: what is before `at` is used up, and dropped when more is read."""

    def __init__(self, chunks: Iterator[str]) -> None:
        self._chunks = chunks
        self._text = ""
        self._at = 0

    def _more(self) -> bool:
        chunk = next(self._chunks, None)
        if chunk is None:
            return False
        self._text = self._text[self._at :] + chunk
        self._at = 0
        return True

    def next_match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        while True:
            match = pattern.search(self._text, self._at)
            if match:
                self._at = match.end()
                return match
            self._at = max(
                self._at, self._text.rfind("<", self._at) if "<" in self._text[self._at :] else len(self._text)
            )
            if len(self._text) - self._at > MAX_ELEMENT_CHARS:
                self._at = len(self._text)
            if not self._more():
                return None

    def skip_to(self, end: str) -> None:
        while (found := self._text.find(end, self._at)) < 0:
            self._at = max(self._at, len(self._text) - len(end))
            if not self._more():
                self._at = len(self._text)
                return
        self._at = found + len(end)

    def until(self, ending: re.Pattern[str]) -> str | None:
        """Return the text before an element's end and go behind it; None where it is too long."""
        scanned = self._at
        while True:
            for match in ending.finditer(self._text, scanned):
                if match["over"] is None:
                    inner = self._text[self._at : match.start()]
                    self._at = match.start() if match["next"] else match.end()
                    return inner
            if len(self._text) - self._at > MAX_ELEMENT_CHARS:
                self._at = len(self._text)
                return None
            scanned = self._at
            if not self._more():
                # Torn: what follows the last tag may be half an address.
                inner = self._text[self._at : max(self._text.rfind("<"), self._at)]
                self._at = len(self._text)
                return inner
            scanned = self._at


def children(inner: str) -> Iterator[Child]:
    """Yield the children of an element in order; one without an end ends where the next tag begins."""
    at = 0
    for _ in range(MAX_CHILDREN):
        match = _CHILD.search(inner, at)
        if match is None:
            return
        at = match.end()
        if match["name"] is None:
            continue
        attributes = match["attributes"] or ""
        head = ((match["prefix"] or "").lower(), match["name"].lower(), attributes.rstrip("/"))
        if attributes.endswith("/"):
            yield Child(*head, "")
            continue
        end = _child_end(inner, at, match["prefix"], match["name"])
        yield Child(*head, inner[at : end[0]])
        at = end[1]


def _child_end(inner: str, at: int, prefix: str | None, name: str) -> tuple[int, int]:
    closing = f"</{prefix}:{name}" if prefix else f"</{name}"
    found = _outside_cdata(inner, closing, at)
    if found < 0:
        following = inner.find("<", at)
        end = following if following >= 0 else len(inner)
        return end, end
    close = inner.find(">", found)
    return found, close + 1 if close >= 0 else len(inner)


def _outside_cdata(inner: str, wanted: str, at: int) -> int:
    """Return where `wanted` stands outside of CDATA, -1 for nowhere."""
    while True:
        found = inner.find(wanted, at)
        section = inner.find("<![CDATA[", at)
        if found < 0 or section < 0 or found < section:
            return found
        end = inner.find("]]>", section)
        if end < 0:
            return -1
        at = end + 3


def _plain(text: str) -> str:
    """Decode characters written as entities, but only those with a semicolon: `&copy=1` is part of a URL."""
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text) if "&" in text else text


def value(inner: str) -> str:
    """Return the text of an element: CDATA as it stands, entities decoded, tags and comments left out."""
    if "<" not in inner:
        return _plain(inner).strip()
    parts: list[str] = []
    at = 0
    for match in _SECTIONS.finditer(inner):
        parts.append(_plain(inner[at : match.start()]))
        parts.append(match["cdata"] or "")
        at = match.end()
    parts.append(_plain(inner[at:]))
    return "".join(parts).strip()


def address(inner: str) -> str:
    """Return the URL that an element holds: no white space in it, and no ampersand escaped twice."""
    return "".join(value(inner).replace("&amp;", "&").split())
