"""What records look like: WARC, and ARC, which was there before.

WARC/1.1                                       http://example.com/ 192.0.2.1 20140216050221 text/html 1591
WARC-Type: response                            HTTP/1.1 200 OK
Content-Length: 1591                           ...

HTTP/1.1 200 OK
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Protocol

from newsclean.sources.warc.record_bytes import Cut

if TYPE_CHECKING:
    from newsclean.sources.warc.record_bytes import Unit

__all__ = ["ARC", "WARC", "Dialect", "dialect_of", "read_headers"]

_WARC: Final = b"WARC/"
_LINE_BYTES: Final = 1 << 16
_ARC_HEAD: Final = rb"[A-Za-z][A-Za-z0-9+.-]*:[^\r\n]* [0-9A-Fa-f.:]+ \d{8,17} [^\r\n]* -?\d+"
_ARC_OPENING: Final = re.compile(_ARC_HEAD + rb"\r?\n")
_ARC_FIELDS: Final = re.compile(
    r"(?P<url>\S+:.*?) (?P<address>[0-9A-Fa-f.:]+) (?P<date>\d{8,17}) (?P<type>\S*)(?: .*)? (?P<length>\d+)", re.DOTALL
)
_STAMP_DIGITS: Final = 14
_DAY_DIGITS: Final = 8


class Dialect(Protocol):
    """How the records of an archive are told and read; `record` finds where one begins in the midst of bytes."""

    record: re.Pattern[bytes]

    def opens(self, unit: Unit) -> bool:
        """Tell whether a record comes next."""

    def take_head(self, unit: Unit) -> bytes:
        """Return a record's head and go behind it; raises Cut."""

    def headers(self, head: bytes) -> dict[str, str]:
        """Return what a head says, under the names that it has in a WARC, in lower case."""


class _Warc:
    record: re.Pattern[bytes] = re.compile(rb"WARC/\d\.\d\d?\r{0,2}\n[A-Za-z-]+:")

    def opens(self, unit: Unit) -> bool:
        return unit.peek(len(_WARC)) == _WARC

    def take_head(self, unit: Unit) -> bytes:
        return unit.take_head()

    def headers(self, head: bytes) -> dict[str, str]:
        return read_headers(head)


class _Arc:
    record: re.Pattern[bytes] = re.compile(rb"(?<=\n)" + _ARC_HEAD + rb"\r?\n")
    _head: re.Pattern[bytes] = re.compile(_ARC_HEAD + rb"\r?\Z")

    def opens(self, unit: Unit) -> bool:
        line, end, _ = unit.peek(_LINE_BYTES).partition(b"\n")
        return bool(end) and self._head.match(line) is not None

    def take_head(self, unit: Unit) -> bytes:
        return unit.take_line(_LINE_BYTES)

    def headers(self, head: bytes) -> dict[str, str]:
        found = _ARC_FIELDS.fullmatch(head.decode("utf-8", "replace"))
        if found is None:
            raise Cut("the record's head does not say how long it is")
        url = found["url"]
        kind = "warcinfo" if url.startswith("filedesc:") else "response"
        return {
            "warc-type": kind,
            "warc-target-uri": url,
            "warc-date": _moment(found["date"]),
            "content-type": found["type"],
            "content-length": found["length"],
        }


WARC: Final[Dialect] = _Warc()
ARC: Final[Dialect] = _Arc()


def dialect_of(head: bytes) -> Dialect | None:
    """Return the dialect of an archive that begins with `head` (unpacked), None for what is none."""
    if head.startswith(_WARC) and head[len(_WARC) : len(_WARC) + 1].isdigit():
        return WARC
    if head.startswith(b"filedesc://") and _ARC_OPENING.match(head):
        return ARC
    return None


def read_headers(lines: bytes) -> dict[str, str]:
    """Return `Name: value` lines by name in lower case, the first of each; folded lines are joined."""
    headers: dict[str, str] = {}
    name = ""
    for line in lines.decode("utf-8", "replace").split("\n"):
        if line.startswith((" ", "\t")) and name:
            headers[name] = f"{headers[name]} {line.strip()}".strip()
            continue
        key, colon, value = line.partition(":")
        name = key.strip().lower() if colon else ""
        if name:
            headers.setdefault(name, value.strip())
    return headers


def _moment(digits: str) -> str:
    """Return an ARC's date (year to second, or to day, without signs between) in ISO 8601; it is UTC."""
    day, time = digits[:_DAY_DIGITS], digits[_DAY_DIGITS:_STAMP_DIGITS].ljust(6, "0")
    return f"{day[:4]}-{day[4:6]}-{day[6:]}T{time[:2]}:{time[2:4]}:{time[4:]}Z"
