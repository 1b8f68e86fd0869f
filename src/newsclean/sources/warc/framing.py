"""From a WARC or ARC file to its records, one after the other, and past whatever is broken between them.

    plain:   record record ...                  a break ends where the next record begins
    packed:  member(record) member(record) ...  a break ends where the next member begins with a record

A reader that trusts its library for gzip ends silently at the first break. Here every byte of the
file belongs to a record, is a line end or a zero between two, or is `Damage`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from newsclean.sources.warc.dialects import WARC, dialect_of
from newsclean.sources.warc.record_bytes import MAGIC, Cut, Member, PlainBytes, Unit, first_bytes, zstd_dictionary

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Generator, Iterator, Mapping

    from newsclean.sources.warc.dialects import Dialect
    from newsclean.sources.warc.record_bytes import ByteWindow

__all__ = ["Damage", "Record", "frames"]

_OPENING_BYTES: Final = 1 << 16
_PROBE_BYTES: Final = 1 << 10
_HEAD_PROBE_BYTES: Final = 1 << 9
_BORDER_BYTES: Final = 64
_MAGIC_BYTES: Final = 4
_SEARCH_BYTES: Final = 1 << 20
_NO_HEADERS: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record: its headers (names in lower case), its block, and where it lies.

    `offset` is that of the record, or of the gzip member that it begins; further records of one
    member count on from it. `entry` is where reading has to begin to come by it. Where `is_whole` is
    False the block was too large, and only its beginning is here; `size_bytes` is what it has.
    """

    offset: int
    entry: int
    headers: Mapping[str, str]
    block: bytes = field(repr=False)
    size_bytes: int
    is_whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """Bytes `start` to `end` (exclusive) of the file hold a record that cannot be read, or none at all.

    `offset` is the place by which it is known: no record has the same. `headers` are those of the
    record, as far as they could be read.
    """

    offset: int
    start: int
    end: int
    cause: str
    headers: Mapping[str, str]


def frames(
    window: ByteWindow, *, max_block: int, start: int = 0, is_packed: bool | None = None
) -> Iterator[Record | Damage | None]:
    """Yield the records of a file and what is damaged in it, in order; of blocks above `max_block` bytes a beginning.

    `start` is where a record, or the gzip member that holds it, begins. `is_packed` is asked of the file's first
    bytes where it is not said. None is a sign of life from the midst
    of a large record or a long break.
    """
    dialect = dialect_of(first_bytes(window, _HEAD_PROBE_BYTES)) or WARC
    try:
        window.dictionary, begin = zstd_dictionary(window)
    except Cut:
        begin = 0
    reader = _Reader(window, dialect, max_block)
    if is_packed is None:
        is_packed = MAGIC.match(window.bytes_at(begin, _MAGIC_BYTES)) is not None
    return reader.members(max(start, begin)) if is_packed else reader.plain(start)


class _Reader:
    """Reads one file; what it is at (`_start`, `_offset`, `_headers`) outlives the record that breaks."""

    def __init__(self, window: ByteWindow, dialect: Dialect, max_block: int) -> None:
        self._window = window
        self._dialect = dialect
        self._max_block = max_block
        self._offset = 0
        self._start = 0
        self._headers = _NO_HEADERS

    def plain(self, at: int) -> Iterator[Record | Damage | None]:
        while True:
            unit = Unit(PlainBytes(self._window, at))
            try:
                yield from self._records(unit, at)
            except Cut as cut:
                at = yield from self._search(self._start + 1, self._record_in)
                yield self._damage(self._start, at, cut)
            else:
                return

    def members(self, at: int) -> Iterator[Record | Damage | None]:
        while self._window.piece(at):
            member = Member(self._window, at)
            self._start = self._offset = at
            self._headers = _NO_HEADERS
            try:
                yield from self._records(Unit(member), at, member)
                at = member.at
            except Cut as cut:
                begun = at
                at = yield from self._behind(member, at)
                yield self._damage(begun, at, cut)
            if self._window.bytes_at(at, 1) == b"\x00":  # padding
                at = yield from self._search(at, _no_zero)

    def _records(self, unit: Unit, at: int, member: Member | None = None) -> Iterator[Record | None]:
        """Yield the records of a unit that lies at `at`; raises Cut at the first that cannot be read."""
        count = 0
        opens, record_in = self._dialect.opens, self._dialect.record
        while unit.skip_line_ends():
            self._start = at if member else at + unit.position
            self._offset = at + count if member else self._start
            self._headers = _NO_HEADERS
            if member and count and self._offset >= member.at:
                raise Cut("more records than bytes in one gzip member")  # they could not be told apart
            if not opens(unit):
                raise Cut("no record begins here")
            head = self._dialect.take_head(unit)
            self._headers = self._dialect.headers(head)
            if record_in.search(head, 1):
                raise Cut("another record begins within its head")
            record = yield from self._record(unit, at if member else self._start)
            border = unit.peek(_BORDER_BYTES)
            if unit.skip_line_ends() and not opens(unit):
                if _holds_record(record_in, record.block, border):
                    raise Cut("its Content-Length does not fit: another record begins within it")
                if member:  # only behind the checksum, at the member's end, a record is sure
                    yield from unit.drain()
            yield record
            count += 1
            if unit.is_drained:
                self._offset, self._headers = at + count, _NO_HEADERS
                raise Cut("something that is no record follows one in its gzip member")

    def _record(self, unit: Unit, entry: int) -> Generator[None, None, Record]:
        length = self._headers.get("content-length", "")
        if not (length.isascii() and length.isdigit()):
            raise Cut("the record has no Content-Length")
        size = int(length[:18])
        is_whole = size <= self._max_block
        block = unit.take(size if is_whole else _OPENING_BYTES)
        missing = size - len(block)
        if not is_whole:
            missing = yield from unit.skip(missing)
        if missing:
            raise Cut(f"the record ends {missing:,} bytes too early")
        return Record(
            offset=self._offset,
            entry=entry,
            headers=self._headers,
            block=block,
            size_bytes=size,
            is_whole=is_whole,
        )

    def _damage(self, start: int, end: int, cut: Cut) -> Damage:
        return Damage(offset=self._offset, start=start, end=end, cause=str(cut), headers=self._headers)

    def _behind(self, member: Member, at: int) -> Generator[None, None, int]:
        """Return where a member ends whose content was at fault, or where the next one begins after a broken one."""
        try:
            while member.more():
                yield None
        except Cut:
            return (yield from self._search(at + 1, self._member_with_record))
        return member.at

    def _search(self, at: int, find: Callable[[bytes, int], int]) -> Generator[None, None, int]:
        """Return the first place from `at` on that `find` finds in the bytes there, else the end of the file."""
        while data := self._window.bytes_at(at, _SEARCH_BYTES):
            found = find(data, at)
            if found >= 0:
                return at + found
            # What is sought may lie across the border of two stretches.
            at += len(data) if len(data) < _SEARCH_BYTES else len(data) - _PROBE_BYTES
            yield None
        return at

    def _member_with_record(self, data: bytes, at: int) -> int:
        for match in MAGIC.finditer(data):
            if self._opens_member(at + match.start()):
                return match.start()
        return -1

    def _opens_member(self, at: int) -> bool:
        """Tell whether a member that opens a record begins at `at`."""
        probe = Unit(Member(self._window, at))
        try:
            return self._dialect.opens(probe)
        except Cut:
            return False

    def _record_in(self, data: bytes, _: int) -> int:
        match = self._dialect.record.search(data)
        return match.start() if match else -1


def _holds_record(record: re.Pattern[bytes], block: bytes, border: bytes) -> bool:
    """Tell whether a record begins within `block`, be it in its last bytes, with the rest in the `border` behind."""
    tail = block[-_BORDER_BYTES:]
    match = record.search(tail + border)
    return record.search(block) is not None or (match is not None and match.start() < len(tail))


def _no_zero(data: bytes, _: int) -> int:
    rest = data.lstrip(b"\x00")
    return len(data) - len(rest) if rest else -1
